package watcher

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"time"
)

// list shows the machine what is in one directory and gives the directories in it, in order of name. It reports false
// when the directory could not be read to its end: then nothing in it is believed to be missing.
func (w *Watcher) list(rel string, first bool) (subs []string, ok bool) {
	if w.readIgnore(rel) && !first {
		w.reapply()
	}
	d, err := w.root.Load().Open(filepath.FromSlash(rel))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			w.skipped(rel, fmt.Sprintf("cannot be read: %v", cause(err)))
		}
		return nil, false
	}
	defer d.Close()
	w.skipped(rel, "")
	w.tree.unlink(rel)
	seen := map[string]bool{}
	for {
		batch, err := d.ReadDir(512)
		for _, de := range batch {
			p := path.Join(rel, de.Name())
			if w.item(p, de, first, seen) {
				subs = append(subs, p)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			w.skipped(rel, fmt.Sprintf("cannot be read: %v", cause(err)))
			return nil, false
		}
	}
	w.mu.Lock()
	w.m.listed(time.Now(), rel, func(p string) bool { return seen[p] })
	w.mu.Unlock()
	signal(w.due)
	return sorted(subs), true
}

// item shows the machine one name of a listing and reports whether it is a directory to be walked.
func (w *Watcher) item(p string, de fs.DirEntry, first bool, seen map[string]bool) bool {
	mode := de.Type()
	link := mode&fs.ModeSymlink != 0
	rules := w.rules.Load()
	if mode.IsDir() {
		return w.single == "" && !rules.ignored(p, true)
	}
	source := w.source(p)
	if !source && (!link || w.single != "" || rules.ignored(p, false)) {
		return false
	}
	var fi fs.FileInfo
	var err error
	if link {
		if fi, err = w.root.Load().Stat(filepath.FromSlash(p)); err == nil && fi.IsDir() {
			if !w.o.Follow {
				w.skipped(p, "is a link to a directory, which are not followed")
			}
			return w.o.Follow
		}
		if !source {
			return false
		}
		w.linked(p)
	} else {
		fi, err = de.Info()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		w.skipped(p, "")
	case err != nil:
		l := classify(err)
		w.skipped(p, l.other)
		if l.err != nil {
			seen[p] = true
			w.nudge(time.Now(), p)
		}
	case !fi.Mode().IsRegular():
		w.skipped(p, notRegular(fi.Mode()).Error())
	default:
		w.skipped(p, "")
		seen[p] = true
		w.see(p, fi, first)
	}
	return false
}

// see shows the machine a file.
func (w *Watcher) see(p string, fi fs.FileInfo, first bool) {
	fp := fingerprintOf(fi)
	now := time.Now()
	last := fp.Modified
	if fp.Changed.After(last) {
		last = fp.Changed
	}
	age := now.Round(0).Sub(last)
	if age < 0 || age > 24*time.Hour {
		age = max(0, min(age, 24*time.Hour))
	}
	w.mu.Lock()
	ok := w.m.sight(now, p, fp, age, first)
	w.mu.Unlock()
	if !ok {
		w.refused(p)
	}
}

// linked takes note that the source p is a link.
func (w *Watcher) linked(p string) {
	w.tree.mu.Lock()
	if d := w.tree.dirs[path.Dir(p)]; d != nil {
		d.links[p] = true
	}
	w.tree.mu.Unlock()
}

// cause is an error without the path that it names: paths are shown beside it.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
