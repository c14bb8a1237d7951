package hub

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// A socket is one stream of the direct transport: a descriptor, a cursor, and
// seldom a few bytes that must go out first. It is its shard's own, except for
// the cursor while a worker makes a snapshot.
type socket struct {
	seat
	shard      *shard
	fd         int
	generation int32
	frag       []byte // goes out before anything from the log
	last       bool   // the stream ends when frag is out
	waiting    bool   // a worker has the cursor
	overdue    bool   // seen over at a tick
	shut       bool
	blocked    int64       // since when the socket takes nothing (ns), 0 if it does
	active     int64       // when data went out last (ns)
	end        int64       // when the stream reaches its age (ns)
	gone       atomic.Bool // the viewer hung up
	index      int         // in shard.sockets
	group      int         // in shard.logs[log]
}

// A shard owns a part of the sockets, and sends to them from one goroutine.
type shard struct {
	d    *direct
	wake chan struct{} // one slot: there is something in the lists
	lag  atomic.Int64

	mu      sync.Mutex // guards what follows
	fresh   []*socket
	handed  []*socket // writable again or hung up
	answers []answer
	touched map[*Log]struct{}
	ended   bool

	sockets []*socket // the goroutine's own, like logs
	logs    map[*Log][]*socket
}

// An answer is what a worker made for a socket: a snapshot, or its last words.
type answer struct {
	socket *socket
	frames []byte
	last   bool
}

func (s *shard) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// take gives the shard a new socket. It returns false when the shard has ended.
func (s *shard) take(c *socket) bool {
	s.mu.Lock()
	ended := s.ended
	if !ended {
		s.fresh = append(s.fresh, c)
	}
	s.mu.Unlock()
	s.signal()
	return !ended
}

// hand tells the shard that something happened to a socket.
func (s *shard) hand(c *socket) {
	s.mu.Lock()
	s.handed = append(s.handed, c)
	s.mu.Unlock()
	s.signal()
}

// touch tells the shard that a log has something new.
func (s *shard) touch(l *Log) {
	s.mu.Lock()
	s.touched[l] = struct{}{}
	s.mu.Unlock()
	s.signal()
}

// answer gives the cursor of a socket back to the shard.
func (s *shard) answer(a answer) {
	s.mu.Lock()
	s.answers = append(s.answers, a)
	s.mu.Unlock()
	s.signal()
}

func (s *shard) run(stop <-chan struct{}) {
	tick := time.NewTicker(min(directTick, s.d.hub.o.Heartbeat))
	defer tick.Stop()
	var handed []*socket
	touched := map[*Log]struct{}{}
	for {
		due := false
		select {
		case <-s.wake:
		case <-tick.C:
			due = true
		case <-stop:
			s.finish()
			return
		}
		s.mu.Lock()
		fresh, answers := s.fresh, s.answers
		s.fresh, s.answers = nil, nil
		handed, s.handed = s.handed, handed[:0]
		touched, s.touched = s.touched, touched
		s.mu.Unlock()
		now := time.Now().UnixNano()
		for _, c := range fresh {
			s.attach(c, now)
		}
		for _, a := range answers {
			c := a.socket
			c.frag, c.last, c.waiting = a.frames, a.last, false
			s.proceed(c, now)
		}
		for i, c := range handed {
			if !c.shut && !c.waiting {
				s.proceed(c, now)
			}
			handed[i] = nil
		}
		for l := range touched {
			s.serve(s.logs[l], now)
		}
		clear(touched)
		if due {
			s.tick(now)
		}
	}
}

// finish closes what is left when the hub has ended.
func (s *shard) finish() {
	s.mu.Lock()
	s.ended = true
	fresh := s.fresh
	s.fresh = nil
	s.mu.Unlock()
	for _, c := range fresh {
		c.drop()
	}
	for len(s.sockets) > 0 {
		s.close(s.sockets[len(s.sockets)-1])
	}
}

func (s *shard) attach(c *socket, now int64) {
	c.index, c.group = len(s.sockets), len(s.logs[c.log])
	s.sockets = append(s.sockets, c)
	s.logs[c.log] = append(s.logs[c.log], c)
	if err := s.d.poller.add(c); err != nil {
		s.d.hub.o.Logger.Error("stream ends", "log", c.log.name, "error", err)
		s.close(c)
		return
	}
	s.push(c, now)
}

// proceed goes on with a socket that can take data again, or has left.
func (s *shard) proceed(c *socket, now int64) {
	if c.gone.Load() {
		s.gone(c, now)
		return
	}
	c.blocked = 0
	s.push(c, now)
}

// serve pushes to all sockets of a log that can take data. Closing one moves the
// last of the group to its place, hence the order.
func (s *shard) serve(group []*socket, now int64) {
	for i := len(group) - 1; i >= 0; i-- {
		if c := group[i]; c.blocked == 0 {
			s.push(c, now)
		}
		if i&127 == 0 {
			runtime.Gosched() // let the publisher and the accepting goroutine in
		}
	}
}

