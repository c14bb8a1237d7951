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
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/watcher"
)

// unions are the tables that are made of many files: those of patterns on the command line and of sources with a pattern
// in the dashira.yaml. Settled files are gathered for a moment and read together, so that a folder of a thousand files
// is put together a few times and not a thousand.
type unions struct {
	line *pipeline
	wake chan struct{} // has room for one

	mu   sync.Mutex // guards what follows
	all  []*united
	in   map[string]*united // by path: the union a file of the folder with the dashira.yaml is in, nil: none
	busy bool
	idle chan struct{} // closed when nothing is left to read, replaced when something comes
}

// united is one of the unions.
type united struct {
	name    string // what the model calls it
	root    *root
	pattern *ingest.Pattern
	changed map[string]watcher.Change // guarded by unions.mu

	files   *ingest.Union   // of Run
	present map[string]bool // of Run
}

// gather is how long Run waits for further files before it reads those that settled.
const gather = 20 * time.Millisecond

func newUnions(p *pipeline, w *watched) *unions {
	s := &unions{line: p, wake: make(chan struct{}, 1), in: map[string]*united{}, idle: make(chan struct{})}
	close(s.idle)
	for _, r := range w.roots {
		if r.pattern != nil {
			r.united = s.add(patternName(r.pattern), r, r.pattern)
			p.model.Announce(r.united.name)
		}
	}
	return s
}

func (s *unions) add(name string, r *root, p *ingest.Pattern) *united {
	u := &united{name: name, root: r, pattern: p, changed: map[string]watcher.Change{}, files: s.line.loader.Union(name, r.Open), present: map[string]bool{}}
	s.all = append(s.all, u)
	return u
}

// route takes a file that settled, changed or went, when it belongs to a union or has belonged to one, and returns what
// makes that visible; false says that the file is a table of its own.
func (s *unions) route(r *root, c watcher.Change) (publish func(), taken bool) {
	if r.united != nil {
		return func() { s.tell(r.united, c) }, true
	}
	if !r.written {
		return nil, false
	}
	u := s.ofSource(r, c.Path)
	s.mu.Lock()
	before, known := s.in[c.Path]
	s.mu.Unlock()
	remember := func() {
		s.mu.Lock()
		if s.in[c.Path] = u; c.Gone {
			delete(s.in, c.Path)
		}
		s.mu.Unlock()
		if before != nil && before != u {
			s.tell(before, watcher.Change{Path: c.Path, Gone: true})
		}
	}
	if u == nil {
		remember()
		return nil, false
	}
	return func() {
		remember()
		if known && before == nil { // it was a table of its own
			s.line.loader.Forget(r.prefix + c.Path)
			s.line.model.Gone(r.prefix + c.Path)
		}
		s.tell(u, c)
	}, true
}

// ofSource returns the union of a source in the dashira.yaml that a file belongs to, nil when there is none.
func (s *unions) ofSource(r *root, path string) *united {
	for _, source := range s.line.model.Unions() {
		if !source.Pattern.Match(path) {
			continue
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, u := range s.all {
			if u.root == r && u.name == source.Name && u.pattern.String() == source.Pattern.String() {
				return u
			}
		}
		return s.add(source.Name, r, source.Pattern)
	}
	return nil
}

// follow returns what is to be called around the publishing of a dashira.yaml: files that belong elsewhere now, or to a
// union that is read in another way, are loaded again.
func (s *unions) follow(r *root, publish func()) func() {
	return func() {
		s.mu.Lock()
		readAs := map[*united]ingest.Options{}
		for _, u := range s.all {
			readAs[u] = s.line.model.ReadAs(u.name)
		}
		s.mu.Unlock()
		before := s.line.model.Unions()
		publish()
		now := s.line.model.Unions()
		s.mu.Lock()
		otherwise := map[*united]bool{}
		for u, o := range readAs {
			otherwise[u] = !reflect.DeepEqual(o, s.line.model.ReadAs(u.name))
		}
		var moved []string
		for path, u := range s.in {
			if sourceOf(before, path) != sourceOf(now, path) || otherwise[u] {
				moved = append(moved, path)
			}
		}
		s.mu.Unlock()
		r.Reload(moved...)
	}
}

// sourceOf names the source a file belongs to, with its pattern.
func sourceOf(all []manifest.Union, path string) string {
	for _, u := range all {
		if u.Pattern.Match(path) {
			return u.Name + "\x00" + u.Pattern.String()
		}
	}
	return ""
}

// tell has a union read a file.
func (s *unions) tell(u *united, c watcher.Change) {
	s.mu.Lock()
	u.changed[c.Path] = c
	if !s.busy {
		s.busy, s.idle = true, make(chan struct{})
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// settled is closed when every file that came so far has been read.
func (s *unions) settled() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.idle
}

// Run reads what settled until ctx ends.
func (s *unions) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		}
		timer := time.NewTimer(gather)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		s.mu.Lock()
		all := slices.Clone(s.all)
		s.mu.Unlock()
		for _, u := range all {
			s.mu.Lock()
			changes := u.changed
			u.changed = map[string]watcher.Change{}
			s.mu.Unlock()
			if len(changes) > 0 {
				u.read(ctx, s.line, changes)
			}
		}
		s.mu.Lock()
		rest := 0
		for _, u := range s.all {
			rest += len(u.changed)
		}
		if rest == 0 && s.busy {
			s.busy = false
			close(s.idle)
		}
		s.mu.Unlock()
	}
}

// patternName is a pattern without the folders above the one that all its files are below.
func patternName(p *ingest.Pattern) string {
	if p.Root() == "" {
		return p.String()
	}
	return path.Join(path.Base(p.Root()), strings.TrimPrefix(p.String(), p.Root()))
}

// read reads the files that changed and publishes the table of all.
func (u *united) read(ctx context.Context, line *pipeline, changes map[string]watcher.Change) {
	end := line.slow.begin(u.name)
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
		line.model.Gone(u.name)
		line.loader.Forget(u.name)
		u.files = line.loader.Union(u.name, u.root.Open)
		return
	}
	present := make([]string, 0, len(u.present))
	for name := range u.present {
		present = append(present, name)
	}
	started := time.Now()
	load, err := u.files.Load(ctx, members, present, line.model.ReadAs(u.name))
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		line.loaded("", time.Since(started), false)
		line.failed(u.name, err)()
		return
	}
	publish := line.model.Prepare(load, partial)
	line.loaded(load.Format, time.Since(started), load.Damage == nil)
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
