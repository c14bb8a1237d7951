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

// patience is how long a test waits for what must come about. It says nothing of how long that takes: the tests on a
// fake clock do.
const patience = 3 * time.Minute

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

func eachTransport(t *testing.T, test func(t *testing.T, direct bool, header []string)) {
	for _, tr := range transports {
		t.Run(tr.name, func(t *testing.T) { test(t, tr.direct, tr.header) })
	}
}

func TestEveryViewerGetsEveryEventInOrder(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct})
		const viewers, events = 20, 300
		var wg sync.WaitGroup
		clients := make([]*client, viewers)
		for i := range clients {
			clients[i] = dial(t, h.url, "", header...)
		}
		await(t, "viewers", func() bool { return h.log.Subscribers() == viewers })
		for _, c := range clients {
			wg.Go(func() {
				if id, snapshots, err := c.follow(events); err != nil || snapshots != 1 || id != h.log.ID(h.log.Head()) {
					t.Errorf("id %q, %d snapshots, %v", id, snapshots, err)
				}
			})
		}
		for i := 1; i <= events; i++ {
			h.publish(i, "")
		}
		wg.Wait()
		for _, c := range clients {
			c.close()
		}
		await(t, "hang-ups to be noticed", func() bool { return h.log.Subscribers() == 0 && h.Stats().Streams == 0 })
		if errs := h.errors(); errs != nil {
			t.Fatal(errs)
		}
	})
}

// A server's limit on reading a request must not run on while the response streams.
func TestAReadTimeoutDoesNotEndAStream(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct})
		srv := httptest.NewUnstartedServer(h)
		srv.Config.ReadTimeout = 500 * time.Millisecond
		srv.Start()
		defer srv.Close()
		var c *client
		await(t, "a request that is read within the limit", func() bool { // a busy machine may need several
			var err error
			c, err = tryDial(t, srv.URL, "", header...)
			return err == nil
		})
		defer c.close()
		c.must(t)
		c.must(t)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for i := 1; i <= 8; i++ { // well beyond the limit
			<-tick.C
			h.publish(i, "")
			if e := c.must(t); string(e.Data) != strconv.Itoa(i) {
				t.Fatalf("%+v", e)
			}
		}
	})
}

func TestHeadersAndGreeting(t *testing.T) {
	h := open(t, hub.Options{})
	c := dial(t, h.url, "")
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream", "Cache-Control": "no-store, no-transform",
		"X-Accel-Buffering": "no", "Content-Encoding": "", "Vary": "Accept-Encoding", "Access-Control-Allow-Origin": "",
	} {
		if got := c.res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if e := c.must(t); e.Type != "hello" || string(e.Data) != `{"resumed":false}` || e.ID != "" {
		t.Fatalf("%+v", e)
	}
	if c.Retry < 1000 || c.Retry > 3000 || c.Comments != 1 {
		t.Fatalf("retry %d, %d comments", c.Retry, c.Comments)
	}
	if e := c.must(t); e.Type != "snapshot" || e.ID != h.log.ID(h.log.Head()) {
		t.Fatalf("%+v", e)
	}
	if z := dial(t, h.url, "", "Accept-Encoding", "br, gzip;q=0.5"); z.res.Header.Get("Content-Encoding") != "gzip" {
		t.Error("gzip was asked for and not given")
	}
	for _, no := range []string{"gzip;q=0", "br", "gzipped", ""} {
		if z := dial(t, h.url, "", "Accept-Encoding", no); z.res.Header.Get("Content-Encoding") != "" {
			t.Errorf("%q: %s", no, z.res.Header.Get("Content-Encoding"))
		}
	}
}

func TestResumeAtEveryPosition(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct, SegmentBytes: 256, Segments: 4, MaxLag: 1 << 20})
		const n = 60
		h.publish(n, "")
		head := h.log.Head()
		inside := 0
		for seq := head - n; seq <= head; seq++ {
			for _, byQuery := range []bool{false, true} {
				url, id := h.url, h.log.ID(seq)
				if byQuery {
					url, id = h.url+"?range=all&last_event_id="+id, ""
				}
				c := dial(t, url, id, header...)
				hello := string(c.must(t).Data)
				want := int(seq-(head-n)) + 1
				if hello == `{"resumed":true}` {
					inside++
					for ; want <= n; want++ {
						if e := c.must(t); e.Type != "patch" || string(e.Data) != strconv.Itoa(want) {
							t.Fatalf("resumed at %d: want %d, got %+v", seq, want, e)
						}
					}
				} else if e := c.must(t); e.Type != "snapshot" || string(e.Data) != strconv.Itoa(n) {
					t.Fatalf("resumed at %d: %+v", seq, e)
				}
				c.close()
			}
		}
		if inside < 10 || inside > 2*n-20 {
			t.Fatalf("%d of %d positions were inside the log: the test shows nothing", inside, 2*n)
		}
	})
}

