package manifest

import (
	"fmt"
	"math"
	"slices"
)

// notes tell what was inferred.
func (s *study) notes() []string {
	var notes []string
	if s.axis >= 0 {
		notes = append(notes, fmt.Sprintf("The time axis is %s.", s.fields[s.axis].Label))
	}
	if m := &s.measures[0]; m.column >= 0 {
		notes = append(notes, clauses([]Reason{m.why}))
	}
	if column, value := s.total(); value != "" {
		notes = append(notes, fmt.Sprintf("%s looks like the sum of the other values of %s, so sums count it twice; leave it out with a filter.", value, s.label(column)))
	}
	if s.series >= 0 {
		notes = append(notes, fmt.Sprintf("There is a row for each %s and point in time.", s.label(s.series)))
	}
	for i := range s.fields {
		f, p := &s.fields[i], &s.profiles[i]
		if f.Role == RoleConstant && p.Nulls == 0 && len(p.Top) > 0 && len(notes) < 8 {
			notes = append(notes, fmt.Sprintf("%s is %s in all rows.", f.Label, f.Format(p.Top[0].Value)))
		}
	}
	var empty []string
	for i := range s.fields {
		if s.fields[i].Role == RoleEmpty {
			empty = append(empty, s.fields[i].Label)
		}
	}
	if len(empty) > 0 && s.rows > 0 {
		notes = append(notes, fmt.Sprintf("No row has a value for %s.", list(empty)))
	}
	return notes
}

// list joins names as a sentence does, at most five of them.
func list(names []string) string {
	if len(names) > 5 {
		return fmt.Sprintf("%s, %s, %s and %d more", names[0], names[1], names[2], len(names)-3)
	}
	out := names[0]
	for i, n := range names[1:] {
		if i == len(names)-2 {
			out += " and " + n
		} else {
			out += ", " + n
		}
	}
	return out
}

// totalNames are the first words of values that stand for all others.
var totalNames = set("all total totals sum overall world gesamt alle summe toute tous")

// total finds a value of a dimension that the file's author added up from the others: it is called so, and it holds
// half of the sum of the first measure that adds up.
func (s *study) total() (column int, value string) {
	at := slices.IndexFunc(s.measures, func(m scored) bool { return m.column >= 0 && m.additive() })
	if at < 0 || s.sample.empty() {
		return 0, ""
	}
	x := s.sample.number(s.measures[at].column)
	for _, d := range s.dimensions {
		p := &s.profiles[d.column]
		if !p.Field.Type.Textual() {
			continue
		}
		for _, v := range p.Top {
			if !totalNames[first(words(v.Value.Text()))] {
				continue
			}
			part, all := 0.0, 0.0
			for i, row := range s.sample.rows {
				if math.IsNaN(x[i]) {
					continue
				}
				all += x[i]
				if s.sample.t.Value(row, d.column) == v.Value {
					part += x[i]
				}
			}
			if math.Abs(part-all/2) < 0.03*math.Abs(all) {
				return d.column, v.Value.Text()
			}
		}
	}
	return 0, ""
}
