package watcher

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// watchDue is one looker: it looks at paths when their time has come, until ctx ends.
func (w *Watcher) watchDue(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		now := time.Now()
		w.mu.Lock()
		e := w.m.take(now)
		var gen uint64
		if e != nil {
			gen = e.gen
		}
		next := w.m.next()
		w.mu.Unlock()
		if e == nil {
			wait := time.Hour
			if !next.IsZero() {
				wait = next.Sub(now)
			}
			timer.Reset(wait)
			select {
			case <-ctx.Done():
				return nil
			case <-w.due:
			case <-timer.C:
			}
			continue
		}
		if !next.IsZero() && !next.After(now) {
			signal(w.due)
		}
		l := w.look(e.path)
		w.mu.Lock()
		w.m.looked(time.Now(), e, gen, l)
		work := w.m.ready.len() > 0
		w.mu.Unlock()
		if work {
			signal(w.ready)
		}
		if l.other != notRegular(fs.ModeDir).Error() { // a directory called like a source is no surprise
			w.skipped(e.path, l.other)
		}
		w.startedMaybe()
	}
}

// Open opens a source for reading. It follows links inside the root, never one that leads out of it; it refuses what is
// not a regular file and never waits for the other end of a pipe.
func (w *Watcher) Open(path string) (*os.File, error) {
	for {
		root := w.root.Load()
		f, err := openIn(root, path)
		if errors.Is(err, fs.ErrClosed) && w.root.Load() != root {
			continue // the root was opened anew meanwhile
		}
		return f, err
	}
}

func openIn(root *os.Root, path string) (*os.File, error) {
	name := filepath.FromSlash(path)
	// Asked before it is opened, because opening a pipe or a device is already doing something to it; and after, because
	// it may have become one in between.
	fi, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !fi.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: notRegular(fi.Mode())}
	}
	f, err := root.OpenFile(name, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	if fi, err = f.Stat(); err == nil && !fi.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: notRegular(fi.Mode())}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// notRegular is the error for something that is no file to be read.
type notRegular fs.FileMode

func (m notRegular) Error() string {
	switch mode := fs.FileMode(m); {
	case mode.IsDir():
		return "is a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "is a named pipe"
	case mode&fs.ModeSocket != 0:
		return "is a socket"
	case mode&fs.ModeDevice != 0:
		return "is a device"
	}
	return "is not a regular file"
}

// look takes one glance at a path.
func (w *Watcher) look(path string) look {
	f, err := w.Open(path)
	if err != nil {
		l := classify(err)
		if l.err != nil {
			if fi, err := w.root.Load().Stat(filepath.FromSlash(path)); err == nil {
				l.fp = fingerprintOf(fi)
			}
		}
		return l
	}
	defer f.Close()
	var l look
	if l.fp, err = fstat(f); err != nil {
		return look{err: err}
	}
	if l.fp.Size > w.o.MaxFileSize {
		return look{err: tooLarge{l.fp.Size, w.o.MaxFileSize}, fp: l.fp}
	}
	if w.o.Lines(path) {
		if l.newline, err = endsLine(f, l.fp.Size); err != nil {
			return look{err: err}
		}
	}
	if x, ok := temporaryOf(path); ok {
		_, err := w.root.Load().Stat(filepath.FromSlash(x))
		l.temporary = err == nil
	}
	l.writer = w.writerOf(path, f)
	if age := time.Now().Round(0).Sub(l.fp.Changed); !l.fp.Changed.IsZero() && age > 0 {
		l.age = age
	}
	return l
}

// classify tells an absence from a refusal.
func classify(err error) look {
	var m notRegular
	switch {
	case errors.As(err, &m):
		return look{other: m.Error()}
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return look{missing: true}
	case escapes(err):
		return look{other: "is a link out of the folder"}
	case errors.Is(err, syscall.ELOOP):
		return look{other: "is a circle of links"}
	}
	return look{err: err}
}

// escapes reports whether err is os.Root's refusal to leave the root, for which package os exports no value.
func escapes(err error) bool {
	var p *fs.PathError
	return errors.As(err, &p) && strings.Contains(p.Err.Error(), "escapes from parent")
}

// transient reports whether err is one of the system that may be gone in a second.
func transient(err error) bool {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrClosed) || errors.Is(err, fs.ErrNotExist) {
		return true
	}
	for _, e := range []syscall.Errno{syscall.EIO, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.EAGAIN,
		syscall.EBUSY, syscall.ETIMEDOUT, syscall.EINTR} {
		if errors.Is(err, e) {
			return true
		}
	}
	return gone(err)
}

// tooLarge is the error for a file beyond Options.MaxFileSize.
type tooLarge struct{ size, limit int64 }

func (e tooLarge) Error() string {
	return fmt.Sprintf("%s are more than the limit of %s", bytesText(e.size), bytesText(e.limit))
}

// bytesText writes a number of bytes for people.
func bytesText(n int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB"}
	f, i := float64(n), 0
	for f >= 1024 && i < len(units)-1 {
		f, i = f/1024, i+1
	}
	if i == 0 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f %s", f, units[i])
}
