package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// served is a running server over a model that the test feeds by hand.
type served struct {
	t      *testing.T
	base   string
	model  *dashboard.Model
	shares *share.Store
}

var dist = fstest.MapFS{
	"index.html":         {Data: []byte(`<!doctype html><html lang="en"><title>dashira</title><script type="application/json" id="boot"></script>`)},
	"theme.js":           {Data: []byte("1")},
	"assets/main-abc.js": {Data: []byte("console.log(1)")},
}

func start(t *testing.T, change func(*web.Options)) *served {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := hub.New(hub.Options{})
	m := dashboard.New(dashboard.Options{Hub: h, Zone: time.UTC})
	s, err := share.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := web.Options{Model: m, Hub: h, Shares: s, Dist: dist, Version: "test", Title: "data", Root: "./data", Extensions: []string{".csv"}}
	if change != nil {
		change(&o)
	}
	server, err := web.New(o, l)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 4)
	for _, run := range []func(context.Context) error{h.Run, m.Run, s.Run, server.Run} {
		go func() { done <- run(ctx) }()
	}
	t.Cleanup(func() {
		cancel()
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
	return &served{t: t, base: "http://" + l.Addr().String(), model: m, shares: s}
}

// orders gives the model a table of n orders.
func (s *served) orders(n int) {
	schema := table.NewSchema(
		table.Field{Name: "order_id", Type: table.String}, table.Field{Name: "ordered_at", Type: table.Date},
		table.Field{Name: "region", Type: table.String}, table.Field{Name: "amount", Type: table.Float, Unit: "EUR"},
	)
	b := table.NewBuilder(schema, nil)
	for i := range n {
		b.Append(table.TextValue(table.String, "A-"+string(rune('0'+i/100))+string(rune('0'+i/10%10))+string(rune('0'+i%10))),
			table.IntValue(table.Date, int64(20_000+i)), table.TextValue(table.String, []string{"North", "South", "West"}[i%3]), table.FloatValue(float64(i)))
	}
	s.load("orders.csv", b.Table(), "order_id")
}

func (s *served) load(path string, t *table.Table, key ...string) {
	columns := make([]ingest.Column, t.Schema().Len())
	for i, f := range t.Schema().Fields() {
		columns[i] = ingest.Column{Field: f}
	}
	s.model.Prepare(&ingest.Load{
		Path: path, Format: "csv", Bytes: 100, Modified: time.Unix(1_700_000_000, 0),
		Sheets: []ingest.Sheet{{Table: t, Columns: columns, Key: key}},
	}, false)()
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (s *served) do(method, path string, body any, change func(*http.Request)) answer {
	s.t.Helper()
	var payload io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		payload = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, payload)
	if err != nil {
		s.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(b)}
}

func (s *served) get(path string) answer { return s.do(http.MethodGet, path, nil, nil) }

// events opens a stream and returns its events as they come.
func (s *served) events(path string, change func(*http.Request)) (<-chan event, func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s", path, response.Status)
	}
	out := make(chan event, 256)
	go func() {
		defer close(out)
		defer response.Body.Close()
		var e event
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(nil, 8<<20)
		for lines.Scan() {
			switch name, value, _ := strings.Cut(lines.Text(), ": "); name {
			case "event":
				e.name = value
			case "id":
				e.id = value
			case "data":
				e.data += value
			case "":
				if e.name != "" {
					out <- e
				}
				e = event{}
			}
		}
	}()
	return out, cancel
}

type event struct{ name, id, data string }

// next returns the next event, leaving out those that are about the connection.
func (s *served) next(events <-chan event) event {
	s.t.Helper()
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return event{name: "end"}
			}
			if e.name != wire.EventViewers && e.name != wire.EventHeartbeat {
				return e
			}
		case <-time.After(2 * time.Minute):
			s.t.Fatal("no event within two minutes")
		}
	}
}

