// Package watcher tells which files below a folder have changed, at a moment when their content can be trusted.
//
// Events are hints and the disk is the truth: a hint only has a path looked at. A path is handed to the consumer's Load
// when nobody has written to it for a while, nobody has it open for writing, and its fingerprint was the same before
// and after the read; what Load made of it becomes visible only then. Every existing file has "changed" once at the
// start. Changes without an event (another machine's, a memory map's, a hard link's) are found by a steady comparison
// with the disk.
//
// Callers may assume that Load is never running twice for one path, that at most two run at once, that no state is
// published which the file did not have at a moment when it looked finished, and that the last state of every file is
// published in the end, without anybody's doing. They may not assume that every state in between is seen, nor any order
// between two paths. The folder is never written to.
package watcher

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options say how to watch. The zero value is the default of everything.
type Options struct {
	Poll     bool          // never rely on events
	Interval time.Duration // between two comparisons where events cannot be relied on; 0 = 2 s
	Quiet    time.Duration // without a hint before a file is believed to be finished; 0 = 60 ms
	NewQuiet time.Duration // the same for a path that has not been loaded yet; 0 = 200 ms
	Grace    time.Duration // of uninterrupted absence before a file is believed to be gone; 0 = 600 ms

	// Accept says by its name whether a path (slash separated, relative to the root) is a source. Nil accepts all.
	Accept func(path string) bool
	// Whole is the format's own opinion whether the bytes of a file are complete. It is asked before Load; an error
	// means not yet, and after a second of no change that the file is broken. Nil has no opinion.
	Whole func(path string, f *os.File, size int64) error
	// Lines says by its name whether a path is made of lines that are rows, so that the first of them are worth showing
	// while more are being written, and a last one without an end is probably not finished. Nil says no to all.
	Lines func(path string) bool

	Follow bool // follow links to directories, inside the root

	MaxFiles    int   // sources; 0 = 10,000
	MaxDirs     int   // directories; 0 = 50,000
	MaxDepth    int   // of directories below the root; 0 = 64
	MaxFileSize int64 // bytes; 0 = 2 GiB

	Notices func(Notice) // is told, one at a time, what a person should know; nil: nobody
	Logger  *slog.Logger // nil: silent

	notify func() (notifier, error)                // tests put their own events here,
	kind   func(dir string) fsKind                 // file systems here,
	probe  func(path string, f *os.File) writer    // and writers here
	clock  func() (wall time.Time, mono time.Time) // and a sleep of the machine here
}

// Change is one path to be loaded. Exactly one of these is meant: the file is gone (Gone), it cannot be read or is not
// whole (Err), its first Size bytes are to be read (Partial), or all of it is.
type Change struct {
	Path        string // relative to the root, slash separated
	Gone        bool   // not there any more, or not a source any more
	Err         error  // why the last good state stays; for people
	Partial     bool   // being written: only the complete rows in the first Size bytes are meant
	Size        int64  // bytes
	Modified    time.Time
	At          time.Time // when the last hint came
	Fingerprint Fingerprint
	// From is the path that this very file had a moment ago, when it was renamed. A Gone for that path follows.
	From string
}

const (
	defaultInterval    = 2 * time.Second
	defaultMaxFiles    = 10_000
	defaultMaxDirs     = 50_000
	defaultMaxDepth    = 64
	defaultMaxFileSize = 2 << 30

	loaders = 2 // loads at once
	lookers = 2 // looks at once: one may hang on a slow disk
)

