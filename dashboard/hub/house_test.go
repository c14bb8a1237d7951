package hub_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/hub/sse"
)

// patience is how long a test waits for what must come about. It says nothing of how long that takes: the tests on a
// fake clock do.
const patience = 3 * time.Minute

// transports are the ways of writing that every test of delivery goes through.
var transports = []struct {
	name   string
	direct bool
	header []string
}{
	{"generic", false, nil},
	{"generic gzip", false, []string{"Accept-Encoding", "gzip"}},
	{"direct", true, nil},
	{"direct gzip", true, []string{"Accept-Encoding", "gzip"}},
}

// A house is a server with one log at / whose state is the number last
// published: what the tests' viewers compare with.
type house struct {
	*hub.Hub
	log *hub.Log
	url string

	mu     sync.Mutex
	state  int
	errs   []error
	stream func(r *http.Request) hub.Stream // added to the defaults
	ended  sync.WaitGroup

	between func() // called by Hello
}

// open starts a house and runs its hub until the test ends.
func open(t *testing.T, o hub.Options) *house {
	t.Helper()
	if o.WriteTimeout == 0 {
		// On a busy machine a viewer of a test may take nothing for long. The test of that sets its own.
		o.WriteTimeout = 10 * time.Minute
	}
	if o.DrainTimeout == 0 { // and find no moment for its goodbye
		o.DrainTimeout = patience
	}
	h := &house{Hub: hub.New(o)}
	h.log = h.NewLog("numbers")
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew { // a small buffer, so that a slow viewer soon shows
			_ = c.(*net.TCPConn).SetWriteBuffer(64 << 10)
		}
	}
	srv.Start()
	h.url = srv.URL
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- h.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		srv.Close()
		h.ended.Wait()
	})
	if o.Direct {
		h.awaitDirect(t)
	}
	return h
}

// awaitDirect returns once Run serves sockets; until then streams go through
// net/http. Without it a test of the direct transport might test the other one.
func (h *house) awaitDirect(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return
	}
	await(t, "the direct transport", func() bool {
		c := dial(t, h.url, "")
		defer c.close()
		return c.res.Close
	})
	await(t, "its first viewer to leave", func() bool { return h.Stats().Streams == 0 })
}

func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var s hub.Stream
	if h.stream != nil {
		s = h.stream(r)
	}
	h.ended.Add(1)
	ended := s.Ended
	s.Ended = func() {
		if ended != nil {
			ended()
		}
		h.ended.Done()
	}
	if s.Snapshot == nil {
		s.Snapshot = h.snapshot
	}
	s.Hello = func(resumed bool) (string, []byte) {
		if h.between != nil {
			h.between()
		}
		return "hello", fmt.Appendf(nil, `{"resumed":%v}`, resumed)
	}
	s.Goodbye = func(reason string, retry time.Duration) (string, []byte) { return "goodbye", []byte(reason) }
	s.Heartbeat = func(head string, now time.Time) (string, []byte) { return "heartbeat", []byte(head) }
	if err := h.log.Serve(w, r, s); err != nil {
		h.mu.Lock()
		h.errs = append(h.errs, err)
		h.mu.Unlock()
	}
}

func (h *house) snapshot(context.Context) ([]hub.Encoded, uint64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.log.Head()
	return []hub.Encoded{{Event: "snapshot", Data: []byte(strconv.Itoa(h.state))}}, at, nil
}

// publish publishes the numbers from the last one up to n.
func (h *house) publish(n int, pad string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.state < n {
		h.state++
		h.log.Publish("patch", []byte(strconv.Itoa(h.state)+pad))
	}
}

func (h *house) errors() []error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]error(nil), h.errs...)
}

// await waits until cond holds. Real sockets have no fake clock.
func await(t *testing.T, what string, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !cond(); <-tick.C {
		if time.Now().After(end) {
			t.Fatal("waited in vain for " + what)
		}
	}
}

// A client follows a stream by the rules of EventSource.
type client struct {
	*sse.Reader
	res   *http.Response
	close func()
}

func dial(t *testing.T, url, lastID string, header ...string) *client {
	t.Helper()
	c, err := tryDial(t, url, lastID, header...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tryDial is dial for a server that may turn the connection down.
func tryDial(t *testing.T, url, lastID string, header ...string) (*client, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	tr := &http.Transport{DisableCompression: true}
	res, err := tr.RoundTrip(req)
	if err != nil {
		cancel()
		return nil, err
	}
	c := &client{res: res, close: func() { cancel(); _ = res.Body.Close(); tr.CloseIdleConnections() }}
	t.Cleanup(c.close)
	var body io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(bufio.NewReader(body)); err != nil {
			return nil, err
		}
	}
	c.Reader = sse.NewReader(body, lastID)
	return c, nil
}

func (c *client) must(t *testing.T) sse.Event {
	t.Helper()
	e, err := c.Next()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// mustEnd checks that nothing follows. A compressed stream ends without the
// trailer that gzip has.
func (c *client) mustEnd(t *testing.T) {
	t.Helper()
	if e, err := c.Next(); err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("%+v, %v", e, err)
	}
}

// follow reads until the state is n, and checks that every patch is the next
// number. It returns the last id and how many snapshots came.
func (c *client) follow(n int) (id string, snapshots int, err error) {
	state := -1
	for state < n {
		e, err := c.Next()
		if err != nil {
			return id, snapshots, fmt.Errorf("at %d: %w", state, err)
		}
		digits, _, _ := strings.Cut(string(e.Data), " ")
		switch e.Type {
		case "snapshot":
			snapshots++
			state, _ = strconv.Atoi(digits)
			id = e.ID
		case "patch":
			k, _ := strconv.Atoi(digits)
			if state >= 0 && k != state+1 {
				return id, snapshots, fmt.Errorf("after %d came %d", state, k)
			}
			state, id = k, e.ID
		}
	}
	return id, snapshots, nil
}

func eachTransport(t *testing.T, test func(t *testing.T, direct bool, header []string)) {
	for _, tr := range transports {
		t.Run(tr.name, func(t *testing.T) { test(t, tr.direct, tr.header) })
	}
}

// dialWith opens a compressed stream and calls between when its place in the log
// is found and nothing is sent yet.
func dialWith(t *testing.T, h *house, id string, between func()) *client {
	t.Helper()
	h.between = between
	c := dial(t, h.url, id, "Accept-Encoding", "gzip")
	if e := c.must(t); string(e.Data) != `{"resumed":true}` {
		t.Fatalf("%+v", e)
	}
	return c
}

func (h *house) number() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}
