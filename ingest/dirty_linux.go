package ingest

import (
	"os"
	"syscall"
	"unsafe"
)

// sysCachestat is the number of the call cachestat(2) on every processor, since Linux 6.5.
const sysCachestat = 451

// dirtyPages returns how many pages of a part of a file the kernel holds that were written to and are not, or not fully,
// on the disk. It is not known before Linux 6.5 and of files that the user may neither write nor owns. File systems that
// do not tell, such as those in memory, have no such pages at all.
func dirtyPages(f *os.File, from, to int64) (int64, bool) {
	conn, err := f.SyscallConn()
	if err != nil {
		return 0, false
	}
	part := struct{ off, len uint64 }{uint64(from), uint64(to - from)}
	var stat struct{ cached, dirty, writeback, evicted, recentlyEvicted uint64 }
	var failed syscall.Errno
	err = conn.Control(func(fd uintptr) {
		_, _, failed = syscall.Syscall6(sysCachestat, fd, uintptr(unsafe.Pointer(&part)), uintptr(unsafe.Pointer(&stat)), 0, 0, 0)
	})
	if err != nil || failed != 0 {
		return 0, false
	}
	return int64(stat.dirty + stat.writeback), true
}
