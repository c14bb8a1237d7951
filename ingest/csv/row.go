package csv

import "bytes"

// dialect is how the cells of a file are told apart.
type dialect struct {
	delimiter byte
	quote     byte // 0: none
	escape    byte // the quote itself when it is doubled, or a backslash
	eol       byte // '\n', or '\r' in files that end lines with it alone
	comment   string
	longest   int  // bytes of a quoted cell; longer ones were never closed
	width     int  // cells of the table's rows; 0: not known yet
	runs      bool // delimiters side by side are one, as in text that is aligned with spaces
}

// separator is what ends a cell beside the line's end: of one column nothing, which the line's end again says. A zero
// byte is no delimiter.
func (d *dialect) separator() byte {
	if d.delimiter == 0 {
		return d.eol
	}
	return d.delimiter
}

// field is one cell of a row: where its text stands, without quotes.
type field struct {
	start, end int
	escaped    bool // quotes inside must be undone
	quoted     bool
}

// state is what the end of a row told.
type state uint8

const (
	complete  state = iota
	open            // the text ended inside a quoted cell
	unclosed        // a quote was never closed; the row ends with its line
	stray           // a quote inside a quoted cell was not doubled
	endOfText       // no line end: the text ended
	more            // the row may go on behind the text
)

// read is row without second thoughts.
func (d *dialect) read(b []byte, p int, last bool, fields []field) ([]field, int, state) {
	from := len(fields)
	sep := d.separator()
	result := complete
	start := p
	if d.runs {
		p = d.skip(b, p)
	}
	for {
		q := p
		if d.quote != 0 {
			for q < len(b) && (b[q] == ' ' || b[q] == '\t') && b[q] != sep {
				q++
			}
		}
		if d.quote != 0 && q < len(b) && b[q] == d.quote {
			f, next, s := d.quotedCell(b, q)
			switch s {
			case open:
				if !last && len(b)-q <= d.longest {
					return fields[:from], len(b), more
				}
				return d.literal(b, start, fields[:from], open)
			case unclosed:
				return d.literal(b, start, fields[:from], unclosed)
			case stray:
				result = stray
			}
			fields = append(fields, f)
			p = next
		} else {
			next := p
			for next < len(b) && b[next] != sep && b[next] != d.eol {
				next++
			}
			fields = append(fields, d.trim(b, p, next))
			p = next
		}
		if p >= len(b) {
			if result == complete {
				result = endOfText
			}
			return fields, len(b), result
		}
		if b[p] == d.eol {
			return fields, p + 1, result
		}
		if p++; d.runs {
			if p = d.skip(b, p); d.closes(b, p) {
				return fields, bytes.IndexByte(b[p:], d.eol) + p + 1, result
			}
		}
	}
}

// skip returns where the text goes on behind a run of delimiters.
func (d *dialect) skip(b []byte, p int) int {
	for d.runs && p < len(b) && b[p] == d.delimiter {
		p++
	}
	return p
}

// closes says whether a run of delimiters at a line's end has led to that end: it is no delimiter then.
func (d *dialect) closes(b []byte, p int) bool {
	return d.runs && p < len(b) && (b[p] == d.eol || b[p] == '\r' && p+1 < len(b) && b[p+1] == d.eol)
}

// literal reads a row again whose quote was never closed: marks are text up to the end of its line.
func (d *dialect) literal(b []byte, start int, fields []field, why state) ([]field, int, state) {
	sep := d.separator()
	p := d.skip(b, start)
	for {
		next := p
		for next < len(b) && b[next] != sep && b[next] != d.eol {
			next++
		}
		f := d.trim(b, p, next)
		if f.end-f.start >= 2 && b[f.start] == d.quote && b[f.end-1] == d.quote {
			f.start, f.end, f.quoted = f.start+1, f.end-1, true
		}
		fields = append(fields, f)
		if next >= len(b) {
			return fields, len(b), why
		}
		if b[next] == d.eol {
			return fields, next + 1, why
		}
		if p = d.skip(b, next+1); d.closes(b, p) {
			return fields, bytes.IndexByte(b[p:], d.eol) + p + 1, why
		}
	}
}

// trim cuts blanks off both ends of an unquoted cell, and the carriage return of a line's end.
func (d *dialect) trim(b []byte, start, end int) field {
	if end > start && b[end-1] == '\r' && (end == len(b) || b[end] == d.eol) {
		end--
	}
	for start < end && (b[start] == ' ' || b[start] == '\t') {
		start++
	}
	for end > start && (b[end-1] == ' ' || b[end-1] == '\t') {
		end--
	}
	return field{start: start, end: end}
}

