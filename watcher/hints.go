package watcher

import "time"

// hint is what an event was about.
type hint uint8

const (
	wrote   hint = iota // bytes may be different although the fingerprint is not
	touched             // only a different fingerprint counts
)

// hint takes note that the content of p may have changed. It reports false when p is new and one too many.
func (m *machine) hint(now time.Time, p string, h hint) bool {
	e := m.entries[p]
	if e == nil {
		if e = m.create(now, p); e == nil {
			return false
		}
	}
	m.stir(now, e, h)
	return true
}

// stir moves e to dirty.
func (m *machine) stir(now time.Time, e *entry, h hint) {
	if e.state == goneGrace && h == touched {
		return // the mode of a name that is not there says nothing
	}
	e.gen++
	e.hintAt = now
	e.again = true
	if h == wrote {
		e.force = true
		e.gapSince = time.Time{}
		if e.guessed && !e.goodAt.IsZero() && now.Sub(e.goodAt) < blindRegret {
			e.blind = min(max(2*e.blind, 2*quietBlind), quietBlindMost)
		}
	}
	switch e.state {
	case dirty, busy, loading:
	default:
		e.state, e.dirtyAt = dirty, now
	}
	e.retry = 0
	m.sleep(e, m.wakeAt(e, e.quietAtLeast(m)))
}

// quietAtLeast is the quiet time that is sure before the file has been looked at.
func (e *entry) quietAtLeast(m *machine) time.Duration {
	if !e.told {
		return m.newQuiet
	}
	return m.quiet
}

// wakeAt is q after the last hint, or earlier for a path whose hints have not stopped for a while.
func (m *machine) wakeAt(e *entry, q time.Duration) time.Time {
	t := e.hintAt.Add(q)
	limit := e.dirtyAt.Add(patience)
	if l := e.lookedAt.Add(impatience); l.After(limit) {
		limit = l
	}
	if limit.Before(t) {
		return limit
	}
	return t
}

// nudge has p looked at now. It is no sign that anything changed: a load that is under way is not discarded for it.
func (m *machine) nudge(now time.Time, p string) {
	if e := m.entries[p]; e != nil {
		m.nudgeEntry(now, e)
	}
}

func (m *machine) nudgeEntry(now time.Time, e *entry) {
	e.again = true
	switch e.state {
	case current, broken:
		m.sleep(e, now)
	}
}

// sight takes note that a directory's listing showed p with fingerprint f, whose last change was age ago (0: unknown).
// It reports false when p is new and one too many.
func (m *machine) sight(now time.Time, p string, f Fingerprint, age time.Duration, first bool) bool {
	if f.Size == 0 {
		// In the middle of being cut a file has the new size and still the old times: that it has been empty for long is to be
		// seen, and nobody waits for it at the start.
		age, first = 0, false
	}
	e := m.entries[p]
	if e == nil {
		if e = m.create(now, p); e == nil {
			return false
		}
		if first {
			e.first, e.early = true, true
			m.firsts++
		}
		e.gen++
		e.hintAt = now.Add(-age)
		e.dirtyAt = e.hintAt
		if e.dirtyAt.Before(now.Add(-patience / 2)) {
			e.dirtyAt = now // patience is for hints, and there was none
		}
		e.seen, e.seenAt = f, e.hintAt
		m.sleep(e, m.wakeAt(e, m.newQuiet))
		return true
	}
	switch e.state {
	case goneGrace:
		m.stir(now, e, wrote)
	case current:
		if !f.Equal(e.good) {
			m.changed(now, e, f, age)
		}
	case broken:
		known := e.tried
		if known.IsZero() {
			known = e.seen // the system refused it, and has its own time to be asked again
		}
		if !f.Equal(known) {
			m.changed(now, e, f, age)
		}
	default:
		if !e.seen.IsZero() && !f.Equal(e.seen) {
			m.changed(now, e, f, age)
		}
	}
	return true
}

// changed moves e to dirty because its fingerprint is another one. The quiet time counts from the change itself where
// the file tells its age: nobody has to wait for a file that was finished before anyone looked.
func (m *machine) changed(now time.Time, e *entry, f Fingerprint, age time.Duration) {
	m.stir(now, e, touched)
	e.seen, e.seenAt = f, now.Add(-age)
	e.hintAt = now.Add(-age)
	e.dirtyAt = now
	m.sleep(e, m.wakeAt(e, e.quietAtLeast(m)))
}

// listed takes note of a directory's complete listing: what is known below dir and not in it is looked at now.
func (m *machine) listed(now time.Time, dir string, has func(p string) bool) {
	for p, e := range m.dirs[dir] {
		if !has(p) {
			m.nudgeEntry(now, e)
		}
	}
}

// nudgeIn has every path of one directory looked at.
func (m *machine) nudgeIn(now time.Time, dir string) {
	for _, e := range m.dirs[dir] {
		m.nudgeEntry(now, e)
	}
}

// ignore drops every path for which no says that it is a source no longer.
func (m *machine) ignore(now time.Time, no func(p string) bool) {
	for p, e := range m.entries {
		if drop := no(p); drop != e.drop {
			e.drop = drop
			e.gen++
			m.stir(now, e, wrote)
			m.sleep(e, now)
		}
	}
}
