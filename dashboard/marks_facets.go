package dashboard

import (
	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// mostFacets is how many small charts stand side by side unless the panel says otherwise.
const mostFacets = 12

// faceted chooses the small charts of a panel, those with the largest measure first, and returns the filters that keep
// their rows. Facts name them in their order; how many there are beside them is told too. Without a facet nothing is
// chosen.
func (a *asking) faceted(f *frame, p manifest.Panel, where []view.Filter) ([]view.Filter, error) {
	if p.Facet == "" {
		return where, nil
	}
	limit := p.Facets
	if limit == 0 {
		limit = mostFacets
	}
	by := p
	if by.Measure.Name == "" {
		by.Measure = manifest.Measure{Name: "\x00rows", Op: view.Count} // points of rows
	}
	top, others, err := a.largest(f, where, by, p.Facet, limit)
	if err != nil {
		return nil, err
	}
	field := a.data.Schema().Field(a.data.Schema().Index(p.Facet))
	f.facts.Facets, f.facts.MoreFacets = []string{}, others
	for _, v := range top {
		f.facts.Facets = append(f.facts.Facets, field.Format(v))
	}
	if others == 0 {
		return where, nil
	}
	return filtered(where, view.Filter{Column: p.Facet, Op: view.In, Values: top}), nil
}

// facetBins answers the bins of each small chart of a histogram: in all of them the same ones.
func (a *asking) facetBins(p manifest.Panel, edges bins, group view.Group, count view.Measure, where []view.Filter) (*frame, error) {
	f := &frame{key: []string{group.Name, p.Facet}, facts: &wire.Facts{}, standing: map[string]*standing{}}
	where, err := a.faceted(f, p, where)
	if err != nil {
		return nil, err
	}
	answer, err := a.ask(view.Query{Where: where, Groups: []view.Group{{Column: p.Facet}, group}, Measures: []view.Measure{count}})
	if err != nil {
		return nil, err
	}
	f.facts.Rows = answer.Rows
	_, median, _, err := a.single(where, manifest.Measure{Name: "median", Op: view.Median, Column: p.Column})
	if err != nil {
		return nil, err
	}
	f.facts.Median = figure(median)

	t := answer.Table
	counts := map[table.Value][]int64{}
	var order []table.Value
	for r := range t.Rows() {
		of, start, n := t.Value(r, 0), t.Value(r, 1), t.Value(r, 2).Int()
		if counts[of] == nil {
			counts[of] = make([]int64, edges.n)
			order = append(order, of)
		}
		if start.IsNull() {
			f.facts.Empty += n
			continue
		}
		counts[of][edges.of(start.Float())] += n
	}
	unit := a.unit(p.Column)
	b := table.NewBuilder(table.NewSchema(
		table.Field{Name: "start", Type: table.Float, Unit: unit}, table.Field{Name: "end", Type: table.Float, Unit: unit},
		t.Schema().Field(0), table.Field{Name: "count", Type: table.Int},
	), nil)
	for _, of := range order {
		for i, n := range counts[of] {
			low := edges.origin + float64(i)*edges.width
			b.Append(table.FloatValue(tidy(low)), table.FloatValue(tidy(low+edges.width)), of, table.IntValue(table.Int, n))
		}
	}
	f.data = b.Table()
	return f, nil
}

// facetBars answers the bars of each small chart: in all of them the same categories in the same order, so that a bar
// is found at one height. A category that a facet does not have has no bar there.
func (a *asking) facetBars(f *frame, p manifest.Panel, where, whole []view.Filter, order []table.Value) error {
	answer, err := a.narrowed(where, whole, p.Measure, view.Group{Column: p.Dimension}, view.Group{Column: p.Facet})
	if err != nil {
		return err
	}
	rows := map[table.Value][]int64{}
	t := answer.Table
	for r := range t.Rows() {
		rows[t.Value(r, 0)] = append(rows[t.Value(r, 0)], r)
	}
	b := table.NewBuilder(t.Schema(), nil)
	for _, category := range order {
		for _, r := range rows[category] {
			b.Append(t.Value(r, 0), t.Value(r, 1), t.Value(r, 2))
		}
	}
	f.data, f.key = b.Table(), append(f.key, p.Facet)
	for name := range approx(answer) {
		if f.approx == nil {
			f.approx = map[string]bool{}
		}
		f.approx[name] = true
	}
	return nil
}
