package watcher

import (
	"container/heap"
	"math/bits"
	"time"
)

// dueQueue orders entries by the time at which they want to be looked at. The zero value is empty.
type dueQueue struct{ h dueHeap }

// set puts e where its wake says: a zero wake takes it out.
func (q *dueQueue) set(e *entry) {
	switch {
	case e.wake.IsZero():
		q.remove(e)
	case e.at < 0:
		heap.Push(&q.h, e)
	default:
		heap.Fix(&q.h, e.at)
	}
}

func (q *dueQueue) remove(e *entry) {
	if e.at >= 0 {
		heap.Remove(&q.h, e.at)
	}
}

func (q *dueQueue) first() time.Time {
	if len(q.h) == 0 {
		return time.Time{}
	}
	return q.h[0].wake
}

func (q *dueQueue) pop(now time.Time) *entry {
	if len(q.h) == 0 || q.h[0].wake.After(now) {
		return nil
	}
	return heap.Pop(&q.h).(*entry)
}

type dueHeap []*entry

func (h dueHeap) Len() int           { return len(h) }
func (h dueHeap) Less(i, j int) bool { return h[i].wake.Before(h[j].wake) }
func (h dueHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i]; h[i].at, h[j].at = i, j }
func (h *dueHeap) Push(x any)        { e := x.(*entry); e.at = len(*h); *h = append(*h, e) }
func (h *dueHeap) Pop() any {
	old := *h
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	e.at = -1
	return e
}

// readyQueue orders loads: small before large, and among files of one size the newest first. What has waited for
// longer than its turn goes first all the same, or a stream of small saves would keep a large file out for ever.
type readyQueue struct {
	h     readyHeap
	order []*job // in the order of arrival; what has been taken is dropped when it comes to the front
}

// turn is how long a load may be overtaken.
const turn = 2 * time.Second

func (q *readyQueue) push(j *job) {
	heap.Push(&q.h, j)
	q.order = append(q.order, j)
}

func (q *readyQueue) pop(now time.Time) *job {
	for len(q.order) > 0 && q.order[0].taken {
		q.order[0] = nil
		q.order = q.order[1:]
	}
	if len(q.order) == 0 {
		return nil
	}
	j := q.order[0]
	if now.Sub(j.queued) > turn {
		heap.Remove(&q.h, j.at)
	} else {
		j = heap.Pop(&q.h).(*job)
	}
	j.taken = true
	return j
}

func (q *readyQueue) len() int { return len(q.h) }

type readyHeap []*job

func (h readyHeap) Len() int { return len(h) }
func (h readyHeap) Less(i, j int) bool {
	a, b := sizeClass(h[i].change.Size), sizeClass(h[j].change.Size)
	if a != b {
		return a < b
	}
	return h[i].change.At.After(h[j].change.At)
}
func (h readyHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i]; h[i].at, h[j].at = i, j }
func (h *readyHeap) Push(x any)   { j := x.(*job); j.at = len(*h); *h = append(*h, j) }
func (h *readyHeap) Pop() any {
	old := *h
	j := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return j
}

// sizeClass is 0 up to 64 KiB and one more for each doubling.
func sizeClass(size int64) int { return bits.Len64(uint64(max(size, 0)) >> 16) }
