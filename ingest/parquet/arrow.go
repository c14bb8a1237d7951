package parquet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

type arrowFormat struct{}

// NewArrow returns the format of .arrow and .feather files, and of Arrow streams.
func NewArrow() ingest.Format { return arrowFormat{} }

// Name returns "arrow".
func (arrowFormat) Name() string { return "arrow" }

// Extensions returns the endings of the names.
func (arrowFormat) Extensions() []string { return []string{".arrow", ".feather", ".arrows"} }

// Compressed is false: batches are compressed inside.
func (arrowFormat) Compressed() bool { return false }

var arrowMagic = []byte("ARROW1")

// Whole returns nil when a file ends with Arrow's mark; a stream may end anywhere.
func (arrowFormat) Whole(r io.ReaderAt, size int64) error {
	head, tail := make([]byte, 6), make([]byte, 6)
	if size < 12 {
		return brokenArrow(io.ErrUnexpectedEOF)
	}
	if _, err := r.ReadAt(head, 0); err != nil {
		return fmt.Errorf("read Arrow: %w", err)
	}
	if _, err := r.ReadAt(tail, size-6); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read Arrow: %w", err)
	}
	if bytes.Equal(head, arrowMagic) && !bytes.Equal(tail, arrowMagic) {
		return brokenArrow(io.ErrUnexpectedEOF)
	}
	return nil
}

func brokenArrow(err error) error {
	return ingest.Broken("Arrow file", err)
}

// Open reads the whole file.
func (arrowFormat) Open(ctx context.Context, in *ingest.Input) (book *ingest.Book, err error) {
	bounded := &bounded{in: in, Allocator: memory.DefaultAllocator}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *ingest.Damage:
			book, err = nil, r
		default: // the library panics over files that do not hold together
			book, err = nil, brokenArrow(fmt.Errorf("%v", r))
		}
	}()
	if err := soundArrow(in, in.Size); err != nil {
		return nil, brokenArrow(err)
	}
	r := io.NewSectionReader(in, 0, in.Size)
	head := make([]byte, min(in.Size, 6))
	if _, err := in.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read Arrow: %w", err)
	}
	var schema *arrow.Schema
	var next func() (arrow.RecordBatch, error)
	if bytes.Equal(head, arrowMagic) {
		f, err := ipc.NewFileReader(r, ipc.WithAllocator(bounded))
		if err != nil {
			return nil, brokenArrow(err)
		}
		defer f.Close()
		i := 0
		schema, next = f.Schema(), func() (arrow.RecordBatch, error) {
			if i == f.NumRecords() {
				return nil, io.EOF
			}
			i++
			return f.RecordBatch(i - 1)
		}
	} else {
		s, err := ipc.NewReader(r, ipc.WithAllocator(bounded))
		if err != nil {
			return nil, brokenArrow(err)
		}
		defer s.Release()
		schema, next = s.Schema(), func() (arrow.RecordBatch, error) {
			if !s.Next() {
				if err := s.Err(); err != nil {
					return nil, err
				}
				return nil, io.EOF
			}
			return s.RecordBatch(), nil
		}
	}
	if n := schema.NumFields(); n > in.Limits.Columns {
		return nil, ingest.TooMuch(fmt.Sprintf("the file has %d columns, more than %d", n, in.Limits.Columns), "write fewer columns")
	}
	fields := make([]table.Field, schema.NumFields())
	for i, f := range schema.Fields() {
		fields[i] = fieldOf(f)
	}
	w := newWhole(len(fields), in)
	cells := int64(0)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		batch, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, brokenArrow(err)
		}
		if cells += batch.NumRows() * batch.NumCols(); cells > in.Limits.Cells {
			return nil, ingest.TooMuch(fmt.Sprintf("the file has more than %d cells", in.Limits.Cells), "split the file")
		}
		for r := range int(batch.NumRows()) {
			for c := range fields {
				if a := batch.Column(c); !a.IsNull(r) {
					kind := kindOf(fields[c].Type)
					w.cell(c, kind, func(buf []byte) ([]byte, bool) { return appendArrow(buf, a, r, fields[c]) })
				}
			}
			if err := w.end(); err != nil {
				return nil, err
			}
		}
	}
	d, err := w.draft(fields, in)
	if err != nil {
		return nil, err
	}
	return &ingest.Book{Format: "arrow", Drafts: []ingest.Draft{*d}}, nil
}

// bounded gives Arrow the memory it asks for as long as a load may have it. The library knows no refusal, so one is a
// panic with the damage, which Open recovers.
type bounded struct {
	memory.Allocator
	in   *ingest.Input
	held int64
}

// Allocate returns size bytes.
func (b *bounded) Allocate(size int) []byte {
	b.ask(size)
	return b.Allocator.Allocate(size)
}

// Reallocate returns size bytes that begin with those of old.
func (b *bounded) Reallocate(size int, old []byte) []byte {
	b.ask(size - len(old))
	return b.Allocator.Reallocate(size, old)
}

