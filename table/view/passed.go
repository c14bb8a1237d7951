package view

import (
	"container/list"
	"slices"
	"sync"
	"weak"

	"github.com/dashira/dashira/table"
)

// passedRows keeps the lists of the rows of chunks that pass filters, for the questions of a dashboard that have their
// filters in common and are asked one after the other. The least recently used goes first.
type passedRows struct {
	mu      sync.Mutex
	budget  int64
	used    int64
	entries map[rowsKey]*list.Element // of passedEntry
	recent  list.List
}

// rowsKey names the rows of a chunk that pass filters: the keys of those that the chunk's bounds leave to decide.
type rowsKey struct {
	chunk   weak.Pointer[table.Chunk]
	filters string
}

type passedEntry struct {
	key  rowsKey
	rows selection
}

const passedEntryBytes = 200

func (e *passedEntry) bytes() int64 { return int64(len(e.rows.rows))*4 + passedEntryBytes }

// rowsOf returns the rows that pass, where they are kept.
func (m *Memo) rowsOf(key rowsKey) (s selection, known bool) {
	if m == nil {
		return s, false
	}
	p := &m.passed
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.entries[key]
	if !ok {
		return s, false
	}
	p.recent.MoveToFront(e)
	return e.Value.(*passedEntry).rows, true
}

// keepRows keeps a copy of the rows that pass and returns it, or what it was given where nothing is kept.
func (m *Memo) keepRows(key rowsKey, s selection) selection {
	if m == nil {
		return s
	}
	s.rows = slices.Clone(s.rows)
	entry := &passedEntry{key, s}
	p := &m.passed
	p.mu.Lock()
	defer p.mu.Unlock()
	if entry.bytes() > p.budget || p.entries[key] != nil {
		return s
	}
	p.entries[key] = p.recent.PushFront(entry)
	for p.used += entry.bytes(); p.used > p.budget; {
		last := p.recent.Remove(p.recent.Back()).(*passedEntry)
		delete(p.entries, last.key)
		p.used -= last.bytes()
	}
	return s
}
