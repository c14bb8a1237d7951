package web_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/parquet"
	"github.com/dashira/dashira/table"
)

func withFiles(o *web.Options) {
	o.Writers = map[string]web.Writer{
		"arrow":   {ContentType: "application/vnd.apache.arrow.file", Write: ingest.WriteArrowParts},
		"parquet": {ContentType: "application/vnd.apache.parquet", Write: parquet.WriteParts},
	}
}

// numbers is a table of n rows, more than a part of an answer holds, in no order.
func numbers(n, add int) *table.Table {
	b := table.NewBuilder(table.NewSchema(table.Field{Name: "n", Type: table.Int}, table.Field{Name: "kind", Type: table.String}), nil)
	for i := range n {
		b.Append(table.IntValue(table.Int, int64(i*7919%n+add)), table.TextValue(table.String, fmt.Sprint("kind ", i%5)))
	}
	return b.Table()
}

// read returns the first column and how many rows an answer of a format holds.
func read(t *testing.T, format, body string) (ns []int64) {
	t.Helper()
	switch format {
	case "json":
		var rows []struct{ N int64 }
		if err := json.Unmarshal([]byte(body), &rows); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			ns = append(ns, r.N)
		}
	case "ndjson":
		for line := range strings.Lines(body) {
			var r struct{ N int64 }
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			ns = append(ns, r.N)
		}
	case "csv":
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows[1:] {
			var n int64
			fmt.Sscan(r[0], &n)
			ns = append(ns, n)
		}
	default:
		path := filepath.Join(t.TempDir(), "rows."+format)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		load, err := ingest.NewLoader(ingest.LoaderOptions{}, parquet.New(), parquet.NewArrow()).Load(t.Context(), path, f, int64(len(body)), ingest.Options{})
		if err != nil || load.Damage != nil {
			t.Fatal(err, load)
		}
		for _, c := range load.Sheets[0].Table.Chunks() {
			ns = append(ns, c.Column(0).Ints()...)
		}
	}
	return ns
}

func TestRowsInEveryFormat(t *testing.T) {
	s := start(t, withFiles)
	const n = 30_000
	s.load("numbers.csv", numbers(n, 0))
	s.load("numbers.csv", numbers(n, 1_000_000))
	for format, media := range map[string]string{
		"json": "application/json", "ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8",
		"arrow": "application/vnd.apache.arrow.file", "parquet": "application/vnd.apache.parquet",
	} {
		for _, c := range []struct {
			query       string
			rows        int
			first, last int64
		}{
			{"", n, 1_000_000, int64(1_000_000 + (n-1)*7919%n)},
			{"&sort=-n", n, 1_000_000 + n - 1, 1_000_000},
			{"&sort=n&offset=29990", 10, 1_000_000 + 29_990, 1_000_000 + n - 1},
			{"&at=1&sort=n", n, 0, n - 1},
			{"&at=1&sort=n&f.kind=kind+3&q=KIND", n / 5, 2, n - 3},
			{"&f.n=1000000..1000010&sort=-n", 10, 1_000_009, 1_000_000},
			{"&f.n=5..6", 0, 0, 0},
		} {
			a := s.get("/api/v1/tables/numbers/rows?format=" + format + c.query)
			if a.status != http.StatusOK || a.header.Get("Content-Type") != media {
				t.Fatalf("%s%s: status %d, %s", format, c.query, a.status, a.header.Get("Content-Type"))
			}
			if c.rows == 0 && format != "json" && format != "csv" && format != "ndjson" {
				continue // a file without rows is a file all the same
			}
			got := read(t, format, a.body)
			if len(got) != c.rows || c.rows > 0 && (got[0] != c.first || got[len(got)-1] != c.last) {
				t.Errorf("%s%s: %d rows; want %d from %d to %d", format, c.query, len(got), c.rows, c.first, c.last)
				if len(got) > 0 {
					t.Errorf("they go from %d to %d", got[0], got[len(got)-1])
				}
			}
		}
	}
}
