package view

import "math/bits"

// intTable maps numbers to codes. It is an open-addressing hash table with linear probing; Go's map costs several times
// as much where this is the innermost loop.
type intTable struct {
	slots []intSlot // a power of two, at most 2/3 full
	shift uint
	n     int
}

type intSlot struct {
	key  uint64
	code uint32 // plus one; 0: free
}

const fibonacci = 0x9e3779b97f4a7c15 // 2^64 over the golden ratio (Knuth, The Art of Computer Programming 3, 6.4)

// code returns the code of a number: a new number gets the next one.
func (t *intTable) code(key uint64, next uint32) (code uint32, fresh bool) {
	if 3*t.n >= 2*len(t.slots) {
		t.rehash()
	}
	mask := uint64(len(t.slots) - 1)
	for i := (key * fibonacci) >> t.shift; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.code == 0 {
			t.n++
			s.key, s.code = key, next+1
			return next, true
		}
		if s.key == key {
			return s.code - 1, false
		}
	}
}

// reserve makes room for n numbers in a table that has none yet.
func (t *intTable) reserve(n int) {
	if t.n == 0 && n > 8 {
		t.resize(1 << bits.Len(uint(n*3/2)))
	}
}

func (t *intTable) rehash() { t.resize(max(16, 2*len(t.slots))) }

func (t *intTable) resize(size int) {
	old := t.slots
	t.slots = make([]intSlot, size)
	t.shift = 64 - uint(bits.TrailingZeros(uint(size)))
	mask := uint64(size - 1)
	for _, s := range old {
		if s.code == 0 {
			continue
		}
		i := (s.key * fibonacci) >> t.shift
		for t.slots[i].code != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}

// find returns the code of a number that has one.
func (t *intTable) find(key uint64) (uint32, bool) {
	mask := uint64(len(t.slots) - 1)
	for i := (key * fibonacci) >> t.shift; ; i = (i + 1) & mask {
		switch s := &t.slots[i]; {
		case s.code == 0:
			return 0, false
		case s.key == key:
			return s.code - 1, true
		}
	}
}
