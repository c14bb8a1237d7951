package dashboard

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// ErrNoTable says that there is no table with a name; ErrNoPanel that no panel with a name lists categories; ErrNoRevision that history does not hold a revision.
var (
	ErrNoTable    = errors.New("there is no such table")
	ErrNoPanel    = errors.New("there is no such list among the panels")
	ErrNoRevision = errors.New("there is no such revision any more")
)

// SnapshotAt returns a dashboard under a selection as it was at a revision; 0 is now.
func (m *Model) SnapshotAt(ctx context.Context, scope Scope, slug string, s Selection, revision uint64) (*wire.Snapshot, error) {
	if revision != 0 && !scope.MayHistory() {
		return nil, ErrNoRevision
	}
	state := m.At(revision)
	if state == nil {
		return nil, ErrNoRevision
	}
	if !scope.MayFilter() {
		s, _ = ParseSelection(nil)
	}
	s = s.sized(state.Dashboard(slug))
	p, err := m.draw(ctx, scope, slug, s, state, nil)
	if err != nil {
		return nil, err
	}
	w := m.snapshot(scope, slug, s, p, "")
	return &w, nil
}

// mostListed bounds the categories of a list that a viewer has asked to see whole.
const mostListed = 1000

// Listed answers one panel that lists categories, or has a small chart for each, with more of them than fit into it; the
// rest of a list is again one figure.
func (m *Model) Listed(ctx context.Context, scope Scope, slug string, s Selection, panel string, limit int, revision uint64) (*wire.Frame, error) {
	if revision != 0 && !scope.MayHistory() {
		return nil, ErrNoRevision
	}
	state := m.At(revision)
	if state == nil {
		return nil, ErrNoRevision
	}
	d := state.Dashboard(slug)
	if d == nil || !scope.May(slug) {
		return nil, ErrNoDashboard
	}
	if !scope.MayFilter() {
		s, _ = ParseSelection(nil)
	}
	t := state.Table(d.Table)
	a, err := newAsking(ctx, m, scope, state, t, d, s, view.NoGrain)
	if err != nil {
		return nil, err
	}
	for _, p := range panels(d) {
		if p.Name != panel || p.Facet == "" && p.Mark != "ranked" && p.Mark != "bar" {
			continue
		}
		if p.Facet != "" {
			p.Facets = max(1, min(limit, 100))
		} else {
			p.Limit = max(1, min(limit, mostListed))
		}
		f := a.answer(p, t.Revision, m.options.Logger).wire()
		return &f, ctx.Err()
	}
	return nil, ErrNoPanel
}

// maxValues bounds what a filter picker shows at once.
const maxValues = 200

// Values returns what a filter on a column can be set to, the most frequent first, under the selection without the
// column's own filter. Search keeps the values whose text contains it, ignoring case.
func (m *Model) Values(ctx context.Context, scope Scope, slug string, s Selection, column, search string) (*wire.Values, error) {
	state := m.State()
	d := state.Dashboard(slug)
	if d == nil || !scope.May(slug) {
		return nil, ErrNoDashboard
	}
	t := state.Table(d.Table)
	data, _, err := state.derived(t, d)
	if err != nil {
		return nil, err
	}
	i := data.Schema().Index(column)
	if _, locked := scope.Lock[column]; i < 0 || locked || !slices.Contains(visible(data.Schema()), column) || !scope.MayFilter() {
		return nil, &BadSelection{Parameter: "column", Reason: "there is no such column", Allowed: fieldNames(fields(d, scope))}
	}
	a, err := newAsking(ctx, m, scope, state, t, d, s, view.NoGrain)
	if err != nil {
		return nil, err
	}
	answer, err := a.ask(view.Query{
		Where: a.where(column), Groups: []view.Group{{Column: column}},
		Measures: []view.Measure{{Name: "\x00rows", Op: view.Count}},
	})
	if err != nil {
		return nil, err
	}
	w := &wire.Values{Column: column, Values: []wire.ValueRows{}}
	field := data.Schema().Field(i)
	search = strings.ToLower(search)
	for _, r := range ranked(answer.Table, 1) {
		text := field.Format(answer.Table.Value(r, 0))
		if search != "" && !strings.Contains(strings.ToLower(text), search) {
			continue
		}
		w.Distinct++
		if len(w.Values) < maxValues {
			w.Values = append(w.Values, wire.ValueRows{Value: text, Rows: answer.Table.Value(r, 1).Int()})
		}
	}
	return w, nil
}

func fieldNames(fields []wire.Field) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return names
}

