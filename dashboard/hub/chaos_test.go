package hub_test

import (
	"bufio"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/hub/sse"
)

// Viewers that read in fits and starts, vanish in the middle of a frame, and come
// back with the id they had: each must see every number, or a snapshot that is not
// older than what it had, and all must agree in the end.
func TestChaos(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct, SegmentBytes: 16 << 10, Segments: 4, MaxStreams: -1, MaxPerAddress: -1})
		// Storms and rests in turn, until somebody was slow and somebody resumed: without both the test would show
		// nothing. In a storm whoever pauses falls behind; before the next everybody catches up, so that an id is once
		// more inside the log. No clock decides it.
		const least, most = 4, 200
		c := &weather{}
		var all sync.WaitGroup
		viewers := make([]*moody, 5)
		for i := range viewers {
			v := &moody{h: h, c: c, r: rand.New(rand.NewPCG(uint64(i), 7)), header: header}
			v.state.Store(-1)
			viewers[i] = v
			all.Go(func() {
				for !v.done() {
					if err := v.connect(); err != nil {
						t.Errorf("viewer %d at %d: %v", i, v.state.Load(), err)
						v.failed.Store(true)
						return
					}
				}
			})
		}
		r := rand.New(rand.NewPCG(9, 9))
		for storm := 1; ; storm++ {
			last := storm >= least && h.Stats().SlowSnapshots > 0 && h.Stats().Resumed > 0
			n := h.number()
			for end := n + 50 + r.IntN(250); n < end; {
				n++
				size := r.IntN(300)
				switch { // so that sockets fill in the middle of a frame, first, last or between
				case n%40 == 0:
					size = 40_000 // larger than a segment
				case n%5 == 0:
					size = 4_000
				}
				h.publish(n, " "+noise(n, size))
				if n%16 == 0 {
					runtime.Gosched()
				}
			}
			if last {
				c.end.Store(int64(n))
			}
			c.rest.Store(true)
			await(t, "everybody to catch up", func() bool {
				return !slices.ContainsFunc(viewers, func(v *moody) bool { return v.state.Load() < int64(n) && !v.failed.Load() })
			})
			if last || t.Failed() {
				break
			}
			if storm == most {
				t.Fatalf("nobody was slow or nobody resumed: the test shows nothing: %+v", h.Stats())
			}
			c.rest.Store(false)
		}
		c.end.Store(int64(h.number()))
		all.Wait()
		await(t, "everybody to leave", func() bool { return h.Stats().Streams == 0 })
	})
}

// weather is what all viewers share.
type weather struct {
	rest atomic.Bool  // nothing is published until everybody has caught up
	end  atomic.Int64 // the last number, 0 before it is known
}

type moody struct {
	h      *house
	c      *weather
	r      *rand.Rand
	header []string
	state  atomic.Int64
	failed atomic.Bool
	id     string
}

// done reports whether the viewer has seen the last number.
func (m *moody) done() bool {
	end := m.c.end.Load()
	return end > 0 && m.state.Load() >= end
}

// broken is an error of the order of events, and not of the connection.
type broken string

func (b broken) Error() string { return string(b) }

// connect follows the stream for a while, or until the end. It returns only what
// must never happen.
func (m *moody) connect() error {
	c, err := net.Dial("tcp", strings.TrimPrefix(m.h.url, "http://"))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	_ = c.(*net.TCPConn).SetReadBuffer(8 << 10)
	req := "GET / HTTP/1.1\r\nHost: x\r\n"
	for i := 0; i+1 < len(m.header); i += 2 {
		req += m.header[i] + ": " + m.header[i+1] + "\r\n"
	}
	if m.id != "" {
		req += "Last-Event-ID: " + m.id + "\r\n"
	}
	if _, err := io.WriteString(c, req+"\r\n"); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReaderSize(c, 64), nil)
	if err != nil {
		return err
	}
	var body io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(bufio.NewReaderSize(body, 64)); err != nil {
			return err
		}
	}
	parser := sse.NewParser(m.id)
	life := 1 + m.r.IntN(40)
	buf := make([]byte, 16<<10)
	var wrong error
	// A deadline in the past wakes a read at the end of the test, when nothing more comes.
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() { m.wake(c, stop) })
	defer watch.Wait()
	defer close(stop)
	for ; life > 0 && !m.done(); life-- {
		if m.r.IntN(6) == 0 {
			m.pause(m.h.number() + m.r.IntN(300))
		}
		n, err := body.Read(buf[:1+m.r.IntN(len(buf))])
		_ = parser.Feed(buf[:n], func(e sse.Event) {
			if wrong == nil {
				wrong = m.event(e)
			}
		})
		if wrong != nil {
			return wrong
		}
		if err != nil && m.done() {
			break
		}
		if err != nil {
			return err
		}
	}
	if m.r.IntN(3) == 0 {
		_ = c.(*net.TCPConn).SetLinger(0)
	}
	return nil
}

// pause waits until the log has moved on to a number, or rests. What a slow viewer misses then depends on no clock.
func (m *moody) pause(until int) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for m.h.number() < until && !m.c.rest.Load() {
		<-tick.C
	}
}

// wake ends the reads of a connection once the viewer has seen everything.
func (m *moody) wake(c net.Conn, stop <-chan struct{}) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			if m.done() {
				_ = c.SetReadDeadline(time.Now())
				return
			}
		}
	}
}

func (m *moody) event(e sse.Event) error {
	digits, pad, padded := strings.Cut(string(e.Data), " ")
	k, _ := strconv.Atoi(digits)
	state := int(m.state.Load())
	switch e.Type {
	case "snapshot":
		if k < state {
			return broken("a snapshot of " + digits + " after " + strconv.Itoa(state))
		}
	case "patch":
		if k != state+1 {
			return broken("patch " + digits + " after " + strconv.Itoa(state))
		}
		if !padded || pad != noise(k, len(pad)) {
			return broken("patch " + digits + " is mangled")
		}
	default:
		return nil
	}
	m.id = e.ID
	m.state.Store(int64(k))
	return nil
}
