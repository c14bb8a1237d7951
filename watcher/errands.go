package watcher

import (
	"sync"
	"time"
)

// errandKind is what the keeper of the directories is asked to do.
type errandKind uint8

const (
	inspect       errandKind = iota // a new name: a directory?
	survey                          // join a directory and everything below it
	leave                           // a directory has left: forget it and everything below it
	ignoreChanged                   // the ignore file is another one
	checkRoot                       // the root may have moved
	rescan                          // compare everything
)

// errand is one thing to do on the disk, because of an event, not before at.
type errand struct {
	kind errandKind
	path string
	at   time.Time
}

// errands is the keeper's list. Anyone may add; the keeper takes.
type errands struct {
	mu      sync.Mutex
	list    []errand // in order of arrival
	pending map[errand]bool
	wake    chan struct{}
}

func (q *errands) init() {
	q.pending = map[errand]bool{}
	q.wake = make(chan struct{}, 1)
}

// add puts an errand on the list. Errands for now are there once only, however often they are asked for.
func (q *errands) add(e errand) {
	key := errand{kind: e.kind, path: e.path}
	now := !e.at.After(time.Now())
	q.mu.Lock()
	if now && q.pending[key] {
		// It has to come after what arrived since, so the earlier one goes: a directory that left, came and left again
		// is to be forgotten last.
		for i, o := range q.list {
			if o.kind == e.kind && o.path == e.path && !o.at.After(e.at) {
				q.list = append(q.list[:i], q.list[i+1:]...)
				break
			}
		}
	}
	q.pending[key] = q.pending[key] || now
	q.list = append(q.list, e)
	q.mu.Unlock()
	signal(q.wake)
}

// The moments after a directory's arrival at which it is listed once more. A watch that is added while the kernel still
// reports the directory's move under its old name can be dropped again, and what was written between the listing and
// the watch is announced by nobody.
var surveyAgain = []time.Duration{0, 50 * time.Millisecond, 500 * time.Millisecond}

// again has a directory surveyed now and twice more.
func (q *errands) again(now time.Time, rel string) {
	for _, d := range surveyAgain {
		q.add(errand{kind: survey, path: rel, at: now.Add(d)})
	}
}

// take gives the first errand whose time has come, or when the next one's will.
func (q *errands) take(now time.Time) (e errand, ok bool, next time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, o := range q.list {
		if !o.at.After(now) {
			q.list = append(q.list[:i], q.list[i+1:]...)
			delete(q.pending, errand{kind: o.kind, path: o.path})
			return o, true, time.Time{}
		}
		if next.IsZero() || o.at.Before(next) {
			next = o.at
		}
	}
	return errand{}, false, next
}
