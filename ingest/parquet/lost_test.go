package parquet_test

import (
	"testing"
	"time"

	"github.com/dashira/dashira/ingest"
)

// A moment that a table has no cell for is empty in it, and the file is not wrong in silence.
func TestMomentsThatDoNotFitAreTold(t *testing.T) {
	type row struct {
		N     int64     `parquet:"n"`
		Day   int32     `parquet:"day,date"`
		Milli time.Time `parquet:"milli,timestamp(millisecond)"`
		Clock int32     `parquet:"clock,time(millisecond)"`
	}
	good := time.Date(2024, 2, 29, 12, 30, 0, 0, time.UTC)
	far := time.Date(20_000, 1, 1, 0, 0, 0, 0, time.UTC)
	load := written(t, []row{{1, 19_782, good, 1000}, {2, 100_000_000, far, -1}, {3, 19_783, far, 90_000_000}})
	got := map[string]ingest.Diagnostic{}
	for _, d := range load.Diagnostics {
		if d.Code != ingest.BadValue {
			t.Errorf("unexpected: %+v", d)
		}
		got[d.Column] = d
	}
	for column, want := range map[string]struct {
		count, line int
		value       string
	}{
		"day":   {1, 2, "275760-09-13"},
		"milli": {2, 2, "20000-01-01T00:00:00Z"},
		"clock": {2, 2, "-1"},
	} {
		d := got[column]
		if d.Count != want.count || d.Line != want.line || d.Value != want.value {
			t.Errorf("%s: %d times, line %d, %q; want %d, %d, %q", column, d.Count, d.Line, d.Value, want.count, want.line, want.value)
		}
	}
}
