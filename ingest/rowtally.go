package ingest

import (
	"math/bits"

	"github.com/dashira/dashira/table"
)

// rowTally counts the rows of each value of a column, so that chunks can be put in and taken out in any order.
type rowTally struct {
	chunks  map[*table.Chunk]int // how often each was counted
	dict    *table.Dict
	codes   []uint32 // rows of each text
	numbers numberCounts
	truths  [2]int64
	values  int64 // different codes
}

// move takes the tally to other chunks and returns how many different values they have; false when they are more than
// are counted exactly, and the tally is of no more use.
func (y *rowTally) move(chunks []*table.Chunk, column int) (int64, bool) {
	now := make(map[*table.Chunk]int, len(chunks))
	for _, c := range chunks {
		now[c]++
	}
	common := 0
	for c := range now {
		if y.chunks[c] > 0 {
			common++
		}
	}
	if common*2 < len(y.chunks) {
		*y = rowTally{}
	}
	if y.chunks == nil {
		y.chunks = map[*table.Chunk]int{}
	}
	for c, n := range y.chunks {
		for range n - now[c] {
			if !y.count(c.Column(column), -1) {
				return 0, false
			}
		}
	}
	for _, c := range chunks { // in their order, which the same file always has
		for range now[c] - y.chunks[c] {
			if !y.count(c.Column(column), 1) {
				return 0, false
			}
		}
		y.chunks[c] = now[c]
	}
	y.chunks = now
	n := y.values + int64(y.numbers.different)
	for _, rows := range y.truths {
		if rows > 0 {
			n++
		}
	}
	return n, true
}

// count puts the rows of a column in, or takes them out with -1.
func (y *rowTally) count(col *table.Column, by int) bool {
	if col.Nulls() == col.Len() {
		return true
	}
	switch {
	case col.Codes() != nil:
		if y.dict == nil {
			y.dict = col.Dict()
		}
		if y.dict != col.Dict() {
			return false
		}
		if n := y.dict.Len(); n > len(y.codes) {
			y.codes = append(y.codes, make([]uint32, n-len(y.codes))...)
		}
		for r, code := range col.Codes() {
			if col.IsNull(r) {
				continue
			}
			was := y.codes[code]
			y.codes[code] = was + uint32(by)
			if by > 0 && was == 0 {
				y.values++
			} else if by < 0 && was == 1 {
				y.values--
			}
		}
		return true
	case col.Type() == table.Bool:
		for r := range col.Len() {
			if !col.IsNull(r) {
				y.truths[b2i(col.Bool(r))] += int64(by)
			}
		}
		return true
	}
	for r := range col.Len() {
		if !col.IsNull(r) {
			y.numbers.add(numberOf(col, r), by)
			if y.numbers.used > 2*exactDistinct {
				return false
			}
		}
	}
	return y.numbers.different <= exactDistinct
}

// numberCounts counts numbers in open addressing. Those that are taken out keep their place.
type numberCounts struct {
	slots     []numberCount // a power of two, at most half full
	shift     int
	used      int
	different int // with a count
}

type numberCount struct {
	number uint64
	rows   uint32
	used   bool
}

func (s *numberCounts) add(v uint64, by int) {
	if s.used*2 >= len(s.slots) {
		s.grow()
	}
	mask := uint64(len(s.slots) - 1)
	i := v * 0x9E3779B97F4A7C15 >> s.shift
	for s.slots[i].used && s.slots[i].number != v {
		i = (i + 1) & mask
	}
	c := &s.slots[i]
	if !c.used {
		c.used, c.number = true, v
		s.used++
	}
	was := c.rows
	c.rows = was + uint32(by)
	if by > 0 && was == 0 {
		s.different++
	} else if by < 0 && was == 1 {
		s.different--
	}
}

func (s *numberCounts) grow() {
	old := s.slots
	s.slots = make([]numberCount, max(256, 4*len(old)))
	s.shift = 64 - bits.TrailingZeros(uint(len(s.slots)))
	mask := uint64(len(s.slots) - 1)
	for _, c := range old {
		if !c.used {
			continue
		}
		i := c.number * 0x9E3779B97F4A7C15 >> s.shift
		for s.slots[i].used {
			i = (i + 1) & mask
		}
		s.slots[i] = c
	}
}
