package hub

import "sync/atomic"

// A cursor is a viewer's place in a log, in plain or in deflated frames.
type cursor struct {
	log    *Log
	packed *tape // deflated frames; nil for a plain viewer
	// A viewer that resumes before the place where packed begins first gets the
	// plain frames up to there, deflated for it alone: bridge is true so long, and
	// off is then an offset of the plain tape.
	bridge bool
	off    int64
	seq    atomic.Uint64 // the newest event before off; Stats reads it
}

// place moves the cursor behind the event seq. It returns false when the log
// does not hold all events after it, or does not know it yet.
func (c *cursor) place(seq uint64) bool {
	t := c.log.plain
	if c.packed != nil && seq >= c.packed.start {
		t = c.packed
	}
	off, ok := t.seek(seq)
	if !ok && t == c.packed && seq <= c.log.Head() {
		// A frame is deflated just after it became visible in plain form: wait
		// for the writer to be done with it.
		c.log.mu.Lock()
		off, ok = t.seek(seq)
		c.log.mu.Unlock()
	}
	if ok {
		c.bridge = c.packed != nil && t != c.packed
		c.off = off
		c.seq.Store(seq)
	}
	return ok
}

// tape is what off counts in.
func (c *cursor) tape() *tape {
	if c.packed != nil && !c.bridge {
		return c.packed
	}
	return c.log.plain
}

// lag is how many bytes the viewer is behind.
func (c *cursor) lag() int64 { return c.tape().lag(c.off) }

// next returns what comes after the cursor in the form the viewer gets, about
// most bytes and always whole frames, and moves the cursor behind it. It returns
// nothing at the end; ok is false when the log no longer holds the place.
func (c *cursor) next(most int64) (b []byte, ok bool) {
	for {
		t, off := c.tape(), c.off
		b, last, ok := t.read(off)
		if !ok {
			return nil, false
		}
		if c.bridge {
			until, ok := t.seek(c.packed.start)
			if !ok {
				return nil, false
			}
			if off == until {
				if !c.place(c.packed.start) {
					return nil, false
				}
				continue
			}
			if int64(len(b)) > until-off {
				b, last = b[:until-off], c.packed.start
			}
		}
		if len(b) == 0 {
			return nil, true
		}
		if int64(len(b)) > most {
			if end := t.frameEnd(off + most); end < off+int64(len(b)) {
				b, last = b[:end-off], t.seqAt(end)
			}
		}
		c.off = off + int64(len(b))
		c.seq.Store(last)
		if c.bridge {
			b = c.log.hub.pack.frame(b)
		}
		return b, true
	}
}
