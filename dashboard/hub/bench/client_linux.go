package main

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"strconv"
	"syscall"
	"time"
)

// A viewer is one connection of the client. Its parser is just good enough for
// the streams measured here: blocks end with an empty line, and chunk headers only
// ever stand between blocks.
type viewer struct {
	index     int // in crowd.viewers
	fd        int
	carry     []byte
	seq       int64 // the newest event's number, -1 before the first
	id        []byte
	snapshots int
	events    int
	lost      int
	twice     int
	stalled   bool // not read for now
	deaf      bool // the server closed
	gunzip    *inflater
}

// A crowd is all viewers of one server, read by one goroutine through epoll.
type crowd struct {
	addr    *syscall.SockaddrInet4
	host    string
	path    string
	rows    func(v *viewer, rows int64, now int64) // told of source events, in place of patches
	gzip    bool
	ep      int
	viewers []*viewer
	delays  histogram
	buf     []byte
}

func newCrowd(addr string, gzip bool) (*crowd, error) {
	a, err := net.ResolveTCPAddr("tcp4", addr)
	if err != nil {
		return nil, err
	}
	c := &crowd{path: "/events", addr: &syscall.SockaddrInet4{Port: a.Port}, host: addr, gzip: gzip, buf: make([]byte, 256<<10)}
	copy(c.addr.Addr[:], a.IP.To4())
	c.ep, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	return c, err
}

// connect opens n streams. Every one of them must have got its snapshot before
// settle says so.
func (c *crowd) connect(n int) error {
	for i := range n {
		v := &viewer{index: i, seq: -1}
		c.viewers = append(c.viewers, v)
		if err := c.dial(v); err != nil {
			return fmt.Errorf("viewer %d: %w", i, err)
		}
		if i%64 == 0 {
			if _, err := c.read(0); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *crowd) dial(v *viewer) error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err := syscall.Connect(fd, c.addr); err != nil {
		return err
	}
	req := "GET " + c.path + " HTTP/1.1\r\nHost: " + c.host + "\r\nAccept: text/event-stream\r\n"
	if c.gzip {
		req += "Accept-Encoding: gzip\r\n"
		v.gunzip = &inflater{}
	}
	if len(v.id) > 0 {
		req += "Last-Event-ID: " + string(v.id) + "\r\n"
	}
	if _, err := syscall.Write(fd, []byte(req+"\r\n")); err != nil {
		return err
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		return err
	}
	v.fd, v.carry, v.deaf = fd, nil, false
	return c.watch(v)
}

func (c *crowd) watch(v *viewer) error {
	return syscall.EpollCtl(c.ep, syscall.EPOLL_CTL_ADD, v.fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(v.index)})
}

func (c *crowd) hangUp(v *viewer) error { return syscall.Close(v.fd) }

func (c *crowd) close() {
	for _, v := range c.viewers {
		_ = syscall.Close(v.fd)
	}
	_ = syscall.Close(c.ep)
}

// stall stops or resumes the reading of a viewer.
func (c *crowd) stall(v *viewer, on bool) error {
	v.stalled = on
	if on {
		return syscall.EpollCtl(c.ep, syscall.EPOLL_CTL_DEL, v.fd, nil)
	}
	return c.watch(v)
}

