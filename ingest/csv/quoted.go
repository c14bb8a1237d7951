package csv

import (
	"bytes"

	"github.com/dashira/dashira/ingest"
)

// quoted reads rows with quoted cells that are written as they should be: marks open and close cells and are doubled
// inside. A row that is anything else is read by the way that knows more.
func (p *parser) quoted(b []byte) {
	var pairs []int // of doubled marks in the row: where each second one stands
	last := p.columns - 1
	for begin := 0; begin < len(b); {
		at, column, quotes := begin, 0, false
		pairs = pairs[:0]
		cells := p.undoing[:0]
		fine := false
		for at < len(b) && column <= last {
			start := at
			if b[at] == p.quote {
				end := at + 1
				first := len(pairs)
				for {
					i := bytes.IndexByte(b[end:], p.quote)
					if i < 0 {
						end = -1
						break
					}
					if end += i; end+1 == len(b) || b[end+1] != p.quote {
						break
					}
					pairs = append(pairs, end+1)
					end += 2
				}
				if end < 0 {
					break
				}
				quotes = true
				if p.cells[column][p.row] = ingest.At(ingest.Raw, start+1, end-start-1); len(pairs) > first {
					cells = append(cells, doubled{column, start + 1, end, first, len(pairs)})
				}
				if at = end + 1; at+1 < len(b) && b[at] == '\r' && b[at+1] == p.eol {
					at++
				}
				if at == len(b) || b[at] != p.delimiter && b[at] != p.eol {
					break
				}
			} else {
				for at < len(b) && b[at] != p.delimiter && b[at] != p.eol && b[at] != p.quote {
					at++
				}
				if at == len(b) || b[at] == p.quote {
					break
				}
				if at > start && b[start] > ' ' && b[at-1] > ' ' {
					p.cells[column][p.row] = ingest.At(ingest.Raw, start, at-start)
				} else {
					p.put(b, column, start, at)
				}
			}
			if b[at] == p.eol {
				fine = column == last
				break
			}
			at++
			column++
		}
		p.undoing = cells
		if !fine {
			begin = p.rowAt(b, begin)
			continue
		}
		for _, c := range cells {
			p.cells[c.column][p.row] = ingest.At(ingest.Raw, c.start, undone(b, c.start, c.end, pairs[c.from:c.to]))
		}
		lines := 1
		if quotes {
			lines += bytes.Count(b[begin:at], []byte{p.eol})
		}
		p.acceptLines(lines)
		begin = at + 1
	}
}

// doubled is a quoted cell with doubled marks inside, and which of them are its.
type doubled struct{ column, start, end, from, to int }

// undone takes the second of doubled marks out of a text, in its place, and returns how long it is then: nobody reads the
// row again.
func undone(b []byte, start, end int, seconds []int) int {
	to := seconds[0]
	for i, at := range seconds {
		next := end
		if i+1 < len(seconds) {
			next = seconds[i+1]
		}
		to += copy(b[to:], b[at+1:next])
	}
	return to - start
}
