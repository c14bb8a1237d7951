package ingest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"runtime/debug"
	"slices"
	"strings"
)

// RawFormat is a format whose files hold rows before a table is looked for in them: titles, header, ragged rows.
type RawFormat interface {
	// Raw calls put for each row as it was found. The cells belong to Raw again when put returns.
	Raw(ctx context.Context, in *Input, put func(cells []string) error) error
}

// Raw calls put for each row of a file as it was found, its cells as text: rows that a load would skip or set aside
// too, none filled up, nothing typed; a line that is no record is a row of one cell. Of a format that holds nothing but a table the first row is the columns' names. A
// fault of the file is a *Damage; rows before it were put.
func (l *Loader) Raw(ctx context.Context, name string, f *os.File, size int64, o Options, put func(cells []string) error) (err error) {
	if o, err = o.Settled(); err != nil {
		return err
	}
	format := l.format(name)
	if format == nil {
		return unknown(name, f)
	}
	limits := l.options.Limits
	if size > limits.File {
		return TooMuch(fmt.Sprintf("the file has %s, more than %s", mebibytes(size), mebibytes(limits.File)), "split the file, or raise the limit")
	}
	ctx, cancel := context.WithTimeout(ctx, limits.deadline(size))
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			l.options.Logger.Error("panic while reading a file", "path", name, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = &Damage{Code: DamagedArchive, Message: "the file could not be read because of a fault in dashira", Hint: "please report it with the file"}
		}
	}()
	fallback := int64(-1)
	p := newProgress(l.options.Progress, name, size, false)
	if p != nil {
		p.open = 1 // there is nothing but reading
	}
	for {
		in := &Input{ReaderAt: p.reader(f), Path: name, Size: size, Options: o, Limits: limits, Locale: l.options.Locale, Diagnoses: &Diagnoses{}, fallback: fallback, careful: true, workers: 1}
		if kind := compression(name); kind != "" {
			if err := in.unpack(ctx, kind); err != nil {
				return err
			}
			in.Path = strings.TrimSuffix(name, path.Ext(name))
		}
		var err error
		if raw, ok := format.(RawFormat); ok {
			err = raw.Raw(ctx, in, put)
		} else {
			err = tableRows(ctx, format, in, put)
		}
		var bad *NotUTF8
		if errors.As(err, &bad) && fallback < 0 && o.Encoding == "" {
			fallback = bad.Offset
			continue
		}
		return err
	}
}

// CheckUTF8 returns a *NotUTF8 when the text between two offsets is not UTF-8 in an input that is read as such.
func (in *Input) CheckUTF8(from, to int64) error {
	buf := make([]byte, min(max(to-from, 0), 1<<20))
	for at := from; at < to; {
		b := buf[:min(int64(len(buf)), to-at)]
		if err := readFull(in, b, at); err != nil {
			return err
		}
		whole := b
		if at+int64(len(b)) < to {
			whole = whole[:len(whole)-cutRune(whole)]
		}
		if i := InvalidUTF8(whole); i >= 0 {
			return &NotUTF8{Offset: at + int64(i)}
		}
		at += int64(len(whole))
	}
	return nil
}

// cutRune returns how many bytes at the end of a text may be the beginning of a character.
func cutRune(b []byte) int {
	for n := 1; n <= 3 && n < len(b); n++ {
		switch c := b[len(b)-n]; {
		case c&0xC0 == 0xC0:
			return n
		case c&0xC0 != 0x80:
			return 0
		}
	}
	return 0
}

// tableRows puts the names and the cells of the table, or of the list of the options' sheet.
func tableRows(ctx context.Context, format Format, in *Input, put func([]string) error) error {
	book, err := format.Open(ctx, in)
	if err != nil {
		return err
	}
	for i := range book.Drafts {
		d := &book.Drafts[i]
		var block Block
		names := slices.Clone(d.Names)
		each := func(f func(g *Grid) error) error {
			for run := range d.Rows.Spans() {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := d.Rows.Fetch(run, &block); err != nil {
					return err
				}
				if err := d.Rows.Parse(run, &block); err != nil {
					return err
				}
				for g := range block.Grids {
					if block.Grids[g].Sheet != in.Options.Sheet {
						continue
					}
					if err := f(&block.Grids[g]); err != nil {
						return err
					}
				}
			}
			return nil
		}
		// Records name their columns one by one: all are known when all were seen.
		known := map[string]int{}
		for at, n := range names {
			known[n] = at
		}
		if err := each(func(g *Grid) error {
			for _, n := range g.Names {
				if _, ok := known[n]; !ok {
					known[n] = len(names)
					names = append(names, n)
				}
			}
			return nil
		}); err != nil {
			return err
		}
		if len(names) == 0 {
			continue
		}
		if err := put(names); err != nil {
			return err
		}
		row := make([]string, len(names))
		if err := each(func(g *Grid) error {
			aside := damagedLines(g)
			for r := range g.Rows {
				for len(aside) > 0 && aside[0].Line < g.Line(r) {
					if err := put([]string{aside[0].Value}); err != nil {
						return err
					}
					aside = aside[1:]
				}
				clear(row)
				for c, cells := range g.Cells {
					at := c
					if g.Names != nil {
						at = known[g.Names[c]]
					}
					row[at] = string(cells[r].In(g.Text))
				}
				if err := put(row); err != nil {
					return err
				}
			}
			for _, n := range aside {
				if err := put([]string{n.Value}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// damagedLines returns the lines of a grid that are no record, whole: as found they are rows of one cell.
func damagedLines(g *Grid) []Note {
	var lines []Note
	for _, n := range g.Notes {
		if n.Severity == Error && n.Value != "" {
			lines = append(lines, n)
		}
	}
	return lines
}

// RawWriter writes rows as they were found.
type RawWriter struct {
	out    *bufio.Writer
	lines  bool // an array of JSON on each line, in place of CSV
	defuse bool
	buf    []byte
}

// NewRawWriter returns a writer of CSV or, with lines, of one JSON array on each line. Defuse keeps spreadsheets from
// running what is no number as a formula; see [CSVOptions].
func NewRawWriter(w io.Writer, lines, defuse bool) *RawWriter {
	return &RawWriter{out: bufio.NewWriterSize(w, 1<<16), lines: lines, defuse: defuse}
}

// Write writes one row.
func (w *RawWriter) Write(cells []string) error {
	if w.lines {
		w.buf = append(w.buf[:0], '[')
		for i, c := range cells {
			if i > 0 {
				w.buf = append(w.buf, ',')
			}
			w.buf = AppendJSON(w.buf, c)
		}
		w.buf = append(w.buf, "]\n"...)
		_, err := w.out.Write(w.buf)
		return err
	}
	for i, c := range cells {
		if i > 0 {
			w.out.WriteByte(',')
		}
		if c != "" || len(cells) == 1 {
			writeCSVText(w.out, c, w.defuse && LookOf([]byte(c)) != LooksNumber)
		}
	}
	_, err := w.out.WriteString("\r\n")
	return err
}

// Flush writes what is left.
func (w *RawWriter) Flush() error { return w.out.Flush() }