// Free takes bytes back.
func (b *bounded) Free(old []byte) {
	b.held -= int64(len(old))
	b.Allocator.Free(old)
}

func (b *bounded) ask(more int) {
	if b.held += int64(more); more > 0 && b.held > b.in.Limits.Unpacked {
		panic(ingest.TooMuch(fmt.Sprintf("a part of the file unpacks to more than %d MiB", b.in.Limits.Unpacked>>20), "write smaller batches, or raise the limit"))
	}
}

func kindOf(t table.Type) ingest.Kind {
	switch t {
	case table.Null: // the values decide: unsigned numbers
		return ingest.Number
	case table.Bool:
		return ingest.Truth
	case table.Int, table.Float:
		return ingest.Number
	case table.Date, table.Timestamp:
		return ingest.Moment
	case table.Time:
		return ingest.Clock
	case table.Duration:
		return ingest.Lapse
	case table.Nested:
		return ingest.List
	}
	return ingest.Text
}

func fieldOf(f arrow.Field) table.Field {
	out := table.Field{Name: f.Name, Type: table.Nested}
	if i := f.Metadata.FindKey("unit"); i >= 0 {
		out.Unit = f.Metadata.Values()[i]
	}
	t := f.Type
	if d, ok := t.(*arrow.DictionaryType); ok {
		t = d.ValueType
	}
	switch t := t.(type) {
	case *arrow.NullType:
		out.Type = table.Null
	case *arrow.BooleanType:
		out.Type = table.Bool
	case *arrow.Uint64Type:
		out.Type = table.Null // may be beyond the 64 bits of a signed number: the values decide
	case *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Int64Type, *arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type:
		out.Type = table.Int
	case *arrow.Float16Type, *arrow.Float32Type, *arrow.Float64Type, *arrow.Decimal128Type, *arrow.Decimal256Type:
		out.Type = table.Float
	case *arrow.Date32Type, *arrow.Date64Type:
		out.Type = table.Date
	case *arrow.Time32Type, *arrow.Time64Type:
		out.Type = table.Time
	case *arrow.TimestampType:
		out.Type, out.Instant = table.Timestamp, t.TimeZone != ""
	case *arrow.DurationType:
		out.Type = table.Duration
	case *arrow.StringType, *arrow.LargeStringType, *arrow.StringViewType, *arrow.BinaryType, *arrow.LargeBinaryType, *arrow.FixedSizeBinaryType:
		out.Type = table.String
		if i := f.Metadata.FindKey("format"); i >= 0 && f.Metadata.Values()[i] == "json" {
			out.Type = table.Nested
		}
	}
	return out
}

// appendArrow writes one value in the form in which ingest reads it.
func appendArrow(buf []byte, a arrow.Array, r int, f table.Field) ([]byte, bool) {
	switch a := a.(type) {
	case *array.Dictionary:
		return appendArrow(buf, a.Dictionary(), a.GetValueIndex(r), f)
	case *array.Date32:
		return appendDay(buf, int64(a.Value(r)))
	case *array.Date64:
		return appendDay(buf, int64(a.Value(r))/86_400_000)
	case *array.Timestamp:
		return appendMoment(buf, int64(a.Value(r)), unitOf(a.DataType().(*arrow.TimestampType).Unit), f.Instant)
	case *array.Time32:
		return appendClock(buf, int64(a.Value(r))*unitOf(a.DataType().(*arrow.Time32Type).Unit))
	case *array.Time64:
		return appendClock(buf, int64(a.Value(r))*unitOf(a.DataType().(*arrow.Time64Type).Unit))
	case *array.Duration:
		nanos := float64(a.Value(r)) * float64(unitOf(a.DataType().(*arrow.DurationType).Unit))
		return strconv.AppendFloat(buf, nanos/1e9, 'f', -1, 64), true
	case *array.String:
		return append(buf, a.Value(r)...), true
	case *array.Uint64:
		return strconv.AppendUint(buf, a.Value(r), 10), true
	}
	switch f.Type {
	case table.Nested:
		one := array.NewSlice(a, int64(r), int64(r)+1)
		defer one.Release()
		b, err := one.MarshalJSON()
		if err != nil || len(b) < 2 {
			return buf, false
		}
		return append(buf, b[1:len(b)-1]...), true
	case table.Null:
		return buf, false
	}
	text := a.ValueStr(r)
	if f.Type == table.Float && (text == "NaN" || text == "+Inf" || text == "-Inf") {
		return buf, false
	}
	return append(buf, text...), true
}

func unitOf(u arrow.TimeUnit) int64 { return int64(u.Multiplier()) }

func appendClock(buf []byte, nanos int64) ([]byte, bool) {
	if nanos < 0 || nanos >= 86_400_000_000_000 {
		return buf, false
	}
	return time.Unix(0, nanos).UTC().AppendFormat(buf, "15:04:05.999999"), true
}
