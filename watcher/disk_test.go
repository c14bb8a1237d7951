package watcher_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/watcher"
)

// TestRenamedDirectoriesStayWatched is the race that loses events in the textbook's recursive watcher: the kernel still
// reports the move under the old name when the new name is added, and the shared watch goes with it.
func TestRenamedDirectoriesStayWatched(t *testing.T) {
	t.Parallel()
	for _, pause := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond} {
		t.Run(pause.String(), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			r := record(t, root, watcher.Options{})
			<-r.w.Ready()
			const rounds = 40
			for i := range rounds {
				a := filepath.Join(root, fmt.Sprintf("a%d", i), "sub")
				if err := os.MkdirAll(a, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(100 * time.Millisecond)
			for i := range rounds {
				if err := os.Rename(filepath.Join(root, fmt.Sprintf("a%d", i)), filepath.Join(root, fmt.Sprintf("b%d", i))); err != nil {
					t.Fatal(err)
				}
				time.Sleep(pause)
				write(t, filepath.Join(root, fmt.Sprintf("b%d", i), "x.csv"), "1\n")
				write(t, filepath.Join(root, fmt.Sprintf("b%d", i), "sub", "x.csv"), "2\n")
			}
			for i := range rounds {
				r.expect(t, fmt.Sprintf("b%d/x.csv", i), "whole", "1\n")
				r.expect(t, fmt.Sprintf("b%d/sub/x.csv", i), "whole", "2\n")
			}
			// Long after the last survey, only the watches themselves can tell, and under the new names.
			time.Sleep(700 * time.Millisecond)
			r.byEvents(t, func(turn int) {
				text := fmt.Sprintf("turn %d\n", turn)
				for i := range rounds {
					write(t, filepath.Join(root, fmt.Sprintf("b%d", i), "sub", "x.csv"), text)
				}
				for i := range rounds {
					r.expect(t, fmt.Sprintf("b%d/sub/x.csv", i), "whole", text)
				}
			})
			r.nothingElse(t)
		})
	}
}

func TestSingleFile(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	file := filepath.Join(base, "only.csv")
	write(t, file, "1\n")
	write(t, filepath.Join(base, "other.csv"), "x")
	r := record(t, file, watcher.Options{})
	<-r.w.Ready()
	r.expect(t, "only.csv", "whole", "1\n")
	write(t, file, "2\n")
	write(t, filepath.Join(base, "other.csv"), "y")
	r.expect(t, "only.csv", "whole", "2\n")
	if err := os.Rename(filepath.Join(base, "other.csv"), file); err != nil {
		t.Fatal(err)
	}
	r.expect(t, "only.csv", "whole", "y")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	r.expect(t, "only.csv", "gone", "")
	r.nothingElse(t)
}

func TestSingleFileByALinkFromElsewhere(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "real.csv")
	write(t, file, "1\n")
	link := filepath.Join(t.TempDir(), "link.csv")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	r := record(t, link, watcher.Options{})
	r.expect(t, "real.csv", "whole", "1\n")
	write(t, file, "2\n")
	r.expect(t, "real.csv", "whole", "2\n")
}

// TestRootByALink is git-sync's way: the folder is a link that is swapped.
func TestRootByALink(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	for _, rev := range []string{"one", "two"} {
		if err := os.Mkdir(filepath.Join(base, rev), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(base, rev, "a.csv"), rev)
	}
	link := filepath.Join(base, "current")
	if err := os.Symlink("one", link); err != nil {
		t.Fatal(err)
	}
	r := record(t, link, watcher.Options{})
	<-r.w.Ready()
	r.expect(t, "a.csv", "whole", "one")
	if err := os.Symlink("two", link+"-new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(link+"-new", link); err != nil {
		t.Fatal(err)
	}
	r.expect(t, "a.csv", "whole", "two")
	r.byEvents(t, func(turn int) {
		text := fmt.Sprintf("turn %d\n", turn)
		write(t, filepath.Join(base, "two", "a.csv"), text)
		r.expect(t, "a.csv", "whole", text)
	})
	r.nothingElse(t)
}

