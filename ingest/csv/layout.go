package csv

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/dashira/dashira/ingest"
)

// layout is where the table stands in its file.
type layout struct {
	columns   int
	band      [][]string // the rows of the header
	header    ingest.Header
	explained bool  // its second row explains the first
	from      int64 // where the first row begins
	first     int   // its line
}

// headRow is one of the first rows.
type headRow struct {
	cells     []ingest.HeaderCell
	line      int // where it begins
	next      int // where the next row begins, in the sample
	nextLine  int
	text      []byte
	blankOver bool // blank lines stand above it
}

const layoutRows = 120

// lay finds titles, header and footer.
func (o *opening) lay(d dialect) (*layout, error) {
	in := o.in
	head := o.sample.head
	first := o.first(d)
	rows, at, line := first.rows, first.at, first.line
	o.comments = first.comments
	lay := &layout{from: o.start + int64(at), first: line}
	if len(rows) == 0 {
		o.reportComments(d, line)
		return lay, nil
	}
	skip := -1
	if n := in.Options.Skip; n != nil {
		skip = min(*n, len(rows)-1)
	}
	width := tableWidth(rows[max(skip, 0):], d)
	cells := make([][]ingest.HeaderCell, len(rows))
	for i, r := range rows {
		cells[i] = r.cells
	}
	other := 0
	if skip < 0 {
		other = others(rows, cells, width)
	}
	band := ingest.FindBand(cells[other:], width)
	band.Skip += other
	if band.Rows == 0 && band.Skip == 0 && width == 1 && len(rows) > 1 {
		width = 1
	}
	if skip >= 0 {
		if band = ingest.FindBand(cells[skip:], width); band.Skip > 0 {
			band.Rows = 1 // whoever says where the table begins knows that more titles are none
		}
		band.Skip = skip
	}
	if n := in.Options.HeaderRows; n != nil {
		band.Rows = min(max(*n, 0), len(rows)-band.Skip)
	}
	lay.columns = width
	for _, r := range rows[band.Skip : band.Skip+band.Rows] {
		// A header may be wider than the rows when their last cells are empty and left out.
		if n := len(r.cells); n > lay.columns && r.cells[n-1].Text != "" && band.Rows == 1 {
			lay.columns = n
		}
	}
	for _, r := range rows[band.Skip : band.Skip+band.Rows] {
		texts := make([]string, len(r.cells))
		for i, c := range r.cells {
			texts[i] = c.Text
		}
		if name, ok := strings.CutPrefix(texts[0], "# "); ok && strings.TrimSpace(name) != "" {
			texts[0] = name // numpy and instruments write names behind the mark of comments
		}
		if band.Rows == 1 && len(texts) == width-1 && rowNames(cells[band.Skip+1:]) {
			texts = append([]string{""}, texts...)
		}
		lay.band = append(lay.band, texts)
	}
	if band.Skip > 0 {
		first := rows[0]
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.PreambleSkipped, Severity: ingest.Info, Line: first.line, Value: string(first.text), Count: band.Skip,
			Message: "lines before the table are left out",
			Hint:    "set how many lines to skip if that is wrong"})
	}
	lay.header = ingest.Header{Rows: band.Rows, Skip: band.Skip}
	lay.explained = band.Explained
	switch {
	case band.Rows > 0:
		last := rows[band.Skip+band.Rows-1]
		lay.header.Line = last.line
		lay.from, lay.first = o.start+int64(last.next), last.nextLine
	case band.Skip > 0:
		last := rows[band.Skip-1]
		lay.from, lay.first = o.start+int64(last.next), last.nextLine
	default:
		lay.from, lay.first = o.start+int64(o.begin(rows[0], head, d)), rows[0].line
	}
	if band.Rows == 0 && band.Skip == 0 && in.Options.HeaderRows == nil {
		o.namesInComments(d, lay, rows[0].line)
	}
	o.reportComments(d, lay.first)
	if err := o.cutFooter(d, lay); err != nil {
		return nil, err
	}
	return lay, nil
}

// begin returns where the line of the first row starts.
func (o *opening) begin(r headRow, head []byte, d dialect) int {
	at := 0
	for line := 1; line < r.line; line++ {
		i := bytes.IndexByte(head[at:], d.eol)
		if i < 0 {
			break
		}
		at += i + 1
	}
	return at
}

// headRows are the first rows of a file.
type headRows struct {
	by       dialect
	rows     []headRow
	at, line int // where they end
	comments []remark
}

// first returns the first rows under a dialect, without blank lines, comments and a line that names the delimiter.
func (o *opening) first(d dialect) *headRows {
	if o.firstRows == nil || o.firstRows.by != d {
		o.firstRows = &headRows{by: d}
		o.firstRows.read(d, o.sample)
	}
	return o.firstRows
}

