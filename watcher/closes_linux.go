package watcher

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// closes hears of files being closed by their writers. The events of fsnotify do not tell that, so this is a second
// instance of inotify, used only for directories that hold files of another user: no lease can be had on those. It is
// opened when the first such file is met.
type closes struct {
	mu     sync.Mutex
	file   *os.File // nil before it is needed, and where the system refuses it
	fd     int
	tried  bool
	dirs   map[string]listening // by absolute path
	names  map[int32]string
	files  map[string]closing // by absolute path
	moved  map[uint32]closing // on their way from one name to another, by cookie
	opened chan struct{}
}

// listening is one directory that is listened to. Its name alone would not do: when a directory above it is renamed, the
// watch goes with it and says nothing, and another directory may stand in its place.
type listening struct {
	wd int32
	id id
}

// closing is what has been heard of one file.
type closing struct {
	open bool // written to since it was last closed
	at   time.Time
}

// closesMost bounds what is remembered; beyond it everything is forgotten, and the next saves are believed later.
const closesMost = 20_000

const closesMask = unix.IN_MODIFY | unix.IN_CLOSE_WRITE | unix.IN_CREATE | unix.IN_DELETE | unix.IN_MOVED_FROM |
	unix.IN_MOVED_TO | unix.IN_MOVE_SELF | unix.IN_ONLYDIR

func (c *closes) init() {
	c.opened = make(chan struct{})
	c.dirs, c.names = map[string]listening{}, map[int32]string{}
	c.files, c.moved = map[string]closing{}, map[uint32]closing{}
}

// ask says whether the file at abs has a writer, as far as has been heard, and from now on listens to its directory.
func (c *closes) ask(now time.Time, abs string) writer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.tried {
		c.tried = true
		fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
		if err == nil {
			c.fd, c.file = fd, os.NewFile(uintptr(fd), "inotify")
			close(c.opened)
		}
	}
	if c.file == nil {
		return unknown
	}
	if c.listen(filepath.Dir(abs)) {
		return unknown // what came before is not known
	}
	f, ok := c.files[abs]
	switch {
	case !ok:
		return unknown
	case !f.open:
		return free
	case now.Sub(f.at) < closeMost:
		return writing
	}
	return unknown
}

// follow listens to a new directory, if anybody has asked for any yet: what is saved in it from now on is heard.
func (c *closes) follow(dir string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file != nil {
		c.listen(dir)
	}
}

// listen makes sure that the directory of this name is listened to, and reports whether it was not until now. The caller
// holds the lock.
func (c *closes) listen(dir string) bool {
	fi, err := os.Stat(dir)
	if err != nil {
		return true
	}
	me := fingerprintOf(fi).id()
	if old, ok := c.dirs[dir]; ok {
		if old.id == me {
			return false
		}
		c.forget(dir)
		unix.InotifyRmWatch(c.fd, uint32(old.wd)) // it may have ended by itself
	}
	wd, err := unix.InotifyAddWatch(c.fd, dir, closesMask)
	if err != nil {
		return true
	}
	if old, ok := c.names[int32(wd)]; ok {
		c.forget(old) // this very directory, by the name that it had
	}
	c.dirs[dir], c.names[int32(wd)] = listening{int32(wd), me}, dir
	return true
}

// forget drops what was heard in a directory. The caller holds the lock.
func (c *closes) forget(dir string) {
	delete(c.names, c.dirs[dir].wd)
	delete(c.dirs, dir)
	for p := range c.files {
		if filepath.Dir(p) == dir {
			delete(c.files, p)
		}
	}
}

// run listens until ctx ends.
func (c *closes) run(ctx context.Context) error {
	select {
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		c.tried = true // nobody would close it
		if c.file != nil {
			c.file.Close()
		}
		return nil
	case <-c.opened:
	}
	stop := context.AfterFunc(ctx, func() { c.file.Close() })
	defer stop()
	buf := make([]byte, 64<<10)
	for {
		n, err := c.file.Read(buf)
		if err != nil {
			c.mu.Lock()
			c.file = nil
			c.mu.Unlock()
			if ctx.Err() != nil || errors.Is(err, os.ErrClosed) {
				return nil
			}
			return nil // nothing is heard any more, and ask says so
		}
		c.hear(time.Now(), buf[:n])
	}
}

// hear takes note of a block of events.
func (c *closes) hear(now time.Time, b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.files) > closesMost || len(c.moved) > closesMost {
		clear(c.files)
		clear(c.moved)
	}
	for len(b) >= unix.SizeofInotifyEvent {
		wd := int32(binary.NativeEndian.Uint32(b))
		mask := binary.NativeEndian.Uint32(b[4:])
		cookie := binary.NativeEndian.Uint32(b[8:])
		n := int(binary.NativeEndian.Uint32(b[12:]))
		name := string(bytes.TrimRight(b[unix.SizeofInotifyEvent:unix.SizeofInotifyEvent+n], "\x00"))
		b = b[unix.SizeofInotifyEvent+n:]
		if mask&unix.IN_Q_OVERFLOW != 0 {
			clear(c.files)
			clear(c.moved)
			continue
		}
		dir, ok := c.names[wd]
		if !ok {
			continue
		}
		if mask&(unix.IN_IGNORED|unix.IN_MOVE_SELF|unix.IN_UNMOUNT) != 0 {
			c.forget(dir)
			if mask&unix.IN_MOVE_SELF != 0 {
				unix.InotifyRmWatch(c.fd, uint32(wd))
			}
			continue
		}
		p := filepath.Join(dir, name)
		switch {
		case mask&unix.IN_CREATE != 0:
			c.files[p] = closing{true, now}
		case mask&unix.IN_MODIFY != 0:
			c.files[p] = closing{true, now}
		case mask&unix.IN_CLOSE_WRITE != 0:
			c.files[p] = closing{false, now}
		case mask&unix.IN_DELETE != 0:
			delete(c.files, p)
		case mask&unix.IN_MOVED_FROM != 0:
			if f, ok := c.files[p]; ok {
				c.moved[cookie] = f
				delete(c.files, p)
			}
		case mask&unix.IN_MOVED_TO != 0:
			// From where nothing is heard it comes finished: who renames a file has closed it, and if not, goes on writing.
			f, ok := c.moved[cookie]
			if !ok {
				f = closing{false, now}
			}
			c.files[p] = f
			delete(c.moved, cookie)
		}
	}
}
