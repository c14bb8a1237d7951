package csv

import (
	"bytes"
	"context"
	"path"
	"strings"

	"github.com/dashira/dashira/ingest"
)

// Raw puts every row as it stands between the file's delimiters: titles, header and footer too, rows that are too short
// or too long, and an unfinished last one. A comment is a row of one cell; blank lines are none.
func (format) Raw(ctx context.Context, in *ingest.Input, put func(cells []string) error) error {
	encoding, start, err := in.Decode()
	if err != nil {
		return err
	}
	if encoding == "utf-8" {
		if err := in.CheckUTF8(start, in.Size); err != nil {
			return err
		}
	}
	o := &opening{in: in, start: start, end: in.Size}
	if err := o.read(ctx, headBytes); err != nil {
		return err
	}
	in = o.in
	ext := strings.ToLower(path.Ext(in.Path))
	if ext == ".tab" {
		ext = ".tsv"
	}
	d, err := o.dialect(ctx, ext)
	if err != nil {
		return err
	}
	from := o.start
	if separator(o.sample.head) != 0 {
		if i := bytes.IndexByte(o.sample.head, d.eol); i >= 0 {
			from += int64(i) + 1
		}
	}
	spans, err := in.Cut(ctx, "raw", from, o.end, d.split(1, func([]byte, bool) {}))
	if err != nil {
		return err
	}
	w := rawRows{dialect: d, put: put}
	files := ingest.FileRows{In: in, Cuts: spans}
	var block ingest.Block
	for i := range spans {
		if err := files.Fetch(i, &block); err != nil {
			return err
		}
		if err := w.write(block.Bytes); err != nil {
			return err
		}
		from = spans[i].End
	}
	// What is left is a row that was never finished.
	files.Cuts = []ingest.Span{{Start: from, End: o.end}}
	if err := files.Fetch(0, &block); err != nil {
		return err
	}
	return w.write(block.Bytes)
}

// rawRows writes rows of text.
type rawRows struct {
	dialect
	put    func([]string) error
	fields []field
	cells  []string
	buf    []byte
}

func (w *rawRows) write(b []byte) error {
	for at := 0; at < len(b); {
		if w.comment != "" && bytes.HasPrefix(b[at:], []byte(w.comment)) {
			end := len(b)
			if i := bytes.IndexByte(b[at:], w.eol); i >= 0 {
				end = at + i + 1
			}
			if err := w.put([]string{string(bytes.TrimRight(b[at:end], "\r\n"))}); err != nil {
				return err
			}
			at = end
			continue
		}
		w.fields, at, _ = w.row(b, at, true, w.fields[:0])
		if len(w.fields) == 1 && w.fields[0].end == w.fields[0].start && !w.fields[0].quoted && w.delimiter != 0 {
			continue
		}
		w.cells = w.cells[:0]
		for _, f := range w.fields {
			w.buf = w.undo(b, f, w.buf[:0])
			w.cells = append(w.cells, string(bytes.ReplaceAll(w.buf, []byte{0}, nil)))
		}
		if err := w.put(w.cells); err != nil {
			return err
		}
	}
	return nil
}