func (h *headRows) read(d dialect, s sample) {
	head := s.head
	var rows []headRow
	at, line := 0, 1
	if separator(head) != 0 {
		at = bytes.IndexByte(head, d.eol) + 1
		if at == 0 {
			at = len(head)
		}
		line = 2
	}
	var fields []field
	var buf []byte
	blank := false
	for at < len(head) && len(rows) < layoutRows {
		if d.comment != "" && bytes.HasPrefix(head[at:], []byte(d.comment)) {
			i := bytes.IndexByte(head[at:], d.eol)
			if i < 0 {
				i = len(head) - at - 1
			}
			h.comments = append(h.comments, remark{line, string(bytes.TrimRight(head[at:at+i+1], "\r\n"))})
			at += i + 1
			line++
			continue
		}
		begin := at
		var st state
		fields, at, st = d.row(head, at, s.whole, fields[:0])
		if st == more || st == endOfText && !s.whole {
			at = begin
			break
		}
		text := bytes.TrimRight(head[begin:at], "\r\n")
		lines := bytes.Count(head[begin:at], []byte{d.eol})
		if len(fields) == 1 && fields[0].end == fields[0].start && !fields[0].quoted {
			blank = true
			line += lines
			continue
		}
		r := headRow{line: line, next: at, nextLine: line + lines, text: text, blankOver: blank}
		for _, f := range fields {
			buf = d.undo(head, f, buf[:0])
			r.cells = append(r.cells, ingest.CellOf(string(bytes.ReplaceAll(buf, []byte{0}, nil))))
		}
		rows = append(rows, r)
		line += lines
		blank = false
	}
	h.rows, h.at, h.line = rows, at, line
}

// others counts the rows above the table that are no part of it: those above the first row of the table's width when a
// blank line stands between, or when that row has names for typed columns; and titles that are as wide by chance, when such
// a row of names stands below lines of another width or a blank one.
func others(rows []headRow, cells [][]ingest.HeaderCell, width int) int {
	n := 0
	for n < len(rows) && len(cells[n]) != width {
		n++
	}
	if n == len(rows) {
		return 0
	}
	found := 0
	if n > 0 && (rows[n].blankOver && len(cells[n-1]) < width || namesTyped(cells[n], cells[n+1:])) {
		found = n
	}
	odd := false
	for i := n; i < min(len(rows), titleRows) && texts(cells[i]); i++ {
		if (odd || i > n && rows[i].blankOver) && len(cells[i]) == width && namesTyped(cells[i], cells[i+1:]) {
			return i
		}
		odd = odd || len(cells[i]) != width
	}
	return found
}

// titleRows is how many rows may stand above the names and hold nothing but text.
const titleRows = 40

// texts says whether no cell of a row is a value; values in text, such as "Base: 1901", are text.
func texts(row []ingest.HeaderCell) bool {
	for _, c := range row {
		if c.Look > ingest.LooksText {
			return false
		}
	}
	return true
}

// namesTyped says whether all cells of a row are text, and one of them stands over values that are none.
func namesTyped(row []ingest.HeaderCell, below [][]ingest.HeaderCell) bool {
	typed := false
	for i, c := range row {
		if c.Look != ingest.LooksText {
			return false
		}
		all, some := true, false
		for _, r := range below {
			all = all && i < len(r) && r[i].Look != ingest.LooksText
			some = some || all && r[i].Look != ingest.LooksEmpty
		}
		typed = typed || all && some
	}
	return typed
}

// rowNames says whether the first column names its rows, as R writes tables: then the header has no cell for it. Names
// are texts that do not come again, or the numbers from one on.
func rowNames(rows [][]ingest.HeaderCell) bool {
	seen := map[string]bool{}
	counted := true
	for i, r := range rows {
		c := r[0]
		if c.Text == "" || seen[c.Text] {
			return false
		}
		seen[c.Text] = true
		counted = counted && c.Text == strconv.Itoa(i+1)
		if c.Look != ingest.LooksText && !counted {
			return false
		}
	}
	return len(rows) > 1
}

// tableWidth is the number of cells of most rows; titles are few.
func tableWidth(rows []headRow, d dialect) int {
	widths := map[int]int{}
	for _, r := range rows {
		n := len(r.cells)
		// Empty cells at the end may be a delimiter that closes every row.
		widths[n]++
	}
	width, n := 0, 0
	for w, count := range widths {
		if count > n || count == n && w > width {
			width, n = w, count
		}
	}
	// A delimiter at the end of every row, the header's too, is no column.
	for width > 1 {
		for _, r := range rows {
			if len(r.cells) >= width && r.cells[width-1].Text != "" {
				return width
			}
		}
		width--
	}
	return width
}
