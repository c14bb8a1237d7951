package hub_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/hub/sse"
)

// A tube is a response without a network, for tests on the fake clock. It notes
// when each event came.
type tube struct {
	mu      sync.Mutex
	header  http.Header
	status  int
	parser  *sse.Parser
	events  []timed
	flushed int
	stalled bool
	until   time.Time
	change  chan struct{} // closed and made anew when until changes
}

type timed struct {
	sse.Event
	at time.Time
}

func newTube() *tube {
	return &tube{header: http.Header{}, parser: sse.NewParser(""), change: make(chan struct{})}
}

func (u *tube) Header() http.Header { return u.header }
func (u *tube) WriteHeader(n int)   { u.status = n }

func (u *tube) Write(b []byte) (int, error) {
	for {
		u.mu.Lock()
		if !u.until.IsZero() && !time.Now().Before(u.until) {
			u.mu.Unlock()
			return 0, os.ErrDeadlineExceeded
		}
		if !u.stalled {
			defer u.mu.Unlock()
			return len(b), u.parser.Feed(b, func(e sse.Event) { u.events = append(u.events, timed{e, time.Now()}) })
		}
		change, left := u.change, time.Until(u.until)
		u.mu.Unlock()
		select {
		case <-change:
		case <-time.After(left):
		}
	}
}

func (u *tube) FlushError() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.flushed++
	return nil
}

func (u *tube) SetReadDeadline(time.Time) error { return nil }

func (u *tube) SetWriteDeadline(t time.Time) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.until = t
	close(u.change)
	u.change = make(chan struct{})
	return nil
}

// types are the types of the events since the last call.
func (u *tube) take() (events []timed) {
	u.mu.Lock()
	defer u.mu.Unlock()
	events, u.events = u.events, nil
	return events
}

func names(events []timed) string {
	var b []string
	for _, e := range events {
		b = append(b, e.Type)
	}
	return strings.Join(b, " ")
}

// bubble runs test on a fake clock with a running hub and one log.
func bubble(t *testing.T, o hub.Options, test func(t *testing.T, h *hub.Hub, l *hub.Log, serve func(hub.Stream) (*tube, <-chan error))) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New(o)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _ = h.Run(ctx) })
		l := h.NewLog("bubble")
		test(t, h, l, func(s hub.Stream) (*tube, <-chan error) {
			u, ended := newTube(), make(chan error, 1)
			r, err := http.NewRequestWithContext(ctx, "GET", "/", nil)
			if err != nil {
				t.Fatal(err)
			}
			if s.Heartbeat == nil {
				s.Heartbeat = func(head string, now time.Time) (string, []byte) { return "heartbeat", []byte(head) }
			}
			s.Goodbye = func(reason string, retry time.Duration) (string, []byte) { return "goodbye", []byte(reason) }
			wg.Go(func() { ended <- l.Serve(u, r, s) })
			synctest.Wait()
			return u, ended
		})
		cancel()
		wg.Wait()
	})
}

