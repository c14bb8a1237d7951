package hub

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Stream says how one viewer is served. All functions may be nil. With
// Options.Direct they may be called after Serve has returned, from another
// goroutine, though never two at once: they must not use the request, the
// response, or anything else that ends with the handler. All but Snapshot should
// be quick, as other viewers wait for them then.
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

// snapshotTries is how often a snapshot is made again when the log moved on so
// far meanwhile that it no longer holds the snapshot's place.
const snapshotTries = 3

// A seat is a viewer's place in the log and what it is told there, however the
// bytes then get to it.
type seat struct {
	cursor
	s Stream
}

// leave gives back what the viewer held.
func (v *seat) leave() {
	if v.packed != nil {
		v.log.closePacked()
	}
	v.log.hub.leave(v.s.Address)
	if v.s.Ended != nil {
		v.s.Ended()
	}
}

// resume places the cursor behind the event id, if the log reaches back to it
// and replaying costs less than the state would.
func (v *seat) resume(id string) bool {
	l := v.log
	if id == "" {
		return false
	}
	seq, ok := parseID(l.hub.o.Epoch, id)
	return ok && v.place(seq) && !v.behind()
}

// behind reports whether the viewer lags so far that a snapshot is due, being
// smaller than the events.
func (v *seat) behind() bool {
	lag := v.lag()
	return lag > v.log.hub.o.MaxLag && lag > v.log.snapshotBytes.Load() && v.s.Snapshot != nil
}

// atEnd reports whether there is nothing to read.
func (v *seat) atEnd() bool { return v.lag() <= 0 }

// state makes the frames of a snapshot and places the cursor where they stand.
func (v *seat) state(ctx context.Context) ([]byte, error) {
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
func (v *seat) doneReason() (reason string, over bool) {
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
func (v *seat) over() bool { return isClosed(v.log.closed) || isClosed(v.s.Done) }

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
func (v *seat) greeting(resumed bool) []byte {
	b := appendRetry([]byte(":\n"), v.log.hub.retry(1))
	if v.s.Hello == nil {
		return append(b, '\n')
	}
	event, data := v.s.Hello(resumed)
	return appendFrame(b, event, "", data)
}

// goodbye is the last block, with times the usual reconnection time.
func (v *seat) goodbye(reason string, times int) []byte {
	retry := v.log.hub.retry(times)
	b := appendRetry(nil, retry)
	if v.s.Goodbye == nil {
		return append(b, '\n')
	}
	event, data := v.s.Goodbye(reason, retry)
	return appendFrame(b, event, "", data)
}

func (v *seat) heartbeat(now time.Time) []byte {
	if v.s.Heartbeat == nil {
		return []byte(":\n\n")
	}
	event, data := v.s.Heartbeat(v.log.ID(v.seq.Load()), now)
	return appendFrame(nil, event, "", data)
}

// describe sets the header fields of a stream.
func (v *seat) describe(hd http.Header, packed bool) {
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
}

// The standard gives the type no parameter: a stream is always UTF-8.
var streamHeader = [...][2]string{
	{"Content-Type", "text/event-stream"},
	{"Cache-Control", "no-store, no-transform"},
	{"X-Accel-Buffering", "no"},
}

// wrap puts frames that are for this viewer alone into the form it gets.
func (v *seat) wrap(b []byte) []byte {
	if v.packed != nil && len(b) > 0 {
		return v.log.hub.pack.frame(b)
	}
	return b
}
