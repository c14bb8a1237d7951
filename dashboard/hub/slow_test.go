package hub_test

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/hub/sse"
)

var longNoise = sync.OnceValue(func() string {
	b := make([]byte, 1<<20)
	x := uint64(0x9E3779B97F4A7C15)
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/"[x%64]
	}
	return string(b)
})

// dialSlow opens a stream on a raw connection with a small window and reads
// nothing until asked.
func dialSlow(t *testing.T, h *house, header []string) (net.Conn, func() *sse.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	extra := ""
	for i := 0; i+1 < len(header); i += 2 {
		extra += header[i] + ": " + header[i+1] + "\r\n"
	}
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n"+extra+"\r\n"); err != nil {
		t.Fatal(err)
	}
	return c, func() *sse.Reader {
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		var body io.Reader = res.Body
		if res.Header.Get("Content-Encoding") == "gzip" {
			if body, err = gzip.NewReader(bufio.NewReader(body)); err != nil {
				t.Fatal(err)
			}
		}
		return sse.NewReader(body, "")
	}
}

// A viewer that does not read costs nobody anything, and converges once it reads.
func TestASlowViewerGetsASnapshotAndHoldsUpNobody(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct, SegmentBytes: 16 << 10, Segments: 8})
		_, read := dialSlow(t, h, header)
		quick := dial(t, h.url, "", header...)
		await(t, "viewers", func() bool { return h.log.Subscribers() == 2 })
		const n = 700
		done := make(chan error, 1)
		go func() {
			_, _, err := quick.follow(n)
			done <- err
		}()
		// Bytes that do not deflate, so that the log and the sockets overflow.
		for i := 1; i <= n; i++ {
			h.publish(i, " "+noise(i, 2000))
		}
		if err := <-done; err != nil { // although the other one has not read a byte
			t.Fatal(err)
		}
		c := &client{Reader: read()}
		_, snapshots, err := c.follow(n)
		if err != nil || snapshots < 2 {
			t.Fatalf("%d snapshots, %v", snapshots, err)
		}
		if s := h.Stats(); s.SlowSnapshots == 0 || s.HeldBytes > 1<<20 {
			t.Fatalf("%+v", s)
		}
	})
}

// noise is text that does not compress: a part of a long one, as each frame is deflated by itself.
func noise(seed, n int) string {
	text := longNoise()
	at := seed * 7919 % (len(text) - n)
	return text[at : at+n]
}

func TestAStalledViewerIsEnded(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct, WriteTimeout: time.Second})
		dialSlow(t, h, header)
		await(t, "the viewer", func() bool { return h.log.Subscribers() == 1 })
		n := 0
		await(t, "its end", func() bool {
			if n++; n < 200 {
				h.publish(n, " "+noise(n, 50_000))
			}
			return h.Stats().Streams == 0
		})
		if s := h.Stats(); s.Stalled != 1 {
			t.Fatalf("%+v", s)
		}
		if !direct { // a stream is off the books a moment before Serve returns
			await(t, "its error", func() bool { return len(h.errors()) > 0 })
			if errs := h.errors(); len(errs) != 1 || !errors.Is(errs[0], hub.ErrStalled) {
				t.Fatal(errs)
			}
		}
	})
}