func TestLimitsAreShown(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for i := range 8 {
		write(t, filepath.Join(root, fmt.Sprintf("%d.csv", i)), "1\n")
	}
	if err := os.MkdirAll(filepath.Join(root, "a/b/c/d"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "large.csv"), strings.Repeat("x", 2000))
	r := record(t, root, watcher.Options{MaxFiles: 5, MaxDepth: 2, MaxFileSize: 1000, Accept: func(p string) bool { return p != "0.csv" }})
	<-r.w.Ready()
	s := r.w.Status()
	if s.Files != 5 {
		t.Errorf("%d files", s.Files)
	}
	if len(s.Limits) != 1 || !strings.Contains(s.Limits[0], "3 sources beyond the limit of 5") {
		t.Errorf("limits: %q", s.Limits)
	}
	r.mustNotice(t, "more than 5 sources")
	r.mustNotice(t, "a/b/c is more than 2 directories deep")
	// Room is made, and the next comparison fills it.
	for i := 1; i < 6; i++ {
		if err := os.Remove(filepath.Join(root, fmt.Sprintf("%d.csv", i))); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(time.Second)
	r.w.Rescan()
	r.expect(t, "6.csv", "whole", "1\n")
	r.expect(t, "7.csv", "whole", "1\n")
	r.expect(t, "large.csv", "failed", "2.0 KiB are more than the limit of 1000 bytes")
}

func TestManyDirectoriesBeyondTheLimit(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for i := range 10 {
		dir := filepath.Join(root, fmt.Sprintf("d%02d", i))
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "a.csv"), "1\n")
	}
	r := record(t, root, watcher.Options{MaxDirs: 4})
	<-r.w.Ready()
	if s := r.w.Status(); s.Dirs != 4 || s.Files != 3 || len(s.Limits) != 1 {
		t.Errorf("status: %+v", s)
	}
	r.mustNotice(t, "more than 4 directories")
}

// TestFollowedLinksAreReadOnce has two ways to one directory and a circle.
func TestFollowedLinksAreReadOnce(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "real"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "real", "a.csv"), "1\n")
	for link, target := range map[string]string{"again": "real", "real/up": "..", "out": "/"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	r := record(t, root, watcher.Options{Follow: true})
	<-r.w.Ready()
	r.mu.Lock()
	n := len(r.queue)
	r.mu.Unlock()
	if n != 1 {
		t.Errorf("%d sources: %v", n, r.left())
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, filepath.Join(root, "a.csv"), "1\n")
	w, err := watcher.New(root, watcher.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	reading := make(chan bool, 1)
	go func() {
		done <- w.Run(ctx, func(ctx context.Context, _ watcher.Change) (func(), error) {
			reading <- true
			<-ctx.Done()
			return func() { t.Error("published after the end") }, nil
		})
	}()
	<-reading
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := w.Run(t.Context(), nil); err == nil {
		t.Error("Run may be called twice")
	}
}

func TestNewSaysWhatIsWrongWithItsRoot(t *testing.T) {
	t.Parallel()
	if _, err := watcher.New(filepath.Join(t.TempDir(), "nowhere"), watcher.Options{}); err == nil {
		t.Error("a root that is not there")
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if mkfifo(pipe) == nil {
		if _, err := watcher.New(pipe, watcher.Options{}); err == nil || !strings.Contains(err.Error(), "named pipe") {
			t.Errorf("a pipe as root: %v", err)
		}
	}
}

// TestStormOfSaves writes a few files in place and by rename as fast as the disk takes it, and asks for the last state.
func TestStormOfSaves(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	r := record(t, root, watcher.Options{})
	<-r.w.Ready()
	const files, saves = 20, 150
	for n := range saves {
		for i := range files {
			name := filepath.Join(root, fmt.Sprintf("%d.csv", i))
			text := fmt.Sprintf("%d %d %s.", i, n, strings.Repeat("x", n))
			if i%2 == 0 {
				write(t, name, text)
				continue
			}
			write(t, name+".tmp", text)
			if err := os.Rename(name+".tmp", name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range files {
		path, last := fmt.Sprintf("%d.csv", i), ""
		want := fmt.Sprintf("%d %d %s.", i, saves-1, strings.Repeat("x", saves-1))
		seen := -1
		for last != want {
			p, err := r.next(path, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			last = p.text
			var k, n int
			if _, err := fmt.Sscanf(p.text, "%d %d", &k, &n); err != nil || k != i || n <= seen ||
				p.text != fmt.Sprintf("%d %d %s.", i, n, strings.Repeat("x", n)) {
				t.Fatalf("%s: published %q after save %d", path, p.text, seen)
			}
			seen = n
		}
	}
	r.nothingElse(t)
}

// TestFolderIsNeverWritten watches a folder in which many things happen and asks that nothing came into it or was touched.
func TestFolderIsNeverWritten(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, dir := range []string{"a/b", "c"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(root, dir, "data.csv"), "1\n")
	}
	write(t, filepath.Join(root, ".dashiraignore"), "*.txt\n")
	past := time.Unix(1_000_000_000, 0)
	picture := func() map[string]string {
		all := map[string]string{}
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			fi, err := d.Info()
			all[path] = fmt.Sprint(fi.Mode(), fi.Size(), fi.ModTime())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for path := range picture() {
		if err := os.Chtimes(path, past, past); err != nil {
			t.Fatal(err)
		}
	}
	before := picture()
	r := record(t, root, watcher.Options{})
	<-r.w.Ready()
	r.expect(t, "a/b/data.csv", "whole", "1\n")
	r.expect(t, "c/data.csv", "whole", "1\n")
	for range 3 {
		last := r.w.Status().LastScan
		r.w.Rescan()
		for r.w.Status().LastScan.Equal(last) {
			time.Sleep(5 * time.Millisecond)
		}
	}
	if after := picture(); !maps.Equal(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
}