// quotedCell reads the quoted cell whose opening quote stands at p and returns where the delimiter or line end behind
// it stands.
func (d *dialect) quotedCell(b []byte, p int) (field, int, state) {
	sep := d.separator()
	f := field{start: p + 1, quoted: true}
	at := p + 1
	for {
		i := d.nextQuote(b, at, &f)
		if i < 0 {
			return f, len(b), open
		}
		if i+1 < len(b) && b[i+1] == d.quote {
			f.escaped = true
			at = i + 2
			continue
		}
		end := i + 1
		for end < len(b) && (b[end] == ' ' || b[end] == '\t') && b[end] != sep {
			end++
		}
		if end < len(b) && b[end] == '\r' && (end+1 == len(b) || b[end+1] == d.eol) {
			end++
		}
		if end >= len(b) || b[end] == sep || b[end] == d.eol {
			f.end = i
			return f, end, complete
		}
		if bytes.IndexByte(b[f.start:i], d.eol) >= 0 {
			// A quote that opens a cell on a later line: the first one was never closed.
			return f, end, unclosed
		}
		// A quote inside the cell that is not doubled: the cell goes on to the next delimiter. When it stands behind one
		// it opens a cell of its own, and the first one is text.
		end = i + 1
		if b[i-1] == sep {
			end, i = f.start, f.start-1
		}
		for end < len(b) && b[end] != sep && b[end] != d.eol {
			end++
		}
		f.end = end
		if f.end > f.start && b[f.end-1] == '\r' {
			f.end--
		}
		if b[f.end-1] == d.quote && f.end-1 > i {
			f.end--
		} else {
			f.start-- // "abc" def: kept as it stands
			f.quoted = false
		}
		f.escaped = false
		return f, end, stray
	}
}

// nextQuote returns the next quote that is not behind a backslash, where backslashes escape.
func (d *dialect) nextQuote(b []byte, at int, f *field) int {
	if d.escape == d.quote {
		i := bytes.IndexByte(b[at:], d.quote)
		if i < 0 {
			return -1
		}
		return at + i
	}
	for at < len(b) {
		switch b[at] {
		case d.escape:
			f.escaped = true
			at++
		case d.quote:
			return at
		}
		at++
	}
	return -1
}

// undo appends the text of a cell to buf with its escaped quotes undone. Where backslashes escape, doubled quotes are
// one as well: writers mix the two.
func (d *dialect) undo(b []byte, f field, buf []byte) []byte {
	if !f.escaped {
		return append(buf, b[f.start:f.end]...)
	}
	text := b[f.start:f.end]
	for {
		i := d.escapeIn(text)
		if i < 0 || i+1 == len(text) {
			return append(buf, text...)
		}
		buf = append(buf, text[:i]...)
		next := text[i+1]
		if text[i] == d.quote && next != d.quote || text[i] != d.quote && next != d.quote && next != d.escape {
			buf = append(buf, text[i]) // escapes nothing
			text = text[i+1:]
			continue
		}
		buf = append(buf, next)
		text = text[i+2:]
	}
}

// escapeIn returns where the next character that may escape another stands.
func (d *dialect) escapeIn(text []byte) int {
	i := bytes.IndexByte(text, d.escape)
	if d.escape == d.quote {
		return i
	}
	if q := bytes.IndexByte(text, d.quote); q >= 0 && (i < 0 || q < i) {
		return q
	}
	return i
}

// split returns the ends of rows; see ingest.Split. An unfinished last row is left out when it is not complete.
func (d *dialect) split(columns int, held func(row []byte, open bool)) func(b []byte, last bool, ends []int) []int {
	var fields []field
	return func(b []byte, last bool, ends []int) []int {
		at := 0
		if d.quote == 0 || bytes.IndexByte(b, d.quote) < 0 {
			for at < len(b) {
				i := bytes.IndexByte(b[at:], d.eol)
				if i < 0 {
					break
				}
				at += i + 1
				ends = append(ends, at)
			}
			if !last || at == len(b) {
				return ends
			}
		}
		for at < len(b) {
			// Lines without a quote need no look at their cells.
			if i := bytes.IndexByte(b[at:], d.eol); i >= 0 && (d.quote == 0 || bytes.IndexByte(b[at:at+i], d.quote) < 0) {
				at += i + 1
				ends = append(ends, at)
				continue
			}
			var next int
			var s state
			fields, next, s = d.row(b, at, last, fields[:0])
			switch {
			case s == more, s == endOfText && !last:
				return ends
			case s == open && last && !d.regular(b[next:], columns):
				held(b[at:], true)
				return ends
			case next == len(b) && b[next-1] != d.eol:
				if !last {
					return ends
				}
				if len(fields) < columns && columns > 1 {
					held(b[at:], false)
					return ends
				}
			}
			ends = append(ends, next)
			at = next
		}
		return ends
	}
}

// regular says whether the lines after a quote that is not closed are rows of the table, so that the quote and not
// they are wrong.
func (d *dialect) regular(b []byte, columns int) bool {
	rows := 0
	var fields []field
	for at := 0; at < len(b) && rows < 100; {
		var s state
		fields, at, s = d.row(b, at, true, fields[:0])
		if s == endOfText {
			break // may not be finished
		}
		if len(fields) != columns {
			return false
		}
		rows++
	}
	return rows > 0
}
