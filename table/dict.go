package table

import (
	"math/bits"
	"strings"
	"sync"
	"sync/atomic"
)

// Dict holds the different texts of one column of one table, each under a code that never changes: codes count from 0
// in order of first appearance and only grow, so chunks of different revisions compare and group by code.
//
// Any number of goroutines may intern and read at once. A reader may ask for every code it got from a chunk.
type Dict struct {
	mu    sync.RWMutex
	codes map[string]uint32
	pages atomic.Pointer[[][]string] // replaced, never changed, when a page is added; a page is never moved
	n     atomic.Uint32
	bytes atomic.Int64
}

// A page of texts is as long as all pages before it together, from the second on, until that is dictPageSize: a folder
// of thousands of small files pays for the few texts that it has.
const (
	dictPageBits  = 10
	dictPageSize  = 1 << dictPageBits
	dictFirstBits = 5
	dictSmall     = dictPageBits - dictFirstBits + 1 // pages that hold the first dictPageSize texts
)

// dictPlace returns which page holds a code, and where in it.
func dictPlace(code uint32) (page, at int) {
	if code >= dictPageSize {
		return dictSmall - 1 + int(code>>dictPageBits), int(code & (dictPageSize - 1))
	}
	page = bits.Len32(code >> dictFirstBits)
	if page > 0 {
		code -= 1 << (dictFirstBits - 1 + page)
	}
	return page, int(code)
}

// dictPageLen returns how many texts a page holds.
func dictPageLen(page int) int {
	return 1 << min(dictFirstBits-1+max(page, 1), dictPageBits)
}

// NewDict returns an empty dictionary.
func NewDict() *Dict {
	d := &Dict{codes: map[string]uint32{}}
	d.pages.Store(&[][]string{})
	return d
}

// Len returns how many texts the dictionary holds.
func (d *Dict) Len() int { return int(d.n.Load()) }

// Bytes returns the memory of the texts, without the index.
func (d *Dict) Bytes() int64 { return d.bytes.Load() }

// Value returns the text of a code.
func (d *Dict) Value(code uint32) string {
	page, at := dictPlace(code)
	return (*d.pages.Load())[page][at]
}

// Lookup returns the code of a text that was interned before.
func (d *Dict) Lookup(text string) (uint32, bool) {
	d.mu.RLock()
	code, ok := d.codes[text]
	d.mu.RUnlock()
	return code, ok
}

// Intern returns the code of a text, a new one if need be. The dictionary keeps a copy of the text, never the memory
// it was cut from.
func (d *Dict) Intern(text string) uint32 {
	if code, ok := d.Lookup(text); ok {
		return code
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.add(text)
}

// InternBytes is Intern without an allocation for a text that is there.
func (d *Dict) InternBytes(text []byte) uint32 {
	d.mu.RLock()
	code, ok := d.codes[string(text)]
	d.mu.RUnlock()
	if ok {
		return code
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.add(string(text))
}

func (d *Dict) add(text string) uint32 {
	if code, ok := d.codes[text]; ok {
		return code
	}
	text = strings.Clone(text)
	code := d.n.Load()
	pages := *d.pages.Load()
	page, at := dictPlace(code)
	if page == len(pages) {
		grown := make([][]string, len(pages)+1)
		copy(grown, pages)
		grown[page] = make([]string, dictPageLen(page))
		d.pages.Store(&grown)
		pages = grown
	}
	pages[page][at] = text
	d.codes[text] = code
	d.bytes.Add(int64(len(text)))
	d.n.Store(code + 1) // after the page is written: whoever sees the code sees its text
	return code
}
