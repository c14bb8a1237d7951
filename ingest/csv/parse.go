package csv

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/dashira/dashira/ingest"
)

// rows reads the cells of runs of a file.
type rows struct {
	ingest.FileRows
	dialect dialect
	columns int
	sampled bool // how cells are quoted was decided on a sample
	feeds   bool // that lines end with line feeds was
}

// Parse reads the cells of what was fetched.
func (r *rows) Parse(i int, b *ingest.Block) error {
	if r.feeds {
		// As many carriage returns as line feeds are pairs; no look is cheaper.
		if n := bytes.Count(b.Bytes, []byte{'\r'}); n > 0 && n != bytes.Count(b.Bytes, []byte{'\n'}) && loneReturns(b.Bytes) {
			return ingest.Irregular{}
		}
	}
	p := parser{dialect: r.dialect, columns: r.columns, block: b}
	p.run()
	if r.Cuts[i].Even && p.odd || r.sampled && p.broken {
		return ingest.Irregular{}
	}
	return nil
}

// parser turns the text of one run into cells.
type parser struct {
	dialect
	columns int
	block   *ingest.Block
	grid    ingest.Grid
	cells   [][]ingest.Ref
	row     int // rows so far
	line    int // the line at which the next row begins
	lines   []int32
	fields  []field   // of the row that is read with care
	undoing []doubled // cells of the row

	odd    bool // a quotation mark is not one that opens, closes or is doubled
	broken bool // a quotation mark opens a cell that is not closed before a delimiter

	short, excess, comments, nuls tally
}

// tally counts something that is reported once for a run.
type tally struct {
	n     int
	line  int
	value string
}

func (t *tally) add(line int, value []byte) {
	if t.n == 0 {
		t.line, t.value = line, ingest.Excerpt(string(value))
	}
	t.n++
}

func (p *parser) run() {
	b := p.block.Bytes
	if bytes.IndexByte(b, 0) >= 0 {
		b = p.dropNuls(b)
	}
	most := bytes.Count(b, []byte{p.eol})
	if len(b) > 0 && b[len(b)-1] != p.eol {
		most++
	}
	p.cells = p.block.Columns(p.columns, most)
	if p.comment == "" && !p.runs && (p.quote == 0 || bytes.IndexByte(b, p.quote) < 0) {
		p.plain(b)
	} else if p.comment == "" && !p.runs && p.escape == p.quote && p.columns > 1 {
		p.quoted(b)
	} else {
		for at := 0; at < len(b); {
			at = p.rowAt(b, at)
		}
	}
	for c := range p.cells {
		p.cells[c] = p.cells[c][:p.row]
	}
	p.grid.Rows, p.grid.Cells, p.grid.Text, p.grid.Lines = p.row, p.cells, p.block.Bytes, p.lines
	p.grid.Height = int32(p.line)
	p.report()
	p.block.Grids = append(p.block.Grids[:0], p.grid)
}

