package parquet

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/dashira/dashira/table"
	"github.com/parquet-go/parquet-go"
)

// ordered is a group whose fields stand in the table's order and not in the alphabet's.
type ordered struct {
	parquet.Group
	at map[string]int
}

// Fields returns the fields in the table's order.
func (o ordered) Fields() []parquet.Field {
	fields := o.Group.Fields()
	slices.SortFunc(fields, func(a, b parquet.Field) int { return cmp.Compare(o.at[a.Name()], o.at[b.Name()]) })
	return fields
}

// Write writes the table as a Parquet file, one row group for about a million rows. A duration is a number of
// microseconds, as Parquet has no type for it.
func Write(w io.Writer, t *table.Table) error {
	root := ordered{Group: parquet.Group{}, at: map[string]int{}}
	fields := t.Schema().Fields()
	for i, f := range fields {
		root.Group[f.Name] = parquet.Optional(nodeOf(f))
		root.at[f.Name] = i
	}
	out := parquet.NewWriter(w, parquet.NewSchema("table", root), parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(1<<20))
	rows := make([]parquet.Row, 0, 256)
	flush := func() error {
		if _, err := out.WriteRows(rows); err != nil {
			return fmt.Errorf("write Parquet: %w", err)
		}
		rows = rows[:0]
		return nil
	}
	for _, chunk := range t.Chunks() {
		for r := range chunk.Rows() {
			row := make(parquet.Row, len(fields))
			for c := range fields {
				row[c] = valueOf(chunk.Column(c), r, c)
			}
			if rows = append(rows, row); len(rows) == cap(rows) {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

func nodeOf(f table.Field) parquet.Node {
	switch f.Type {
	case table.Bool:
		return parquet.Leaf(parquet.BooleanType)
	case table.Int, table.Duration:
		return parquet.Int(64)
	case table.Float:
		return parquet.Leaf(parquet.DoubleType)
	case table.Date:
		return parquet.Date()
	case table.Time:
		return parquet.Time(parquet.Microsecond)
	case table.Timestamp:
		return parquet.TimestampAdjusted(parquet.Microsecond, f.Instant)
	case table.Nested:
		return parquet.JSON()
	}
	return parquet.String()
}

func valueOf(col *table.Column, r, column int) parquet.Value {
	if col.IsNull(r) {
		return parquet.NullValue().Level(0, 0, column)
	}
	v := col.Value(r)
	var p parquet.Value
	switch v.Type() {
	case table.Bool:
		p = parquet.BooleanValue(v.Bool())
	case table.Float:
		p = parquet.DoubleValue(v.Float())
	case table.Date:
		p = parquet.Int32Value(int32(v.Int()))
	case table.String, table.Nested:
		p = parquet.ByteArrayValue([]byte(v.Text()))
	default:
		p = parquet.Int64Value(v.Int())
	}
	return p.Level(0, 1, column)
}
