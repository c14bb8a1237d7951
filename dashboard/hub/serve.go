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

// The largest piece written under one deadline, and the largest batch between
// two looks at whether the stream is over.
const pieceBytes = 32 << 10

var errInterrupted = errors.New("stream is over")

// A viewer is one stream served by its handler's goroutine.
type viewer struct {
	seat
	w     http.ResponseWriter
	rc    *http.ResponseController
	wake  chan struct{} // one slot: there may be something to read
	index int           // in log.viewers, guarded by log.viewersMu
	until time.Time     // the write deadline in force

	overdue bool        // seen over and in a write by a sweep, guarded by log.viewersMu
	writing atomic.Bool // in a write: what a sweep may find it stuck in
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
	h := l.hub
	v := &viewer{seat: seat{cursor: cursor{log: l}, s: s}, w: w, rc: http.NewResponseController(w), wake: make(chan struct{}, 1)}
	if err := h.admit(s.Address); err != nil {
		if s.Ended != nil {
			defer s.Ended()
		}
		v.header(false)
		reason, times := ReasonOverload, 4
		if errors.Is(err, ErrClosed) {
			reason, times = ReasonShutdown, 1
		}
		_ = v.write(append([]byte(":\n"), v.goodbye(reason, times)...))
		return fmt.Errorf("serve %s: %w", l.name, err)
	}
	if !h.o.NoGzip && acceptsGzip(r) {
		v.packed = l.openPacked()
	}
	if h.direct != nil && h.direct.serve(w, r, &v.seat) {
		return nil
	}
	defer v.leave()
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

// header sends the response's head.
func (v *viewer) header(packed bool) {
	v.describe(v.w.Header(), packed)
	v.arm()
	// The server's limit on reading a request must not run on while the response
	// streams: when it strikes, net/http takes the viewer for gone.
	_ = v.rc.SetReadDeadline(time.Time{})
	v.w.WriteHeader(http.StatusOK)
	if packed {
		_, _ = v.w.Write(gzipHeader[:]) // a failure is met again by the greeting
	}
}

// send writes frames that are for this viewer alone.
func (v *viewer) send(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	return v.write(v.wrap(b))
}

// write writes b in pieces, each under a deadline of its own, and flushes.
func (v *viewer) write(b []byte) error {
	v.writing.Store(true)
	defer v.writing.Store(false)
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
