//go:build linux

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// saver saves one file.
type saver struct {
	*truth
	r     *rand.Rand
	file  string // its path
	aside string // a directory on the same file system that nobody serves
}

// pattern is one way in which programs save a file whole. What it leaves in between is its own affair: only the body
// may ever be shown.
type pattern struct {
	name   string
	silent bool // the system does not announce it
	length bool // the body has the length of the one before
	save   func(s *saver, body []byte) error
}

// dir is where the file is, and base what it is called.
func (s *saver) dir() string  { return filepath.Dir(s.file) }
func (s *saver) base() string { return filepath.Base(s.file) }

// beside is a path in the file's directory.
func (s *saver) beside(format string, args ...any) string {
	return filepath.Join(s.dir(), fmt.Sprintf(format, args...))
}

func (s *saver) pause(most time.Duration) { time.Sleep(time.Duration(s.r.Int64N(int64(most)) + 1)) }

// steps does one thing after the other until one fails.
func steps(all ...func() error) error {
	for _, step := range all {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func write(path string, body []byte) func() error {
	return func() error { return os.WriteFile(path, body, 0o644) }
}
func rename(from, to string) func() error { return func() error { return os.Rename(from, to) } }
func remove(path string) func() error     { return func() error { return os.RemoveAll(path) } }
func mkdir(path string) func() error      { return func() error { return os.MkdirAll(path, 0o755) } }
func chmod(path string) func() error      { return func() error { return os.Chmod(path, 0o644) } }
func dated(path string, at time.Time) func() error {
	return func() error { return os.Chtimes(path, at, at) }
}

// longAgo is a time that cp -p and rsync give to a file.
var longAgo = time.Unix(1_000_000_000, 0)

// pieces writes body in several writes with pauses longer than a quiet time.
func (s *saver) pieces(f *os.File, body []byte, most time.Duration) error {
	n := 2 + s.r.IntN(5)
	for i := range n {
		if _, err := f.Write(body[len(body)*i/n : len(body)*(i+1)/n]); err != nil {
			return err
		}
		s.pause(most)
	}
	return f.Close()
}

// slowly writes a file anew with pauses.
func (s *saver) slowly(path string, body []byte) func() error {
	return func() error {
		f, err := os.Create(path)
		if err != nil {
			return err
		}
		s.back()
		return s.pieces(f, body, 200*time.Millisecond)
	}
}

// within opens the file as it is and lets do write to it.
func (s *saver) within(do func(f *os.File) error) func() error {
	return func() error {
		f, err := os.OpenFile(s.file, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := do(f); err != nil {
			f.Close()
			return err
		}
		return f.Close()
	}
}

// over writes body over the old content in two halves, and cuts what is left of it.
func (s *saver) over(body []byte) func() error {
	return s.within(func(f *os.File) error {
		half := len(body) / 2
		if _, err := f.WriteAt(body[:half], 0); err != nil {
			return err
		}
		s.pause(80 * time.Millisecond)
		if _, err := f.WriteAt(body[half:], int64(half)); err != nil {
			return err
		}
		return f.Truncate(int64(len(body)))
	})
}

// holes makes the file as long as it will be and fills it later, from the end.
func (s *saver) holes(body []byte) func() error {
	return func() error {
		f, err := os.Create(s.file)
		if err != nil {
			return err
		}
		half := len(body) / 2
		err = steps(
			func() error { return f.Truncate(int64(len(body))) },
			func() error {
				s.pause(150 * time.Millisecond)
				_, err := f.WriteAt(body[half:], int64(half))
				return err
			},
			func() error { s.pause(150 * time.Millisecond); _, err := f.WriteAt(body[:half], 0); return err },
		)
		if e := f.Close(); err == nil {
			err = e
		}
		return err
	}
}

// mapped writes through a memory map.
func (s *saver) mapped(body []byte) func() error {
	return s.within(func(f *os.File) error {
		if err := f.Truncate(int64(len(body))); err != nil {
			return err
		}
		m, err := unix.Mmap(int(f.Fd()), 0, len(body), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			return fmt.Errorf("map %s: %w", s.file, err)
		}
		copy(m, body)
		s.pause(50 * time.Millisecond)
		return unix.Munmap(m)
	})
}

// linked writes through another name of the same file, outside the folder.
func (s *saver) linked(body []byte) error {
	other := filepath.Join(s.aside, fmt.Sprintf("link-%x", s.r.Uint64()))
	defer os.Remove(other)
	return steps(func() error { return os.Link(s.file, other) }, write(other, body))
}

// restored has the length and the time of the file as it was.
func (s *saver) restored(body []byte) error {
	fi, err := os.Stat(s.file)
	if err != nil {
		return err
	}
	return steps(write(s.file, body), dated(s.file, fi.ModTime()))
}

// halves closes the file in the middle and goes on a moment later.
func (s *saver) halves(body []byte) error {
	half := len(body) / 2
	if body[half-1] == '\n' {
		half++ // in the middle of a row: half a file of whole rows is a file
	}
	return steps(write(s.file, body[:half]), func() error {
		s.pause(120 * time.Millisecond)
		f, err := os.OpenFile(s.file, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		_, err = f.Write(body[half:])
		if e := f.Close(); err == nil {
			err = e
		}
		return err
	})
}

// temporary is a name with a dot before it.
func (s *saver) temporary() string { return s.beside(".%s.%06x", s.base(), s.r.Uint32()&0xffffff) }

var patterns = []pattern{
	{name: "truncate, write (shell, VS Code)", save: func(s *saver, body []byte) error { return write(s.file, body)() }},
	{name: "truncate, write with pauses (pandas)", save: func(s *saver, body []byte) error { return s.slowly(s.file, body)() }},
	{name: "rename over", save: func(s *saver, body []byte) error {
		tmp := s.temporary()
		return steps(write(tmp, body), rename(tmp, s.file))
	}},
	{name: "backup, write anew (vim)", save: func(s *saver, body []byte) error {
		return steps(write(s.beside(".%s.swp", s.base()), []byte("b0VIM")), write(s.beside("4913"), nil), remove(s.beside("4913")),
			func() error { s.leave(); return nil }, rename(s.file, s.file+"~"), s.slowly(s.file, body), chmod(s.file),
			remove(s.file+"~"), remove(s.beside(".%s.swp", s.base())))
	}},
	{name: "copy, write in place (nano)", save: func(s *saver, body []byte) error {
		old, err := os.ReadFile(s.file)
		if err != nil {
			return err
		}
		return steps(write(s.file+"~", old), write(s.file, body), remove(s.file+"~"))
	}},
	{name: "lock by a dangling link, rename away (emacs)", save: func(s *saver, body []byte) error {
		lock := s.beside(".#%s", s.base())
		return steps(remove(lock), func() error { return os.Symlink("me@host.1:2", lock) },
			func() error { s.leave(); return nil }, rename(s.file, s.file+"~"), write(s.file, body), chmod(s.file), remove(lock))
	}},
	{name: "two renames (Excel)", save: func(s *saver, body []byte) error {
		lock, fresh, old := s.beside("~$%s", s.base()), s.beside("%08X", s.r.Uint32()), s.beside("%08X.tmp", s.r.Uint32())
		return steps(write(lock, []byte("me")), s.slowly(fresh, body), func() error { s.leave(); return nil }, rename(s.file, old),
			func() error { s.pause(6 * time.Millisecond); return nil }, rename(fresh, s.file), remove(old), remove(lock))
	}},
	{name: "lock, lu.tmp, rename over (LibreOffice)", save: func(s *saver, body []byte) error {
		lock, tmp := s.beside(".~lock.%s#", s.base()), s.beside("lu%06x.tmp", s.r.Uint32()&0xffffff)
		return steps(write(lock, []byte("me")), s.slowly(tmp, body), rename(tmp, s.file), chmod(s.file), remove(lock))
	}},
	{name: "sedXXXX, rename over (sed -i)", save: func(s *saver, body []byte) error {
		tmp := s.beside("sed%06x", s.r.Uint32()&0xffffff)
		return steps(write(tmp, body), rename(tmp, s.file))
	}},
	{name: "tmp_NAME, rename over (DuckDB)", save: func(s *saver, body []byte) error {
		tmp := s.beside("tmp_%s", s.base())
		return steps(s.slowly(tmp, body), rename(tmp, s.file))
	}},
	{name: "delete, create (git checkout)", save: func(s *saver, body []byte) error {
		s.leave()
		return steps(remove(s.file), write(s.file, body))
	}},
	{name: "delete, pause, create", save: func(s *saver, body []byte) error {
		s.leave()
		return steps(remove(s.file), func() error { s.pause(350 * time.Millisecond); return nil }, write(s.file, body))
	}},
	{name: "delete while open, create", save: func(s *saver, body []byte) error {
		f, err := os.OpenFile(s.file, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		s.leave()
		return steps(remove(s.file), func() error { _, err := f.Write(bytes.Repeat([]byte("x"), 999)); return err },
			write(s.file, body))
	}},
	{name: "over the old content (rsync --inplace)", save: func(s *saver, body []byte) error { return s.over(body)() }},
	{name: "rename over, dated into the past (rsync)", save: func(s *saver, body []byte) error {
		tmp := s.temporary()
		return steps(s.slowly(tmp, body), chmod(tmp), dated(tmp, longAgo), rename(tmp, s.file))
	}},
	{name: "from .~tmp~ (rsync --delay-updates)", save: func(s *saver, body []byte) error {
		dir := s.beside(".~tmp~")
		tmp := filepath.Join(dir, s.base())
		return steps(mkdir(dir), write(tmp, body), rename(tmp, s.file))
	}},
	{name: "write, dated into the past (cp -p)", save: func(s *saver, body []byte) error {
		return steps(write(s.file, body), dated(s.file, longAgo), chmod(s.file))
	}},
	{name: "long from the start, filled later", save: func(s *saver, body []byte) error { return s.holes(body)() }},
	{name: "same length, same time", length: true, save: func(s *saver, body []byte) error { return s.restored(body) }},
	{name: "partial download, renamed (browser)", save: func(s *saver, body []byte) error {
		tmp := s.file + ".crdownload"
		return steps(s.slowly(tmp, body), rename(tmp, s.file))
	}},
	{name: "from a cache, dated (sync client)", save: func(s *saver, body []byte) error {
		dir := s.beside(".dropbox.cache")
		tmp := filepath.Join(dir, s.base())
		return steps(mkdir(dir), write(tmp, body), rename(tmp, s.file), dated(s.file, longAgo))
	}},
	{name: "exchanged with another file", save: func(s *saver, body []byte) error {
		tmp := s.temporary()
		return steps(write(tmp, body), func() error {
			return unix.Renameat2(unix.AT_FDCWD, tmp, unix.AT_FDCWD, s.file, unix.RENAME_EXCHANGE)
		}, remove(tmp))
	}},
	{name: "closed in the middle, continued", save: func(s *saver, body []byte) error { return s.halves(body) }},
	{name: "memory map", silent: true, save: func(s *saver, body []byte) error { return s.mapped(body)() }},
	{name: "hard link elsewhere", silent: true, save: func(s *saver, body []byte) error { return s.linked(body) }},
}
