package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"time"
)

// behind reads, one after the other and off the way from a change to the page, what loads took on trust. Where that proves
// wrong, the file is read again from the disk, whole, and the truth is published. A file that grows all the time is not
// read for each row: its turn comes when it has rested, reading it takes a twentieth of the time at most, and while it does
// not rest the loader itself reads everything now and then.
type behind struct {
	check  func(ctx context.Context, f trusted) (bool, error) // whether the file is what was shown
	reload func(f trusted)
	log    *slog.Logger
	wake   chan struct{} // has room for one

	mu   sync.Mutex // guards what follows
	due  map[trusted]time.Time
	next map[trusted]time.Time // not before
	now  trusted               // being read
	stop context.CancelFunc
}

// trusted is a file that was shown on trust.
type trusted struct {
	root *root
	path string // in the root
}

const (
	rest      = time.Second      // how long a file must not have changed before it is read
	restMost  = 15 * time.Second // and how long its turn is put off at most
	restShare = 19               // times as long as the last reading took
)

func newBehind(p *pipeline) *behind {
	return &behind{
		check: func(ctx context.Context, t trusted) (bool, error) {
			f, err := t.root.Open(t.path)
			if err != nil {
				return true, err
			}
			defer f.Close()
			return p.loader.Check(ctx, t.root.prefix+t.path, f)
		},
		reload: func(t trusted) { t.root.Reload(t.path) },
		log:    p.log, wake: make(chan struct{}, 1), due: map[trusted]time.Time{}, next: map[trusted]time.Time{},
	}
}

// note has a file read once it rests. What is being read of an older state of it is given up.
func (b *behind) note(t trusted) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.put(t, time.Now().Add(rest))
	if b.stop != nil && b.now == t {
		b.stop()
	}
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// put notes a file for a time at which it may be read.
func (b *behind) put(t trusted, at time.Time) {
	if next := b.next[t]; next.After(at) {
		at = next
	}
	if last := time.Now().Add(restMost); at.After(last) {
		at = last
	}
	b.due[t] = at
}

// Run reads until the context ends.
func (b *behind) Run(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		t, wait, ok := b.turn()
		if !ok {
			timer.Reset(wait)
			select {
			case <-ctx.Done():
				return nil
			case <-b.wake:
			case <-timer.C:
			}
			continue
		}
		if ctx.Err() != nil {
			return nil
		}
		b.look(ctx, t)
	}
}

// turn returns a file whose turn it is, or how long to wait.
func (b *behind) turn() (t trusted, wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait = time.Hour
	now := time.Now()
	for f, at := range b.due {
		if d := at.Sub(now); d < wait {
			t, wait = f, d
		}
	}
	if wait > 0 {
		return t, wait, false
	}
	delete(b.due, t)
	return t, 0, true
}

func (b *behind) look(ctx context.Context, t trusted) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b.mu.Lock()
	b.now, b.stop = t, cancel
	b.mu.Unlock()
	begin := time.Now()
	same, err := b.check(ctx, t)
	b.mu.Lock()
	end := time.Now()
	b.stop, b.next[t] = nil, end.Add(restShare*end.Sub(begin))
	if at, again := b.due[t]; again {
		b.put(t, at)
	}
	b.mu.Unlock()
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, fs.ErrNotExist): // it changed, and is read with the next change
	case err != nil:
		// A drive that does not answer for a while must not leave unproved what it answered before.
		b.log.Debug("cannot read what was shown on trust; trying again", "path", t.root.prefix+t.path, "error", err)
		b.mu.Lock()
		if _, again := b.due[t]; !again {
			b.put(t, time.Now().Add(restMost))
		}
		b.mu.Unlock()
	case !same:
		b.reload(t)
	}
}
