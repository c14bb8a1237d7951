package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// alongNames are the words of the measures that are made along the axis of a chart: running(sum(amount)),
// moving(revenue, 7), difference(revenue), change(revenue, year), share(revenue).
var alongNames = map[string]view.Aggregate{
	"running": view.Running, "moving": view.MovingMean, "difference": view.Difference, "change": view.Change, "share": view.Share,
}

// along reads a measure that goes along another one; ok is false where the text is none of these.
func (s *subject) along(n *node, p *problems) (m scored, made, ok bool) {
	open := strings.IndexByte(n.text, '(')
	if open < 0 || !strings.HasSuffix(n.text, ")") {
		return scored{}, false, false
	}
	word := strings.TrimSpace(n.text[:open])
	op, known := alongNames[word]
	if !known {
		return scored{}, false, false
	}
	inside, option := splitOption(n.text[open+1 : len(n.text)-1])
	of := *n
	of.text = strings.TrimSpace(inside)
	if of.text == "" {
		p.at(n, fmt.Sprintf("%s() needs a measure to go along.", word), fmt.Sprintf("Write %q, for example.", word+"(count())"))
		return scored{}, false, true
	}
	base, ok := s.measure(&of, p)
	if !ok {
		return scored{}, false, true
	}
	m = scored{column: -1, why: because("along")}
	m.Op, m.Of = op, &base
	switch {
	case base.Of != nil:
		p.at(n, fmt.Sprintf("%s goes along another measure itself.", base.Label), "Name the measure that it is made of.")
		return scored{}, false, true
	case base.Entity != "":
		p.at(n, fmt.Sprintf("%s adds up the last values of several things, and nothing can go along it.", base.Label), "Take a sum or a mean instead.")
		return scored{}, false, true
	}
	if !m.option(option) {
		p.at(n, fmt.Sprintf("%q is not how far %s looks.", option, word), alongHint(op))
		return scored{}, false, true
	}
	m.Text = word + "(" + textOf(base) + optionText(&m.Measure) + ")"
	m.Unit, m.Format, m.Lower = base.Unit, base.Format, base.Lower
	term := base.Term()
	m.say(Term{Word: word, Of: &term, Window: m.Window, Year: m.Year})
	if op == view.Share || op == view.Change {
		m.Unit, m.Format = "percent", "percent"
	} else if op == view.MovingMean && m.Format == "integer" {
		m.Format = "decimal(1)"
	}
	m.Name, m.Noun = m.Label, within(m.Label)
	return m, true, true
}

// option reads what stands behind the measure: so many buckets, or year.
func (m *Measure) option(text string) bool {
	switch m.Op {
	case view.MovingMean:
		m.Window = 7
	case view.Difference, view.Change:
		m.Window = 1
	}
	if text == "" {
		return true
	}
	if text == "year" && (m.Op == view.Difference || m.Op == view.Change) {
		m.Window, m.Year = 0, true
		return true
	}
	n, err := strconv.Atoi(text)
	if err != nil || m.Window == 0 || n < 1 || n > 1000 {
		return false
	}
	m.Window = n
	return true
}

func optionText(m *Measure) string {
	switch {
	case m.Year:
		return ", year"
	case m.Window > 0:
		return ", " + strconv.Itoa(m.Window)
	}
	return ""
}

func alongHint(op view.Aggregate) string {
	switch op {
	case view.MovingMean:
		return "Write moving(revenue, 7) for the mean of seven buckets; from 1 to 1000."
	case view.Difference, view.Change:
		return "Write difference(revenue, 1) for the bucket before, or difference(revenue, year)."
	}
	return "It takes a measure and nothing else."
}

// splitOption parts the measure from what stands behind the last comma that is in no parentheses and no quotes.
func splitOption(inside string) (measure, option string) {
	depth, quoted, at := 0, false, -1
	for i, r := range inside {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			at = i
		}
	}
	if at < 0 {
		return inside, ""
	}
	return inside[:at], strings.TrimSpace(inside[at+1:])
}

// goesAlong checks that a measure which goes along another one stands on a panel that has something to go along.
func (s *subject) goesAlong(panel *Panel, item itemSpec, p *problems) {
	for _, m := range []*Measure{&panel.Measure, &panel.Line} {
		if m.Of == nil {
			continue
		}
		at := item.at
		for _, key := range []string{"y", "line", "x", "color"} { // wherever the mark has its measure
			if n := item.keys[key]; n != nil && s.says(n, m) {
				at = n
				break
			}
		}
		axis := slices.Contains([]string{"line", "area", "column", "combo"}, panel.Mark)
		switch {
		case m.Op == view.Share && panel.Mark != "kpi":
		case !axis:
			p.at(at, fmt.Sprintf("%q has nothing to go along on the mark %q.", m.Text, panel.Mark), "It goes on lines, areas, columns and combos.")
		case panel.Dimension != "" && s.Profiles[s.index(panel.Dimension)].Field.Type.Textual():
			p.at(at, fmt.Sprintf("%q goes along an order, and %q has none.", m.Text, panel.Dimension), "Put the time axis or a number on x.")
		case m.Year && (panel.Dimension != "" || panel.Cyclic != view.NoGrain || !s.study.timed):
			p.at(at, fmt.Sprintf("%q looks a year back, for which x must be the time axis.", m.Text), "Take the time axis as x, or a number of buckets in place of year.")
		}
	}
}

// says whether a node is the text of a measure.
func (s *subject) says(n *node, m *Measure) bool {
	if named, ok := s.named[n.text]; ok {
		return named.Name == m.Name
	}
	written, ok := s.adhoc[n.text]
	return ok && written.Name == m.Name
}

// numeric says whether the table has a column of numbers of this name.
func (s *subject) numeric(column string) bool {
	i := s.index(column)
	return i >= 0 && s.Profiles[i].Field.Type.Numeric() && s.Profiles[i].Field.Type != table.Null
}
