package dashboard

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// asking is one viewer's selection put to one revision of one table: what every panel's question starts from.
type asking struct {
	ctx       context.Context
	state     *State
	scope     Scope
	views     *views
	edges     *edges
	data      *table.Table
	key       []string // names a row of data; empty: nothing does
	dashboard *manifest.Dashboard
	selection Selection
	locked    []view.Filter // of the grant: always there, never seen
	chosen    []columnFilters
	zone      *time.Location
	weekStart time.Weekday
	before    view.Grain                      // of the chart that is on screen, where the selection leaves it open; NoGrain: there is none
	axis      *axis                           // nil: the table has no time
	standing  map[string]map[string]*standing // by panel and column: who is on screen of many; nil: nothing is
	now       time.Time

	figured  sync.Once
	together []manifest.Measure // after figured: see figures
}

// newAsking checks the selection against the dashboard's table, which is derived from t, and resolves its time axis.
func newAsking(ctx context.Context, m *Model, scope Scope, state *State, t *Table, d *manifest.Dashboard, s Selection, before view.Grain) (*asking, error) {
	s = s.under(d)
	data, _, err := state.derived(t, d)
	if err != nil {
		return nil, err
	}
	a := &asking{ctx: ctx, state: state, scope: scope, views: m.views, edges: m.edges, data: data, key: t.Key, dashboard: d, selection: s, zone: state.written.zone, weekStart: state.written.week, before: before, now: m.options.Now()}
	if a.locked, err = scope.filters(data.Schema()); err != nil {
		return nil, err
	}
	if a.chosen, err = s.filters(data.Schema()); err != nil {
		return nil, err
	}
	if a.axis, err = resolve(d, a); err != nil {
		return nil, err
	}
	return a, nil
}

// ask answers a query on the table at hand through the views that all selections share.
func (a *asking) ask(q view.Query) (*view.Answer, error) {
	v, err := a.views.get(a.data.Schema(), q)
	if err != nil {
		return nil, err
	}
	return v.Answer(a.ctx, a.data)
}

// where returns the filters of the selection and the grant without those on one column ("" leaves none out): a list
// that one clicks in must go on showing what else there is. The time range is among them.
func (a *asking) where(except string) []view.Filter {
	w := a.whereAnyTime(except)
	if a.axis != nil && !a.axis.all && a.axis.column != except {
		w = append(w, a.axis.filter(a.axis.from, a.axis.to))
	}
	return w
}

// whereAnyTime is where without the time range.
func (a *asking) whereAnyTime(except string) []view.Filter {
	w := append([]view.Filter(nil), a.locked...)
	for _, c := range a.chosen {
		if c.column != except {
			w = append(w, c.filters...)
		}
	}
	return w
}

// measure turns a panel's measure into the query's.
func measure(m manifest.Measure) view.Measure {
	return view.Measure{Name: m.Name, Op: m.Op, Column: m.Column, P: m.P}
}

// levels says whether the measure is a level (a balance, a stock) that is read as the last value of each entity.
func (a *asking) levels(m manifest.Measure) bool { return m.LastPerPeriod && a.axis != nil }

// measured answers groups and one measure. The answer has the group columns and then the measure; rows come in the
// order of the groups. A level is the sum over its entities of the last value within each group.
func (a *asking) measured(where []view.Filter, m manifest.Measure, groups ...view.Group) (*view.Answer, error) {
	if m.Of != nil {
		return a.along(where, m, groups)
	}
	if m.Op == view.Computed {
		return a.computed(where, m, groups)
	}
	if !a.levels(m) {
		return a.ask(view.Query{Where: where, Groups: groups, Measures: []view.Measure{measure(m)}})
	}
	last := view.Measure{Name: m.Name, Op: view.Last, Column: m.Column, By: a.axis.column}
	if m.Entity == "" {
		return a.ask(view.Query{Where: where, Groups: groups, Measures: []view.Measure{last}})
	}
	q := view.Query{Where: where, Measures: []view.Measure{last}}
	q.Groups = append(append(q.Groups, groups...), view.Group{Column: m.Entity, Name: "\x00entity"})
	answer, err := a.ask(q)
	if err != nil {
		return nil, err
	}
	return sumOverLastGroup(answer, len(groups)), nil
}

// computed answers groups and a measure that is made of several aggregates, which do not appear in the answer.
func (a *asking) computed(where []view.Filter, m manifest.Measure, groups []view.Group) (*view.Answer, error) {
	return a.last(view.Query{Where: where, Groups: groups, Measures: a.made(m)})
}

