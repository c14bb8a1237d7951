package table

import (
	"math/bits"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Column holds the values of one column of one chunk, as an Arrow array: Int64 for Int, Time, Timestamp and Duration,
// Date32 for Date, Float64, Boolean, Uint32 codes into a [Dict] or String for text, and Null.
//
// The slices it hands out are the array's own memory: read them, never write.
type Column struct {
	typ    Type
	data   arrow.Array
	none   bool // no values at all, whatever the type: an array of nulls
	dict   *Dict
	valid  []byte // Arrow's validity bitmap, least significant bit first; nil: every value is there
	ints   []int64
	days   []int32
	floats []float64
	codes  []uint32
	bools  *array.Boolean
	texts  *array.String

	tail tails // what the values lie in, where the column may grow

	bounded sync.Once
	stats   Stats // after bounded

	ordered sync.Once
	rising  bool // after ordered
	counted sync.Once
	values  *Cardinality // after counted
}

// NewIntColumn wraps values of an integral type (Int, Time, Timestamp, Duration) without a copy. The validity bitmap
// has one bit per value, least significant first; nil means that every value is there.
func NewIntColumn(t Type, values []int64, valid []byte) *Column {
	data := build(arrow.PrimitiveTypes.Int64, len(values), valid, arrow.Int64Traits.CastToBytes(values))
	return &Column{typ: t, data: data, valid: valid, ints: values}
}

// NewDateColumn wraps days since 1970-01-01.
func NewDateColumn(days []int32, valid []byte) *Column {
	data := build(arrow.FixedWidthTypes.Date32, len(days), valid, arrow.Int32Traits.CastToBytes(days))
	return &Column{typ: Date, data: data, valid: valid, days: days}
}

// NewFloatColumn wraps finite numbers.
func NewFloatColumn(values []float64, valid []byte) *Column {
	data := build(arrow.PrimitiveTypes.Float64, len(values), valid, arrow.Float64Traits.CastToBytes(values))
	return &Column{typ: Float, data: data, valid: valid, floats: values}
}

// NewBoolColumn wraps a bitmap of n truth values.
func NewBoolColumn(truth []byte, n int, valid []byte) *Column {
	data := build(arrow.FixedWidthTypes.Boolean, n, valid, truth)
	return &Column{typ: Bool, data: data, valid: valid, bools: data.(*array.Boolean)}
}

// NewCodeColumn wraps codes into a table-wide dictionary.
func NewCodeColumn(t Type, codes []uint32, dict *Dict, valid []byte) *Column {
	data := build(arrow.PrimitiveTypes.Uint32, len(codes), valid, arrow.Uint32Traits.CastToBytes(codes))
	return &Column{typ: t, data: data, dict: dict, valid: valid, codes: codes}
}

// NewTextColumn wraps plain text: value i is text[offsets[i]:offsets[i+1]].
func NewTextColumn(t Type, offsets []int32, text []byte, valid []byte) *Column {
	data := build(arrow.BinaryTypes.String, len(offsets)-1, valid, arrow.Int32Traits.CastToBytes(offsets), text)
	return &Column{typ: t, data: data, valid: valid, texts: data.(*array.String)}
}

// NewNullColumn returns n empty cells of any type.
func NewNullColumn(t Type, n int) *Column {
	return &Column{typ: t, data: array.NewNull(n), none: true, valid: make([]byte, (n+7)/8)}
}

func build(t arrow.DataType, n int, valid []byte, buffers ...[]byte) arrow.Array {
	nulls := 0
	all := make([]*memory.Buffer, 1, 1+len(buffers))
	if valid != nil {
		all[0] = memory.NewBufferBytes(valid)
		nulls = n - countBits(valid, n)
	}
	for _, b := range buffers {
		all = append(all, memory.NewBufferBytes(b))
	}
	data := array.NewData(t, n, all, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

func countBits(bitmap []byte, n int) int {
	count := 0
	for i := range n / 8 {
		count += bits.OnesCount8(bitmap[i])
	}
	if rest := n % 8; rest > 0 {
		count += bits.OnesCount8(bitmap[n/8] & (1<<rest - 1))
	}
	return count
}

// Type returns the type of the values.
func (c *Column) Type() Type { return c.typ }

// Len returns the number of values, empty ones included.
func (c *Column) Len() int { return c.data.Len() }

// Nulls returns the number of empty cells.
func (c *Column) Nulls() int {
	if c.none {
		return c.data.Len()
	}
	return c.data.NullN()
}

// IsNull says whether cell i is empty.
func (c *Column) IsNull(i int) bool {
	return c.valid != nil && c.valid[i/8]>>(i%8)&1 == 0
}

// Validity returns the bitmap of cells that are there, least significant bit first; nil: all are.
func (c *Column) Validity() []byte { return c.valid }

// Arrow returns the array behind the column; see [Column] for its Arrow type.
func (c *Column) Arrow() arrow.Array { return c.data }

// Ints returns the values of Int, Time, Timestamp and Duration (with anything at empty cells), nil for other types and
// for a column without values.
func (c *Column) Ints() []int64 { return c.ints }

// Days returns the values of Date, nil for other types and for a column without values.
func (c *Column) Days() []int32 { return c.days }

// Floats returns the values of Float, nil for other types and for a column without values.
func (c *Column) Floats() []float64 { return c.floats }

// Codes returns the codes of text that is held in [Column.Dict], nil otherwise.
func (c *Column) Codes() []uint32 { return c.codes }

// Dict returns the dictionary of the codes, nil where text is plain.
func (c *Column) Dict() *Dict { return c.dict }

// Bool returns the truth value at i, which must not be empty.
func (c *Column) Bool(i int) bool { return c.bools.Value(i) }

// Text returns the text at i, which must not be empty.
func (c *Column) Text(i int) string {
	if c.codes != nil {
		return c.dict.Value(c.codes[i])
	}
	return c.texts.Value(i)
}

// Value returns cell i.
func (c *Column) Value(i int) Value {
	if c.IsNull(i) {
		return Value{}
	}
	switch {
	case c.ints != nil:
		return Value{typ: c.typ, n: c.ints[i]}
	case c.days != nil:
		return Value{typ: Date, n: int64(c.days[i])}
	case c.floats != nil:
		return Value{typ: Float, f: c.floats[i]}
	case c.bools != nil:
		return BoolValue(c.bools.Value(i))
	case c.codes != nil || c.texts != nil:
		return Value{typ: c.typ, s: c.Text(i)}
	}
	return Value{}
}

// Number returns cell i as [Value.Float] does.
func (c *Column) Number(i int) float64 { return c.Value(i).Float() }

// Bytes returns the memory of the column's values without its dictionary.
func (c *Column) Bytes() int64 {
	var n int64
	for _, b := range c.data.Data().Buffers() {
		if b != nil {
			n += int64(b.Len())
		}
	}
	return n
}
