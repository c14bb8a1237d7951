//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard/wire"
)

// fault is something that must not have been published.
type fault struct {
	at    time.Time
	truth *truth // nil where it is about no file
	what  string
}

// disturbance is something done to the server, after which the wider bound holds.
type disturbance struct {
	name     string
	from, to time.Time
	took     time.Duration // until everything was right again
}

// judge holds what is published to what is true.
type judge struct {
	client
	pressure pressure
	truths   map[string]*truth // by path
	began    time.Time         // when the server was first up

	mu           sync.Mutex // guards what follows
	faults       []fault
	more         map[string]int // how often a fault came again
	alive        time.Time      // since when the server is up; zero: it is down on purpose
	disturbances []disturbance
	starts       []time.Time           // of every life but the first
	bytes        map[revisioned]uint32 // what a table was at a revision of this life
	owners       map[heard]string      // whose change a revision was
	seen, polls  int
	ui           []time.Duration // how long the page took to come
	uiBefore     []time.Duration
	uiFlood      []time.Duration
}

type revisioned struct {
	table    string
	revision uint64
}

func newJudge(base string, truths []*truth) *judge {
	j := &judge{client: client{base}, truths: map[string]*truth{}, more: map[string]int{}}
	for _, t := range truths {
		j.truths[t.path] = t
	}
	return j
}

// fault notes what must not be.
func (j *judge) fault(t *truth, format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	key := what
	if t != nil {
		key = t.path + what
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.more[key]++; j.more[key] == 1 {
		j.faults = append(j.faults, fault{time.Now(), t, what})
	}
}

// rise tells that the server is about to start, with a memory of its own. It has to be said before it does: what the
// new life announces first must not be forgotten with the old one.
func (j *judge) rise() {
	for _, t := range j.truths {
		t.restart()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.bytes, j.owners = map[revisioned]uint32{}, map[heard]string{}
}

// up tells that the server is there, and down that it went on purpose.
func (j *judge) up() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.began.IsZero() {
		j.began = time.Now()
	} else {
		j.starts = append(j.starts, time.Now())
	}
	j.alive = time.Now()
}

func (j *judge) down() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.alive = time.Time{}
}

// starting is how long a server may take after its start until all tables are there.
const starting = 6 * time.Second

// settled says whether the server has been up for long enough to be judged by what it lacks. A stopped one is judged
// too: it may be slow, but never wrong.
func (j *judge) settled() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !j.alive.IsZero() && time.Since(j.alive) > starting
}

// youngerThan says whether the server was started less than so long ago. A log whose writer keeps it open is not told
// from a save that is not finished at once: it is back within the bound after a crash, and not with the first tables.
func (j *judge) youngerThan(age time.Duration) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return time.Since(j.alive) < age
}

// watch reads every table again and again until the context ends.
func (j *judge) watch(ctx context.Context) {
	for ctx.Err() == nil {
		begun := time.Now()
		if _, _, err := j.read(ctx, ""); err == nil {
			j.mu.Lock()
			j.ui = append(j.ui, time.Since(begun))
			j.mu.Unlock()
		}
		var list wire.Tables
		err := j.get(ctx, "api/v1/tables", &list)
		got := time.Now()
		if err != nil {
			if ctx.Err() == nil && j.settled() {
				j.fault(nil, "%v", err)
			}
			time.Sleep(10 * time.Millisecond)
			continue
		}
		names := map[string]string{}
		for _, table := range list.Tables {
			names[table.Source] = table.Name
			if j.truths[table.Source] == nil {
				j.fault(nil, "a table of %s, which is no file of ours", table.Source)
			}
		}
		for path, t := range j.truths {
			if ctx.Err() != nil {
				return
			}
			if names[path] == "" {
				j.lacking(t, begun, got)
				continue
			}
			j.poll(ctx, t, names[path])
		}
		j.mu.Lock()
		j.polls++
		j.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
	}
}

// lacking judges that there was no table, at some time between from and to. What was never seen yet may be late; whether
// it is too late is asked at the end.
func (j *judge) lacking(t *truth, from, to time.Time) {
	settled := j.settled()
	t.mu.Lock()
	legal := !t.seenBefore(from) || mayLack(t.away, grace, from, to)
	for _, s := range t.states[max(0, len(t.states)-3):] { // it may have been closed only just now
		legal = legal || s.held && j.youngerThan(unannounced)
	}
	// What is judged now was seen at to: a writer may have gone on since.
	for i, s := range slices.Backward(t.states) {
		if s.gone && !s.begun.After(to) {
			t.note(i, to)
			break
		}
	}
	t.mu.Unlock()
	if settled && !legal {
		j.fault(t, "there is no table")
	}
}

// poll judges what is published of one file now.
func (j *judge) poll(ctx context.Context, t *truth, table string) {
	begun := time.Now()
	r, err := j.rows(ctx, table, 0)
	got := time.Now()
	switch {
	case ctx.Err() != nil || errors.Is(err, errDown) && !j.settled():
	case errors.Is(err, errNone):
		j.lacking(t, begun, got)
	case err != nil:
		j.fault(t, "%v", err)
	default:
		j.check(t, table, r, &t.polled, begun, got, got)
	}
}

// check judges one reading, made between from and to, of what was published by at, and moves the position on that this
// kind of reading has reached.
func (j *judge) check(t *truth, table string, r reading, reached *position, from, to, at time.Time) {
	if err := r.judge(); err != nil {
		j.fault(t, "%v", err)
		return
	}
	j.sameBytes(t, table, r)
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(r.rows) == 0 {
		if !mayLack(t.emptied, drought, from, to) {
			defer j.fault(t, "it is empty at revision %d", r.revision)
		}
		return
	}
	p := position{r.rows[0].Generation, len(r.rows)}
	i, written := t.find(p.generation, p.rows)
	if !written {
		defer j.fault(t, "%d rows of generation %d, which nobody wrote", p.rows, p.generation)
		return
	}
	if p.before(*reached) {
		defer j.fault(t, "it went back from generation %d, %d rows to %d, %d", reached.generation, reached.rows, p.generation, p.rows)
	}
	*reached = p
	t.note(i, at)
}

// seenBefore says whether any state was seen before a time. The caller holds the lock.
func (t *truth) seenBefore(at time.Time) bool {
	for _, seen := range t.seen {
		if seen.Before(at) {
			return true
		}
	}
	return false
}

// note takes down when a state was seen first. The caller holds the lock.
func (t *truth) note(i int, at time.Time) {
	if old, known := t.seen[i]; !known || at.Before(old) {
		t.seen[i] = at
	}
}

// sameBytes holds a revision to what it was before.
func (j *judge) sameBytes(t *truth, table string, r reading) {
	key := revisioned{table, r.revision}
	j.mu.Lock()
	old, known := j.bytes[key]
	if j.bytes != nil {
		j.bytes[key] = r.digest
	}
	j.seen++
	j.mu.Unlock()
	if known && old != r.digest {
		j.fault(t, "revision %d has two contents", r.revision)
	}
}
