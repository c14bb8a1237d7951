package view

import (
	"math"

	"github.com/dashira/dashira/table"
)

// ExactDistinct is how many different values of a group are counted exactly; above it a HyperLogLog estimates.
const ExactDistinct = 10_000

// distinct keeps the different values of each group by 64-bit hashes, one to one for everything but text (of which two
// of ten thousand collide once in 10^11 groups).
type distinct struct {
	column int
	sets   []hashSet
	loose  bool // some group holds a sketch

	dict   *table.Dict // whose codes have these hashes, while the state is filled; 0: not known yet
	hashes []uint64
}

// hashOf returns the hash of the text of a code.
func (s *distinct) hashOf(c *table.Column, code uint32) uint64 {
	if s.dict != c.Dict() {
		s.dict, s.hashes = c.Dict(), nil
	}
	if code >= denseCodes {
		return table.HashText(c.Dict().Value(code))
	}
	if int(code) >= len(s.hashes) {
		s.hashes = append(s.hashes, make([]uint64, max(64, 2*int(code)+2)-len(s.hashes))...)
	}
	h := s.hashes[code]
	if h == 0 {
		h = table.HashText(c.Dict().Value(code))
		s.hashes[code] = h
	}
	return h
}

func (s *distinct) grow(groups int) { s.sets = grown(s.sets, groups) }

func (s *distinct) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := c.Column(s.column)
	if col.Nulls() == col.Len() {
		return
	}
	add := func(g uint32, h uint64) { s.loose = s.sets[g].add(h) || s.loose }
	switch {
	case col.Ints() != nil:
		v := col.Ints()
		each(col, ids, rows, func(g uint32, r int) { add(g, scramble(uint64(v[r]))) })
	case col.Floats() != nil:
		v := col.Floats()
		each(col, ids, rows, func(g uint32, r int) { add(g, scramble(math.Float64bits(v[r]+0))) })
	case col.Codes() != nil:
		codes := col.Codes()
		each(col, ids, rows, func(g uint32, r int) { add(g, s.hashOf(col, codes[r])) })
	case col.Type().Textual():
		each(col, ids, rows, func(g uint32, r int) { add(g, table.HashText(col.Text(r))) })
	default:
		each(col, ids, rows, func(g uint32, r int) { add(g, scramble(uint64(col.Value(r).Int()))) })
	}
}

func (s *distinct) merge(o state, _ int64, ids []uint32) {
	for i, x := range o.(*distinct).sets {
		if g := ids[i]; g != skip {
			s.loose = s.sets[g].union(&x) || s.loose
		}
	}
}

func (s *distinct) result(_ *measurePlan, g int) table.Value {
	return table.IntValue(table.Int, s.sets[g].len())
}
func (s *distinct) approx() bool { return s.loose }
func (s *distinct) bytes() int64 {
	n := int64(len(s.sets)) * 48
	for i := range s.sets {
		n += int64(len(s.sets[i].slots)) * 8
		if s.sets[i].sketch != nil {
			n += 1 << 14
		}
	}
	return n
}

// hashSet is a set of hashes, exact while it is small.
type hashSet struct {
	slots  []uint64 // open addressing, a power of two; 0: free
	n      int
	zero   bool // the hash 0 is in it
	sketch *table.Cardinality
}

// add adds a hash and says whether the set is a sketch.
func (s *hashSet) add(h uint64) bool {
	if s.sketch != nil {
		s.sketch.Insert(h)
		return true
	}
	if h == 0 {
		s.zero = true
		return false
	}
	if 4*s.n >= 3*len(s.slots) {
		s.rehash()
	}
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case h:
			return false
		case 0:
			s.slots[i] = h
			s.n++
			return s.spill()
		}
	}
}

func (s *hashSet) rehash() {
	old := s.slots
	s.slots = make([]uint64, max(4, 2*len(old)))
	mask := uint64(len(s.slots) - 1)
	for _, h := range old {
		if h == 0 {
			continue
		}
		i := h & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = h
	}
}

// spill turns a set that has become too large into a sketch. The sketch is dense at once, so what it says depends only
// on what was put in and not on the order.
func (s *hashSet) spill() bool {
	if s.n <= ExactDistinct {
		return false
	}
	sketch := table.NewCardinality(14)
	for _, h := range s.slots {
		if h != 0 {
			sketch.Insert(h)
		}
	}
	if s.zero {
		sketch.Insert(0)
	}
	*s = hashSet{sketch: sketch}
	return true
}

// union adds the values of another set, which it leaves as it is.
func (s *hashSet) union(o *hashSet) bool {
	if o.sketch != nil {
		if s.sketch == nil {
			s.n = ExactDistinct + 1
			s.spill()
		}
		s.sketch.Merge(o.sketch)
		return true
	}
	for _, h := range o.slots {
		if h != 0 {
			s.add(h)
		}
	}
	if o.zero {
		s.add(0)
	}
	return s.sketch != nil
}

func (s *hashSet) len() int64 {
	switch {
	case s.sketch != nil:
		return s.sketch.Estimate()
	case s.zero:
		return int64(s.n) + 1
	}
	return int64(s.n)
}

// scramble is the finaliser of SplitMix64 (Steele, Lea, Flood 2014), which maps 64 bits one to one.
func scramble(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
