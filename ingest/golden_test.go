package ingest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/csv"
	"github.com/dashira/dashira/ingest/excel"
	"github.com/dashira/dashira/ingest/json"
	"github.com/dashira/dashira/ingest/parquet"
	"github.com/dashira/dashira/table"
)

var update = flag.Bool("update", false, "rewrite the .want files")

// TestFilesReadAsTheirWantFilesSay reads every file of testdata and compares schema, rows and diagnostics with the
// .want file beside it.
func TestFilesReadAsTheirWantFilesSay(t *testing.T) {
	loader := newLoader()
	err := filepath.WalkDir("testdata", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !loader.Accept(path) || strings.HasPrefix(path, filepath.Join("testdata", "fuzz")) {
			return err
		}
		t.Run(filepath.ToSlash(strings.TrimPrefix(path, "testdata"+string(filepath.Separator))), func(t *testing.T) {
			got := describe(loadFile(t, newLoader(), path, ingest.Options{}))
			want := path + ".want"
			if *update {
				if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			b, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(b) {
				t.Errorf("got\n%s\nwant\n%s", got, b)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func formats() []ingest.Format {
	return []ingest.Format{csv.New(), json.New(), excel.New(), parquet.New(), parquet.NewArrow()}
}

// patient are the product's limits without the one of time: a slow machine is no fault.
var patient = ingest.Limits{Seconds: 3600}

func newLoader() *ingest.Loader {
	return ingest.NewLoader(ingest.LoaderOptions{Limits: patient}, formats()...)
}

func loadFile(t testing.TB, l *ingest.Loader, path string, o ingest.Options) *ingest.Load {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	load, err := l.Load(t.Context(), filepath.ToSlash(path), f, st.Size(), o)
	if err != nil {
		t.Fatal(err)
	}
	return load
}

const shownRows = 12

// describe writes a load as text: what a person would check.
func describe(l *ingest.Load) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", l.Format, l.Encoding)
	if l.Damage != nil {
		fmt.Fprintf(&b, "damage %s line %d column %d: %s (%s)\n", l.Damage.Code, l.Damage.Line, l.Damage.Column, l.Damage.Message, l.Damage.Hint)
	}
	for _, s := range l.Sheets {
		fmt.Fprintf(&b, "\nsheet %q rows %d cells %d header {Rows:%d Skip:%d Line:%d}", s.Name, s.Table.Rows(), s.Cells, s.Header.Rows, s.Header.Skip, s.Header.Line)
		if s.Hidden {
			b.WriteString(" hidden")
		}
		if s.Records != "" {
			fmt.Fprintf(&b, " records %s", s.Records)
		}
		if len(s.Key) > 0 {
			fmt.Fprintf(&b, " key %s", strings.Join(s.Key, ", "))
		}
		if d := s.Dialect; d != nil {
			fmt.Fprintf(&b, "\ndialect %q quote %q escape %q comment %q decimal %q newline %s", d.Delimiter, d.Quote, d.Escape, d.Comment, d.Decimal, d.Newline)
		}
		b.WriteString("\n")
		for _, c := range s.Columns {
			fmt.Fprintf(&b, "  %s: %s", c.Name, c.Type)
			if c.Unit != "" {
				fmt.Fprintf(&b, " in %s", c.Unit)
			}
			if c.Instant {
				b.WriteString(" instant")
			}
			fmt.Fprintf(&b, ", nulls %d, distinct %d, %.2f %s", c.Nulls, c.Distinct, c.Confidence, c.Reason)
			if c.FirstBad != nil {
				fmt.Fprintf(&b, ", first bad line %d %q", c.FirstBad.Line, c.FirstBad.Value)
			}
			b.WriteString("\n")
		}
		for r := int64(0); r < s.Table.Rows() && r < shownRows; r++ {
			b.WriteString("  |")
			b.WriteString(rowText(s.Table, r))
			b.WriteString("\n")
		}
	}
	if len(l.Diagnostics) > 0 {
		fmt.Fprintf(&b, "\ninfo %d warning %d error %d\n", l.Counts.Info, l.Counts.Warning, l.Counts.Error)
	}
	for _, d := range l.Diagnostics {
		fmt.Fprintf(&b, "%s %s", d.Severity, d.Code)
		if d.Sheet != "" {
			fmt.Fprintf(&b, " sheet %q", d.Sheet)
		}
		if d.Line > 0 {
			fmt.Fprintf(&b, " line %d", d.Line)
		}
		if d.Column != "" {
			fmt.Fprintf(&b, " column %s", d.Column)
		}
		if d.Value != "" {
			fmt.Fprintf(&b, " value %q", d.Value)
		}
		if d.Count > 1 {
			fmt.Fprintf(&b, " x%d", d.Count)
		}
		fmt.Fprintf(&b, ": %s (%s)\n", d.Message, d.Hint)
	}
	return b.String()
}

// rowText is one row in quoted cells; an empty cell is a dash.
func rowText(t *table.Table, row int64) string {
	cells := make([]string, t.Schema().Len())
	for c := range cells {
		v := t.Value(row, c)
		if v.IsNull() {
			cells[c] = "-"
			continue
		}
		cells[c] = fmt.Sprintf("%q", t.Schema().Field(c).Format(v))
	}
	return strings.Join(cells, " ")
}
