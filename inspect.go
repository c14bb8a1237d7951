package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/csv"
	"github.com/dashira/dashira/ingest/excel"
	jsonformat "github.com/dashira/dashira/ingest/json"
	"github.com/dashira/dashira/ingest/parquet"
)

// readers returns the formats that dashira reads; of two with one extension the first reads it.
func readers() []ingest.Format {
	return []ingest.Format{csv.New(), jsonformat.New(), excel.New(), parquet.New(), parquet.NewArrow()}
}

// readFlags are the flags that override what would be guessed of a file.
func readFlags(cmd *cobra.Command, o *ingest.Options, headerRows *int) {
	f := cmd.Flags()
	f.StringVar(&o.Delimiter, "delimiter", "", "of CSV: one character")
	f.StringVar(&o.Quote, "quote", "", `of CSV: one character, or "none"`)
	f.StringVar(&o.Encoding, "encoding", "", "of text, such as windows-1252")
	f.StringVar(&o.Decimal, "decimal", "", `the decimal mark, "." or ","`)
	f.IntVar(headerRows, "header-rows", -1, "rows of the header, 0 for none")
	f.StringVar(&o.Sheet, "sheet", "", "of a workbook, a hidden one too")
	f.StringVar(&o.Range, "range", "", "of a workbook, such as A3:H40")
	f.StringVar(&o.Records, "records", "", "where the records of JSON are, such as data.items")
	f.StringSliceVar(&o.Key, "key", nil, "the columns that identify a row")
	f.StringSliceVar(&o.Nulls, "null", nil, "a further spelling of the empty cell")
}

// errUnreadable says that a file could not be read; why was printed.
var errUnreadable = errors.New("")

func inspectCommand() *cobra.Command {
	var o ingest.Options
	var headerRows int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "inspect FILE…",
		Short: "Tell what was understood of a file, and why",
		Long: `inspect reads files as serve does and tells what it understood: the dialect, the header, the
type of each column with its reason, and what a person should look at.

Exit status: 0 read, 1 not readable, 2 wrong usage.`,
		Example: `  dashira inspect orders.csv
  dashira inspect plan.xlsx --sheet 2026 --json
  dashira inspect export.txt --delimiter ';' --decimal ,`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef(cmd, "name the files to inspect: dashira inspect orders.csv")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if headerRows >= 0 {
				o.HeaderRows = &headerRows
			}
			out := newTerminal(false)
			out.out = cmd.OutOrStdout()
			var failed error
			for i, path := range args {
				load, err := readFile(cmd.Context(), path, o)
				if err != nil {
					failed = errUnreadable
					fmt.Fprintf(cmd.ErrOrStderr(), "dashira: %s\n", plain(err.Error()))
					continue
				}
				if load.Damage != nil {
					failed = errUnreadable
				}
				if asJSON {
					if err := json.NewEncoder(out.out).Encode(reportOf(load)); err != nil {
						return err
					}
					continue
				}
				if i > 0 {
					out.printf("\n")
				}
				out.inspect(path, load)
			}
			return failed
		},
	}
	readFlags(cmd, &o, &headerRows)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each file")
	return cmd
}

// readFile reads one file whole, as serve would.
func readFile(ctx context.Context, path string, o ingest.Options) (*ingest.Load, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, errors.Unwrap(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: this is not a file", path)
	}
	loader := ingest.NewLoader(ingest.LoaderOptions{}, readers()...)
	if !loader.Accept(filepath.Base(path)) {
		return nil, fmt.Errorf("%s: dashira does not read this kind of file; it reads %s", path, strings.Join(loader.Extensions(), " "))
	}
	return loader.Load(ctx, filepath.Base(path), f, info.Size(), o)
}

