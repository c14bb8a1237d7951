package csv

import (
	"bytes"
	"slices"
	"strings"

	"github.com/dashira/dashira/ingest"
)

// The sample that a dialect is chosen on.
const (
	headBytes   = 128 << 10
	middleBytes = 32 << 10
	middleStep  = 1 << 20
	sniffRows   = 400
)

// sample is text from the head, the middle and the tail of a file; each part but the first begins behind a line's end.
type sample struct {
	head  []byte
	parts [][]byte
	whole bool // head is the whole file

	before, now weights // what is known of parts from the last load, and what this one leaves
}

// usual delimiters come before those that also stand inside cells.
var (
	usual   = []byte{',', ';', '\t', '|'}
	unusual = []byte{':', ' '}
)

// sniff chooses the dialect whose rows are most regular and whose cells most often have a known form. The idea of
// weighing both is van den Burg, Nazábal and Sutton's (2019).
func sniff(s sample, o ingest.Options, ext string) dialect {
	d := dialect{delimiter: ',', quote: '"', escape: '"', eol: lineEnd(s.head)}
	quotes := ways(s.head, 0, o, false)
	// Where no dialect makes a table, the first way of quoting that may be used stands.
	d.quote, d.escape = quotes[0].quote, quotes[0].escape
	switch o.Comment {
	case "":
		d.comment = commentOf(s.head, d.eol)
	case "none":
	default:
		d.comment = o.Comment
	}
	delimiters := usual
	fixed := o.Delimiter != ""
	switch {
	case fixed:
		delimiters = []byte{o.Delimiter[0]}
	case separator(s.head) != 0:
		delimiters, fixed = []byte{separator(s.head)}, true
	case ext == ".tsv":
		delimiters, fixed = []byte{'\t'}, true
	}
	best, bestScore := d, -1.0
	try := func(delimiters []byte, least float64) {
		for _, delimiter := range delimiters {
			for _, q := range quotes {
				c := d
				c.delimiter, c.quote, c.escape = delimiter, q.quote, q.escape
				c.longest = headBytes
				if score := c.score(s, least); score > bestScore+1e-9 {
					best, bestScore = c, score
				}
			}
		}
	}
	try(delimiters, 0.6)
	if bestScore <= 0 && fixed && delimiters[0] == ' ' {
		d.runs = true
		try(delimiters, 0.6)
	}
	if o.Comment == "" && bestScore > 0 && best.marksRows(s) {
		o.Comment = "none"
		return sniff(s, o, ext)
	}
	if fixed {
		if bestScore <= 0 {
			best.delimiter = delimiters[0]
		}
		return best
	}
	if bestScore <= 0 {
		try(unusual, 0.9)
	}
	if bestScore <= 0 {
		d.runs = true
		try([]byte{' '}, 0.9)
		d.runs = false
	}
	if bestScore <= 0 && ext == ".csv" {
		// Few rows are whole, but the header says how many cells there should be.
		if try(usual, 0.3); bestScore > 0 && !best.firstIsUsual(s) {
			bestScore = -1
		}
	}
	if bestScore <= 0 || best.delimiter == ',' && oneColumn(s, d.eol) || best.quote == 0 && o.Quote == "" && best.quotedColumn(s) {
		best = d
		best.delimiter = 0 // one column; zero bytes are left out of the text
	}
	return best
}

// firstIsUsual says whether the first row is as wide as most others.
func (d *dialect) firstIsUsual(s sample) bool {
	fields, _, _ := d.row(s.head, 0, s.whole, nil)
	usual, _, _ := d.regularity(s)
	return len(fields) == usual
}

// lineEnd returns '\r' for files without a line feed.
func lineEnd(b []byte) byte {
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}

// separator reads the line sep=; that Excel writes and understands.
func separator(head []byte) byte {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	line = bytes.Trim(bytes.TrimRight(line, "\r"), `"`)
	if len(line) == 5 && strings.EqualFold(string(line[:4]), "sep=") {
		return line[4]
	}
	return 0
}

// singleQuoted says whether cells seem to be quoted with apostrophes: some stand at the begin of a cell, and some at the
// end of one. The delimiter is 0 while it is not known; a space is one only when it is.
func singleQuoted(head []byte, delimiter byte) bool {
	marks := []byte(",;\t|\n\r")
	if delimiter != 0 {
		marks = []byte{delimiter, '\n', '\r'}
	}
	opens, closes := 0, 0
	for i, c := range head {
		if c != '\'' {
			continue
		}
		before := i == 0 || bytes.IndexByte(marks, head[i-1]) >= 0
		after := i+1 == len(head) || bytes.IndexByte(marks, head[i+1]) >= 0
		if before && !after {
			opens++
		}
		if after && !before {
			closes++
		}
	}
	return opens > 0 && closes > 0
}

// commentOf returns the mark that begins comments: lines before the table begin with it, or it stands at the begin of
// several lines, none of which looks like the others.
func commentOf(head []byte, eol byte) string {
	lines := bytes.Split(head, []byte{eol})
	if len(lines) > sniffRows {
		lines = lines[:sniffRows]
	}
	for _, mark := range []string{"#", "//", "%"} {
		n, leading, total := 0, 0, 0
		width := -1
		table := 0
		for _, line := range lines {
			line = bytes.TrimRight(line, "\r")
			if len(line) == 0 {
				continue
			}
			if bytes.HasPrefix(line, []byte(mark)) {
				if n == total {
					leading++
				}
				n++
			} else {
				if width < 0 {
					width = marks(line)
				}
				if marks(line) == width {
					table++
				}
			}
			total++
		}
		if n == 0 || n == total {
			continue
		}
		// A header such as "#,name,price" is a row of the table.
		if leading == 1 && n == 1 && marks(bytes.TrimRight(lines[0], "\r")) == width && width > 0 {
			continue
		}
		if leading == n || leading > 0 || n*2 < total {
			odd := 0
			for _, line := range lines {
				if bytes.HasPrefix(line, []byte(mark)) && (marks(bytes.TrimRight(line, "\r")) != width || width == 0) {
					odd++
				}
			}
			if odd*2 >= n {
				return mark
			}
		}
	}
	return ""
}

