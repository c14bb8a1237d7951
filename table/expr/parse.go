// Package expr computes columns from columns: the expressions of calculated fields and measures.
//
// An expression is parsed, checked against the types of a schema, and compiled to work on the columns of a chunk: each
// operation goes over all rows of the chunk before the next begins. The empty cell makes every result empty, save where
// an operation is about it: if, coalesce, and, or, and the comparison with null. What has no answer is empty too: a
// division by zero, a whole number beyond 64 bits.
//
// The package is the door to the library that parses; nothing else of it is used.
package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// Error is a fault in an expression.
type Error struct {
	Column  int    // 1-based, in characters of the expression
	Message string // one sentence: what is wrong
	Hint    string // one sentence: what to write instead; empty: nothing is known
	Word    string // a name that is not known; empty: that is not the fault
	Allowed []string
}

func (e *Error) Error() string {
	text := fmt.Sprintf("column %d: %s", e.Column, e.Message)
	if e.Hint != "" {
		text += " " + e.Hint
	}
	return text
}

// mostCharacters bounds an expression: a person's stays far below, and a parser recurses.
const mostCharacters = 4000

// mostNodes bounds the parts of an expression.
const mostNodes = 1000

// parse reads an expression.
func parse(text string) (ast.Node, error) {
	if n := utf8.RuneCountInString(text); n > mostCharacters || !utf8.ValidString(text) {
		return nil, &Error{Column: 1, Message: fmt.Sprintf("An expression is UTF-8 text of at most %d characters.", mostCharacters)}
	}
	if strings.TrimSpace(text) == "" {
		return nil, &Error{Column: 1, Message: "There is nothing to compute."}
	}
	if at := tooDeep(text); at > 0 {
		return nil, &Error{Column: at, Message: "This is nested too deeply to be meant."}
	}
	c := conf.CreateNew()
	c.MaxNodes = mostNodes
	c.DisableIfOperator = true // if(c, a, b) is a function here
	for name := range c.Builtins {
		c.Disabled[name] = true
	}
	// Functions that the library parses in a manner of its own are parsed as others are.
	for _, name := range []string{"all", "none", "any", "one", "filter", "map", "count", "sum", "find", "findIndex", "findLast", "findLastIndex", "groupBy", "sortBy", "reduce"} {
		c.Functions[name] = &builtin.Function{Name: name}
	}
	tree, err := parser.ParseWithConfig(wordsAsFunctions(text), c)
	if err != nil {
		e := &Error{Column: 1, Message: "This cannot be read as an expression."}
		var at *file.Error
		if errors.As(err, &at) {
			e.Column = at.From + 1
			e.Message = fmt.Sprintf("This cannot be read as an expression: %s.", strings.TrimSuffix(at.Message, "."))
		}
		switch {
		case strings.Contains(e.Message, `Operator("=")`):
			e.Message, e.Hint = "A single = compares nothing.", "Write \"==\"."
		case strings.Contains(e.Message, `Operator(">")`) && strings.Contains(text, "<>"):
			e.Message, e.Hint = "<> is not known here.", "Write \"!=\"."
		}
		return nil, e
	}
	return tree.Node, nil
}

// tooDeep returns the 1-based place of the bracket or sign from which on an expression nests beyond all reason.
func tooDeep(text string) int {
	depth, signs, at := 0, 0, 0
	for _, r := range text {
		at++
		switch {
		case strings.ContainsRune("([{?", r):
			depth++
		case strings.ContainsRune(")]}", r):
			depth = max(0, depth-1)
		}
		if strings.ContainsRune("-+!^", r) {
			signs++
		} else if r != ' ' {
			signs = 0
		}
		if depth > 50 || signs > 50 {
			return at
		}
	}
	return 0
}

// words are operators of the library that are functions here too.
var words = []string{"contains", "matches"}

// wordsAsFunctions writes a word that stands where a value is expected, as in contains(name, "x"), as a name that is no
// operator: its first letter becomes a capital, so that no place moves.
func wordsAsFunctions(text string) string {
	out := []rune(text)
	value := false // what came before ends a value
	for i := 0; i < len(out); {
		r := out[i]
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			i++
		case r == '"' || r == '\'' || r == '`':
			for i++; i < len(out) && out[i] != r; i++ {
				if out[i] == '\\' && r != '`' {
					i++
				}
			}
			i++
			value = true
		case letter(r):
			begin := i
			for i < len(out) && (letter(out[i]) || out[i] >= '0' && out[i] <= '9') {
				i++
			}
			word := string(out[begin:i])
			if !value && slices.Contains(words, word) && next(out[i:]) == '(' {
				out[begin] -= 'a' - 'A'
			}
			value = !slices.Contains([]string{"and", "or", "not", "in", "contains", "matches", "startsWith", "endsWith"}, word)
		default:
			value = r == ')' || r == ']' || r >= '0' && r <= '9'
			i++
		}
	}
	return string(out)
}

func letter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '$' || r > 127
}

// next returns the first rune that is no space.
func next(rest []rune) rune {
	for _, r := range rest {
		if r != ' ' && r != '\t' {
			return r
		}
	}
	return 0
}

// suggest says which of the names was probably meant.
func suggest(word string, names []string) string {
	best, distance := "", len([]rune(word))/3+2
	for _, n := range names {
		if d := edits(strings.ToLower(word), strings.ToLower(n)); d < distance {
			best, distance = n, d
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf("Did you mean %q?", best)
	case len(names) == 0 || len(names) > 20:
		return ""
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return "There are " + strings.Join(quoted, ", ") + "."
}

// edits returns how many letters must be put in, taken out or changed to make one word of the other (Levenshtein).
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

// With returns the error with other names allowed in the place of its word.
func (e *Error) With(names []string) *Error {
	other := *e
	other.Allowed, other.Hint = names, suggest(e.Word, names)
	return &other
}
