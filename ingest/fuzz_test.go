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
	"github.com/dashira/dashira/table"
)

// loadBytes loads a content under a name and fails on what must never happen: an error of ours, a panic.
func loadBytes(t *testing.T, l *ingest.Loader, dir, name string, content []byte, o ingest.Options) *ingest.Load {
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

func seeds(f *testing.F, exts ...string) {
	for _, ext := range exts {
		files, err := filepath.Glob(filepath.Join("testdata", "*", "*"+ext))
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
}

// FuzzCSV holds to two oracles: a reload of a prefix and then the whole equals a fresh load, and nothing panics.
func FuzzCSV(f *testing.F) {
	seeds(f, ".csv", ".tsv", ".txt")
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16 {
			return
		}
		growing(t, "a.csv", content)
	})
}

// FuzzJSON is the same for JSON and NDJSON, and holds what is accepted as one document to the standard library.
func FuzzJSON(f *testing.F) {
	seeds(f, ".json", ".ndjson")
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16 {
			return
		}
		growing(t, "a.ndjson", content)
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
		if stdjson.Valid(content) && load.Damage != nil && load.Damage.Code == ingest.BadJSON && !strings.Contains(load.Damage.Message, "nested") && !strings.Contains(load.Damage.Message, "different keys") {
			t.Fatalf("%q is JSON, but: %s", content, load.Damage.Message)
		}
	})
}

// growing loads a prefix, then the whole, and compares with a fresh load of the whole.
func growing(t *testing.T, name string, content []byte) {
	dir := t.TempDir()
	l := newLoader()
	loadBytes(t, l, dir, name, content[:len(content)/2], ingest.Options{})
	got := loadBytes(t, l, dir, name, content, ingest.Options{})
	want := loadBytes(t, newLoader(), dir, name, content, ingest.Options{})
	got.Diagnostics = without(got.Diagnostics, ingest.TypeWidened, ingest.SchemaChanged)
	got.Counts, want.Counts = ingest.Counts{}, ingest.Counts{}
	same(t, got, want)
}

// FuzzPlainCSV holds the cells of well-formed files to encoding/csv.
func FuzzPlainCSV(f *testing.F) {
	seeds(f, ".csv")
	f.Fuzz(func(t *testing.T, content []byte) {
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
	})
}

func columnName(i int) string { return fmt.Sprintf("column_%d", i+1) }
