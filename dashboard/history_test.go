package dashboard

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
)

// rowsOf are lines of a file that grows.
func rowsOf(n int) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("c%d,%d,1", i%7, i)
	}
	return rows
}

func numbersOf(n int) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("%d,%d", i, i*i%97)
	}
	return rows
}

func TestHistoryTellsWhatEachRevisionDid(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m := New(Options{Hub: hub.New(hub.Options{}), Now: func() time.Time { return now }})
	load := func(path string, rows ...string) {
		m.Prepare(sheetOf(path, "customer,amount#,cost#", rows...), false)()
		now = now.Add(time.Minute)
	}
	load("orders.csv", "a,1,1", "b,2,2", "c,3,3")
	load("orders.csv", "a,1,1", "b,9,2", "c,3,3", "d,4,4")
	load("plan.csv", "a,1,1")
	load("orders.csv", "a,1,1", "c,3,3", "d,4,4")
	m.Gone("plan.csv")
	var got []string
	for _, r := range m.History(0).Revisions {
		got = append(got, fmt.Sprintf("%d %s %s +%d ~%d -%d", r.Revision, r.At[11:16], r.Source, r.Added, r.Changed, r.Removed))
	}
	want := []string{"1 12:00 orders +3 ~0 -0", "2 12:01 orders +1 ~1 -0", "3 12:02 plan +1 ~0 -0", "4 12:03 orders +0 ~0 -1", "5 12:04 plan +0 ~0 -1"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the history is\n%q and not\n%q", got, want)
	}
	for revision, rows := range map[uint64]int64{1: 3, 2: 4, 4: 3} {
		if s := m.At(revision); s == nil || s.Table("orders").Data.Rows() != rows {
			t.Errorf("revision %d does not have %d rows", revision, rows)
		}
	}
	if m.At(6) != nil {
		t.Error("a revision that has not happened can be looked at")
	}
}

func TestHistoryIsThinnedFromItsOldEnd(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	m := New(Options{Hub: hub.New(hub.Options{}), HistoryRevisions: 12, Now: func() time.Time { return now }})
	for i := range 200 {
		m.Prepare(sheetOf("orders.csv", "customer,amount#,cost#", rowsOf(3+i)...), false)()
		now = now.Add(20 * time.Minute)
	}
	all := m.History(0).Revisions
	if len(all) != 12 || all[11].Revision != 200 {
		t.Fatalf("%d revisions are kept, the newest is %d", len(all), all[len(all)-1].Revision)
	}
	// Three days went by, three changes an hour: of the days that are over one revision each is left, of the last hours
	// more.
	days := map[string]int{}
	for _, r := range all {
		days[r.At[:10]]++
		if s := m.At(r.Revision); s == nil || s.Table("orders").Data.Rows() != int64(r.Revision)+2 {
			t.Errorf("revision %d is not what it was", r.Revision)
		}
	}
	if days["2026-03-01"] != 1 || days["2026-03-02"] != 1 || days["2026-03-03"] != 10 {
		t.Errorf("by days there are %v", days)
	}
	if m.At(2) != nil {
		t.Error("a revision that was thinned out is answered by another one")
	}
}

// TestHistoryCountsWhatOnlyItHolds: rows that come at the end cost their own memory, whatever was there before.
func TestHistoryCountsWhatOnlyItHolds(t *testing.T) {
	m := New(Options{Hub: hub.New(hub.Options{}), HistoryBytes: 200 << 10})
	for i := range 120 {
		m.Prepare(sheetOf("orders.csv", "number#,amount#", numbersOf(4000+i)...), false)()
	}
	if n := len(m.History(0).Revisions); n < 100 {
		t.Errorf("only %d of 120 revisions of one row more are kept in 200 kB", n)
	}
	// Another file each time is not shared.
	for i := range 20 {
		rows := numbersOf(4000)
		rows[0] = fmt.Sprintf("%d,-1", i)
		m.Prepare(sheetOf("orders.csv", "number#,amount#", rows...), false)()
	}
	if m.history.held > 200<<10 {
		t.Errorf("history holds %d bytes", m.history.held)
	}
}

// TestHistoryIsToldFromWhereOneIs: a reader who asks for what is new has the list that one has who asks for all.
func TestHistoryIsToldFromWhereOneIs(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	m := New(Options{Hub: hub.New(hub.Options{}), HistoryRevisions: 12, Now: func() time.Time { return now }})
	have := []uint64{}
	newest := uint64(0)
	for i := range 150 {
		m.Prepare(sheetOf("orders.csv", "customer,amount#,cost#", rowsOf(3+i)...), false)()
		now = now.Add(20 * time.Minute)
		if i%4 != 0 {
			continue
		}
		more := m.History(newest)
		if more.After != newest || newest > 0 && len(more.Revisions) > 4 {
			t.Fatalf("after %d come %d revisions, told as after %d", newest, len(more.Revisions), more.After)
		}
		have = slices.DeleteFunc(have, func(r uint64) bool { return slices.Contains(more.Forgotten, r) })
		for _, r := range more.Revisions {
			have = append(have, r.Revision)
		}
		newest = have[len(have)-1]
		var want []uint64
		for _, r := range m.History(0).Revisions {
			want = append(want, r.Revision)
		}
		if !slices.Equal(have, want) {
			t.Fatalf("at %d one has %v and not %v", newest, have, want)
		}
	}
	if w := m.History(9999); w.After != 0 || len(w.Revisions) != 12 {
		t.Errorf("a revision that has not happened is answered with %d revisions after %d", len(w.Revisions), w.After)
	}
	m.history.unknown = 100
	if w := m.History(90); w.After != 0 || len(w.Forgotten) != 0 {
		t.Errorf("who has been away for too long is told %d and %v", w.After, w.Forgotten)
	}
}
