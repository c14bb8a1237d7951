package hub_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
)

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
