package ingest_test

import (
	"bytes"
	stdcsv "encoding/csv"
	stdjson "encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/csv"
	"github.com/dashira/dashira/ingest/json"
	"github.com/dashira/dashira/table"
)

// loadBytes loads a content under a name and fails on what must never happen: an error of ours, a panic.
func loadBytes(t testing.TB, l *ingest.Loader, dir, name string, content []byte, o ingest.Options) *ingest.Load {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	load := loadFile(t, l, path, o)
	if load.Damage != nil && strings.Contains(load.Damage.Message, "fault in dashira") {
		t.Fatalf("panic while reading %q", content)
	}
	for _, s := range load.Sheets {
		for r := range s.Table.Rows() {
			rowText(s.Table, r)
		}
	}
	return load
}

// parsers are the checks of what is read, by the kind of file; each is a fuzz target, and explored at random with a
// fixed seed in every test run.
var parsers = []struct {
	name  string
	seeds []string // endings of files in testdata
	check func(t testing.TB, content []byte)
	most  int // files of the way that were gone in half a minute; a faster machine goes no further, so that none fails alone
}{
	{"CSV", []string{".csv", ".tsv", ".txt"}, checkCSV, 3900},
	{"PlainCSV", []string{".csv"}, checkPlainCSV, 430_000},
	{"JSON", []string{".json", ".ndjson"}, checkJSON, 29_000},
	{"Lines", []string{".ndjson", ".json"}, checkLines, 11_000},
	{"Book", []string{".xlsx"}, checkBook, 28_000},
	{"Parquet", []string{".parquet"}, checkParquet, 32_000},
	{"Arrow", []string{".arrow", ".arrows"}, checkArrow, 33_000},
}

func fuzz(f *testing.F, name string) {
	for _, p := range parsers {
		if p.name != name {
			continue
		}
		for _, seed := range seedsOf(f, p.seeds) {
			f.Add(seed)
		}
		f.Fuzz(func(t *testing.T, content []byte) { p.check(t, content) })
		return
	}
	f.Fatalf("there is no parser %s", name)
}

// FuzzCSV holds to three oracles: nothing panics; a prefix and then the whole reads as the whole at once; so does the
// file cut into other blocks.
func FuzzCSV(f *testing.F) { fuzz(f, "CSV") }

// FuzzPlainCSV holds the cells of well-formed files to encoding/csv.
func FuzzPlainCSV(f *testing.F) { fuzz(f, "PlainCSV") }

// FuzzJSON holds what is accepted as a document, and what is not, to encoding/json.
func FuzzJSON(f *testing.F) { fuzz(f, "JSON") }

// FuzzLines holds the rows of NDJSON to a decoder of each line, and the reading in steps and blocks to one at once.
func FuzzLines(f *testing.F) { fuzz(f, "Lines") }

// FuzzBook reads damaged workbooks, which must not panic.
func FuzzBook(f *testing.F) { fuzz(f, "Book") }

// FuzzParquet reads damaged Parquet files, which must not panic.
func FuzzParquet(f *testing.F) { fuzz(f, "Parquet") }

// FuzzArrow reads damaged Arrow files and streams, which must not panic.
func FuzzArrow(f *testing.F) { fuzz(f, "Arrow") }

const mostFuzzed = 1 << 16

func checkCSV(t testing.TB, content []byte) {
	if len(content) <= mostFuzzed {
		inSteps(t, "a.csv", content)
	}
}

func checkJSON(t testing.TB, content []byte) {
	if len(content) > mostFuzzed {
		return
	}
	load := loadBytes(t, newLoader(), t.TempDir(), "a.json", content, ingest.Options{})
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 || bytes.HasPrefix(content, []byte("\xef\xbb\xbf")) {
		return
	}
	if load.Damage == nil && load.Format == "json" {
		d := stdjson.NewDecoder(bytes.NewReader(content))
		for d.More() {
			var v any
			if err := d.Decode(&v); err != nil {
				if strings.Contains(err.Error(), "exceeded max depth") || strings.Contains(err.Error(), "cannot unmarshal number") {
					return
				}
				t.Fatalf("%q is read, but is no JSON: %v", content, err)
			}
		}
	}
	if stdjson.Valid(content) && load.Damage != nil && load.Damage.Code == ingest.BadJSON && !strings.Contains(load.Damage.Message, "nested") && !strings.Contains(load.Damage.Message, "different") {
		t.Fatalf("%q is JSON, but: %s", content, load.Damage.Message)
	}
}

