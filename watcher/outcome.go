package watcher

import "time"

// jobKind is what a worker is asked to do.
type jobKind uint8

const (
	loadWhole  jobKind = iota // a settled file
	loadGrown                 // the complete rows of a file that is still being written
	tellGone                  // the file is not there any more
	tellFailed                // the file cannot be read, or is not whole
)

// job is one load to be done by a worker.
type job struct {
	kind     jobKind
	e        *entry
	gen      uint64
	fp       Fingerprint
	change   Change
	tail     tail // loadGrown: what must still be the beginning of the file
	tolerant bool // load although a writer is there: it has been idle for minutes
	queued   time.Time
	at       int  // index in the heap
	taken    bool // out of the queue
}

// result is how a job ended.
type result struct {
	kind resultKind
	err  error
	size int64 // published
	tail tail
}

type resultKind uint8

const (
	published resultKind = iota
	failed               // the load failed and the file has not changed meanwhile
	discarded            // the file changed meanwhile: whatever the load found is not worth a thought
	unwhole              // the format says that bytes are missing
	rewritten            // a grown file does not begin with what was published
	nothing              // a grown file has no new complete row
)

// loaded takes note of how a job ended.
func (m *machine) loaded(now time.Time, j *job, r result) {
	e := j.e
	e.job = false
	e.lookedAt = now
	switch r.kind {
	case published:
		m.published(now, j, r)
	case failed:
		e.told, e.failed = true, r.err.Error()
		if e.gen != j.gen {
			m.discard(now, e)
			return
		}
		e.force = false
		if j.kind == tellFailed && j.fp.IsZero() || j.kind == tellGone || transient(r.err) {
			m.later(now, e)
			return
		}
		e.tried, e.unwhole = j.fp, time.Time{}
		m.rest(now, e, broken)
	case unwhole:
		if e.unwhole.IsZero() || e.unwhole.Before(e.seenAt) {
			e.unwhole = now
		}
		if e.gen != j.gen || now.Sub(e.unwhole) < wholeWait {
			e.state = dirty
			m.sleep(e, now.Add(impatience))
			return
		}
		m.queue(now, &job{kind: tellFailed, e: e, fp: j.fp, change: Change{Err: r.err}})
	case rewritten:
		e.rewritten = true
		m.discard(now, e)
	case nothing:
		e.compared = j.fp
		m.discard(now, e)
	case discarded:
		m.discard(now, e)
	}
}

// discard goes back to dirty.
func (m *machine) discard(now time.Time, e *entry) {
	e.state = dirty
	if !e.busySince.IsZero() {
		e.state = busy
	}
	w := m.wakeAt(e, e.quietAtLeast(m))
	if soon := now.Add(busyFirst); w.Before(soon) {
		w = soon
	}
	m.sleep(e, w)
}

// published takes note of what the consumer has now.
func (m *machine) published(now time.Time, j *job, r result) {
	e := j.e
	switch j.kind {
	case tellGone:
		if e.drop || e.gen == j.gen {
			drop := e.drop
			m.remove(e)
			if !drop && e.again {
				m.hint(now, e.path, wrote)
			}
			return
		}
		e.told, e.asked, e.goodSize, e.tail, e.goodAt = false, false, 0, tail{}, time.Time{}
		m.setGood(e, Fingerprint{})
		m.discard(now, e)
		return
	case tellFailed:
		e.told, e.failed = true, j.change.Err.Error()
		if e.gen != j.gen {
			m.discard(now, e)
			return
		}
		if j.fp.IsZero() {
			m.later(now, e)
			return
		}
		e.force, e.tried, e.unwhole = false, j.fp, time.Time{}
		m.rest(now, e, broken)
		return
	}
	e.told, e.failed, e.retry, e.unwhole = true, "", 0, time.Time{}
	e.goodAt, e.goodSize, e.tail, e.tried = now, r.size, r.tail, Fingerprint{}
	if j.kind == loadGrown {
		m.setGood(e, Fingerprint{})
		e.rewritten = false
		m.settle(e)
		m.discard(now, e)
		return
	}
	m.setGood(e, j.fp)
	e.rewritten = false
	if e.gen != j.gen {
		m.settle(e)
		e.dirtyAt = e.hintAt
		m.discard(now, e)
		return
	}
	e.force = false
	if e.seenAt.Add(quietBlindMost).Before(now) {
		e.blind = 0
	}
	m.rest(now, e, current)
}
