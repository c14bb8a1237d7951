package dashboard

import (
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// along answers groups and a measure that goes along another one: by the first group, ascending, for each combination
// of the others. Buckets of the calendar without rows count as steps too. What looks back sees rows before the range
// that the filters keep, so that the first bucket of a month has a bucket before it.
func (a *asking) along(where []view.Filter, m manifest.Measure, groups []view.Group) (*view.Answer, error) {
	if m.Op == view.Share {
		return a.share(where, where, m, groups)
	}
	groups = append([]view.Group(nil), groups...)
	onTime := false
	if len(groups) > 0 && a.axis != nil && groups[0].Column == a.axis.column && groups[0].Grain != view.NoGrain && groups[0].Grain < view.MonthOfYear {
		onTime = true
		groups[0].Fill = true
		where = a.further(where, m, groups[0].Grain)
	}
	q := view.Query{Where: where, Groups: groups, Measures: a.made(*m.Of)}
	q.Measures = append(q.Measures, view.Measure{
		Name: m.Name, Op: m.Op, Of: [2]string{m.Of.Name}, Window: m.Window, Year: m.Year, Level: additive(*m.Of),
	})
	answer, err := a.last(q)
	if err != nil || !onTime || a.axis.all {
		return answer, err
	}
	within := *answer
	within.Table = a.within(answer.Table)
	return &within, nil
}

// further moves the start of the axis' range back by as much as a measure looks back.
func (a *asking) further(where []view.Filter, m manifest.Measure, g view.Grain) []view.Filter {
	back := m.Window
	switch {
	case m.Op == view.Running || a.axis.all:
		return where
	case m.Op == view.MovingMean:
		back--
	}
	x := a.axis
	from := x.first(x.from, g)
	if m.Year {
		from = x.first(from.AddDate(-1, 0, -7), g)
	}
	for range back {
		from = x.first(from.Add(-time.Microsecond), g)
	}
	span := x.filter(x.from, x.to)
	out := make([]view.Filter, len(where))
	for i, f := range where {
		if f.Column == span.Column && f.Op == view.Range && f.Low.Equal(span.Low) && f.High.Equal(span.High) && !f.Not {
			f = x.filter(from, x.to)
		}
		out[i] = f
	}
	return out
}

// within leaves out the rows whose bucket, which is their first cell, ends before the range begins.
func (a *asking) within(t *table.Table) *table.Table {
	first := a.axis.start(a.axis.from)
	b := table.NewBuilder(t.Schema(), nil)
	row := make([]table.Value, t.Schema().Len())
	for r := range t.Rows() {
		if v := t.Value(r, 0); v.IsNull() || a.axis.moment(v).Before(first) {
			continue
		}
		for c := range row {
			row[c] = t.Value(r, c)
		}
		b.Append(row...)
	}
	return b.Table()
}

// share answers what part each group has of what passes the filters of the whole.
func (a *asking) share(where, whole []view.Filter, m manifest.Measure, groups []view.Group) (*view.Answer, error) {
	if len(where) == len(whole) && !a.levels(*m.Of) {
		q := view.Query{Where: where, Groups: groups, Measures: a.made(*m.Of)}
		q.Measures = append(q.Measures, view.Measure{Name: m.Name, Op: view.Share, Of: [2]string{m.Of.Name}})
		return a.last(q)
	}
	parts, err := a.measured(where, *m.Of, groups...)
	if err != nil {
		return nil, err
	}
	_, all, _, err := a.single(whole, *m.Of)
	if err != nil {
		return nil, err
	}
	fields := parts.Table.Schema().Fields()
	last := len(fields) - 1
	fields[last] = table.Field{Name: m.Name, Type: table.Float, Unit: m.Unit}
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	row := make([]table.Value, len(fields))
	for r := range parts.Table.Rows() {
		for c := range row {
			row[c] = parts.Table.Value(r, c)
		}
		if row[last].IsNull() || all.IsNull() {
			row[last] = table.Value{}
		} else {
			row[last] = table.FloatValue(row[last].Float() / all.Float()) // null over zero
		}
		b.Append(row...)
	}
	out := *parts
	out.Table = b.Table()
	return &out, nil
}

// narrowed answers a part of what passes the filters of the whole: what is a share of it stays one.
func (a *asking) narrowed(where, whole []view.Filter, m manifest.Measure, groups ...view.Group) (*view.Answer, error) {
	if m.Of != nil && m.Op == view.Share {
		return a.share(where, whole, m, groups)
	}
	return a.measured(where, m, groups...)
}
