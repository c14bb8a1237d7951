package parquet

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"

	"github.com/dashira/dashira/ingest"
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

// columnsKey is the key of the file's metadata under which stands what Parquet has no type for: by column, its unit, and
// whether its numbers are a duration in microseconds or it has no value at all.
const columnsKey = "dashira.columns"

type columnNote struct {
	Type string `json:"type,omitempty"` // duration, null
	Unit string `json:"unit,omitempty"`
}

func columnNotes(fields []table.Field) (string, error) {
	notes := map[string]columnNote{}
	for _, f := range fields {
		n := columnNote{Unit: f.Unit}
		if f.Type == table.Duration || f.Type == table.Null {
			n.Type = f.Type.String()
		}
		if n != (columnNote{}) {
			notes[f.Name] = n
		}
	}
	text, err := json.Marshal(notes)
	return string(text), err
}

// noted gives the columns back what Write noted of them. Notes that do not fit a column are of another hand and are
// passed over.
func noted(f *parquet.File, columns []leaf) {
	text, ok := f.Lookup(columnsKey)
	if !ok {
		return
	}
	var notes map[string]columnNote
	if json.Unmarshal([]byte(text), &notes) != nil {
		return
	}
	for i := range columns {
		l := &columns[i]
		n := notes[l.field.Name]
		if l.field.Type == table.Int || l.field.Type == table.Float {
			l.field.Unit = n.Unit
		}
		switch {
		case n.Type == "duration" && l.field.Type == table.Int:
			l.field.Type, l.kind = table.Duration, ingest.Lapse
			l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
				return strconv.AppendFloat(buf, float64(whole64(v))/1e6, 'f', -1, 64), true
			}
		case n.Type == "null" && l.field.Type == table.String:
			l.field.Type = table.Null
			l.append = func(buf []byte, _ parquet.Value) ([]byte, bool) { return buf, false }
		}
	}
}

// Write writes the table as a Parquet file, one row group for about a million rows. A duration is a number of
// microseconds, as Parquet has no type for it; that it is one, and units, stand in the file's metadata.
func Write(w io.Writer, t *table.Table) error {
	return write(w, t.Schema(), ingest.Whole(t), 1<<20)
}

// WriteParts is Write for tables of one schema that come one after the other and are not held together: row groups are
// smaller, since one of them is.
func WriteParts(w io.Writer, s *table.Schema, parts iter.Seq2[*table.Table, error]) error {
	return write(w, s, parts, 1<<16)
}

func write(w io.Writer, s *table.Schema, parts iter.Seq2[*table.Table, error], group int64) error {
	root := ordered{Group: parquet.Group{}, at: map[string]int{}}
	fields := s.Fields()
	for i, f := range fields {
		root.Group[f.Name] = parquet.Optional(nodeOf(f))
		root.at[f.Name] = i
	}
	if len(fields) == 0 {
		return errors.New("write Parquet: the table has no columns, and a Parquet file has one at least")
	}
	notes, err := columnNotes(fields)
	if err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	out := parquet.NewWriter(w, parquet.NewSchema("table", root), parquet.KeyValueMetadata(columnsKey, notes), parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(group))
	rows := make([]parquet.Row, 0, 256)
	flush := func() error {
		if _, err := out.WriteRows(rows); err != nil {
			return fmt.Errorf("write Parquet: %w", err)
		}
		rows = rows[:0]
		return nil
	}
	for part, err := range parts {
		if err != nil {
			return fmt.Errorf("write Parquet: %w", err)
		}
		for _, chunk := range part.Chunks() {
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
