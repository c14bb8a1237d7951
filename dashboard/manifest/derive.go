package manifest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/derive"
	"github.com/dashira/dashira/table/expr"
	"github.com/dashira/dashira/table/view"
)

// joinSpec is a lookup as written.
type joinSpec struct{ at, table, on, key *node }

// fieldSpec is a calculated field as written.
type fieldSpec struct{ name, value, label, unit *node }

// readJoin reads {table: customers, on: customer_id}.
func (p *problems) readJoin(n *node) (joinSpec, bool) {
	j := joinSpec{at: n}
	p.mapping(n, "a join", []key{
		{"table", func(n *node) { p.scalar(n); j.table = n }},
		{"on", func(n *node) { p.scalar(n); j.on = n }},
		{"key", func(n *node) { p.scalar(n); j.key = n }},
		{"type", func(n *node) {
			if p.scalar(n) != "left" {
				p.at(n, fmt.Sprintf("A join of the type %q is not known.", n.text), "Only \"left\" is: every row stays, and takes what the other table has for its key.")
			}
		}},
	})
	if n.kind == mapping && (j.table == nil || j.on == nil) {
		p.at(n, "This join does not say with what and by which column.", "Write it as {table: customers, on: customer_id}.")
		return j, false
	}
	return j, n.kind == mapping
}

// readField reads a calculated field: its expression, or a mapping with it under "value".
func (p *problems) readField(name, n *node) (fieldSpec, bool) {
	f := fieldSpec{name: name}
	if n.kind == scalar {
		f.value = n
		return f, true
	}
	p.mapping(n, "a field", []key{
		{"value", func(n *node) { p.scalar(n); f.value = n }},
		{"label", func(n *node) { p.scalar(n); f.label = n }},
		{"unit", func(n *node) { p.scalar(n); f.unit = n }},
	})
	if f.value == nil {
		p.at(name, fmt.Sprintf("The field %q does not say how it is calculated.", name.text), "Write it as \"margin: amount - cost\".")
	}
	return f, f.value != nil
}

// deriving is the part of a subject that is made of other columns.
type deriving struct {
	wanted derive.Spec
	schema *table.Schema // with the lookups and the fields that are written
	made   *derive.Derivation
	source *table.Schema
}

// derive adds what is written of joins, fields and conditions to the subject's columns.
func (s *subject) derive(zone *time.Location, p *problems) {
	s.source = s.schemaOf()
	s.schema = s.source
	s.wanted.Zone = zone
	if s.spec == nil || len(s.spec.joins)+len(s.spec.fields) == 0 && s.spec.where == nil {
		return
	}
	spec := derive.Spec{Zone: zone}
	for _, j := range s.spec.joins {
		other := s.other(j.table.text)
		if other == nil || j.table.text == s.base {
			var names []string
			if s.Names != nil {
				names = slices.DeleteFunc(s.Names(), func(name string) bool { return name == s.base })
			}
			p.unknown(j.table, j.table.text, "the name of another table here", names)
			return
		}
		l := derive.Lookup{Table: j.table.text, Schema: other.Schema(), On: j.on.text}
		if j.key != nil {
			l.Key = j.key.text
		}
		spec.Lookups = append(spec.Lookups, l)
	}
	for _, f := range s.spec.fields {
		field := derive.Field{Name: f.name.text, Expr: f.value.text}
		if f.label != nil {
			field.Label = f.label.text
		}
		if f.unit != nil {
			field.Unit = f.unit.text
		}
		spec.Fields = append(spec.Fields, field)
	}
	if s.spec.where != nil {
		spec.Where = s.spec.where.text
	}
	made, err := s.derivation(spec)
	if err != nil {
		s.faulty(err, p)
		return
	}
	s.wanted, s.made, s.schema = spec, made, made.Schema()
	s.profile()
}

func (s *subject) other(name string) *table.Table {
	if s.Other == nil {
		return nil
	}
	return s.Other(name)
}

// derivation makes what a table is derived by, or takes what was made of the same before: it remembers what it did.
func (s *subject) derivation(spec derive.Spec) (*derive.Derivation, error) {
	for _, d := range s.Made {
		if d.Derive != nil && d.Derive.Source().Equal(s.source) && d.Derive.Spec().Equal(spec) {
			return d.Derive, nil
		}
	}
	return derive.New(s.source, spec)
}

