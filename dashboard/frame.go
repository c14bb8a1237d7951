package dashboard

import (
	"encoding/json"
	"strconv"

	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
)

// frame is one panel's answer at one revision, before it is encoded. It is immutable.
type frame struct {
	revision uint64
	data     *table.Table
	roles    map[string]string // by column, where known
	labels   map[string]string
	units    map[string]string // where the dashboard knows one that the table does not: off the column's name
	approx   map[string]bool
	key      []string // the columns that name a row; empty: none does
	facts    *wire.Facts
	err      string
	standing map[string]*standing // by column: who is shown of its many values; none: all are
}

// exactInt is the largest integer that every double below it represents.
const exactInt = 1 << 53

// columns describes the frame's columns. Integers travel as strings in a column that holds one beyond 2^53.
func (f *frame) columns() []wire.Column {
	schema := f.data.Schema()
	all := make([]wire.Column, schema.Len())
	for i := range all {
		field := schema.Field(i)
		all[i] = wire.Column{
			Name: field.Name, Label: f.labels[field.Name], Type: field.Type.String(), Unit: field.Unit, Role: f.roles[field.Name],
			Instant: field.Instant, Exact: field.Type == table.Int && wide(f.data, i), Approx: f.approx[field.Name],
		}
		if all[i].Label == "" {
			all[i].Label = field.Label
		}
		if all[i].Unit == "" {
			all[i].Unit = f.units[field.Name]
		}
	}
	return all
}

// wide says whether a column of integers holds one that a double would change.
func wide(t *table.Table, column int) bool {
	for _, chunk := range t.Chunks() {
		c := chunk.Column(column)
		for i, n := range c.Ints() {
			if (n > exactInt || n < -exactInt) && !c.IsNull(i) {
				return true
			}
		}
	}
	return false
}

// wire encodes the whole frame.
func (f *frame) wire() wire.Frame {
	w := wire.Frame{Revision: f.revision, Columns: f.columns(), Values: [][]any{}, Facts: f.facts, Error: f.err}
	for i, c := range w.Columns {
		values := make([]any, 0, f.data.Rows())
		field := f.data.Schema().Field(i)
		for _, chunk := range f.data.Chunks() {
			col := chunk.Column(i)
			for r := range chunk.Rows() {
				values = append(values, Cell(field, col.Value(r), c.Exact))
			}
		}
		w.Values = append(w.Values, values)
	}
	return w
}

// Cell is a value as it travels; package wire says how each type does. Exact asks for integers as strings.
func Cell(f table.Field, v table.Value, exact bool) any {
	switch v.Type() {
	case table.Null:
		return nil
	case table.Bool:
		return v.Bool()
	case table.Int:
		if exact {
			return strconv.FormatInt(v.Int(), 10)
		}
		return v.Int()
	case table.Float, table.Duration:
		return v.Float()
	case table.Nested:
		return json.RawMessage(v.Text())
	}
	return f.Format(v)
}