// under returns the dashboard whose columns and rows a query is about.
func under(state *State, t *Table, scope Scope, q RowsQuery) *manifest.Dashboard {
	if q.Dashboard != "" {
		if d := state.Dashboard(q.Dashboard); d != nil && d.Table == t.Name && scope.May(d.Slug) {
			return d
		}
	}
	names := slices.Clone(q.Columns)
	for _, o := range strings.Split(q.Sort, ",") {
		names = append(names, strings.TrimPrefix(o, "-"))
	}
	for name := range q.Selection.Filters {
		names = append(names, name)
	}
	plain := *t.Dashboard
	plain.Derive = nil
	for _, d := range t.Dashboards {
		if d.Derive == nil || !scope.May(d.Slug) {
			continue
		}
		for _, name := range names {
			if t.Data.Schema().Index(name) < 0 && d.Derive.Schema().Index(name) >= 0 {
				return d
			}
		}
	}
	return &plain
}

// RowsQuery asks for the rows of a table.
type RowsQuery struct {
	Dashboard string    // the slug of one over the table, whose calculated columns and condition count; empty: see Rows
	Selection Selection // its filters and its range; grain and comparison do not matter here
	Search    string
	Sort      string // "-ordered_at,region"
	Columns   []string
	Offset    int
	Limit     int    // 0: all
	Revision  uint64 // 0: now
}

// Rows is an answer to a [RowsQuery]: parts come one after the other and are not held together.
type Rows struct {
	Table    *Table
	Schema   *table.Schema // of the parts
	Revision uint64
	Total    int64 // rows that there are without offset and limit; -1: not counted
	Parts    iter.Seq2[*table.Table, error]
}

// Rows reads a table. Without an order it goes chunk by chunk, so that a table of any size costs the memory of one; in
// an order it holds the places of the rows and not the rows. The rows are those of the file, unless a column, a filter or
// the order names a column that a dashboard has beside them, or the query names a dashboard.
func (m *Model) Rows(ctx context.Context, scope Scope, name string, q RowsQuery) (*Rows, error) {
	state := m.At(q.Revision)
	if state == nil {
		return nil, ErrNoRevision
	}
	t := state.Table(name)
	if t == nil || !t.MayBeSeen(scope) || !scope.MayRows() {
		return nil, ErrNoTable
	}
	if q.Dashboard == "" && q.Selection.Range == "" {
		q.Selection.Range = allTime
	}
	d := under(state, t, scope, q)
	data, _, err := state.derived(t, d)
	if err != nil {
		return nil, err
	}
	a, err := newAsking(ctx, m, scope, state, t, d, q.Selection, view.NoGrain)
	if err != nil {
		return nil, err
	}
	if names := visible(data.Schema()); len(q.Columns) == 0 && len(names) < data.Schema().Len() {
		q.Columns = names
	}
	where := a.where("")
	query := view.Query{Where: where, Search: q.Search, Columns: q.Columns, Order: ParseSort(q.Sort, data.Schema())}
	whole := query
	whole.Offset, whole.Limit = q.Offset, q.Limit
	v, err := view.New(data.Schema(), whole, nil)
	if err != nil {
		return nil, err
	}
	rows := &Rows{Table: t, Schema: v.Schema(), Revision: t.Revision, Total: -1}
	if len(query.Order) > 0 || q.Limit > 0 && q.Limit <= table.DefaultChunkRows {
		parts, total, err := v.Parts(ctx, data)
		if err != nil {
			return nil, err
		}
		rows.Total = total
		rows.Parts = func(yield func(*table.Table, error) bool) {
			for part := range parts {
				if !yield(part, nil) {
					return
				}
			}
			if err := ctx.Err(); err != nil {
				yield(nil, err)
			}
		}
		return rows, nil
	}
	part, err := view.New(data.Schema(), query, nil)
	if err != nil {
		return nil, err
	}
	rows.Parts = func(yield func(*table.Table, error) bool) {
		skip, left := int64(q.Offset), int64(q.Limit)
		for _, chunk := range data.Chunks() {
			if q.Limit > 0 && left <= 0 {
				return
			}
			answer, err := part.Answer(ctx, table.New(data.Schema(), chunk))
			if err != nil {
				yield(nil, err)
				return
			}
			n := answer.Table.Rows()
			if skip >= n {
				skip -= n
				continue
			}
			piece := answer.Table
			end := n
			if q.Limit > 0 {
				end = min(n, skip+left)
			}
			if skip > 0 || end < n {
				piece = slice(piece, skip, end)
			}
			left -= end - skip
			skip = 0
			if !yield(piece, nil) {
				return
			}
		}
	}
	return rows, nil
}

// slice copies the rows of [from, to).
func slice(t *table.Table, from, to int64) *table.Table {
	b := table.NewBuilder(t.Schema(), nil)
	row := make([]table.Value, t.Schema().Len())
	for r := from; r < to; r++ {
		for c := range row {
			row[c] = t.Value(r, c)
		}
		b.Append(row...)
	}
	return b.Table()
}