func TestOneAppendedRowIsOnePatchPerPanelAndOneSource(t *testing.T) {
	s := start(t, nil)
	s.orders(90)
	events, cancel := s.events("/api/v1/dashboards/orders/events", nil)
	defer cancel()
	if e := s.next(events); e.name != wire.EventHello {
		t.Fatalf("the first event is %s", e.name)
	}
	e := s.next(events)
	if e.name != wire.EventSnapshot || e.id == "" {
		t.Fatalf("the second event is %s %q", e.name, e.id)
	}
	var snapshot wire.Snapshot
	if err := json.Unmarshal([]byte(e.data), &snapshot); err != nil {
		t.Fatal(err)
	}
	s.orders(91)
	patched := map[string]int{}
	for {
		e := s.next(events)
		if e.name == wire.EventSource {
			var src wire.Source
			if err := json.Unmarshal([]byte(e.data), &src); err != nil {
				t.Fatal(err)
			}
			if src.Added != 1 || src.Removed != 0 || src.Changed != 0 || src.Rows != 91 {
				t.Errorf("source says %+v", src)
			}
			break
		}
		if e.name != wire.EventPatch {
			t.Fatalf("%s came", e.name)
		}
		var p wire.Patch
		if err := json.Unmarshal([]byte(e.data), &p); err != nil {
			t.Fatal(err)
		}
		patched[p.Panel]++
		if p.Base != snapshot.Frames[p.Panel].Revision {
			t.Errorf("the patch of %s is based on %d, the frame is at %d", p.Panel, p.Base, snapshot.Frames[p.Panel].Revision)
		}
	}
	if len(patched) < 3 {
		t.Errorf("only %v changed", patched)
	}
	for panel, n := range patched {
		if n != 1 {
			t.Errorf("%s was patched %d times", panel, n)
		}
	}
	s.orders(91) // the same content again
	s.orders(92)
	if e := s.next(events); e.name != wire.EventPatch {
		t.Errorf("after a rewrite without a difference %s came: %s", e.name, e.data)
	}
}

func TestResumeGivesExactlyWhatWasMissed(t *testing.T) {
	s := start(t, nil)
	s.orders(50)
	events, cancel := s.events("/api/v1/dashboards/orders/events", nil)
	s.next(events)
	last := s.next(events).id
	cancel()
	watcher, stop := s.events("/api/v1/dashboards/orders/events", nil)
	defer stop()
	s.next(watcher)
	s.next(watcher)
	s.orders(51)
	var missed []event
	for {
		e := s.next(watcher)
		missed = append(missed, e)
		if e.name == wire.EventSource {
			break
		}
	}
	resumed, cancel := s.events("/api/v1/dashboards/orders/events", func(r *http.Request) { r.Header.Set("Last-Event-ID", last) })
	defer cancel()
	if e := s.next(resumed); !strings.Contains(e.data, `"resumed":true`) {
		t.Fatalf("%s %s", e.name, e.data)
	}
	for i, want := range missed {
		if got := s.next(resumed); got != want {
			t.Fatalf("event %d: got %v, want %v", i, got, want)
		}
	}
	for _, id := range []string{"nonsense", "zzz-1", s.model.Epoch() + "-999999999999", strings.Replace(last, "-", "-0", 1)} {
		other, cancel := s.events("/api/v1/dashboards/orders/events", func(r *http.Request) { r.Header.Set("Last-Event-ID", id) })
		s.next(other)
		if e := s.next(other); e.name != wire.EventSnapshot {
			t.Errorf("id %q was answered with %s", id, e.name)
		}
		cancel()
	}
	foreign, cancel := s.events("/api/v1/dashboards/orders/events?f.region=North", func(r *http.Request) { r.Header.Set("Last-Event-ID", last) })
	defer cancel()
	s.next(foreign)
	if e := s.next(foreign); e.name != wire.EventSnapshot {
		t.Errorf("another stream's id was answered with %s", e.name)
	}
}

