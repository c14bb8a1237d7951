package manifest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// subject is a table with what is said of it and what is known of it.
type subject struct {
	Subject
	base  string // the name of the table that is read
	raw   *table.Table
	notes []string // what was found on the way
	deriving
	config *Config // nil: nobody wrote anything
	spec   *tableSpec
	study  *study
	named  map[string]*scored // the measures that have a name in the file
	adhoc  map[string]*scored // those that a panel writes out, by their text
	taken  map[string]bool    // names of columns and measures
}

// resolve checks what is said of the table and studies it.
func (s *subject) resolve(p *problems) {
	s.named, s.adhoc, s.taken = map[string]*scored{}, map[string]*scored{}, map[string]bool{}
	for i := range s.Profiles {
		s.taken[s.Profiles[i].Field.Name] = true
	}
	if s.spec == nil {
		s.study = newStudy(s.Name, s.Profiles, s.Data, nil)
		return
	}
	w := &wishes{columns: map[string]wish{}}
	for _, c := range s.spec.columns {
		if !s.has(c.name, c.name.text, p) {
			continue
		}
		said := wish{order: c.order}
		if c.label != nil {
			said.label = c.label.text
		}
		if c.unit != nil {
			said.unit = c.unit.text
		}
		if c.role != nil {
			said.role = Role(c.role.text)
			typ := s.Profiles[s.index(c.name.text)].Field.Type
			switch said.role {
			case RoleTime:
				if !typ.Temporal() && typ != table.Int {
					p.at(c.role, fmt.Sprintf("%q holds %s values, which no time axis can be made of.", c.name.text, typ), "")
				}
			case RoleNumber, RoleCurrency, RolePercentage, RoleDuration, RoleBytes, RoleCount, RoleGeo:
				if !typ.Numeric() {
					p.at(c.role, fmt.Sprintf("%q holds %s values and cannot be %q.", c.name.text, typ, said.role), "")
				}
			}
		}
		w.columns[c.name.text] = said
	}
	if s.spec.time != nil {
		w.time = s.spec.time.text
		if w.time != "none" && s.has(s.spec.time, w.time, p) {
			if typ := s.Profiles[s.index(w.time)].Field.Type; !typ.Temporal() {
				p.at(s.spec.time, fmt.Sprintf("%q holds %s values and not dates or timestamps.", w.time, typ), "")
			}
		}
	}
	if s.spec.smallest != nil {
		w.smallest = grainNames[s.spec.smallest.text]
	}
	s.study = newStudy(s.Name, s.Profiles, s.Data, w)
	for _, spec := range s.inOrder() {
		if s.index(spec.name.text) >= 0 && !strings.Contains(spec.value.text, "("+spec.name.text+")") {
			p.at(spec.name, fmt.Sprintf("%q is the name of a column already.", spec.name.text), "Give the measure another name.")
			continue
		}
		m, ok := s.aggregate(spec.value, p)
		if !ok {
			continue
		}
		m.Name = spec.name.text
		s.taken[m.Name] = true
		label := Label(m.Name)
		if spec.label != nil {
			label = spec.label.text
		}
		m.called(label)
		m.Noun = within(m.Label)
		if m.Unit != "" && m.Unit != "percent" {
			m.Noun = m.Unit
		}
		if spec.unit != nil {
			m.Unit, m.Noun = spec.unit.text, spec.unit.text
		}
		if spec.noun != nil {
			m.Noun = spec.noun.text
		}
		if spec.format != nil {
			m.Format = spec.format.text
		}
		if spec.lower != nil {
			m.Lower, m.Said = spec.lower, true
		}
		if spec.entity != nil && s.has(spec.entity, spec.entity.text, p) {
			m.Entity = spec.entity.text
			if m.Op != view.Last {
				p.at(spec.entity, "\"entity\" belongs to last(…) alone.", "It names the column whose last values are added up.")
			}
		}
		s.named[m.Name] = &m
		if m.Of == nil { // one that goes along another is no figure by itself
			w.measures = append(w.measures, m)
		}
	}
	if len(w.measures) > 0 {
		s.study = newStudy(s.Name, s.Profiles, s.Data, w)
	}
}

// inOrder returns what is said of the measures, those last that go along others.
func (s *subject) inOrder() []*measureSpec {
	var first, then []*measureSpec
	for i := range s.spec.measures {
		m := &s.spec.measures[i]
		if word, _, _ := strings.Cut(m.value.text, "("); alongNames[strings.TrimSpace(word)] != 0 {
			then = append(then, m)
		} else {
			first = append(first, m)
		}
	}
	return append(first, then...)
}

