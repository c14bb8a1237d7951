package view

import (
	"cmp"
	"encoding/binary"

	"github.com/dashira/dashira/table"
)

// topRows keeps the first rows of an order: a heap with the last of them on top, once there are as many as wanted.
type topRows struct {
	order []orderPlan
	table *table.Table
	limit int
	rows  []rowKey
	heap  bool
	ranks []uint32 // of the codes of the first column: they are the keys then, and decide; nil: its cells' beginnings are
}

// rowKey is a row and the beginning of its sort key, which decides most comparisons.
type rowKey struct {
	prefix     uint64 // of the first column, ascending in the order wanted
	empty      bool   // its cell is
	chunk, row int32
}

// scan offers rows of a chunk.
func (t *topRows) scan(c *table.Chunk, index int, s selection) {
	col, desc := c.Column(t.order[0].column), t.order[0].desc
	n := s.len(c)
	// Rows mostly come in some order of time. From the end where that comes first, few of them have to be put in place.
	backwards := n > t.limit && t.key(col, desc, s, index, n-1).prefix < t.key(col, desc, s, index, 0).prefix
	for i := range n {
		if backwards {
			i = n - 1 - i
		}
		k := t.key(col, desc, s, index, i)
		if t.heap && !k.empty && !t.rows[0].empty && k.prefix > t.rows[0].prefix {
			continue
		}
		t.offer(k)
	}
}

// key returns the sort key of row i of those given.
func (t *topRows) key(col *table.Column, desc bool, s selection, index, i int) rowKey {
	r := i
	if !s.all {
		r = int(s.rows[i])
	}
	k := rowKey{chunk: int32(index), row: int32(r)}
	switch {
	case col.IsNull(r):
		k.empty = true
		return k
	case t.ranks != nil:
		k.prefix = uint64(t.ranks[col.Codes()[r]])
	default:
		k.prefix = prefixOf(col, r)
	}
	if desc {
		k.prefix = ^k.prefix
	}
	return k
}

// compareStarts compares the beginnings of two sort keys.
func compareStarts(a, b rowKey) int {
	if a.empty != b.empty {
		if a.empty {
			return 1
		}
		return -1
	}
	return cmp.Compare(a.prefix, b.prefix)
}

// prefixOf returns a number that orders the cells of a column as far as 64 bits can.
func prefixOf(c *table.Column, r int) uint64 {
	switch {
	case c.Ints() != nil:
		return uint64(c.Ints()[r]) ^ 1<<63
	case c.Days() != nil:
		return uint64(c.Days()[r]) ^ 1<<63
	case c.Floats() != nil:
		return orderedFloat(c.Floats()[r])
	case c.Type().Textual():
		return prefixOfText(c.Text(r))
	}
	return prefixOfValue(c.Value(r))
}

// prefixOfValue is prefixOf of a cell.
func prefixOfValue(v table.Value) uint64 {
	switch {
	case v.Type() == table.Float:
		return orderedFloat(v.Float())
	case v.Type().Textual():
		return prefixOfText(v.Text())
	case v.Type() == table.Bool:
		return uint64(v.Int())
	}
	return uint64(v.Int()) ^ 1<<63
}

func prefixOfText(text string) uint64 {
	var b [8]byte
	copy(b[:], text)
	return binary.BigEndian.Uint64(b[:])
}

func (t *topRows) compare(a, b rowKey) int {
	if d := compareStarts(a, b); d != 0 {
		return d
	}
	chunks := t.table.Chunks()
	for i, o := range t.order {
		x, y := chunks[a.chunk].Column(o.column), chunks[b.chunk].Column(o.column)
		if i == 0 && (t.ranks != nil || !x.Type().Textual()) {
			continue
		}
		if d := compareCells(x.Value(int(a.row)), y.Value(int(b.row)), o.desc); d != 0 {
			return d
		}
	}
	return cmp.Or(cmp.Compare(a.chunk, b.chunk), cmp.Compare(a.row, b.row))
}

// offer takes a row if it is among the first so far and says whether it did.
func (t *topRows) offer(k rowKey) bool {
	if len(t.rows) < t.limit {
		t.rows = append(t.rows, k)
		return true
	}
	if !t.heap {
		t.heap = true
		for i := len(t.rows)/2 - 1; i >= 0; i-- {
			t.sink(i)
		}
	}
	if t.compare(k, t.rows[0]) >= 0 {
		return false
	}
	t.rows[0] = k
	t.sink(0)
	return true
}

func (t *topRows) sink(i int) {
	for {
		child := 2*i + 1
		if child >= len(t.rows) {
			return
		}
		if child+1 < len(t.rows) && t.compare(t.rows[child+1], t.rows[child]) > 0 {
			child++
		}
		if t.compare(t.rows[child], t.rows[i]) <= 0 {
			return
		}
		t.rows[i], t.rows[child] = t.rows[child], t.rows[i]
		i = child
	}
}
