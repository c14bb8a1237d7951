package watcher_test

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dashira/dashira/watcher"
)

// state is a file's content that tells its own version and whether all of it is there: a header, rows, and a checksum
// that only a finished save bears.
func state(file, version, rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "file,%d,version,%d\n", file, version)
	for i := range rows {
		fmt.Fprintf(&b, "%d,%d,%d\n", file, version, i)
	}
	fmt.Fprintf(&b, "sum,%d\n", crc32.ChecksumIEEE([]byte(b.String())))
	return b.String()
}

// readState checks a content and gives its version.
func readState(file int, text string) (version int, err error) {
	var f int
	if _, err := fmt.Sscanf(text, "file,%d,version,%d\n", &f, &version); err != nil {
		return 0, fmt.Errorf("no header: %w", err)
	}
	i := strings.LastIndex(text, "sum,")
	if i < 0 || text[i:] != fmt.Sprintf("sum,%d\n", crc32.ChecksumIEEE([]byte(text[:i]))) {
		return 0, errors.New("torn")
	}
	if f != file {
		return 0, fmt.Errorf("content of file %d", f)
	}
	return version, nil
}

// saver saves one file over and over, each time in another way.
type saver struct {
	rnd  *rand.Rand
	path string
	n    int
	away time.Duration // the longest time that the file was not there, as far as the saver can tell
}

// left takes note that the file has been away since begin, when the disk or the machine may have been slow.
func (s *saver) left(begin time.Time) { s.away = max(s.away, time.Since(begin)) }

func (s *saver) save(version int) error {
	text := state(s.n, version, s.rnd.IntN(200))
	pause := func() { time.Sleep(time.Duration(s.rnd.IntN(150)) * time.Millisecond) }
	slowly := func(f *os.File) error {
		for text := text; text != ""; {
			k := min(len(text), 1+s.rnd.IntN(len(text)))
			if _, err := f.WriteString(text[:k]); err != nil {
				return err
			}
			text = text[k:]
			if s.rnd.IntN(2) == 0 {
				pause()
			}
		}
		return f.Close()
	}
	tmp := filepath.Join(filepath.Dir(s.path), fmt.Sprintf(".%d.tmp", s.n))
	switch s.rnd.IntN(7) {
	case 0:
		return os.WriteFile(s.path, []byte(text), 0o644)
	case 1: // truncated and written with pauses
		f, err := os.Create(s.path)
		if err != nil {
			return err
		}
		return slowly(f)
	case 2: // over the old content, then cut
		f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return err
		}
		if s.rnd.IntN(2) == 0 {
			if _, err := f.WriteString(text[:len(text)/2]); err != nil {
				return err
			}
			pause()
		}
		if _, err := f.WriteAt([]byte(text), 0); err != nil {
			return err
		}
		if err := f.Truncate(int64(len(text))); err != nil {
			return err
		}
		return f.Close()
	case 3: // beside it and renamed
		f, err := os.Create(tmp)
		if err != nil {
			return err
		}
		return errors.Join(slowly(f), os.Rename(tmp, s.path))
	case 4: // away for a moment
		defer s.left(time.Now())
		if err := os.Remove(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		pause()
		return os.WriteFile(s.path, []byte(text), 0o644)
	case 5: // the old one renamed away, as editors do
		begin := time.Now()
		if err := os.Rename(s.path, s.path+"~"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f, err := os.Create(s.path)
		if err != nil {
			return err
		}
		s.left(begin)
		return slowly(f)
	default: // the old times kept
		old := time.Now().Add(-time.Duration(s.rnd.IntN(1000)) * time.Hour)
		return errors.Join(os.WriteFile(tmp, []byte(text), 0o644), os.Chtimes(tmp, old, old), os.Rename(tmp, s.path))
	}
}

// TestManySaversAtOnce saves in every way at once for some seconds, while a folder is renamed back and forth, and asks that
// nothing torn, nothing older and nothing gone is published, and in the end the last save of every file. Where a busy
// machine has held up the watcher's ears for so long that it cannot have heard of a return between two absences, a
// failure says nothing, and it is played again.
func TestManySaversAtOnce(t *testing.T) {
	t.Parallel()
	for attempt := 1; ; attempt++ {
		var late lateness
		late.feel(t)
		err := saveAtOnce(t)
		if err == nil {
			return
		}
		if late.worst() == 0 || attempt == 6 {
			t.Fatal(err)
		}
		t.Logf("played again, because the machine was %v late: %v", late.worst(), err)
	}
}

func saveAtOnce(t *testing.T) error {
	root := t.TempDir()
	r := record(t, root, watcher.Options{Accept: func(p string) bool { return strings.HasSuffix(p, ".csv") },
		Lines: func(string) bool { return true }})
	<-r.w.Ready()
	const files, span = 12, 6 * time.Second
	last, away := make([]int, files), make([]time.Duration, files)
	stop := time.Now().Add(span)
	var wg sync.WaitGroup
	for n := range files {
		dir := filepath.Join(root, fmt.Sprint(n%3))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			s := saver{rnd: rand.New(rand.NewPCG(uint64(n), 7)), path: filepath.Join(dir, fmt.Sprintf("%d.csv", n)), n: n}
			defer func() { away[n] = s.away }()
			for version := 1; time.Now().Before(stop); version++ {
				if err := s.save(version); err != nil {
					t.Errorf("save %d of file %d: %v", version, n, err)
					return
				}
				last[n] = version
				time.Sleep(time.Duration(s.rnd.IntN(1<<s.rnd.IntN(10))) * time.Millisecond)
			}
		})
	}
	if err := os.MkdirAll(filepath.Join(root, "here", "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	wg.Go(func() {
		for from, to := "here", "there"; time.Now().Before(stop); from, to = to, from {
			if err := os.Rename(filepath.Join(root, from), filepath.Join(root, to)); err != nil {
				t.Error(err)
			}
			time.Sleep(70 * time.Millisecond)
		}
	})
	wg.Wait()
	if t.Failed() {
		return nil // it has been said
	}
	count := 0
	for n := range files {
		path := fmt.Sprintf("%d/%d.csv", n%3, n)
		for seen := 0; seen != last[n]; {
			p, err := r.next(path, time.Minute)
			if err != nil {
				return fmt.Errorf("after version %d of %d: %w", seen, last[n], err)
			}
			if p.kind == "gone" && away[n] >= 600*time.Millisecond {
				continue // it was, and longer than it takes to believe it
			}
			if p.kind == "partial" {
				continue // complete rows of a file that grew: the header is there, the sum is not
			}
			version, err := readState(n, p.text)
			if p.kind != "whole" || err != nil || version <= seen {
				return fmt.Errorf("%s after version %d of %d: %s, version %d, %w\n%s\n%+v", path, seen, last[n], p.kind, version, err,
					p.text, r.w.Status())
			}
			seen = version
			count++
		}
	}
	t.Logf("%v saves, %d publications", last, count)
	return r.left()
}
