package watcher_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dashira/dashira/watcher"
)

// TestScripts plays every script of testdata against the real file system and its events. A script is a list of lines,
// each one operation on files or one expectation; testdata/README.md tells the words. Everything that is published has
// to be expected, in the order of its path: a state too many is a failure as much as one too few.
//
// The pauses of a script are part of its pattern. Where a busy machine has stretched one by so much that another pattern
// was played, or has kept the watcher from running, a failure says nothing, and the script is played again.
func TestScripts(t *testing.T) {
	t.Parallel()
	forEachScript(t, func(t *testing.T, file string, lines []string) {
		t.Parallel()
		if slices.Contains(lines, "clock") {
			t.Skip("takes minutes: played under a false clock only")
		}
		for attempt := 1; ; attempt++ {
			p := newPlayer(t)
			p.late.feel(t)
			err := p.run(file, lines, 300*time.Millisecond)
			if err == nil {
				return
			}
			if skip := skipError(""); errors.As(err, &skip) {
				t.Skip(skip)
			}
			if p.late.worst() == 0 || attempt == 12 {
				t.Fatal(err)
			}
			t.Logf("played again, because a pause lasted %v too long: %v", p.late.worst(), err)
		}
	})
}

// TestScriptsUnderAFalseClock plays them once more on real files, with events made as the kernel makes them and with a
// clock that is exact: what a script says of when something is published is held to the millisecond, and a script may
// take minutes.
func TestScriptsUnderAFalseClock(t *testing.T) {
	t.Parallel()
	if !canTick {
		t.Skip("has no way to let real time pass under a false clock here")
	}
	forEachScript(t, func(t *testing.T, file string, lines []string) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			p := newPlayer(t)
			p.o, p.events = silent(p.o)
			p.clock = true
			err := p.run(file, lines, time.Minute)
			if skip := skipError(""); errors.As(err, &skip) {
				t.Skip(skip)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	})
}

func forEachScript(t *testing.T, play func(t *testing.T, file string, lines []string)) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			play(t, file, strings.Split(string(text), "\n"))
		})
	}
}

// run plays a script from its first line to its last. Whatever it did not expect has time to show for a while.
func (p *player) run(file string, lines []string, after time.Duration) error {
	for n, line := range lines {
		if err := p.play(strings.TrimSpace(line)); err != nil {
			return fmt.Errorf("%s:%d: %s\n%w", file, n+1, line, err)
		}
	}
	if p.r == nil {
		return errors.New("the script never starts the watcher")
	}
	time.Sleep(after)
	return p.r.left()
}

// skipError is why a script cannot be played here.
type skipError string

func (e skipError) Error() string { return string(e) }

// player plays one script.
type player struct {
	t       *testing.T
	base    string // holds the root and what is outside
	root    string
	o       watcher.Options
	r       *recorder
	handles map[string]*os.File
	opened  map[string]string // the path of each handle

	clock  bool                // a false one
	events *watcher.FakeEvents // nil: the system's own
	acted  time.Time           // when the last operation was over
	late   lateness            // of what was played on the real clock
}

// within is how long a publication is waited for.
func (p *player) within() time.Duration {
	if p.clock {
		return 10 * time.Minute
	}
	return 30 * time.Second
}

func newPlayer(t *testing.T) *player {
	base := t.TempDir()
	p := &player{t: t, base: base, root: filepath.Join(base, "root"), handles: map[string]*os.File{}, opened: map[string]string{}}
	if err := os.Mkdir(p.root, 0o755); err != nil {
		t.Fatal(err)
	}
	p.o.Accept = func(p string) bool { return ext(p) == ".csv" || ext(p) == ".bin" }
	p.o.Lines = func(p string) bool { return ext(p) == ".csv" }
	// A .bin is whole when it ends as a book does: with the word END.
	p.o.Whole = func(p string, f *os.File, size int64) error {
		if ext(p) != ".bin" {
			return nil
		}
		b := make([]byte, 3)
		if _, err := f.ReadAt(b, max(0, size-3)); err != nil || string(b) != "END" {
			return errors.New("the end is missing")
		}
		return nil
	}
	t.Cleanup(func() {
		for _, f := range p.handles {
			f.Close()
		}
	})
	return p
}

func ext(p string) string { return path.Ext(p) }

// words splits a line at spaces; a word in double quotes is written as in Go.
func words(line string) ([]string, error) {
	var ws []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] != '"' {
			w, rest, _ := strings.Cut(line, " ")
			ws, line = append(ws, w), rest
			continue
		}
		q, err := strconv.QuotedPrefix(line)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		w, err := strconv.Unquote(q)
		if err != nil {
			return nil, err
		}
		ws, line = append(ws, w), line[len(q):]
	}
	return ws, nil
}

// at is a path of the script on the disk: relative to the root, or to what is around it with a leading ../
func (p *player) at(rel string) string { return filepath.Join(p.root, filepath.FromSlash(rel)) }

