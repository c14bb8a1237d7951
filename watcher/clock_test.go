package watcher_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/dashira/dashira/watcher"
)

// The tests of this file use real files and a false clock: minutes pass in no time, and a wait that is too short or too
// long by a millisecond is seen. The system's events cannot come into such a bubble, so the tests send their own.

func silent(o watcher.Options) (watcher.Options, *watcher.FakeEvents) {
	f := &watcher.FakeEvents{}
	return watcher.WithEvents(o, f), f
}

// since is how long after begin the next publication of path came.
func since(t *testing.T, r *recorder, begin time.Time, path, kind, text string) time.Duration {
	t.Helper()
	return r.expect(t, path, kind, text).at.Sub(begin)
}

func TestChangeWithoutEventIsFoundByReconciliation(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "a.csv")
	synctest.Test(t, func(t *testing.T) {
		write(t, file, "1\n")
		o, _ := silent(watcher.Options{})
		r := record(t, root, o)
		<-r.w.Ready()
		r.expect(t, "a.csv", "whole", "1\n")
		time.Sleep(time.Second)
		write(t, file, "2\n")
		begin := time.Now()
		p, err := r.next("a.csv", time.Minute)
		if err != nil || p.text != "2\n" {
			t.Fatal(p, err)
		}
		if d := p.at.Sub(begin); d > 15*time.Second {
			t.Errorf("found after %v", d)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if p, err := r.next("a.csv", 16*time.Second); err != nil || p.kind != "gone" {
			t.Fatal(p, err)
		}
		write(t, file, "3\n")
		if p, err := r.next("a.csv", 16*time.Second); err != nil || p.text != "3\n" {
			t.Fatal(p, err)
		}
	})
}

func TestPollingFindsChangesWithinItsInterval(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "a.csv")
	synctest.Test(t, func(t *testing.T) {
		write(t, file, "1\n")
		r := record(t, root, watcher.Options{Poll: true})
		<-r.w.Ready()
		r.expect(t, "a.csv", "whole", "1\n")
		time.Sleep(time.Second)
		write(t, file, "2\n")
		begin := time.Now()
		if d := since(t, r, begin, "a.csv", "whole", "2\n"); d > 2200*time.Millisecond {
			t.Errorf("found after %v", d)
		}
		r.mustNotice(t, "looking at the folder every 2s: asked for")
	})
}

func TestOverflowComparesEverythingAtOnce(t *testing.T) {
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		for i := range 50 {
			write(t, filepath.Join(root, fmt.Sprintf("%d.csv", i)), "1\n")
		}
		o, f := silent(watcher.Options{})
		r := record(t, root, o)
		<-r.w.Ready()
		for i := range 50 {
			r.expect(t, fmt.Sprintf("%d.csv", i), "whole", "1\n")
		}
		time.Sleep(time.Second)
		for i := range 50 {
			write(t, filepath.Join(root, fmt.Sprintf("%d.csv", i)), "2\n")
		}
		begin := time.Now()
		f.Errs <- fsnotify.ErrEventOverflow
		for i := range 50 {
			if d := since(t, r, begin, fmt.Sprintf("%d.csv", i), "whole", "2\n"); d > 500*time.Millisecond {
				t.Errorf("found after %v", d)
			}
		}
		if n := r.w.Status().Overflows; n != 1 {
			t.Errorf("%d overflows", n)
		}
	})
}

func TestJumpingClockComparesEverythingAtOnce(t *testing.T) {
	for name, jump := range map[string][2]time.Duration{
		"a day forward": {24 * time.Hour, 0}, "a day back": {-24 * time.Hour, 0},
		"asleep": {time.Hour, 0}, "stopped": {time.Hour, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			file := filepath.Join(root, "a.csv")
			synctest.Test(t, func(t *testing.T) {
				write(t, file, "1\n")
				var wall, mono atomic.Int64
				o, _ := silent(watcher.Options{})
				o = watcher.WithClock(o, func() (time.Time, time.Time) {
					now := time.Now()
					return now.Add(time.Duration(wall.Load())), now.Add(time.Duration(mono.Load()))
				})
				r := record(t, root, o)
				<-r.w.Ready()
				r.expect(t, "a.csv", "whole", "1\n")
				time.Sleep(2500 * time.Millisecond)
				write(t, file, "2\n")
				begin := time.Now()
				wall.Store(int64(jump[0]))
				mono.Store(int64(jump[1]))
				if d := since(t, r, begin, "a.csv", "whole", "2\n"); d > 1500*time.Millisecond {
					t.Errorf("found after %v", d)
				}
			})
		})
	}
}

