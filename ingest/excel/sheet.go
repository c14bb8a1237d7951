package excel

import (
	"fmt"
	"slices"
	"sort"
	"strconv"

	"github.com/dashira/dashira/ingest"
)

// sheet is the cells of one sheet, row by row as they stand.
type sheet struct {
	name   string
	hidden bool
	text   []byte
	rows   []row // ascending, without empty ones
	merges []span
	units  []unitTally // by column
	arena  []placed    // where the next rows' cells go
	shares []uint32    // where each shared text stands in text, plus one; 0: not yet
	// Formulas without a stored value, and error cells by text.
	uncached tally
	failures []failed
}

type row struct {
	at    int // 0-based
	cells []placed
}

// placed is a cell and its column.
type placed struct {
	column int32
	ref    ingest.Ref
}

// unitTally counts the numbers of a column by the unit they carry.
type unitTally struct {
	none int
	by   map[string]int
}

func (s *sheet) countUnit(column int, unit string) {
	for len(s.units) <= column {
		s.units = append(s.units, unitTally{})
	}
	u := &s.units[column]
	if unit == "" {
		u.none++
		return
	}
	if u.by == nil {
		u.by = map[string]int{}
	}
	u.by[unit]++
}

// arenaCells is how many cells share one allocation.
const arenaCells = 32 << 10

type tally struct {
	n      int
	row    int
	column int
}

type failed struct {
	tally
	text string
}

// add takes a cell whose kind and text are known.
func (s *sheet) add(r, column int, ref ingest.Ref) {
	n := len(s.rows)
	if n == 0 || s.rows[n-1].at != r {
		if n > 0 && s.rows[n-1].at > r {
			// Rows out of order: rare enough to be put in place by search.
			i := sort.Search(n, func(i int) bool { return s.rows[i].at >= r })
			if s.rows[i].at != r {
				s.rows = slices.Insert(s.rows, i, row{at: r})
			}
			s.rows[i].cells = append(slices.Clip(s.rows[i].cells), placed{int32(column), ref})
			return
		}
		s.rows = append(s.rows, row{at: r})
		n++
	}
	last := &s.rows[n-1]
	if len(s.arena) == cap(s.arena) {
		// The row goes on in a new arena, with the cells it has.
		s.arena = append(make([]placed, 0, max(arenaCells, 2*len(last.cells))), last.cells...)
	}
	s.arena = append(s.arena, placed{int32(column), ref})
	last.cells = s.arena[len(s.arena)-len(last.cells)-1:]
}

// area is the bounding rectangle of rows[from:to].
type area struct {
	from, to int // of sheet.rows
	span
	cells int
}

// blocks splits the sheet at empty rows. A block that goes on where the one above it was, with data and not with names,
// is the same table with a gap in it.
func (s *sheet) blocks() []area {
	var out []area
	for i := 0; i < len(s.rows); {
		j := i + 1
		for j < len(s.rows) && s.rows[j].at == s.rows[j-1].at+1 {
			j++
		}
		a := s.bound(i, j)
		if n := len(out); n > 0 && s.goesOn(out[n-1], a) {
			out[n-1] = s.bound(out[n-1].from, j)
		} else {
			out = append(out, a)
		}
		i = j
	}
	return out
}

func (s *sheet) bound(from, to int) area {
	a := area{from: from, to: to, span: span{top: s.rows[from].at, bottom: s.rows[to-1].at, left: 1 << 30}}
	for _, r := range s.rows[from:to] {
		for _, c := range r.cells {
			a.left, a.right = min(a.left, int(c.column)), max(a.right, int(c.column))
			a.cells++
		}
	}
	return a
}

// goesOn says whether block b continues table a: it has the same columns and its first row is data.
func (s *sheet) goesOn(a, b area) bool {
	width := a.right - a.left + 1
	if width < 2 || b.left < a.left || b.right > a.right || a.to-a.from < 2 {
		return false
	}
	last := s.cells(a.to-1, a.left, width)
	first := s.cells(b.from, a.left, width)
	same, other, missing := 0, 0, 0
	for i := range width {
		switch {
		case last[i].Look != ingest.LooksEmpty && first[i].Look == ingest.LooksEmpty:
			missing++
		case last[i].Look == ingest.LooksEmpty || first[i].Look == ingest.LooksEmpty:
		case last[i].Look == first[i].Look:
			same++
		default:
			other++
		}
	}
	typed := false
	for _, c := range first {
		typed = typed || c.Look > ingest.LooksText
	}
	return typed && same > other && same > 1 && missing <= same/2
}