// reportOf is the report of a load, the damage of an unreadable file among its diagnostics.
func reportOf(load *ingest.Load) ingest.Report {
	r := load.Report()
	if d := load.Damage; d != nil {
		known := false
		for _, x := range r.Diagnostics {
			known = known || x.Code == d.Code && x.Severity == ingest.Error
		}
		if !known {
			column := ""
			if d.Column > 0 {
				column = fmt.Sprint(d.Column)
			}
			r.Diagnostics = append(r.Diagnostics, ingest.ReportDiagnostic{Code: d.Code, Severity: ingest.Error, Line: d.Line, Column: column, Count: 1, Message: d.Message, Hint: d.Hint})
		}
	}
	return r
}

// inspect prints a report for people.
func (t *terminal) inspect(path string, load *ingest.Load) {
	about := []string{load.Format}
	if load.Encoding != "" {
		about = append(about, load.Encoding)
	}
	t.printf("%s  %s, %s bytes\n", t.bold(plain(path)), strings.Join(about, ", "), grouped(load.Bytes))
	if d := load.Damage; d != nil {
		e := dashboard.DamageError(d)
		t.printf("  %s%s\n", t.bad(plain(e.Message)), plain(place(&e)))
		if e.Hint != "" {
			t.printf("  %s\n", t.dim(plain(e.Hint)))
		}
		return
	}
	for i := range load.Sheets {
		t.inspectSheet(&load.Sheets[i])
	}
	t.inspectDiagnostics(load)
}

func (t *terminal) inspectSheet(s *ingest.Sheet) {
	line := fmt.Sprintf("%s rows, %d columns", grouped(s.Table.Rows()), len(s.Columns))
	if s.Name != "" {
		line = plain(s.Name) + ": " + line
	}
	if d := s.Dialect; d != nil {
		line += fmt.Sprintf(", delimiter %q", d.Delimiter)
		if d.Decimal != "" {
			line += fmt.Sprintf(", decimal %q", d.Decimal)
		}
	}
	switch {
	case s.Header.Rows == 0 && s.Dialect != nil:
		line += ", no header"
	case s.Header.Line > 1:
		line += fmt.Sprintf(", header in line %d", s.Header.Line)
	}
	if s.Records != "" {
		line += ", records at " + plain(s.Records)
	}
	if len(s.Key) > 0 {
		line += ", key " + plain(strings.Join(s.Key, ", "))
	}
	t.printf("  %s\n", line)
	width := 0
	for _, c := range s.Columns {
		width = max(width, len([]rune(plain(c.Name))))
	}
	width = min(width, 24)
	for _, c := range s.Columns {
		kind := c.Type.String()
		if c.Unit != "" {
			kind += " " + c.Unit
		}
		empty := ""
		if c.Nulls > 0 {
			empty = fmt.Sprintf("%s empty, ", grouped(c.Nulls))
		}
		t.printf("    %s  %-14s %s%s different  %s\n", padded(plain(c.Name), width), plain(kind), empty, grouped(c.Distinct), t.dim(shortened(plain(strings.Join(c.Examples, ", ")), 36)))
	}
}

func (t *terminal) inspectDiagnostics(load *ingest.Load) {
	const shown = 12
	for i, d := range load.Diagnostics {
		if i == shown {
			t.printf("  … and %d more; --json lists them\n", len(load.Diagnostics)-shown)
			return
		}
		code := t.dim(string(d.Code))
		switch d.Severity {
		case ingest.Error:
			code = t.bad(string(d.Code))
		case ingest.Warning:
			code = t.warn(string(d.Code))
		}
		where := ""
		if d.Line > 0 {
			where = fmt.Sprintf("line %d", d.Line)
		}
		if d.Column != "" {
			where = strings.TrimPrefix(where+", "+plain(d.Column), ", ")
		}
		if where != "" {
			where += ": "
		}
		t.printf("  %s  %s%s %s\n", code, where, plain(dashboard.Sentence(d.Message)), t.dim(plain(dashboard.Sentence(d.Hint))))
	}
}

// padded fills a text up to a width, or cuts it there.
func padded(text string, width int) string {
	text = shortened(text, width)
	return text + strings.Repeat(" ", width-len([]rune(text)))
}

func shortened(text string, width int) string {
	if r := []rune(text); len(r) > width {
		return string(r[:max(0, width-1)]) + "…"
	}
	return text
}
