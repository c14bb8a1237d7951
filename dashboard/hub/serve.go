package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// Stream says how one viewer is served. All functions may be nil. Hello is
// called before Serve returns or blocks; the others may be called from another
// goroutine, never two at once.
type Stream struct {
	// Hello makes the first event of the connection. It gets no id, and the hub
	// adds the viewer's own reconnection time. resumed says that the missed events
	// follow, and not a snapshot.
	Hello func(resumed bool) (event string, data []byte)
	// Snapshot makes the state as events, and says after which event of the log it
	// stands (Log.Head, read before the state is). It is asked when the viewer has
	// no usable id, and when the log has passed it by. The last event carries the
	// id. Without Snapshot such viewers continue at the head of the log.
	Snapshot func(ctx context.Context) (events []Encoded, at uint64, err error)
	// Done ends the stream within a second when it is closed, with the reason that
	// DoneReason then gives.
	Done       <-chan struct{}
	DoneReason func() string
	// Goodbye makes the last event. retry is when the viewer will come back.
	Goodbye func(reason string, retry time.Duration) (event string, data []byte)
	// Heartbeat makes the event of a silent stream; head is the id up to which the
	// viewer has everything. Without it a comment is sent, which a page cannot see.
	Heartbeat func(head string, now time.Time) (event string, data []byte)
	// Address counts against the limit per address; empty counts against none.
	Address string
	// Ended is called once when the stream is over, whether it was served or not.
	// What the stream holds must be let go there and not when Serve returns: with
	// Options.Direct a served stream outlives the call.
	Ended func()
}

// The largest piece written under one deadline, and the largest batch between
// two looks at whether the stream is over.
const pieceBytes = 32 << 10

// snapshotTries is how often a snapshot is made again when the log moved on so
// far meanwhile that it no longer holds the snapshot's place.
const snapshotTries = 3

var errInterrupted = errors.New("stream is over")

// A viewer is one stream served by its handler's goroutine.
type viewer struct {
	cursor
	s     Stream
	w     http.ResponseWriter
	rc    *http.ResponseController
	wake  chan struct{} // one slot: there may be something to read
	index int           // in log.viewers, guarded by log.viewersMu
	until time.Time     // the write deadline in force

	overdue bool        // seen over by a sweep, guarded by log.viewersMu
	cut     atomic.Bool // interrupted
}

// Serve writes the stream to one viewer until it leaves, the request's context
// ends, the log or the hub closes, s.Done is closed, or the stream reaches its
// age; all these are ordinary and return nil. Otherwise the error says why:
// ErrFull, ErrClosed, ErrStalled, or that no snapshot could be made. The
// response is complete in any case: the caller writes nothing more.
//
// It works with any ResponseWriter that http.ResponseController can flush.
// Deadlines for reading and writing that the server set are replaced.
func (l *Log) Serve(w http.ResponseWriter, r *http.Request, s Stream) error {
	if s.Ended != nil {
		defer s.Ended()
	}
	h := l.hub
	v := &viewer{cursor: cursor{log: l}, s: s, w: w, rc: http.NewResponseController(w), wake: make(chan struct{}, 1)}
	if err := h.admit(s.Address); err != nil {
		v.header(false)
		reason, times := ReasonOverload, 4
		if errors.Is(err, ErrClosed) {
			reason, times = ReasonShutdown, 1
		}
		_ = v.write(append([]byte(":\n"), v.goodbye(reason, times)...))
		return fmt.Errorf("serve %s: %w", l.name, err)
	}
	defer h.leave(s.Address)
	if !h.o.NoGzip && acceptsGzip(r) {
		v.packed = l.openPacked()
		defer l.closePacked()
	}
	l.join(v)
	defer l.part(v)
	err := v.run(r)
	switch {
	case err == nil:
		// The connection may serve another request.
		_ = v.rc.SetWriteDeadline(time.Time{})
		return nil
	case v.cut.Load():
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded): // it also ended the context
		h.count.stalled.Add(1)
		return fmt.Errorf("serve %s: %w", l.name, ErrStalled)
	case errors.Is(err, errGone), r.Context().Err() != nil:
		return nil
	}
	return fmt.Errorf("serve %s: %w", l.name, err)
}

// errGone wraps what a write to a viewer that has left returns.
var errGone = errors.New("viewer has left")

