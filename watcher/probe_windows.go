package watcher

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// probe opens the file once more without sharing it for writing: Windows refuses that exactly while somebody has it
// open for writing.
func probe(abs string, _ *os.File) writer {
	name, err := windows.UTF16PtrFromString(abs)
	if err != nil {
		return unknown
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_READ|windows.FILE_SHARE_DELETE, nil,
		windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return writing
	}
	if err != nil {
		return unknown
	}
	windows.CloseHandle(h)
	return free
}
