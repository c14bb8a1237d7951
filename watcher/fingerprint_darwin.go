package watcher

import (
	"io/fs"
	"syscall"
	"time"
)

// system gives the parts of a fingerprint that only the system's own stat structure holds.
func system(fi fs.FileInfo) (dev, ino uint64, changed time.Time) {
	s, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, time.Time{}
	}
	return uint64(s.Dev), s.Ino, time.Unix(s.Ctimespec.Sec, s.Ctimespec.Nsec)
}
