package dashboard

import (
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
)

// history keeps the states of the past. A state is a list of chunks that it mostly shares with its neighbours, so a
// revision costs what it changed; what only history still holds is bounded.
type history struct {
	mu        sync.Mutex
	revisions int
	bytes     int64
	held      int64
	past      []past // oldest first; the newest is the state that is live
}

type past struct {
	state  *State
	record wire.Revision
	bytes  int64 // of chunks that the next state does not have
}

func newHistory(revisions int, bytes int64) *history {
	return &history{revisions: revisions, bytes: bytes}
}

// record notes a change of one file's data, in which these tables were touched.
func (h *history) record(before, next *State, path string, touched map[string]bool, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	src := next.sources.get(path)
	if src == nil {
		src = next.gone.get(changeKey(next.Version, path))
	}
	r := wire.Revision{Revision: next.Revision, At: instant(at)}
	if src != nil {
		r.Source, r.Added, r.Changed, r.Removed = src.Name, src.Added, src.Changed, src.Removed
		if len(src.Tables) > 0 {
			r.Table = src.Tables[0]
		}
	}
	if n := len(h.past); n > 0 {
		h.past[n-1].bytes = released(before, next, touched)
		h.held += h.past[n-1].bytes
	}
	h.past = append(h.past, past{state: next, record: r})
	for len(h.past) > 1 && (len(h.past) > h.revisions || h.held > h.bytes) {
		h.held -= h.past[0].bytes
		h.past[0] = past{}
		h.past = h.past[1:]
	}
}

// released returns the bytes of the chunks that a state has and the next has not.
func released(before, next *State, touched map[string]bool) int64 {
	var n int64
	for name := range touched {
		t, now := before.tables.get(name), next.tables.get(name)
		if t == nil || now != nil && now.Data == t.Data {
			continue
		}
		kept := map[*table.Chunk]bool{}
		if now != nil {
			for _, c := range now.Data.Chunks() {
				kept[c] = true
			}
		}
		for _, c := range t.Data.Chunks() {
			if !kept[c] {
				n += c.Bytes()
			}
		}
	}
	return n
}

// at returns the state of a revision: the newest that is not after it. It returns nil where history does not reach
// back that far, or the revision has not happened.
func (h *history) at(revision uint64) *State {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found *State
	for _, p := range h.past {
		if p.record.Revision > revision {
			break
		}
		found = p.state
	}
	if n := len(h.past); n == 0 || revision > h.past[n-1].record.Revision {
		return nil
	}
	return found
}

// History lists the revisions that can be looked at, oldest first.
func (m *Model) History() wire.History {
	m.history.mu.Lock()
	defer m.history.mu.Unlock()
	w := wire.History{Epoch: m.Epoch(), Revisions: []wire.Revision{}}
	for _, p := range m.history.past {
		w.Revisions = append(w.Revisions, p.record)
	}
	return w
}

// At returns the state at a revision, nil where it cannot be looked at. Revision 0 is now.
func (m *Model) At(revision uint64) *State {
	if revision == 0 {
		return m.State()
	}
	return m.history.at(revision)
}
