package dashboard_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

var update = flag.Bool("update", false, "rewrite the recorded stream")

// order is one row of the table that these tests change.
type order struct {
	id     string
	day    int64
	region string
	pieces int64
	amount float64
}

var orderSchema = table.NewSchema(
	table.Field{Name: "order_id", Type: table.String}, table.Field{Name: "ordered_at", Type: table.Date},
	table.Field{Name: "region", Type: table.String}, table.Field{Name: "pieces", Type: table.Int},
	table.Field{Name: "amount", Type: table.Float, Unit: "EUR"},
)

func loadOf(orders []order) *ingest.Load {
	b := table.NewBuilder(orderSchema, nil)
	for _, o := range orders {
		region := table.TextValue(table.String, o.region)
		if o.region == "" {
			region = table.Value{}
		}
		b.Append(table.TextValue(table.String, o.id), table.IntValue(table.Date, o.day), region, table.IntValue(table.Int, o.pieces), table.FloatValue(o.amount))
	}
	var columns []ingest.Column
	for _, f := range orderSchema.Fields() {
		columns = append(columns, ingest.Column{Field: f})
	}
	return &ingest.Load{
		Path: "orders.csv", Format: "csv", Bytes: int64(40 * len(orders)), Modified: time.Unix(1_700_000_000, 0),
		Sheets: []ingest.Sheet{{Table: b.Table(), Columns: columns, Key: []string{"order_id"}}},
	}
}

func newOrder(r *rand.Rand, n int) order {
	regions := []string{"North", "South", "West", "East", "Isles", "Abroad", "Harbour", "Hills", ""}
	return order{
		id: fmt.Sprintf("A-%04d", n), day: 20_000 + int64(r.IntN(120)), region: regions[r.IntN(len(regions))],
		pieces: int64(1 + r.IntN(9)), amount: float64(r.IntN(20_000)) / 100,
	}
}

// edit changes the orders as people and programs do: a few rows more, some cells, some rows gone, now and then a lot.
func edit(r *rand.Rand, orders []order, next *int) []order {
	orders = slices.Clone(orders)
	for range 1 + r.IntN(4) {
		switch k := r.IntN(10); {
		case k < 5 || len(orders) < 10:
			for range 1 + r.IntN(3) {
				orders = append(orders, newOrder(r, *next))
				*next++
			}
		case k < 8:
			i := r.IntN(len(orders))
			o := newOrder(r, 0)
			o.id = orders[i].id
			orders[i] = o
		case k < 9:
			i := r.IntN(len(orders))
			orders = slices.Delete(orders, i, min(len(orders), i+1+r.IntN(3)))
		default:
			i, j := r.IntN(len(orders)), r.IntN(len(orders))
			orders[i], orders[j] = orders[j], orders[i]
		}
	}
	return orders
}

