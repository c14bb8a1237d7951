package watcher

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"
)

// disk is a pretended folder of one file, which writers change and a machine is told about.
type disk struct {
	there   bool
	version int // of the last finished save
	torn    bool
	writer  bool
	stamp   int64 // raised by every change: it stands for ctime
	size    int64
	goneAt  time.Time
}

func (d *disk) fp() Fingerprint {
	return Fingerprint{Dev: 1, Ino: 1, Size: d.size, Changed: time.Unix(d.stamp, 0), Modified: time.Unix(1, 0)}
}

func (d *disk) look(now time.Time) look {
	if !d.there {
		return look{missing: true}
	}
	l := look{fp: d.fp(), newline: true}
	if d.writer {
		l.writer = writing
	}
	return l
}

// simulate plays minutes of saves, lost events and slow loads, all drawn from seed, and checks after every step what
// the machine promises: one job for a path at a time, nothing torn, nothing older than what was published before, no
// absence believed that did not last, and in the end the truth.
func simulate(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	now := time.Unix(1_000_000, 0)
	o := Options{}.withDefaults()
	m := newMachine(o)
	m.lines = func(string) bool { return seed%3 == 0 }
	d := &disk{}
	shown, shownThere := -1, false
	deaf := seed%4 == 1 // events are lost now and then
	hint := func(h hint) {
		if !deaf || rnd.IntN(3) > 0 {
			m.hint(now, "f", h)
		}
	}
	change := func() { d.stamp++ }
	write := func() {
		switch rnd.IntN(6) {
		case 0, 1: // begin a save, or go on with one
			if !d.writer {
				d.there, d.writer, d.torn = true, true, true
				d.size = 0
			} else {
				d.size += 1 + rnd.Int64N(9)
			}
			change()
			hint(wrote)
		case 2: // end one
			if d.writer {
				d.writer, d.torn = false, false
				d.version++
				d.size = 10 + rnd.Int64N(100)
				change()
				hint(wrote)
			}
		case 3: // by rename
			if !d.writer {
				d.there, d.torn = true, false
				d.version++
				d.size = 10 + rnd.Int64N(100)
				change()
				hint(wrote)
			}
		case 4: // remove
			if d.there && !d.writer && rnd.IntN(2) == 0 {
				d.there, d.goneAt = false, now
				m.nudge(now, "f")
			}
		case 5:
			change() // its mode
			if d.there {
				hint(touched)
			}
		}
	}
	type run struct {
		j       *job
		ends    time.Time
		version int
		torn    bool
	}
	var running []run
	end := now.Add(3 * time.Minute)
	nextWrite, nextList := now, now
	for now.Before(end.Add(40 * time.Second)) {
		for e := m.take(now); e != nil; e = m.take(now) {
			if e.state == loading {
				t.Fatalf("seed %d: a look at a path that is being loaded", seed)
			}
			m.looked(now, e, e.gen, d.look(now))
		}
		for j := m.ready.pop(now); j != nil; j = m.ready.pop(now) {
			if len(running) > 0 {
				t.Fatalf("seed %d: two jobs for one path", seed)
			}
			if j.kind == loadWhole && (!d.there || !d.fp().Equal(j.fp) || d.writer && !j.tolerant) {
				m.loaded(now, j, result{kind: discarded})
				continue
			}
			took := time.Duration(rnd.IntN(30)) * time.Millisecond
			if rnd.IntN(10) == 0 {
				took = time.Duration(rnd.IntN(2000)) * time.Millisecond
			}
			running = append(running, run{j: j, ends: now.Add(took), version: d.version, torn: d.torn})
		}
		for i := 0; i < len(running); i++ {
			r := running[i]
			if r.ends.After(now) {
				continue
			}
			running = append(running[:i], running[i+1:]...)
			i--
			res := result{kind: discarded}
			switch r.j.kind {
			case loadWhole:
				if d.there && d.fp().Equal(r.j.fp) && (!d.writer || r.j.tolerant) && r.j.e.gen == r.j.gen {
					if r.torn || d.torn {
						t.Fatalf("seed %d: published a torn state", seed)
					}
					if r.version < shown {
						t.Fatalf("seed %d: published version %d after %d", seed, r.version, shown)
					}
					shown, shownThere = r.version, true
					res = result{kind: published, size: r.j.fp.Size}
				}
			case tellGone:
				if !d.there && r.j.e.gen == r.j.gen {
					if now.Sub(d.goneAt) < o.Grace && !deaf { // a return that nobody heard of does not count
						t.Fatalf("seed %d: believed an absence of %v", seed, now.Sub(d.goneAt))
					}
					shownThere = false
					res = result{kind: published}
				}
			case loadGrown:
				res = result{kind: rewritten}
			case tellFailed:
				t.Fatalf("seed %d: told of a failure: %v", seed, r.j.change.Err)
			}
			m.loaded(now, r.j, res)
		}
		if !now.Before(nextWrite) && now.Before(end) {
			write()
			nextWrite = now.Add(time.Duration(rnd.IntN(1<<rnd.IntN(13))) * time.Millisecond)
		}
		if !now.Before(end) && d.writer { // everybody goes home
			d.writer, d.torn = false, false
			d.version++
			d.size = 10
			change()
		}
		if !now.Before(nextList) {
			if d.there {
				m.sight(now, "f", d.fp(), 0, false)
			}
			m.listed(now, ".", func(string) bool { return d.there })
			nextList = now.Add(15 * time.Second)
		}
		step := now.Add(time.Second)
		for _, t := range []time.Time{m.next(), nextWrite, nextList} {
			if !t.IsZero() && t.Before(step) && t.After(now) {
				step = t
			}
		}
		for _, r := range running {
			if r.ends.Before(step) {
				step = r.ends
			}
		}
		if !step.After(now) {
			step = now.Add(time.Millisecond)
		}
		now = step
	}
	if d.there != shownThere || d.there && shown != d.version {
		t.Fatalf("seed %d: in the end version %d (there: %v) is shown, the disk has %d (there: %v); %s",
			seed, shown, shownThere, d.version, d.there, describe(m.entries["f"], now))
	}
	if e := m.entries["f"]; e != nil && (e.job || e.state != current) {
		t.Fatalf("seed %d: not at rest: %s", seed, describe(e, now))
	}
}

