package hub

import (
	"context"
	"errors"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// direct serves plain HTTP/1.1 streams without a goroutine or a buffer each: it
// takes the connection over from net/http, and a shard per core sends to its
// sockets straight from the log. The response has neither a length nor chunks: it
// ends with the connection, so the bytes are the same for every viewer.
type direct struct {
	hub     *Hub
	shards  []*shard
	next    atomic.Uint32
	running atomic.Bool
	poller  *poller // set while running

	mu   sync.Mutex // guards what follows
	more sync.Cond  // jobs or ended changed
	jobs []*socket  // waiting for a snapshot
	over bool
}

// snapshotWorkers make snapshots for sockets that the log has passed by. A shard
// cannot: all its other viewers would wait.
const snapshotWorkers = 2

// directTick is how often a shard looks at what no event tells it: silence,
// stalls, ages, and streams that should have ended.
const directTick = 250 * time.Millisecond

func newDirect(h *Hub) *direct {
	d := &direct{hub: h}
	d.more.L = &d.mu
	for range runtime.GOMAXPROCS(0) {
		d.shards = append(d.shards, &shard{d: d, wake: make(chan struct{}, 1), touched: map[*Log]struct{}{}, logs: map[*Log][]*socket{}})
	}
	return d
}

// run serves the sockets until ctx ends, and then closes those that are left. It
// calls ready once it does. The error says that it cannot.
func (d *direct) run(ctx context.Context, ready func()) error {
	p, err := newPoller()
	if err != nil {
		return err
	}
	d.poller = p
	var poll, work, serve sync.WaitGroup
	poll.Go(p.run)
	for range snapshotWorkers {
		work.Go(func() { d.work(ctx) })
	}
	stop := make(chan struct{})
	for _, s := range d.shards {
		serve.Go(func() { s.run(stop) })
	}
	d.running.Store(true)
	ready()
	<-ctx.Done()
	d.running.Store(false)
	d.mu.Lock()
	d.over = true
	d.mu.Unlock()
	d.more.Broadcast()
	work.Wait()
	close(stop)
	serve.Wait()
	p.close()
	poll.Wait()
	return nil
}

// touch tells the shards that the log has new events or has closed.
func (d *direct) touch(l *Log) {
	for _, s := range d.shards {
		s.touch(l)
	}
}

// lag is how many bytes the viewer furthest behind was behind at the last tick.
func (d *direct) lag() (n int64) {
	for _, s := range d.shards {
		n = max(n, s.lag.Load())
	}
	return n
}

// ask queues the making of a snapshot.
func (d *direct) ask(c *socket) {
	d.mu.Lock()
	d.jobs = append(d.jobs, c)
	d.mu.Unlock()
	d.more.Signal()
}

// work makes snapshots. While it does the cursor is the worker's.
func (d *direct) work(ctx context.Context) {
	for {
		d.mu.Lock()
		for len(d.jobs) == 0 && !d.over {
			d.more.Wait()
		}
		if d.over {
			d.mu.Unlock()
			return
		}
		c := d.jobs[0]
		d.jobs[0] = nil
		d.jobs = d.jobs[1:]
		d.mu.Unlock()
		limited, cancel := context.WithTimeout(ctx, d.hub.o.WriteTimeout)
		frames, err := c.state(limited)
		cancel()
		if err != nil {
			d.hub.o.Logger.Error("stream ends", "log", c.log.name, "error", err)
			frames = c.goodbye(ReasonError, 1)
		}
		c.shard.answer(answer{c, c.wrap(frames), err != nil})
	}
}

var errNotTCP = errors.New("not a TCP connection")

// serve takes the connection over, sends what leaves at once, and gives the
// socket to a shard. It returns false if net/http must go on serving. Otherwise
// the viewer's place is given back when the stream ends, and not here.
func (d *direct) serve(w http.ResponseWriter, r *http.Request, v *seat) bool {
	if !d.running.Load() || r.ProtoMajor != 1 || r.TLS != nil {
		return false
	}
	nc, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	// From here on the connection is ours, and whatever fails ends it.
	defer func() { _ = nc.Close() }()
	c := &socket{seat: seat{cursor: cursor{log: v.log, packed: v.packed}, s: v.s}}
	begun := time.Now()
	if err := c.open(nc, w.Header(), r, begun); err != nil {
		c.leave()
		return true
	}
	c.s.Hello = nil // said; what it refers to need not be kept
	c.active, c.end = begun.UnixNano(), begun.Add(d.hub.age()).UnixNano()
	c.shard = d.shards[d.next.Add(1)%uint32(len(d.shards))]
	c.log.sockets.Add(1)
	if !c.shard.take(c) {
		c.drop()
	}
	return true
}

// open sends the head and the greeting, and makes the snapshot, on the handler's
// goroutine. It leaves a descriptor of the socket's own, known to no other part of
// the program, so that it has one owner.
func (c *socket) open(nc net.Conn, hd http.Header, r *http.Request, now time.Time) error {
	tc, ok := nc.(*net.TCPConn)
	if !ok {
		return errNotTCP
	}
	h := c.log.hub
	if err := tc.SetDeadline(now.Add(h.o.WriteTimeout)); err != nil {
		return err
	}
	raw, err := tc.SyscallConn()
	if err != nil {
		return err
	}
	c.describe(hd, c.packed != nil)
	resumed := c.resume(lastEventID(r))
	first := append(head(hd, now), c.opening()...)
	first = append(first, c.wrap(c.greeting(resumed))...)
	if _, err := tc.Write(first); err != nil {
		return err
	}
	h.count.sent.Add(uint64(len(first)))
	switch {
	case resumed:
		h.count.resumed.Add(1)
	case c.over():
	default:
		frames, err := c.state(r.Context())
		if err != nil {
			h.o.Logger.Error("stream ends", "log", c.log.name, "error", err)
			frames, c.last = c.goodbye(ReasonError, 1), true
		}
		c.frag = c.wrap(frames)
	}
	if !resumed && isClosed(c.log.closed) && c.frag == nil {
		c.frag, c.last = c.wrap(c.goodbye(c.log.closeReason(), 1)), true
	}
	c.fd = -1
	var errno syscall.Errno
	err = raw.Control(func(fd uintptr) {
		var n uintptr
		if n, _, errno = syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_DUPFD_CLOEXEC, 3); errno == 0 {
			c.fd = int(n)
		}
	})
	if err == nil && errno != 0 {
		err = errno
	}
	if err != nil {
		return err
	}
	h.prepare(c.fd)
	return nil
}

// opening is what a compressed stream begins with.
func (v *seat) opening() []byte {
	if v.packed == nil {
		return nil
	}
	return gzipHeader[:]
}

// head is the response's head, with the fields that the handler has set.
func head(hd http.Header, now time.Time) []byte {
	b := []byte("HTTP/1.1 200 OK\r\n")
	hd.Set("Connection", "close")
	if hd.Get("Date") == "" {
		hd.Set("Date", now.UTC().Format(http.TimeFormat))
	}
	hd.Del("Transfer-Encoding")
	var w headWriter
	_ = hd.Write(&w) // it cannot fail: the writer does not
	return append(append(b, w...), "\r\n"...)
}

type headWriter []byte

func (w *headWriter) Write(b []byte) (int, error) {
	*w = append(*w, b...)
	return len(b), nil
}
