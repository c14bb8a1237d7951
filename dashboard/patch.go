package dashboard

import (
	"reflect"
	"slices"

	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
)

// wholeFrame is the number of changed rows above which a patch that names more than half of the rows is larger than
// the frame it would make.
const wholeFrame = 64

// difference returns the patch that turns one frame of a panel into the next, nil where nothing a viewer sees differs.
func difference(panel string, from, to *frame) *wire.Patch {
	p := &wire.Patch{Panel: panel, Base: from.revision, Revision: to.revision, Length: int(to.data.Rows())}
	if !reflect.DeepEqual(from.facts, to.facts) {
		p.Facts = to.facts
	}
	whole := func() *wire.Patch {
		w := to.wire()
		p.Frame, p.Remove, p.Insert, p.Update = &w, nil, nil, nil
		return p
	}
	columns := to.columns()
	if from.err != to.err || !slices.Equal(from.columns(), columns) {
		return whole()
	}
	if from.data.Rows() == 1 && to.data.Rows() == 1 && len(to.key) == 0 {
		compareOnly(p, from, to, columns)
	} else {
		delta := table.Diff(from.data, to.data, to.key)
		touched := len(delta.Removed) + len(delta.Added) + len(delta.Changes)
		if delta.Reshaped != nil || delta.Replaced || touched > wholeFrame && touched > int(to.data.Rows())/2 {
			return whole()
		}
		encodeDelta(p, delta, columns)
	}
	if p.Remove == nil && p.Insert == nil && p.Update == nil && p.Facts == nil {
		return nil
	}
	return p
}

// compareOnly compares the only rows of two frames cell by cell: the row of a KPI is the same row whatever is in it.
func compareOnly(p *wire.Patch, from, to *frame, columns []wire.Column) {
	schema := to.data.Schema()
	for i, c := range columns {
		old, now := from.data.Value(0, i), to.data.Value(0, i)
		if old.Equal(now) {
			continue
		}
		if p.Update == nil {
			p.Update = &wire.Update{At: []int{0}}
		}
		p.Update.Columns = append(p.Update.Columns, c.Name)
		p.Update.Values = append(p.Update.Values, []any{Cell(schema.Field(i), now, c.Exact)})
		p.Update.Old = append(p.Update.Old, []any{Cell(schema.Field(i), old, c.Exact)})
	}
}

func encodeDelta(p *wire.Patch, d *table.Delta, columns []wire.Column) {
	schema := d.To.Schema()
	for _, row := range d.Removed {
		p.Remove = append(p.Remove, int(row))
	}
	if len(d.Added) > 0 {
		p.Insert = &wire.Insert{Values: make([][]any, schema.Len())}
		for _, row := range d.Added {
			p.Insert.At = append(p.Insert.At, int(row))
		}
		for i := range schema.Len() {
			for _, row := range d.Added {
				p.Insert.Values[i] = append(p.Insert.Values[i], Cell(schema.Field(i), d.To.Value(row, i), columns[i].Exact))
			}
		}
	}
	if len(d.Changes) == 0 {
		return
	}
	changed := make([]bool, schema.Len())
	u := &wire.Update{}
	for _, c := range d.Changes {
		u.At = append(u.At, int(c.To))
		for _, column := range c.Columns {
			changed[column] = true
		}
	}
	for i, c := range columns {
		if !changed[i] {
			continue
		}
		var now, old []any
		for _, change := range d.Changes {
			now = append(now, Cell(schema.Field(i), d.To.Value(change.To, i), c.Exact))
			old = append(old, Cell(schema.Field(i), d.From.Value(change.From, i), c.Exact))
		}
		u.Columns = append(u.Columns, c.Name)
		u.Values = append(u.Values, now)
		u.Old = append(u.Old, old)
	}
	p.Update = u
}
