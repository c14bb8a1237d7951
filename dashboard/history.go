package dashboard

import (
	"cmp"
	"maps"
	"slices"
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

	forgotten []forgotten // lately, in the order in which that happened
	unknown   uint64      // who knows the list as it was at this revision or before cannot be told what went since
}

// forgotten is a revision that was dropped when another one came.
type forgotten struct{ revision, by uint64 }

// mostForgotten bounds what is remembered of revisions that are not kept: whoever was away for longer reads the list
// whole.
const mostForgotten = 2000

type past struct {
	state   *State
	record  wire.Revision
	at      time.Time
	touched map[string]bool // tables that differ from the state before
	bytes   int64           // of what the next state does not have
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
		h.past[n-1].bytes = released(h.past[n-1].state, next, touched)
		h.held += h.past[n-1].bytes
	}
	h.past = append(h.past, past{state: next, record: r, at: at, touched: touched})
	for len(h.past) > 1 && (len(h.past) > h.revisions || h.held > h.bytes) {
		i := h.spare()
		h.forgotten = append(h.forgotten, forgotten{h.past[i].record.Revision, next.Revision})
		h.forget(i)
	}
	if n := len(h.forgotten) - mostForgotten; n > 0 {
		h.unknown = h.forgotten[n-1].by
		h.forgotten = slices.Delete(h.forgotten, 0, n)
	}
}

// spare returns the revision that is missed least: the oldest whose next one is of the same hour, or, where every hour
// has one left, of the same day; else the oldest of all. The newest is never one.
func (h *history) spare() int {
	for _, stretch := range []time.Duration{time.Hour, 24 * time.Hour} {
		for i := 0; i < len(h.past)-2; i++ {
			if h.past[i].at.Truncate(stretch).Equal(h.past[i+1].at.Truncate(stretch)) {
				return i
			}
		}
	}
	return 0
}

// forget drops a revision. What the one before it holds is now what the one after it has not.
func (h *history) forget(i int) {
	h.held -= h.past[i].bytes
	if i > 0 {
		touched := maps.Clone(h.past[i].touched)
		maps.Copy(touched, h.past[i+1].touched)
		h.past[i+1].touched = touched
		before := &h.past[i-1]
		h.held -= before.bytes
		before.bytes = released(before.state, h.past[i+1].state, touched)
		h.held += before.bytes
		h.past = slices.Delete(h.past, i, i+1)
		return
	}
	h.past[0] = past{}
	h.past = h.past[1:]
}

// released returns the bytes that a state holds and the next does not: of chunks that it has not, without what a last
// chunk shares with the one that it grew into.
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
		for i, c := range t.Data.Chunks() {
			switch {
			case kept[c]:
			case now != nil && i < len(now.Data.Chunks()):
				n += c.BytesBeside(now.Data.Chunks()[i])
			default:
				n += c.Bytes()
			}
		}
	}
	return n
}

// at returns the state of a revision. It returns nil where history does not hold it any more, or it has not happened.
func (h *history) at(revision uint64) *State {
	h.mu.Lock()
	defer h.mu.Unlock()
	i, ok := slices.BinarySearchFunc(h.past, revision, func(p past, r uint64) int { return cmp.Compare(p.record.Revision, r) })
	if !ok {
		return nil
	}
	return h.past[i].state
}

// History lists the revisions that can be looked at, oldest first: all of them, or those after a revision together with
// those that are kept no more since then. After that of another run, or where it is too long ago, it is all again.
func (m *Model) History(after uint64) wire.History {
	h := m.history
	h.mu.Lock()
	defer h.mu.Unlock()
	w := wire.History{Epoch: m.Epoch(), Revisions: []wire.Revision{}}
	if n := len(h.past); after > 0 && (after < h.unknown || n == 0 || after > h.past[n-1].record.Revision) {
		after = 0
	}
	w.After = after
	for _, p := range h.past {
		if p.record.Revision > after {
			w.Revisions = append(w.Revisions, p.record)
		}
	}
	for _, f := range h.forgotten {
		if after > 0 && f.by > after && f.revision <= after {
			w.Forgotten = append(w.Forgotten, f.revision)
		}
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
