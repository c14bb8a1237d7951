package dashboard

import (
	"net/url"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// TestRangesHaveOneSpelling: however a range is written, viewers of one range follow one stream, and it is this stretch
// of the rows' time.
func TestRangesHaveOneSpelling(t *testing.T) {
	schema := table.NewSchema(table.Field{Name: "on", Type: table.Date}, table.Field{Name: "amount", Type: table.Float})
	b := table.NewBuilder(schema, nil)
	first := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := first; day.Before(time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC)); day = day.AddDate(0, 0, 1) {
		b.Append(table.IntValue(table.Date, day.Unix()/86_400), table.FloatValue(float64(day.Day())))
	}
	m := New(Options{Hub: hub.New(hub.Options{}), WeekStart: time.Monday})
	m.Prepare(&ingest.Load{Path: "sales.csv", Format: "csv", Sheets: []ingest.Sheet{{Table: b.Table(), Columns: []ingest.Column{{Field: schema.Field(0)}, {Field: schema.Field(1)}}}}}, false)()
	for _, c := range []struct {
		spelled, key string
		from, to     string
	}{
		{"all", "", "2024-12-30", "2026-05-25"},
		{"90d", "range=90d", "2026-02-19", "2026-05-20"},
		{"last 90 days", "range=90d", "2026-02-19", "2026-05-20"},
		{"Last 090 Days", "range=90d", "2026-02-19", "2026-05-20"},
		{"P90D", "range=90d", "2026-02-19", "2026-05-20"},
		{"last month", "range=1mo", "2026-04-20", "2026-05-20"},
		{"P1Y", "range=1y", "2025-05-20", "2026-05-20"},
		{"last 2 quarters", "range=2q", "2025-11-20", "2026-05-20"},
		{"week to date", "range=week+to+date", "2026-05-18", "2026-05-20"},
		{"Month to date", "range=month+to+date", "2026-05-01", "2026-05-20"},
		{"year to date", "range=year+to+date", "2026-01-01", "2026-05-20"},
		{"2026-01-01/2026-03-31", "range=2026-01-01..2026-04-01", "2026-01-01", "2026-04-01"},
		{"2026-01-01..2026-04-01", "range=2026-01-01..2026-04-01", "2026-01-01", "2026-04-01"},
	} {
		s, err := ParseSelection(url.Values{"range": {c.spelled}})
		if err != nil {
			t.Errorf("%q: %v", c.spelled, err)
			continue
		}
		state := m.State()
		if key := s.plain(state.Dashboards()[0]).Key(); key != c.key {
			t.Errorf("%q is the selection %q and not %q", c.spelled, key, c.key)
		}
		a, err := newAsking(t.Context(), m, Scope{}, state, state.Tables()[0], state.Dashboards()[0], s, 0)
		if err != nil {
			t.Fatal(err)
		}
		if from, to := a.axis.text(a.axis.from), a.axis.text(a.axis.to); from != c.from || to != c.to {
			t.Errorf("%q goes from %s to %s, not from %s to %s", c.spelled, from, to, c.from, c.to)
		}
	}
	for _, bad := range []string{"last 0 days", "last 90 moons", "P0D", "PT3D", "P9H", "today to date", "2026-13-01/2026-14-01", "P1Q"} {
		if _, err := ParseSelection(url.Values{"range": {bad}}); err == nil {
			t.Errorf("%q is a range", bad)
		}
	}
}