// profile describes the columns anew where some were added or rows left out.
func (s *subject) profile() {
	data := s.raw
	if data == nil {
		data = table.New(s.source)
	}
	derived, notes, err := s.deriving.made.Apply(data, s.other)
	if err != nil {
		return // the profiles and the table are not of one schema: the columns stay as they are
	}
	for _, n := range notes {
		s.notes = append(s.notes, lookupNotes(n)...)
	}
	s.Data = derived
	if s.spec.where != nil {
		s.Profiles = view.Profile(derived)
		return
	}
	known := s.source.Len()
	fields := derived.Schema().Fields()[known:]
	chunks := make([]*table.Chunk, 0, len(derived.Chunks()))
	for _, c := range derived.Chunks() {
		columns := make([]*table.Column, len(fields))
		for i := range columns {
			columns[i] = c.Column(known + i)
		}
		chunks = append(chunks, table.NewChunk(c.Rows(), columns, [16]byte{}))
	}
	s.Profiles = append(slices.Clip(s.Profiles), view.Profile(table.New(table.NewSchema(fields...), chunks...))...)
}

// lookupNotes says what a person should know of a lookup.
func lookupNotes(n derive.Note) []string {
	var notes []string
	text := func(v table.Value) string { return table.Field{Type: v.Type()}.Format(v) }
	if n.Gone {
		return append(notes, fmt.Sprintf("%s cannot be looked up: its columns are empty.", n.Table))
	}
	if n.Duplicate > 0 {
		notes = append(notes, fmt.Sprintf("%s has several rows for %d of its keys, such as %q; the first of them counts.", n.Table, n.Duplicate, text(n.Twice)))
	}
	if n.Missing > 0 {
		rows := fmt.Sprintf("%d rows have", n.Missing)
		if n.Missing == 1 {
			rows = "One row has"
		}
		notes = append(notes, fmt.Sprintf("%s a %s that %s does not have, such as %q; what it looks up is empty.", rows, n.On, n.Table, text(n.Absent)))
	}
	return notes
}

// schemaOf returns the columns of the table as it is read.
func (s *subject) schemaOf() *table.Schema {
	if s.raw != nil {
		return s.raw.Schema()
	}
	fields := make([]table.Field, len(s.Profiles))
	for i := range fields {
		fields[i] = s.Profiles[i].Field
	}
	return table.NewSchema(fields...)
}

// faulty reports a fault of a derivation at its place.
func (s *subject) faulty(err error, p *problems) {
	var f *derive.Fault
	if !errors.As(err, &f) {
		p.at(s.spec.name, err.Error(), "")
		return
	}
	switch {
	case f.Where:
		p.expression(s.spec.where, f.Err)
	case f.Lookup >= 0:
		j := s.spec.joins[f.Lookup]
		at := j.on
		var e *expr.Error
		if errors.As(f.Err, &e) && j.key != nil && e.Word == j.key.text {
			at = j.key
		}
		p.expression(at, f.Err)
	default:
		for _, spec := range s.spec.fields {
			if spec.name.text == f.Field {
				p.expression(spec.value, f.Err)
				return
			}
		}
		p.at(s.spec.name, f.Error(), "")
	}
}

// expression reports a fault inside the expression that a value is.
func (p *problems) expression(n *node, err error) {
	var e *expr.Error
	if !errors.As(err, &e) {
		p.at(n, err.Error(), "")
		return
	}
	at := *n
	if at.line > 0 {
		at.column += e.Column - 1
		if n.quoted {
			at.column++
		}
	}
	p.at(&at, e.Message, e.Hint)
}

