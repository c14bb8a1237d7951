package excel

import (
	"fmt"
	"slices"

	"github.com/dashira/dashira/ingest"
)

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