func TestRefusedWatchesArePolledAndSaid(t *testing.T) {
	for name, c := range map[string]struct {
		instance, add error
		words         string
	}{
		"too many watches":   {nil, syscall.ENOSPC, "sudo sysctl fs.inotify.max_user_watches="},
		"too many instances": {syscall.EMFILE, nil, "sudo sysctl fs.inotify.max_user_instances="},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				if err := os.Mkdir(filepath.Join(root, "sub"), 0o755); err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(root, "sub", "a.csv")
				write(t, file, "1\n")
				o, f := silent(watcher.Options{})
				f.Refuse = c.instance
				var healed atomic.Bool
				f.OnAdd = func(name string) error {
					if strings.HasSuffix(name, "sub") && !healed.Load() {
						return c.add
					}
					return nil
				}
				r := record(t, root, o)
				<-r.w.Ready()
				r.expect(t, "sub/a.csv", "whole", "1\n")
				write(t, file, "2\n")
				if d := since(t, r, time.Now(), "sub/a.csv", "whole", "2\n"); d > 2200*time.Millisecond {
					t.Errorf("found after %v", d)
				}
				r.mustNotice(t, c.words)
				s := r.w.Status().Subtrees
				last := s[len(s)-1]
				if !last.Poll || !strings.Contains(last.Reason, c.words) {
					t.Errorf("status: %+v", s)
				}
				healed.Store(true)
				time.Sleep(16 * time.Second)
				if s := r.w.Status().Subtrees; c.add != nil && (len(s) != 1 || s[0].Poll) {
					t.Errorf("status after there was room again: %+v", s)
				}
			})
		})
	}
}

// TestInvisibleWriters is a file system that tells neither of changes nor of writers: only the quiet time is left.
func TestInvisibleWriters(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "a.csv")
	synctest.Test(t, func(t *testing.T) {
		write(t, file, "1\n")
		o, _ := silent(watcher.Options{})
		r := record(t, root, watcher.WithKind(o, "NFS", true, true, true))
		<-r.w.Ready()
		r.expect(t, "a.csv", "whole", "1\n")
		r.mustNotice(t, "changes on NFS are not all announced")
		h, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 30 { // for six seconds, never pausing for half a one
			fmt.Fprintf(h, "%d\n", i)
			time.Sleep(200 * time.Millisecond)
		}
		h.Close()
		p, err := r.next("a.csv", 5*time.Second)
		if err != nil || !strings.HasSuffix(p.text, "\n29\n") {
			t.Fatalf("published %v, %v", p, err)
		}
		r.nothingElse(t)
	})
}

func TestBusyFileIsShownAsStale(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "a.bin")
	synctest.Test(t, func(t *testing.T) {
		write(t, file, "1\n")
		var held atomic.Bool
		o, f := silent(watcher.Options{})
		o = watcher.WithProbe(o, func(string) string {
			if held.Load() {
				return "writing"
			}
			return "free"
		})
		r := record(t, root, o)
		<-r.w.Ready()
		r.expect(t, "a.bin", "whole", "1\n")
		held.Store(true)
		write(t, file, "2\n")
		f.Sent <- fsnotify.Event{Name: file, Op: fsnotify.Write}
		time.Sleep(10 * time.Second)
		if s := r.w.Status().Writing; len(s) != 1 || s[0].Path != "a.bin" || s[0].Stale {
			t.Errorf("after 10 s: %+v", s)
		}
		time.Sleep(25 * time.Second)
		if s := r.w.Status().Writing; len(s) != 1 || !s[0].Stale {
			t.Errorf("after 35 s: %+v", s)
		}
		r.nothingElse(t)
		held.Store(false)
		if d := since(t, r, time.Now(), "a.bin", "whole", "2\n"); d > 250*time.Millisecond {
			t.Errorf("published %v after the close", d)
		}
		if s := r.w.Status().Writing; len(s) != 0 {
			t.Errorf("afterwards: %+v", s)
		}
	})
}

