package watcher

import (
	"os"

	"golang.org/x/sys/unix"
)

// probe asks the kernel whether anybody has f open for writing, itself excepted: a read lease is refused with EAGAIN
// exactly then, and also while a mapping that can be written is alive. The lease is given back at once; a writer that
// opens the file in between waits for those microseconds. EACCES says that the file belongs to somebody else, EINVAL
// that the file system knows no leases: then nobody can tell.
func probe(_ string, f *os.File) writer {
	c, err := f.SyscallConn()
	if err != nil {
		return unknown
	}
	w := unknown
	c.Control(func(fd uintptr) {
		for {
			switch _, err := unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_RDLCK); err {
			case nil:
				unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_UNLCK)
				w = free
			case unix.EAGAIN:
				w = writing
			case unix.EINTR:
				continue
			}
			return
		}
	})
	return w
}
