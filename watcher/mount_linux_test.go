package watcher_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/dashira/dashira/watcher"
)

// TestUnmountedFolderKeepsItsTables takes the file system away from under the watcher, and gives it back.
func TestUnmountedFolderKeepsItsTables(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	disk := t.TempDir()
	write(t, filepath.Join(disk, "a.csv"), "1\n")
	// A file system of its own, so that the empty directory below is seen to be on another.
	if err := syscall.Mount("tmpfs", root, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("cannot mount: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(root, syscall.MNT_DETACH) })
	write(t, filepath.Join(root, "a.csv"), "1\n")
	r := record(t, root, watcher.Options{})
	<-r.w.Ready()
	r.expect(t, "a.csv", "whole", "1\n")
	if err := syscall.Unmount(root, syscall.MNT_DETACH); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if r.w.Status().Lost != "" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if r.w.Status().Lost == "" {
		t.Errorf("status: %+v", r.w.Status())
	}
	r.mustNotice(t, "as after unmounting")
	r.nothingElse(t)
	if err := syscall.Mount(disk, root, "", syscall.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(disk, "a.csv"), []byte("2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.expect(t, "a.csv", "whole", "2\n")
	if lost := r.w.Status().Lost; lost != "" {
		t.Errorf("still lost: %s", lost)
	}
}
