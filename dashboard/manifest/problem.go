package manifest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing in a dashira.yaml that cannot be meant, with its place. The last good dashboards stay while
// there is one.
type Problem struct {
	Line    int    // 1-based; 0: of the whole file
	Column  int    // 1-based, in characters
	Path    string // "dashboards.sales.rows[0].items[1].y"
	Message string // one sentence: what is wrong
	Hint    string // one sentence: what to write instead; empty: nothing is known
}

// Error returns place, message and hint in one line.
func (p Problem) Error() string {
	text := p.Message
	if p.Line > 0 {
		text = fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, text)
	}
	if p.Hint != "" {
		text += " " + p.Hint
	}
	return text
}

// Compare orders problems by their place, then by their message.
func (p Problem) Compare(q Problem) int {
	return cmp.Or(p.Line-q.Line, p.Column-q.Column, strings.Compare(p.Message, q.Message))
}

// problems collects what is wrong, in the order of reading.
type problems struct{ all []Problem }

// most problems that are reported of one file; a reader mends the first and looks again.
const mostProblems = 50

func (p *problems) at(n *node, message, hint string) {
	if len(p.all) < mostProblems {
		p.all = append(p.all, Problem{Line: n.line, Column: n.column, Path: n.path, Message: message, Hint: hint})
	}
}

// unknown reports a word that is none of those allowed, with the nearest of them.
func (p *problems) unknown(n *node, word, what string, allowed []string) {
	p.at(n, fmt.Sprintf("%q is not %s.", word, what), suggest(word, allowed))
}

// suggest names the allowed word that is nearest to a mistyped one, and else all of them where they are few.
func suggest(word string, allowed []string) string {
	best, distance := "", len([]rune(word))/3+2
	for _, a := range allowed {
		d := edits(strings.ToLower(word), strings.ToLower(a))
		if len(word) >= 3 && strings.HasPrefix(strings.ToLower(a), strings.ToLower(word)) {
			d = min(d, 1) // half of a name is nearer to it than another name of its length
		}
		if d < distance {
			best, distance = a, d
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf("Did you mean %q?", best)
	case len(allowed) == 0:
		return ""
	case len(allowed) > 20:
		return fmt.Sprintf("There are %d, from %q to %q.", len(allowed), allowed[0], allowed[len(allowed)-1])
	}
	quoted := make([]string, len(allowed))
	for i, a := range allowed {
		quoted[i] = fmt.Sprintf("%q", a)
	}
	return "Allowed: " + strings.Join(quoted, ", ") + "."
}

// edits returns how many letters must be put in, taken out, changed or swapped with their neighbour to make one word
// of the other (optimal string alignment). Words beyond sixty letters are as far apart as they are long.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 60 || len(y) > 60 {
		if a == b {
			return 0
		}
		return max(len(x), len(y))
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

// sorted returns the keys of a set in order.
func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
