package watcher

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// checkRoot opens the root anew when its name stands for another directory than the one that is open. While there is
// nothing by that name everything is kept as it is: a folder that is being replaced or mounted comes back.
func (w *Watcher) checkRoot() {
	there, err := os.Stat(w.abs)
	if err == nil && !there.IsDir() {
		err = errors.New("is not a directory")
	}
	if err != nil {
		w.lost(err)
		return
	}
	open, err := w.root.Load().Stat(".")
	if err == nil && sameDir(there, open) {
		if w.found() {
			w.tree.rescan = true
		}
		return
	}
	root, err := os.OpenRoot(w.abs)
	if err != nil {
		w.lost(err)
		return
	}
	if w.unmounted(root) {
		root.Close()
		w.lost(errors.New("there is an empty directory of another file system in its place, as after unmounting"))
		return
	}
	w.leave(".")
	old := w.root.Swap(root)
	old.Close()
	w.found()
	w.o.Logger.Info("the folder is another one; comparing everything with the disk")
	w.ignoreChanged(".")
	w.tree.rescan, w.tree.mayWalk = true, time.Time{} // until then nothing is watched
}

// unmounted reports whether root, found under the name of the one that is open, looks like the empty directory that a
// mount had covered.
func (w *Watcher) unmounted(root *os.Root) bool {
	d := w.tree.get(".")
	fi, err := root.Stat(".")
	if d == nil || err != nil || fingerprintOf(fi).Dev == d.id.dev {
		return false
	}
	f, err := root.Open(".")
	if err != nil {
		return false
	}
	defer f.Close()
	names, err := f.Readdirnames(1)
	return len(names) == 0 && errors.Is(err, io.EOF)
}

// lost takes note that there is no root at the moment.
func (w *Watcher) lost(err error) {
	w.tree.mu.Lock()
	before := w.tree.lost
	w.tree.lost = "the folder cannot be reached: " + cause(err).Error()
	say := before == ""
	w.tree.mu.Unlock()
	w.freeze(true)
	if say {
		w.notices.say(aboutRoot, Notice{Kind: RootLost, Path: ".",
			Text: "the folder cannot be reached; what was loaded last is kept: " + cause(err).Error()})
	}
}

// found takes note that the root is there and reports whether it was lost before.
func (w *Watcher) found() bool {
	w.tree.mu.Lock()
	was := w.tree.lost != ""
	w.tree.lost = ""
	w.tree.mu.Unlock()
	w.freeze(false)
	w.notices.forget(aboutRoot)
	return was
}

// freeze says whether absences mean anything.
func (w *Watcher) freeze(yes bool) {
	w.mu.Lock()
	w.m.frozen = yes
	w.mu.Unlock()
}

// rootIntact reports whether the root is still where it was opened: what is missing in a root that is itself missing
// is not gone.
func (w *Watcher) rootIntact() bool {
	there, err := os.Stat(w.abs)
	if err != nil {
		return false
	}
	open, err := w.root.Load().Stat(".")
	return err == nil && sameDir(there, open)
}

func sameDir(a, b fs.FileInfo) bool { return os.SameFile(a, b) }
