package csv

import "bytes"

// mendSteps is how many cells a row may be read as, all tries together, before it is given up.
const mendSteps = 4096

// row reads the row that begins at p. It appends its cells to fields and returns where the next row begins. When the
// text may go on (last is false) and ends within the row, the state is more or endOfText and the cells are of no use.
//
// A row that has not the table's width because a mark is not what it seems is read again: its line alone, with the mark
// as text. That is the row when it has the width so; a cell over several lines is only broken up when these are rows.
func (d *dialect) row(b []byte, p int, last bool, fields []field) ([]field, int, state) {
	from := len(fields)
	fields, next, s := d.read(b, p, last, fields)
	if d.width < 2 || d.runs || len(fields)-from == d.width || s == more || s == endOfText && !last {
		return fields, next, s
	}
	end := bytes.IndexByte(b[p:next], d.eol)
	if end < 0 {
		if s == open {
			return fields, next, s // not finished
		}
		end = len(b) - p
	}
	end += p
	why := s
	switch s {
	case open, unclosed, stray:
	default:
		if end+1 >= next || !d.rowsIn(b[end+1:next]) {
			return fields, next, s
		}
		why = unclosed
	}
	steps := mendSteps
	mended, ok := d.mend(b[:end], p, append([]field(nil), fields[:from]...), from+d.width, &steps)
	if !ok {
		return fields, next, s
	}
	return append(fields[:from], mended[from:]...), min(end+1, len(b)), why
}

// rowsIn says whether all lines of a text, but the last that has no end, have the table's width.
func (d *dialect) rowsIn(b []byte) bool {
	n := 0
	for {
		i := bytes.IndexByte(b, d.eol)
		if i < 0 {
			return n > 0
		}
		if bytes.Count(b[:i], []byte{d.delimiter}) < d.width-1 {
			return false
		}
		n++
		b = b[i+1:]
	}
}

// mend reads the rest of a line, which ends with b, so that it has cells up to a number. A quoted cell that is not
// closed before a delimiter is tried as one that ends at the next delimiter, as one that ends at any later mark before
// a delimiter, and as one whose mark is text.
func (d *dialect) mend(b []byte, p int, fields []field, cells int, steps *int) ([]field, bool) {
	*steps--
	if *steps < 0 || len(fields) >= cells {
		return nil, false
	}
	sep := d.separator()
	goOn := func(f field, next int) ([]field, bool) {
		row := append(fields[:len(fields):len(fields)], f)
		if next >= len(b) {
			return row, len(row) == cells
		}
		return d.mend(b, next+1, row, cells, steps)
	}
	plain := func() ([]field, bool) {
		next := p
		for next < len(b) && b[next] != sep {
			next++
		}
		return goOn(d.trim(b, p, next), next)
	}
	q := p
	for q < len(b) && (b[q] == ' ' || b[q] == '\t') && b[q] != sep {
		q++
	}
	if d.quote == 0 || q >= len(b) || b[q] != d.quote {
		return plain()
	}
	f, next, s := d.quotedCell(b, q)
	if s == complete {
		return goOn(f, next)
	}
	if s == stray {
		if row, ok := goOn(f, next); ok {
			return row, true
		}
	}
	for i := q + 1; i < len(b); i++ {
		if b[i] != d.quote {
			continue
		}
		end := i + 1
		for end < len(b) && (b[end] == ' ' || b[end] == '\t' || b[end] == '\r') && b[end] != sep {
			end++
		}
		if end == len(b) || b[end] == sep {
			if row, ok := goOn(field{start: q + 1, end: i, quoted: true, escaped: true}, end); ok {
				return row, true
			}
		}
	}
	return plain()
}