func (v *viewer) run(r *http.Request) error {
	l, h, ctx := v.log, v.log.hub, r.Context()
	v.header(v.packed != nil)
	resumed := v.resume(lastEventID(r))
	if err := v.send(v.greeting(resumed)); err != nil {
		return err
	}
	switch {
	case resumed:
		h.count.resumed.Add(1)
	case isClosed(l.closed):
		return v.send(v.goodbye(l.closeReason(), 1))
	case !isClosed(v.s.Done):
		if err := v.snapshot(ctx); err != nil {
			return err
		}
	}
	now := time.Now()
	active, end := now, now.Add(h.age())
	timer := time.NewTimer(min(h.o.Heartbeat, end.Sub(now)))
	defer timer.Stop()
	for {
		if reason, over := v.doneReason(); over {
			return v.send(v.goodbye(reason, 1))
		}
		if !isClosed(l.closed) && v.behind() {
			h.count.slowSnapshots.Add(1)
			if err := v.snapshot(ctx); err != nil {
				return err
			}
		}
		b, ok := v.next(pieceBytes)
		switch {
		case !ok && isClosed(l.closed):
			return v.send(v.goodbye(l.closeReason(), 1))
		case !ok && v.s.Snapshot == nil:
			v.place(l.Head())
			continue
		case !ok:
			h.count.slowSnapshots.Add(1)
			if err := v.snapshot(ctx); err != nil {
				return err
			}
			active = time.Now()
			continue
		case len(b) > 0:
			if err := v.write(b); err != nil {
				return err
			}
			if active = time.Now(); active.After(end) {
				return nil
			}
			continue
		case isClosed(l.closed):
			return v.send(v.goodbye(l.closeReason(), 1))
		}
		select {
		case <-v.wake:
		case <-l.closed:
		case <-v.s.Done:
		case <-ctx.Done():
			return nil
		case <-timer.C:
			now := time.Now()
			if !now.Before(end) {
				return nil
			}
			if now.Sub(active) >= h.o.Heartbeat && v.atEnd() {
				h.count.heartbeats.Add(1)
				if err := v.send(v.heartbeat(now)); err != nil {
					return err
				}
				active = now
			}
			timer.Reset(max(0, min(active.Add(h.o.Heartbeat).Sub(now), end.Sub(now))))
		}
	}
}

// resume places the cursor behind the event id, if the log reaches back to it
// and replaying costs less than the state would.
func (v *viewer) resume(id string) bool {
	l := v.log
	if id == "" {
		return false
	}
	seq, ok := parseID(l.hub.o.Epoch, id)
	return ok && v.place(seq) && !v.behind()
}

// behind reports whether the viewer lags so far that a snapshot is due, being
// smaller than the events.
func (v *viewer) behind() bool {
	lag := v.lag()
	return lag > v.log.hub.o.MaxLag && lag > v.log.snapshotBytes.Load() && v.s.Snapshot != nil
}

// atEnd reports whether there is nothing to read.
func (v *viewer) atEnd() bool { return v.lag() <= 0 }

// snapshot sends the state and places the cursor where it stands.
func (v *viewer) snapshot(ctx context.Context) error {
	frames, err := v.state(ctx)
	if err != nil {
		if ctx.Err() == nil {
			_ = v.send(v.goodbye(ReasonError, 1))
		}
		return err
	}
	return v.send(frames)
}

// state makes the frames of a snapshot and places the cursor where they stand.
func (v *viewer) state(ctx context.Context) ([]byte, error) {
	l := v.log
	if v.s.Snapshot == nil {
		v.place(l.Head())
		return nil, nil
	}
	for range snapshotTries {
		events, at, err := v.s.Snapshot(ctx)
		if err != nil {
			return nil, fmt.Errorf("make a snapshot: %w", err)
		}
		if !v.place(at) {
			continue
		}
		var b []byte
		for i, e := range events {
			id := ""
			if i == len(events)-1 {
				id = l.ID(at)
			}
			b = appendFrame(b, e.Event, id, e.Data)
		}
		l.snapshotBytes.Store(int64(len(b)))
		l.hub.count.snapshots.Add(1)
		return b, nil
	}
	return nil, fmt.Errorf("make a snapshot: the log no longer holds its place after %d tries", snapshotTries)
}

