package view

import (
	"math/bits"

	"github.com/dashira/dashira/table"
)

// codeSet is a set of codes of one dictionary: a small hash table, and a bit for each code of the dictionary as soon as
// that takes no more memory. How many there are is exact.
type codeSet struct {
	slots []uint32 // open addressing, a power of two: a code plus one; 0: free
	bits  []uint64 // in the place of slots
	n     int
	// What an estimate of so many values said, for whoever asks again.
	guessed int
	guess   int64
}

// add adds a code and says whether it is new.
func (s *codeSet) add(code uint32, dict *table.Dict) bool {
	if s.bits == nil && 4*s.n >= 3*len(s.slots) {
		s.widen(dict)
	}
	if s.bits != nil {
		return s.set(code, dict)
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

func (s *codeSet) set(code uint32, dict *table.Dict) bool {
	w := int(code >> 6)
	if w >= len(s.bits) {
		s.reach(max(w+1, words(dict)))
	}
	bit := uint64(1) << (code & 63)
	if s.bits[w]&bit != 0 {
		return false
	}
	s.bits[w] |= bit
	s.n++
	return true
}

// words is how many words have a bit for every code of a dictionary.
func words(dict *table.Dict) int { return (dict.Len() + 63) / 64 }

// reach makes room for so many words of bits.
func (s *codeSet) reach(words int) {
	grown := make([]uint64, words)
	copy(grown, s.bits)
	s.bits = grown
}

// widen doubles the hash table, or puts bits in its place.
func (s *codeSet) widen(dict *table.Dict) {
	old, next := s.slots, max(16, 2*len(s.slots))
	if next*4 >= words(dict)*8 {
		s.dense(dict)
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
func (s *codeSet) dense(dict *table.Dict) {
	if s.bits != nil {
		return
	}
	old := s.slots
	s.slots, s.n = nil, 0
	s.reach(max(1, words(dict)))
	for _, x := range old {
		if x != 0 {
			s.set(x-1, dict)
		}
	}
}

// union adds the codes of another set of the same dictionary, which it leaves as it is.
func (s *codeSet) union(o *codeSet, dict *table.Dict) {
	if o.bits == nil {
		for _, x := range o.slots {
			if x != 0 {
				s.add(x-1, dict)
			}
		}
		return
	}
	s.dense(dict)
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

func (s *codeSet) bytes() int64 { return 72 + int64(len(s.slots))*4 + int64(len(s.bits))*8 }