// push sends all that is due until the socket is full.
func (s *shard) push(c *socket, now int64) {
	if c.waiting || c.shut {
		return
	}
	if len(c.frag) > 0 && !s.send(c, c.frag, now) {
		return
	}
	if c.last {
		s.close(c)
		return
	}
	if reason, over := c.doneReason(); over {
		s.goodbye(c, reason, now)
		return
	}
	for {
		closed := isClosed(c.log.closed)
		if !closed && c.behind() {
			s.resync(c)
			return
		}
		t, before := c.tape(), c.off
		b, ok := c.next(int64(s.d.hub.o.SegmentBytes))
		switch {
		case len(b) > 0:
			n, err := send(c.fd, b)
			if err != 0 {
				s.close(c)
				return
			}
			s.d.hub.count.sent.Add(uint64(n))
			if n > 0 {
				c.active = now
			}
			if n < len(b) {
				c.keep(t, before, b, n)
				c.blocked = now
				return
			}
		case ok && !closed:
			return
		case closed:
			s.goodbye(c, c.log.closeReason(), now)
			return
		case c.s.Snapshot == nil:
			c.place(c.log.Head())
		default:
			s.resync(c)
			return
		}
	}
}

// keep is called when only n bytes of b, read from t at before, were sent. What is
// left of the frame in which that ends must go out whatever happens; the frames
// after it stay in the log, where a snapshot may still take their place.
func (c *socket) keep(t *tape, before int64, b []byte, n int) {
	rest := b[n:]
	if t == c.tape() && !c.bridge && before+int64(len(b)) == c.off {
		end := t.frameEnd(before + int64(n))
		rest = b[n : end-before]
		c.off = end
		c.seq.Store(t.seqAt(end))
	}
	if c.frag = nil; len(rest) == 0 {
		return
	}
	if len(rest) <= 16<<10 {
		rest = slices.Clone(rest) // else it would hold a whole segment in memory
	}
	c.frag = rest
}

// resync asks for a snapshot.
func (s *shard) resync(c *socket) {
	s.d.hub.count.slowSnapshots.Add(1)
	c.waiting = true
	s.d.ask(c)
}

func (s *shard) goodbye(c *socket, reason string, now int64) {
	c.last = true
	if s.send(c, c.wrap(c.goodbye(reason, 1)), now) {
		s.close(c)
	}
}

// send sends b, or keeps what the socket does not take. It returns true when all
// of it is out.
func (s *shard) send(c *socket, b []byte, now int64) bool {
	c.frag = nil
	n, err := send(c.fd, b)
	if err != 0 {
		s.close(c)
		return false
	}
	s.d.hub.count.sent.Add(uint64(n))
	if n > 0 {
		c.active = now
	}
	if n < len(b) {
		c.frag, c.blocked = b[n:], now
		return false
	}
	return true
}

// tick looks at every socket for what no event tells.
func (s *shard) tick(now int64) {
	o := &s.d.hub.o
	var lag int64
	for i := len(s.sockets) - 1; i >= 0; i-- {
		c := s.sockets[i]
		if c.waiting {
			continue
		}
		if c.blocked != 0 {
			lag = max(lag, c.lag())
		}
		over := c.over()
		switch {
		case c.gone.Load():
			s.gone(c, now)
		case over && c.blocked == 0:
			s.push(c, now)
		case over && c.overdue:
			s.close(c)
		case over:
			c.overdue = true
		case c.blocked != 0 && now-c.blocked >= int64(o.WriteTimeout):
			s.d.hub.count.stalled.Add(1)
			s.close(c)
		case c.blocked != 0:
		case now >= c.end:
			s.close(c)
		case now-c.active >= int64(o.Heartbeat) && c.lag() <= 0:
			s.d.hub.count.heartbeats.Add(1)
			s.send(c, c.wrap(c.heartbeat(time.Unix(0, now))), now)
		}
	}
	s.lag.Store(lag)
}

// gone ends the stream of a viewer that has left, or that the kernel has given up because it took nothing.
func (s *shard) gone(c *socket, now int64) {
	if c.blocked != 0 && now-c.blocked >= int64(s.d.hub.o.WriteTimeout) {
		s.d.hub.count.stalled.Add(1)
	}
	s.close(c)
}

// close ends the stream and lets the socket go.
func (s *shard) close(c *socket) {
	if c.shut {
		return
	}
	k := len(s.sockets) - 1
	s.sockets[c.index] = s.sockets[k]
	s.sockets[c.index].index = c.index
	s.sockets[k] = nil
	s.sockets = s.sockets[:k]
	group := s.logs[c.log]
	k = len(group) - 1
	group[c.group] = group[k]
	group[c.group].group = c.group
	group[k] = nil
	if k == 0 {
		delete(s.logs, c.log)
	} else {
		s.logs[c.log] = group[:k]
	}
	s.d.poller.remove(c)
	c.drop()
}

// drop closes the descriptor and gives the viewer's place back.
func (c *socket) drop() {
	c.shut = true
	_ = syscall.Close(c.fd)
	c.frag = nil
	c.log.sockets.Add(-1)
	c.log.forget()
	c.leave()
}

// send is send(2) without blocking or SIGPIPE. As it cannot block, the scheduler
// need not know of it. A full socket is no error: 0 bytes were taken.
func send(fd int, b []byte) (int, syscall.Errno) {
	for {
		n, _, err := syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)),
			syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
		switch err {
		case 0:
			return int(n), 0
		case syscall.EAGAIN:
			return 0, 0
		case syscall.EINTR:
		default:
			return 0, err
		}
	}
}