func TestFileHeldOpenForEverIsShownInTheEnd(t *testing.T) {
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		write(t, filepath.Join(root, "log.csv"), "1\n2\n3")
		write(t, filepath.Join(root, "book.bin"), "all")
		o, _ := silent(watcher.Options{Lines: func(p string) bool { return filepath.Ext(p) == ".csv" }})
		begin := time.Now()
		r := record(t, root, watcher.WithProbe(o, func(string) string { return "writing" }))
		<-r.w.Ready()
		if d := time.Since(begin); d > 2*time.Second {
			t.Errorf("the start waited %v for somebody else", d)
		}
		if d := since(t, r, begin, "log.csv", "partial", "1\n2\n"); d > 6*time.Second {
			t.Errorf("rows were shown after %v", d)
		}
		p, err := r.next("book.bin", 10*time.Minute)
		if err != nil || p.text != "all" {
			t.Fatal(p, err)
		}
		if d := p.at.Sub(begin); d < 5*time.Minute || d > 6*time.Minute {
			t.Errorf("the book was shown after %v", d)
		}
	})
}

func TestSystemErrorsAreRetriedMoreAndMoreSlowly(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "a.csv")
	synctest.Test(t, func(t *testing.T) {
		write(t, file, "1\n")
		o, f := silent(watcher.Options{})
		r := record(t, root, o)
		<-r.w.Ready()
		r.expect(t, "a.csv", "whole", "1\n")
		var tries []time.Time
		sick := true
		r.mu.Lock()
		r.failWith = func(string, string) error {
			tries = append(tries, time.Now())
			if sick {
				return fmt.Errorf("read: %w", syscall.EIO)
			}
			return nil
		}
		r.mu.Unlock()
		write(t, file, "2\n")
		f.Sent <- fsnotify.Event{Name: file, Op: fsnotify.Write}
		r.expect(t, "a.csv", "failed", "input/output error")
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		sick = false
		r.expect(t, "a.csv", "whole", "2\n")
		var waits []time.Duration
		for i := 1; i < len(tries); i++ {
			waits = append(waits, tries[i].Sub(tries[i-1]).Round(time.Second))
		}
		want := []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} // seconds
		for i, w := range want[:min(len(want), len(waits))] {
			if waits[i] != w*time.Second {
				t.Errorf("waited %v, want %d seconds", waits, want)
				break
			}
		}
		if len(waits) < 6 {
			t.Errorf("tried only %d times", len(tries))
		}
	})
}

func TestBrokenFileIsNotLoadedAgainUntilItChanges(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "a.csv")
	synctest.Test(t, func(t *testing.T) {
		write(t, file, "1\n")
		o, _ := silent(watcher.Options{})
		r := record(t, root, o)
		<-r.w.Ready()
		r.expect(t, "a.csv", "whole", "1\n")
		var tries atomic.Int32
		r.mu.Lock()
		r.failWith = func(_, text string) error {
			tries.Add(1)
			if text == "bad" {
				return errors.New("line 1: bad")
			}
			return nil
		}
		r.mu.Unlock()
		write(t, file, "bad")
		p, err := r.next("a.csv", 20*time.Second)
		if err != nil || p.kind != "failed" {
			t.Fatal(p, err)
		}
		time.Sleep(10 * time.Minute)
		if n := tries.Load(); n != 1 {
			t.Errorf("loaded %d times", n)
		}
		write(t, file, "good")
		if p, err := r.next("a.csv", 20*time.Second); err != nil || p.text != "good" {
			t.Fatal(p, err)
		}
	})
}

func TestHintDuringALoadDiscardsIt(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "a.csv")
	synctest.Test(t, func(t *testing.T) {
		write(t, file, "1\n")
		o, f := silent(watcher.Options{})
		r := record(t, root, o)
		<-r.w.Ready()
		r.expect(t, "a.csv", "whole", "1\n")
		r.mu.Lock()
		loads := 0
		r.slow = func(string) {
			if loads++; loads == 1 {
				// The bytes that were read are the old ones, the fingerprint may be the same: the hint alone must do.
				f.Sent <- fsnotify.Event{Name: file, Op: fsnotify.Write}
				synctest.Wait()
			}
		}
		r.mu.Unlock()
		write(t, file, "2\n")
		begin := time.Now()
		f.Sent <- fsnotify.Event{Name: file, Op: fsnotify.Write}
		if d := since(t, r, begin, "a.csv", "whole", "2\n"); d != 120*time.Millisecond {
			t.Errorf("published after %v, want the second quiet time's end", d)
		}
		if loads != 2 {
			t.Errorf("%d loads", loads)
		}
	})
}

