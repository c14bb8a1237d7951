// Package parquet reads Parquet and Arrow IPC files, types as they are, and writes Parquet.
package parquet

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

type parquetFormat struct{}

// New returns the format of .parquet files.
func New() ingest.Format { return parquetFormat{} }

// Name returns "parquet".
func (parquetFormat) Name() string { return "parquet" }

// Extensions returns the endings of the names.
func (parquetFormat) Extensions() []string { return []string{".parquet", ".pq"} }

// Compressed is false: the pages are compressed inside.
func (parquetFormat) Compressed() bool { return false }

// Whole returns nil when the footer at the file's end can be read.
func (parquetFormat) Whole(r io.ReaderAt, size int64) error {
	_, err := open(r, size)
	return err
}

func broken(err error) error {
	return ingest.Broken("Parquet file", err)
}

// damaged is broken for what may also be a limit that was reached.
func damaged(err error) error {
	if errors.As(err, new(*ingest.Damage)) {
		return err
	}
	return broken(err)
}

func open(r io.ReaderAt, size int64) (f *parquet.File, err error) {
	defer recovered(&err)
	if _, err := soundFooter(r, size); err != nil {
		return nil, broken(err)
	}
	f, err = parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, broken(err)
	}
	return f, nil
}

// elementBytes is about what an entry of a footer takes in memory.
const elementBytes = 256

// recovered makes damage of a panic: the library panics over files that do not hold together.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = broken(fmt.Errorf("%v", r))
	}
}

// Open reads the whole file.
func (parquetFormat) Open(ctx context.Context, in *ingest.Input) (book *ingest.Book, err error) {
	defer recovered(&err)
	elements, err := soundFooter(in, in.Size)
	if err != nil {
		return nil, broken(err)
	}
	if err := in.Reserve(elements * elementBytes); err != nil {
		return nil, err
	}
	f, err := open(in, in.Size)
	if err != nil {
		return nil, err
	}
	var columns []leaf
	leaves := 0
	for _, field := range f.Schema().Fields() {
		var more []leaf
		more, leaves = spread(field, nil, 0, leaves)
		columns = append(columns, more...)
	}
	noted(f, columns)
	if len(columns) > in.Limits.Columns {
		return nil, ingest.TooMuch(fmt.Sprintf("the file has %d columns, more than %d", len(columns), in.Limits.Columns), "write fewer columns")
	}
	if cells := f.NumRows() * int64(len(columns)); cells > in.Limits.Cells {
		return nil, ingest.TooMuch(fmt.Sprintf("the file has %d cells, more than %d", cells, in.Limits.Cells), "split the file")
	}
	unpacked := int64(0)
	for _, group := range f.Metadata().RowGroups {
		for i := range group.Columns {
			unpacked += max(group.Columns[i].MetaData.TotalUncompressedSize, 0)
		}
	}
	if unpacked > in.Limits.Unpacked {
		return nil, ingest.TooMuch(fmt.Sprintf("the file unpacks to %d MiB, more than %d MiB", unpacked>>20, in.Limits.Unpacked>>20), "split the file, or raise the limit")
	}
	packed, err := soundPages(in, in.Size, f.Metadata(), in.Limits)
	if err != nil {
		return nil, damaged(err)
	}
	if packed {
		if err := in.Reserve(unpacked); err != nil {
			return nil, err
		}
		b, err := unpackLZ4(in, in.Size, f.Metadata())
		if err != nil {
			return nil, damaged(err)
		}
		if f, err = open(bytes.NewReader(b), int64(len(b))); err != nil {
			return nil, err
		}
	}
	w := newWhole(len(columns), in)
	rows := make([]parquet.Row, 256)
	for _, group := range f.RowGroups() {
		if err := read(ctx, group.Rows(), rows, columns, make([][]parquet.Value, leaves), w); err != nil {
			return nil, err
		}
	}
	fields := make([]table.Field, len(columns))
	for i, c := range columns {
		fields[i] = c.field
	}
	d, err := w.draft(fields, in)
	if err != nil {
		return nil, err
	}
	return &ingest.Book{Format: "parquet", Drafts: []ingest.Draft{*d}}, nil
}

