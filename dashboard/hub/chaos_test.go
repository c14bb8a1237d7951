package hub_test

import (
	"bufio"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
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
		h := open(t, hub.Options{Direct: direct, SegmentBytes: 128 << 10, Segments: 4, MaxStreams: -1, MaxPerAddress: -1})
		// It goes on until somebody was slow and somebody resumed, on a quick machine and on a busy one: without both
		// the test would show nothing.
		const least, most = 400, 8000
		var end atomic.Int64
		end.Store(most)
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				r := rand.New(rand.NewPCG(uint64(i), 7))
				v := moody{h: h, r: r, header: header, state: -1}
				for int64(v.state) < end.Load() {
					if err := v.connect(&end); err != nil {
						t.Errorf("viewer %d at %d: %v", i, v.state, err)
						return
					}
				}
			})
		}
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		r := rand.New(rand.NewPCG(9, 9))
		for n := int64(1); n <= end.Load(); n++ {
			if s := h.Stats(); n >= least && s.SlowSnapshots > 0 && s.Resumed > 0 {
				end.Store(n)
			}
			size := r.IntN(300)
			switch { // so that sockets fill in the middle of a frame, first, last or between
			case n%40 == 0:
				size = 150_000 // larger than a segment
			case n%5 == 0:
				size = 15_000
			}
			h.publish(int(n), " "+noise(int(n), size))
			<-tick.C
		}
		all.Wait()
		await(t, "everybody to leave", func() bool { return h.Stats().Streams == 0 })
		if s := h.Stats(); s.SlowSnapshots == 0 || s.Resumed == 0 {
			t.Errorf("nobody was slow or nobody resumed: the test shows nothing: %+v", s)
		}
	})
}

type moody struct {
	h      *house
	r      *rand.Rand
	header []string
	state  int
	id     string
}

// broken is an error of the order of events, and not of the connection.
type broken string

func (b broken) Error() string { return string(b) }

// connect follows the stream for a while, or until the end. It returns only what
// must never happen.
func (m *moody) connect(end *atomic.Int64) error {
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
	for int64(m.state) < end.Load() && (life > 0 || int64(m.state) > end.Load()-50) {
		life--
		if m.r.IntN(6) == 0 {
			<-time.After(time.Duration(m.r.IntN(150)) * time.Millisecond)
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
		if err != nil {
			return err
		}
	}
	if m.r.IntN(3) == 0 {
		_ = c.(*net.TCPConn).SetLinger(0)
	}
	return nil
}

func (m *moody) event(e sse.Event) error {
	digits, pad, padded := strings.Cut(string(e.Data), " ")
	k, _ := strconv.Atoi(digits)
	switch e.Type {
	case "snapshot":
		if k < m.state {
			return broken("a snapshot of " + digits + " after " + strconv.Itoa(m.state))
		}
	case "patch":
		if k != m.state+1 {
			return broken("patch " + digits + " after " + strconv.Itoa(m.state))
		}
		if !padded || pad != noise(k, len(pad)) {
			return broken("patch " + digits + " is mangled")
		}
	default:
		return nil
	}
	m.state, m.id = k, e.ID
	return nil
}
