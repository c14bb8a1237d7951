package manifest

import (
	"fmt"
	"slices"
	"strings"
)

// Write puts a dashboard into the text of a dashira.yaml, in place of the one of that name or behind the last one, and
// returns the new text. Everything else stays as it is to the letter, comments too. A text that cannot be changed
// without risk to what else stands in it is a problem.
func Write(text []byte, slug string, s Spec) ([]byte, []Problem) {
	block, err := s.text(slug)
	if err != nil {
		return nil, []Problem{{Message: fmt.Sprintf("This dashboard cannot be written down: %v.", err)}}
	}
	return splice(text, slug, block)
}

// Remove takes a dashboard out of the text of a dashira.yaml; what else stands in it stays. It changes nothing where
// the dashboard is not there.
func Remove(text []byte, slug string) ([]byte, []Problem) { return splice(text, slug, "") }

// text writes a dashboard as an entry of "dashboards:".
func (s Spec) text(slug string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s:\n", quote(slug))
	if s.Title != "" {
		fmt.Fprintf(&b, "    title: %s\n", quote(s.Title))
	}
	fmt.Fprintf(&b, "    table: %s\n", quote(s.Table))
	s.Opening.text(&b)
	offersText(&b, s.Filters)
	annotationsText(&b, s.Annotations)
	if len(s.Rows) > 0 {
		b.WriteString("    rows:\n")
	}
	for _, row := range s.Rows {
		lead := "      - "
		if row.Height != "" {
			fmt.Fprintf(&b, "%sheight: %s\n", lead, quote(row.Height))
			lead = "        "
		}
		fmt.Fprintf(&b, "%sitems:\n", lead)
		for _, item := range row.Items {
			text, err := item.text()
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "          - %s\n", text)
		}
	}
	return b.String(), nil
}

// splice replaces the entry of a dashboard by a block, which is indented by two. The result is read again and compared
// with what was there: only that entry may differ.
func splice(text []byte, slug, block string) ([]byte, []Problem) {
	p := &problems{}
	root := document(text, p)
	if len(p.all) > 0 {
		return nil, p.all
	}
	by := problem("This file is laid out in a way that only a person can change.", "Write \"dashboards:\" on a line of its own, and each dashboard below it.")
	lines := strings.SplitAfter(string(text), "\n")
	if n := len(lines); lines[n-1] == "" {
		lines = lines[:n-1]
	} else {
		lines[n-1] += "\n"
	}
	from, to, before := len(lines), len(lines), ""
	switch dashboards := root.pair("dashboards"); {
	case root == nil && block != "":
		if !strings.Contains(string(text), "version:") {
			before = "version: 1\n\n"
		}
		before += "dashboards:\n"
	case root == nil || dashboards == nil && block == "":
		return text, nil
	case root.kind != mapping:
		return nil, by
	case dashboards == nil:
		before = "\ndashboards:\n"
	case !bare(lines, dashboards.key):
		return nil, by
	case dashboards.value.kind == nothing:
		from = dashboards.key.line
		to = from
	case dashboards.value.kind != mapping:
		return nil, by
	default:
		entries := dashboards.value.pairs
		i := slices.IndexFunc(entries, func(e pair) bool { return e.key.text == slug })
		if i < 0 && block == "" {
			return text, nil
		}
		at := entries[max(i, 0)].key
		if i < 0 {
			at = entries[len(entries)-1].key
		}
		if at.column < 2 || at.line > len(lines) {
			return nil, by
		}
		from, to = at.line-1, end(lines, at)
		if i < 0 {
			from = to
		}
		block = indent(block, at.column-1)
	}
	next := strings.Join(lines[:from], "") + before + block + strings.Join(lines[to:], "")
	if !sameBut(root, document([]byte(next), p), slug) || len(p.all) > 0 {
		return nil, by
	}
	return []byte(next), nil
}

func problem(message, hint string) []Problem { return []Problem{{Message: message, Hint: hint}} }

// pair returns the entry of a key, nil where there is none.
func (n *node) pair(key string) *pair {
	if n == nil {
		return nil
	}
	for i := range n.pairs {
		if n.pairs[i].key.text == key {
			return &n.pairs[i]
		}
	}
	return nil
}

// bare says whether nothing but a comment follows a key on its line.
func bare(lines []string, key *node) bool {
	if key.line < 1 || key.line > len(lines) || key.column != 1 {
		return false
	}
	_, rest, ok := strings.Cut(lines[key.line-1], ":")
	rest = strings.TrimSpace(rest)
	return ok && (rest == "" || strings.HasPrefix(rest, "#"))
}

// end returns the number of lines up to the end of an entry: what is indented more than its key. Blank lines and
// comments behind it belong to what follows.
func end(lines []string, key *node) int {
	last := key.line
	for i := key.line; i < len(lines); i++ {
		content := strings.TrimLeft(lines[i], " ")
		bareLine := strings.TrimSpace(content)
		if bareLine == "" || bareLine[0] == '#' {
			continue
		}
		if len(lines[i])-len(content) < key.column {
			break
		}
		last = i + 1
	}
	return last
}

// indent shifts a block that is indented by two to another depth.
func indent(block string, depth int) string {
	var b strings.Builder
	for line := range strings.Lines(block) {
		b.WriteString(strings.Repeat(" ", depth) + strings.TrimPrefix(line, "  "))
	}
	return b.String()
}

// sameBut says whether two documents are the same but for one dashboard.
func sameBut(a, b *node, slug string) bool {
	strip := func(n *node) (rest, dashboards []pair) {
		if n == nil {
			return nil, nil
		}
		for _, p := range n.pairs {
			switch {
			case p.key.text == "dashboards":
				for _, d := range p.value.pairs {
					if d.key.text != slug {
						dashboards = append(dashboards, d)
					}
				}
			case p.key.text != "version" || p.value.text != "1":
				rest = append(rest, p)
			}
		}
		return rest, dashboards
	}
	restA, dashboardsA := strip(a)
	restB, dashboardsB := strip(b)
	return slices.EqualFunc(restA, restB, samePair) && slices.EqualFunc(dashboardsA, dashboardsB, samePair)
}

func samePair(a, b pair) bool { return sameNode(a.key, b.key) && sameNode(a.value, b.value) }

// sameNode says whether two values are the same wherever they stand.
func sameNode(a, b *node) bool {
	return a.kind == b.kind && a.text == b.text && slices.EqualFunc(a.pairs, b.pairs, samePair) && slices.EqualFunc(a.items, b.items, sameNode)
}