func (p *player) play(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	ws, err := words(line)
	if err != nil {
		return err
	}
	op, arg := ws[0], append(ws[1:], "", "", "")
	switch op {
	case "poll":
		p.o.Poll = true
		p.o.Interval, err = time.ParseDuration(arg[0])
		return err
	case "start":
		p.r = record(p.t, p.root, p.o)
		<-p.r.w.Ready()
		return nil
	case "clock": // for the false clock only
		return nil
	case "wait":
		d, err := time.ParseDuration(arg[0])
		begun := time.Now()
		time.Sleep(d)
		p.late.took(time.Since(begun), d)
		return err
	case "whole", "new", "partial", "gone", "failed":
		return p.expect(op, arg)
	case "finally":
		for {
			got, err := p.r.next(arg[0], p.within())
			if err != nil || got.text == arg[1] {
				return err
			}
			if !strings.HasPrefix(arg[1], got.text) || !strings.HasSuffix(got.text, "\n") {
				return fmt.Errorf("published %v", got)
			}
		}
	case "renamed":
		return p.expectRenamed(arg[0], arg[1], arg[2])
	case "nothing":
		return p.r.left()
	case "skipped":
		return p.expectSkipped(arg[0], arg[1])
	case "rescan":
		p.r.w.Rescan()
		return nil
	}
	if p.clock {
		synctest.Wait() // whatever is due at this moment is over
		tick()
	}
	begun := time.Now()
	announce := p.watch(op, arg)
	err = p.operate(op, arg)
	p.late.took(time.Since(begun), 0)
	if err == nil {
		announce()
	}
	p.acted = time.Now()
	return err
}

// expect holds the next publication of a path to what is expected: kind PATH [TEXT] [after DURATION]. A new one is whole
// and has no other name before. When it came, after the last operation, is asked under a false clock only.
func (p *player) expect(kind string, arg []string) error {
	path, rest := arg[0], arg[1:]
	text, when := "", ""
	if kind != "gone" {
		text, rest = rest[0], rest[1:]
	}
	if rest[0] == "after" {
		when = rest[1]
	}
	got, err := p.r.next(path, p.within())
	if err != nil {
		return err
	}
	if kind == "new" {
		if got.from != "" {
			return fmt.Errorf("published %v from %s", got, got.from)
		}
		kind = "whole"
	}
	if got.kind != kind || !(got.text == text || kind == "failed" && strings.Contains(got.text, text)) {
		return fmt.Errorf("published %v", got)
	}
	if when == "" || !p.clock {
		return nil
	}
	want, err := time.ParseDuration(when)
	if err != nil {
		return err
	}
	if d := got.at.Sub(p.acted); d != want {
		return fmt.Errorf("published after %v", d)
	}
	return nil
}

func (p *player) expectRenamed(path, from, text string) error {
	got, err := p.r.next(path, p.within())
	if err != nil {
		return err
	}
	if got.from != from || got.text != text {
		return fmt.Errorf("published %v from %q", got, got.from)
	}
	return nil
}

func (p *player) expectSkipped(path, why string) error {
	for range 1000 {
		for _, s := range p.r.w.Status().Skipped {
			if s.Path == path && strings.Contains(s.Reason, why) {
				return nil
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("skipped: %v", p.r.w.Status().Skipped)
}

// operate does one operation on files.
func (p *player) operate(op string, arg []string) error {
	a, b := p.at(arg[0]), p.at(arg[1])
	switch op {
	case "write":
		return os.WriteFile(a, []byte(arg[1]), 0o644)
	case "append":
		f, err := os.OpenFile(a, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
		if err != nil {
			return err
		}
		_, err = f.WriteString(arg[1])
		return errors.Join(err, f.Close())
	case "open": // open NAME PATH: truncated, made if it is not there
		return p.open(arg[0], p.at(arg[1]), os.O_TRUNC)
	case "reopen": // its content stays
		return p.open(arg[0], p.at(arg[1]), 0)
	case "put": // put NAME TEXT [OFFSET]
		f := p.handles[arg[0]]
		if arg[2] != "" {
			off, err := strconv.ParseInt(arg[2], 10, 64)
			if err != nil {
				return err
			}
			_, err = f.WriteAt([]byte(arg[1]), off)
			return err
		}
		_, err := f.WriteString(arg[1])
		return err
	case "end":
		f := p.handles[arg[0]]
		_, err := f.Seek(0, 2)
		return err
	case "close":
		f := p.handles[arg[0]]
		delete(p.handles, arg[0])
		return f.Close()
	case "truncate":
		n, err := strconv.ParseInt(arg[1], 10, 64)
		if err != nil {
			return err
		}
		return os.Truncate(a, n)
	case "copy":
		text, err := os.ReadFile(a)
		if err != nil {
			return err
		}
		return os.WriteFile(b, text, 0o644)
	case "rename":
		return os.Rename(a, b)
	case "remove":
		return os.RemoveAll(a)
	case "mkdir":
		return os.MkdirAll(a, 0o755)
	case "link": // link TARGET PATH: a symbolic one, with the target as it stands
		return os.Symlink(arg[0], b)
	case "hardlink":
		return os.Link(a, b)
	case "chmod":
		m, err := strconv.ParseUint(arg[1], 8, 32)
		if err != nil {
			return err
		}
		return os.Chmod(a, os.FileMode(m))
	case "mtime": // mtime PATH AGO
		d, err := time.ParseDuration(arg[1])
		if err != nil {
			return err
		}
		t := time.Now().Add(-d)
		return os.Chtimes(a, t, t)
	case "restore": // restore PATH TEXT: the same length, and the mtime set back
		return p.restore(a, arg[1])
	case "fifo":
		return mkfifo(a)
	case "map": // map PATH TEXT: through memory
		return writeMapped(a, []byte(arg[1]))
	case "exchange":
		return exchange(a, b)
	}
	return fmt.Errorf("unknown word %q", op)
}

func (p *player) open(name, path string, flag int) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|flag, 0o644)
	if err == nil {
		p.handles[name], p.opened[name] = f, path
	}
	return err
}

func (p *player) restore(a, text string) error {
	fi, err := os.Stat(a)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(a)
	if err != nil {
		return err
	}
	if len(old) != len(text) || bytes.Equal(old, []byte(text)) {
		return errors.New("restore wants another text of the same length")
	}
	if err := os.WriteFile(a, []byte(text), 0o644); err != nil {
		return err
	}
	return os.Chtimes(a, fi.ModTime(), fi.ModTime())
}
