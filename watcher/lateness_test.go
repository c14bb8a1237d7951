package watcher_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// lateness is by how much the machine was late with what a test has asked it for: nothing can be said of the watcher by a
// machine that has not let it run.
type lateness struct{ most atomic.Int64 }

// tooLate is by how much a pause may be longer than meant before it is another one.
const tooLate = 100 * time.Millisecond

// took takes note that something took so long that was meant to take less.
func (l *lateness) took(long, meant time.Duration) {
	if late := int64(long - meant); late > int64(tooLate) && late > l.most.Load() {
		l.most.Store(late)
	}
}

// worst is the longest, or 0 where the machine was always in time.
func (l *lateness) worst() time.Duration { return time.Duration(l.most.Load()) }

// feel takes note of how late the machine is with a clock's beat, until the test ends.
func (l *lateness) feel(t *testing.T) {
	done := make(chan struct{})
	var feeling sync.WaitGroup
	feeling.Go(func() {
		const beat = 10 * time.Millisecond
		tick := time.NewTicker(beat)
		defer tick.Stop()
		for last := time.Now(); ; {
			select {
			case <-done:
				return
			case <-tick.C:
				now := time.Now()
				l.took(now.Sub(last), beat)
				last = now
			}
		}
	})
	t.Cleanup(func() {
		close(done)
		feeling.Wait()
	})
}
