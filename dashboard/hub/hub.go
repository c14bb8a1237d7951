// Package hub fans streams of events out to viewers as Server-Sent Events.
//
// A Log is one stream: an append-only log of encoded frames with one writer and
// any number of viewers. An event is encoded once, whatever the number of
// viewers; a viewer is a cursor into the log, so no queue per viewer exists, all
// it has not had yet is one contiguous slice, and a slow viewer costs neither
// memory nor anybody else's time. The hub does not know what an event means: its
// owner names it, encodes its data, and makes snapshots of its own state.
//
// What a viewer may rely on:
//   - An id inside the log resumes with exactly the events that were missed, in
//     order, none twice. Any other id gets a snapshot, never silence.
//   - A viewer that the log passes by gets a snapshot and goes on.
//   - Overload and shutdown answer 200 with a retry time and end the stream:
//     browsers give an EventSource up for good on any other status.
//
// What the owner may rely on: Publish never waits for a viewer, and a stream is
// gone at most a second after its log closes or its grant ends.
package hub

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// Options of a Hub. Every zero value means the default.
type Options struct {
	// Epoch is the part of an id before the dash, 1 to 32 letters of [0-9a-z].
	// Empty, or anything else, means one made from the time.
	Epoch string
	// A log keeps at most Segments segments of at most SegmentBytes each (16 of
	// 256 KiB), and takes memory as it fills them.
	SegmentBytes, Segments int
	// MaxLag is how many bytes a viewer may be behind before the state is sent in
	// place of the events, if it is smaller than they are. Half of the log.
	MaxLag int64
	// Heartbeat is how long a stream may be silent (15 s).
	Heartbeat time.Duration
	// WriteTimeout ends a stream whose viewer takes nothing for so long (15 s).
	WriteTimeout time.Duration
	// MaxAge ends each stream after a random 80 to 100 % of it, so that viewers do
	// not come back all at once (1 h). The viewer resumes where it was.
	MaxAge time.Duration
	// Retry is the mean time after which viewers reconnect; each is told its own,
	// at random between half and one and a half of it (2 s).
	Retry time.Duration
	// BatchInterval is the longest time for which events of a busy log are held
	// back to be sent together (50 ms); negative turns that off. The first event
	// after a pause always leaves at once.
	BatchInterval time.Duration
	// DrainTimeout bounds Close (3 s).
	DrainTimeout time.Duration
	// MaxStreams and MaxPerAddress limit the live streams, of all viewers (10 000)
	// and of one address (100). Negative means no limit.
	MaxStreams, MaxPerAddress int
	// NoGzip offers no compressed streams.
	NoGzip bool
	// Direct writes to the sockets of plain HTTP/1.1 connections itself, where the
	// system allows it, in place of a goroutine per viewer.
	Direct bool
	// Logger gets what an operator should know; nil discards it.
	Logger *slog.Logger
}

func (o Options) withDefaults() Options {
	if !validEpoch(o.Epoch) {
		o.Epoch = newEpoch(time.Now())
	}
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&o.SegmentBytes, 256<<10)
	def(&o.Segments, 16)
	def(&o.MaxStreams, 10_000)
	def(&o.MaxPerAddress, 100)
	o.SegmentBytes, o.Segments = min(max(o.SegmentBytes, 256), 1<<30), max(o.Segments, 2)
	if o.MaxLag <= 0 {
		o.MaxLag = int64(o.SegmentBytes) * int64(o.Segments) / 2
	}
	span := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	span(&o.Heartbeat, 15*time.Second)
	span(&o.WriteTimeout, 15*time.Second)
	span(&o.MaxAge, time.Hour)
	span(&o.Retry, 2*time.Second)
	if o.BatchInterval == 0 {
		o.BatchInterval = 50 * time.Millisecond
	}
	span(&o.DrainTimeout, 3*time.Second)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Errors that Serve returns for a stream it did not serve to its natural end.
var (
	// ErrFull says that a limit on streams was reached.
	ErrFull = errors.New("too many streams")
	// ErrClosed says that the log or the hub was closed before the stream began.
	ErrClosed = errors.New("log is closed")
	// ErrStalled says that the viewer took nothing within the write timeout.
	ErrStalled = errors.New("viewer takes no data")
)

// Reasons for a goodbye that the hub gives by itself; Log.Close and
// Stream.DoneReason give others.
const (
	ReasonShutdown = "shutdown" // the hub closes
	ReasonOverload = "overload" // a limit on streams was reached
	ReasonError    = "error"    // no snapshot could be made
	ReasonDone     = "done"     // Stream.Done was closed and no reason was given
)

