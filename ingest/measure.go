package ingest

import (
	"context"
	"math/bits"
	"slices"

	"github.com/dashira/dashira/table"
	"github.com/zeebo/xxh3"
)

// exactDistinct is up to how many different values are counted exactly.
const exactDistinct = 10_000

const shownExamples = 5

// measure counts different values and picks examples, of several columns at once. The tallies are those of the last
// load of the same sheet.
func measure(ctx context.Context, workers int, s *Sheet, tallies map[string]*tally) error {
	own := make([]*tally, len(s.Columns))
	for i := range s.Columns {
		name := s.Columns[i].Name
		if own[i] = tallies[name]; own[i] == nil {
			own[i] = &tally{}
			tallies[name] = own[i]
		}
	}
	return parallel(ctx, workers, len(s.Columns), func(_ context.Context, _ *worker, i int) error {
		c := &s.Columns[i]
		c.Distinct = own[i].distinct(s.Table, i)
		c.Examples = examples(s.Table, i, c.Field)
		return nil
	})
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
	slots []uint64 // a power of two, at most half full
	shift int      // the place of a number is told by the upper bits of its product
	zero  bool
	n     int
}

func newNumberSet(size int) *numberSet {
	return &numberSet{slots: make([]uint64, size), shift: 64 - bits.TrailingZeros(uint(size))}
}

func (s *numberSet) place(v uint64) uint64 { return v * 0x9E3779B97F4A7C15 >> s.shift }

// has says whether a number is in the set.
func (s *numberSet) has(v uint64) bool {
	if v == 0 {
		return s.zero
	}
	mask := uint64(len(s.slots) - 1)
	for i := s.place(v); s.slots[i] != 0; i = (i + 1) & mask {
		if s.slots[i] == v {
			return true
		}
	}
	return false
}

// add puts a number in and says whether it is new.
func (s *numberSet) add(v uint64) bool {
	if v == 0 {
		is := !s.zero
		s.zero = true
		return is
	}
	if s.n*2 >= len(s.slots) {
		s.grow()
	}
	mask := uint64(len(s.slots) - 1)
	for i := s.place(v); ; i = (i + 1) & mask {
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

func (s *numberSet) grow() {
	old := s.slots
	s.slots = make([]uint64, 4*len(old))
	s.shift -= 2
	mask := uint64(len(s.slots) - 1)
	for _, v := range old {
		if v == 0 {
			continue
		}
		i := s.place(v)
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = v
	}
}
