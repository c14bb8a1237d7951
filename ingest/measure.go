package ingest

import (
	"slices"

	"github.com/dashira/dashira/table"
	"github.com/zeebo/xxh3"
)

// exactDistinct is up to how many different values are counted exactly.
const exactDistinct = 10_000

const shownExamples = 5

// measure counts different values and picks examples.
func measure(s *Sheet) {
	for i := range s.Columns {
		c := &s.Columns[i]
		c.Distinct = distinct(s.Table, i)
		c.Examples = examples(s.Table, i, c.Field)
	}
}

// examples returns the first different values in the form in which the API says them.
func examples(t *table.Table, column int, f table.Field) []string {
	var out []string
	looked := 0
	for _, chunk := range t.Chunks() {
		col := chunk.Column(column)
		if col.Nulls() == col.Len() {
			continue
		}
		for r := 0; r < col.Len() && len(out) < shownExamples && looked < 1000; r++ {
			if col.IsNull(r) {
				continue
			}
			looked++
			if text := Excerpt(f.Format(col.Value(r))); !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
		if len(out) == shownExamples || looked >= 1000 {
			break
		}
	}
	return out
}

// distinct counts the different values of a column: exactly up to 10 000 and for text in a dictionary, beyond that an
// estimate from the rows that were needed to find that many.
func distinct(t *table.Table, column int) int64 {
	var marked []uint64 // of a dictionary
	seen := newNumberSet(256)
	var count, looked int64
	truths := [2]bool{}
	for _, chunk := range t.Chunks() {
		col := chunk.Column(column)
		n := col.Len()
		if col.Nulls() == n {
			continue
		}
		switch {
		case col.Codes() != nil:
			if need := (col.Dict().Len() + 63) / 64; need > len(marked) {
				marked = append(marked, make([]uint64, need-len(marked))...)
			}
			for r, code := range col.Codes() {
				if marked[code/64]>>(code%64)&1 == 0 && !col.IsNull(r) {
					marked[code/64] |= 1 << (code % 64)
					count++
				}
			}
			continue
		case col.Type() == table.Bool:
			for r := range n {
				if !col.IsNull(r) {
					if col.Bool(r) {
						truths[1] = true
					} else {
						truths[0] = true
					}
				}
			}
			continue
		}
		for r := range n {
			if col.IsNull(r) {
				continue
			}
			looked++
			if seen.add(numberOf(col, r)) {
				if count++; count > exactDistinct {
					present := int64(0)
					for _, ch := range t.Chunks() {
						present += int64(ch.Rows() - ch.Column(column).Nulls())
					}
					return max(count, int64(float64(count)/float64(looked)*float64(present)))
				}
			}
		}
	}
	for _, is := range truths {
		if is {
			count++
		}
	}
	return count
}

// numberOf returns a number that is the value's own: of text its hash.
func numberOf(col *table.Column, r int) uint64 {
	switch {
	case col.Ints() != nil:
		return uint64(col.Ints()[r])
	case col.Days() != nil:
		return uint64(col.Days()[r])
	case col.Floats() != nil:
		return floatBits(col.Floats()[r])
	case col.Codes() != nil:
		return uint64(col.Codes()[r])
	}
	return xxh3.HashString(col.Text(r))
}

// numberSet is a set of 64-bit numbers in open addressing.
type numberSet struct {
	slots []uint64
	zero  bool
	n     int
}

func newNumberSet(size int) *numberSet { return &numberSet{slots: make([]uint64, size)} }

// add puts a number in and says whether it is new.
func (s *numberSet) add(v uint64) bool {
	if v == 0 {
		is := !s.zero
		s.zero = true
		return is
	}
	if s.n*2 >= len(s.slots) {
		old := s.slots
		s.slots = make([]uint64, 4*len(old))
		s.n = 0
		for _, o := range old {
			if o != 0 {
				s.add(o)
			}
		}
	}
	mask := uint64(len(s.slots) - 1)
	h := v * 0x9E3779B97F4A7C15
	for i := h >> 20 & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case 0:
			s.slots[i] = v
			s.n++
			return true
		case v:
			return false
		}
	}
}