func TestHostsOtherThanOursAreMisdirected(t *testing.T) {
	s := start(t, func(o *web.Options) { o.Hosts = []string{"dash.example.org"} })
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.base, "http://"))
	for host, want := range map[string]int{
		"localhost:" + port: 200, "127.0.0.1:" + port: 200, "[::1]:" + port: 200, "app.localhost": 200, "dash.example.org": 200, "LOCALHOST": 200,
		"evil.example.org": 421, "10.1.2.3": 421, "127.0.0.1.nip.io": 421, "localhost.evil.example": 421, "localhost:80a": 421, "169.254.1.1:" + port: 421,
	} {
		a := s.do(http.MethodGet, "/healthz", nil, func(r *http.Request) { r.Host = host })
		if a.status != want {
			t.Errorf("Host %q: %d, want %d", host, a.status, want)
		}
	}
}

func TestEveryAnswerCarriesTheHeadersThatKeepItHere(t *testing.T) {
	s := start(t, nil)
	s.orders(10)
	s.model.SetReady()
	for _, path := range []string{"/", "/healthz", "/theme.js", "/api/v1/tables", "/nothing", "/api/v1/dashboards/none/events"} {
		h := s.get(path).header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s lets other origins read it", path)
		}
	}
}

func TestOtherSitesCannotChangeAnything(t *testing.T) {
	s := start(t, nil)
	s.orders(10)
	for name, header := range map[string][2]string{"fetch metadata": {"Sec-Fetch-Site", "cross-site"}, "origin": {"Origin", "http://evil.example"}} {
		a := s.do(http.MethodPost, "/api/v1/shares", wire.ShareRequest{Dashboards: []string{"orders"}}, func(r *http.Request) { r.Header.Set(header[0], header[1]) })
		if a.status != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	a := s.do(http.MethodPost, "/api/v1/shares", wire.ShareRequest{Dashboards: []string{"orders"}}, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
	if a.status != http.StatusUnsupportedMediaType {
		t.Errorf("a form's content type: %d", a.status)
	}
	if a := s.do(http.MethodOptions, "/api/v1/shares", nil, nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("OPTIONS: %d", a.status)
	}
	if n := len(s.shares.List()); n != 0 {
		t.Errorf("%d links were made", n)
	}
}

func TestPathsHaveOneSpelling(t *testing.T) {
	s := start(t, nil)
	s.orders(10)
	for _, path := range []string{"//healthz", "/./healthz", "/x/../healthz", "/%2e%2e/healthz", "/assets%2fmain-abc.js", "/assets\\main-abc.js", "/healthz%00", "/assets/../index.html"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		status, err := bufio.NewReader(conn).ReadString('\n')
		conn.Close()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(status, " 400 ") && !strings.Contains(status, " 404 ") {
			t.Errorf("%s: %s", path, status)
		}
	}
}

func TestDataInThePageCannotEndItsElement(t *testing.T) {
	s := start(t, nil)
	b := table.NewBuilder(table.NewSchema(table.Field{Name: "</script><script>alert(1)</script>", Type: table.String}), nil)
	b.Append(table.TextValue(table.String, "</script><img src=x onerror=alert(1)>"))
	s.load("x.csv", b.Table())
	page := s.get("/").body
	if n := strings.Count(page, "</script>"); n != 1 {
		t.Errorf("the page has %d ends of scripts", n)
	}
	if strings.Contains(page, "<img") {
		t.Error("markup of the data is in the page")
	}
}

func TestDocumentsAreKnownByTheirTag(t *testing.T) {
	s := start(t, nil)
	s.orders(10)
	tag := s.get("/api/v1/tables").header.Get("ETag")
	again := s.do(http.MethodGet, "/api/v1/tables", nil, func(r *http.Request) { r.Header.Set("If-None-Match", tag) })
	if tag == "" || again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("tag %q: %d %q", tag, again.status, again.body)
	}
	if head := s.do(http.MethodHead, "/api/v1/tables", nil, nil); head.status != 200 || head.header.Get("ETag") != tag || head.body != "" {
		t.Errorf("HEAD: %d %q", head.status, head.body)
	}
}
