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

// ignoreFile is what a directory's ignore file is called; its syntax is that of gitignore.
const ignoreFile = ".dashiraignore"

// The bounds of what is read of ignore files.
const (
	ignoreFileLimit = 1 << 20 // bytes of one
	ignoreFilesMost = 1000
)

// ignoring is an ignore file as it was read. The zero value is none.
type ignoring struct {
	fp   Fingerprint
	text string
}

// readIgnore reads the ignore file of a directory if it is another one than was read last, and makes new rules of it. It
// reports whether it did. A file that somebody is writing is left for later, and one that cannot be read leaves the rules
// as they were. Only the keeper calls it.
func (w *Watcher) readIgnore(dir string) bool {
	if w.single != "" {
		return false
	}
	name := path.Join(dir, ignoreFile)
	old := w.tree.ignoring[dir]
	fi, err := w.root.Load().Stat(filepath.FromSlash(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) || old.fp.IsZero() && err != nil {
		return false
	}
	if err != nil {
		delete(w.tree.ignoring, dir)
		w.notices.forget(name)
		w.rules.Store(w.tree.compile())
		return true
	}
	fp := fingerprintOf(fi)
	if fp.Equal(old.fp) {
		return false
	}
	if old.fp.IsZero() && len(w.tree.ignoring) >= ignoreFilesMost {
		w.notices.say(aboutIgnore, Notice{Kind: LimitReached, Path: dir,
			Text: fmt.Sprintf("more than %d ignore files: those beyond are not read", ignoreFilesMost)})
		return false
	}
	text, busy, err := w.ignoreText(name)
	switch {
	case busy:
		w.errands.add(time.Now(), ignoreChanged, dir, busyMost)
		return false
	case err != nil:
		w.notices.say(name, Notice{Kind: Trouble, Path: name, Text: fmt.Sprintf("%s: %v; the rules stay as they were", name, cause(err))})
		text = old.text
	default:
		w.notices.forget(name)
	}
	w.tree.ignoring[dir] = ignoring{fp, text}
	w.rules.Store(w.tree.compile())
	return true
}

// ignoreText reads one ignore file.
func (w *Watcher) ignoreText(name string) (text string, busy bool, err error) {
	f, err := w.Open(name)
	if err != nil {
		return "", false, err
	}
	defer f.Close()
	if w.writerOf(name, f) == writing {
		return "", true, nil
	}
	b, err := io.ReadAll(io.LimitReader(f, ignoreFileLimit))
	return string(b), false, err
}

// compile makes the rules of all ignore files.
func (t *tree) compile() *rules {
	texts := make(map[string]string, len(t.ignoring))
	for dir, i := range t.ignoring {
		texts[dir] = i.text
	}
	return compileRules(texts)
}

// ignoreChanged reads the ignore file of a directory again, drops what it leaves out and finds what it lets in.
func (w *Watcher) ignoreChanged(dir string) {
	if w.readIgnore(dir) {
		w.reapply()
	}
}

// reapply holds every source to the rules of now.
func (w *Watcher) reapply() {
	now := time.Now()
	w.mu.Lock()
	w.m.ignore(now, func(p string) bool { return !w.source(p) })
	w.mu.Unlock()
	signal(w.due)
	w.tree.rescan = true
}
