package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/parquet"
	"github.com/dashira/dashira/table"
)

// conversion is what convert was asked for.
type conversion struct {
	overrides
	path, output string
	to           string
	raw          bool
	spreadsheet  bool
}

// writers are the formats that convert writes.
var writers = map[string]func(io.Writer, *table.Table) error{
	"csv":     func(w io.Writer, t *table.Table) error { return ingest.WriteCSV(w, t, ingest.CSVOptions{}) },
	"ndjson":  ingest.WriteNDJSON,
	"arrow":   ingest.WriteArrow,
	"parquet": parquet.Write,
}

// rowWriters are the formats of files in which the server sends rows.
func rowWriters() map[string]web.Writer {
	return map[string]web.Writer{
		"arrow":   {ContentType: "application/vnd.apache.arrow.file", Write: ingest.WriteArrowParts},
		"parquet": {ContentType: "application/vnd.apache.parquet", Write: parquet.WriteParts},
	}
}

func convertCommand() *cobra.Command {
	var c conversion
	cmd := &cobra.Command{
		Use:   "convert FILE",
		Short: "Write the rows of a file in another format",
		Long: `convert reads a file as serve does and writes its typed rows: whole numbers of any size are
exact, empty cells are empty, dates and times are ISO 8601, durations are seconds. With --raw it
writes the cells as they were found, before any typing: titles, header and ragged rows too. With
--spreadsheet, text that a spreadsheet would run as a formula gets an apostrophe; for programs it
stays as it is.

Exit status: 0 written, 1 not readable, 2 wrong usage.`,
		Example: `  dashira convert plan.xlsx --to csv
  dashira convert plan.xlsx --sheet 2026 --to ndjson
  dashira convert orders.csv -o orders.parquet
  dashira convert export.csv --raw --to ndjson`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef(cmd, "name one file to convert: dashira convert plan.xlsx --to csv")
			}
			c.path = args[0]
			return c.check(cmd)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context(), cmd) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(&word{&c.to, "FORMAT"}, "to", "csv, ndjson, arrow, parquet; else by the name of the output")
	f.VarP(&word{&c.output, "FILE"}, "output", "o", "written whole or not at all; else standard output")
	f.BoolVar(&c.raw, "raw", false, "write the cells as they were found, ragged as they are")
	f.BoolVar(&c.spreadsheet, "spreadsheet", false, "of CSV: keep a spreadsheet from running texts as formulas")
	c.add(cmd)
	return cmd
}

// check finds out what of the flags makes no sense together.
func (c *conversion) check(cmd *cobra.Command) error {
	if c.to == "" {
		c.to = "csv"
		switch ext := strings.ToLower(filepath.Ext(c.output)); ext {
		case ".ndjson", ".jsonl":
			c.to = "ndjson"
		case ".arrow", ".parquet":
			c.to = ext[1:]
		}
	}
	binary := c.to == "arrow" || c.to == "parquet"
	_, onTerminal := terminalOf(cmd.OutOrStdout())
	switch {
	case writers[c.to] == nil:
		return usagef(cmd, "--to takes csv, ndjson, arrow or parquet; not %q", c.to)
	case c.spreadsheet && c.to != "csv":
		return usagef(cmd, "--spreadsheet is for csv; texts in %s are no formulas for any program, and stay as they are", c.to)
	case c.raw && binary:
		return usagef(cmd, "--raw writes csv or ndjson; rows as ragged as they were found fit no %s file", c.to)
	case binary && c.output == "" && onTerminal:
		return usagef(cmd, "%s is nothing to read on a terminal; name a file: -o %s", c.to, strings.TrimSuffix(filepath.Base(c.path), filepath.Ext(c.path))+"."+c.to)
	}
	if c.raw {
		for _, name := range []string{"column", "dates", "decimal", "null", "key", "header-rows", "skip", "range", "locale"} {
			if cmd.Flags().Changed(name) {
				return usagef(cmd, "--raw writes the cells before anything is understood of them, so --%s changes nothing", name)
			}
		}
	}
	return c.overrides.check(cmd)
}

func (c *conversion) run(ctx context.Context, cmd *cobra.Command) error {
	if c.raw {
		return c.deliver(cmd, func(w io.Writer) error { return c.writeRaw(ctx, w, cmd.ErrOrStderr()) })
	}
	load, err := readFile(ctx, c.path, &c.overrides, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	if load.Damage != nil {
		return errors.New(damageText(c.path, load.Damage))
	}
	if err := c.judge(cmd, []*ingest.Load{load}); err != nil {
		return err
	}
	sheet := load.Main()
	if sheet == nil {
		return fmt.Errorf("%s: there is no table in it", c.path)
	}
	if n := load.Counts.Error; n > 0 {
		// What is not in the output is never left out in silence.
		fmt.Fprintf(cmd.ErrOrStderr(), "dashira: %s in %s; dashira inspect tells which rows and cells are not written\n", many(n, "problem"), plain(c.path))
	}
	if len(load.Sheets) > 1 && c.Sheet == "" {
		var others []string
		for i := range load.Sheets {
			if s := &load.Sheets[i]; s != sheet {
				others = append(others, plain(s.Name))
			}
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "dashira: this is one table of %d; --sheet writes another: %s\n", len(load.Sheets), enumerated(others))
	}
	write := writers[c.to]
	if c.spreadsheet {
		write = func(w io.Writer, t *table.Table) error {
			return ingest.WriteCSV(w, t, ingest.CSVOptions{Defuse: true})
		}
	}
	return c.deliver(cmd, func(w io.Writer) error {
		if c.output == "" {
			return write(w, sheet.Table)
		}
		progress := newBar(cmd.ErrOrStderr())
		defer progress.end()
		return write(&counting{Writer: w, ctx: ctx, bar: progress}, sheet.Table)
	})
}

// writeRaw writes the rows as they were found.
func (c *conversion) writeRaw(ctx context.Context, w, said io.Writer) error {
	f, size, err := openFile(c.path)
	if err != nil {
		return err
	}
	defer f.Close()
	rows := ingest.NewRawWriter(w, c.to == "ndjson", c.spreadsheet)
	var options ingest.LoaderOptions
	if c.output != "" { // rows on the terminal show how far it is
		progress := newBar(said)
		defer progress.end()
		options.Progress = progress.tell
	}
	loader := ingest.NewLoader(options, readers()...)
	err = loader.Raw(ctx, filepath.Base(c.path), f, size, c.Options, rows.Write)
	var damage *ingest.Damage
	if errors.As(err, &damage) {
		return errors.New(damageText(c.path, damage))
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", c.path, err)
	}
	return rows.Flush()
}

// deliver writes to the output that was asked for.
func (c *conversion) deliver(cmd *cobra.Command, write func(io.Writer) error) error {
	if c.output == "" {
		return write(cmd.OutOrStdout())
	}
	return writeWhole(c.output, write)
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
