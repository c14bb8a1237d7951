// Package csv reads tables of delimited text: it finds out the dialect, where the table begins and ends and what its
// columns are called, and hands the cells to ingest as they stand.
package csv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/dashira/dashira/ingest"
)

type format struct{}

// New returns the format of .csv, .tsv and .txt files.
func New() ingest.Format { return format{} }

// Name returns "csv".
func (format) Name() string { return "csv" }

// Extensions returns the endings of the names.
func (format) Extensions() []string { return []string{".csv", ".tsv", ".tab", ".txt"} }

// Compressed is true: CSV is often packed.
func (format) Compressed() bool { return true }

// Whole returns nil: any prefix that ends with a row is a table, and Open holds an unfinished row back.
func (format) Whole(io.ReaderAt, int64) error { return nil }

// Open finds the dialect and the table's place.
func (format) Open(ctx context.Context, in *ingest.Input) (*ingest.Book, error) {
	encoding, start, err := in.Decode()
	if err != nil {
		return nil, err
	}
	o := &opening{in: in, start: start, end: in.Size, file: in.ReaderAt, fileSize: in.Size}
	if known, err := o.recall(ctx); err != nil {
		return nil, err
	} else if known != nil && known.careful && !in.Careful() {
		return nil, ingest.Irregular{} // as it was before
	}
	if err := o.read(ctx, headBytes); err != nil {
		return nil, err
	}
	if err := o.undraw(ctx); err != nil {
		return nil, err
	}
	if err := o.spread(ctx); err != nil {
		return nil, err
	}
	if err := o.undump(ctx); err != nil {
		return nil, err
	}
	draft, err := o.draft(ctx, encoding)
	if err != nil {
		return nil, err
	}
	if err := o.remember(ctx); err != nil {
		return nil, err
	}
	return &ingest.Book{Format: "csv", Encoding: encoding, Drafts: []ingest.Draft{*draft}}, nil
}

// opening is what is found out about a file.
type opening struct {
	in         *ingest.Input
	start, end int64 // of the rows, once everything around them is skipped
	sample     sample
	newline    string
	comments   []remark  // among the first rows
	firstRows  *headRows // of the sample, where they are known
	verified   bool      // all of the file was looked at for the dialect

	file     io.ReaderAt // the text as it is in the file, whatever is held of it in memory
	fileSize int64
	dumped   bool // the file is the dump of a database
	held     bool // in is a text in memory that is not the file's
	recalled bool // known is looked up
	known    *oddities
	lone     *returns
	trials   map[tried]verdict
}

// read takes the sample: the file's head of a size, and parts of its middle and end.
func (o *opening) read(ctx context.Context, size int64) error {
	in := o.in
	readPart := func(at int64, n int64) ([]byte, error) {
		b := make([]byte, n)
		got, err := in.ReadAt(b, at)
		if int64(got) < n {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, fmt.Errorf("read a sample: %w", err)
		}
		return b, nil
	}
	head, err := readPart(o.start, min(size, in.Size-o.start))
	if err != nil {
		return err
	}
	mixed := lineEnd(head) == '\n' && loneReturns(head)
	if !mixed && lineEnd(head) == '\n' && in.Careful() {
		// A part of the file was not what its head promised.
		if mixed, err = o.loneReturns(ctx); err != nil {
			return err
		}
	}
	if mixed {
		// Line ends of both kinds: those without a line feed get one, in memory.
		if err := o.evenOut(ctx); err != nil {
			return err
		}
		in = o.in
		if head, err = readPart(0, min(size, in.Size)); err != nil {
			return err
		}
	}
	o.sample = sample{head: head, whole: int64(len(head)) == in.Size-o.start}
	o.firstRows = nil
	if !o.sample.whole {
		if m, ok := in.Before.(*memory); ok {
			o.sample.before = m.weights
		}
		o.sample.now = weights{}
		in.Leave = &memory{weights: o.sample.now}
	}
	o.newline = newlineName(head, o.newline)
	if rest := in.Size - o.start - size; rest > 4*middleBytes {
		// The middle stays where it is while the file grows a little, so that it is looked at once.
		middle := o.start + size + rest/2&^(middleStep-1)
		for _, at := range []int64{middle, in.Size - middleBytes} {
			part, err := readPart(at, middleBytes)
			if err != nil {
				return err
			}
			if i := bytes.IndexByte(part, lineEnd(head)); i >= 0 {
				o.sample.parts = append(o.sample.parts, part[i+1:])
			}
		}
	}
	return nil
}

// loneReturns says whether carriage returns end lines beside line feeds, outside quotes as far as can be told.
func loneReturns(b []byte) bool {
	var r returns
	return r.lone(b)
}

// returns looks for carriage returns in a text that comes in parts.
type returns struct {
	quoted bool
	last   bool // the last part ended with one that may end a line alone
}

func (r *returns) lone(b []byte) bool {
	for i, c := range b {
		if r.last && c != '\n' {
			return true
		}
		r.last = false
		switch c {
		case '"':
			r.quoted = !r.quoted
		case '\r':
			r.last = !r.quoted && (i+1 == len(b) || b[i+1] != '\n')
		}
	}
	return false
}

// loneReturns looks through the whole file, or through what is new of it.
func (o *opening) loneReturns(ctx context.Context) (bool, error) {
	var r returns
	from := o.start
	if known, err := o.recall(ctx); err != nil {
		return false, err
	} else if known != nil && known.lone != nil {
		r, from = *known.lone, known.size
	}
	buf := make([]byte, 1<<20)
	for at := from; at < o.in.Size; {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		b := buf[:min(int64(len(buf)), o.in.Size-at)]
		if n, err := o.in.ReadAt(b, at); n < len(b) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return false, fmt.Errorf("look for line ends: %w", err)
		}
		if r.lone(b) {
			return true, nil
		}
		at += int64(len(b))
	}
	if o.lone = &r; r.last {
		// It may be the first half of a pair that the file's end cuts.
		o.lone = nil
	}
	return false, nil
}

