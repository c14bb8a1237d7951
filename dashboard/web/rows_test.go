package web_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/dashboard/wire"
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

func TestRowsComeInEveryFormat(t *testing.T) {
	s := start(t, nil)
	b := table.NewBuilder(table.NewSchema(
		table.Field{Name: "id", Type: table.Int}, table.Field{Name: "text", Type: table.String}, table.Field{Name: "on", Type: table.Date},
	), nil)
	b.Append(table.IntValue(table.Int, 9007199254740993), table.TextValue(table.String, "=1+1"), table.IntValue(table.Date, 0))
	b.Append(table.IntValue(table.Int, 2), table.Value{}, table.Value{})
	s.load("x.csv", b.Table(), "id")
	if a := s.get("/api/v1/tables/x/rows?format=ndjson"); a.body != `{"id":"9007199254740993","text":"=1+1","on":"1970-01-01"}`+"\n"+`{"id":2,"text":null,"on":null}`+"\n" || a.header.Get("Dashira-Revision") != "1" {
		t.Errorf("ndjson: %q", a.body)
	}
	if a := s.get("/api/v1/tables/x/rows?format=csv"); a.body != "id,text,on\n9007199254740993,'=1+1,1970-01-01\n2,,\n" {
		t.Errorf("csv: %q", a.body)
	}
	var rows []map[string]any
	if a := s.get("/api/v1/tables/x/rows?sort=-id&limit=1&offset=1"); json.Unmarshal([]byte(a.body), &rows) != nil || len(rows) != 1 || rows[0]["id"] != 2.0 {
		t.Errorf("json: %q", a.body)
	}
	if a := s.get("/api/v1/tables/x/rows?format=xml"); a.status != 400 || !strings.Contains(a.body, "ndjson") {
		t.Errorf("an unknown format: %d %s", a.status, a.body)
	}
	if a := s.get("/api/v1/tables/x/rows?sort=nothing"); a.status != 400 {
		t.Errorf("an unknown column: %d %s", a.status, a.body)
	}
}

func TestRowsObeyTheRangeAndSayHowManyThereAre(t *testing.T) {
	s := start(t, nil)
	s.orders(30) // one a day from 2024-10-04
	a := s.get("/api/v1/tables/orders/rows?range=2024-10-10..2024-10-20&f.region=North&limit=2&q=a-0")
	var rows []map[string]any
	if json.Unmarshal([]byte(a.body), &rows) != nil || len(rows) != 2 || rows[0]["ordered_at"] != "2024-10-10" || a.header.Get("Dashira-Rows") != "4" {
		t.Errorf("%s rows: %q", a.header.Get("Dashira-Rows"), a.body)
	}
}

func TestNamesWithCommasCanBeSortedAndChosen(t *testing.T) {
	s := start(t, nil)
	b := table.NewBuilder(table.NewSchema(table.Field{Name: "Income, total", Type: table.Int}, table.Field{Name: `a\b`, Type: table.Int}), nil)
	for i := range 3 {
		b.Append(table.IntValue(table.Int, int64(i)), table.IntValue(table.Int, int64(-i)))
	}
	s.load("x.csv", b.Table())
	sort := url.QueryEscape(`-Income\, total,a\\b`)
	columns := url.QueryEscape(`a\\b,Income\, total`)
	if a := s.get("/api/v1/tables/x/rows?format=csv&sort=" + sort + "&columns=" + columns); a.body != "a\\b,\"Income, total\"\n-2,2\n-1,1\n0,0\n" {
		t.Errorf("%q", a.body)
	}
}

func TestAProfileTellsHowColumnsAreSpread(t *testing.T) {
	s := start(t, nil)
	b := table.NewBuilder(table.NewSchema(
		table.Field{Name: "on", Type: table.Date}, table.Field{Name: "town", Type: table.String}, table.Field{Name: "n", Type: table.Int},
	), nil)
	for i := range 60 {
		town := table.TextValue(table.String, []string{"Ulm", "Ulm", "Bonn"}[i%3])
		if i%6 == 0 {
			town = table.Value{}
		}
		b.Append(table.IntValue(table.Date, int64(20_000+i)), town, table.IntValue(table.Int, int64(i%4)))
	}
	s.load("x.csv", b.Table())
	var p wire.Profile
	a := s.get("/api/v1/dashboards/x/profile?columns=on,town,n&f.n=!3")
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || p.Rows != 45 || len(p.Columns) != 3 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	on, town, n := p.Columns[0], p.Columns[1], p.Columns[2]
	sum := func(counts []int64) (s int64) {
		for _, c := range counts {
			s += c
		}
		return s
	}
	if on.Distinct != 45 || on.Min != "2024-10-04" || on.Max != "2024-12-01" || sum(on.Counts) != 45 || len(on.Counts) > 24 {
		t.Errorf("on: %+v", on)
	}
	if town.Empty != 10 || town.Distinct != 2 || town.Top != "Ulm" || len(town.Counts) != 2 || sum(town.Counts) != 35 || town.Counts[0] <= town.Counts[1] {
		t.Errorf("town: %+v", town)
	}
	if n.Distinct != 3 || n.Min != 0.0 || n.Max != 2.0 || len(n.Counts) != 3 || n.Counts[0] != 15 {
		t.Errorf("n: %+v", n)
	}
	if a := s.get("/api/v1/dashboards/x/profile?columns=nothing"); a.status != 400 || !strings.Contains(a.body, "town") {
		t.Errorf("an unknown column: %d %s", a.status, a.body)
	}
}

func TestAListCanBeSeenWhole(t *testing.T) {
	s := start(t, nil)
	b := table.NewBuilder(table.NewSchema(table.Field{Name: "town", Type: table.String}, table.Field{Name: "amount", Type: table.Float}), nil)
	for i := range 900 {
		b.Append(table.TextValue(table.String, "Town "+string(rune('A'+i%26))), table.FloatValue(float64(i%7)))
	}
	s.load("x.csv", b.Table())
	var snapshot wire.Snapshot
	if err := json.Unmarshal([]byte(s.get("/api/v1/dashboards/x/snapshot").body), &snapshot); err != nil {
		t.Fatal(err)
	}
	panel := ""
	for _, row := range snapshot.Rows {
		for _, item := range row.Items {
			if item.Mark == "ranked" {
				panel = item.Panel
			}
		}
	}
	short := snapshot.Frames[panel]
	if panel == "" || len(short.Values[0]) != 10 || short.Facts.OtherCount != 16 {
		t.Fatalf("%q: %+v", panel, short)
	}
	var long wire.Frame
	a := s.get("/api/v1/dashboards/x/panels/" + panel + "?limit=100")
	if json.Unmarshal([]byte(a.body), &long) != nil || len(long.Values[0]) != 26 || long.Facts.OtherCount != 0 || long.Values[0][0] != short.Values[0][0] {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := s.get("/api/v1/dashboards/x/panels/data?limit=100"); a.status != 404 {
		t.Errorf("a table: %d %s", a.status, a.body)
	}
}
