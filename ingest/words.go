package ingest

import (
	"github.com/dashira/dashira/table"
	"github.com/zeebo/xxh3"
)

// wordCache finds the codes of texts that were seen before without the dictionary's lock. It belongs to one goroutine.
type wordCache struct {
	dict  *table.Dict
	slots []wordSlot // a power of two, at most half full
	n     int
}

type wordSlot struct {
	hash uint64
	text string
	code uint32 // plus one, 0: empty
}

// wordCacheMost bounds the cache; a column with more different texts asks the dictionary for the others.
const wordCacheMost = 1 << 17

func newWordCache(dict *table.Dict) *wordCache {
	return &wordCache{dict: dict, slots: make([]wordSlot, 256)}
}

func (w *wordCache) code(b []byte) uint32 {
	h := xxh3.Hash(b)
	mask := uint64(len(w.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		s := &w.slots[i]
		if s.code == 0 {
			break
		}
		if s.hash == h && s.text == string(b) {
			return s.code - 1
		}
	}
	code := w.dict.InternBytes(b)
	if w.n < wordCacheMost {
		if w.n*2 >= len(w.slots) {
			w.grow()
		}
		w.put(wordSlot{hash: h, text: w.dict.Value(code), code: code + 1})
		w.n++
	}
	return code
}

func (w *wordCache) put(s wordSlot) {
	mask := uint64(len(w.slots) - 1)
	i := s.hash & mask
	for w.slots[i].code != 0 {
		i = (i + 1) & mask
	}
	w.slots[i] = s
}

func (w *wordCache) grow() {
	old := w.slots
	w.slots = make([]wordSlot, len(old)*4)
	for _, s := range old {
		if s.code != 0 {
			w.put(s)
		}
	}
}
