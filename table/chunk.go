package table

import (
	"fmt"
	"weak"
)

// Chunk is a run of rows: columns of equal length. It is immutable and is compared by identity.
type Chunk struct {
	rows    int
	columns []*Column
	hash    [16]byte
	weak    weak.Pointer[Chunk] // to itself
}

// NewChunk returns the chunk of these columns. The hash names the content: two chunks of one table with equal hashes
// that are not zero hold the same rows. It panics when the columns differ in length: that is the caller's fault.
func NewChunk(rows int, columns []*Column, hash [16]byte) *Chunk {
	for i, c := range columns {
		if c.Len() != rows {
			panic(fmt.Sprintf("table: column %d has %d values in a chunk of %d rows", i, c.Len(), rows))
		}
	}
	c := &Chunk{rows: rows, columns: columns, hash: hash}
	c.weak = weak.Make(c)
	return c
}

// Weak returns a pointer that does not keep the chunk alive: what is remembered of a chunk goes by it.
func (c *Chunk) Weak() weak.Pointer[Chunk] { return c.weak }

// Rows returns the number of rows.
func (c *Chunk) Rows() int { return c.rows }

// Column returns column i.
func (c *Chunk) Column(i int) *Column { return c.columns[i] }

// Columns returns the number of columns.
func (c *Chunk) Columns() int { return len(c.columns) }

// Hash returns the name of the content, zero when it has none.
func (c *Chunk) Hash() [16]byte { return c.hash }

// Bytes returns the memory of the chunk's values without dictionaries.
func (c *Chunk) Bytes() int64 {
	var n int64
	for _, col := range c.columns {
		n += col.Bytes()
	}
	return n
}