func (p *parser) dropNuls(b []byte) []byte {
	n := bytes.Count(b, []byte{0})
	at := bytes.IndexByte(b, 0)
	p.nuls = tally{n: n, line: bytes.Count(b[:at], []byte{p.eol})}
	kept := b[:0]
	for _, c := range b {
		if c != 0 {
			kept = append(kept, c)
		}
	}
	p.block.Bytes = kept
	return kept
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// matches marks the bytes of x that equal the repeated byte of pattern with their highest bit. Bytes above a match may
// be marked wrongly when they differ in the lowest bit only, so the exact form without borrow is used.
func matches(x, pattern uint64) uint64 {
	y := x ^ pattern
	return ^((y&^highs + ^uint64(highs)) | y | ^uint64(highs))
}

// plain reads rows in which no quote and no comment can be, eight bytes at a time.
func (p *parser) plain(b []byte) {
	delimiters, ends := uint64(p.delimiter)*ones, uint64(p.eol)*ones
	start, column := 0, 0
	begin := 0
	at := 0
	cells, last := p.cells, p.columns-1
	for ; at+8 <= len(b); at += 8 {
		x := binary.LittleEndian.Uint64(b[at:])
		for m := matches(x, delimiters) | matches(x, ends); m != 0; m &= m - 1 {
			i := at + bits.TrailingZeros64(m)>>3
			// Nearly all cells need no trimming, and nearly all rows have the right number of them on a line of their own.
			tight := i > start && b[start] > ' ' && b[i-1] > ' '
			if b[i] == p.delimiter {
				if column <= last {
					if tight {
						cells[column][p.row] = ingest.At(ingest.Raw, start, i-start)
					} else {
						p.put(b, column, start, i)
					}
				}
				column++
				start = i + 1
				continue
			}
			if tight && column == last && p.lines == nil && p.line == p.row {
				cells[column][p.row] = ingest.At(ingest.Raw, start, i-start)
				p.row++
				p.line++
			} else {
				p.end(b, begin, start, i, column)
			}
			start, begin, column = i+1, i+1, 0
		}
	}
	for ; at < len(b); at++ {
		switch b[at] {
		case p.delimiter:
			if column < p.columns {
				p.put(b, column, start, at)
			}
			column++
			start = at + 1
		case p.eol:
			p.end(b, begin, start, at, column)
			start, begin, column = at+1, at+1, 0
		}
	}
	if begin < len(b) {
		p.end(b, begin, start, len(b), column)
	}
}

func (p *parser) put(b []byte, column, start, end int) {
	if end > start && (b[start] <= ' ' || b[end-1] <= ' ') {
		f := p.trim(b, start, end)
		start, end = f.start, f.end
	}
	p.cells[column][p.row] = ingest.At(ingest.Raw, start, end-start)
}

// end finishes a row whose last cell is b[start:end].
func (p *parser) end(b []byte, begin, start, end, column int) {
	stop := end
	if stop > start && b[stop-1] == '\r' {
		stop--
	}
	if column == p.columns-1 {
		if column > 0 || stop > start {
			p.put(b, column, start, stop)
			p.accept()
			return
		}
		p.cells[0][p.row] = ingest.Ref{} // an empty line of a one-column file is an empty cell
		p.accept()
		return
	}
	if column < p.columns {
		if column == 0 && p.blank(b[begin:stop]) {
			p.line++
			return
		}
		p.put(b, column, start, stop)
		p.pad(column+1, b[begin:stop])
		return
	}
	if len(bytes.Trim(b[p.cellEnd(b, begin, stop):stop], string([]byte{p.delimiter, ' ', '\t'}))) > 0 {
		p.quarantine(b[begin:stop], column+1, 1)
		return
	}
	p.excess.add(p.line, b[begin:stop])
	p.accept()
}

// cellEnd returns where the last column's cell of an unquoted row ends.
func (p *parser) cellEnd(b []byte, begin, stop int) int {
	at := begin
	for range p.columns {
		i := bytes.IndexByte(b[at:stop], p.delimiter)
		if i < 0 {
			return stop
		}
		at += i + 1
	}
	return at - 1
}

func (p *parser) blank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// accept counts a row that stands on one line.
func (p *parser) accept() { p.acceptLines(1) }

func (p *parser) acceptLines(n int) {
	if p.lines == nil && (n != 1 || p.line != p.row) {
		p.lines = make([]int32, p.row, len(p.cells[0]))
		for i := range p.lines {
			p.lines[i] = int32(i)
		}
	}
	if p.lines != nil {
		p.lines = append(p.lines, int32(p.line))
	}
	p.row++
	p.line += n
}

// pad fills a short row with empty cells.
func (p *parser) pad(have int, text []byte) {
	for c := have; c < p.columns; c++ {
		p.cells[c][p.row] = ingest.Ref{}
	}
	p.short.add(p.line, text)
	p.accept()
}

func (p *parser) quarantine(text []byte, have, lines int) {
	p.grid.Notes = append(p.grid.Notes, ingest.Note{Code: ingest.RaggedLong, Severity: ingest.Error, Line: p.line, Value: string(text),
		Message: fmt.Sprintf("the row has %d cells where the table has %s, so it was set aside", have, plural(p.columns, "column")),
		Hint:    "look for a delimiter that belongs inside quotation marks"})
	p.line += lines
}

// rowAt reads the row that begins at an offset, whatever is in it, and returns where the next one begins.
func (p *parser) rowAt(b []byte, at int) int {
	if p.comment != "" && bytes.HasPrefix(b[at:], []byte(p.comment)) {
		i := bytes.IndexByte(b[at:], p.eol)
		if i < 0 {
			i = len(b) - at - 1
		}
		p.comments.add(p.line, bytes.TrimRight(b[at:at+i+1], "\r\n"))
		p.line++
		return at + i + 1
	}
	begin := at
	var s state
	p.fields, at, s = p.dialect.row(b, at, true, p.fields[:0])
	fields := p.fields
	p.broken = p.broken || s == open || s == unclosed || s == stray
	p.odd = p.odd || p.broken || p.bare(b, fields)
	text := bytes.TrimRight(b[begin:at], "\r\n")
	lines := 1
	if len(b[begin:at]) > 0 {
		if n := bytes.Count(b[begin:at-1], []byte{p.eol}); n > 0 {
			lines += n
		}
	}
	switch s {
	case open, unclosed:
		p.grid.Notes = append(p.grid.Notes, ingest.Note{Code: ingest.UnclosedQuote, Severity: ingest.Error, Line: p.line, Value: string(text),
			Message: "a quotation mark is never closed, so the row ends with its line and the mark is part of its cell",
			Hint:    "close the quotation mark, or double it if it belongs to the text"})
	case stray:
		p.grid.Notes = append(p.grid.Notes, ingest.Note{Code: ingest.UnclosedQuote, Severity: ingest.Warning, Line: p.line, Value: string(text),
			Message: "a quotation mark inside a quoted cell is not doubled; the cell is kept as it stands",
			Hint:    "double quotation marks that belong to the text"})
	}
	n := len(fields)
	if n == 1 && p.columns > 1 && !fields[0].quoted && fields[0].end == fields[0].start {
		p.line += lines
		return at
	}
	if n > p.columns {
		over := false
		for _, f := range fields[p.columns:] {
			over = over || f.end > f.start
		}
		if over {
			p.quarantine(text, n, lines)
			return at
		}
		p.excess.add(p.line, text)
		n = p.columns
	}
	if n < p.columns {
		for c := n; c < p.columns; c++ {
			p.cells[c][p.row] = ingest.Ref{}
		}
		p.short.add(p.line, text)
	}
	for c := range n {
		p.cell(c, b, fields[c])
	}
	p.acceptLines(lines)
	return at
}

// bare says whether a cell that is not quoted holds a quotation mark.
func (p *parser) bare(b []byte, fields []field) bool {
	for _, f := range fields {
		if !f.quoted && p.quote != 0 && bytes.IndexByte(b[f.start:f.end], p.quote) >= 0 {
			return true
		}
	}
	return false
}

func (p *parser) cell(column int, b []byte, f field) {
	if !f.escaped {
		p.cells[column][p.row] = ingest.At(ingest.Raw, f.start, f.end-f.start)
		return
	}
	// What has its quotes undone is shorter than it was and takes the same place; nobody reads the row again.
	undone := p.undo(b, f, b[f.start:f.start])
	p.cells[column][p.row] = ingest.At(ingest.Raw, f.start, len(undone))
}

func (p *parser) report() {
	note := func(t tally, code ingest.Code, severity ingest.Severity, message, hint string) {
		if t.n > 0 {
			p.grid.Notes = append(p.grid.Notes, ingest.Note{Code: code, Severity: severity, Line: t.line, Value: t.value, Count: t.n, Message: message, Hint: hint})
		}
	}
	note(p.short, ingest.RaggedShort, ingest.Warning, fmt.Sprintf("rows with fewer than %d cells are filled up with empty ones", p.columns), "look for a missing delimiter")
	note(p.excess, ingest.TrailingDelimiter, ingest.Info, "rows end with a delimiter that no column belongs to", "nothing to do, unless a column's name is missing")
	note(p.comments, ingest.CommentSkipped, ingest.Info, fmt.Sprintf("lines that begin with %s are left out as comments", p.comment), "set comment to none if they are data")
	note(p.nuls, ingest.NulByte, ingest.Warning, "zero bytes are left out", "write the file again: a crash or another encoding leaves such bytes")
}
