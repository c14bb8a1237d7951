package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/parquet"
	"github.com/dashira/dashira/table"
)

// writers are the formats that convert writes.
var writers = map[string]func(io.Writer, *table.Table, bool) error{
	"csv": func(w io.Writer, t *table.Table, spreadsheet bool) error {
		return ingest.WriteCSV(w, t, ingest.CSVOptions{Defuse: spreadsheet})
	},
	"ndjson":  func(w io.Writer, t *table.Table, _ bool) error { return ingest.WriteNDJSON(w, t) },
	"arrow":   func(w io.Writer, t *table.Table, _ bool) error { return ingest.WriteArrow(w, t) },
	"parquet": func(w io.Writer, t *table.Table, _ bool) error { return parquet.Write(w, t) },
}

func convertCommand() *cobra.Command {
	var guessed overrides
	var to, output string
	var spreadsheet bool
	cmd := &cobra.Command{
		Use:   "convert FILE",
		Short: "Write the rows of a file in another format",
		Long: `convert reads a file as serve does and writes its typed rows: whole numbers of any size are
exact, empty cells are empty, dates and times are ISO 8601. With --spreadsheet, text that a
spreadsheet would run as a formula gets an apostrophe; for programs it stays as it is.

Exit status: 0 written, 1 not readable, 2 wrong usage.`,
		Example: `  dashira convert plan.xlsx --to csv
  dashira convert plan.xlsx --sheet 2026 --to ndjson
  dashira convert orders.csv --to parquet -o orders.parquet`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) != 1:
				return usagef(cmd, "name one file to convert: dashira convert plan.xlsx --to csv")
			case writers[to] == nil:
				return usagef(cmd, "--to takes csv, ndjson, arrow or parquet, not %q", to)
			}
			return guessed.check(cmd)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			load, err := readFile(cmd.Context(), args[0], &guessed, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			if load.Damage != nil {
				return errors.New(damageText(args[0], load.Damage))
			}
			if err := guessed.unmet(cmd, []*ingest.Load{load}); err != nil {
				return err
			}
			sheet := load.Main()
			if sheet == nil {
				return fmt.Errorf("%s: there is no table in it", args[0])
			}
			if n := load.Counts.Error; n > 0 {
				// What is not in the output is never left out in silence.
				fmt.Fprintf(cmd.ErrOrStderr(), "dashira: %s in %s; dashira inspect tells which rows and cells are not written\n", many(n, "problem"), plain(args[0]))
			}
			write := func(w io.Writer) error { return writers[to](w, sheet.Table, spreadsheet) }
			if output == "" {
				return write(cmd.OutOrStdout())
			}
			return writeWhole(output, write)
		},
	}
	guessed.add(cmd)
	f := cmd.Flags()
	f.StringVar(&to, "to", "csv", "csv, ndjson, arrow or parquet")
	f.StringVarP(&output, "output", "o", "", "write this file, whole or not at all (default: standard output)")
	f.BoolVar(&spreadsheet, "spreadsheet", false, "of CSV: keep a spreadsheet from running texts as formulas")
	return cmd
}

// writeWhole puts a file into its place when it is complete.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	mode := os.FileMode(0o644)
	if old, err := os.Stat(path); err == nil {
		mode = old.Mode().Perm() // whoever kept it to themselves still does
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".dashira-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err = write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err = errors.Join(f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