// marksRows says whether most lines that begin with the mark of comments are rows like the others once their cells are
// read: "# 1 on the list,12" is one, whatever stands in its text.
func (d *dialect) marksRows(s sample) bool {
	if d.comment == "" {
		return false
	}
	usual, _, _ := d.regularity(s)
	c := *d
	c.comment = ""
	n, same := 0, 0
	c.rows(s.head, s.whole, func(fields []field, _ state) {
		start := fields[0].start
		if fields[0].quoted || start > 0 && s.head[start-1] != d.eol || !bytes.HasPrefix(s.head[start:], []byte(d.comment)) {
			return
		}
		if n++; len(fields) == usual {
			same++
		}
	})
	return usual > 1 && same*2 > n
}

// marks counts what usually separates cells.
func marks(line []byte) int {
	n := 0
	for _, c := range line {
		switch c {
		case ',', ';', '\t', '|':
			n++
		}
	}
	return n
}

// score weighs a dialect: how regular its rows are times how many of its cells have a known form. Rows before the first
// and behind the last row of the usual width are titles and footers and count little. It is 0 when the rows between
// have that width less often than the given share.
func (d *dialect) score(s sample, least float64) float64 {
	var widths []int
	odd := 0
	for k := range 1 + len(s.parts) {
		w := d.part(s, k, false)
		for _, n := range w.widths {
			widths = append(widths, int(n))
		}
		odd += w.odd
	}
	rows := float64(len(widths))
	usual := mode(widths)
	if usual < 2 {
		return 0
	}
	first, last := slices.Index(widths, usual), len(widths)-1
	for widths[last] != usual {
		last--
	}
	table := widths[first : last+1]
	same := 0
	kinds := map[int]bool{}
	for _, w := range table {
		if w == usual {
			same++
		}
		kinds[w] = true
	}
	regular := float64(same) / float64(len(table))
	stretch := float64(len(table)) / rows
	if first == 1 && widths[0] == usual-1 && usual > 2 {
		stretch = float64(len(table)+1) / rows // a header without a cell for the names of rows
	}
	if regular < least || same < 2 && rows > 2 || stretch < 0.3 || least > 0.8 && stretch < least {
		return 0
	}
	// Looking at cells is most of the work, so it is done only where there are rows of them.
	known, cells := 0.0, 0
	for k := range 1 + len(s.parts) {
		w := d.part(s, k, true)
		known += w.known
		cells += w.cells
	}
	pattern := float64(usual-1) / float64(usual) * regular / float64(len(kinds)) * (0.5 + 0.5*stretch)
	return pattern * max(known/float64(cells), 1e-6) * (1 - 0.5*float64(odd)/rows)
}

// mode returns the most frequent number over 1, the larger of two; 1 when there is none.
func mode(numbers []int) int {
	counts := map[int]int{}
	for _, n := range numbers {
		counts[n]++
	}
	best := 1
	for n, count := range counts {
		if n > 1 && (best == 1 || count > counts[best] || count == counts[best] && n > best) {
			best = n
		}
	}
	return best
}

// oneColumn says whether the lines are numbers with a decimal comma under a name without one, and not rows of two.
func oneColumn(s sample, eol byte) bool {
	lines := bytes.Split(s.head, []byte{eol})
	if len(lines) < 3 || bytes.IndexByte(lines[0], ',') >= 0 {
		return false
	}
	n := 0
	for _, line := range lines[1:min(len(lines)-1, sniffRows)] {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if ingest.LookOf(line) != ingest.LooksNumber || bytes.Count(line, []byte(",")) > 1 {
			return false
		}
		n++
	}
	return n > 0
}

// quotedColumn says whether every row is one cell once quotes count, and the delimiters stand inside of them.
func (d *dialect) quotedColumn(s sample) bool {
	c := *d
	c.quote, c.escape = '"', '"'
	inside, all := false, true
	c.rows(s.head, s.whole, func(fields []field, st state) {
		all = all && len(fields) == 1 && (st == complete || st == endOfText)
		inside = inside || fields[0].quoted && bytes.IndexByte(s.head[fields[0].start:fields[0].end], d.delimiter) >= 0
	})
	return all && inside
}

// form says how much a cell looks like one: 1 for numbers, dates, words, quoted and empty cells; less for what holds
// the marks of another dialect.
func form(b []byte, quoted bool) float64 {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || ingest.Recognised(b) {
		return 1
	}
	if quoted {
		return 0.9
	}
	for i, c := range b {
		switch c {
		case ',', ';':
			if i+1 < len(b) && b[i+1] != ' ' { // before a blank it is a sentence's
				return 0
			}
		case '\t', '|', '"', '{', '}', '<', '>', '[', ']':
			return 0
		}
	}
	if len(b) > 60 {
		return 0.4
	}
	return 0.8
}
