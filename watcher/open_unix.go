//go:build unix

package watcher

import (
	"errors"
	"syscall"
)

// openFlags keeps the opening of a pipe from waiting for somebody to write to it.
const openFlags = syscall.O_NONBLOCK

// gone reports whether err says that the file system itself went away.
func gone(err error) bool {
	for _, e := range []syscall.Errno{syscall.ESTALE, syscall.ENOTCONN, syscall.ENXIO, syscall.ENODEV, syscall.EHOSTDOWN} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