// doneReason is why the viewer's stream is over although its log is not.
func (v *viewer) doneReason() (reason string, over bool) {
	if !isClosed(v.s.Done) {
		return "", false
	}
	if v.s.DoneReason != nil {
		reason = v.s.DoneReason()
	}
	if reason == "" {
		reason = ReasonDone
	}
	return reason, true
}

// over reports whether the stream should end.
func (v *viewer) over() bool { return isClosed(v.log.closed) || isClosed(v.s.Done) }

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// greeting is what leaves at once: a comment, so that proxies pass the headers
// on, the viewer's own reconnection time, and hello.
func (v *viewer) greeting(resumed bool) []byte {
	b := appendRetry([]byte(":\n"), v.log.hub.retry(1))
	if v.s.Hello == nil {
		return append(b, '\n')
	}
	event, data := v.s.Hello(resumed)
	return appendFrame(b, event, "", data)
}

// goodbye is the last block, with times the usual reconnection time.
func (v *viewer) goodbye(reason string, times int) []byte {
	retry := v.log.hub.retry(times)
	b := appendRetry(nil, retry)
	if v.s.Goodbye == nil {
		return append(b, '\n')
	}
	event, data := v.s.Goodbye(reason, retry)
	return appendFrame(b, event, "", data)
}

func (v *viewer) heartbeat(now time.Time) []byte {
	if v.s.Heartbeat == nil {
		return []byte(":\n\n")
	}
	event, data := v.s.Heartbeat(v.log.ID(v.seq.Load()), now)
	return appendFrame(nil, event, "", data)
}

// header sends the response's head.
func (v *viewer) header(packed bool) {
	hd := v.w.Header()
	for _, f := range streamHeader {
		hd.Set(f[0], f[1])
	}
	if packed {
		hd.Set("Content-Encoding", "gzip")
	}
	if !v.log.hub.o.NoGzip {
		hd.Add("Vary", "Accept-Encoding")
	}
	hd.Del("Content-Length")
	v.arm()
	// The server's limit on reading a request must not run on while the response
	// streams: when it strikes, net/http takes the viewer for gone.
	_ = v.rc.SetReadDeadline(time.Time{})
	v.w.WriteHeader(http.StatusOK)
	if packed {
		_, _ = v.w.Write(gzipHeader[:]) // a failure is met again by the greeting
	}
}

// The standard gives the type no parameter: a stream is always UTF-8.
var streamHeader = [...][2]string{
	{"Content-Type", "text/event-stream"},
	{"Cache-Control", "no-store, no-transform"},
	{"X-Accel-Buffering", "no"},
}

// send writes frames that are for this viewer alone.
func (v *viewer) send(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if v.packed != nil {
		b = v.log.hub.pack.frame(b)
	}
	return v.write(b)
}

// write writes b in pieces, each under a deadline of its own, and flushes.
func (v *viewer) write(b []byte) error {
	for len(b) > 0 {
		piece := b[:min(len(b), pieceBytes)]
		b = b[len(piece):]
		if !v.arm() {
			return errInterrupted
		}
		n, err := v.w.Write(piece)
		v.log.hub.count.sent.Add(uint64(n))
		if err != nil {
			return gone(err)
		}
	}
	return gone(v.rc.Flush())
}

// gone marks an error of the connection, except that it cannot be flushed at
// all: such a server would never send anything.
func gone(err error) error {
	if err == nil || errors.Is(err, http.ErrNotSupported) || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", errGone, err)
}

// arm sets the write deadline anew when half of the last one is used up. It
// returns false once the viewer was interrupted.
//
// The order, first the deadline and then the look at cut, is the reverse of
// interrupt's: whichever way they interleave, the deadline in force is the past.
func (v *viewer) arm() bool {
	timeout := v.log.hub.o.WriteTimeout
	if now := time.Now(); timeout > 0 && v.until.Sub(now) < timeout/2 {
		v.until = now.Add(timeout)
		_ = v.rc.SetWriteDeadline(v.until) // a server without deadlines still works
	}
	return !v.cut.Load()
}

// interrupt ends the write that the viewer's goroutine is stuck in.
func (v *viewer) interrupt() {
	if !v.cut.Swap(true) {
		_ = v.rc.SetWriteDeadline(time.Now())
	}
}