func TestAnyOtherIDGetsASnapshot(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct, Epoch: "abc"})
		other := h.NewLog("another selection")
		other.Publish("patch", []byte("x"))
		h.publish(10, "")
		for _, id := range []string{
			"zzz-5", "abc-999", "abc-", "-", "-5", "abc", "5", "abc-05", "abc-+5", "abc-5x", "abc--5", "abc-5-5", "ABC-5",
			"abc-18446744073709551615", "abc-18446744073709551616", "abc-99999999999999999999999", "héllo",
			strings.Repeat("a", 5000), other.ID(other.Head()),
		} {
			c := dial(t, h.url, id, header...)
			if e := c.must(t); string(e.Data) != `{"resumed":false}` {
				t.Fatalf("%q: %s", id, e.Data)
			}
			if e := c.must(t); e.Type != "snapshot" || string(e.Data) != "10" {
				t.Fatalf("%q: %+v", id, e)
			}
			c.close()
		}
	})
}

func TestANewEpochGetsOneSnapshotAndGoesOn(t *testing.T) {
	old := open(t, hub.Options{Epoch: "one"})
	old.publish(5, "")
	id, _, err := dial(t, old.url, "").follow(5)
	if err != nil {
		t.Fatal(err)
	}
	restarted := open(t, hub.Options{Epoch: "two"})
	restarted.publish(5, "") // the same number, another history
	c := dial(t, restarted.url, id)
	restarted.publish(9, "")
	if _, snapshots, err := c.follow(9); err != nil || snapshots != 1 {
		t.Fatalf("%d snapshots, %v", snapshots, err)
	}
}

// A log that is closed and made again must not take the old log's ids for its own.
func TestAnIDOfAnEarlierLogIsForeign(t *testing.T) {
	h := open(t, hub.Options{})
	h.publish(5, "")
	stale := h.log.ID(h.log.Head())
	h.log.Close("unused")
	h.log = h.NewLog("numbers")
	h.state = 0
	h.publish(10, "")
	c := dial(t, h.url, stale)
	if e := c.must(t); string(e.Data) != `{"resumed":false}` {
		t.Fatalf("%s", e.Data)
	}
}

func TestChurn(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct, SegmentBytes: 4096, Segments: 16, MaxStreams: -1, MaxPerAddress: -1})
		stop := make(chan struct{})
		var publisher, viewers sync.WaitGroup
		publisher.Go(func() {
			tick := time.NewTicker(time.Millisecond)
			defer tick.Stop()
			for n := 1; ; n++ {
				select {
				case <-stop:
					return
				case <-tick.C:
					h.publish(n, " "+strings.Repeat("x", n%97))
				}
			}
		})
		for range 6 {
			viewers.Go(func() {
				id, state := "", -1
				for range 15 {
					c := dial(t, h.url, id, header...)
					for seen := 0; seen < 25; {
						e, err := c.Next()
						if err != nil {
							t.Error(err)
							return
						}
						digits, _, _ := strings.Cut(string(e.Data), " ")
						k, _ := strconv.Atoi(digits)
						switch e.Type {
						case "snapshot":
							if k < state {
								t.Errorf("the state went back from %d to %d", state, k)
							}
						case "patch":
							if k != state+1 {
								t.Errorf("after %d came %d", state, k)
								return
							}
						default:
							continue
						}
						state, id = k, e.ID
						seen++
					}
					c.close()
				}
			})
		}
		viewers.Wait()
		close(stop)
		publisher.Wait()
		await(t, "hang-ups to be noticed", func() bool { return h.Stats().Streams == 0 })
	})
}

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

