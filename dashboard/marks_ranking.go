package dashboard

import (
	"math"
	"sort"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// The categories that a list or a bar chart shows before the rest is summed up.
const (
	rankedLimit = 10
	barLimit    = 12
)

// ranked returns the rows of a table by one column, largest first; equal ones keep their order, empty cells come last.
func ranked(t *table.Table, column int) []int64 {
	order := make([]int64, t.Rows())
	for i := range order {
		order[i] = int64(i)
	}
	sort.SliceStable(order, func(i, j int) bool {
		a, b := t.Value(order[i], column), t.Value(order[j], column)
		if a.IsNull() || b.IsNull() {
			return b.IsNull() && !a.IsNull()
		}
		return a.Compare(b) > 0
	})
	return order
}

// ranking answers categories by their measure, the best first. The list does not obey the filter on its own column: it
// is where one chooses. The rest is one figure that is right for the measure: the mean of the rest is not a sum of
// means.
func (a *asking) ranking(p manifest.Panel) (*frame, error) {
	limit := p.Limit
	if limit == 0 {
		limit = rankedLimit
		if p.Mark == "bar" {
			limit = barLimit
		}
	}
	where := a.where(p.Dimension)
	facts := &wire.Facts{}
	f := &frame{key: []string{p.Dimension}, facts: facts, standing: map[string]*standing{}}
	whole := where
	where, err := a.faceted(f, p, where)
	if err != nil {
		return nil, err
	}
	answer, err := a.narrowed(where, whole, p.Measure, view.Group{Column: p.Dimension})
	if err != nil {
		return nil, err
	}
	facts.Rows = answer.Rows
	order := ranked(answer.Table, 1)
	// Empty cells are a category of their own and stand last, whatever their size.
	for i, r := range order {
		if answer.Table.Value(r, 0).IsNull() {
			order = append(append(order[:i:i], order[i+1:]...), r)
			break
		}
	}
	shown := order
	if p.NoOther && len(order) > limit || len(order) > limit+1 { // one more category takes no more room than "1 more" does
		shown = a.largestOf(f, p, answer.Table, order, limit)
	}
	b := table.NewBuilder(answer.Table.Schema(), nil)
	var top []table.Value
	for _, r := range shown {
		top = append(top, answer.Table.Value(r, 0))
		b.Append(answer.Table.Value(r, 0), answer.Table.Value(r, 1))
	}
	figureOf := func(where []view.Filter) (*float64, error) {
		one, err := a.narrowed(where, whole, p.Measure)
		if err != nil || one.Table.Rows() == 0 {
			return nil, err
		}
		return figure(one.Table.Value(0, one.Table.Schema().Len()-1)), nil
	}
	if rest := len(order) - len(shown); rest > 0 && !p.NoOther {
		facts.OtherCount = rest
		if facts.OtherValue, err = figureOf(filtered(where, view.Filter{Column: p.Dimension, Op: view.In, Values: top, Not: true})); err != nil {
			return nil, err
		}
	}
	if additive(p.Measure) || p.Measure.LastPerPeriod {
		if facts.Sum, err = figureOf(where); err != nil {
			return nil, err
		}
	}
	f.data, f.approx = b.Table(), approx(answer)
	if p.Facet != "" {
		if err := a.facetBars(f, p, filtered(where, view.Filter{Column: p.Dimension, Op: view.In, Values: top}), whole, top); err != nil {
			return nil, err
		}
	}
	f.data = withUnit(f.data, p.Measure)
	return f, nil
}

// largestOf returns the first rows of a ranking by its first column, without those that have only just come among them,
// and keeps with the frame who stands there.
func (a *asking) largestOf(f *frame, p manifest.Panel, t *table.Table, order []int64, n int) []int64 {
	field := t.Schema().Field(0)
	contenders := make([]contender, len(order))
	for i, r := range order {
		c := contender{row: r, key: field.Format(t.Value(r, 0)), value: math.Inf(-1)}
		if v := t.Value(r, 1); !v.IsNull() {
			c.value = v.Float()
		}
		contenders[i] = c
	}
	kept, standing := settle(a.standing[p.Name][field.Name], contenders, n, a.now)
	f.standing[field.Name] = standing
	rows := make([]int64, len(kept))
	for i, c := range kept {
		rows[i] = c.row
	}
	return rows
}