// follow serves one stream over HTTP and hands its events over.
func follow(t *testing.T, stream *dashboard.Stream) (next func() sse.Event) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = stream.Log().Serve(w, r, hub.Stream{Snapshot: func(context.Context) ([]hub.Encoded, uint64, error) {
			data, at, err := stream.Snapshot()
			return []hub.Encoded{{Event: wire.EventSnapshot, Data: data}}, at, err
		}})
	}))
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	reader := sse.NewReader(response.Body, "")
	return func() sse.Event {
		t.Helper()
		e, err := reader.Next()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

// apply is the slow and obvious reading of what package wire says of a patch.
func apply(t *testing.T, frame wire.Frame, p wire.Patch) wire.Frame {
	t.Helper()
	if p.Base != frame.Revision {
		t.Fatalf("%s: the patch is based on %d, the frame is at %d", p.Panel, p.Base, frame.Revision)
	}
	if p.Frame != nil {
		return *p.Frame
	}
	out := wire.Frame{Revision: p.Revision, Columns: frame.Columns, Facts: frame.Facts}
	if p.Facts != nil {
		out.Facts = p.Facts
	}
	for c, column := range frame.Values {
		var kept []any
		for i, v := range column {
			if !slices.Contains(p.Remove, i) {
				kept = append(kept, v)
			}
		}
		if p.Insert != nil {
			for k, at := range p.Insert.At {
				kept = slices.Insert(kept, at, p.Insert.Values[c][k])
			}
		}
		if p.Update != nil {
			for u, name := range p.Update.Columns {
				if name != frame.Columns[c].Name {
					continue
				}
				for k, at := range p.Update.At {
					if !reflect.DeepEqual(kept[at], p.Update.Old[u][k]) {
						t.Fatalf("%s: %s[%d] was %v, the patch says %v", p.Panel, name, at, kept[at], p.Update.Old[u][k])
					}
					kept[at] = p.Update.Values[u][k]
				}
			}
		}
		if len(kept) != p.Length {
			t.Fatalf("%s: %d rows, the patch says %d", p.Panel, len(kept), p.Length)
		}
		out.Values = append(out.Values, kept)
	}
	return out
}

func parse[T any](t *testing.T, data []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return v
}

func newModel(t *testing.T, epoch string) *dashboard.Model {
	t.Helper()
	h := hub.New(hub.Options{Epoch: epoch, BatchInterval: -1})
	now := time.Unix(1_700_000_000, 0)
	m := dashboard.New(dashboard.Options{Hub: h, Zone: time.UTC, WeekStart: time.Monday, Now: func() time.Time { return now }})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{}, 2)
	for _, run := range []func(context.Context) error{h.Run, m.Run} {
		go func() {
			_ = run(ctx)
			done <- struct{}{}
		}()
	}
	t.Cleanup(func() {
		cancel()
		<-done
		<-done
	})
	return m
}

// TestPatchesAddUpToTheSnapshot edits a table at random and holds the frames that a viewer arrives at by patches to
// those of somebody who comes now.
func TestPatchesAddUpToTheSnapshot(t *testing.T) {
	for _, query := range []string{"", "f.region=North&f.region=West", "f.amount=50..150&range=30d", "grain=month&compare=none&f.region=!South"} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s/%d", query, seed), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(seed, 1))
				m := newModel(t, "test")
				var orders []order
				next := 0
				for range 120 {
					orders = append(orders, newOrder(r, next))
					next++
				}
				m.Prepare(loadOf(orders), false)()
				selection := selectionOf(t, query)
				stream, err := m.Open(t.Context(), dashboard.Scope{}, "orders", selection)
				if err != nil {
					t.Fatal(err)
				}
				defer stream.Close()
				event := follow(t, stream)
				snapshot := parse[wire.Snapshot](t, []byte(event().Data))
				frames, last := snapshot.Frames, ""
				for range 25 {
					orders = edit(r, orders, &next)
					m.Prepare(loadOf(orders), false)()
					revision := m.State().Revision
					for done := false; !done; {
						e := event()
						last = e.ID
						switch e.Type {
						case wire.EventPatch:
							p := parse[wire.Patch](t, []byte(e.Data))
							frames[p.Panel] = apply(t, frames[p.Panel], p)
						case wire.EventLayout:
							frames = parse[wire.Layout](t, []byte(e.Data)).Frames
						case wire.EventSource:
							done = parse[wire.Source](t, []byte(e.Data)).Revision == revision
						}
					}
					compareFrames(t, frames, snapshotAt(t, stream, last).Frames)
					scratch, err := m.SnapshotAt(t.Context(), dashboard.Scope{}, "orders", selection, 0)
					if err != nil {
						t.Fatal(err)
					}
					encoded, err := json.Marshal(scratch)
					if err != nil {
						t.Fatal(err)
					}
					compareAnswers(t, frames, parse[wire.Snapshot](t, encoded).Frames)
				}
			})
		}
	}
}

