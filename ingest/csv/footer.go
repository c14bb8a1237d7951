package csv

import (
	"bytes"
	"fmt"

	"github.com/dashira/dashira/ingest"
)

const (
	footerRows  = 20
	footerBytes = 2 << 20
)

// cutFooter finds rows of another shape behind the last blank line and ends the table before them.
func (o *opening) cutFooter(d dialect, lay *layout) error {
	if lay.from >= o.end || lay.columns < 2 {
		return nil
	}
	var tail []byte
	var from int64
	blank, after := -1, -1 // the last blank line that has something behind it
	for window := int64(middleBytes); ; window *= 4 {
		from = max(lay.from, o.end-window)
		tail = make([]byte, o.end-from)
		if n, err := o.in.ReadAt(tail, from); n < len(tail) {
			return fmt.Errorf("read the end: %w", err)
		}
		for at, begin := len(bytes.TrimRight(tail, "\r\n \t")), 0; at > 0; at = begin - 1 {
			begin = bytes.LastIndexByte(tail[:at], d.eol) + 1
			if rule(bytes.Trim(tail[begin:at], "\r \t")) {
				blank, after = begin, at+1
				break
			}
		}
		// A footer has few lines; where even fewer fill the window, they are long and it may begin before them.
		if blank > 0 || from == lay.from || window >= footerBytes || bytes.Count(tail, []byte{d.eol}) > 2*footerRows {
			break
		}
	}
	if blank <= 0 || after > len(tail) {
		return nil
	}
	var fields []field
	rows := 0
	var first []byte
	typed := d.typedIn(tail[:blank], lay.columns, from == lay.from)
	for at := after; at < len(tail); {
		begin := at
		fields, at, _ = d.row(tail, at, true, fields[:0])
		if len(fields) == 1 && fields[0].end == fields[0].start {
			continue
		}
		full, words := 0, 0
		for i, f := range fields {
			if f.end > f.start {
				full++
				if i < len(typed) && typed[i] && ingest.LookOf(tail[f.start:f.end]) == ingest.LooksText {
					words++
				}
			}
		}
		// A row of totals has a word where the column has values, and leaves cells out.
		totals := words > 0 && full < lay.columns
		if len(fields) == lay.columns && full > 1 && full*2 > lay.columns && !totals || rows > footerRows {
			return nil
		}
		if rows++; first == nil {
			first = bytes.TrimRight(tail[begin:at], "\r\n")
		}
	}
	if rows == 0 || d.quote != 0 && bytes.Count(tail[:blank], []byte{d.quote})%2 == 1 && from > lay.from {
		return nil
	}
	line, err := o.lineAt(lay, d, from+int64(after))
	if err != nil {
		return err
	}
	o.end = from + int64(blank)
	o.in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.FooterSkipped, Severity: ingest.Info, Line: line, Value: string(first), Count: rows,
		Message: "lines behind the table are left out", Hint: "if that is data, remove the blank line before it"})
	return nil
}

// typedIn says which columns hold nothing but values in the last rows of a text, which begins with a row when it is whole.
func (d *dialect) typedIn(b []byte, columns int, whole bool) []bool {
	const looked = 20
	lines := bytes.Split(bytes.TrimRight(b, "\r\n "), []byte{d.eol})
	typed := make([]bool, columns)
	values := make([]int, columns)
	for i := range typed {
		typed[i] = true
	}
	n := 0
	for k := len(lines) - 1; k >= b2i(!whole) && n < looked; k-- {
		fields, _, _ := d.row(lines[k], 0, true, nil)
		if len(fields) != columns {
			continue
		}
		n++
		for i, f := range fields {
			look := ingest.LookOf(lines[k][f.start:f.end])
			values[i] += b2i(look > ingest.LooksText)
			typed[i] = typed[i] && look != ingest.LooksText
		}
	}
	for i := range typed {
		typed[i] = typed[i] && values[i] >= 2
	}
	return typed
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// rule says whether a line separates a table from what follows: it is blank, or drawn.
func rule(line []byte) bool {
	if len(line) == 0 {
		return true
	}
	return len(line) > 3 && bytes.IndexByte([]byte("_-=*"), line[0]) >= 0 && len(bytes.TrimLeft(line, string(line[:1]))) == 0
}

// lineAt counts the line of an offset.
func (o *opening) lineAt(lay *layout, d dialect, offset int64) (int, error) {
	line := lay.first
	buf := make([]byte, 1<<20)
	for at := lay.from; at < offset; {
		n := min(int64(len(buf)), offset-at)
		if got, err := o.in.ReadAt(buf[:n], at); int64(got) < n {
			return 0, fmt.Errorf("count lines: %w", err)
		}
		line += bytes.Count(buf[:n], []byte{d.eol})
		at += n
	}
	return line, nil
}
