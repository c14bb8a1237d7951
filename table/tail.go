package table

import "sync"

// tail is the end of memory that the last chunk of a table grows into: revision after revision takes a longer beginning
// of one array, as slices do, and the values before are never written again.
type tail[T any] struct {
	mu  sync.Mutex
	buf []T // what some column has taken of it
}

// tailRoom is how many values a new tail has room for at least.
const tailRoom = 512

// extend returns values, which begin with old, in the memory of old where nobody has grown into what comes behind it.
func (t *tail[T]) extend(old, values []T) (*tail[T], []T) {
	n := len(values)
	if t != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		if len(t.buf) == len(old) && cap(t.buf) >= n {
			t.buf = append(t.buf, values[len(old):]...)
			return t, t.buf[:n:n]
		}
	}
	buf := make([]T, n, max(2*n, tailRoom))
	copy(buf, values)
	return &tail[T]{buf: buf}, buf[:n:n]
}

// tails are the tails of a column's values.
type tails struct {
	ints    *tail[int64]
	days    *tail[int32]
	floats  *tail[float64]
	codes   *tail[uint32]
	offsets *tail[int32]
	text    *tail[byte]
}

// grow returns a column with the values of another one that begins as this one does. Bitmaps are as they come: a byte of
// them holds old bits and new ones.
func (c *Column) grow(to *Column) *Column {
	if c.typ != to.typ || c.dict != to.dict {
		return to
	}
	var grown *Column
	t := c.tail
	switch {
	case c.ints != nil && to.ints != nil:
		var values []int64
		t.ints, values = t.ints.extend(c.ints, to.ints)
		grown = NewIntColumn(c.typ, values, to.valid)
	case c.days != nil && to.days != nil:
		var values []int32
		t.days, values = t.days.extend(c.days, to.days)
		grown = NewDateColumn(values, to.valid)
	case c.floats != nil && to.floats != nil:
		var values []float64
		t.floats, values = t.floats.extend(c.floats, to.floats)
		grown = NewFloatColumn(values, to.valid)
	case c.codes != nil && to.codes != nil:
		var values []uint32
		t.codes, values = t.codes.extend(c.codes, to.codes)
		grown = NewCodeColumn(c.typ, values, c.dict, to.valid)
	case c.texts != nil && to.texts != nil:
		from, fromText := c.plain()
		offsets, text := to.plain()
		t.offsets, offsets = t.offsets.extend(from, offsets)
		t.text, text = t.text.extend(fromText, text)
		grown = NewTextColumn(c.typ, offsets, text, to.valid)
	default:
		return to
	}
	grown.tail = t
	return grown
}

// plain returns the offsets and the bytes of plain text.
func (c *Column) plain() (offsets []int32, text []byte) {
	offsets = c.texts.ValueOffsets()
	return offsets, c.texts.ValueBytes()
}

// BytesBeside returns the memory of the chunk's values that another chunk does not hold too, as one does that this one
// grew into.
func (c *Chunk) BytesBeside(o *Chunk) int64 {
	if c == o {
		return 0
	}
	var n int64
	for i, col := range c.columns {
		if i >= len(o.columns) || !col.within(o.columns[i]) {
			n += col.Bytes()
		} else {
			n += int64(len(col.valid))
		}
	}
	return n
}

// within says whether the column's values lie at the beginning of another column's.
func (c *Column) within(o *Column) bool {
	if c == o {
		return true
	}
	return c.Len() > 0 && c.Len() <= o.Len() && (begin(c.ints, o.ints) || begin(c.floats, o.floats) || begin(c.codes, o.codes) || begin(c.days, o.days) ||
		c.tail.text != nil && c.tail.text == o.tail.text)
}

func begin[T any](a, b []T) bool { return len(a) > 0 && len(b) > 0 && &a[0] == &b[0] }
