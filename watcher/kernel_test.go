package watcher_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing/synctest"

	"github.com/fsnotify/fsnotify"
)

// watch looks at the disk before an operation of a script and returns what announces the operation afterwards, under a
// false clock as the kernel would: only for directories that are watched, and nothing for what goes through memory maps
// and other names.
func (p *player) watch(op string, arg []string) (announce func()) {
	if p.events == nil || p.r == nil {
		return func() {}
	}
	a, b := p.at(arg[0]), p.at(arg[1])
	path := a
	switch op {
	case "open", "reopen", "copy", "link", "hardlink":
		path = b
	}
	before, err := os.Lstat(path)
	isNew := err != nil
	switch op {
	case "write", "append", "copy":
		return func() {
			p.tell(isNew, path, fsnotify.Create)
			p.tell(op != "write" || isNew && arg[1] != "" || !isNew && (arg[1] != "" || before.Size() > 0), path, fsnotify.Write)
		}
	case "open":
		return func() {
			p.tell(isNew, path, fsnotify.Create)
			p.tell(!isNew && before.Size() > 0, path, fsnotify.Write)
		}
	case "reopen", "link", "hardlink", "fifo":
		return func() { p.tell(isNew, path, fsnotify.Create) }
	case "put":
		return func() {
			there, err := os.Lstat(p.opened[arg[0]])
			open, err2 := p.handles[arg[0]].Stat()
			p.tell(err == nil && err2 == nil && os.SameFile(there, open), p.opened[arg[0]], fsnotify.Write)
		}
	case "truncate":
		return func() { p.tell(true, path, fsnotify.Write) }
	case "chmod", "mtime":
		return func() { p.tell(true, path, fsnotify.Chmod) }
	case "restore":
		return func() { p.tell(true, path, fsnotify.Write); p.tell(true, path, fsnotify.Chmod) }
	case "mkdir":
		for isNew && !exists(filepath.Dir(path)) {
			path = filepath.Dir(path)
		}
		return func() { p.tell(isNew, path, fsnotify.Create) }
	case "rename", "exchange":
		return func() {
			p.tell(true, a, fsnotify.Rename)
			p.left(a, fsnotify.Rename)
			p.tell(true, b, fsnotify.Create)
			if op == "exchange" {
				p.tell(true, b, fsnotify.Rename)
				p.tell(true, a, fsnotify.Create)
			}
		}
	case "remove":
		return p.removal(path)
	}
	return func() {}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// removal announces that everything below path went, from the leaves on.
func (p *player) removal(path string) func() {
	var all []string
	_ = filepath.WalkDir(path, func(name string, _ fs.DirEntry, err error) error { // what is not there is not announced
		if err == nil {
			all = append(all, name)
		}
		return nil
	})
	return func() {
		for i := len(all) - 1; i >= 0; i-- {
			p.left(all[i], fsnotify.Remove)
			p.tell(true, all[i], fsnotify.Remove)
		}
	}
}

// left announces to the watches of a directory, and of those below it, that they are at their end.
func (p *player) left(dir string, op fsnotify.Op) {
	for _, name := range p.events.WatchList() {
		if name == dir || strings.HasPrefix(name, dir+string(filepath.Separator)) {
			p.events.Drop(name)
			p.send(fsnotify.Event{Name: name, Op: op})
		}
	}
}

// tell sends one event if it happened and the directory of its path is watched.
func (p *player) tell(happened bool, path string, op fsnotify.Op) {
	if happened && p.events.Watches(filepath.Dir(path)) {
		p.send(fsnotify.Event{Name: path, Op: op})
	}
}

// send hands an event to the watcher and waits until it has taken note of it.
func (p *player) send(ev fsnotify.Event) {
	p.events.Sent <- ev
	synctest.Wait()
}
