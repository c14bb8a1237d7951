package watcher_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dashira/dashira/watcher"
)

// TestOneSaveIsPublishedOnce is the shortest walk through the package's front door.
func TestOneSaveIsPublishedOnce(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	file := filepath.Join(root, "a.csv")
	if err := os.WriteFile(file, []byte("x\n1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w, err := watcher.New(root, watcher.Options{Notices: func(n watcher.Notice) { t.Log(n) }})
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 16)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- w.Run(ctx, func(_ context.Context, c watcher.Change) (func(), error) {
			if c.Gone {
				return func() { got <- "gone" }, nil
			}
			f, err := w.Open(c.Path)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			b := make([]byte, c.Size)
			_, err = f.ReadAt(b, 0)
			return func() { got <- string(b) }, err
		})
	}()
	<-w.Ready()
	expect := func(want string) {
		t.Helper()
		begin := time.Now()
		if s := <-got; s != want {
			t.Fatalf("published %q, want %q", s, want)
		}
		t.Logf("%q after %v", want, time.Since(begin))
	}
	expect("x\n1\n")
	if err := os.WriteFile(file, []byte("x\n1\n2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	expect("x\n1\n2\n")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	expect("gone")
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if len(got) > 0 {
		t.Fatalf("published %q as well", <-got)
	}
}
