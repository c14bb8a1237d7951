package watcher

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"time"
)

const (
	rootEvery      = time.Second // the root is asked for its identity
	reconcileLeast = 15 * time.Second
	reconcileShare = 50 // times the length of a walk between two
	rescanShare    = 4  // the same when it is asked for all the time
	pollShare      = 20
	jump           = 5 * time.Second // more than this lost: the machine slept, or we did
)

// keep looks after the directories: errands as they come, the polled ones every interval, everything every now and
// then, the root every second. It is the only one who lists directories.
func (w *Watcher) keep(ctx context.Context) error {
	begin := time.Now()
	w.walk(".", true)
	w.walked(begin)
	w.surveyed.Store(true)
	w.startedMaybe()

	tick := time.NewTicker(rootEvery)
	defer tick.Stop()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	wall, mono := w.o.clock()
	polled := time.Now()
	for {
		next := w.runErrands()
		now := time.Now()
		if w.tree.rescan && w.tree.nextWalk.After(w.tree.mayWalk) {
			w.tree.nextWalk = w.tree.mayWalk
		}
		if !now.Before(w.tree.nextWalk) {
			w.reconcile()
			polled = time.Now()
			continue
		}
		if every := max(w.o.Interval, pollShare*w.tree.pollTook); now.Sub(polled) >= every {
			w.poll()
			polled = time.Now()
			continue
		} else if at := polled.Add(every); next.IsZero() || at.Before(next) {
			next = at
		}
		if w.tree.nextWalk.Before(next) {
			next = w.tree.nextWalk
		}
		timer.Reset(max(0, next.Sub(now)))
		select {
		case <-ctx.Done():
			return nil
		case <-w.errands.wake:
		case <-timer.C:
		case <-tick.C:
			wall2, mono2 := w.o.clock()
			slept := mono2.Sub(mono) > rootEvery+jump // this process was stopped
			set := wall2.Sub(wall) - mono2.Sub(mono)  // the machine was, or somebody set the clock
			wall, mono = wall2, mono2
			if slept || set > jump || set < -jump {
				w.o.Logger.Info("the clock jumped; comparing everything with the disk")
				w.tree.rescan = true
			}
			w.checkRoot()
			w.ignoreChanged(".")
		}
	}
}

// clock reads the wall's clock and the monotonic one apart.
func clock() (wall, mono time.Time) {
	now := time.Now()
	return now.Round(0), now
}

// runErrands does what is asked for and gives the time of the first errand that is not due yet.
func (w *Watcher) runErrands() time.Time {
	for {
		e, ok, next := w.errands.take(time.Now())
		if !ok {
			return next
		}
		switch e.kind {
		case inspect:
			w.inspect(e.path)
		case survey:
			if !w.rules.Load().ignored(e.path, true) {
				w.walk(e.path, false)
			}
		case leave:
			w.leave(e.path)
		case ignoreChanged:
			w.ignoreChanged(e.path)
		case checkRoot:
			w.checkRoot()
		case rescan:
			w.tree.rescan = true
		}
	}
}

// inspect finds out what a new name is. A directory is surveyed now and again a moment later.
func (w *Watcher) inspect(rel string) {
	if w.single != "" && rel != w.single {
		return
	}
	fi, err := w.root.Load().Lstat(filepath.FromSlash(rel))
	if err != nil {
		return
	}
	if w.item(rel, fs.FileInfoToDirEntry(fi), false, map[string]bool{}) {
		w.errands.again(time.Now(), rel)
	}
	signal(w.due)
}

// reconcile compares everything with the disk.
func (w *Watcher) reconcile() {
	w.tree.rescan = false
	begin := time.Now()
	w.checkRoot()
	w.recount()
	w.rewatch()
	w.walk(".", false)
	w.walked(begin)
}

// walked plans the next reconciliation after one that began at begin.
func (w *Watcher) walked(begin time.Time) {
	now := time.Now()
	w.tree.mu.Lock()
	w.tree.walkTook, w.tree.walkedAt = now.Sub(begin), now
	w.tree.mu.Unlock()
	w.tree.nextWalk = now.Add(max(reconcileLeast, reconcileShare*now.Sub(begin)))
	w.tree.mayWalk = now.Add(rescanShare * now.Sub(begin))
	if w.o.Poll || w.tree.notifier == nil {
		w.tree.pollTook = now.Sub(begin)
	}
}

// rewatch gives up every watch whose name is not that of a directory we know: it belongs to one that was renamed
// without our hearing of it, and would keep its new name from being watched.
func (w *Watcher) rewatch() {
	if w.tree.notifier == nil {
		return
	}
	for _, name := range w.tree.notifier.WatchList() {
		if rel, ok := w.rel(name); !ok || !w.tree.has(rel) {
			w.tree.notifier.Remove(name)
		}
	}
}

// poll compares the directories whose events cannot be relied on, and the links, whose targets may be anywhere.
func (w *Watcher) poll() {
	begin := time.Now()
	var dirs, links []string
	w.tree.mu.Lock()
	for p, d := range w.tree.dirs {
		if d.poll {
			dirs = append(dirs, p)
		}
		for l := range d.links {
			links = append(links, l)
		}
	}
	w.tree.mu.Unlock()
	for _, p := range sorted(dirs) {
		// New directories in it are joined by their own walk, those known have their own turn.
		subs, ok := w.list(p, false)
		if !ok {
			w.join(p)
			continue
		}
		w.leaveMissing(p, subs)
		for _, s := range subs {
			if !w.tree.has(s) {
				w.walk(s, false)
			}
		}
	}
	for _, l := range links {
		fi, err := w.root.Load().Stat(filepath.FromSlash(l))
		if err == nil && fi.Mode().IsRegular() {
			w.see(l, fi, false)
			continue
		}
		w.nudge(time.Now(), l)
	}
	signal(w.due)
	w.tree.pollTook = time.Since(begin)
}

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}
