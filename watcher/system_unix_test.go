//go:build unix

package watcher_test

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// canTick says that tick lets time pass.
const canTick = true

// tick lets real time pass, whatever the test's clock says: two changes of a file within one tick of the kernel's clock
// could bear the same time.
func tick() {
	_, _ = unix.Poll(nil, 5) // milliseconds; a signal may end it early, which does no harm
}

func mkfifo(path string) error { return syscall.Mkfifo(path, 0o644) }

// writeMapped stores text at the beginning of a file through a memory map that outlives the descriptor, as a database
// does.
func writeMapped(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	m, err := unix.Mmap(int(f.Fd()), 0, len(text), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	f.Close()
	if err != nil {
		return fmt.Errorf("map %s: %w", path, err)
	}
	copy(m, text)
	return unix.Munmap(m)
}