// computed reads a measure that is more than one aggregate of one column.
func (s *subject) computed(n *node, p *problems) (scored, bool) {
	names := make([]string, 0)
	texts := map[string]string{}
	if s.spec != nil {
		for _, m := range s.spec.measures {
			names = append(names, m.name.text)
			texts[m.name.text] = s.asExpression(m.value.text)
		}
	}
	o := expr.MeasureOptions{
		Options: expr.Options{Schema: s.schema, Zone: s.wanted.Zone}, Names: names,
		Named: func(name string) (string, bool) { text, ok := texts[name]; return text, ok },
	}
	made, err := expr.CompileMeasure(n.text, o)
	if err != nil {
		p.expression(n, err)
		return scored{}, false
	}
	m := scored{column: -1, why: because("computed"), Measure: Measure{Op: view.Computed, Formula: made.Formula, Text: made.Text}}
	for _, a := range made.Aggregates {
		part := Part{Name: a.Name, Op: aggregateNames[a.Func], Column: a.Column, P: a.P}
		if a.Row != nil {
			part.Column = s.hidden(a.Row)
		}
		m.Parts = append(m.Parts, part)
	}
	if made.Formula == nil {
		only := m.Parts[0]
		m.Op, m.Column, m.P, m.Parts = only.Op, only.Column, only.P, nil
		m.LastPerPeriod = only.Op == view.Last
		if row := made.Aggregates[0].Row; row != nil {
			m.Unit = row.Field().Unit
		}
	} else {
		m.Unit = made.Formula.Field().Unit
	}
	if m.Unit == "percent" {
		m.Format = "percent"
	} else if len(m.Unit) == 3 {
		m.Format = "currency"
	}
	m.Label, m.Name = n.text, n.text
	m.Noun = m.Label
	return m, true
}

// asExpression writes a measure in the language of expressions: a column whose name is no word of it stands in quotes.
func (s *subject) asExpression(text string) string {
	c, ok := parseCall(text)
	if !ok || c.column == "" || identifier(c.column) == c.column || s.index(c.column) < 0 {
		return text
	}
	inner := fmt.Sprintf("column(%q)", c.column)
	return c.name + "(" + inner + tail(c) + ")"
}

// hidden returns the name of the column that serves a measure with an expression of the rows.
func (s *subject) hidden(row *expr.Expr) string {
	name := "\x00" + row.String()
	d := &s.wanted
	if !slices.ContainsFunc(d.Fields, func(f derive.Field) bool { return f.Name == name }) {
		d.Fields = append(d.Fields, derive.Field{Name: name, Expr: row.String(), Hidden: true})
	}
	return name
}

// finish gives the dashboards of the subject what their table is derived by, once everything that needs a column is read.
func (s *subject) finish(dashboards []*Dashboard, p *problems) []*Dashboard {
	if d := s.wanted; len(d.Lookups)+len(d.Fields) > 0 || d.Where != "" {
		made, err := s.derivation(d)
		if err != nil {
			s.faulty(err, p)
			return nil
		}
		s.made = made
	}
	for _, made := range dashboards {
		made.Derive, made.Table, made.Over = s.made, s.base, s.Name
		made.Warnings = s.notes
		if s.spec != nil {
			made.StaleAfter = s.spec.staleAfter
		}
		if s.config != nil {
			made.Look = s.config.Look
		}
	}
	return dashboards
}

// Same says whether two dashboards show the same: everything but the objects that compute.
func (d *Dashboard) Same(o *Dashboard) bool {
	if (d.Derive == nil) != (o.Derive == nil) || d.Derive != nil && !(d.Derive.Source().Equal(o.Derive.Source()) && d.Derive.Spec().Equal(o.Derive.Spec())) {
		return false
	}
	return reflect.DeepEqual(d.bare(), o.bare())
}

// bare returns the dashboard without what computes. Formulas go by their texts.
func (d *Dashboard) bare() Dashboard {
	b := *d
	b.Derive, b.Rows = nil, slices.Clone(d.Rows)
	for i := range b.Rows {
		b.Rows[i].Panels = barePanels(b.Rows[i].Panels)
	}
	return b
}

func barePanels(panels []Panel) []Panel {
	out := slices.Clone(panels)
	for i := range out {
		out[i].Measure = bareMeasure(out[i].Measure)
		out[i].Line = bareMeasure(out[i].Line)
		if t := out[i].Target; t != nil {
			bare := *t
			bare.Measure = bareMeasure(bare.Measure)
			out[i].Target = &bare
		}
		out[i].Tabs = barePanels(out[i].Tabs)
	}
	return out
}

func bareMeasure(m Measure) Measure {
	m.Formula = nil
	if m.Of != nil {
		of := bareMeasure(*m.Of)
		m.Of = &of
	}
	return m
}
