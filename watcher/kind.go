package watcher

import (
	"os"
	"path"
	"time"
)

// fsKind is what has to be known about a file system.
type fsKind struct {
	name string // for people
	poll bool   // not every change is announced
	// blind: the absence of a writer proves nothing, since it may be on another machine.
	blind bool
	// deaf: not even its presence can be asked for.
	deaf bool
}

// writerOf asks for the writer of a file, as far as the answer can be believed where the file is.
func (w *Watcher) writerOf(p string, f *os.File) writer {
	var kind fsKind
	if d := w.tree.get(path.Dir(p)); d != nil {
		kind = d.kind
	}
	if kind.deaf {
		return unknown
	}
	v := w.o.probe(w.path(p), f)
	if v == free && kind.blind {
		return unknown
	}
	if v == unknown && !kind.blind && !w.o.Poll {
		v = w.closes.ask(time.Now(), w.path(p))
	}
	return v
}
