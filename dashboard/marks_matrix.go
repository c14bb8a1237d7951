package dashboard

import (
	"math"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// The bounds of a matrix: more rows or columns are not read as a picture.
const (
	matrixSide    = 40
	scatterPoints = 5000
	scatterBins   = 40
	facetPoints   = 2000 // in all small charts together
	facetSides    = 20   // bins of a small one
)

// heatmap answers a measure for each pair of two dimensions, or of the calendar: months within years, hours within
// weekdays.
func (a *asking) heatmap(p manifest.Panel) (*frame, error) {
	x := view.Group{Column: p.Dimension, Name: "x"}
	y := view.Group{Column: p.Second, Name: "y"}
	if p.Cyclic != view.NoGrain {
		if a.axis == nil {
			return emptyFrame("x", p.Measure), nil
		}
		y = a.axis.group("y", p.Cyclic)
		if p.Across != view.NoGrain {
			x = a.axis.group("x", p.Across)
		}
	}
	answer, err := a.measured(a.where(""), p.Measure, x, y)
	if err != nil {
		return nil, err
	}
	t := dense(answer.Table)
	f := &frame{data: withUnit(t, p.Measure), key: []string{"x", "y"}, facts: &wire.Facts{Rows: answer.Rows}, approx: approx(answer)}
	f.cycle("x", x.Grain)
	f.cycle("y", y.Grain)
	return f, nil
}

// dense keeps the cells of the most frequent columns and rows where there are more than a picture can show.
func dense(t *table.Table) *table.Table {
	keep := func(column int) map[table.Value]bool {
		seen := map[table.Value]int{}
		var order []table.Value
		for r := range t.Rows() {
			v := t.Value(r, column)
			if seen[v] == 0 {
				order = append(order, v)
			}
			seen[v]++
		}
		if len(order) <= matrixSide {
			return nil
		}
		kept := map[table.Value]bool{}
		if t.Schema().Field(column).Type.Temporal() {
			order = order[len(order)-matrixSide:] // groups ascend: the newest
		} else {
			order = order[:matrixSide]
		}
		for _, v := range order {
			kept[v] = true
		}
		return kept
	}
	xs, ys := keep(0), keep(1)
	if xs == nil && ys == nil {
		return t
	}
	b := table.NewBuilder(t.Schema(), nil)
	for r := range t.Rows() {
		x, y := t.Value(r, 0), t.Value(r, 1)
		if (xs == nil || xs[x]) && (ys == nil || ys[y]) {
			b.Append(x, y, t.Value(r, 2))
		}
	}
	return b.Table()
}

// calendar answers a measure per day.
func (a *asking) calendar(p manifest.Panel) (*frame, error) {
	if a.axis == nil {
		return emptyFrame(bucketColumn, p.Measure), nil
	}
	where := append(a.where(""), a.axis.filter(a.axis.from, a.axis.to))
	answer, err := a.measured(where, p.Measure, a.axis.group(bucketColumn, view.Day))
	if err != nil {
		return nil, err
	}
	return &frame{data: withUnit(answer.Table, p.Measure), key: []string{bucketColumn}, facts: &wire.Facts{Rows: answer.Rows}}, nil
}

// scatter answers the points themselves while there are few, and how many fall into each cell of a grid where there
// are more than an eye can tell apart.
func (a *asking) scatter(p manifest.Panel) (*frame, error) {
	schema := a.data.Schema()
	present := func(column string) view.Filter {
		return view.Filter{Column: column, Op: view.In, Values: []table.Value{{}}, Not: true}
	}
	f := &frame{facts: &wire.Facts{}, standing: map[string]*standing{}}
	where, err := a.faceted(f, p, append(a.where(""), present(p.Column), present(p.Second)))
	if err != nil {
		return nil, err
	}
	columns := []string{p.Column, p.Second}
	if p.Color != "" {
		columns = append(columns, p.Color)
	}
	if p.Facet != "" {
		columns = append(columns, p.Facet)
	}
	most, sides := int64(scatterPoints), float64(scatterBins)
	if p.Facet != "" {
		most, sides = facetPoints, facetSides
	}
	rows, err := a.ask(view.Query{Where: where, Columns: columns, Limit: int(most)})
	if err != nil {
		return nil, err
	}
	f.facts.Rows = rows.Rows
	if f.data = rows.Table; rows.Rows <= most {
		return f, nil
	}
	groups := make([]view.Group, 2)
	for i, column := range columns[:2] {
		low, high, err := a.extent(where, column)
		if err != nil {
			return nil, err
		}
		width := niceStep((high - low) / sides)
		if schema.Field(schema.Index(column)).Type == table.Int {
			width = math.Max(1, math.Ceil(width))
		}
		groups[i] = view.Group{Column: column, Bin: width, Origin: math.Floor(low/width) * width}
	}
	f.key = columns[:2]
	if p.Facet != "" {
		groups = append(groups, view.Group{Column: p.Facet})
		f.key = append(f.key[:2:2], p.Facet)
	}
	binned, err := a.ask(view.Query{Where: where, Groups: groups, Measures: []view.Measure{{Name: "count", Op: view.Count}}})
	if err != nil {
		return nil, err
	}
	f.data, f.facts.Binned, f.facts.Sampled = binned.Table, true, binned.Rows
	return f, nil
}

func (a *asking) extent(where []view.Filter, column string) (low, high float64, err error) {
	answer, err := a.ask(view.Query{Where: where, Measures: []view.Measure{
		{Name: "low", Op: view.Min, Column: column}, {Name: "high", Op: view.Max, Column: column},
	}})
	if err != nil {
		return 0, 0, err
	}
	return answer.Table.Value(0, 0).Float(), answer.Table.Value(0, 1).Float(), nil
}

// niceStep rounds a step up to 1, 2, 2.5 or 5 times a power of ten.
func niceStep(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if m*power >= x*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}