// cells returns a row as header cells.
func (s *sheet) cells(i, left, width int) []ingest.HeaderCell {
	out := make([]ingest.HeaderCell, width)
	for _, c := range s.rows[i].cells {
		if k := int(c.column) - left; k >= 0 && k < width {
			out[k] = s.headerCell(c.ref)
		}
	}
	return out
}

func (s *sheet) headerCell(ref ingest.Ref) ingest.HeaderCell {
	c := ingest.HeaderCell{Text: string(ref.In(s.text))}
	switch ref.Kind() {
	case ingest.Absent, ingest.Fault:
		c.Look = ingest.LooksEmpty
	case ingest.Number:
		c.Look = ingest.LooksNumber
	case ingest.Truth:
		c.Look = ingest.LooksTruth
	case ingest.Moment:
		c.Look = ingest.LooksDate
	case ingest.Clock, ingest.Lapse:
		c.Look = ingest.LooksTime
	default:
		if c.Look = ingest.LooksText; c.Text == "" {
			c.Look = ingest.LooksEmpty
		}
	}
	return c
}

// within returns the rows of a rectangle as an area.
func (s *sheet) within(r span) area {
	from := sort.Search(len(s.rows), func(i int) bool { return s.rows[i].at >= r.top })
	to := sort.Search(len(s.rows), func(i int) bool { return s.rows[i].at > r.bottom })
	return area{from: from, to: to, span: r}
}

// plan is which part of the sheet is the table.
type plan struct {
	area
	header  int  // rows of it that are names; -1: to be found
	named   bool // by a range or a defined table
	totals  int  // rows at the end that are sums of a defined table
	ignored []area
	titles  []area
}

// find chooses the largest block.
func (s *sheet) find() plan {
	blocks := s.blocks()
	best := 0
	for i, b := range blocks {
		if b.cells > blocks[best].cells {
			best = i
		}
	}
	table, beside := s.columns(blocks[best])
	p := plan{area: table, header: -1, ignored: beside}
	for i, b := range blocks {
		switch {
		case i == best:
		case i < best && b.to-b.from == 1 || b.left == b.right:
			p.titles = append(p.titles, b)
		default:
			p.ignored = append(p.ignored, b)
		}
	}
	return p
}

// columns splits a block at its empty columns. Parts that begin and end in the same rows as the largest are one table
// with a gap in it; the others stand beside it.
func (s *sheet) columns(block area) (table area, beside []area) {
	used := make([]bool, block.right-block.left+1)
	for _, r := range s.rows[block.from:block.to] {
		for _, c := range r.cells {
			used[int(c.column)-block.left] = true
		}
	}
	var parts []area
	group := make([]int, len(used)) // by column: the part
	for i, is := range used {
		if is && (i == 0 || !used[i-1]) {
			parts = append(parts, area{from: -1, span: span{left: block.left + i}})
		}
		if is {
			parts[len(parts)-1].right = block.left + i
		}
		group[i] = len(parts) - 1
	}
	if len(parts) < 2 {
		return block, nil
	}
	for i := block.from; i < block.to; i++ {
		for _, c := range s.rows[i].cells {
			p := &parts[group[int(c.column)-block.left]]
			if p.from < 0 {
				p.from, p.top = i, s.rows[i].at
			}
			p.to, p.bottom = i+1, s.rows[i].at
			p.cells++
		}
	}
	best := 0
	for i, p := range parts {
		if p.cells > parts[best].cells {
			best = i
		}
	}
	table = parts[best]
	for _, p := range parts {
		switch {
		case p.top == table.top && p.bottom == table.bottom:
			table.left, table.right = min(table.left, p.left), max(table.right, p.right)
		default:
			beside = append(beside, p)
		}
	}
	return table, beside
}