// read reads rows; values has a place for each leaf's.
func read(ctx context.Context, from parquet.Rows, rows []parquet.Row, columns []leaf, values [][]parquet.Value, w *whole) error {
	defer from.Close()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := from.ReadRows(rows)
		for _, row := range rows[:n] {
			clear(values)
			row.Range(func(column int, own []parquet.Value) bool {
				if column < len(values) {
					values[column] = own
				}
				return true
			})
			for i := range columns {
				columns[i].put(w, i, values[columns[i].first:columns[i].last])
			}
			if err := w.end(); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return broken(err)
		}
	}
}

// leaf is one column of the table.
type leaf struct {
	field       table.Field
	first, last int // the leaves of the file that it is made of
	nested      *branch
	defined     int // how many fields must be there for a nested value to be
	append      func(buf []byte, v parquet.Value) ([]byte, bool)
	kind        ingest.Kind
}

func leafOf(t parquet.Type) leaf {
	l := leaf{kind: ingest.Number}
	decimal := func(scale int) {
		l.field.Type = table.Float
		if scale == 0 {
			l.field.Type = table.Null // whole numbers, which may be beyond 64 bits: the values decide
		}
		l.append = func(buf []byte, v parquet.Value) ([]byte, bool) { return appendDecimal(buf, v, scale), true }
	}
	integer := func(buf []byte, v parquet.Value) ([]byte, bool) { return strconv.AppendInt(buf, whole64(v), 10), true }
	moment := func(unit int64, instant bool) {
		l.field, l.kind = table.Field{Type: table.Timestamp, Instant: instant}, ingest.Moment
		l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
			return appendMoment(buf, whole64(v), unit, instant)
		}
	}
	clock := func(unit int64) {
		l.field.Type, l.kind = table.Time, ingest.Clock
		l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
			n := whole64(v)
			if n < 0 || n > 86_400e9/unit {
				return strconv.AppendInt(buf, n, 10), false
			}
			return appendClock(buf, n*unit)
		}
	}
	if logical := t.LogicalType(); logical != nil {
		switch lt := logical.Value.(type) {
		case *format.DecimalType:
			decimal(int(lt.Scale))
			return l
		case *format.DateType:
			l.field.Type, l.kind = table.Date, ingest.Moment
			l.append = func(buf []byte, v parquet.Value) ([]byte, bool) { return appendDay(buf, int64(v.Int32())) }
			return l
		case *format.TimestampType:
			moment(nanos(lt.Unit), lt.IsAdjustedToUTC)
			return l
		case *format.TimeType:
			clock(nanos(lt.Unit))
			return l
		case *format.IntType:
			l.field.Type, l.append = table.Int, integer
			if !lt.IsSigned {
				if lt.BitWidth == 64 {
					l.field.Type = table.Null // may be beyond the 64 bits of a signed number: the values decide
				}
				l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
					if v.Kind() == parquet.Int32 {
						return strconv.AppendUint(buf, uint64(v.Uint32()), 10), true
					}
					return strconv.AppendUint(buf, v.Uint64(), 10), true
				}
			}
			return l
		case *format.UUIDType:
			l.field.Type, l.kind = table.String, ingest.Text
			l.append = func(buf []byte, v parquet.Value) ([]byte, bool) { return appendUUID(buf, v.ByteArray()) }
			return l
		case *format.JsonType:
			l.field.Type, l.kind = table.Nested, ingest.List
			l.append = func(buf []byte, v parquet.Value) ([]byte, bool) { return append(buf, v.ByteArray()...), true }
			return l
		case *format.Float16Type:
			l.field.Type = table.Float
			l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
				b := v.ByteArray()
				if len(b) != 2 {
					return buf, false
				}
				return appendFloat(buf, float64(float16.FromLEBytes(b).Float32()), 32)
			}
			return l
		case *format.StringType, *format.EnumType:
			l.field.Type, l.kind = table.String, ingest.Text
			l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
				return append(buf, strings.ToValidUTF8(string(v.ByteArray()), "\uFFFD")...), true
			}
			return l
		}
	}
	if c := t.ConvertedType(); c != nil && *c == deprecated.Interval && t.Length() == 12 {
		l.field.Type, l.kind = table.String, ingest.Text
		l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
			b := v.ByteArray()
			if len(b) != 12 {
				return buf, false
			}
			part := func(i int) int64 { return int64(binary.LittleEndian.Uint32(b[i:])) }
			return appendInterval(buf, part(0), part(4), part(8)*1_000_000), true
		}
		return l
	}
	switch t.Kind() {
	case parquet.Boolean:
		l.field.Type, l.kind = table.Bool, ingest.Truth
		l.append = func(buf []byte, v parquet.Value) ([]byte, bool) { return strconv.AppendBool(buf, v.Boolean()), true }
	case parquet.Int32, parquet.Int64:
		l.field.Type, l.append = table.Int, integer
	case parquet.Int96:
		l.field, l.kind = table.Field{Type: table.Timestamp}, ingest.Moment
		l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
			n := v.Int96()
			days := int64(n[2]) - 2_440_588 // the Julian day of 1970-01-01
			return appendMoment(buf, days*86_400_000_000+int64(uint64(n[1])<<32|uint64(n[0]))/1000, 1000, false)
		}
	case parquet.Float, parquet.Double:
		l.field.Type = table.Float
		l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
			bits, f := 64, v.Double()
			if v.Kind() == parquet.Float {
				bits, f = 32, float64(v.Float())
			}
			return appendFloat(buf, f, bits)
		}
	default:
		l.field.Type, l.kind = table.String, ingest.Text
		l.append = func(buf []byte, v parquet.Value) ([]byte, bool) {
			return appendBytes(buf, v.ByteArray()), true
		}
	}
	return l
}

