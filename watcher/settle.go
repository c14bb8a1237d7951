package watcher

import "time"

// writer is what a probe says about a file.
type writer uint8

const (
	free    writer = iota // nobody has it open for writing
	writing               // somebody has
	unknown               // the system does not tell
)

// look is what one glance at a path on the disk has shown. The first of err, missing, other and fp that is set is
// meant; beside err, fp says which file it was about, if it is known.
type look struct {
	err       error  // of the system, or a limit
	missing   bool   // there is nothing by that name
	other     string // there is something that is no file to be read: why
	fp        Fingerprint
	age       time.Duration // since the file was last changed, by its ctime; 0: not known
	writer    writer
	newline   bool // the last byte ends a line; asked only of formats of lines
	temporary bool // named tmp_X, and X is there
}

// looked decides what one glance at e means. gen is e's from before the glance.
func (m *machine) looked(now time.Time, e *entry, gen uint64, l look) {
	e.job = false
	e.lookedAt = now
	if e.gen != gen && !m.impatient(now, e) {
		m.sleep(e, m.wakeAt(e, e.quietAtLeast(m)))
		return
	}
	switch {
	case e.drop:
		if !e.told {
			m.remove(e)
			return
		}
		m.queue(now, &job{kind: tellGone, e: e})
	case l.err != nil:
		m.unreadable(now, e, l)
	case l.missing, l.other != "":
		m.missing(now, e)
	default:
		m.present(now, e, l)
	}
}

// impatient reports whether hints about e have been coming for so long that waiting for silence is no use.
func (m *machine) impatient(now time.Time, e *entry) bool {
	return (e.state == dirty || e.state == busy) && now.Sub(e.dirtyAt) >= patience
}

// queue hands j to the workers.
func (m *machine) queue(now time.Time, j *job) {
	e := j.e
	j.gen, j.queued = e.gen, now
	j.change.Path, j.change.At = e.path, e.hintAt
	switch j.kind {
	case tellGone:
		j.change.Gone = true
	case loadWhole, loadGrown:
		j.change.Size, j.change.Modified, j.change.Fingerprint = j.fp.Size, j.fp.Modified, j.fp
	}
	e.state, e.job, e.again = loading, true, false
	e.wake = time.Time{}
	m.due.remove(e)
	m.ready.push(j)
}

// rest leaves e in a state that only a hint ends, unless one has come already.
func (m *machine) rest(now time.Time, e *entry, s state) {
	e.state = s
	m.settle(e)
	if e.again {
		e.again = false
		m.sleep(e, now)
		return
	}
	m.sleep(e, time.Time{})
}

// missing is the way to absent: a name that a consumer knows has to be away for an uninterrupted grace.
func (m *machine) missing(now time.Time, e *entry) {
	m.release(e)
	if !e.told {
		m.remove(e)
		return
	}
	if e.state != goneGrace || e.gapSince.IsZero() {
		e.state, e.gapSince = goneGrace, now
	}
	if m.frozen {
		e.gapSince = now
		m.sleep(e, now.Add(thaw))
		return
	}
	if until := e.gapSince.Add(m.grace); now.Before(until) {
		m.sleep(e, until)
		return
	}
	m.queue(now, &job{kind: tellGone, e: e})
}

// unreadable keeps the last good of a path at which the system refuses a look, says so once, and tries again.
func (m *machine) unreadable(now time.Time, e *entry, l look) {
	e.seen, e.seenAt = l.fp, now
	m.release(e)
	err := l.err
	if e.failed == err.Error() {
		m.later(now, e)
		return
	}
	m.queue(now, &job{kind: tellFailed, e: e, change: Change{Err: err}})
}

// later leaves e broken and looks again after a while that doubles.
func (m *machine) later(now time.Time, e *entry) {
	e.state, e.tried = broken, Fingerprint{}
	m.settle(e)
	e.retry = min(max(2*e.retry, retryFirst), retryMost)
	m.sleep(e, now.Add(e.retry))
}

// present decides about a file that is there.
func (m *machine) present(now time.Time, e *entry, l look) {
	if !l.fp.Equal(e.seen) {
		e.seen, e.seenAt = l.fp, now
	}
	if e.state == goneGrace {
		e.state, e.dirtyAt, e.hintAt = dirty, now, now
	}
	e.gapSince = time.Time{}
	if !e.force {
		// The same file as published is no news, unless the consumer was told of a failure since: then it is the news.
		if !e.good.IsZero() && l.fp.Equal(e.good) && e.failed == "" {
			m.release(e)
			m.rest(now, e, current)
			return
		}
		if !e.tried.IsZero() && l.fp.Equal(e.tried) {
			m.rest(now, e, broken)
			return
		}
	}
	if e.state == current || e.state == broken {
		// Found by looking, not by a hint: its quiet time begins now, save where a retry is what brought us here.
		if e.state == current || !e.tried.IsZero() {
			e.hintAt = now
		}
		e.state, e.dirtyAt = dirty, now
	}
	if l.writer == writing {
		m.occupied(now, e, l)
		return
	}
	m.release(e)
	e.state = dirty
	if m.impatient(now, e) && now.Sub(e.hintAt) < m.quiet && m.growable(now, e, l) {
		m.grow(now, e, l)
		return
	}
	since, q := e.hintAt, m.quietFor(now, e, l)
	if l.writer == unknown && e.seenAt.After(since) {
		since = e.seenAt
	}
	// A file that was old when it was listed may have been begun anew since, and neither its hint nor its writer be known.
	if changed := now.Add(-l.age); l.age > 0 && changed.After(since) {
		since = changed
	}
	if until := since.Add(q); now.Before(until) {
		if w := m.wakeAt(e, q); w.After(now) && w.Before(until) {
			until = w
		}
		m.sleep(e, until)
		return
	}
	from, known := m.renamed(now, e, l.fp)
	if !known {
		m.sleep(e, now.Add(busyFirst))
		return
	}
	e.guessed = l.writer == unknown
	m.queue(now, &job{kind: loadWhole, e: e, fp: l.fp, change: Change{From: from}})
}

