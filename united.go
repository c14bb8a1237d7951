package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/watcher"
)

// united is a pattern whose files are one table. Settled files are gathered for a moment and read together, so that a
// folder of a thousand files is put together a few times and not a thousand.
type united struct {
	name  string // what the model calls it
	root  *root
	files *ingest.Union
	line  *pipeline

	mu      sync.Mutex // guards what follows
	changed map[string]watcher.Change
	wake    chan struct{} // has room for one
	busy    bool
	idle    chan struct{} // closed when nothing is left to read, replaced when something comes

	present map[string]bool // of Run
}

// gather is how long Run waits for further files before it reads those that settled.
const gather = 20 * time.Millisecond

func newUnited(p *pipeline, r *root) *united {
	u := &united{name: patternName(r.pattern), root: r, line: p, changed: map[string]watcher.Change{},
		wake: make(chan struct{}, 1), idle: make(chan struct{}), present: map[string]bool{}}
	close(u.idle)
	u.files = p.loader.Union(u.name, r.Open)
	return u
}

// patternName is a pattern without the folders above the one that all its files are below.
func patternName(p *ingest.Pattern) string {
	if p.Root() == "" {
		return p.String()
	}
	return path.Join(path.Base(p.Root()), strings.TrimPrefix(p.String(), p.Root()))
}

// load takes a settled file; it is read when the watcher has made sure that it did not change meanwhile.
func (u *united) load(_ context.Context, c watcher.Change) (func(), error) {
	return func() {
		u.mu.Lock()
		u.changed[c.Path] = c
		if !u.busy {
			u.busy, u.idle = true, make(chan struct{})
		}
		u.mu.Unlock()
		select {
		case u.wake <- struct{}{}:
		default:
		}
	}, nil
}

// settled is closed when every file that came so far has been read.
func (u *united) settled() <-chan struct{} {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.idle
}

// Run reads what settled until ctx ends.
func (u *united) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-u.wake:
		}
		timer := time.NewTimer(gather)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		u.mu.Lock()
		changes := u.changed
		u.changed = map[string]watcher.Change{}
		u.mu.Unlock()
		if len(changes) > 0 {
			u.read(ctx, changes)
		}
		u.mu.Lock()
		if len(u.changed) == 0 && u.busy {
			u.busy = false
			close(u.idle)
		}
		u.mu.Unlock()
	}
}

// read reads the files that changed and publishes the table of all.
func (u *united) read(ctx context.Context, changes map[string]watcher.Change) {
	end := u.line.slow.begin(u.name)
	defer end()
	var members []ingest.Member
	partial := false
	for name, c := range changes {
		m := ingest.Member{Name: name, Size: c.Size}
		switch {
		case c.Gone:
			delete(u.present, name)
			continue
		case c.Err != nil:
			m.Damage = damageOf(c.Err)
		default:
			f, err := u.root.Open(name)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				continue // its being gone will be told
			case err != nil:
				m.Damage = damageOf(err)
			case !c.Partial && !unchanged(f, c):
				f.Close()
				continue // it comes again
			default:
				defer f.Close()
				m.File = f
				if partial = partial || c.Partial; !c.Partial {
					m.Same = func() bool { return unchanged(f, c) }
				}
			}
		}
		u.present[name] = true
		members = append(members, m)
	}
	if len(u.present) == 0 {
		u.line.model.Gone(u.name)
		u.line.loader.Forget(u.name)
		u.files = u.line.loader.Union(u.name, u.root.Open)
		return
	}
	present := make([]string, 0, len(u.present))
	for name := range u.present {
		present = append(present, name)
	}
	started := time.Now()
	load, err := u.files.Load(ctx, members, present, ingest.Options{})
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		u.line.loaded("", time.Since(started), false)
		u.line.failed(u.name, err)()
		return
	}
	publish := u.line.model.Prepare(load, partial)
	u.line.loaded(load.Format, time.Since(started), load.Damage == nil)
	end()
	publish()
}

// unchanged says whether a file is what it was when it had settled.
func unchanged(f *os.File, c watcher.Change) bool {
	st, err := f.Stat()
	return err == nil && st.Size() == c.Size && st.ModTime().Equal(c.Modified)
}

// damageOf makes of an error what a person is told of a file.
func damageOf(err error) *ingest.Damage {
	var d *ingest.Damage
	if errors.As(err, &d) {
		return d
	}
	return &ingest.Damage{Code: ingest.DamagedArchive, Message: "the file cannot be read: " + err.Error()}
}

// patternOf reads an argument that is no file but a pattern of many.
func patternOf(arg string) (*ingest.Pattern, bool) {
	if _, err := os.Stat(arg); err == nil || !ingest.IsPattern(arg) {
		return nil, false
	}
	p, err := ingest.ParsePattern(filepath.ToSlash(arg))
	return p, err == nil
}

// addPattern watches the folder below which all files of a pattern are.
func (w *watched) addPattern(arg string, o serveOptions, loader *ingest.Loader, model *dashboard.Model, notices func(watcher.Notice)) error {
	p, err := ingest.ParsePattern(filepath.ToSlash(arg))
	if err != nil {
		return fmt.Errorf("%s: %w", arg, err)
	}
	folder := filepath.FromSlash(cmp.Or(p.Root(), "."))
	if st, err := os.Stat(folder); err != nil || !st.IsDir() {
		return fmt.Errorf("%s: there is no folder %s", arg, folder)
	}
	return w.add(folder, "", false, p, o, loader, model, notices)
}

// loadPattern reads all files of a pattern as one table.
func loadPattern(ctx context.Context, loader *ingest.Loader, p *ingest.Pattern, o ingest.Options) (*ingest.Load, error) {
	folder := cmp.Or(p.Root(), ".")
	var members []ingest.Member
	var present []string
	defer func() {
		for _, m := range members {
			m.File.Close()
		}
	}()
	err := fs.WalkDir(os.DirFS(filepath.FromSlash(folder)), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || !loader.Accept(name) || !p.Match(path.Join(p.Root(), name)) {
			return nil
		}
		f, err := os.Open(filepath.Join(filepath.FromSlash(folder), filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		st, err := f.Stat()
		if err != nil || !st.Mode().IsRegular() {
			return errors.Join(err, f.Close())
		}
		members = append(members, ingest.Member{Name: name, File: f, Size: st.Size()})
		present = append(present, name)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", p, err)
	}
	if len(members) == 0 {
		return nil, fmt.Errorf("%s: there is no such file", p)
	}
	open := func(name string) (*os.File, error) {
		return os.Open(filepath.Join(filepath.FromSlash(folder), filepath.FromSlash(name)))
	}
	return loader.Union(patternName(p), open).Load(ctx, members, present, o)
}
