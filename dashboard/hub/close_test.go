package hub_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
)

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