func (o *opening) evenOut(ctx context.Context) error {
	text, err := o.all()
	if err != nil {
		return err
	}
	quoted := false
	for i, c := range text {
		switch c {
		case '"':
			quoted = !quoted
		case '\r':
			if !quoted && (i+1 == len(text) || text[i+1] != '\n') {
				text[i] = '\n'
			}
		}
	}
	o.in.Hold(text)
	o.start, o.end, o.held = 0, o.in.Size, true
	o.newline = "mixed"
	return ctx.Err()
}

func newlineName(head []byte, known string) string {
	if known != "" {
		return known
	}
	feeds, pairs := bytes.Count(head, []byte("\n")), bytes.Count(head, []byte("\r\n"))
	switch {
	case feeds == 0 && bytes.IndexByte(head, '\r') >= 0:
		return "cr"
	case pairs == 0:
		return "lf"
	case pairs == feeds:
		return "crlf"
	}
	return "mixed"
}

// runCells is how many cells a run may have at most.
const runCells = 8 << 20

func (o *opening) draft(ctx context.Context, encoding string) (*ingest.Draft, error) {
	in := o.in
	ext := strings.ToLower(path.Ext(in.Path))
	if ext == ".tab" {
		ext = ".tsv"
	}
	d, err := o.dialect(ctx, ext)
	if err != nil {
		return nil, err
	}
	for size := int64(8 * headBytes); !o.sample.whole && len(o.first(d).rows) == 0; size *= 8 {
		// Blank lines, comments or one long row fill the sample: a larger one is needed.
		if size > int64(8*in.Limits.Line) {
			return nil, ingest.TooMuch(fmt.Sprintf("there is no row in the first %d MiB", size>>23), "is this a text file? Look for a quotation mark that is never closed")
		}
		if err := o.read(ctx, size); err != nil {
			return nil, err
		}
		if d, err = o.dialect(ctx, ext); err != nil {
			return nil, err
		}
	}
	in = o.in
	lay, err := o.lay(d)
	if err != nil {
		return nil, err
	}
	if encoding == "utf-8" {
		// Runs are looked at when they are read; these are the header and what stands around the table.
		for _, around := range [][2]int64{{o.start, lay.from}, {o.end, in.Size}} {
			if err := in.CheckUTF8(around[0], around[1]); err != nil {
				return nil, err
			}
		}
	}
	if lay.columns > in.Limits.Columns {
		return nil, ingest.TooMuch(fmt.Sprintf("the file has %d columns, more than %d", lay.columns, in.Limits.Columns), "is the delimiter right?")
	}
	d.width = lay.columns
	in.MostRows = runCells / max(lay.columns, 1)
	names := ingest.Names(lay.band, lay.columns, in.Limits.HeaderCell, lay.header.Line, in.Diagnoses, "")
	if lay.columns == 0 {
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.EmptyFile, Severity: ingest.Warning, Message: "the file holds no rows", Hint: "write a header and rows, and they appear by themselves"})
	}
	identity := fmt.Sprintf("%+v %d %s %q", d, lay.columns, encoding, names)
	held := func(row []byte, open bool) {
		message := "the last line has too few cells and no end, so it is held back until it is finished"
		if open {
			message = "the last row ends inside quotation marks, so it is held back until they are closed"
		}
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.PartialLastLine, Severity: ingest.Info, Value: string(row), Message: message, Hint: "wait while the file is being written; else finish its last line"})
	}
	// Counting quotation marks finds the rows of most files; where a mark is not what it seems, Parse notices.
	even := d.escape == d.quote && d.comment == "" && !in.Careful()
	if !even {
		identity += " careful"
	}
	cut := func(split ingest.Split) ([]ingest.Span, error) { return in.Cut(ctx, identity, lay.from, o.end, split) }
	if even {
		cut = func(split ingest.Split) ([]ingest.Span, error) {
			return in.CutEven(ctx, identity, lay.from, o.end, d.eol, d.quote, split)
		}
	}
	cuts, err := cut(d.split(lay.columns, held))
	if err != nil {
		return nil, err
	}
	delimiter := string(d.delimiter)
	if lay.columns < 2 {
		delimiter = ""
	}
	quote := ""
	if d.quote != 0 {
		quote = string(d.quote)
	}
	escape := quote
	if d.escape == '\\' {
		escape = `\`
	}
	if o.dumped {
		quote, escape = "", `\`
	}
	lay.header.Reason = headerReason(lay.header.Rows, lay.explained, in.Options)
	reason, sure := d.reason(o.sample, in.Options, ext, lay.columns)
	return &ingest.Draft{
		Header:   lay.header,
		Dialect:  &ingest.Dialect{Reason: reason, Confidence: sure, Delimiter: delimiter, Quote: quote, Escape: escape, Comment: d.comment, Decimal: in.Options.Decimal, Newline: o.newline},
		Names:    names,
		Comma:    d.delimiter == ';',
		First:    lay.first,
		Rows:     &rows{FileRows: ingest.FileRows{In: in, Cuts: cuts, Check: encoding == "utf-8"}, dialect: d, columns: lay.columns, sampled: !o.sample.whole && !o.verified && in.Options.Quote == "", feeds: d.eol == '\n' && !o.sample.whole && !in.Careful()},
		Identity: identity,
	}, nil
}
