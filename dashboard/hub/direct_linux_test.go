package hub_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dashira/dashira/dashboard/hub"
)

func TestDirectIsUsedForPlainHTTPOnly(t *testing.T) {
	h := open(t, hub.Options{Direct: true})
	var returned atomic.Int32
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		h.ServeHTTP(w, r)
		returned.Add(1)
	})
	plain, secure := httptest.NewServer(handler), httptest.NewUnstartedServer(handler)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	defer plain.Close()
	defer secure.Close()
	c := dial(t, plain.URL, "")
	if c.res.TransferEncoding != nil || c.res.ContentLength != -1 || !c.res.Close {
		t.Fatalf("not direct: %+v", c.res)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no",
		"X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding",
	} {
		if got := c.res.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if c.res.Header.Get("Date") == "" {
		t.Error("no date")
	}
	await(t, "the handler's return", func() bool { return returned.Load() == 1 })
	if e := c.must(t); e.Type != "hello" {
		t.Fatalf("%+v", e)
	}
	if s := h.Stats(); s.Direct != 1 || s.Streams != 1 {
		t.Fatalf("%+v", s)
	}
	h.publish(3, "")
	if _, _, err := c.follow(3); err != nil {
		t.Fatal(err)
	}

	for _, proto2 := range []bool{false, true} {
		tr := secure.Client().Transport.(*http.Transport).Clone()
		tr.ForceAttemptHTTP2 = proto2
		if !proto2 {
			tr.TLSClientConfig.NextProtos = []string{"http/1.1"}
		}
		res, err := tr.RoundTrip(mustRequest(t, secure.URL))
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 1)
		if _, err := io.ReadFull(res.Body, b); err != nil || b[0] != ':' {
			t.Fatal(err)
		}
		if res.Close || (res.ProtoMajor == 2) != proto2 {
			t.Fatalf("a TLS connection was taken over: %+v", res)
		}
		_ = res.Body.Close()
		tr.CloseIdleConnections()
	}
	await(t, "the end of the others", func() bool { return h.log.Subscribers() == 1 })
}

func mustRequest(t *testing.T, url string) *http.Request {
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Viewers that vanish in every manner leave nothing behind: neither a place in
// the counts nor a descriptor.
func TestDirectLeavesNoDescriptorBehind(t *testing.T) {
	h := open(t, hub.Options{Direct: true, MaxStreams: -1, MaxPerAddress: -1})
	before := descriptors(t)
	for round := range 5 {
		var conns []net.Conn
		for range 100 {
			c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			conns = append(conns, c)
		}
		await(t, "viewers", func() bool { return h.log.Subscribers() == 100 })
		h.publish(round+1, " "+noise(round, 1000))
		for i, c := range conns {
			switch i % 3 {
			case 0:
				_ = c.(*net.TCPConn).SetLinger(0) // a reset
			case 1:
				_ = c.(*net.TCPConn).CloseWrite()
			}
			_ = c.Close()
		}
		await(t, "hang-ups", func() bool { return h.Stats().Streams == 0 })
	}
	await(t, "descriptors to be closed", func() bool { return descriptors(t) <= before })
}

func descriptors(t *testing.T) int {
	t.Helper()
	d, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(d)
}
