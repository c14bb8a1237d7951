package dashboard_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// every is a table with three readings at each of n moments, so far apart from one another.
func every(step time.Duration, n int) *ingest.Load {
	schema := table.NewSchema(table.Field{Name: "at", Type: table.Timestamp}, table.Field{Name: "value", Type: table.Float})
	b := table.NewBuilder(schema, nil)
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for i := range n {
		for k := range 3 {
			b.Append(table.IntValue(table.Timestamp, start.Add(time.Duration(i)*step).UnixMicro()), table.FloatValue(float64(i%5+k)))
		}
	}
	var columns []ingest.Column
	for _, f := range schema.Fields() {
		columns = append(columns, ingest.Column{Field: f})
	}
	return &ingest.Load{Path: "readings.csv", Format: "csv", Sheets: []ingest.Sheet{{Table: b.Table(), Columns: columns}}}
}

func TestAnEvenCadenceIsALevelInTheSparkline(t *testing.T) {
	for _, step := range []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute} {
		m := modelOf(every(step, int(24*time.Hour/step)))
		m.PrepareWritten([]byte("dashboards:\n  readings:\n    rows:\n      - items: [{mark: kpi, y: count(), name: rows}, {mark: kpi, y: avg(value), name: level}]\n"), time.Time{})()
		q := url.Values{"range": {"2026-03-02T12:00:00Z..2026-03-02T13:00:00Z"}}
		s, err := dashboard.ParseSelection(q)
		if err != nil {
			t.Fatal(err)
		}
		w, err := m.SnapshotAt(t.Context(), dashboard.Scope{}, "readings", s, 0)
		if err != nil {
			t.Fatal(err)
		}
		f := w.Frames["rows"].Facts
		if f == nil || len(f.Spark) < 8 || len(f.SparkPrior) != len(f.Spark) {
			t.Fatalf("every %v: %+v", step, f)
		}
		if slices.Min(f.Spark) != slices.Max(f.Spark) || slices.Min(f.Spark) == 0 || slices.Min(f.SparkPrior) != slices.Max(f.SparkPrior) {
			t.Errorf("every %v the counts are %v after %v", step, f.Spark, f.SparkPrior)
		}
		if w.Frames["level"].Facts == nil || len(w.Frames["level"].Facts.Spark) == 0 {
			t.Errorf("every %v the mean has no sparkline", step)
		}
	}
}
