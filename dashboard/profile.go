package dashboard

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// The bounds of a profile: it is drawn a few pixels high in the head of a column.
const (
	profileColumns = 64
	profileBars    = 24
)

// Profile describes columns of a dashboard's table as they are under a selection: how many cells are empty, how many
// values there are, and how the values are spread. Without columns it describes those of the table's first panel.
func (m *Model) Profile(ctx context.Context, scope Scope, slug string, s Selection, columns []string, revision uint64) (*wire.Profile, error) {
	if revision != 0 && !scope.MayHistory() {
		return nil, ErrNoRevision
	}
	state := m.At(revision)
	if state == nil {
		return nil, ErrNoRevision
	}
	d := state.Dashboard(slug)
	if d == nil || !scope.May(slug) || !scope.MayRows() {
		return nil, ErrNoDashboard
	}
	if !scope.MayFilter() {
		s, _ = ParseSelection(nil)
	}
	a, err := newAsking(ctx, m, scope, state, state.Table(d.Table), d, s, view.NoGrain)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		for _, p := range panels(d) {
			if p.Mark == "table" && len(columns) == 0 {
				columns = p.Columns
			}
		}
	}
	return a.profile(columns[:min(len(columns), profileColumns)])
}

// profile answers each column with one question for its counts and one for its spread.
func (a *asking) profile(columns []string) (*wire.Profile, error) {
	where := a.where("")
	q := view.Query{Where: where, Measures: []view.Measure{{Name: "\x00rows", Op: view.Count}}}
	for _, name := range columns {
		i := a.data.Schema().Index(name)
		if i < 0 {
			return nil, &BadSelection{Parameter: "columns", Reason: "there is no such column", Allowed: visible(a.data.Schema())}
		}
		q.Measures = append(q.Measures, view.Measure{Name: "present\x00" + name, Op: view.Present, Column: name})
		if !a.data.Rising(i) {
			q.Measures = append(q.Measures, view.Measure{Name: "distinct\x00" + name, Op: view.Distinct, Column: name})
		}
		if hasOrder(a.data.Schema().Field(i).Type) {
			q.Measures = append(q.Measures,
				view.Measure{Name: "min\x00" + name, Op: view.Min, Column: name},
				view.Measure{Name: "max\x00" + name, Op: view.Max, Column: name})
		}
	}
	answer, err := a.ask(q)
	if err != nil {
		return nil, err
	}
	cell := func(name string) table.Value {
		if i := answer.Table.Schema().Index(name); i >= 0 && answer.Table.Rows() > 0 {
			return answer.Table.Value(0, i)
		}
		return table.Value{}
	}
	whole := func(name string) int64 {
		if v := cell(name); !v.IsNull() {
			return v.Int()
		}
		return 0
	}
	w := &wire.Profile{Rows: whole("\x00rows"), Columns: []wire.ColumnProfile{}}
	for _, name := range columns {
		field := a.data.Schema().Field(a.data.Schema().Index(name))
		c := wire.ColumnProfile{
			Name: name, Empty: w.Rows - whole("present\x00"+name), Distinct: whole("distinct\x00" + name),
			Approx: slices.Contains(answer.Approx, "distinct\x00"+name), Counts: []int64{},
		}
		if answer.Table.Schema().Index("distinct\x00"+name) < 0 {
			c.Distinct = w.Rows // its values rise from row to row, so that no two are equal
		}
		low, high := cell("min\x00"+name), cell("max\x00"+name)
		if !low.IsNull() {
			c.Min, c.Max = Cell(field, low, false), Cell(field, high, false)
		}
		if err := a.spread(where, field, low, high, &c); err != nil {
			return nil, err
		}
		w.Columns = append(w.Columns, c)
	}
	return w, nil
}

// hasOrder says whether values of a type lie on a line.
func hasOrder(t table.Type) bool { return t.Numeric() || t.Temporal() }

// spread counts the values of a column: of numbers and times by stretch from the least to the greatest, of everything
// else by value, the most frequent first. What names its row has no spread.
func (a *asking) spread(where []view.Filter, field table.Field, low, high table.Value, c *wire.ColumnProfile) error {
	count := []view.Measure{{Name: "\x00n", Op: view.Count}}
	present := c.Distinct > 1 && !(low.IsNull() && c.Distinct > view.ExactDistinct)
	switch {
	case !present:
		return nil
	case !low.IsNull() && field.Type.Temporal():
		return a.spreadTime(where, field, low, high, count, c)
	case !low.IsNull():
		edges := bins{origin: low.Float(), width: (high.Float() - low.Float()) / profileBars, n: profileBars}
		if field.Type == table.Int && high.Float()-low.Float() < profileBars {
			edges.width, edges.n = 1, int(high.Float()-low.Float())+1
		}
		if edges.width <= 0 || math.IsInf(edges.width, 0) {
			return nil
		}
		answer, err := a.ask(view.Query{Where: where, Groups: []view.Group{{Column: field.Name, Name: "start", Bin: edges.width, Origin: edges.origin}}, Measures: count})
		if err != nil {
			return err
		}
		counts, _ := edges.count(answer.Table)
		c.Counts = counts
		return nil
	}
	answer, err := a.ask(view.Query{
		Where: where, Groups: []view.Group{{Column: field.Name}}, Measures: count,
		Order: []view.Order{{Column: "\x00n", Desc: true}}, Limit: profileBars + 1, // the empty cell is none of them
	})
	if err != nil {
		return err
	}
	for r := range answer.Table.Rows() {
		if v := answer.Table.Value(r, 0); !v.IsNull() && len(c.Counts) < profileBars {
			if c.Top == "" {
				c.Top = field.Format(v)
			}
			c.Counts = append(c.Counts, answer.Table.Value(r, 1).Int())
		}
	}
	return nil
}

// spreadTime counts the rows of each calendar bucket at the finest grain that is drawn with few bars.
func (a *asking) spreadTime(where []view.Filter, field table.Field, low, high table.Value, count []view.Measure, c *wire.ColumnProfile) error {
	x := axis{column: field.Name, week: a.weekStart, clock: clock{field: field, zone: time.UTC}}
	if field.Instant {
		x.zone = a.zone
	}
	from, to := x.moment(low), x.moment(high)
	g := view.Second
	for g < view.Year && x.buckets(from, to, g, 4*profileBars) > 4*profileBars {
		g++
	}
	answer, err := a.ask(view.Query{Where: where, Groups: []view.Group{x.group(field.Name, g)}, Measures: count})
	if err != nil {
		return err
	}
	byStart := map[int64]int64{}
	for r := range answer.Table.Rows() {
		if v := answer.Table.Value(r, 0); !v.IsNull() {
			byStart[x.moment(v).UnixMicro()] = answer.Table.Value(r, 1).Int()
		}
	}
	var counts []int64
	for t := x.first(from, g); !t.After(to) && len(counts) < maxBuckets; t = x.next(t, g) {
		counts = append(counts, byStart[t.UnixMicro()])
	}
	c.Counts = squeeze(counts, profileBars)
	return nil
}

// squeeze adds neighbours together until there are at most n.
func squeeze(counts []int64, n int) []int64 {
	step := (len(counts) + n - 1) / n
	if step <= 1 {
		return counts
	}
	out := make([]int64, 0, n)
	for i, c := range counts {
		if i%step == 0 {
			out = append(out, 0)
		}
		out[len(out)-1] += c
	}
	return out
}
