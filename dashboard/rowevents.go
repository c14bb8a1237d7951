package dashboard

import (
	"encoding/json"
	"slices"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
)

// The bounds of a step that is told row by row. Above them reading the rows again costs a reader less than the
// differences would, and a log that one step fills is of no use to whoever wants to resume.
const (
	maxRowChanges   = 20_000  // rows
	maxRowBytes     = 1 << 20 // of encoded events
	maxUpdateGroups = 16      // events for changed cells
)

// rowEvents writes a delta as events that together turn the base into the revision. ok is false where the step is too
// large to be told row by row.
func rowEvents(d *table.Delta, key []string, base, revision uint64) (events []hub.Encoded, ok bool) {
	if d.Replaced || d.Reshaped != nil || d.RemovedRows+d.AddedRows+d.ChangedRows > maxRowChanges {
		return nil, false
	}
	schema := d.To.Schema()
	var keys []int
	for _, name := range key {
		i := schema.Index(name)
		if i < 0 {
			keys = nil
			break
		}
		keys = append(keys, i)
	}
	updates := updateGroups(d.Changes)
	left := len(updates)
	for _, some := range []int{len(d.Removed), len(d.Added)} {
		if some > 0 {
			left++
		}
	}
	size := 0
	add := func(event string, payload any) bool {
		data, err := json.Marshal(payload)
		if err != nil {
			return false // a cell that JSON cannot hold: the rows are to be read, where each is written by itself
		}
		size += len(data)
		events = append(events, hub.Encoded{Event: event, Data: data})
		return size <= maxRowBytes
	}
	more := func() bool {
		left--
		return left > 0
	}
	if len(d.Removed) > 0 {
		e := wire.RowsDelete{Base: base, Revision: revision, At: d.Removed, Keys: cells(d.From, d.Removed, keys), More: more()}
		if !add(wire.EventDelete, e) {
			return nil, false
		}
	}
	if n := int64(len(d.Added)); n > 0 {
		e := wire.RowsAppend{Base: base, Revision: revision, Values: cells(d.To, d.Added, every(schema.Len())), More: more()}
		if d.Added[0] != d.To.Rows()-n {
			e.At = d.Added
		}
		if !add(wire.EventAppend, e) {
			return nil, false
		}
	}
	for _, g := range updates {
		from, to := make([]int64, len(g.changes)), make([]int64, len(g.changes))
		for i, c := range g.changes {
			from[i], to[i] = c.From, c.To
		}
		e := wire.RowsUpdate{
			Base: base, Revision: revision, At: to, Keys: cells(d.From, from, keys),
			Values: cells(d.To, to, g.columns), Old: cells(d.From, from, g.columns), More: more(),
		}
		for _, c := range g.columns {
			e.Columns = append(e.Columns, schema.Field(c).Name)
		}
		if !add(wire.EventUpdate, e) {
			return nil, false
		}
	}
	return events, true
}

// updateGroup is changes of the same columns.
type updateGroup struct {
	columns []int
	changes []table.Change
}

// updateGroups puts changes of the same columns together, so that an event names the columns that changed and no
// other; where there would be many groups they become one with the columns of all.
func updateGroups(changes []table.Change) []updateGroup {
	var groups []updateGroup
	for _, c := range changes {
		i := slices.IndexFunc(groups, func(g updateGroup) bool { return slices.Equal(g.columns, c.Columns) })
		if i < 0 {
			if i = len(groups); i == maxUpdateGroups {
				return []updateGroup{{allColumns(changes), changes}}
			}
			groups = append(groups, updateGroup{columns: c.Columns})
		}
		groups[i].changes = append(groups[i].changes, c)
	}
	return groups
}

func allColumns(changes []table.Change) []int {
	var all []int
	for _, c := range changes {
		for _, column := range c.Columns {
			if !slices.Contains(all, column) {
				all = append(all, column)
			}
		}
	}
	slices.Sort(all)
	return all
}

func every(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// cells reads the rows' cells of some columns: one array per column, nil where no column is asked for.
func cells(t *table.Table, rows []int64, columns []int) [][]any {
	if len(columns) == 0 {
		return nil
	}
	out := make([][]any, len(columns))
	for i, column := range columns {
		field := t.Schema().Field(column)
		out[i] = make([]any, len(rows))
		for j, row := range rows {
			v := t.Value(row, column)
			out[i][j] = Cell(field, v, Exact(v))
		}
	}
	return out
}

// Exact says whether a value is an integer that a double would change, so that it has to travel as a string.
func Exact(v table.Value) bool {
	return v.Type() == table.Int && (v.Int() > exactInt || v.Int() < -exactInt)
}