// draft makes the table out of the chosen part.
func (s *sheet) draft(p plan, in *ingest.Input) (*ingest.Draft, error) {
	width := p.right - p.left + 1
	if width > in.Limits.Columns {
		return nil, ingest.TooMuch(fmt.Sprintf("the sheet %s has %d columns, more than %d", ingest.QuoteValue(s.name), width, in.Limits.Columns), "name the range to read")
	}
	s.fillMerges(p)
	band := ingest.Band{Rows: p.header}
	rows := s.rows[p.from:p.to]
	if p.header < 0 {
		var head [][]ingest.HeaderCell
		for i := range min(len(rows), 60) {
			head = append(head, s.cells(p.from+i, p.left, width))
		}
		if band = ingest.FindBand(head, width); p.named {
			band.Skip = 0
		}
	}
	if n := in.Options.Skip; n != nil {
		skip := 0
		for skip < len(rows) && rows[skip].at < *n {
			skip++
		}
		if band.Skip != skip {
			band.Rows = 1
		}
		band.Skip = skip
	}
	if n := in.Options.HeaderRows; n != nil {
		band.Rows = *n
	}
	band.Skip = min(band.Skip, len(rows))
	band.Rows = min(band.Rows, len(rows)-band.Skip)
	header := ingest.Header{Rows: band.Rows, Skip: p.top + band.Skip}
	var names [][]string
	for i := band.Skip; i < band.Skip+band.Rows; i++ {
		texts := make([]string, width)
		for k, c := range s.cells(p.from+i, p.left, width) {
			texts[k] = c.Text
		}
		names = append(names, texts)
		header.Line = rows[i].at + 1
	}
	s.report(p, band, in)
	rows = rows[band.Skip+band.Rows:]
	rows = rows[:max(0, len(rows)-p.totals)]
	m := &ingest.Memory{Text: s.text, Cells: make([][]ingest.Ref, width)}
	if cells := int64(width) * int64(len(rows)); cells > in.Limits.Cells {
		return nil, ingest.TooMuch(fmt.Sprintf("the table of sheet %s spans %d cells, more than %d", ingest.QuoteValue(s.name), cells, in.Limits.Cells), "name the range to read, or clear cells far away from the table")
	}
	if err := in.Reserve(refBytes * int64(width) * int64(len(rows))); err != nil {
		return nil, err
	}
	block := make([]ingest.Ref, width*len(rows))
	for c := range m.Cells {
		m.Cells[c] = block[c*len(rows) : (c+1)*len(rows) : (c+1)*len(rows)]
	}
	used := make([]bool, width)
	m.Lines = make([]int32, len(rows))
	for i, r := range rows {
		for _, c := range r.cells {
			k := int(c.column) - p.left
			if k < 0 || k >= width || c.ref.Kind() == ingest.Absent || m.Cells[k][i].Kind() != ingest.Absent {
				continue
			}
			m.Cells[k][i] = c.ref
			used[k] = true
		}
		m.Lines[i] = int32(r.at)
	}
	// Columns without a name and without a value are gaps of the layout.
	kept := make([]int, 0, width)
	for k := range width {
		named := false
		for _, row := range names {
			named = named || row[k] != ""
		}
		if named || used[k] {
			kept = append(kept, k)
		}
	}
	if len(kept) < width {
		for i, row := range names {
			names[i] = pick(row, kept)
		}
		m.Cells = pick(m.Cells, kept)
	}
	m.Done()
	columns := ingest.Names(names, len(kept), in.Limits.HeaderCell, header.Line, in.Diagnoses, s.name)
	units := make([]string, len(kept))
	for i, k := range kept {
		units[i] = s.unit(k + p.left)
	}
	s.reportCells(columns, kept, p, in)
	first := p.top + band.Skip + band.Rows + 1
	if len(m.Lines) > 0 {
		first = int(m.Lines[0]) + 1
	}
	return &ingest.Draft{Name: s.name, Hidden: s.hidden, Header: header, Names: columns, Units: units, First: first, Rows: m,
		Identity: fmt.Sprintf("%s %q", s.name, columns)}, nil
}

func pick[T any](from []T, at []int) []T {
	out := make([]T, len(at))
	for i, k := range at {
		if k < len(from) {
			out[i] = from[k]
		}
	}
	return out
}

const (
	refBytes    = 8
	mostFilling = 20_000 // cells that merges are filled into; no header has so many
)

// fillMerges repeats the text of merged cells in the first rows of the table, where they are group names.
func (s *sheet) fillMerges(p plan) {
	limit, left := p.top+10, mostFilling
	for _, m := range s.merges {
		if m.top < p.top || m.top > limit || m.left < p.left || m.right > p.right || m.bottom-m.top > 3 {
			continue
		}
		width := m.right - m.left + 1
		if m.left == p.left && m.right == p.right || m.bottom > m.top && 2*width > p.right-p.left+1 && width > 1 {
			continue // a title over the table, or over most of it in several rows
		}
		var anchor ingest.Ref
		alone := false
		for i := p.from; i < p.to && s.rows[i].at <= m.bottom; i++ {
			if s.rows[i].at == m.top {
				anchor, alone = s.at(i, m.left), s.filled(i) == 1
			}
		}
		if anchor.Kind() != ingest.Text || alone && m.left == p.left && 2*width > p.right-p.left+1 {
			continue // nothing, or a title that begins where the table does
		}
		for i := p.from; i < p.to && s.rows[i].at <= m.bottom; i++ {
			if s.rows[i].at < m.top {
				continue
			}
			for c := m.left; c <= m.right; c++ {
				if left--; left < 0 {
					return
				}
				if s.at(i, c).Kind() == ingest.Absent {
					s.fill(i, c, anchor)
				}
			}
		}
	}
}