// quietFor is how long after the last hint a file without a visible writer is believed to be finished.
func (m *machine) quietFor(now time.Time, e *entry, l look) time.Duration {
	q := e.quietAtLeast(m)
	if l.writer == free && m.impatient(now, e) {
		q = 0
	}
	if l.writer == unknown {
		q = max(q, quietBlind, e.blind)
		if now.Sub(e.dirtyAt) >= closeMost {
			q = 0
		}
	}
	if l.temporary {
		q = max(q, quietTemporary)
	}
	if l.fp.Size == 0 {
		q = max(q, quietEmptied)
	}
	if l.fp.Size > 0 && e.tail.newline && !l.newline {
		q = max(q, quietNewline)
	}
	return q
}

// occupied decides about a file that somebody has open for writing: keep the last good and look again soon, but show
// the complete rows of one that only grows.
func (m *machine) occupied(now time.Time, e *entry, l look) {
	if e.busySince.IsZero() {
		e.busySince = now
		m.held[e] = true
	}
	if e.busyWait == 0 || e.lookedAt.Sub(e.hintAt) < busyMost {
		e.busyWait = busyFirst
	}
	e.state = busy
	if now.Sub(e.busySince) >= growEvery {
		m.settle(e) // a start-up does not wait for somebody else's work
	}
	if m.growable(now, e, l) {
		m.grow(now, e, l)
		return
	}
	if !m.lines(e.path) && now.Sub(e.busySince) >= busyForever && now.Sub(e.seenAt) >= staleAfter {
		m.queue(now, &job{kind: loadWhole, e: e, fp: l.fp, tolerant: true})
		return
	}
	m.sleep(e, now.Add(e.busyWait))
	e.busyWait = min(e.busyWait*5/4, busyMost)
}

// stale reports whether somebody has been writing e for so long that what was published of it is worth a doubt. Of a file
// that only grows every complete row is published, so there is none.
func (m *machine) stale(now time.Time, e *entry) bool {
	grows := m.lines(e.path) && e.tail.known && !e.rewritten
	return now.Sub(e.busySince) >= staleAfter && !(grows && e.seen.Size >= e.goodSize)
}

// growable reports whether the complete rows of an unfinished file are worth a load now.
func (m *machine) growable(now time.Time, e *entry, l look) bool {
	if l.fp.Size == 0 || !m.lines(e.path) {
		return false
	}
	since := e.busySince
	if since.IsZero() {
		since = e.dirtyAt
	}
	age := now.Sub(since)
	switch {
	case age < growEvery, now.Sub(e.goodAt) < growEvery, now.Sub(e.grownAt) < growEvery:
		return false
	case e.goodAt.IsZero():
		first := growFirst
		if e.early {
			first = growEarly
			if now.Sub(e.seenAt) >= growIdle {
				first = growIdle
			}
		}
		return !e.busySince.IsZero() && age >= first
	case l.fp.Equal(e.compared):
		return false // it was read just so, and there was no new row in it
	case l.fp.Size < e.goodSize:
		e.rewritten = true
	}
	if e.rewritten || !e.tail.known || l.fp.Size == e.goodSize {
		return age >= busyForever && !l.fp.Equal(e.tried)
	}
	return true
}

// grow queues a load of complete rows.
func (m *machine) grow(now time.Time, e *entry, l look) {
	e.grownAt = now
	j := &job{kind: loadGrown, e: e, fp: l.fp, change: Change{Partial: true}}
	if !e.rewritten {
		j.tail = e.tail
	}
	m.queue(now, j)
}

// renamed gives the path that e's file had before, if it is on its way out at this moment. It reports false when that
// path has to be looked at first: it may have left unseen, and it may still be there, by a hard link.
func (m *machine) renamed(now time.Time, e *entry, fp Fingerprint) (from string, known bool) {
	if e.told {
		return "", true
	}
	old := m.inodes[fp.id()]
	switch {
	case old == nil || old == e || !old.good.sameFile(fp):
		return "", true
	case old.state == goneGrace:
		return old.path, true
	case e.asked:
		return "", true
	}
	e.asked = true
	m.nudgeEntry(now, old)
	return "", false
}
