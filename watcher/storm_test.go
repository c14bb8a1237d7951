package watcher_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/dashira/dashira/watcher"
)

var storm = flag.Duration("storm", time.Second, "how long TestTenThousandWritesASecond writes")

// TestTenThousandWritesASecond saves small files as fast as ten thousand times a second, or as the machine can, creates and
// removes others, and asks for the last state of each: whatever was lost on the way, nothing is in the end. Beside them a
// file that nobody floods is followed save by save.
//
//	go test ./watcher -run TenThousand -storm 60s
func TestTenThousandWritesASecond(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	r := record(t, root, watcher.Options{})
	<-r.w.Ready()
	const writers, files = 2, 100
	stop := time.Now().Add(*storm)
	last := make([]int, writers*files)
	saves := make([]int, writers)
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for next := time.Now(); time.Now().Before(stop); next = next.Add(10 * time.Millisecond) {
				time.Sleep(time.Until(next))
				for range 100 / writers {
					i := w*files + saves[w]%files
					saves[w]++
					last[i]++
					name := filepath.Join(root, fmt.Sprintf("%d.csv", i))
					if err := os.WriteFile(name, fmt.Appendf(nil, "%d %d.", i, last[i]), 0o644); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	calm := filepath.Join(root, "calm.csv")
	turns := 0
	for ; turns == 0 || time.Now().Before(stop); turns++ {
		write(t, calm, fmt.Sprint(turns))
		r.expect(t, "calm.csv", "whole", fmt.Sprint(turns))
	}
	writing.Wait()
	total := 0
	for _, n := range saves {
		total += n
	}
	for i, version := range last {
		if version == 0 {
			continue // its writer did not come so far
		}
		path, want := fmt.Sprintf("%d.csv", i), fmt.Sprintf("%d %d.", i, version)
		for seen, got := 0, ""; got != want; {
			p, err := r.next(path, time.Minute)
			if err != nil {
				t.Fatalf("after version %d of %d: %v; %+v", seen, version, err, r.w.Status())
			}
			var k, n int
			if _, err := fmt.Sscanf(p.text, "%d %d.", &k, &n); err != nil || k != i || n <= seen || p.text != fmt.Sprintf("%d %d.", k, n) {
				t.Fatalf("%s: published %v after version %d", path, p, seen)
			}
			seen, got = n, p.text
		}
	}
	r.nothingElse(t)
	t.Logf("%d saves, %d overflows; %d saves of the calm file", total, r.w.Status().Overflows, turns)
}
