package dashboard

import (
	"fmt"
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
	for _, r := range m.History().Revisions {
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
	all := m.History().Revisions
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
	if n := len(m.History().Revisions); n < 100 {
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
