package ingest_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
)

// TestTheWholeFileDecidesHowCellsAreQuoted writes files whose first 128 KiB, the sample, say something else than the
// rest does.
func TestTheWholeFileDecidesHowCellsAreQuoted(t *testing.T) {
	const rows = 12_000
	plain := func(i int) string { return fmt.Sprintf("%d,name of number %d,%d\n", i, i, 1990+i%30) }
	for _, c := range []struct {
		name          string
		row           func(i int) string
		quote, escape string
		errors        int
		at            int64
		cell          string
	}{
		{"marks are text, late", func(i int) string {
			if i > rows/2 && i%50 == 0 {
				return fmt.Sprintf("%d,\"odd number %d,%d\n", i, i, 1990+i%30)
			}
			return plain(i)
		}, "", "", 0, 6050, `"odd number 6050`},
		{"backslashes, late", func(i int) string {
			if i > rows/2 && i%50 == 0 {
				return fmt.Sprintf("%d,\"the \\\"odd\\\" number, %d\",%d\n", i, i, 1990+i%30)
			}
			return plain(i)
		}, `"`, `\`, 0, 6050, `the "odd" number, 6050`},
		{"open marks first, quotation later", func(i int) string {
			switch {
			case i < 1000 && i%100 == 0:
				return fmt.Sprintf("%d,\"odd number %d,%d\n", i, i, 1990+i%30)
			case i > rows/2 && i%50 == 0:
				return fmt.Sprintf("%d,\"the number, %d\",%d\n", i, i, 1990+i%30)
			}
			return plain(i)
		}, `"`, `"`, 10, 6050, `the number, 6050`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString("id,title,year\n")
			for i := range rows {
				b.WriteString(c.row(i))
			}
			path := filepath.Join(t.TempDir(), "a.csv")
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			load := loadFile(t, newLoader(), path, ingest.Options{})
			s := load.Sheets[0]
			if s.Dialect.Quote != c.quote || s.Dialect.Escape != c.escape {
				t.Errorf("quote %q escape %q", s.Dialect.Quote, s.Dialect.Escape)
			}
			if load.Counts.Error != c.errors || s.Table.Rows() != rows {
				t.Errorf("%d rows, %+v", s.Table.Rows(), load.Counts)
			}
			if got := s.Table.Schema().Field(1).Format(s.Table.Value(c.at, 1)); got != c.cell {
				t.Errorf("cell %q, want %q", got, c.cell)
			}
		})
	}
}

// TestWhatTheWholeFileDecidedIsRemembered lets files grow whose quoting was decided late, and changes their beginning: each
// load must be the one of a loader that remembers nothing.
func TestWhatTheWholeFileDecidedIsRemembered(t *testing.T) {
	row := map[string]func(i int) string{
		"text":        func(i int) string { return fmt.Sprintf("%d,\"odd number %d,%d\n", i, i, i%30) },
		"backslashes": func(i int) string { return fmt.Sprintf("%d,\"the \\\"odd\\\" number, %d\",%d\n", i, i, i%30) },
		"open":        func(i int) string { return fmt.Sprintf("%d,\"two\nlines, %d\",%d\n", i, i, i%30) },
	}
	for _, c := range []struct{ first, later string }{{"text", "text"}, {"backslashes", "backslashes"}, {"text", "backslashes"}, {"backslashes", "text"}, {"open", "text"}} {
		t.Run(c.first+" then "+c.later, func(t *testing.T) {
			var b bytes.Buffer
			b.WriteString("id,title,year\n")
			add := func(from, to int, odd string, each int) {
				for i := from; i < to; i++ {
					if i > 5000 && i%each == 0 {
						b.WriteString(row[odd](i))
					} else {
						fmt.Fprintf(&b, "%d,name of number %d,%d\n", i, i, i%30)
					}
				}
			}
			add(0, 7000, c.first, 100)
			d := newDisk(t, "a.csv")
			check := func(what string) {
				t.Helper()
				got := describe(d.load(b.Bytes()))
				if want := describe(newDisk(t, "a.csv").load(b.Bytes())); tail(got) != tail(want) {
					t.Errorf("%s: remembered\n%s\nfresh\n%s", what, tail(got), tail(want))
				}
			}
			check("first")
			b.WriteString("7000,begun")
			check("a row that is not finished")
			b.WriteString(",1\n")
			add(7001, 7050, c.later, 10)
			check("grown")
			add(7050, 9000, c.later, 3)
			check("grown by other rows")
			copy(b.Bytes()[200:], "\"")
			check("changed at the beginning")
			b.Truncate(b.Len() / 2)
			check("shorter")
		})
	}
}

// tail is a description without what compares a load with the one before.
func tail(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool {
		return strings.Contains(l, string(ingest.SchemaChanged)) || strings.Contains(l, string(ingest.TypeWidened)) || strings.HasPrefix(l, "info ") && strings.Contains(l, " warning ")
	}), "\n")
}

// TestLineEndsOfTheWholeFileCount writes files that begin with line feeds alone.
func TestLineEndsOfTheWholeFileCount(t *testing.T) {
	const rows = 20_000
	for name, end := range map[string]func(i int) string{
		"carriage returns behind the sample": func(i int) string {
			if i > rows/2 {
				return "\r"
			}
			return "\n"
		},
		"one of them":        func(i int) string { return map[bool]string{true: "\r", false: "\n"}[i == rows-5] },
		"pairs and one such": func(i int) string { return map[bool]string{true: "\r", false: "\r\n"}[i == rows-5] },
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString("id,title\n")
			for i := range rows {
				fmt.Fprintf(&b, "%d,title of number %d%s", i, i, end(i))
			}
			path := filepath.Join(t.TempDir(), "a.csv")
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			load := loadFile(t, newLoader(), path, ingest.Options{})
			s := load.Sheets[0]
			if s.Table.Rows() != rows || s.Dialect.Newline != "mixed" || load.Counts != (ingest.Counts{}) {
				t.Errorf("%d rows, line ends %s, %+v", s.Table.Rows(), s.Dialect.Newline, load.Diagnostics)
			}
		})
	}
}
