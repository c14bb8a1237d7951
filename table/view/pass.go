package view

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/dashira/dashira/table"
)

// passing is which rows of a chunk pass a filter, a bit for each. The questions of a dashboard have their filters in
// common: the memo keeps the bits, so that only the first of them looks at the cells.
type passing []uint64

// fewRows is the share of a chunk's rows below which those that are left are looked at one by one.
const fewRows = 16

// pass returns the rows of a chunk that pass every filter. They are listed in the memory of buffer, which grows to hold
// them and which the next call overwrites, or in the memo's: nobody writes into them. A nil memo keeps nothing.
func (p *plan) pass(c *table.Chunk, buffer *[]int32, memo *Memo) selection {
	deciding := make([]*predicate, 0, 4)
	for _, f := range p.where {
		all, none := f.bounds(c.Column(f.column))
		if none {
			return selection{rows: []int32{}}
		} else if !all {
			deciding = append(deciding, f)
		}
	}
	if len(deciding) == 0 {
		return selection{all: true}
	}
	key := rowsKey{chunk: c.Weak(), filters: deciding[0].key}
	for _, f := range deciding[1:] {
		key.filters += "\x00" + f.key
	}
	s, known := memo.rowsOf(key)
	if !known {
		s = passAll(c, deciding, buffer, memo)
		s = memo.keepRows(key, s)
	}
	return s
}

// passAll looks which rows pass filters of which none is decided by the chunk's bounds.
func passAll(c *table.Chunk, where []*predicate, buffer *[]int32, memo *Memo) selection {
	if cap(*buffer) < c.Rows() {
		*buffer = make([]int32, c.Rows())
	}
	out := (*buffer)[:c.Rows()]
	s := selection{all: true}
	for _, f := range where {
		col := c.Column(f.column)
		set := memo.passing(f.key, c)
		if set == nil && !s.all && len(s.rows) < c.Rows()/fewRows {
			s = filterRows(col, s, out, f.tester(col))
		} else {
			if set == nil {
				set = f.passing(col)
				memo.keepPassing(f.key, c, set)
			}
			s = set.among(s, c.Rows(), out)
		}
		if !s.all && len(s.rows) == 0 {
			return s
		}
	}
	return s
}

// among lists the rows of s that are in the set, in the memory of out, which may be that of s.
func (set passing) among(s selection, rows int, out []int32) selection {
	kept := 0
	if !s.all {
		for _, r := range s.rows {
			out[kept] = r
			kept += int(set[r>>6] >> (uint(r) & 63) & 1)
		}
		return selection{rows: out[:kept]}
	}
	for w, word := range set {
		base := int32(w << 6)
		for ; word != 0; word &= word - 1 {
			out[kept] = base + int32(bits.TrailingZeros64(word))
			kept++
		}
	}
	if kept == rows {
		return s
	}
	return selection{rows: out[:kept]}
}

// count returns how much room among needs: for each row of s or, where that has all, for each of the set.
func (set passing) count(s selection) int {
	if !s.all {
		return len(s.rows)
	}
	n := 0
	for _, word := range set {
		n += bits.OnesCount64(word)
	}
	return n
}

// passing looks at every cell of a column.
func (p *predicate) passing(c *table.Column) passing {
	n := c.Len()
	set := make(passing, (n+63)/64)
	switch {
	case p.op == Contains && c.Codes() == nil:
		set.fill(n, p.tester(c))
		return set
	case c.Codes() != nil:
		fillCodes(set, c.Codes(), p.verdicts.of(c.Dict(), p.matchText))
	case c.Ints() != nil && p.op == Range:
		low, high := p.low, p.high
		fillFrom(set, c.Ints(), func(x int64) bool { return low <= x && x <= high })
	case c.Ints() != nil:
		fillFrom(set, c.Ints(), oneOf(p.ints))
	case c.Days() != nil && p.op == Range:
		low, high := p.low, p.high
		fillFrom(set, c.Days(), func(x int32) bool { return low <= int64(x) && int64(x) <= high })
	case c.Floats() != nil && p.op == Range:
		low, high, inclusive := p.from.limit, p.to.limit, p.to.inclusive
		fillFrom(set, c.Floats(), func(x float64) bool { return x >= low && (x < high || inclusive && x == high) })
	case c.Floats() != nil:
		fillFrom(set, c.Floats(), oneOf(p.floats))
	default:
		set.fill(n, p.tester(c))
		return set
	}
	if p.not {
		for w := range set {
			set[w] = ^set[w]
		}
	}
	set.empty(c.Validity(), p.null)
	if rest := uint(n) & 63; rest != 0 {
		set[len(set)-1] &= 1<<rest - 1
	}
	return set
}

// empty sets what the empty cells, which have no bit in the validity, do.
func (set passing) empty(valid []byte, pass bool) {
	for i, b := range valid {
		there := uint64(b) << (i % 8 * 8)
		mask := uint64(0xff) << (i % 8 * 8)
		if w := &set[i/8]; pass {
			*w |= mask &^ there
		} else {
			*w &= ^mask | there
		}
	}
}

func (set passing) fill(n int, ok func(i int) bool) {
	for i := range n {
		if ok(i) {
			set[i>>6] |= 1 << (uint(i) & 63)
		}
	}
}

func fillFrom[T any](set passing, values []T, ok func(T) bool) {
	for w := range set {
		word := uint64(0)
		for i, v := range values[w<<6 : min(len(values), (w+1)<<6)] {
			bit := uint64(0)
			if ok(v) {
				bit = 1
			}
			word |= bit << uint(i)
		}
		set[w] = word
	}
}

// fillCodes is fillFrom of codes of a dictionary by their verdicts, which is what most filters are.
func fillCodes(set passing, codes []uint32, verdict []bool) {
	for w := range set {
		word := uint64(0)
		for i, code := range codes[w<<6 : min(len(codes), (w+1)<<6)] {
			bit := uint64(0)
			if verdict[code] {
				bit = 1
			}
			word |= bit << (uint(i) & 63)
		}
		set[w] = word
	}
}

// oneOf says whether a value is one of a set. A few are compared one after the other, which is faster than a hash of each.
func oneOf[T comparable](values map[T]bool) func(T) bool {
	if len(values) > 8 {
		return func(v T) bool { return values[v] }
	}
	list := make([]T, 0, len(values))
	for v := range values {
		list = append(list, v)
	}
	return func(v T) bool { return slices.Contains(list, v) }
}

// filterKey names a filter of a column among those of a memo.
func filterKey(f Filter, column int) string { return fmt.Sprintf("%d|%+v", column, f) }

// passing returns the rows of a chunk that pass a filter, nil when they are not kept.
func (m *Memo) passing(key string, c *table.Chunk) passing {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[memoKey{first: c.Weak(), part: ofPass, filter: key}]
	if !ok {
		return nil
	}
	m.recent.MoveToFront(e)
	return e.Value.(*memoEntry).pass
}

// keepPassing keeps them.
func (m *Memo) keepPassing(key string, c *table.Chunk, set passing) {
	const entryBytes = 200
	if m == nil {
		return
	}
	entry := &memoEntry{key: memoKey{first: c.Weak(), part: ofPass, filter: key}, pass: set, size: int64(len(set))*8 + entryBytes}
	m.mu.Lock()
	defer m.mu.Unlock()
	if entry.size > m.budget {
		return
	}
	if e, ok := m.entries[entry.key]; ok {
		m.drop(e)
	}
	m.push(entry)
}