// filled counts the cells of a row that hold something.
func (s *sheet) filled(i int) int {
	n := 0
	for _, c := range s.rows[i].cells {
		n += b2i(c.ref.Kind() != ingest.Absent)
	}
	return n
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *sheet) at(i, column int) ingest.Ref {
	for _, c := range s.rows[i].cells {
		if int(c.column) == column {
			return c.ref
		}
	}
	return ingest.Ref{}
}

func (s *sheet) fill(i, column int, ref ingest.Ref) {
	cells := s.rows[i].cells
	k := 0
	for k < len(cells) && int(cells[k].column) < column {
		k++
	}
	s.rows[i].cells = slices.Insert(slices.Clip(cells), k, placed{int32(column), ref})
}

// unit returns the unit that nearly all numbers of a column carry.
func (s *sheet) unit(column int) string {
	if column >= len(s.units) {
		return ""
	}
	u := &s.units[column]
	total, top, unit := u.none, u.none, ""
	for name, n := range u.by {
		total += n
		if n > top || n == top && name < unit {
			top, unit = n, name
		}
	}
	if float64(top) < 0.95*float64(total) {
		return ""
	}
	return unit
}

func columnName(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

func (a span) String() string {
	if a.top == a.bottom && a.left == a.right {
		return columnName(a.left) + strconv.Itoa(a.top+1)
	}
	return columnName(a.left) + strconv.Itoa(a.top+1) + ":" + columnName(a.right) + strconv.Itoa(a.bottom+1)
}

// report names what on the sheet is not in the table.
func (s *sheet) report(p plan, band ingest.Band, in *ingest.Input) {
	titles := band.Skip
	line, value := p.top+1, ""
	if band.Skip > 0 {
		value = s.firstText(p.area)
	}
	for i := len(p.titles) - 1; i >= 0; i-- {
		if t := p.titles[i]; t.top < p.top {
			titles += t.to - t.from
			line, value = t.top+1, s.firstText(t)
		} else {
			p.ignored = append(p.ignored, t)
		}
	}
	if titles > 0 {
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.PreambleSkipped, Severity: ingest.Info, Sheet: s.name, Line: line, Value: value, Count: titles,
			Message: "rows above the table are left out", Hint: "name the range to read if that is wrong"})
	}
	for _, b := range p.ignored {
		what := fmt.Sprintf("the cells %s are outside the table and are not read", b.span)
		if b.to-b.from > 1 && b.left < b.right {
			what = fmt.Sprintf("the sheet has another table at %s, which is not read", b.span)
		}
		severity := ingest.Info
		if b.cells > 20 {
			severity = ingest.Warning
		}
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.FooterSkipped, Severity: severity, Sheet: s.name, Line: b.top + 1, Value: s.firstText(b), Count: b.to - b.from,
			Message: what, Hint: "name the range to read it instead"})
	}
}

// firstText is the first text in the first row of an area.
func (s *sheet) firstText(a area) string {
	for _, c := range s.rows[a.from].cells {
		if int(c.column) < a.left || int(c.column) > a.right {
			continue
		}
		if t := c.ref.In(s.text); len(t) > 0 {
			return string(t)
		}
	}
	return ""
}

// reportCells reports error cells and formulas without a value.
func (s *sheet) reportCells(columns []string, kept []int, p plan, in *ingest.Input) {
	name := func(column int) string {
		if i := slices.Index(kept, column-p.left); i >= 0 {
			return columns[i]
		}
		return columnName(column)
	}
	for _, f := range s.failures {
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.ErrorCell, Severity: ingest.Warning, Sheet: s.name, Line: f.row + 1, Column: name(f.column), Value: f.text, Count: f.n,
			Message: fmt.Sprintf("cells with the error %s are empty in the table", f.text), Hint: "correct the formula"})
	}
	if s.uncached.n > 0 && s.uncached.row <= p.bottom-p.totals { // those below the table, its sums too, are none of its cells
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.FormulaNotCached, Severity: ingest.Warning, Sheet: s.name, Line: s.uncached.row + 1, Column: name(s.uncached.column), Count: s.uncached.n,
			Message: "formulas without a stored value are empty in the table", Hint: "open the workbook in Excel or LibreOffice and save it"})
	}
}
