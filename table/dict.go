package table

import (
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
	pages atomic.Pointer[[]*dictPage] // replaced, never changed, when a page is added
	n     atomic.Uint32
	bytes atomic.Int64
}

const dictPageSize = 1024

type dictPage [dictPageSize]string

// NewDict returns an empty dictionary.
func NewDict() *Dict {
	d := &Dict{codes: map[string]uint32{}}
	d.pages.Store(&[]*dictPage{})
	return d
}

// Len returns how many texts the dictionary holds.
func (d *Dict) Len() int { return int(d.n.Load()) }

// Bytes returns the memory of the texts, without the index.
func (d *Dict) Bytes() int64 { return d.bytes.Load() }

// Value returns the text of a code.
func (d *Dict) Value(code uint32) string {
	return (*d.pages.Load())[code/dictPageSize][code%dictPageSize]
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
	if int(code)/dictPageSize == len(pages) {
		grown := make([]*dictPage, len(pages)+1)
		copy(grown, pages)
		grown[len(pages)] = new(dictPage)
		d.pages.Store(&grown)
		pages = grown
	}
	pages[code/dictPageSize][code%dictPageSize] = text
	d.codes[text] = code
	d.bytes.Add(int64(len(text)))
	d.n.Store(code + 1) // after the page is written: whoever sees the code sees its text
	return code
}