func describe(e *entry, now time.Time) string {
	if e == nil {
		return "no entry"
	}
	return fmt.Sprintf("state %d, job %v, force %v, wake in %v, last hint %v ago", e.state, e.job, e.force, e.wake.Sub(now),
		now.Sub(e.hintAt))
}

func TestMachineNeverShowsATornStateAndFindsTheLast(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		simulate(t, seed)
	}
}

func FuzzMachine(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(simulate)
}

func TestSmallFilesAreLoadedFirstButNoneWaitsForEver(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	var q readyQueue
	push := func(name string, size int64, hinted, queued time.Duration) {
		q.push(&job{change: Change{Path: name, Size: size, At: now.Add(hinted)}, queued: now.Add(queued)})
	}
	push("huge", 1<<30, 0, 0)
	push("old", 100, -time.Hour, 0)
	push("new", 50_000, 0, 0)
	push("middle", 1<<20, 0, 0)
	var got []string
	for j := q.pop(now); j != nil; j = q.pop(now) {
		got = append(got, j.change.Path)
	}
	if fmt.Sprint(got) != "[new old middle huge]" {
		t.Errorf("order %v", got)
	}
	push("huge", 1<<30, 0, 0)
	push("small", 1, 3*time.Second, 3*time.Second)
	if j := q.pop(now.Add(3 * time.Second)); j.change.Path != "huge" {
		t.Errorf("%s overtakes what has waited for three seconds", j.change.Path)
	}
	if j := q.pop(now.Add(3 * time.Second)); j.change.Path != "small" || q.len() != 0 {
		t.Errorf("then %s", j.change.Path)
	}
}

// TestFileThatCanBeReadAgainIsLoadedAgain has a folder closed and opened: the file is the very same as before.
func TestFileThatCanBeReadAgainIsLoadedAgain(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	m := newMachine(Options{}.withDefaults())
	m.lines = func(string) bool { return false }
	fp := Fingerprint{Dev: 1, Ino: 1, Size: 1}
	glance := func(l look) *job {
		t.Helper()
		e := m.take(now)
		if e == nil {
			t.Fatal("nothing to look at")
		}
		m.looked(now, e, e.gen, l)
		return m.ready.pop(now)
	}
	m.hint(now, "f", wrote)
	now = now.Add(time.Second)
	m.loaded(now, glance(look{fp: fp}), result{kind: published, size: 1})
	m.nudge(now, "f")
	j := glance(look{err: syscall.EACCES, fp: fp})
	if j == nil || j.kind != tellFailed || !errors.Is(j.change.Err, syscall.EACCES) {
		t.Fatalf("told %+v", j)
	}
	m.loaded(now, j, result{kind: published})
	now = now.Add(retryFirst)
	if j := glance(look{err: syscall.EACCES, fp: fp}); j != nil {
		t.Fatalf("told again: %+v", j)
	}
	now = now.Add(2 * retryFirst)
	if j := glance(look{fp: fp}); j == nil || j.kind != loadWhole {
		t.Fatalf("asked for %+v", j)
	}
}

// TestEmptyFileIsNotOldBecauseItsTimesAre is a file that is listed in the middle of being cut: the kernel shows the new
// size with the old times for a moment, and no event and no writer yet.
func TestEmptyFileIsNotOldBecauseItsTimesAre(t *testing.T) {
	t.Parallel()
	begin := time.Unix(1_000_000, 0)
	m := newMachine(Options{}.withDefaults())
	m.lines = func(string) bool { return true }
	empty := Fingerprint{Dev: 1, Ino: 1, Changed: begin.Add(-time.Hour)}
	m.sight(begin, "f", empty, time.Hour, true)
	if m.firsts != 0 {
		t.Error("the start waits for it")
	}
	for now := begin; ; now = now.Add(10 * time.Millisecond) {
		for e := m.take(now); e != nil; e = m.take(now) {
			m.looked(now, e, e.gen, look{fp: empty, writer: unknown, age: now.Sub(empty.Changed)})
		}
		j := m.ready.pop(now)
		if j == nil && now.Sub(begin) > time.Minute {
			t.Fatal("it is never loaded")
		}
		if j == nil {
			continue
		}
		if d := now.Sub(begin); d < quietEmptied {
			t.Errorf("it is loaded after %v", d)
		}
		return
	}
}