// index returns the position of a column, −1 of none.
func (s *subject) index(column string) int {
	return slices.IndexFunc(s.Profiles, func(p view.ColumnProfile) bool { return p.Field.Name == column })
}

// has says whether the table has a column, and reports where it has not.
func (s *subject) has(at *node, column string, p *problems) bool {
	if s.index(column) >= 0 {
		return true
	}
	names := make([]string, len(s.Profiles))
	for i := range s.Profiles {
		names[i] = s.Profiles[i].Field.Name
	}
	p.unknown(at, column, fmt.Sprintf("a column of %s", s.Name), names)
	return false
}

// measure returns the measure that a panel names or writes out.
func (s *subject) measure(n *node, p *problems) (Measure, bool) {
	if m, ok := s.named[n.text]; ok {
		return m.Measure, true
	}
	if m, ok := s.adhoc[n.text]; ok {
		return m.Measure, true
	}
	if n.kind == scalar && !strings.ContainsAny(n.text, "(/*+-%") {
		if s.index(n.text) >= 0 {
			p.at(n, fmt.Sprintf("%q is a column, and a measure is needed here.", n.text), fmt.Sprintf("Write %q, for example.", call{name: "sum", column: n.text}))
			return Measure{}, false
		}
		p.unknown(n, n.text, fmt.Sprintf("a measure of %s", s.Name), sorted(s.named))
		return Measure{}, false
	}
	m, ok := s.aggregate(n, p)
	if !ok {
		return Measure{}, false
	}
	m.Name = unique(identifier(m.Name), "_", s.taken)
	s.adhoc[n.text] = &m
	return m.Measure, true
}

// aggregate reads sum(amount) and its like.
func (s *subject) aggregate(n *node, p *problems) (scored, bool) {
	text := p.scalar(n)
	if m, made, ok := s.along(n, p); ok {
		return m, made
	}
	c, ok := parseCall(text)
	op, known := aggregateNames[c.name]
	if text == "" {
		p.at(n, fmt.Sprintf("%q is not an aggregate of a column.", text), "Write it as sum(amount), count() or p(amount, 0.95).")
		return scored{}, false
	}
	// A word that may be a column's mistyped name is better spoken of as a name than as an expression.
	if !ok || known && op != view.Count && s.index(c.column) < 0 && strings.ContainsAny(c.column, "()+-*/%=<>,") {
		return s.computed(n, p)
	}
	if !known {
		p.unknown(n, c.name, "an aggregate", sorted(aggregateNames))
		return scored{}, false
	}
	if op == view.Count {
		if c.column != "" {
			p.at(n, "count() counts rows and takes no column.", fmt.Sprintf("Write \"count()\", or %q for its different values.", call{name: "distinct", column: c.column}))
			return scored{}, false
		}
		m := s.study.countRows(map[string]bool{})
		return m, true
	}
	if !s.has(n, c.column, p) {
		return scored{}, false
	}
	i := s.index(c.column)
	f, profile := &s.study.fields[i], &s.Profiles[i]
	numeric := f.Type.Numeric() || f.Type == table.Bool && op == view.Mean
	if op != view.Distinct && !numeric {
		p.at(n, fmt.Sprintf("%q holds %s values, which %s cannot be taken of.", c.column, f.Type, c.name), fmt.Sprintf("%q can.", call{name: "distinct", column: c.column}))
		return scored{}, false
	}
	m := scored{column: i, Measure: Measure{Op: op, Column: c.column, P: c.p, Unit: f.Unit, Label: f.Label, LastPerPeriod: op == view.Last}}
	if f.Type == table.Bool && op == view.Mean {
		m.Format, m.Unit = "percent", "percent"
	}
	s.study.nameMeasure(&m, f, profile, words(f.Name))
	return m, true
}

// cycle reads month_of_year(ordered_at) and its like; ok is false where the text is a column's name or no call.
func (s *subject) cycle(n *node, p *problems) (g view.Grain, ok bool) {
	c, isCall := parseCall(n.text)
	if !isCall || s.index(n.text) >= 0 {
		return view.NoGrain, false
	}
	g, ok = grainNames[c.name]
	switch {
	case !ok:
		p.unknown(n, c.name, "a part of a date", sorted(grainNames))
	case !s.study.timed:
		p.at(n, fmt.Sprintf("The table %s has no time axis.", s.Name), "Name it with \"time\" under the table.")
		ok = false
	case c.column != s.study.fields[s.study.axis].Name:
		p.at(n, fmt.Sprintf("%q is not the time axis of %s, which is %q.", c.column, s.Name, s.study.fields[s.study.axis].Name), "Name it with \"time\" under the table.")
		ok = false
	}
	return g, ok
}
