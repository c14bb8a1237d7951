package view

import (
	"math/bits"

	"github.com/dashira/dashira/table"
)

// codeSet is a set of codes of so many that there may be: a small hash table, and a bit for each possible code as soon as
// that takes no more memory. How many there are is exact.
type codeSet struct {
	slots  []uint32 // open addressing, a power of two: a code plus one; 0: free
	bits   []uint64 // in the place of slots
	n      int
	sketch *table.Cardinality // of the values, once an estimate of them was asked for; whoever adds a code adds to it
}

// add adds a code of so many and says whether it is new.
func (s *codeSet) add(code uint32, of int) bool {
	if s.bits == nil && 4*s.n >= 3*len(s.slots) {
		s.widen(of)
	}
	if s.bits != nil {
		return s.set(code, of)
	}
	mask := uint32(len(s.slots) - 1)
	for i := s.place(code); ; i = (i + 1) & mask {
		switch s.slots[i] {
		case code + 1:
			return false
		case 0:
			s.slots[i] = code + 1
			s.n++
			return true
		}
	}
}

// place returns where in the hash table a code is looked for first.
func (s *codeSet) place(code uint32) uint32 {
	return code * (fibonacci >> 32) >> (32 - bits.TrailingZeros(uint(len(s.slots))))
}

func (s *codeSet) set(code uint32, of int) bool {
	w := int(code >> 6)
	if w >= len(s.bits) {
		s.reach(max(w+1, words(of)))
	}
	bit := uint64(1) << (code & 63)
	if s.bits[w]&bit != 0 {
		return false
	}
	s.bits[w] |= bit
	s.n++
	return true
}

// words is how many words have a bit for each of so many codes.
func words(codes int) int { return (codes + 63) / 64 }

// reach makes room for so many words of bits.
func (s *codeSet) reach(words int) {
	grown := make([]uint64, words)
	copy(grown, s.bits)
	s.bits = grown
}

// widen doubles the hash table, or puts bits in its place.
func (s *codeSet) widen(of int) {
	old, next := s.slots, max(16, 2*len(s.slots))
	if next*4 >= words(of)*8 {
		s.dense(of)
		return
	}
	s.slots = make([]uint32, next)
	mask := uint32(next - 1)
	for _, x := range old {
		if x == 0 {
			continue
		}
		i := s.place(x - 1)
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = x
	}
}

// dense puts bits in the place of the hash table.
func (s *codeSet) dense(of int) {
	if s.bits != nil {
		return
	}
	old := s.slots
	s.slots, s.n = nil, 0
	s.reach(max(1, words(of)))
	for _, x := range old {
		if x != 0 {
			s.set(x-1, of)
		}
	}
}

// union adds another set of such codes, which it leaves as it is.
func (s *codeSet) union(o *codeSet, of int) {
	if o.bits == nil {
		for _, x := range o.slots {
			if x != 0 {
				s.add(x-1, of)
			}
		}
		return
	}
	s.dense(of)
	if len(s.bits) < len(o.bits) {
		s.reach(len(o.bits))
	}
	for w, word := range o.bits {
		s.n += bits.OnesCount64(word &^ s.bits[w])
		s.bits[w] |= word
	}
}

// each calls f with every code.
func (s *codeSet) each(f func(code uint32)) {
	for _, x := range s.slots {
		if x != 0 {
			f(x - 1)
		}
	}
	for w, word := range s.bits {
		for ; word != 0; word &= word - 1 {
			f(uint32(w<<6 + bits.TrailingZeros64(word)))
		}
	}
}

func (s *codeSet) bytes() int64 {
	n := 72 + int64(len(s.slots))*4 + int64(len(s.bits))*8
	if s.sketch != nil {
		n += sketchBytes
	}
	return n
}