// Hub holds the logs of one process and the limits that they share. Its methods
// and those of its logs may be called from any goroutine.
type Hub struct {
	o      Options
	pack   *packer
	count  counters
	direct *direct // nil where it is not wanted or cannot be had

	mu      sync.Mutex // guards what follows
	logs    map[*Log]struct{}
	made    uint64 // logs made so far
	streams int
	address map[string]int // streams per address
	closed  bool
	drained chan struct{} // closed once closed is set and streams is zero
	isEmpty bool          // drained is closed

	pumpMu  sync.Mutex // guards what follows
	pumping bool       // a Run is there to wake viewers
	dirty   []*Log
	kick    chan struct{} // one slot: dirty is not empty
}

// New makes a hub. Run must be called for it to keep its promises on batching
// and on viewers that take no data.
func New(o Options) *Hub {
	o = o.withDefaults()
	h := &Hub{
		o: o, pack: newPacker(), logs: map[*Log]struct{}{}, address: map[string]int{},
		drained: make(chan struct{}), kick: make(chan struct{}, 1),
	}
	if o.Direct {
		h.direct = newDirect(h)
	}
	return h
}

// Epoch is the part of every id before the dash. It names one run.
func (h *Hub) Epoch() string { return h.o.Epoch }

// NewLog makes the log of one stream. The name only serves messages to the
// operator. On a closed hub the log is closed from the start.
func (h *Hub) NewLog(name string) *Log {
	h.mu.Lock()
	defer h.mu.Unlock()
	start := h.made * spacing
	h.made++
	l := &Log{
		hub: h, name: name, start: start, closed: make(chan struct{}),
		plain: newTape(h.o.SegmentBytes, h.o.Segments, start),
	}
	if h.closed {
		l.close(ReasonShutdown)
		return l
	}
	h.logs[l] = struct{}{}
	return l
}

// Run wakes viewers, holds events of busy logs together, and ends streams whose
// viewers take no data, until ctx ends. Then it closes the hub.
func (h *Hub) Run(ctx context.Context) error {
	if h.direct == nil {
		h.pump(ctx)
		h.Close()
		return nil
	}
	// The sockets must still be served while they drain.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan error, 1)
	ready := make(chan struct{})
	go func() { ended <- h.direct.run(serving, func() { close(ready) }) }()
	select {
	case <-ready:
		h.pump(ctx)
		h.Close()
		stop()
		return <-ended
	case err := <-ended:
		h.o.Logger.Warn("streams go through net/http: sockets cannot be polled", "error", err)
		h.pump(ctx)
		h.Close()
		return nil
	}
}

// Close says goodbye to every viewer and returns when all streams have ended, at
// the latest after the drain timeout. It suits http.Server.RegisterOnShutdown,
// since Shutdown alone would wait for the streams and they would never end. A
// second Close waits like the first.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	logs := make([]*Log, 0, len(h.logs))
	for l := range h.logs {
		logs = append(logs, l)
	}
	h.checkEmpty()
	h.mu.Unlock()
	for _, l := range logs {
		l.close(ReasonShutdown)
	}
	limit := time.NewTimer(h.o.DrainTimeout)
	defer limit.Stop()
	select {
	case <-h.drained:
		return
	case <-limit.C:
	}
	for _, l := range logs {
		l.interrupt()
	}
	limit.Reset(time.Second)
	select {
	case <-h.drained:
	case <-limit.C:
		h.o.Logger.Warn("streams did not end in time", "streams", h.Stats().Streams)
	}
}

// checkEmpty closes drained when the last stream of a closed hub has gone.
// Callers hold mu.
func (h *Hub) checkEmpty() {
	if h.closed && h.streams == 0 && !h.isEmpty {
		h.isEmpty = true
		close(h.drained)
	}
}

// admit counts a stream in, or says why it cannot be had.
func (h *Hub) admit(address string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return ErrClosed
	case h.o.MaxStreams > 0 && h.streams >= h.o.MaxStreams,
		address != "" && h.o.MaxPerAddress > 0 && h.address[address] >= h.o.MaxPerAddress:
		h.count.refused.Add(1)
		return ErrFull
	}
	h.streams++
	if address != "" {
		h.address[address]++
	}
	h.count.opened.Add(1)
	return nil
}

// leave takes back what admit counted.
func (h *Hub) leave(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams--
	if address != "" {
		if h.address[address]--; h.address[address] <= 0 {
			delete(h.address, address)
		}
	}
	h.checkEmpty()
}

// retry is one viewer's own reconnection time. The mean is the option's, and the
// spread keeps viewers that lost their server together from coming back together.
func (h *Hub) retry(times int) time.Duration {
	d := h.o.Retry * time.Duration(times)
	return d/2 + rand.N(max(d, 1))
}

// age is how long one stream may live: 80 to 100 % of the option.
func (h *Hub) age() time.Duration {
	return h.o.MaxAge - rand.N(max(h.o.MaxAge/5, 1))
}
