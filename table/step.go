package table

import "weak"

// Step is how a table came out of the one before: which rows left, came and changed. It does not keep the table before
// alive.
type Step struct {
	from    weak.Pointer[Table]
	Removed []int64  // rows of the table before, ascending
	Added   []int64  // rows of this one, ascending
	Changes []Change // ascending
}

// From returns the table before, nil when it is gone.
func (s *Step) From() *Table { return s.from.Value() }

// Appends says whether rows came at the end and nothing else happened.
func (s *Step) Appends(before int64) bool {
	return len(s.Removed)+len(s.Changes) == 0 && (len(s.Added) == 0 || s.Added[0] >= before)
}

// Step returns how the table came out of the one before, nil where that is not known or more than a few rows differ.
func (t *Table) Step() *Step { return t.step }

// stepRows is how many rows of a table may differ for the step to be kept: following more costs more than looking at
// the chunks that differ.
func stepRows(rows int64) int64 { return max(64, min(rows/64, 20_000)) }

// Next returns the table that the delta leads to in the form in which a history of tables costs little: chunks that are
// equal are those of the table before, a last chunk that grew goes on in the memory of what it was, and the table knows
// its step. Where the tables are not of one schema it is To as it is.
func (d *Delta) Next() *Table {
	if d.Reshaped != nil || d.From == d.To {
		return d.To
	}
	known := make(map[[16]byte]*Chunk, len(d.From.chunks))
	for _, c := range d.From.chunks {
		if c.hash != [16]byte{} {
			known[c.hash] = c
		}
	}
	t := &Table{schema: d.From.schema, chunks: make([]*Chunk, len(d.To.chunks)), ends: d.To.ends}
	for i, c := range d.To.chunks {
		if old := known[c.hash]; old != nil && old.rows == c.rows {
			c = old
		}
		t.chunks[i] = c
	}
	if d.Replaced {
		return t
	}
	if rows := int64(len(d.Removed) + len(d.Added) + len(d.Changes)); rows <= stepRows(d.To.Rows()) {
		t.step = &Step{from: weak.Make(d.From), Removed: d.Removed, Added: d.Added, Changes: d.Changes}
	}
	last := len(d.From.chunks) - 1
	if before := d.From.Rows(); last >= 0 && last < len(t.chunks) && d.To.Start(last) == d.From.Start(last) &&
		len(d.Removed)+len(d.Changes) == 0 && (len(d.Added) == 0 || d.Added[0] >= before) {
		t.chunks[last] = d.From.chunks[last].grow(t.chunks[last])
	}
	return t
}

// grow returns a chunk that begins as this one does, in this one's memory where there is room behind it.
func (c *Chunk) grow(to *Chunk) *Chunk {
	if to.rows <= c.rows || c == to {
		return to
	}
	columns := make([]*Column, len(to.columns))
	for i := range columns {
		columns[i] = c.columns[i].grow(to.columns[i])
	}
	return NewChunk(to.rows, columns, to.hash)
}
