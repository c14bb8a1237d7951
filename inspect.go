package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/manifest"
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

// errUnreadable says that a file could not be read; why was printed.
var errUnreadable = errors.New("")

func inspectCommand() *cobra.Command {
	var guessed overrides
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "inspect FILE…",
		Short: "Tell what was understood of a file, and why",
		Long: `inspect reads files as serve does and tells what it understood: how the file is written, where
its header is, the type of each column, how sure that is and why, and what a person should look
at. Every guess has a flag that replaces it; docs/diagnostics.md explains each code.

Exit status: 0 read, 1 not readable, 2 wrong usage.`,
		Example: `  dashira inspect orders.csv
  dashira inspect plan.xlsx --sheet 2026 --json
  dashira inspect export.txt --delimiter ';' --decimal , --column 'day=date:%d.%m.%Y'`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef(cmd, "name the files to inspect: dashira inspect orders.csv")
			}
			return guessed.check(cmd)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			s := newScreen(cmd.OutOrStdout())
			var failed error
			var loads []*ingest.Load
			for i, path := range args {
				load, err := readFile(cmd.Context(), path, &guessed, cmd.ErrOrStderr())
				if err != nil {
					failed = errUnreadable
					fmt.Fprintf(cmd.ErrOrStderr(), "dashira: %s\n", plain(err.Error()))
					continue
				}
				loads = append(loads, load)
				if load.Damage != nil {
					failed = errUnreadable
				}
				switch {
				case asJSON:
					out := json.NewEncoder(s.out)
					out.SetEscapeHTML(false)
					if err := out.Encode(reportOf(load)); err != nil {
						return err
					}
				case load.Damage != nil:
					fmt.Fprintf(cmd.ErrOrStderr(), "dashira: %s\n", plain(damageText(path, load.Damage)))
				default:
					if i > 0 {
						s.printf("\n")
					}
					s.understood(path, load)
				}
			}
			if failed == nil {
				return guessed.judge(cmd, loads)
			}
			return failed
		},
	}
	guessed.add(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each file")
	return cmd
}

// reportOf is the report of a load with the labels that the page gives the columns.
func reportOf(load *ingest.Load) ingest.Report {
	r := load.Report()
	if main := load.Main(); main != nil {
		for i := range r.Columns {
			r.Columns[i].Label = manifest.LabelOf(main.Columns[i].Field)
		}
	}
	return r
}

// damageText says in one line why a file cannot be read, where, and what to do.
func damageText(path string, d *ingest.Damage) string {
	e := dashboard.DamageError(d)
	return strings.TrimSpace(path + ": " + strings.TrimSuffix(e.Message, ".") + place(&e) + ". " + e.Hint)
}

// readFile reads one file whole, or the files of a pattern as one table, as serve would. Of a file that is no workbook
// the sheet of the options, a list inside its records, is chosen here. How far it is, is shown where said is a terminal.
func readFile(ctx context.Context, path string, guessed *overrides, said io.Writer) (*ingest.Load, error) {
	limitMemory()
	progress := newBar(said)
	defer progress.end()
	loader := ingest.NewLoader(ingest.LoaderOptions{Locale: guessed.locale, Progress: progress.tell, Memory: memoryBudget()}, readers()...)
	load, err := loadPath(ctx, loader, path, guessed.Options)
	if err != nil || load.Damage != nil || load.Format == "excel" || guessed.Sheet == "" {
		return load, err
	}
	var names []string
	for i := range load.Sheets {
		if load.Sheets[i].Name == guessed.Sheet {
			load.Sheets = load.Sheets[i : i+1]
			return load, nil
		}
		if n := load.Sheets[i].Name; n != "" {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: it holds one table and no sheet %s", path, ingest.QuoteValue(guessed.Sheet))
	}
	return nil, fmt.Errorf("%s: it holds no table %s; there are %s", path, ingest.QuoteValue(guessed.Sheet), enumerated(names))
}

func loadPath(ctx context.Context, loader *ingest.Loader, path string, o ingest.Options) (*ingest.Load, error) {
	if p, ok := patternOf(path); ok {
		return loadPattern(ctx, loader, p, o)
	}
	f, size, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return loader.Load(ctx, filepath.Base(path), f, size, o)
}

// openFile opens a file of a person's and says in their words why it cannot be.
func openFile(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, fmt.Errorf("%s: there is no such file", path)
	case errors.Is(err, fs.ErrPermission):
		return nil, 0, fmt.Errorf("%s: you have no permission to read it", path)
	case err != nil:
		return nil, 0, fmt.Errorf("read %s: %w", path, errors.Unwrap(err))
	case info.IsDir():
		return nil, 0, fmt.Errorf("%s: this is a folder; name a file in it, or: dashira serve %s", path, path)
	case !info.Mode().IsRegular():
		return nil, 0, fmt.Errorf("%s: this is no regular file", path)
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil, 0, fmt.Errorf("%s: you have no permission to read it", path)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read %s: %w", path, errors.Unwrap(err))
	}
	return f, info.Size(), nil
}
