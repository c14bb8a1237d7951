package watcher_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// TestEndlessWriter never stops writing, mostly in the middle of a row, until some of it has been published: complete rows
// of what it wrote, each time more.
func TestEndlessWriter(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	file := filepath.Join(root, "log.csv")
	write(t, file, "row 0\n")
	r := record(t, root, watcher.Options{Lines: func(string) bool { return true }})
	<-r.w.Ready()
	r.expect(t, "log.csv", "whole", "row 0\n")
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	enough := make(chan struct{})
	written := make(chan string)
	go func() {
		defer close(written)
		text := "row 0\n"
		for i := 1; ; i++ {
			for _, piece := range []string{"row", " ", fmt.Sprint(i), "\n"} {
				if _, err := f.WriteString(piece); err != nil {
					t.Error(err)
					return
				}
				text += piece
				time.Sleep(time.Millisecond)
			}
			select {
			case <-enough:
				if err := f.Close(); err != nil {
					t.Error(err)
				}
				written <- text
				return
			default:
			}
		}
	}()
	last := "row 0\n"
	more := func(p publication) {
		if len(p.text) <= len(last) && p.kind == "partial" || !strings.HasPrefix(p.text, last) || !strings.HasSuffix(p.text, "\n") {
			t.Errorf("published %v after %q", p, last)
		}
		last = p.text
	}
	for range 3 {
		p, err := r.next("log.csv", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if p.kind != "partial" {
			t.Fatalf("published %v of a file that is being written", p)
		}
		more(p)
	}
	close(enough)
	all := <-written
	for last != all {
		p, err := r.next("log.csv", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		more(p)
	}
}
