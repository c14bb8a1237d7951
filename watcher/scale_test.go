package watcher_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/dashira/dashira/watcher"
)

// BenchmarkStart starts over folders of some sizes and waits until every file has been handed out; it reports what one
// comparison with the disk costs and how much memory a file takes.
func BenchmarkStart(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			root := b.TempDir()
			for i := range n {
				dir := filepath.Join(root, fmt.Sprint(i%100))
				if i < 100 {
					if err := os.Mkdir(dir, 0o755); err != nil {
						b.Fatal(err)
					}
				}
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.csv", i)), []byte("1\n"), 0o644); err != nil {
					b.Fatal(err)
				}
			}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for b.Loop() {
				w, err := watcher.New(root, watcher.Options{MaxFiles: n})
				if err != nil {
					b.Fatal(err)
				}
				ctx, cancel := context.WithCancel(b.Context())
				done := make(chan error)
				go func() {
					done <- w.Run(ctx, func(context.Context, watcher.Change) (func(), error) { return func() {}, nil })
				}()
				<-w.Ready()
				b.StopTimer()
				runtime.GC()
				runtime.ReadMemStats(&after)
				w.Rescan()
				last := w.Status().LastScan
				for w.Status().LastScan.Equal(last) {
					time.Sleep(10 * time.Millisecond)
				}
				s := w.Status()
				b.ReportMetric(float64(s.ScanTook.Milliseconds()), "ms/scan")
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "B/file")
				cancel()
				if err := <-done; err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}
