package parquet

import (
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// spot is where the values of a column stand in a batch: the fields that lead from the batch to them.
type spot struct {
	field table.Field
	path  []int
	uuid  bool // sixteen bytes that are written as people write them
}

// spots returns a column for each field; those of objects are columns of their own with dotted names.
func spots(fields []arrow.Field, path []int, name string) []spot {
	var out []spot
	for i, f := range fields {
		at := append(path[:len(path):len(path)], i)
		if f.Name = name + f.Name; len(at) <= flattenDepth {
			if s, ok := f.Type.(*arrow.StructType); ok && s.NumFields() > 0 {
				out = append(out, spots(s.Fields(), at, f.Name+".")...)
				continue
			}
		}
		_, extension := bare(f)
		out = append(out, spot{fieldOf(f), at, extension == "arrow.uuid"})
	}
	return out
}

// of returns the values of the column in a batch, and the objects that they stand in, which may be missing.
func (s *spot) of(batch arrow.RecordBatch) (values arrow.Array, around []arrow.Array) {
	values = batch.Column(s.path[0])
	for _, i := range s.path[1:] {
		around = append(around, values)
		values = values.(*array.Struct).Field(i)
	}
	return values, around
}

// append writes the value of one row; false when there is none.
func (s *spot) append(buf []byte, a arrow.Array, r int) ([]byte, bool) {
	if b, ok := a.(*array.FixedSizeBinary); ok && s.uuid {
		return appendUUID(buf, b.Value(r))
	}
	return appendArrow(buf, a, r)
}

// extensionName is under what metadata Arrow writes what a type stands for.
const extensionName = "ARROW:extension:name"

// bare returns the type in which values are stored, and what it stands for by its extension's name.
func bare(f arrow.Field) (t arrow.DataType, extension string) {
	if i := f.Metadata.FindKey(extensionName); i >= 0 {
		extension = f.Metadata.Values()[i]
	}
	for t = f.Type; ; {
		switch wrapped := t.(type) {
		case arrow.ExtensionType:
			t, extension = wrapped.StorageType(), wrapped.ExtensionName()
		case *arrow.DictionaryType:
			t = wrapped.ValueType
		case *arrow.RunEndEncodedType:
			t = wrapped.Encoded()
		default:
			return t, extension
		}
	}
}

// fieldOf is the column of a field.
func fieldOf(f arrow.Field) table.Field {
	out := table.Field{Name: f.Name, Type: table.Nested}
	if i := f.Metadata.FindKey("unit"); i >= 0 {
		out.Unit = f.Metadata.Values()[i]
	}
	t, extension := bare(f)
	switch t := t.(type) {
	case *arrow.NullType:
		out.Type = table.Null
	case *arrow.BooleanType:
		out.Type = table.Bool
	case *arrow.Uint64Type:
		out.Type = table.Null // may be beyond the 64 bits of a signed number: the values decide
	case *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Int64Type, *arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type:
		out.Type = table.Int
	case *arrow.Float16Type, *arrow.Float32Type, *arrow.Float64Type:
		out.Type = table.Float
	case arrow.DecimalType:
		if out.Type = table.Float; t.GetScale() <= 0 {
			out.Type = table.Null // whole numbers of any size
		}
	case *arrow.Date32Type, *arrow.Date64Type:
		out.Type = table.Date
	case *arrow.Time32Type, *arrow.Time64Type:
		out.Type = table.Time
	case *arrow.TimestampType:
		out.Type, out.Instant = table.Timestamp, t.TimeZone != ""
	case *arrow.DurationType:
		out.Type = table.Duration
	case *arrow.MonthIntervalType, *arrow.DayTimeIntervalType, *arrow.MonthDayNanoIntervalType,
		*arrow.BinaryType, *arrow.LargeBinaryType, *arrow.BinaryViewType, *arrow.FixedSizeBinaryType:
		out.Type = table.String
	case *arrow.StringType, *arrow.LargeStringType, *arrow.StringViewType:
		out.Type = table.String
		if i := f.Metadata.FindKey("format"); i >= 0 && f.Metadata.Values()[i] == "json" || extension == "arrow.json" {
			out.Type = table.Nested
		}
	}
	return out
}

func kindOf(t table.Type) ingest.Kind {
	switch t {
	case table.Null: // the values decide: numbers
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

// appendArrow writes one value in the form in which ingest reads it; false when there is none.
func appendArrow(buf []byte, a arrow.Array, r int) ([]byte, bool) {
	if a.IsNull(r) {
		return buf, false
	}
	switch a := a.(type) {
	case array.ExtensionArray:
		return appendArrow(buf, a.Storage(), r)
	case *array.Dictionary:
		return appendArrow(buf, a.Dictionary(), a.GetValueIndex(r))
	case *array.RunEndEncoded:
		return appendArrow(buf, a.Values(), a.GetPhysicalIndex(r))
	case *array.Null:
		return buf, false
	case *array.Date32:
		return appendDay(buf, int64(a.Value(r)))
	case *array.Date64:
		return appendDay(buf, int64(a.Value(r))/86_400_000)
	case *array.Timestamp:
		t := a.DataType().(*arrow.TimestampType)
		return appendMoment(buf, int64(a.Value(r)), unitOf(t.Unit), t.TimeZone != "")
	case *array.Time32:
		return appendClock(buf, int64(a.Value(r))*unitOf(a.DataType().(*arrow.Time32Type).Unit))
	case *array.Time64:
		return appendClock(buf, int64(a.Value(r))*unitOf(a.DataType().(*arrow.Time64Type).Unit))
	case *array.Duration:
		nanos := float64(a.Value(r)) * float64(unitOf(a.DataType().(*arrow.DurationType).Unit))
		return strconv.AppendFloat(buf, nanos/1e9, 'f', -1, 64), true
	case *array.MonthInterval:
		return appendInterval(buf, int64(a.Value(r)), 0, 0), true
	case *array.DayTimeInterval:
		v := a.Value(r)
		return appendInterval(buf, 0, int64(v.Days), int64(v.Milliseconds)*1_000_000), true
	case *array.MonthDayNanoInterval:
		v := a.Value(r)
		return appendInterval(buf, int64(v.Months), int64(v.Days), v.Nanoseconds), true
	case *array.Float16:
		return appendFloat(buf, float64(a.Value(r).Float32()), 32)
	case *array.Float32:
		return appendFloat(buf, float64(a.Value(r)), 32)
	case *array.Float64:
		return appendFloat(buf, a.Value(r), 64)
	case *array.String:
		return append(buf, a.Value(r)...), true
	case *array.LargeString:
		return append(buf, a.Value(r)...), true
	case *array.StringView:
		return append(buf, a.Value(r)...), true
	case *array.Binary:
		return appendBytes(buf, a.Value(r)), true
	case *array.LargeBinary:
		return appendBytes(buf, a.Value(r)), true
	case *array.BinaryView:
		return appendBytes(buf, a.Value(r)), true
	case *array.FixedSizeBinary:
		return appendBytes(buf, a.Value(r)), true
	case *array.Struct, *array.Map, array.ListLike, array.Union:
		return appendNested(buf, a, r), true
	}
	return append(buf, a.ValueStr(r)...), true
}

// appendNested writes one value as JSON.
func appendNested(buf []byte, a arrow.Array, r int) []byte {
	if a.IsNull(r) {
		return append(buf, "null"...)
	}
	switch a := a.(type) {
	case array.ExtensionArray:
		return appendNested(buf, a.Storage(), r)
	case *array.Dictionary:
		return appendNested(buf, a.Dictionary(), a.GetValueIndex(r))
	case *array.RunEndEncoded:
		return appendNested(buf, a.Values(), a.GetPhysicalIndex(r))
	case *array.Struct:
		buf = append(buf, '{')
		for i, f := range a.DataType().(*arrow.StructType).Fields() {
			if i > 0 {
				buf = append(buf, ',')
			}
			buf = append(ingest.AppendJSON(buf, f.Name), ':')
			buf = appendNested(buf, a.Field(i), r)
		}
		return append(buf, '}')
	case *array.Map:
		buf = append(buf, '{')
		from, to := a.ValueOffsets(r)
		for i := from; i < to; i++ {
			if i > from {
				buf = append(buf, ',')
			}
			key, _ := appendArrow(nil, a.Keys(), int(i))
			buf = append(ingest.AppendJSON(buf, string(key)), ':')
			buf = appendNested(buf, a.Items(), int(i))
		}
		return append(buf, '}')
	case array.ListLike:
		buf = append(buf, '[')
		from, to := a.ValueOffsets(r)
		for i := from; i < to; i++ {
			if i > from {
				buf = append(buf, ',')
			}
			buf = appendNested(buf, a.ListValues(), int(i))
		}
		return append(buf, ']')
	case array.Union:
		one := array.NewSlice(a, int64(r), int64(r)+1)
		defer one.Release()
		b, err := one.MarshalJSON()
		if err != nil || len(b) < 2 {
			return append(buf, "null"...)
		}
		return append(buf, b[1:len(b)-1]...)
	}
	at := len(buf)
	buf, ok := appendArrow(buf, a, r)
	return quoted(buf, at, ok, kindOf(fieldOf(arrow.Field{Type: a.DataType()}).Type))
}

func unitOf(u arrow.TimeUnit) int64 { return int64(u.Multiplier()) }

func appendClock(buf []byte, nanos int64) ([]byte, bool) {
	if nanos < 0 || nanos >= 86_400_000_000_000 {
		return append(buf, time.Duration(nanos).String()...), false
	}
	return time.Unix(0, nanos).UTC().AppendFormat(buf, "15:04:05.999999"), true
}
