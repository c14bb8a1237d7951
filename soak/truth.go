//go:build linux

package main

import (
	"fmt"
	"sync"
	"time"
)

// state is what a writer left behind.
type state struct {
	generation, rows int
	growing          bool // further rows of this generation may follow
	held             bool // the writer keeps the file open
	pattern          string
	begun, end       time.Time     // end is zero while the writer is at it
	bound            time.Duration // after end, within which it is to be seen
	gone             bool          // there is no file
}

// span is a time during which a writer left nothing; its end is zero while that lasts.
type span struct{ from, to time.Time }

// truth is what really happened to one path, told by whoever did it before and after doing it.
type truth struct {
	path   string // relative to the folder
	format string

	mu      sync.Mutex // guards what follows
	states  []state
	away    []span            // without a file
	emptied []span            // without a row
	seen    map[int]time.Time // by index of states: when the event came that told of it
	polled  position
	told    position
	missed  bool // the rows of the last announcement could not be had any more
}

// position is how far something published has come: never back.
type position struct{ generation, rows int }

func (p position) before(q position) bool {
	return p.generation < q.generation || p.generation == q.generation && p.rows < q.rows
}

func newTruth(path, format string) *truth {
	return &truth{path: path, format: format, seen: map[int]time.Time{}}
}

// The bounds within which a finished save is to be seen. The first is the promise on a local disk, with what reading
// and two busy processors may add; the second is that for changes which the system does not announce.
const (
	announced   = 2500 * time.Millisecond
	unannounced = 17 * time.Second
)

// begin says that a writer starts to make a state.
func (t *truth) begin(s state) {
	s.begun = time.Now()
	if s.bound == 0 {
		s.bound = announced
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.states = append(t.states, s)
}

// finish says that the writer has ended.
func (t *truth) finish() {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	last := &t.states[len(t.states)-1]
	last.end = now
	if last.gone {
		return
	}
	end(t.away, now)
	if last.rows > 0 {
		end(t.emptied, now)
	}
}

// end closes the last span.
func end(spans []span, now time.Time) {
	if n := len(spans); n > 0 && spans[n-1].to.IsZero() {
		spans[n-1].to = now
	}
}

// leave notes that there is no file from now on, and back that there is one; empty that there are no rows, until the end
// of the next save.
func (t *truth) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.away = append(t.away, span{from: time.Now()})
}

func (t *truth) back() {
	t.mu.Lock()
	defer t.mu.Unlock()
	end(t.away, time.Now())
}

func (t *truth) empty() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.emptied = append(t.emptied, span{from: time.Now()})
}

// The absences and emptinesses that may be believed, a little less than the watcher's own for two clocks' sake.
const (
	grace   = 550 * time.Millisecond
	drought = 850 * time.Millisecond
)

// mayLack says whether nothing may be shown at a time between from and to, given the spans in which there was nothing.
func mayLack(spans []span, least time.Duration, from, to time.Time) bool {
	for _, s := range spans {
		end := s.to
		if end.IsZero() {
			end = to
		}
		if end.Sub(s.from) >= least && s.from.Before(to) && (s.to.IsZero() || from.Before(s.to.Add(unannounced))) {
			return true
		}
	}
	return false
}

// find gives the index of the newest state that n rows of a generation may stand for, and whether it is one.
func (t *truth) find(generation, n int) (int, bool) {
	for i := len(t.states) - 1; i >= 0; i-- {
		s := t.states[i]
		if s.generation != generation || s.gone {
			continue
		}
		if n == s.rows || s.growing && n <= s.rows && (i == 0 || t.states[i-1].generation != generation || n > t.states[i-1].rows) {
			return i, true
		}
	}
	return 0, false
}

// mayWait says whether the state of index i need not be shown yet: its writer keeps the file open, and nothing that the
// file begins with was shown before, so that nobody can tell a log from a save that is not finished. The caller holds
// the lock.
func (t *truth) mayWait(i int) bool {
	s := t.states[i]
	if !s.held {
		return false
	}
	for k := i - 1; k >= 0 && t.states[k].generation == s.generation; k-- {
		if _, seen := t.seen[k]; seen {
			return false
		}
	}
	return true
}

// last is the newest finished state.
func (t *truth) last() (state, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.states) - 1; i >= 0; i-- {
		if !t.states[i].end.IsZero() {
			return t.states[i], i
		}
	}
	return state{}, -1
}

// present is the newest state that is a file.
func (t *truth) present() state {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.states) - 1; i >= 0; i-- {
		if !t.states[i].gone {
			return t.states[i]
		}
	}
	return state{}
}

// open says whether a writer is at it.
func (t *truth) open() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.states)
	return n > 0 && t.states[n-1].end.IsZero()
}

// restart forgets what the last life of the server has shown.
func (t *truth) restart() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.polled, t.told, t.missed = position{}, position{}, false
}

// unread notes whether the rows of the last announcement could not be had any more, as the server had forgotten that
// revision or was killed meanwhile. Of a file that nobody saves again there is no other announcement.
func (t *truth) unread(missed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.missed = missed
}

// shown tells what is shown of the file, for a fault.
func (t *truth) shown() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprintf("shown are generation %d, %d rows; told of was generation %d, %d rows", t.polled.generation, t.polled.rows, t.told.generation, t.told.rows)
}

func (s state) String() string {
	if s.gone {
		return "no file, " + s.pattern
	}
	return fmt.Sprintf("generation %d, %d rows, %s", s.generation, s.rows, s.pattern)
}