// withDefaults fills in what is zero.
func (o Options) withDefaults() Options {
	def(&o.Interval, defaultInterval)
	def(&o.Quiet, defaultQuiet)
	def(&o.NewQuiet, defaultNewQuiet)
	def(&o.Grace, defaultGrace)
	def(&o.MaxFiles, defaultMaxFiles)
	def(&o.MaxDirs, defaultMaxDirs)
	def(&o.MaxDepth, defaultMaxDepth)
	def(&o.MaxFileSize, defaultMaxFileSize)
	if o.Accept == nil {
		o.Accept = func(string) bool { return true }
	}
	if o.Lines == nil {
		o.Lines = func(string) bool { return false }
	}
	if o.Notices == nil {
		o.Notices = func(Notice) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.notify == nil {
		o.notify = newNotifier
	}
	if o.kind == nil {
		o.kind = kindOf
	}
	if o.probe == nil {
		o.probe = probe
	}
	if o.clock == nil {
		o.clock = clock
	}
	return o
}

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Watcher watches one folder, or one file. It is made by New and works while Run does.
type Watcher struct {
	o      Options
	abs    string // of the root directory, as the user named it
	single string // the name of the one file that is watched, or empty
	seed   maphash.Seed

	root  atomic.Pointer[os.Root]
	rules atomic.Pointer[rules]

	mu sync.Mutex // guards m
	m  *machine

	tree     tree
	errands  errands
	closes   closes
	notices  notices
	skips    skips
	due      chan struct{} // a looker should look at the queue
	ready    chan struct{} // a worker should
	started  chan struct{} // closed when the start-up is done
	surveyed atomic.Bool   // the first walk is done
	once     sync.Once     // closes started
	running  atomic.Bool
}

// New opens root, a directory or a single file, and does nothing else. The error is what os said about the root.
func New(root string, o Options) (*Watcher, error) {
	o = o.withDefaults()
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", root, err)
	}
	fi, err := os.Stat(abs)
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", root, err)
	}
	w := &Watcher{o: o, abs: abs, seed: maphash.MakeSeed(), m: newMachine(o),
		due: make(chan struct{}, 1), ready: make(chan struct{}, 1), started: make(chan struct{})}
	if !fi.IsDir() {
		if !fi.Mode().IsRegular() {
			return nil, fmt.Errorf("watch %s: %w", root, notRegular(fi.Mode()))
		}
		w.abs, w.single = filepath.Split(abs)
		w.abs = filepath.Clean(w.abs)
	}
	r, err := os.OpenRoot(w.abs)
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", root, err)
	}
	if w.single != "" {
		if _, err := r.Stat(w.single); escapes(err) {
			// The user names this link, so where it leads is what the user wants watched.
			r.Close()
			target, err := filepath.EvalSymlinks(abs)
			if err != nil {
				return nil, fmt.Errorf("watch %s: %w", root, err)
			}
			return New(target, o)
		}
	}
	w.root.Store(r)
	w.rules.Store(&rules{})
	w.tree.init()
	w.errands.init()
	w.closes.init()
	w.notices.init()
	return w, nil
}

// Run watches until ctx ends, which is no error. It may be called once.
func (w *Watcher) Run(ctx context.Context, load Load) error {
	if w.running.Swap(true) {
		return errors.New("watcher: Run called twice")
	}
	defer func() { w.root.Load().Close() }()
	w.readIgnore(".")
	n, err := w.openEvents()
	if err != nil {
		w.noEvents(err)
	}
	g, ctx := errgroup.WithContext(ctx)
	if n != nil {
		defer n.Close()
		g.Go(func() error { return w.pump(ctx, n) })
	}
	g.Go(func() error { return w.keep(ctx) })
	g.Go(func() error { return w.closes.run(ctx) })
	for range lookers {
		g.Go(func() error { return w.watchDue(ctx) })
	}
	for range loaders {
		g.Go(func() error { return w.serve(ctx, load) })
	}
	g.Go(func() error { return w.notices.deliver(ctx, w.o.Notices, w.o.Logger) })
	return g.Wait()
}

// Ready is closed when every file that was there at the start has been loaded, has failed, is being written, or is empty.
func (w *Watcher) Ready() <-chan struct{} { return w.started }

// Rescan has everything compared with the disk at once.
func (w *Watcher) Rescan() { w.errands.add(time.Now(), rescan, "", 0) }

// Reload has these paths loaded again although nothing about them changed: the consumer has another idea of what to
// make of them. Paths that are no sources are left out.
func (w *Watcher) Reload(paths ...string) {
	now := time.Now()
	w.mu.Lock()
	for _, p := range paths {
		if w.m.entries[p] != nil {
			w.m.hint(now, p, wrote)
		}
	}
	w.mu.Unlock()
	signal(w.due)
}

// startedMaybe closes started when there is nothing left to wait for.
func (w *Watcher) startedMaybe() {
	if !w.surveyed.Load() {
		return
	}
	w.mu.Lock()
	done := w.m.firsts == 0
	w.mu.Unlock()
	if done {
		w.once.Do(func() { close(w.started) })
	}
}

// signal wakes whoever waits on c, now or next.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// rel gives the path below the root of what an event calls name.
func (w *Watcher) rel(name string) (string, bool) {
	r, err := filepath.Rel(w.abs, name)
	if err != nil || !filepath.IsLocal(r) {
		return "", false
	}
	return filepath.ToSlash(r), true
}

// path is the opposite of rel.
func (w *Watcher) path(rel string) string { return filepath.Join(w.abs, filepath.FromSlash(rel)) }

// source reports whether rel may be a source by its name.
func (w *Watcher) source(rel string) bool {
	if w.single != "" {
		return rel == w.single
	}
	return w.o.Accept(rel) && !w.rules.Load().ignoredBelow(rel)
}
