package table

import (
	"fmt"
	"sort"
)

// Table is a schema and its rows. It is immutable.
type Table struct {
	schema *Schema
	chunks []*Chunk
	ends   []int64 // ends[i]: rows in chunks 0 to i
	step   *Step   // nil: not known
}

// New returns the table of these chunks, which must have the schema's columns. Chunks without rows are left out.
func New(schema *Schema, chunks ...*Chunk) *Table {
	t := &Table{schema: schema, chunks: make([]*Chunk, 0, len(chunks)), ends: make([]int64, 0, len(chunks))}
	var rows int64
	for _, c := range chunks {
		if c.Columns() != schema.Len() {
			panic(fmt.Sprintf("table: a chunk of %d columns in a table of %d", c.Columns(), schema.Len()))
		}
		if c.rows == 0 {
			continue
		}
		rows += int64(c.rows)
		t.chunks = append(t.chunks, c)
		t.ends = append(t.ends, rows)
	}
	return t
}

// Schema returns the description of the columns.
func (t *Table) Schema() *Schema { return t.schema }

// Rows returns the number of rows.
func (t *Table) Rows() int64 {
	if len(t.ends) == 0 {
		return 0
	}
	return t.ends[len(t.ends)-1]
}

// Chunks returns the chunks in the order of their rows; do not change the slice.
func (t *Table) Chunks() []*Chunk { return t.chunks }

// Locate returns the chunk that holds a row and the row's place in it.
func (t *Table) Locate(row int64) (chunk, at int) {
	chunk = sort.Search(len(t.ends), func(i int) bool { return t.ends[i] > row })
	if chunk > 0 {
		row -= t.ends[chunk-1]
	}
	return chunk, int(row)
}

// Start returns the row at which a chunk begins.
func (t *Table) Start(chunk int) int64 {
	if chunk == 0 {
		return 0
	}
	return t.ends[chunk-1]
}

// Value returns one cell.
func (t *Table) Value(row int64, column int) Value {
	chunk, at := t.Locate(row)
	return t.chunks[chunk].columns[column].Value(at)
}

// Bytes returns the memory of all values, dictionaries included once each.
func (t *Table) Bytes() int64 {
	var n int64
	seen := map[*Dict]bool{}
	for _, c := range t.chunks {
		n += c.Bytes()
		for _, col := range c.columns {
			if d := col.dict; d != nil && !seen[d] {
				seen[d] = true
				n += d.Bytes() + int64(d.Len())*16
			}
		}
	}
	return n
}
