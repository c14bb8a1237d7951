package hub

import (
	"sync"
	"sync/atomic"
)

// Log is one stream: events in order, numbered without gaps. One goroutine
// publishes; any number serve viewers.
type Log struct {
	hub   *Hub
	name  string
	start uint64 // the sequence number before the first event
	plain *tape

	mu      sync.Mutex // guards writing to the tapes, and what follows
	buf     []byte     // the frame being encoded
	packers int        // viewers of packed
	packed  atomic.Pointer[tape]
	reason  string // why it was closed
	shut    bool

	closed chan struct{} // closed by Close

	viewersMu sync.Mutex // guards viewers
	viewers   []*viewer
	sockets   atomic.Int32 // viewers of the direct transport

	snapshotBytes atomic.Int64 // size of the newest snapshot sent, 0 when none was
	dirty         atomic.Bool  // in the pump's hands
	pace          pace         // the pump's own
}

// Publish encodes an event, appends it and wakes the viewers; it waits for none
// of them. It returns the event's sequence number. Data may hold line breaks
// (CR, LF and CRLF all arrive as LF). On a closed log it does nothing and
// returns the last number.
func (l *Log) Publish(event string, data []byte) (seq uint64) {
	l.mu.Lock()
	_, last := l.plain.end()
	if l.shut {
		l.mu.Unlock()
		return last
	}
	seq = last + 1
	l.buf = appendFrame(l.buf[:0], event, l.ID(seq), data)
	l.plain.append(l.buf)
	if t := l.packed.Load(); t != nil {
		t.append(l.hub.pack.frame(l.buf))
	}
	l.hub.count.events.Add(1)
	l.hub.count.published.Add(uint64(len(l.buf)))
	if cap(l.buf) > l.hub.o.SegmentBytes {
		l.buf = nil // one large event should not keep its buffer
	}
	l.mu.Unlock()
	l.hub.touch(l)
	return seq
}

// Head is the sequence number of the newest event. A new log begins at a number
// of its own, not at zero, and counts up by one: a snapshot of the state after
// the newest event stands at Head.
func (l *Log) Head() uint64 {
	_, seq := l.plain.end()
	return seq
}

// ID is the id under which viewers know the event seq: "<epoch>-<seq>".
func (l *Log) ID(seq uint64) string { return formatID(l.hub.o.Epoch, seq) }

// Name is what NewLog was given.
func (l *Log) Name() string { return l.name }

// Subscribers is the number of viewers being served.
func (l *Log) Subscribers() int {
	l.viewersMu.Lock()
	defer l.viewersMu.Unlock()
	return len(l.viewers) + int(l.sockets.Load())
}

// Close ends the stream: every viewer gets the events it has not had yet and a
// goodbye with the reason, and is told when to come back. It does not wait for
// them. Viewers that come later are sent away in the same manner.
func (l *Log) Close(reason string) {
	l.close(reason)
	l.forget()
}

// forget lets a closed log go when its last viewer has. Until then the hub keeps
// it, to end the viewers that take no data.
func (l *Log) forget() {
	if isClosed(l.closed) && l.Subscribers() == 0 {
		l.hub.mu.Lock()
		delete(l.hub.logs, l)
		l.hub.mu.Unlock()
	}
}

func (l *Log) close(reason string) {
	l.mu.Lock()
	shut := l.shut
	if !shut {
		l.shut, l.reason = true, reason
		close(l.closed)
	}
	l.mu.Unlock()
	if !shut {
		l.wake()
	}
}

// closeReason is why the log was closed.
func (l *Log) closeReason() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reason
}

// interrupt ends the writes in which viewers are stuck.
func (l *Log) interrupt() {
	l.viewersMu.Lock()
	defer l.viewersMu.Unlock()
	for _, v := range l.viewers {
		v.interrupt()
	}
}

// wake tells every viewer that there is something to read.
func (l *Log) wake() {
	l.viewersMu.Lock()
	defer l.viewersMu.Unlock()
	for _, v := range l.viewers {
		select {
		case v.wake <- struct{}{}:
		default:
		}
	}
	if l.sockets.Load() > 0 {
		l.hub.direct.touch(l)
	}
}

func (l *Log) join(v *viewer) {
	l.viewersMu.Lock()
	defer l.viewersMu.Unlock()
	v.index = len(l.viewers)
	l.viewers = append(l.viewers, v)
}

func (l *Log) part(v *viewer) {
	defer l.forget()
	l.viewersMu.Lock()
	defer l.viewersMu.Unlock()
	k := len(l.viewers) - 1
	l.viewers[v.index] = l.viewers[k]
	l.viewers[v.index].index = v.index
	l.viewers[k] = nil
	l.viewers = l.viewers[:k]
}

// openPacked returns the tape of deflated frames and makes it if nobody else
// wants it yet. It then begins at the newest event.
func (l *Log) openPacked() *tape {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.packers++
	t := l.packed.Load()
	if t == nil {
		_, seq := l.plain.end()
		t = newTape(l.hub.o.SegmentBytes, l.hub.o.Segments, seq)
		l.packed.Store(t)
	}
	return t
}

// closePacked gives back what openPacked gave; the last one stops the packing.
func (l *Log) closePacked() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.packers--; l.packers == 0 {
		l.packed.Store(nil)
	}
}
