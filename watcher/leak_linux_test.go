package watcher_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/dashira/dashira/watcher"
)

// TestNothingIsLeftBehind starts and stops over and over and counts goroutines and descriptors.
func TestNothingIsLeftBehind(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "a", "b"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "a", "b", "a.csv"), "1\n")
	// The second instance is opened when a probe says that it cannot tell.
	o := watcher.WithProbe(watcher.Options{}, func(string) string { return "unknown" })
	round := func() {
		w, err := watcher.New(root, o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			done <- w.Run(ctx, func(context.Context, watcher.Change) (func(), error) { return nil, nil })
		}()
		<-w.Ready()
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	count := func() (goroutines, files int) {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return runtime.NumGoroutine(), len(list)
	}
	round()
	goroutines, files := count()
	for range 10 {
		round()
	}
	runtime.GC()
	if g, f := count(); g > goroutines+1 || f > files+1 {
		t.Errorf("%d goroutines and %d descriptors after 11 rounds, %d and %d after one", g, f, goroutines, files)
	}
}
