package watcher

import (
	"container/heap"
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

// errands is the keeper's list, in order of time and then of arrival. Anyone may add; the keeper takes.
type errands struct {
	mu   sync.Mutex
	list errandHeap
	seq  uint64
	last map[errandKey]uint64 // the latest of those that are for now: earlier ones are void
	wake chan struct{}
}

// errandKey is what two errands have in common when one of them is enough. Those for later count by how much later.
type errandKey struct {
	kind  errandKind
	path  string
	delay time.Duration
}

type errandItem struct {
	errand
	key errandKey
	seq uint64
}

func (q *errands) init() {
	q.last = map[errandKey]uint64{}
	q.wake = make(chan struct{}, 1)
}

// add puts an errand on the list, delay from now. Of several that are alike only the last one is run: a directory that
// left, came and left again is to be forgotten in the end, and one that never rests is surveyed when it does.
func (q *errands) add(now time.Time, kind errandKind, path string, delay time.Duration) {
	q.mu.Lock()
	q.seq++
	i := errandItem{errand{kind, path, now.Add(delay)}, errandKey{kind, path, delay}, q.seq}
	q.last[i.key] = i.seq
	heap.Push(&q.list, i)
	q.mu.Unlock()
	signal(q.wake)
}

// The moments after a directory's arrival at which it is listed. A watch that is added while the kernel still reports
// the directory's move under its old name can be dropped again, and what was written between the listing and the watch
// is announced by nobody.
var surveyAt = []time.Duration{0, 50 * time.Millisecond, 500 * time.Millisecond}

// again has a directory surveyed now and twice more.
func (q *errands) again(now time.Time, rel string) {
	for _, d := range surveyAt {
		q.add(now, survey, rel, d)
	}
}

// take gives the first errand whose time has come, or when the next one's will.
func (q *errands) take(now time.Time) (e errand, ok bool, next time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.list) > 0 {
		i := q.list[0]
		if q.last[i.key] == i.seq {
			if i.at.After(now) {
				return errand{}, false, i.at
			}
			delete(q.last, i.key)
			heap.Pop(&q.list)
			return i.errand, true, time.Time{}
		}
		heap.Pop(&q.list)
	}
	return errand{}, false, time.Time{}
}

type errandHeap []errandItem

func (h errandHeap) Len() int { return len(h) }
func (h errandHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].seq < h[j].seq
}
func (h errandHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *errandHeap) Push(x any)   { *h = append(*h, x.(errandItem)) }
func (h *errandHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	old[len(old)-1] = errandItem{}
	*h = old[:len(old)-1]
	return x
}