// made returns what a measure is made of, itself last.
func (a *asking) made(m manifest.Measure) []view.Measure {
	if m.Op != view.Computed {
		one := measure(m)
		if (m.Op == view.First || m.Op == view.Last) && a.axis != nil {
			one.By = a.axis.column
		}
		return []view.Measure{one}
	}
	var all []view.Measure
	for _, part := range m.Parts {
		all = append(all, a.made(manifest.Measure{Name: part.Name, Op: part.Op, Column: part.Column, P: part.P})...)
	}
	return append(all, view.Measure{Name: m.Name, Op: view.Computed, Formula: m.Formula})
}

// last answers a query and keeps its groups and the last of its measures.
func (a *asking) last(q view.Query) (*view.Answer, error) {
	answer, err := a.ask(q)
	if err != nil {
		return nil, err
	}
	columns := make([]int, 0, len(q.Groups)+1)
	for i := range q.Groups {
		columns = append(columns, i)
	}
	only := *answer
	only.Table = answer.Table.Select(append(columns, answer.Table.Schema().Len()-1)...)
	return &only, nil
}

// sumOverLastGroup folds the rows that agree in their first n columns, which come one after the other, by adding the
// last column.
func sumOverLastGroup(answer *view.Answer, n int) *view.Answer {
	schema := answer.Table.Schema()
	last := schema.Len() - 1
	fields := append(schema.Fields()[:n:n], schema.Field(last))
	if fields[n].Type == table.Int {
		fields[n].Type = table.Float // a sum of many may leave the range of one
	}
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	row := make([]table.Value, n+1)
	var sum float64
	seen, any := false, false
	flush := func() {
		if any {
			row[n] = table.Value{}
			if seen {
				row[n] = number(fields[n], sum)
			}
			b.Append(row...)
		}
		sum, seen = 0, false
	}
	for r := range answer.Table.Rows() {
		same := any
		for c := range n {
			same = same && row[c].Equal(answer.Table.Value(r, c))
		}
		if !same {
			flush()
			for c := range n {
				row[c] = answer.Table.Value(r, c)
			}
			any = true
		}
		if v := answer.Table.Value(r, last); !v.IsNull() {
			sum += v.Float()
			seen = true
		}
	}
	flush()
	folded := *answer
	folded.Table = b.Table()
	return &folded
}

// number is a figure as a cell of a measure's column.
func number(f table.Field, x float64) table.Value {
	switch f.Type {
	case table.Duration:
		return table.IntValue(table.Duration, int64(x*1e6))
	case table.Int:
		return table.IntValue(table.Int, int64(x))
	}
	return table.FloatValue(x)
}

// figures returns the measures of the dashboard's key figures that one pass over the rows can answer together, and follow
// together when rows come, change or go.
func (a *asking) figures() []manifest.Measure {
	a.figured.Do(func() {
		for _, p := range panels(a.dashboard) {
			m := p.Measure
			switch m.Op {
			case view.Count, view.Present, view.Sum, view.Mean:
				if p.Mark == "kpi" && m.Of == nil && !a.levels(m) && !slices.ContainsFunc(a.together, func(o manifest.Measure) bool { return o.Name == m.Name }) {
					a.together = append(a.together, m)
				}
			}
		}
	})
	return a.together
}

// figure is measured for a key figure: it asks for all of them at once, and the others find their answer kept.
func (a *asking) figure(where []view.Filter, m manifest.Measure, groups ...view.Group) (*view.Answer, error) {
	all := a.figures()
	i := slices.IndexFunc(all, func(o manifest.Measure) bool { return o.Name == m.Name && measure(o) == measure(m) })
	if i < 0 || len(all) < 2 || m.Of != nil {
		return a.measured(where, m, groups...)
	}
	q := view.Query{Where: where, Groups: groups}
	for _, one := range all {
		q.Measures = append(q.Measures, measure(one))
	}
	answer, err := a.ask(q)
	if err != nil {
		return nil, err
	}
	columns := make([]int, 0, len(groups)+1)
	for c := range groups {
		columns = append(columns, c)
	}
	only := *answer
	only.Table = answer.Table.Select(append(columns, len(groups)+i)...)
	return &only, nil
}

// single answers one measure over everything: nil where no row has a value.
func (a *asking) single(where []view.Filter, m manifest.Measure) (table.Field, table.Value, int64, error) {
	answer, err := a.figure(where, m)
	if err != nil {
		return table.Field{}, table.Value{}, 0, err
	}
	f := answer.Table.Schema().Field(0)
	if answer.Table.Rows() == 0 {
		return f, table.Value{}, answer.Rows, nil
	}
	return f, answer.Table.Value(0, 0), answer.Rows, nil
}
