package dashboard

import (
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
)

func TestASourceThatOughtToHaveChangedIsStale(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m := New(Options{Hub: hub.New(hub.Options{}), Now: func() time.Time { return now }})
	read := func(path string, modified time.Time) {
		load := dated(path, "day,amount", "2026-01-10,100", "2026-02-03,200")
		load.Modified = modified
		m.Prepare(load, false)()
	}
	read("sales.csv", now.Add(-time.Hour))
	read("other.csv", now.Add(-90*24*time.Hour))
	m.SetReady()
	write := func(text string) { m.PrepareWritten([]byte(text), time.Time{})() }
	write("tables: {sales: {stale_after: 2h}}")
	said := func() (state, since string) {
		t.Helper()
		m.age()
		w := m.State().wireSource(m.State().SourceAt("sales.csv"), Scope{Guest: true})
		if other := m.State().SourceAt("other.csv"); other.State != wire.StateOK {
			t.Errorf("the other source is %s", other.State)
		}
		return w.State, w.Unchanged
	}
	expect := func(when, state, since string) {
		t.Helper()
		if s, u := said(); s != state || u != since {
			t.Errorf("%s: %s %q, not %s %q", when, s, u, state, since)
		}
	}
	expect("an hour after it was saved", wire.StateOK, "")
	now = now.Add(90 * time.Minute)
	expect("two and a half hours after it", wire.StateStale, "2026-03-01T11:00:00.000Z")
	rows := m.State().SourceAt("sales.csv").Rows
	if rows != 2 {
		t.Errorf("a stale source has %d rows", rows)
	}
	expect("looked at again", wire.StateStale, "2026-03-01T11:00:00.000Z")
	read("sales.csv", now)
	expect("saved again", wire.StateOK, "")
	now = now.Add(3 * time.Hour)
	expect("three hours after that", wire.StateStale, "2026-03-01T13:30:00.000Z")
	write("tables: {sales: {stale_after: 1d}}")
	expect("when a day is enough", wire.StateOK, "")
	now = now.Add(48 * time.Hour)
	expect("two days later", wire.StateStale, "2026-03-01T13:30:00.000Z")
	write("{}")
	expect("when nobody wants anything of it", wire.StateOK, "")
	// A file that cannot be read is that, whatever its age.
	write("tables: {sales: {stale_after: 2h}}")
	m.Fail("sales.csv", "csv", wire.LoadError{Message: "broken"}, nil)
	expect("broken", wire.StateError, "")
}
