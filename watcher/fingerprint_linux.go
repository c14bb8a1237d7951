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
	return uint64(s.Dev), uint64(s.Ino), time.Unix(int64(s.Ctim.Sec), int64(s.Ctim.Nsec))
}