func TestCloseSaysGoodbyeToAll(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct})
		second := h.NewLog("another")
		var clients []*client
		for range 10 {
			c := dial(t, h.url, "", header...)
			if _, _, err := c.follow(0); err != nil {
				t.Fatal(err)
			}
			clients = append(clients, c)
		}
		h.Close()
		if s := h.Stats(); s.Streams != 0 {
			t.Fatalf("%+v", s)
		}
		for _, c := range clients {
			if e := c.must(t); e.Type != "goodbye" || string(e.Data) != hub.ReasonShutdown || c.Retry < 1000 {
				t.Fatalf("%+v, retry %d", e, c.Retry)
			}
			c.mustEnd(t)
		}
		// Who comes now is sent away with a 200 and a time to come back.
		late := dial(t, h.url, "", header...)
		if late.res.StatusCode != 200 {
			t.Fatal(late.res.Status)
		}
		if e := late.must(t); e.Type != "goodbye" || string(e.Data) != hub.ReasonShutdown || late.Retry <= 0 {
			t.Fatalf("%+v, retry %d", e, late.Retry)
		}
		late.mustEnd(t)
		for _, l := range []*hub.Log{second, h.NewLog("late")} {
			if head := l.Head(); l.Publish("patch", nil) != head {
				t.Fatal("a closed hub took an event")
			}
		}
	})
}

// Viewers that take no data do not hold up the end of the program.
func TestCloseIsBounded(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct, DrainTimeout: 500 * time.Millisecond})
		for range 3 {
			dialSlow(t, h, header)
		}
		await(t, "viewers", func() bool { return h.log.Subscribers() == 3 })
		for i := 1; i <= 20; i++ {
			h.publish(i, " "+noise(i, 60_000))
		}
		// Nothing else would end these streams within the test's life.
		h.Close()
		await(t, "the last stream to go", func() bool { return h.Stats().Streams == 0 })
	})
}

func TestALogThatClosesDeliversWhatIsLeft(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct})
		c := dial(t, h.url, "", header...)
		if _, _, err := c.follow(0); err != nil { // the snapshot
			t.Fatal(err)
		}
		h.publish(50, "")
		h.log.Close("gone")
		if seq := h.log.Publish("patch", []byte("late")); seq != h.log.Head() {
			t.Fatal("a closed log took an event")
		}
		for i := 1; i <= 50; i++ {
			if e := c.must(t); e.Type != "patch" || string(e.Data) != strconv.Itoa(i) {
				t.Fatalf("want %d, got %+v", i, e)
			}
		}
		if e := c.must(t); e.Type != "goodbye" || string(e.Data) != "gone" {
			t.Fatalf("%+v", e)
		}
		c.mustEnd(t)
		if late := dial(t, h.url, "", header...); late.must(t).Type != "hello" {
			t.Fatal("no hello")
		} else if e := late.must(t); string(e.Data) != "gone" {
			t.Fatalf("%+v", e)
		}
	})
}

func TestTheGrantsEndEndsTheStream(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct})
		done := make(chan struct{})
		h.stream = func(*http.Request) hub.Stream {
			return hub.Stream{Done: done, DoneReason: func() string { return "revoked" }}
		}
		c := dial(t, h.url, "", header...)
		await(t, "the viewer", func() bool { return h.log.Subscribers() == 1 })
		dialSlow(t, h, header) // and one that is stuck in a write
		await(t, "the viewer", func() bool { return h.log.Subscribers() == 2 })
		for i := 1; i <= 12; i++ {
			h.publish(i, " "+noise(i, 40_000))
			if i == 1 {
				if _, _, err := c.follow(1); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i := 2; i <= 12; i++ { // one of them has caught up
			if e := c.must(t); !strings.HasPrefix(string(e.Data), strconv.Itoa(i)+" ") {
				t.Fatalf("want %d, got %.20q", i, e.Data)
			}
		}
		close(done)
		await(t, "both ends", func() bool { return h.Stats().Streams == 0 }) // nothing else ends them for minutes
		e, err := c.Next()
		if err == nil && string(e.Data) != "revoked" {
			t.Fatalf("%.40q", e.Data)
		}
		// A goroutine that is not given a moment to say why is cut off; a shard always finds the time.
		if err != nil && direct {
			t.Fatal(err)
		}
	})
}

