package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	stdpath "path"
	"slices"
	"strings"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/watcher"
)

// watched are the roots of one serve.
type watched struct{ roots []*root }

// file is where dashboards are written down, nil where no folder is served.
func (w *watched) file() web.Written {
	for _, r := range w.roots {
		if r.written {
			return writtenFile{r.dir}
		}
	}
	return nil
}

// reload has files read again, by their paths in the model.
func (w *watched) reload(files []string) {
	for _, r := range w.roots {
		var own []string
		for _, f := range files {
			if rest, ok := strings.CutPrefix(f, r.prefix); ok {
				own = append(own, rest)
			}
		}
		r.Reload(own...)
	}
}

// root is one watched folder or file; its paths get a prefix where several folders are served.
type root struct {
	*watcher.Watcher
	prefix  string
	dir     string
	written bool            // its dashira.yaml is the one that counts
	pattern *ingest.Pattern // whose files are one table; nil: each is its own
	united  *united         // of the pattern, once there is a pipeline
}

func (w *watched) add(path, prefix string, folder bool, pattern *ingest.Pattern, o serveOptions, loader *ingest.Loader, model *dashboard.Model, notices func(watcher.Notice)) error {
	r := &root{prefix: prefix, dir: path, pattern: pattern, written: folder && !slices.ContainsFunc(w.roots, func(o *root) bool { return o.written })}
	accept := func(name string) bool {
		if r.written && name == dashboard.WrittenFile {
			return true
		}
		if !loader.Accept(name) {
			return false
		}
		if pattern != nil {
			return pattern.Match(stdpath.Join(pattern.Root(), name))
		}
		model.Announce(prefix + name)
		return true
	}
	whole := func(name string, f *os.File, size int64) error {
		if r.written && name == dashboard.WrittenFile {
			return nil
		}
		return loader.Whole(name, f, size)
	}
	var err error
	r.Watcher, err = watcher.New(path, watcher.Options{
		Poll: o.poll, Accept: accept, Whole: whole, Lines: loader.Lines, Notices: notices, MaxFiles: o.files,
	})
	if err != nil {
		return fmt.Errorf("watch %s: %w", path, err)
	}
	w.roots = append(w.roots, r)
	return nil
}

// pipeline carries a settled path to the model: read, understand, compare, publish.
type pipeline struct {
	loader *ingest.Loader
	model  *dashboard.Model
	log    *slog.Logger
	slow   *slowLoads
	unions *unions
	behind *behind                                          // nil: nothing is taken on trust
	loaded func(format string, took time.Duration, ok bool) // told of every load
}

// load returns the function that the watcher of a root calls for each settled path.
func (p *pipeline) load(r *root) watcher.Load {
	return func(ctx context.Context, c watcher.Change) (func(), error) {
		if r.written && c.Path == dashboard.WrittenFile {
			publish, err := p.written(r, c)
			if publish != nil {
				publish = p.unions.follow(r, publish)
			}
			return publish, err
		}
		if publish, taken := p.unions.route(r, c); taken {
			return publish, nil
		}
		path := r.prefix + c.Path
		if c.Gone {
			return func() {
				p.loader.Forget(path)
				p.model.Gone(path)
			}, nil
		}
		if c.Err != nil {
			return p.failed(path, c.Err), nil
		}
		defer p.slow.begin(path)()
		f, err := r.Open(c.Path)
		if err != nil {
			return p.failed(path, err), err
		}
		defer f.Close()
		started := time.Now()
		load, err := p.loader.Load(ctx, path, f, c.Size, p.model.ReadAs(path))
		if err != nil {
			p.loaded("", time.Since(started), false)
			return p.failed(path, err), err
		}
		from := c.From
		if from != "" {
			from = r.prefix + from
		}
		show := p.model.PrepareRenamed(load, c.Partial, from)
		publish := func() {
			show()
			if p.behind == nil {
				return
			}
			p.loader.Trust(load) // the watcher publishes what did not change while it was read
			if load.Unverified {
				p.behind.note(trusted{r, c.Path})
			}
		}
		p.loaded(load.Format, time.Since(started), load.Damage == nil)
		if load.Damage != nil {
			return publish, load.Damage
		}
		return publish, nil
	}
}

// written puts what people wrote in force.
func (p *pipeline) written(r *root, c watcher.Change) (func(), error) {
	if c.Gone {
		return p.model.WrittenGone, nil
	}
	if c.Err != nil {
		return p.failed(dashboard.WrittenFile, c.Err), nil
	}
	f, err := r.Open(c.Path)
	if err != nil {
		return p.failed(dashboard.WrittenFile, err), err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, manifest.MostBytes+1))
	if err != nil {
		return p.failed(dashboard.WrittenFile, err), err
	}
	return p.model.PrepareWritten(text, c.Modified), nil
}

// firstWritten reads what people wrote before any table is, so that each finds its dashboards at once.
func (p *pipeline) firstWritten(roots []*root) {
	for _, r := range roots {
		if !r.written {
			continue
		}
		if publish, err := p.written(r, watcher.Change{Path: dashboard.WrittenFile}); err == nil {
			publish()
		} else if !errors.Is(err, fs.ErrNotExist) {
			publish() // it says why it cannot be read
		}
	}
}

// failed says on screen why a file cannot be read.
func (p *pipeline) failed(path string, err error) func() {
	w := wire.LoadError{Code: "unreadable", Message: "This file cannot be read: " + err.Error()}
	var damage *ingest.Damage
	switch {
	case errors.As(err, &damage):
		w = dashboard.DamageError(damage)
	case errors.Is(err, fs.ErrPermission):
		w = wire.LoadError{Code: "no-permission", Message: "You have no permission to read this file.", Hint: "Give the user that runs dashira the right to read it."}
	case errors.Is(err, context.DeadlineExceeded):
		w = wire.LoadError{Code: "too-slow", Message: "Reading this file took too long."}
	}
	return func() { p.model.Fail(path, "", w, nil) }
}
