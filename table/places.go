package table

import "math/bits"

// placeTable tells where numbers occur in two sequences. The numbers are hashes already; it is an open-addressing table
// with linear probing.
type placeTable struct {
	slots []placeSlot
	mask  uint64
}

// partRows is how many elements a placeTable is made for at most: it takes 32 bytes for each.
const partRows = 1 << 21

// eachPart calls use with tables of the numbers of two sequences: one table of all where they are not long, else one
// after the other of a part of the numbers, of which in says whether a number belongs to it.
func eachPart(a, b []uint64, skipA, skipB []bool, use func(t *placeTable, in func(key uint64) bool)) {
	n := len(a) + len(b)
	parts := uint64(n/partRows + 1)
	size := max(16, 1<<bits.Len(uint(min(n, 2*partRows)*3/2)))
	t := &placeTable{slots: make([]placeSlot, size), mask: uint64(size - 1)}
	for part := range parts {
		if part > 0 {
			clear(t.slots)
		}
		in := func(key uint64) bool { return parts == 1 || key>>32%parts == part }
		for i, v := range a {
			if in(v) && (skipA == nil || !skipA[i]) {
				s := t.find(v)
				s.key, s.a = v, once(s.a, i)
			}
		}
		for i, v := range b {
			if in(v) && (skipB == nil || !skipB[i]) {
				s := t.find(v)
				s.key, s.b = v, once(s.b, i)
			}
		}
		use(t, in)
	}
}

// placeSlot is a number and its place plus one in either sequence; -1: it occurs more than once.
type placeSlot struct {
	key  uint64
	a, b int32 // both 0: a free slot
}

// find returns the slot of a number, a free one where it has none.
func (t *placeTable) find(key uint64) *placeSlot {
	for i := scramble(key) & t.mask; ; i = (i + 1) & t.mask {
		s := &t.slots[i]
		if s.key == key && s.a|s.b != 0 || s.a|s.b == 0 {
			return s
		}
	}
}

func once(before int32, place int) int32 {
	if before != 0 {
		return -1
	}
	return int32(place + 1)
}