func TestLimitsAnswer200AndRetry(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct, MaxStreams: 3, MaxPerAddress: 2})
		h.stream = func(r *http.Request) hub.Stream { return hub.Stream{Address: r.URL.Query().Get("from")} }
		served := func(from string) bool {
			c := dial(t, h.url+"?from="+from, "", header...)
			if c.res.StatusCode != 200 {
				t.Fatal(c.res.Status)
			}
			e := c.must(t)
			if e.Type == "goodbye" && string(e.Data) == hub.ReasonOverload && c.Retry >= 4000 {
				return false
			}
			return e.Type == "hello"
		}
		for i, want := range []bool{true, true, false} {
			if got := served("a"); got != want {
				t.Fatalf("stream %d of one address: %v", i+1, got)
			}
		}
		if !served("b") || served("c") {
			t.Fatal("the limit in all is three")
		}
		if s := h.Stats(); s.Streams != 3 || s.Refused != 2 {
			t.Fatalf("%+v", s)
		}
	})
}

func TestASnapshotThatFailsSaysSo(t *testing.T) {
	h := open(t, hub.Options{})
	boom := errors.New("boom")
	h.stream = func(*http.Request) hub.Stream {
		return hub.Stream{Snapshot: func(context.Context) ([]hub.Encoded, uint64, error) { return nil, 0, boom }}
	}
	c := dial(t, h.url, "")
	c.must(t)
	if e := c.must(t); e.Type != "goodbye" || string(e.Data) != hub.ReasonError {
		t.Fatalf("%+v", e)
	}
	await(t, "the error", func() bool { return len(h.errors()) == 1 })
	if !errors.Is(h.errors()[0], boom) {
		t.Fatal(h.errors())
	}
}

// A snapshot made so slowly that the log moved on is made again, and one that
// claims a place in the future is refused.
func TestASnapshotMustStandInTheLog(t *testing.T) {
	h := open(t, hub.Options{SegmentBytes: 256, Segments: 2})
	h.publish(100, "")
	tries := 0
	h.stream = func(*http.Request) hub.Stream {
		return hub.Stream{Snapshot: func(ctx context.Context) ([]hub.Encoded, uint64, error) {
			if tries++; tries == 1 {
				return []hub.Encoded{{Data: []byte("old")}}, h.log.Head() - 99, nil
			}
			return h.snapshot(ctx)
		}}
	}
	if id, snapshots, err := dial(t, h.url, "").follow(100); err != nil || snapshots != 1 || id != h.log.ID(h.log.Head()) {
		t.Fatal(id, snapshots, err)
	}
	h.stream = func(*http.Request) hub.Stream {
		return hub.Stream{Snapshot: func(context.Context) ([]hub.Encoded, uint64, error) {
			return []hub.Encoded{{Data: []byte("early")}}, h.log.Head() + 1, nil
		}}
	}
	c := dial(t, h.url, "")
	c.must(t)
	if e := c.must(t); string(e.Data) != hub.ReasonError {
		t.Fatalf("%+v", e)
	}
}

func TestASnapshotInPartsCarriesItsIDLast(t *testing.T) {
	h := open(t, hub.Options{})
	h.publish(3, "")
	h.stream = func(*http.Request) hub.Stream {
		return hub.Stream{Snapshot: func(context.Context) ([]hub.Encoded, uint64, error) {
			return []hub.Encoded{{"schema", []byte("a\r\nb\rc\n")}, {"reset", nil}}, h.log.Head(), nil
		}}
	}
	c := dial(t, h.url, "")
	c.must(t)
	if e := c.must(t); e.Type != "schema" || string(e.Data) != "a\nb\nc\n" || e.ID != "" {
		t.Fatalf("%+v", e)
	}
	if e := c.must(t); e.Type != "reset" || len(e.Data) != 0 || e.ID != h.log.ID(h.log.Head()) {
		t.Fatalf("%+v", e)
	}
}

// A compressed viewer that resumes gets the frames before compression began
// deflated for itself, and then the shared ones: none is lost or repeated where
// the two meet, even if events come in between.
func TestCompressionBeginsInTheMiddleOfALog(t *testing.T) {
	for _, direct := range []bool{false, true} {
		h := open(t, hub.Options{Direct: direct})
		h.publish(100, "")
		id := h.log.ID(h.log.Head() - 50)
		for round := range 3 {
			for before := range 2 { // the second viewer finds the shared frames made
				c := dialWith(t, h, id, func() { h.publish(h.number()+10, "") })
				want := 51
				for ; want <= 100+(2*round+before+1)*10; want++ {
					if e := c.must(t); e.Type != "patch" || string(e.Data) != strconv.Itoa(want) {
						t.Fatalf("want %d, got %+v", want, e)
					}
				}
				if before == 1 {
					c.close()
				}
			}
			if s := h.Stats(); s.Packed != 1 {
				t.Fatalf("%+v", s)
			}
		}
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