// read reads what has come, waiting up to wait for it, and returns the number of
// events.
func (c *crowd) read(wait time.Duration) (events int, err error) {
	ready := make([]syscall.EpollEvent, 512)
	n, err := syscall.EpollWait(c.ep, ready, int(wait.Milliseconds()))
	if err == syscall.EINTR {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, e := range ready[:n] {
		v := c.viewers[e.Fd]
		k, err := syscall.Read(v.fd, c.buf)
		if err == syscall.EAGAIN || err == syscall.EINTR {
			continue
		}
		if err != nil || k == 0 {
			v.deaf = true
			_ = syscall.EpollCtl(c.ep, syscall.EPOLL_CTL_DEL, v.fd, nil)
			continue
		}
		before := v.events
		if err := v.take(c, c.buf[:k]); err != nil {
			return events, err
		}
		events += v.events - before
	}
	return events, nil
}

// take parses the next bytes of the stream.
func (v *viewer) take(c *crowd, b []byte) error {
	if v.gunzip != nil {
		var err error
		if b, err = v.gunzip.take(b); err != nil {
			return err
		}
	}
	if len(v.carry) > 0 {
		b = append(v.carry, b...)
	}
	now := time.Now().UnixNano()
	for {
		i := bytes.Index(b, []byte("\n\n"))
		if i < 0 {
			v.carry = append(v.carry[:0], b...)
			return nil
		}
		v.block(c, b[:i], now)
		b = b[i+2:]
	}
}

func (v *viewer) block(c *crowd, b []byte, now int64) {
	if c.rows != nil {
		if i := bytes.Index(b, []byte(`,"rows":`)); i >= 0 && bytes.Contains(b[:i], []byte("event: source")) {
			rows, _ := number(b[i+8:])
			c.rows(v, rows, now)
		}
		if bytes.Contains(b, []byte("event: snapshot")) {
			v.snapshots++
			v.seq = max(v.seq, 0)
		}
		return
	}
	i := bytes.Index(b, []byte(`{"seq":`))
	if i < 0 {
		return
	}
	seq, rest := number(b[i+7:])
	at, _ := number(bytes.TrimPrefix(rest, []byte(`,"at":`)))
	if k := bytes.Index(b[:i], []byte("\nid: ")); k >= 0 {
		line := b[k+5:]
		v.id = append(v.id[:0], line[:bytes.IndexByte(line, '\n')]...)
	}
	if bytes.Contains(b[:i], []byte("event: snapshot")) {
		v.snapshots++
		v.seq = max(v.seq, seq)
		return
	}
	v.events++
	switch {
	case seq <= v.seq:
		v.twice++
	case seq > v.seq+1 && v.seq >= 0:
		v.lost += int(seq - v.seq - 1)
		fallthrough
	default:
		v.seq = seq
	}
	c.delays.add(time.Duration(now - at))
}

func number(b []byte) (n int64, rest []byte) {
	i := 0
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	n, _ = strconv.ParseInt(string(b[:i]), 10, 64)
	return n, b[i:]
}

// An inflater reads a gzip stream as it comes, without chunks.
type inflater struct {
	begun bool
	raw   []byte
}

// take returns what the bytes complete. Every frame is deflated without reference
// to earlier data and ends in a sync flush, whose last bytes are 00 00 FF FF, so
// each run of whole frames is inflated for itself.
func (z *inflater) take(b []byte) ([]byte, error) {
	z.raw = append(z.raw, b...)
	if !z.begun {
		i := bytes.Index(z.raw, []byte("\r\n\r\n"))
		if i < 0 || len(z.raw) < i+4+10 {
			return nil, nil
		}
		if bytes.Contains(z.raw[:i], []byte("chunked")) {
			return nil, errors.New("compressed streams are read without chunks only")
		}
		z.begun, z.raw = true, z.raw[i+4+10:]
	}
	end := bytes.LastIndex(z.raw, []byte{0, 0, 0xff, 0xff})
	if end < 0 {
		return nil, nil
	}
	out, err := io.ReadAll(flate.NewReader(bytes.NewReader(z.raw[:end+4])))
	if err != nil && err != io.ErrUnexpectedEOF { // no block is marked as the last
		return nil, err
	}
	z.raw = append(z.raw[:0:0], z.raw[end+4:]...)
	return out, nil
}

// A histogram counts delays in steps of two percent.
type histogram struct {
	n      int
	counts [1500]int
	max    time.Duration
}

func (h *histogram) add(d time.Duration) {
	d = max(d, time.Microsecond)
	h.n++
	h.max = max(h.max, d)
	h.counts[min(int(math.Log(float64(d)/1000)/math.Log(1.02)), len(h.counts)-1)]++
}

func (h *histogram) quantile(q float64) time.Duration {
	left := int(q * float64(h.n))
	for i, c := range h.counts {
		if left -= c; left < 0 {
			return time.Duration(1000 * math.Pow(1.02, float64(i)))
		}
	}
	return h.max
}
