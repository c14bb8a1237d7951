package view

import (
	"container/list"
	"slices"
	"sync"
	"weak"

	"github.com/dashira/dashira/table"
)

// Memo keeps partials of any number of views within one budget of memory; the least recently used goes first. It does
// not keep the chunks alive that the partials were made of.
type Memo struct {
	mu      sync.Mutex
	budget  int64
	used    int64
	entries map[memoKey]*list.Element // of memoEntry
	recent  list.List                 // the last used first

	passed passedRows // beside, with an eighth of the budget
	idle   sync.Pool  // of *scratch
}

type memoKey struct {
	plan   *plan
	first  weak.Pointer[table.Chunk]
	part   memoPart
	filter string // of ofPass
}

// memoPart is what a partial is of.
type memoPart uint8

const (
	ofChunk memoPart = iota
	ofRun
	ofHead // all runs but the last
	ofLive // the answer's own state
	ofPass // which rows pass a filter, of any plan
)

type memoEntry struct {
	key    memoKey
	chunks []weak.Pointer[table.Chunk] // all of them
	part   *partial
	state  *live
	pass   passing
	size   int64
}

// NewMemo returns a memo that keeps partials of so many bytes together.
func NewMemo(bytes int64) *Memo {
	passed := bytes / 8
	return &Memo{budget: bytes - passed, entries: map[memoKey]*list.Element{}, passed: passedRows{budget: passed, entries: map[rowsKey]*list.Element{}}}
}

// borrow returns memory for scanning, which is to be given back.
func (m *Memo) borrow() *scratch {
	if m != nil {
		if s, ok := m.idle.Get().(*scratch); ok {
			return s
		}
	}
	return &scratch{}
}

func (m *Memo) giveBack(s *scratch) {
	if m != nil {
		m.idle.Put(s)
	}
}

// Bytes returns the memory of what is kept.
func (m *Memo) Bytes() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.passed.mu.Lock()
	defer m.passed.mu.Unlock()
	return m.used + m.passed.used
}

// get returns the partial of a plan over these chunks, nil when it is not kept.
func (m *Memo) get(p *plan, part memoPart, chunks []*table.Chunk) *partial {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[memoKey{plan: p, first: chunks[0].Weak(), part: part}]
	if !ok {
		return nil
	}
	entry := e.Value.(*memoEntry)
	if !slices.EqualFunc(entry.chunks, chunks, func(w weak.Pointer[table.Chunk], c *table.Chunk) bool { return w == c.Weak() }) {
		return nil
	}
	m.recent.MoveToFront(e)
	return entry.part
}

// put keeps a partial, in the place of an older one that began with the same chunk.
func (m *Memo) put(p *plan, of memoPart, chunks []*table.Chunk, part *partial) {
	if m == nil || part.bytes() > m.budget {
		return
	}
	entry := &memoEntry{key: memoKey{plan: p, first: chunks[0].Weak(), part: of}, part: part, size: part.bytes(), chunks: make([]weak.Pointer[table.Chunk], len(chunks))}
	for i, c := range chunks {
		entry.chunks[i] = c.Weak()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.entries[entry.key]; ok {
		m.drop(e)
	}
	m.push(entry)
}

// push adds an entry and makes room for it. The caller holds mu.
func (m *Memo) push(entry *memoEntry) {
	m.entries[entry.key] = m.recent.PushFront(entry)
	m.used += entry.size
	for m.used > m.budget {
		m.drop(m.recent.Back())
	}
}

// live returns the live state of a plan, nil when it is not kept.
func (m *Memo) live(p *plan) *live {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[memoKey{plan: p, part: ofLive}]
	if !ok {
		return nil
	}
	m.recent.MoveToFront(e)
	return e.Value.(*memoEntry).state
}

// putLive keeps the live state of a plan, in the place of an older one.
func (m *Memo) putLive(p *plan, l *live) {
	size := l.bytes()
	m.mu.Lock()
	defer m.mu.Unlock()
	key := memoKey{plan: p, part: ofLive}
	if e, ok := m.entries[key]; ok {
		m.drop(e)
	}
	if size <= m.budget/4 {
		m.push(&memoEntry{key: key, state: l, size: size})
	}
}

// dropLive forgets the live state of a plan.
func (m *Memo) dropLive(p *plan) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.entries[memoKey{plan: p, part: ofLive}]; ok {
		m.drop(e)
	}
}

func (m *Memo) drop(e *list.Element) {
	entry := m.recent.Remove(e).(*memoEntry)
	delete(m.entries, entry.key)
	m.used -= entry.size
}

// forget drops what is kept for a plan.
func (m *Memo) forget(p *plan) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, e := range m.entries {
		if key.plan == p {
			m.drop(e)
		}
	}
}
