package ingest

import "encoding/binary"

// Memory holds all rows of a sheet that was read as a whole, cut into runs by the content of the rows. Put cells in,
// call Done, and it is the Rows of a draft.
type Memory struct {
	Text  []byte
	Cells [][]Ref // by column, all equally long
	Lines []int32 // of each row, 0-based
	spans []Span
	from  []int
}

// Done cuts the rows; the columns' cells are filled up to the longest.
func (m *Memory) Done() {
	rows := len(m.Lines)
	var row, run []byte
	begin := 0
	cut := func(end int) {
		m.spans = append(m.spans, Span{Rows: end - begin, Hash: HashOf(run)})
		m.from = append(m.from, begin)
		begin, run = end, run[:0]
	}
	for c := range m.Cells {
		for len(m.Cells[c]) < rows {
			m.Cells[c] = append(m.Cells[c], Ref{})
		}
	}
	for r := range rows {
		row = row[:0]
		for _, cells := range m.Cells {
			ref := cells[r]
			row = append(row, byte(ref.Kind()))
			row = binary.AppendUvarint(row, uint64(ref.len&MaxCell))
			row = append(row, ref.In(m.Text)...)
		}
		run = append(run, row...)
		// The line is part of what a run keeps; counted from its first row it does not move with rows above. Where a run
		// ends does not depend on it, or nothing below a new row would be found again.
		run = binary.AppendUvarint(run, uint64(m.Lines[r]-m.Lines[begin]))
		if n := r + 1 - begin; n >= leastRows && cutsAfter(row) || n >= mostRows || len(run) >= mostBytes {
			cut(r + 1)
		}
	}
	if begin < rows {
		cut(rows)
	}
}

// Spans returns the runs.
func (m *Memory) Spans() []Span { return m.spans }

// Fetch names run i.
func (m *Memory) Fetch(i int, b *Block) error {
	b.Hash = m.spans[i].Hash
	return nil
}

// Parse hands out the cells of run i.
func (m *Memory) Parse(i int, b *Block) error {
	from := m.from[i]
	to := from + m.spans[i].Rows
	cells := make([][]Ref, len(m.Cells))
	for c := range cells {
		cells[c] = m.Cells[c][from:to]
	}
	next := len(m.Lines)
	if i+1 < len(m.from) {
		next = m.from[i+1]
	}
	height := int32(0)
	base := m.Lines[from]
	if next < len(m.Lines) {
		height = m.Lines[next] - base
	}
	lines := make([]int32, to-from)
	for r := range lines {
		lines[r] = m.Lines[from+r] - base
	}
	b.Grids = append(b.Grids[:0], Grid{Text: m.Text, Rows: to - from, Cells: cells, Lines: lines, Height: height})
	return nil
}
