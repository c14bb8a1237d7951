package dashboard

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
)

// TestSelectionsThatNobodyWatchesMakeRoom: equal selections are one stream; of those that nobody watches the one that
// was left first goes when there are too many, and all of them after a while; whoever comes back is answered afresh.
func TestSelectionsThatNobodyWatchesMakeRoom(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m := New(Options{Hub: hub.New(hub.Options{}), MaxSelections: 3, Now: func() time.Time { return now }})
	t.Cleanup(func() { m.cancel(); m.running.Wait() })
	load := func(rows ...string) { m.Prepare(sheetOf("orders.csv", "customer,amount#,cost#", rows...), false)() }
	load(rowsOf(60)...)
	open := func(customer string) *Stream {
		s, err := ParseSelection(url.Values{"f.customer": {customer}})
		if err != nil {
			t.Fatal(err)
		}
		stream, err := m.Open(t.Context(), Scope{}, m.State().Dashboards()[0].Slug, s)
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
		return stream
	}
	live := func() string {
		m.streamsMu.Lock()
		defer m.streamsMu.Unlock()
		var names []string
		for _, s := range m.streams {
			names = append(names, s.selection.Filters["customer"]...)
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	watched, again := open("c0"), open("c0")
	if watched != again {
		t.Error("two equal selections are two streams")
	}
	again.Close()
	for _, c := range []string{"c1", "c2", "c3"} {
		open(c).Close()
	}
	if got := live(); got != "c0 c2 c3" {
		t.Errorf("alive are %s", got)
	}
	open("c2").Close() // it is used again, so c3 is now the one that was left first
	open("c4").Close()
	if got := live(); got != "c0 c2 c4" {
		t.Errorf("alive are %s", got)
	}

	// A selection that was dropped is answered as things are now.
	load(append(rowsOf(60), "c1,1000,1")...)
	back := open("c1")
	snapshot, _, err := back.Snapshot()
	if err != nil || !strings.Contains(string(snapshot), `"revision":2`) || !strings.Contains(string(snapshot), "1000") {
		t.Errorf("the selection that came back does not know the newest row: %v", err)
	}
	back.Close()

	now = now.Add(streamGrace + time.Second)
	m.streamsMu.Lock()
	m.prune()
	m.streamsMu.Unlock()
	if got := live(); got != "c0" {
		t.Errorf("after the time of grace %s are alive", got)
	}
	watched.Close()
}
