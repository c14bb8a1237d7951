package ingest

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"

	"github.com/dashira/dashira/table"
	"github.com/zeebo/xxh3"
)

// wordCache finds the codes of texts that were seen before without the dictionary's lock. It belongs to one goroutine.
type wordCache struct {
	dict  *table.Dict
	seed  uint64     // so that nobody can choose words that meet
	slots []wordSlot // a power of two, at most half full
	n     int
}

// wordSlot is a text and its code, small so that many stay in the processor's cache. A text of up to 16 bytes is told by
// its words and length alone; a longer one is compared with what the dictionary has under the code.
type wordSlot struct {
	wordKey
	code uint32 // plus one, 0: empty
}

// wordKey is what a text is looked up by.
type wordKey struct {
	lo, hi uint64 // its first and last bytes, which may overlap; of a long text, its hash
	length uint32
}

// shortWord is the length of the longest text that its word holds in full.
const shortWord = 16

func wordOf(b []byte) wordKey {
	n := len(b)
	w := wordKey{length: uint32(n)}
	switch {
	case n > shortWord:
		h := xxh3.Hash128(b)
		w.lo, w.hi = h.Lo, h.Hi
	case n >= 8:
		w.lo, w.hi = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		w.lo, w.hi = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	case n > 0:
		w.lo = uint64(b[0]) | uint64(b[n/2])<<8 | uint64(b[n-1])<<16
	}
	return w
}

func (w *wordKey) hash(seed uint64) uint64 {
	hi, lo := bits.Mul64(w.lo^seed, w.hi^0x9E3779B97F4A7C15^uint64(w.length)<<56)
	return (hi ^ lo) * 0xD6E8FEB86659FD93
}

// wordCacheMost bounds the cache; a column with more different texts asks the dictionary for the others.
const wordCacheMost = 1 << 17

func newWordCache(dict *table.Dict) *wordCache {
	return &wordCache{dict: dict, seed: rand.Uint64(), slots: make([]wordSlot, 256)}
}

func (w *wordCache) code(b []byte) uint32 {
	key := wordOf(b)
	mask := uint64(len(w.slots) - 1)
	for i := key.hash(w.seed) >> 20 & mask; ; i = (i + 1) & mask {
		s := &w.slots[i]
		if s.code == 0 {
			break
		}
		if s.wordKey == key && (key.length <= shortWord || w.dict.Value(s.code-1) == string(b)) {
			return s.code - 1
		}
	}
	code := w.dict.InternBytes(b)
	if w.n < wordCacheMost {
		if w.n*2 >= len(w.slots) {
			w.grow()
		}
		w.put(wordSlot{wordKey: key, code: code + 1})
		w.n++
	}
	return code
}

func (w *wordCache) put(s wordSlot) {
	mask := uint64(len(w.slots) - 1)
	i := s.hash(w.seed) >> 20 & mask
	for w.slots[i].code != 0 {
		i = (i + 1) & mask
	}
	w.slots[i] = s
}

func (w *wordCache) grow() {
	old := w.slots
	w.slots = make([]wordSlot, len(old)*2)
	for _, s := range old {
		if s.code != 0 {
			w.put(s)
		}
	}
}