// checkLines counts the lines that are objects, for files in which every line is one or is no JSON at all.
func checkLines(t testing.TB, content []byte) {
	if len(content) > mostFuzzed {
		return
	}
	inSteps(t, "a.ndjson", content)
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 || bytes.HasPrefix(content, []byte("\xef\xbb\xbf")) || !bytes.HasSuffix(content, []byte("\n")) {
		return
	}
	rows := int64(0)
	for line := range bytes.Lines(content) {
		if len(bytes.TrimLeft(line, " \t\r\n")) == 0 {
			continue
		}
		var v map[string]any
		d := stdjson.NewDecoder(bytes.NewReader(line))
		if err := d.Decode(&v); err != nil || v == nil || d.More() || depth(v) > 60 {
			return
		}
		rows++
	}
	load := loadBytes(t, newLoader(), t.TempDir(), "a.ndjson", content, ingest.Options{})
	if load.Damage != nil || load.Format != "ndjson" {
		return // one document over all, or a limit: said so
	}
	if got := load.Sheets[0].Table.Rows(); got != rows {
		t.Fatalf("%d rows of %q, want %d", got, content, rows)
	}
}

func depth(v any) int {
	most := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			most = max(most, depth(e))
		}
	case []any:
		for _, e := range v {
			most = max(most, depth(e))
		}
	default:
		return 0
	}
	return most + 1
}

// inSteps loads a prefix and then the whole, and the whole in small blocks by several goroutines, and compares both with
// a fresh load.
func inSteps(t testing.TB, name string, content []byte) {
	dir := t.TempDir()
	l := newLoader()
	loadBytes(t, l, dir, name, content[:len(content)/2], ingest.Options{})
	got := loadBytes(t, l, dir, name, content, ingest.Options{})
	want := loadBytes(t, newLoader(), dir, name, content, ingest.Options{})
	got.Diagnostics = without(got.Diagnostics, ingest.TypeWidened, ingest.SchemaChanged)
	got.Counts = want.Counts
	same(t, got, want)
	for _, o := range []ingest.LoaderOptions{{Block: 64, Workers: 3, Limits: patient}, {Block: 97, Workers: 1, Limits: patient}} {
		l := ingest.NewLoader(o, csv.New(), json.New())
		same(t, loadBytes(t, l, dir, name, content, ingest.Options{}), want)
	}
}

// checkPlainCSV compares with encoding/csv what both read in the same way.
func checkPlainCSV(t testing.TB, content []byte) {
	if len(content) > 1<<16 || !utf8.Valid(content) || bytes.ContainsAny(content, "\x00\r\uFEFF") || !bytes.HasSuffix(content, []byte("\n")) {
		return
	}
	r := stdcsv.NewReader(bytes.NewReader(content))
	records, err := r.ReadAll()
	if err != nil || len(records) < 2 || len(records[0]) < 2 || len(records[0]) > 4096 || bytes.Contains(content, []byte("\n\n")) || bytes.HasPrefix(content, []byte("\n")) {
		return
	}
	for _, rec := range records {
		empty := true
		for _, c := range rec {
			// Blanks around cells are kept by the one and cut by the other.
			if strings.TrimSpace(c) != c || strings.ContainsAny(c, "\n#%/") {
				return
			}
			empty = empty && c == ""
		}
		if empty {
			return
		}
	}
	if strings.HasPrefix(strings.ToLower(strings.TrimLeft(string(content), `"`)), "sep=") {
		return
	}
	none := 0
	columns := map[string]ingest.ColumnOptions{}
	for i := range records[0] {
		columns[columnName(i)] = ingest.ColumnOptions{Type: table.String}
	}
	load := loadBytes(t, newLoader(), t.TempDir(), "a.csv", content, ingest.Options{Delimiter: ",", Quote: `"`, HeaderRows: &none, Columns: columns, Encoding: "utf-8"})
	if d := load.Damage; d != nil && d.Code == ingest.LimitReached {
		return // a plain reader has no limits
	} else if d != nil {
		t.Fatal(d)
	}
	s := load.Sheets[0]
	if len(without(load.Diagnostics)) > 0 || s.Table.Schema().Len() != len(records[0]) {
		return // titles, footers, comments: another table than a plain reader sees, and said so
	}
	if s.Table.Rows() != int64(len(records)) {
		t.Fatalf("%d rows of %q, encoding/csv finds %d", s.Table.Rows(), content, len(records))
	}
	for i, rec := range records {
		for c, want := range rec {
			v := s.Table.Value(int64(i), c)
			if got := v.Text(); got != want {
				t.Fatalf("row %d, column %d of %q: %q, encoding/csv has %q", i, c, content, got, want)
			}
		}
	}
}

func columnName(i int) string { return fmt.Sprintf("column_%d", i+1) }