func TestQuietTimes(t *testing.T) {
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		o, f := silent(watcher.Options{Lines: func(string) bool { return true }})
		r := record(t, root, o)
		<-r.w.Ready()
		save := func(name, text string) time.Time {
			write(t, filepath.Join(root, name), text)
			f.Sent <- fsnotify.Event{Name: filepath.Join(root, name), Op: fsnotify.Write}
			return time.Now()
		}
		check := func(what string, got, want time.Duration) {
			t.Helper()
			if got != want {
				t.Errorf("%s: published after %v, want %v", what, got, want)
			}
		}
		check("new", since(t, r, save("a", "1\n"), "a", "whole", "1\n"), 200*time.Millisecond)
		check("known", since(t, r, save("a", "2\n"), "a", "whole", "2\n"), 60*time.Millisecond)
		check("emptied", since(t, r, save("a", ""), "a", "whole", ""), 900*time.Millisecond)
		check("filled", since(t, r, save("a", "3\n"), "a", "whole", "3\n"), 60*time.Millisecond)
		check("unended", since(t, r, save("a", "3\n4"), "a", "whole", "3\n4"), time.Second)
		check("temporary", since(t, r, save("tmp_a", "5\n"), "tmp_a", "whole", "5\n"), 2*time.Second)
		begin := time.Now()
		if err := os.Remove(filepath.Join(root, "a")); err != nil {
			t.Fatal(err)
		}
		f.Sent <- fsnotify.Event{Name: filepath.Join(root, "a"), Op: fsnotify.Remove}
		check("removed", since(t, r, begin, "a", "gone", ""), 600*time.Millisecond)
	})
}

// TestRestlessFile is saved whole, by rename, more often than it is ever quiet.
func TestRestlessFile(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "a.csv")
	synctest.Test(t, func(t *testing.T) {
		write(t, file, "start")
		o, f := silent(watcher.Options{})
		r := record(t, root, o)
		<-r.w.Ready()
		r.expect(t, "a.csv", "whole", "start")
		for i := range 200 { // ten seconds
			write(t, file+".tmp", fmt.Sprint(i))
			if err := os.Rename(file+".tmp", file); err != nil {
				t.Fatal(err)
			}
			f.Sent <- fsnotify.Event{Name: file, Op: fsnotify.Create}
			time.Sleep(50 * time.Millisecond)
		}
		r.mu.Lock()
		n := len(r.queue["a.csv"])
		r.mu.Unlock()
		if n < 5 {
			t.Errorf("%d publications in ten seconds", n)
		}
		time.Sleep(time.Second)
		r.mu.Lock()
		defer r.mu.Unlock()
		if last := r.last["a.csv"]; last.text != "199" {
			t.Errorf("in the end: %v", last)
		}
	})
}

func TestNewFileIsNotShownBeforeItsWriterHasHadTime(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "new.csv")
	synctest.Test(t, func(t *testing.T) {
		o, f := silent(watcher.Options{Lines: func(string) bool { return true }})
		r := record(t, root, watcher.WithProbe(o, func(string) string { return "writing" }))
		<-r.w.Ready()
		write(t, file, "1\n2\n3")
		begin := time.Now()
		f.Sent <- fsnotify.Event{Name: file, Op: fsnotify.Create}
		p, err := r.next("new.csv", time.Minute)
		if err != nil || p.kind != "partial" || p.text != "1\n2\n" {
			t.Fatal(p, err)
		}
		if d := p.at.Sub(begin); d < 30*time.Second || d > 31*time.Second {
			t.Errorf("shown after %v", d)
		}
	})
}

// TestTemporaryIsNoTable is closed a moment before it is renamed away, which is longer than the quiet time of a table.
func TestTemporaryIsNoTable(t *testing.T) {
	root := t.TempDir()
	file, temporary := filepath.Join(root, "a.csv"), filepath.Join(root, "a-new.csv")
	synctest.Test(t, func(t *testing.T) {
		write(t, file, "1\n")
		o, f := silent(watcher.Options{})
		r := record(t, root, o)
		<-r.w.Ready()
		r.expect(t, "a.csv", "whole", "1\n")
		write(t, temporary, "2\n")
		f.Sent <- fsnotify.Event{Name: temporary, Op: fsnotify.Create}
		time.Sleep(190 * time.Millisecond)
		if err := os.Rename(temporary, file); err != nil {
			t.Fatal(err)
		}
		f.Sent <- fsnotify.Event{Name: temporary, Op: fsnotify.Rename}
		f.Sent <- fsnotify.Event{Name: file, Op: fsnotify.Create}
		r.expect(t, "a.csv", "whole", "2\n")
		time.Sleep(time.Minute)
		r.nothingElse(t)
	})
}
