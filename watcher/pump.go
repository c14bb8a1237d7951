package watcher

import (
	"context"
	"errors"
	"path"
	"time"

	"github.com/fsnotify/fsnotify"
)

// notifier is what is used of an fsnotify.Watcher.
type notifier interface {
	Add(name string) error
	Remove(name string) error
	WatchList() []string
	Close() error
	events() <-chan fsnotify.Event
	errors() <-chan error
}

type fsEvents struct{ *fsnotify.Watcher }

func (f fsEvents) events() <-chan fsnotify.Event { return f.Watcher.Events }
func (f fsEvents) errors() <-chan error          { return f.Watcher.Errors }

func newNotifier() (notifier, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return fsEvents{w}, nil
}

// openEvents asks the system for events, unless they are not wanted.
func (w *Watcher) openEvents() (notifier, error) {
	if w.o.Poll {
		return nil, nil
	}
	n, err := w.o.notify()
	if err != nil {
		return nil, err
	}
	w.tree.notifier = n
	return n, nil
}

// pump turns events into hints and errands and does nothing else, so that the system's queue stays empty. It asks the
// disk nothing.
func (w *Watcher) pump(ctx context.Context, n notifier) error {
	events, errs := n.events(), n.errors()
	for events != nil || errs != nil {
		select {
		case <-ctx.Done():
			return nil
		case ev, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			w.event(time.Now(), ev)
		case err, ok := <-errs:
			if !ok {
				errs = nil
				continue
			}
			w.eventError(err)
		}
	}
	return nil
}

// eventError handles what went wrong with the events themselves: some are lost, so everything is compared.
func (w *Watcher) eventError(err error) {
	if errors.Is(err, fsnotify.ErrEventOverflow) {
		w.tree.overflowed()
		w.o.Logger.Info("more changes at once than the system can announce; comparing everything with the disk")
	} else {
		w.o.Logger.Warn("watching", "error", err)
	}
	w.Rescan()
}

// event takes note of one event.
func (w *Watcher) event(now time.Time, ev fsnotify.Event) {
	rel, ok := w.rel(ev.Name)
	if !ok {
		return
	}
	left := ev.Has(fsnotify.Remove) || ev.Has(fsnotify.Rename)
	if rel == "." {
		if left {
			w.errands.add(now, checkRoot, "", 0)
		}
		return
	}
	if path.Base(rel) == ignoreFile {
		w.errands.add(now, ignoreChanged, path.Dir(rel), w.o.Quiet)
		return
	}
	dir := path.Dir(rel)
	// A link may lead through what just changed beside it, whatever that is called.
	if links := w.tree.linksIn(dir); len(links) > 0 && !ev.Has(fsnotify.Chmod) {
		for _, l := range links {
			if !w.nudge(now, l) {
				w.errands.add(now, inspect, l, 0)
			}
		}
		defer signal(w.due)
	}
	if w.tree.has(rel) {
		switch {
		case left:
			w.errands.add(now, leave, rel, 0)
			w.errands.again(now, rel)
		case ev.Has(fsnotify.Create), ev.Has(fsnotify.Chmod):
			w.errands.again(now, rel)
		}
		return
	}
	if w.rules.Load().ignored(rel, false) {
		return
	}
	if ev.Has(fsnotify.Create) {
		w.mu.Lock()
		known := w.m.entries[rel] != nil
		w.mu.Unlock()
		if !known {
			w.errands.add(now, inspect, rel, 0)
		}
	}
	if !w.source(rel) {
		return
	}
	w.mu.Lock()
	ok = true
	switch {
	case ev.Has(fsnotify.Create), ev.Has(fsnotify.Write):
		ok = w.m.hint(now, rel, wrote)
	case w.m.entries[rel] == nil:
	case left:
		w.m.nudge(now, rel)
	case ev.Has(fsnotify.Chmod):
		w.m.hint(now, rel, touched)
	}
	w.mu.Unlock()
	if !ok {
		w.refused(rel)
	}
	signal(w.due)
}

// nudge has a known source looked at and reports whether it is one.
func (w *Watcher) nudge(now time.Time, rel string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.m.nudge(now, rel)
	return w.m.entries[rel] != nil
}
