package csv

import (
	"bytes"
	"context"

	"github.com/dashira/dashira/ingest"
)

// undump reads the text in which databases dump tables, in memory: cells between tabs, \N where there is no value, and
// backslashes before what would end a cell or a row (COPY of PostgreSQL, mysqldump --tab). It becomes cells in quotation
// marks; every line stays where it is.
func (o *opening) undump(ctx context.Context) error {
	if opt := o.in.Options; opt.Delimiter != "" && opt.Delimiter != "\t" || opt.Quote != "" || opt.Escape != "" || !dumped(o.sample.head) {
		return nil
	}
	if err := o.in.Reserve(2 * (o.in.Size - o.start)); err != nil {
		return err
	}
	text, err := o.all()
	if err != nil {
		return err
	}
	out := make([]byte, 0, len(text)+len(text)/8)
	line := 1
	for at := 0; at < len(text); {
		if end := bytes.TrimRight(text[at:], "\r\n"); string(end) == `\.` {
			o.in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.FooterSkipped, Severity: ingest.Info, Line: line, Value: `\.`,
				Message: "lines behind the table are left out", Hint: `nothing to do: \. is the mark that ends the data`})
			break
		}
		end, plain := dumpedCell(text, at)
		switch cell := text[at:end]; {
		case string(cell) == `\N`:
		case plain && (len(cell) == 0 || cell[0] != '"'):
			out = append(out, cell...)
		default:
			out = quotedCopy(out, cell)
		}
		line += bytes.Count(text[at:end], []byte{'\n'})
		if end < len(text) {
			if text[end] == '\r' {
				out = append(out, '\r')
				end++
			}
			out = append(out, text[end])
			line += b2i(text[end] == '\n')
		}
		at = end + 1
	}
	o.dumped = true
	return o.hold(ctx, out)
}

// dumpedCell returns where the cell at p ends, and whether no backslash is in it.
func dumpedCell(b []byte, p int) (end int, plain bool) {
	plain = true
	for i := p; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\\':
			plain = false
			i++
		case c == '\t' || c == '\n':
			return i, plain
		case c == '\r' && i+1 < len(b) && b[i+1] == '\n':
			return i, plain
		}
	}
	return len(b), plain
}

// quotedCopy appends a cell in quotation marks, its escapes undone.
func quotedCopy(out, cell []byte) []byte {
	out = append(out, '"')
	for i := 0; i < len(cell); i++ {
		c := cell[i]
		if c == '\\' && i+1 < len(cell) {
			i++
			if c = cell[i]; c == '0' {
				continue // a zero byte, which no text holds
			}
			if at := bytes.IndexByte([]byte("bfnrtvZ"), c); at >= 0 {
				c = "\b\f\n\r\t\v\x1a"[at]
			}
		}
		if c == '"' {
			out = append(out, '"')
		}
		out = append(out, c)
	}
	return append(out, '"')
}

// dumped says whether a text is written so: a cell is \N, no cell is quoted, and every backslash stands before what it may
// stand before.
func dumped(head []byte) bool {
	if !bytes.Contains(head, []byte(`\N`)) || bytes.IndexByte(head, '\t') < 0 {
		return false
	}
	empty := false
	for at := 0; at < len(head); {
		end, plain := dumpedCell(head, at)
		cell := head[at:end]
		if string(cell) == `\N` {
			empty = true
		} else if !plain {
			for i := 0; i+1 < len(cell); i++ {
				if cell[i] == '\\' {
					if i++; bytes.IndexByte([]byte("\\NbfnrtvZ0\t\n\"'."), cell[i]) < 0 {
						return false
					}
				}
			}
		} else if len(cell) > 1 && cell[0] == '"' && cell[len(cell)-1] == '"' {
			return false
		}
		if end < len(head) && head[end] == '\r' {
			end++
		}
		at = end + 1
	}
	return empty
}