// snapshotAt returns the stream's snapshot once it stands at an event, or at one behind it that only counts viewers: the
// picture follows right behind its events.
func snapshotAt(t *testing.T, stream *dashboard.Stream, id string) wire.Snapshot {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; runtime.Gosched() {
		data, _, err := stream.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if s := parse[wire.Snapshot](t, data); position(t, s.At) >= position(t, id) {
			return s
		}
		if time.Now().After(deadline) {
			t.Fatalf("the snapshot does not come to stand at %s", id)
		}
	}
}

func position(t *testing.T, id string) int {
	t.Helper()
	_, seq, _ := strings.Cut(id, "-")
	n, err := strconv.Atoi(seq)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func selectionOf(t *testing.T, query string) dashboard.Selection {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, "/?"+query, nil)
	s, err := dashboard.ParseSelection(request.URL.Query())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compareFrames(t *testing.T, got, want map[string]wire.Frame) {
	t.Helper()
	for panel, w := range want {
		if g := got[panel]; !reflect.DeepEqual(g, w) {
			t.Fatalf("%s: patches give\n%+v\nthe snapshot says\n%+v", panel, g, w)
		}
	}
}

// compareAnswers leaves out what may differ between one who was there and one who comes now: the revision at which a
// frame last changed, and charts whose grain or edges are kept while they are looked at.
func compareAnswers(t *testing.T, got, want map[string]wire.Frame) {
	t.Helper()
	for panel, w := range want {
		g := got[panel]
		if len(g.Columns) > 0 && (g.Columns[0].Name == "bucket" || g.Columns[0].Name == "start" || g.Columns[0].Name == "x") {
			continue
		}
		if !reflect.DeepEqual(g.Values, w.Values) {
			t.Fatalf("%s: patches give\n%v\nfrom scratch\n%v", panel, g.Values, w.Values)
		}
	}
}

// recording is a stream as the page's reducer replays it: the events as they came, and what they must add up to.
type recording struct {
	Events []recorded      `json:"events"`
	Final  json.RawMessage `json:"final"` // the snapshot of somebody who comes at the end
}

type recorded struct {
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

// withoutPosition takes the position in the log out of a snapshot: it depends on when viewers were counted.
func withoutPosition(t *testing.T, e sse.Event) json.RawMessage {
	t.Helper()
	if e.Type != wire.EventSnapshot {
		return json.RawMessage(e.Data)
	}
	s := parse[wire.Snapshot](t, e.Data)
	s.At = ""
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestTheRecordedStreamIsWhatTheServerSends keeps the fixture that the page's tests replay.
func TestTheRecordedStreamIsWhatTheServerSends(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	m := newModel(t, "recorded")
	var orders []order
	next := 0
	for range 60 {
		orders = append(orders, newOrder(r, next))
		next++
	}
	m.Prepare(loadOf(orders), false)()
	stream, err := m.Open(t.Context(), dashboard.Scope{}, "orders", selectionOf(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	event := follow(t, stream)
	var rec recording
	last := ""
	take := func() sse.Event {
		e := event()
		last = e.ID
		if e.Type != wire.EventViewers {
			rec.Events = append(rec.Events, recorded{e.Type, withoutPosition(t, e)})
		}
		return e
	}
	take()
	for range 12 {
		orders = edit(r, orders, &next)
		m.Prepare(loadOf(orders), false)()
		for take().Type != wire.EventSource {
		}
	}
	m.Fail("orders.csv", "csv", wire.LoadError{Message: "This quote is never closed.", Line: 12, Column: 4, Hint: "Close it."}, nil)
	for take().Type != wire.EventSource {
	}
	final := snapshotAt(t, stream, last)
	final.At = ""
	if rec.Final, err = json.Marshal(final); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(rec); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "assets", "src", "state", "testdata", "recorded.json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, out.Bytes()) {
		t.Errorf("%s is not what the server sends now; run go test ./dashboard -update and read the difference", path)
	}
}