// appendFloat appends a number; there is none for NaN and infinities.
func appendFloat(buf []byte, f float64, bits int) ([]byte, bool) {
	return strconv.AppendFloat(buf, f, 'g', -1, bits), !math.IsNaN(f) && !math.IsInf(f, 0)
}

func nanos(u format.TimeUnit) int64 {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return 1_000_000
	case *format.MicroSeconds:
		return 1000
	}
	return 1
}

func whole64(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

func appendDay(buf []byte, days int64) ([]byte, bool) {
	t := time.Unix(days*86_400, 0).UTC()
	return t.AppendFormat(buf, "2006-01-02"), t.Year() >= 0 && t.Year() <= 9999
}

// appendMoment writes a count of units of so many nanoseconds since 1970.
func appendMoment(buf []byte, n, unit int64, instant bool) ([]byte, bool) {
	per := 1_000_000_000 / unit
	seconds, rest := n/per, n%per
	t := time.Unix(seconds, rest*unit).UTC()
	buf = t.AppendFormat(buf, "2006-01-02T15:04:05.999999")
	if instant {
		buf = append(buf, 'Z')
	}
	return buf, t.Year() >= 0 && t.Year() <= 9999
}

func appendDecimal(buf []byte, v parquet.Value, scale int) []byte {
	n := new(big.Int)
	switch v.Kind() {
	case parquet.Int32, parquet.Int64:
		n.SetInt64(whole64(v))
	default:
		b := v.ByteArray()
		n.SetBytes(b)
		if len(b) > 0 && b[0]&0x80 != 0 { // two's complement, the high byte first
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	}
	text := n.String()
	if scale <= 0 {
		return append(append(buf, text...), strings.Repeat("0", -scale)...)
	}
	if text[0] == '-' {
		buf = append(buf, '-')
		text = text[1:]
	}
	if len(text) <= scale {
		text = strings.Repeat("0", scale+1-len(text)) + text
	}
	buf = append(buf, text[:len(text)-scale]...)
	buf = append(buf, '.')
	return append(buf, text[len(text)-scale:]...)
}

func appendUUID(buf, b []byte) ([]byte, bool) {
	if len(b) != 16 {
		return buf, false
	}
	return fmt.Appendf(buf, "%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), true
}

// put adds the value of one row. A list or an object that is missing as a whole is no value.
func (l *leaf) put(w *whole, column int, values [][]parquet.Value) {
	if len(values) == 0 || len(values[0]) == 0 {
		return
	}
	if l.nested == nil {
		if !values[0][0].IsNull() {
			w.cell(column, l.kind, func(buf []byte) ([]byte, bool) { return l.append(buf, values[0][0]) })
		}
		return
	}
	if values[0][0].DefinitionLevel() < l.defined {
		return
	}
	w.cell(column, l.kind, func(buf []byte) ([]byte, bool) {
		at := len(buf)
		buf = l.nested.write(buf, values)
		return buf, string(buf[at:]) != "null"
	})
}
