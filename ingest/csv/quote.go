package csv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"

	"github.com/dashira/dashira/ingest"
)

// ways returns the ways of quoting that the options allow and that a text gives reason to think of, the usual one
// first. Where nothing is known of the text but a part, any of them may be the right one.
func ways(text []byte, delimiter byte, o ingest.Options, part bool) []dialect {
	if o.Quote == "none" {
		return []dialect{{}}
	}
	quotes := []byte{'"'}
	switch {
	case o.Quote != "":
		quotes[0] = o.Quote[0]
	case singleQuoted(text, delimiter):
		quotes = append(quotes, '\'')
	}
	var list, escaped []dialect
	for _, q := range quotes {
		if o.Escape != "backslash" {
			list = append(list, dialect{quote: q, escape: q})
		}
		if o.Escape == "backslash" || o.Escape == "" && (part || bytes.Contains(text, []byte{'\\', q})) {
			escaped = append(escaped, dialect{quote: q, escape: '\\'})
		}
	}
	list = append(list, escaped...)
	if o.Quote == "" && (part || bytes.IndexByte(text, '"') >= 0) {
		list = append(list, dialect{})
	}
	return list
}

// trialCell is how many bytes a quoted cell may have in a trial; longer ones were never closed.
const trialCell = 1 << 20

// trial counts what speaks against a dialect.
type trial struct {
	dialect
	columns int    // cells of most rows; 1: there is no delimiter
	marks   []byte // the quotation marks of all ways that are tried
	against int
	fields  []field
}

// read judges the rows of a text that begins with one, and returns where the unfinished last one begins; last says that
// nothing follows.
func (t *trial) read(b []byte, last bool) int {
	for at := 0; at < len(b); {
		if t.comment != "" && bytes.HasPrefix(b[at:], []byte(t.comment)) {
			i := bytes.IndexByte(b[at:], t.eol)
			if i < 0 {
				return at
			}
			at += i + 1
			continue
		}
		fields, next, s := t.row(b, at, last, t.fields[:0])
		t.fields = fields
		if s == more || s == endOfText && !last {
			return at
		}
		t.judge(b, s)
		at = next
	}
	return len(b)
}

// strayMarks is how many marks are damage: only where more of them speak against quoting, they are text.
const strayMarks = 2

// better says whether less speaks against the dialect than against another.
func (t *trial) better(than int) bool {
	if t.quote == 0 && than != math.MaxInt {
		than -= strayMarks
	}
	return t.against < than
}

// judge adds what speaks against the dialect in one row: a mark that opens a cell and is not closed before a
// delimiter, a row of another width, whole rows inside a cell, and cells that stand between two marks which are text.
func (t *trial) judge(b []byte, s state) {
	if len(t.fields) == 1 && t.fields[0].end == t.fields[0].start {
		return
	}
	if s == open || s == unclosed || s == stray {
		t.against++
	}
	if t.columns > 1 && len(t.fields) != t.columns {
		t.against++
	}
	for _, f := range t.fields {
		text := b[f.start:f.end]
		if f.quoted {
			t.against += t.rowsIn(text)
		} else if len(text) > 1 && text[0] == text[len(text)-1] && bytes.IndexByte(t.marks, text[0]) >= 0 {
			t.against++
		}
	}
}

// rowsIn counts the lines inside a quoted cell that have as many delimiters as a row. The first and the last line are
// parts of a row in any case.
func (t *trial) rowsIn(cell []byte) int {
	if t.columns < 2 || t.runs {
		return 0
	}
	n := 0
	for {
		i := bytes.IndexByte(cell, t.eol)
		if i < 0 {
			return max(n-1, 0)
		}
		cell = cell[i+1:]
		line, _, _ := bytes.Cut(cell, []byte{t.eol})
		if bytes.Count(line, []byte{t.delimiter}) == t.columns-1 {
			n++
		}
	}
}

// dialect chooses how the file is written. A way of quoting that is not the usual one, or that a part of the file spoke
// against when it was read, was not decided by the sample: the whole file decides.
func (o *opening) dialect(ctx context.Context, ext string) (dialect, error) {
	in := o.in
	d := sniff(o.sample, in.Options, ext)
	columns := 1
	if d.delimiter != 0 {
		columns, _, _ = d.regularity(o.sample)
	}
	list := ways(o.sample.head, d.delimiter, in.Options, false)
	best, against := d, math.MaxInt
	for _, w := range list {
		t := newTrial(d, w, columns, list)
		t.read(o.sample.head, o.sample.whole)
		if t.better(against) {
			best, against = t.dialect, t.against
		}
		if against == 0 {
			break
		}
	}
	usual := best.quote == list[0].quote && best.escape == list[0].escape
	if o.sample.whole || usual && !in.Careful() {
		best.longest, best.width = in.Limits.Line, columns
		return best, nil
	}
	list = ways(o.sample.head, d.delimiter, in.Options, true)
	against = math.MaxInt
	known, err := o.recall(ctx)
	if err != nil {
		return d, err
	}
	o.trials = map[tried]verdict{}
	if known != nil && !o.held {
		maps.Copy(o.trials, known.trials)
	}
	for _, w := range list {
		t := newTrial(d, w, columns, list)
		if err := o.readAll(ctx, t, against); err != nil {
			return d, err
		}
		if t.better(against) {
			best, against = t.dialect, t.against
		}
		if against == 0 {
			break
		}
	}
	best.longest, best.width = in.Limits.Line, columns
	o.verified = true
	return best, nil
}

func newTrial(d, way dialect, columns int, all []dialect) *trial {
	d.quote, d.escape, d.longest = way.quote, way.escape, trialCell
	t := &trial{dialect: d, columns: columns}
	for _, w := range all {
		if w.quote != 0 && bytes.IndexByte(t.marks, w.quote) < 0 {
			t.marks = append(t.marks, w.quote)
		}
	}
	return t
}

// readAll tries a dialect on the whole file, or until as much speaks against it as against another. What the last load
// tried is not tried again.
func (o *opening) readAll(ctx context.Context, t *trial, most int) error {
	buf := make([]byte, 4*trialCell)
	have := 0
	from, name := o.start, tried{t.dialect, t.columns}
	if was, ok := o.trials[name]; ok {
		from, t.against = was.at, was.against
	}
	for at := from; at < o.end && t.against < most; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if have == len(buf) {
			buf = append(buf, make([]byte, len(buf))...) // a row of many long cells
		}
		n := int(min(int64(len(buf)-have), o.end-at))
		if got, err := o.in.ReadAt(buf[have:have+n], at); got < n {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("look for quotation marks: %w", err)
		}
		at += int64(n)
		have += n
		if have > o.in.Limits.Line+4*trialCell {
			t.against = most // a row that is longer than any may be
			return nil
		}
		done := t.read(buf[:have], false)
		have = copy(buf, buf[done:have])
		o.trials[name] = verdict{at - int64(have), t.against}
		if at == o.end {
			t.read(buf[:have], true)
		}
	}
	return nil
}
