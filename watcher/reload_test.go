package watcher_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/dashira/dashira/watcher"
)

func TestReloadLoadsWhatDidNotChange(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, filepath.Join(root, "a.csv"), "1\n")
	w, err := watcher.New(root, watcher.Options{})
	if err != nil {
		t.Fatal(err)
	}
	loads := make(chan string, 8)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- w.Run(ctx, func(_ context.Context, c watcher.Change) (func(), error) {
			return func() { loads <- c.Path }, nil
		})
	}()
	defer func() {
		cancel()
		<-done
	}()
	for range 3 {
		select {
		case path := <-loads:
			if path != "a.csv" {
				t.Fatal(path)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("it was not loaded")
		}
		w.Reload("a.csv", "none.csv")
	}
}
