package watcher

import (
	"path"
	"time"
)

// state is where a path stands. Hints only ever move a path to dirty; everything else follows from looking at the disk.
//
//	absent ──▶ dirty ──▶ loading ──▶ current | broken (the last good stays)
//	             │  ▲
//	             ├──┴─ busy         somebody has the file open for writing
//	             └──▶  goneGrace ──▶ absent
type state uint8

const (
	dirty     state = iota // something may have changed: look again at wake
	busy                   // a writer has it open: look again soon
	loading                // a worker has it or it waits for one
	current                // what the consumer has is what the disk has
	broken                 // it could not be loaded: what the consumer has is older than the disk
	goneGrace              // not there: believed only after an uninterrupted grace
)

// The clocks of the states. Where Options has a field for one, these are its defaults.
const (
	defaultQuiet    = 60 * time.Millisecond  // after the last hint
	defaultNewQuiet = 200 * time.Millisecond // for a path without a table: temporaries get renamed away
	defaultGrace    = 600 * time.Millisecond // of uninterrupted absence

	quietTemporary = 2 * time.Second        // tmp_X while X is there
	quietEmptied   = 900 * time.Millisecond // size 0: rows were there, or are about to come
	quietNewline   = time.Second            // the last line has lost its newline: it is probably not finished
	quietBlind     = 500 * time.Millisecond // nothing can say whether there is a writer; doubles up to
	quietBlindMost = 4 * time.Second        // when a load is followed by another write within
	blindRegret    = 2 * time.Second
	closeMost      = 30 * time.Second // a write whose close never comes

	busyFirst   = 20 * time.Millisecond // between two looks at a busy file, growing to
	busyMost    = 250 * time.Millisecond
	growEvery   = time.Second      // complete rows of a growing file
	growFirst   = 30 * time.Second // a file nobody has seen finished yet
	growEarly   = 10 * time.Second // one that was there at the start: most likely a log, whose reader is back after a while
	growIdle    = 5 * time.Second  // one that was there at the start and has not been written to since: a log
	staleAfter  = 30 * time.Second // said to the user
	busyForever = 5 * time.Minute  // then complete rows are shown, marked partial

	patience   = time.Second            // of uninterrupted hints; then a writer's absence alone is believed
	impatience = 100 * time.Millisecond // between two looks at such a file

	wholeWait = time.Second // for a format that says its bytes are not whole

	thaw = 5 * time.Second // between two looks at what is missing while the root is away

	retryFirst = time.Second // after an error of the system
	retryMost  = 30 * time.Second
)

// entry is one path that is, was or may become a source. Everything in it is guarded by the machine's owner.
type entry struct {
	path  string
	state state
	gen   uint64 // raised by every hint: a load that began under another gen is discarded
	job   bool   // a look or a load is under way or queued: never two at once
	again bool   // asked for while a job was under way

	dirtyAt, hintAt time.Time // first and last hint of this unsettled time
	wake            time.Time // when to look next; zero: not by itself
	lookedAt        time.Time
	force           bool // load although the fingerprint is the published one

	first bool // part of the start-up and not yet loaded or failed
	early bool // was there at the start
	told  bool // the consumer knows of this path
	drop  bool // ignored since: let the consumer know and forget it

	good      Fingerprint // the whole state that was published last
	goodSize  int64       // bytes of the state that was published last, whole or partial
	tail      tail        // how that state can be found again in a grown file
	goodAt    time.Time
	grownAt   time.Time   // last time that complete rows of it were asked for
	tried     Fingerprint // the state that is broken
	seen      Fingerprint // by the last look
	seenAt    time.Time   // since when looks have seen it
	busySince time.Time
	busyWait  time.Duration
	gapSince  time.Time     // of absence
	asked     bool          // whether it is an old file by a new name
	rewritten bool          // a grown file no longer begins with what was published
	compared  Fingerprint   // of a growing file in which there was no new complete row
	retry     time.Duration // last wait after an error of the system
	blind     time.Duration // quiet time of a file whose writers are invisible
	guessed   bool          // the last load was believed for its quiet time alone
	unwhole   time.Time     // since when the format has been saying that the bytes are not whole
	failed    string        // the last error told

	at int // index in the due queue, -1 outside
}

// machine holds the state of every path. It does no input or output, starts nothing and asks no clock: now is always
// given. Its methods are called under one lock.
type machine struct {
	quiet, newQuiet, grace time.Duration
	maxFiles               int
	lines                  func(string) bool // are complete lines of a growing file worth showing?

	entries map[string]*entry
	dirs    map[string]map[string]*entry // the same by directory
	inodes  map[id]*entry                // by the identity of the file that was published last
	due     dueQueue
	ready   readyQueue
	held    map[*entry]bool // those that somebody was last seen writing
	firsts  int             // entries of the start-up still to be loaded
	frozen  bool            // the root is away: nothing is gone
}

func newMachine(o Options) *machine {
	return &machine{quiet: o.Quiet, newQuiet: o.NewQuiet, grace: o.Grace, maxFiles: o.MaxFiles, lines: o.Lines,
		entries: map[string]*entry{}, dirs: map[string]map[string]*entry{}, inodes: map[id]*entry{}, held: map[*entry]bool{}}
}

// create makes the entry of a new path, or nothing when there are too many already.
func (m *machine) create(now time.Time, p string) *entry {
	if len(m.entries) >= m.maxFiles {
		return nil
	}
	e := &entry{path: p, state: dirty, dirtyAt: now, hintAt: now, at: -1}
	m.entries[p] = e
	d := path.Dir(p)
	if m.dirs[d] == nil {
		m.dirs[d] = map[string]*entry{}
	}
	m.dirs[d][p] = e
	return e
}

// remove forgets e.
func (m *machine) remove(e *entry) {
	m.settle(e)
	m.due.remove(e)
	m.setGood(e, Fingerprint{})
	m.release(e)
	delete(m.entries, e.path)
	d := path.Dir(e.path)
	delete(m.dirs[d], e.path)
	if len(m.dirs[d]) == 0 {
		delete(m.dirs, d)
	}
}

// setGood takes note of which file was published for e; none, if f is zero.
func (m *machine) setGood(e *entry, f Fingerprint) {
	if m.inodes[e.good.id()] == e {
		delete(m.inodes, e.good.id())
	}
	e.good = f
	if f.Ino != 0 {
		m.inodes[f.id()] = e
	}
}

// release takes note that nobody is writing e.
func (m *machine) release(e *entry) {
	e.busySince, e.busyWait = time.Time{}, 0
	delete(m.held, e)
}

// settle takes e off the list of what the start-up waits for.
func (m *machine) settle(e *entry) {
	if e.first {
		e.first = false
		m.firsts--
	}
}

// sleep sets when e is looked at next.
func (m *machine) sleep(e *entry, until time.Time) {
	e.wake = until
	if !e.job {
		m.due.set(e)
	}
}

// next is when the machine wants to be asked again; zero when only a hint can wake it.
func (m *machine) next() time.Time { return m.due.first() }

// take hands out one entry that has to be looked at now, or nil.
func (m *machine) take(now time.Time) *entry {
	e := m.due.pop(now)
	if e != nil {
		e.job, e.again = true, false
		e.wake = time.Time{}
	}
	return e
}
