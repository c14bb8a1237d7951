package watcher

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// Load reads one settled path, with Open, and gives back what makes it visible. publish is called, once and soon, only
// if nothing changed while Load was reading; otherwise it is dropped and the path will come again. With an error the
// path counts as broken and what was published before stays; a publish beside the error is where a consumer puts the
// error on the screen. Either may be nil.
type Load func(ctx context.Context, c Change) (publish func(), err error)

// serve is one worker: it takes jobs until ctx ends.
func (w *Watcher) serve(ctx context.Context, load Load) error {
	for {
		w.mu.Lock()
		j := w.m.ready.pop(time.Now())
		more := w.m.ready.len() > 0
		w.mu.Unlock()
		if j == nil {
			select {
			case <-ctx.Done():
				return nil
			case <-w.ready:
			}
			continue
		}
		if more {
			signal(w.ready)
		}
		r := w.do(ctx, load, j)
		if ctx.Err() != nil {
			return nil
		}
		w.mu.Lock()
		w.m.loaded(time.Now(), j, r)
		w.mu.Unlock()
		signal(w.due)
		w.announce(j, r)
		w.startedMaybe()
	}
}

// do runs one job.
func (w *Watcher) do(ctx context.Context, load Load, j *job) result {
	switch j.kind {
	case tellGone:
		return w.finish(ctx, load, j, func() bool {
			return j.e.drop || w.rootIntact() && w.look(j.change.Path).absent()
		})
	case tellFailed:
		return w.finish(ctx, load, j, func() bool { return true })
	case loadGrown:
		return w.loadGrown(ctx, load, j)
	}
	return w.loadWhole(ctx, load, j)
}

// absent reports whether the look found no file.
func (l look) absent() bool { return l.err == nil && (l.missing || l.other != "") }

// finish calls load and publishes what it gave if agrees, asked afterwards, says that nothing changed.
func (w *Watcher) finish(ctx context.Context, load Load, j *job, agrees func() bool) result {
	if j.kind == tellGone && !agrees() {
		return result{kind: discarded}
	}
	publish, err := load(ctx, j.change)
	if ctx.Err() != nil {
		return result{kind: discarded}
	}
	if !agrees() || (j.kind != loadGrown && w.hinted(j)) {
		return result{kind: discarded}
	}
	if publish != nil {
		publish()
	}
	if err != nil {
		return result{kind: failed, err: err}
	}
	return result{kind: published, size: j.change.Size}
}

// hinted reports whether a hint about the job's path has come since it was queued.
func (w *Watcher) hinted(j *job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return j.e.gen != j.gen
}

// loadWhole loads a file that has settled. The fingerprint is compared before the read, after it on the open file, and
// after it by name; the writer is asked for before and after.
func (w *Watcher) loadWhole(ctx context.Context, load Load, j *job) result {
	path := j.change.Path
	f, err := w.Open(path)
	if err != nil {
		return result{kind: discarded}
	}
	defer f.Close()
	still := func() bool {
		now, err := fstat(f)
		return err == nil && now.Equal(j.fp) && (j.tolerant || w.writerOf(path, f) != writing)
	}
	same := func() bool {
		fi, err := w.root.Load().Stat(filepath.FromSlash(path))
		return err == nil && fingerprintOf(fi).Equal(j.fp) && still()
	}
	if !still() || w.hinted(j) {
		return result{kind: discarded}
	}
	if w.o.Whole != nil {
		if err := w.o.Whole(path, f, j.fp.Size); err != nil {
			if !same() || w.hinted(j) {
				return result{kind: discarded}
			}
			return result{kind: unwhole, err: fmt.Errorf("not whole: %w", err)}
		}
	}
	// The hash by which a grown file will be recognised is taken before a small file is loaded, where the comparison
	// afterwards covers it too, and after a large one is published, when nobody waits for it any more. A file that changes
	// meanwhile has none and is not taken for one that grew.
	var t tail
	stop := func() bool { return ctx.Err() != nil || w.hinted(j) }
	small := j.fp.Size <= hashFirst
	if w.o.Lines(path) && small {
		if t, err = w.tailOf(f, j.fp.Size, stop); err != nil {
			t = tail{}
		}
	}
	r := w.finish(ctx, load, j, same)
	if r.kind == published && w.o.Lines(path) && !small {
		if t, err = w.tailOf(f, j.fp.Size, stop); err != nil {
			t = tail{}
		} else if now, err := fstat(f); err != nil || !now.Equal(j.fp) {
			t = tail{}
		}
	}
	r.tail = t
	return r
}

// loadGrown loads the complete rows of a file that is still being written, provided that it begins with what was
// published. What comes after them is not looked at, so its changing meanwhile does no harm; that the rows themselves
// did not change is checked by their hash before and after.
func (w *Watcher) loadGrown(ctx context.Context, load Load, j *job) result {
	f, err := w.Open(j.change.Path)
	if err != nil {
		return result{kind: discarded}
	}
	defer f.Close()
	fp, err := fstat(f)
	if err != nil || fp.Dev != j.fp.Dev || fp.Ino != j.fp.Ino {
		return result{kind: discarded}
	}
	stop := func() bool { return ctx.Err() != nil }
	if j.tail.known && (fp.Size < j.tail.size || !w.holds(f, j.tail, stop)) {
		return result{kind: rewritten}
	}
	size, err := lastLine(f, fp.Size)
	if err != nil {
		return result{kind: discarded}
	}
	if size == 0 || j.tail.known && size <= j.tail.size {
		return result{kind: nothing}
	}
	t, err := w.tailOf(f, size, stop)
	if err != nil {
		return result{kind: discarded}
	}
	j.change.Size, j.change.Modified, j.change.Fingerprint = size, fp.Modified, fp
	r := w.finish(ctx, load, j, func() bool {
		fi, err := w.root.Load().Stat(filepath.FromSlash(j.change.Path))
		if err != nil {
			return false
		}
		now := fingerprintOf(fi)
		return now.Dev == fp.Dev && now.Ino == fp.Ino && now.Size >= size && w.holds(f, t, stop)
	})
	r.tail = t
	return r
}
