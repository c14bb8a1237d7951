package dashboard

import (
	"math"
	"sort"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// bins are the edges of a histogram. They are chosen for a table and kept while most of it stays inside, so that a new
// row never moves the bars.
type bins struct {
	origin, width float64
	n             int
}

func (b bins) of(edge float64) int {
	i := int(math.Floor((edge-b.origin)/b.width + 1e-9))
	return max(0, min(b.n-1, i))
}

// histogram answers how many rows fall into each bin, now and without any filter. What lies outside the edges counts
// in the first and the last bin.
func (a *asking) histogram(p manifest.Panel) (*frame, error) {
	edges, err := a.edges.bins(a, p.Column, p.Bins)
	if err != nil {
		return nil, err
	}
	group := view.Group{Column: p.Column, Name: "start", Bin: edges.width, Origin: edges.origin}
	count := view.Measure{Name: "count", Op: view.Count}
	where := a.where(p.Column)
	if p.Facet != "" {
		return a.facetBins(p, edges, group, count, where)
	}
	now, err := a.ask(view.Query{Where: where, Groups: []view.Group{group}, Measures: []view.Measure{count}})
	if err != nil {
		return nil, err
	}
	all, err := a.ask(view.Query{Where: a.locked, Groups: []view.Group{group}, Measures: []view.Measure{count}})
	if err != nil {
		return nil, err
	}
	facts := &wire.Facts{Rows: now.Rows}
	counts, empty := edges.count(now.Table)
	totals, _ := edges.count(all.Table)
	facts.Empty = empty
	_, median, _, err := a.single(where, manifest.Measure{Name: "median", Op: view.Median, Column: p.Column})
	if err != nil {
		return nil, err
	}
	facts.Median = figure(median)

	unit := a.unit(p.Column)
	b := table.NewBuilder(table.NewSchema(
		table.Field{Name: "start", Type: table.Float, Unit: unit}, table.Field{Name: "end", Type: table.Float, Unit: unit},
		table.Field{Name: "count", Type: table.Int}, table.Field{Name: "total", Type: table.Int},
	), nil)
	for i := range counts {
		low := edges.origin + float64(i)*edges.width
		b.Append(table.FloatValue(tidy(low)), table.FloatValue(tidy(low+edges.width)), table.IntValue(table.Int, counts[i]), table.IntValue(table.Int, totals[i]))
	}
	return &frame{data: b.Table(), key: []string{"start"}, facts: facts}, nil
}

// tidy takes the dust of repeated addition off an edge.
func tidy(x float64) float64 {
	if x == 0 {
		return 0
	}
	scale := math.Pow(10, 12-math.Ceil(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

// count sums an answer of bins into the kept edges; rows without a value are counted apart.
func (b bins) count(t *table.Table) (counts []int64, empty int64) {
	counts = make([]int64, b.n)
	for r := range t.Rows() {
		start, n := t.Value(r, 0), t.Value(r, 1).Int()
		if start.IsNull() {
			empty += n
			continue
		}
		counts[b.of(start.Float())] += n
	}
	return counts, empty
}

// boxRows is how many rows a group needs before quartiles say anything, boxGroups how many groups are drawn.
const (
	boxRows   = 15
	boxGroups = 12
)

// boxes answers the quartiles of a number for each category, by median; of a panel with a facet for each category within
// each of the small charts, in the order of the medians over all of these.
func (a *asking) boxes(p manifest.Panel) (*frame, error) {
	f := &frame{key: []string{p.Dimension}, facts: &wire.Facts{}, standing: map[string]*standing{}}
	where, err := a.faceted(f, p, a.where(p.Dimension))
	if err != nil {
		return nil, err
	}
	whole, err := a.quartiles(p, where)
	if err != nil {
		return nil, err
	}
	f.facts.Rows, f.approx = whole.Rows, approx(whole)
	order, others := largestBoxes(whole.Table)
	f.facts.OtherCount = others
	f.data = whole.Table
	if p.Facet != "" {
		parts, err := a.quartiles(p, where, view.Group{Column: p.Facet})
		if err != nil {
			return nil, err
		}
		order, f.data, f.key = boxesIn(whole.Table, order, parts.Table), parts.Table, append(f.key, p.Facet)
	}
	unit := a.unit(p.Column)
	fields := f.data.Schema().Fields()
	for i := len(fields) - boxFigures + 1; i < len(fields); i++ {
		fields[i].Unit = unit
	}
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	for _, r := range order {
		row := make([]table.Value, len(fields))
		for c := range row {
			row[c] = f.data.Value(r, c)
		}
		b.Append(row...)
	}
	f.data = b.Table()
	return f, nil
}

// boxFigures are the columns of a box: how many rows have a value, and its five quantiles.
const boxFigures = 6

// quartiles answers the figures of the boxes of a panel, one for each category, or within groups.
func (a *asking) quartiles(p manifest.Panel, where []view.Filter, within ...view.Group) (*view.Answer, error) {
	quantile := func(name string, q float64) view.Measure {
		return view.Measure{Name: name, Op: view.Quantile, Column: p.Column, P: q}
	}
	return a.ask(view.Query{
		Where: where, Groups: append([]view.Group{{Column: p.Dimension}}, within...),
		Measures: []view.Measure{
			{Name: "n", Op: view.Present, Column: p.Column},
			quantile("low", 0.05), quantile("q1", 0.25), quantile("median", 0.5), quantile("q3", 0.75), quantile("high", 0.95),
		},
	})
}

// largestBoxes returns the rows of the categories that are drawn, by median, and how many others there are.
func largestBoxes(t *table.Table) (order []int64, others int) {
	for r := range t.Rows() {
		if !t.Value(r, 0).IsNull() && t.Value(r, 1).Int() >= boxRows {
			order = append(order, r)
		}
	}
	if len(order) > boxGroups {
		// The largest groups; the rest is counted, not drawn.
		sort.SliceStable(order, func(i, j int) bool { return t.Value(order[i], 1).Int() > t.Value(order[j], 1).Int() })
		others = len(order) - boxGroups
		order = order[:boxGroups]
	}
	sort.SliceStable(order, func(i, j int) bool { return t.Value(order[i], 4).Float() > t.Value(order[j], 4).Float() })
	return order, others
}

// boxesIn returns the rows of the boxes of small charts, those of one category after the other in an order of theirs. A box
// of fewer rows than say anything is left out.
func boxesIn(whole *table.Table, order []int64, parts *table.Table) []int64 {
	rows := map[table.Value][]int64{}
	for r := range parts.Rows() {
		if parts.Value(r, 2).Int() >= boxRows {
			rows[parts.Value(r, 0)] = append(rows[parts.Value(r, 0)], r)
		}
	}
	var all []int64
	for _, r := range order {
		all = append(all, rows[whole.Value(r, 0)]...)
	}
	return all
}

// unit returns the unit of a column: the values' own, or the one in the column's name.
func (a *asking) unit(column string) string {
	if i := a.data.Schema().Index(column); i >= 0 && a.data.Schema().Field(i).Unit != "" {
		return a.data.Schema().Field(i).Unit
	}
	for _, f := range a.dashboard.Fields {
		if f.Name == column {
			return f.Unit
		}
	}
	return ""
}