func TestHeartbeatAfterSilenceOnly(t *testing.T) {
	bubble(t, hub.Options{}, func(t *testing.T, h *hub.Hub, l *hub.Log, serve func(hub.Stream) (*tube, <-chan error)) {
		u, _ := serve(hub.Stream{})
		began := time.Now()
		time.Sleep(46 * time.Second)
		events := u.take()
		if names(events) != "heartbeat heartbeat heartbeat" {
			t.Fatal(names(events))
		}
		for i, e := range events {
			if d := e.at.Sub(began); d != time.Duration(i+1)*15*time.Second {
				t.Errorf("heartbeat %d after %v", i+1, d)
			}
			if string(e.Data) != l.ID(l.Head()) || e.ID != "" {
				t.Errorf("%+v", e)
			}
		}
		// Data puts the next one off: silence counts from the last event.
		time.Sleep(8 * time.Second)
		l.Publish("patch", []byte("1"))
		sent := time.Now()
		time.Sleep(14 * time.Second)
		if events := u.take(); names(events) != "patch" || events[0].at != sent {
			t.Fatalf("%v", events)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		events = u.take()
		if names(events) != "heartbeat" || string(events[0].Data) != l.ID(l.Head()) {
			t.Fatalf("%v", events)
		}
		if s := h.Stats(); s.Heartbeats != 4 {
			t.Fatalf("%+v", s)
		}
	})
}

func TestAStreamEndsAtItsAge(t *testing.T) {
	bubble(t, hub.Options{MaxAge: 10 * time.Minute}, func(t *testing.T, h *hub.Hub, l *hub.Log, serve func(hub.Stream) (*tube, <-chan error)) {
		began := time.Now()
		at := map[time.Duration]bool{}
		var ends []<-chan error
		for range 20 {
			_, ended := serve(hub.Stream{})
			ends = append(ends, ended)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		for _, ended := range ends {
			wg.Go(func() {
				if err := <-ended; err != nil {
					t.Error(err)
				}
				mu.Lock()
				at[time.Since(began)] = true
				mu.Unlock()
			})
		}
		wg.Wait()
		for d := range at {
			if d < 8*time.Minute || d > 10*time.Minute {
				t.Errorf("ended after %v", d)
			}
		}
		if len(at) < 15 {
			t.Errorf("only %d different ages", len(at))
		}
	})
}

func TestTheFirstEventIsNotHeldBackAndABusyLogIsBatched(t *testing.T) {
	bubble(t, hub.Options{}, func(t *testing.T, h *hub.Hub, l *hub.Log, serve func(hub.Stream) (*tube, <-chan error)) {
		u, _ := serve(hub.Stream{})
		for i := range 10 { // ten a second: each at once
			l.Publish("patch", nil)
			synctest.Wait()
			if events := u.take(); names(events) != "patch" || events[0].at != time.Now() {
				t.Fatalf("event %d: %v", i, events)
			}
			time.Sleep(100 * time.Millisecond)
		}
		before := u.flushed
		var worst time.Duration
		var sent []time.Time
		for range 400 { // 200 a second for two seconds
			l.Publish("patch", nil)
			sent = append(sent, time.Now())
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Second)
		events := u.take()
		if len(events) != len(sent) {
			t.Fatalf("%d of %d events", len(events), len(sent))
		}
		for i, e := range events {
			worst = max(worst, e.at.Sub(sent[i]))
		}
		if worst > 50*time.Millisecond {
			t.Errorf("an event was held back for %v", worst)
		}
		if writes := u.flushed - before; writes > 70 || writes < 30 {
			t.Errorf("%d writes for 400 events in two seconds", writes)
		}
		time.Sleep(5 * time.Second) // quiet again: at once again
		u.take()
		l.Publish("patch", nil)
		synctest.Wait()
		if events := u.take(); names(events) != "patch" || events[0].at != time.Now() {
			t.Fatalf("%v", events)
		}
	})
}

func TestAStalledWriteEndsAfterTheTimeout(t *testing.T) {
	bubble(t, hub.Options{}, func(t *testing.T, h *hub.Hub, l *hub.Log, serve func(hub.Stream) (*tube, <-chan error)) {
		u, ended := serve(hub.Stream{})
		u.mu.Lock()
		u.stalled = true
		u.mu.Unlock()
		began := time.Now()
		l.Publish("patch", nil)
		if err := <-ended; !errors.Is(err, hub.ErrStalled) {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 7*time.Second || took > 15*time.Second {
			t.Fatalf("took %v", took)
		}
	})
}

func TestARevokedViewerStuckInAWriteEndsWithinASecond(t *testing.T) {
	bubble(t, hub.Options{}, func(t *testing.T, h *hub.Hub, l *hub.Log, serve func(hub.Stream) (*tube, <-chan error)) {
		done := make(chan struct{})
		u, ended := serve(hub.Stream{Done: done})
		u.mu.Lock()
		u.stalled = true
		u.mu.Unlock()
		l.Publish("patch", nil)
		synctest.Wait()
		time.Sleep(123 * time.Millisecond)
		began := time.Now()
		close(done)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > time.Second {
			t.Fatalf("took %v", took)
		}
	})
}

func TestARevokedViewerIsToldWhyAtOnce(t *testing.T) {
	bubble(t, hub.Options{}, func(t *testing.T, h *hub.Hub, l *hub.Log, serve func(hub.Stream) (*tube, <-chan error)) {
		done := make(chan struct{})
		u, ended := serve(hub.Stream{Done: done, DoneReason: func() string { return "revoked" }})
		l.Publish("patch", nil)
		began := time.Now()
		close(done)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		events := u.take()
		if last := events[len(events)-1]; last.Type != "goodbye" || string(last.Data) != "revoked" || last.at != began {
			t.Fatalf("%+v", events)
		}
	})
}

// Viewers that take no data hold up the end of the program for the drain timeout and no longer.
func TestCloseTakesNoLongerThanTheDrainTimeout(t *testing.T) {
	bubble(t, hub.Options{DrainTimeout: 2 * time.Second}, func(t *testing.T, h *hub.Hub, l *hub.Log, serve func(hub.Stream) (*tube, <-chan error)) {
		u, ended := serve(hub.Stream{})
		u.mu.Lock()
		u.stalled = true
		u.mu.Unlock()
		l.Publish("patch", nil)
		synctest.Wait()
		began := time.Now()
		h.Close()
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
		if err := <-ended; err != nil || h.Stats().Streams != 0 {
			t.Errorf("%v, %d streams are left", err, h.Stats().Streams)
		}
	})
}

// Without Run nothing is held back, and everything arrives.
func TestAHubThatDoesNotRunStillDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New(hub.Options{})
		l := h.NewLog("still")
		u, ended := newTube(), make(chan error, 1)
		r, err := http.NewRequestWithContext(t.Context(), "GET", "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() { ended <- l.Serve(u, r, hub.Stream{}) }()
		synctest.Wait()
		for i := range 100 {
			l.Publish("patch", []byte(strconv.Itoa(i)))
		}
		synctest.Wait()
		if n := len(u.take()); n != 100 {
			t.Fatalf("%d events", n)
		}
		h.Close()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	})
}

func TestDataOfAnyShapeArrives(t *testing.T) {
	bubble(t, hub.Options{}, func(t *testing.T, h *hub.Hub, l *hub.Log, serve func(hub.Stream) (*tube, <-chan error)) {
		u, _ := serve(hub.Stream{})
		check := func(event, data string) {
			t.Helper()
			time.Sleep(time.Second) // rare events are not held together
			l.Publish(event, []byte(data))
			synctest.Wait()
			want := strings.ReplaceAll(strings.ReplaceAll(data, "\r\n", "\n"), "\r", "\n")
			events := u.take()
			if len(events) != 1 || string(events[0].Data) != want || events[0].ID != l.ID(l.Head()) {
				t.Fatalf("%q %q became %+v", event, data, events)
			}
			wantType := strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ").Replace(event)
			if wantType == "" {
				wantType = "message"
			}
			if events[0].Type != wantType {
				t.Fatalf("type %q became %q", event, events[0].Type)
			}
		}
		for _, data := range []string{
			"", "x", " x", "  x", "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", "a\nb", "a\rb", "a\r\nb", "a\n\rb", "\na", "a\n", "a\r",
			"id: 5\nevent: forged\n\ndata: x", ":comment", "data: x", "retry: 1", "\x00", "a\x00b", "\uFEFFx", "x\uFEFF", "\xff\xfe", "…",
			strings.Repeat("long", 100_000), strings.Repeat("\n", 5000),
		} {
			check("patch", data)
		}
		for _, event := range []string{"", "a b", "a\nid: 7", "a\r\n\r\ndata: x", "a\x00b", "ünï"} {
			check(event, "x")
		}
	})
}

// Whatever is published arrives as one event with the same lines.
func FuzzPublish(f *testing.F) {
	f.Add("patch", []byte("a\r\nb\rc\n"))
	f.Add("", []byte{})
	f.Fuzz(func(t *testing.T, event string, data []byte) {
		h := hub.New(hub.Options{Epoch: "e"})
		l := h.NewLog("fuzz")
		l.Publish(event, data)
		l.Publish("end", nil)
		u := newTube()
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, "GET", "/?last_event_id="+l.ID(l.Head()-2), nil)
		if err != nil {
			t.Fatal(err)
		}
		l.Close("end")
		_ = l.Serve(u, r, hub.Stream{})
		cancel()
		want := bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
		events := u.take()
		if len(events) != 2 || !bytes.Equal(events[0].Data, want) || events[0].ID != l.ID(l.Head()-1) || events[1].Type != "end" {
			t.Fatalf("%q %q: %+v", event, data, events)
		}
	})
}

func TestEpochs(t *testing.T) {
	for _, given := range []string{"", "UPPER", "a-b", "a b", strings.Repeat("a", 33), "ü"} {
		h := hub.New(hub.Options{Epoch: given})
		if e := h.Epoch(); e == given || len(e) < 5 || len(e) > 32 || strings.Trim(e, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
			t.Errorf("%q became %q", given, e)
		}
	}
	if e := hub.New(hub.Options{Epoch: "m3x9k2"}).Epoch(); e != "m3x9k2" {
		t.Error(e)
	}
}
