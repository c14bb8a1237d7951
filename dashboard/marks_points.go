package dashboard

import (
	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// points answers a line through the rows themselves, in the order of x: as many as draw the same picture at the width
// that the viewer's page asked for. Zooming in asks for a shorter stretch, and with it for finer steps.
func (a *asking) points(p manifest.Panel) (*frame, error) {
	x, where := p.Dimension, a.where("")
	f := &frame{facts: &wire.Facts{}, standing: map[string]*standing{}}
	empty := func() (*frame, error) {
		f.data = table.New(table.NewSchema(table.Field{Name: p.Column, Type: table.Float}))
		return f, nil
	}
	if x == "" {
		if a.axis == nil {
			return empty()
		}
		x = a.axis.column
	}
	where, err := a.faceted(f, p, where)
	if err != nil {
		return nil, err
	}
	by := make([]string, 0, 2)
	if p.Color != "" {
		limit := p.Limit
		if limit == 0 {
			limit = colours
		}
		counted := p
		counted.Measure = manifest.Measure{Name: "\x00rows", Op: view.Count}
		top, others, err := a.largest(f, where, counted, p.Color, limit)
		if err != nil {
			return nil, err
		}
		if f.facts.OtherCount = others; others > 0 {
			where = filtered(where, view.Filter{Column: p.Color, Op: view.In, Values: top})
		}
		by = append(by, p.Color)
	}
	if p.Facet != "" {
		by = append(by, p.Facet)
	}
	low, high, err := a.stretch(where, x, p.Column)
	if err != nil {
		return nil, err
	}
	if low.IsNull() {
		return empty()
	}
	columns := a.selection.width()
	if p.Facet != "" {
		columns /= 4 // small charts stand side by side
	}
	answer, err := a.ask(view.LineQuery(x, p.Column, where, view.LineWidth(low, high, columns), by...))
	if err != nil {
		return nil, err
	}
	f.data = view.LinePoints(answer, x, p.Column)
	f.facts.Rows = answer.Rows
	if answer.Rows > f.data.Rows() {
		f.facts.Sampled = answer.Rows
	}
	return f, nil
}

// stretch returns the least and the greatest x of the rows that have a y.
func (a *asking) stretch(where []view.Filter, x, y string) (low, high table.Value, err error) {
	answer, err := a.ask(view.Query{
		Where:    filtered(where, view.Filter{Column: y, Op: view.In, Values: []table.Value{{}}, Not: true}),
		Measures: []view.Measure{{Name: "low", Op: view.Min, Column: x}, {Name: "high", Op: view.Max, Column: x}},
	})
	if err != nil || answer.Table.Rows() == 0 {
		return low, high, err
	}
	return answer.Table.Value(0, 0), answer.Table.Value(0, 1), nil
}
