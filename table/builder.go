package table

import "math"

// Builder collects rows and cuts them into chunks. It serves answers, tests and the slower formats; a parser that has
// whole columns at hand makes them itself.
type Builder struct {
	schema *Schema
	dicts  []*Dict
	limit  int
	rows   int
	cols   []columnBuilder
	chunks []*Chunk
}

type columnBuilder struct {
	valid  []byte
	nulls  int
	ints   []int64
	days   []int32
	floats []float64
	codes  []uint32
	truth  []byte
}

// DefaultChunkRows is how many rows a [Builder] puts into a chunk.
const DefaultChunkRows = 8192

// NewBuilder returns a builder of tables with this schema. Text goes into dicts[i] for column i; where dicts is nil or
// has nil there, into a dictionary of its own.
func NewBuilder(schema *Schema, dicts []*Dict) *Builder {
	b := &Builder{schema: schema, limit: DefaultChunkRows, dicts: make([]*Dict, schema.Len()), cols: make([]columnBuilder, schema.Len())}
	for i, f := range schema.fields {
		if !f.Type.Textual() {
			continue
		}
		if i < len(dicts) && dicts[i] != nil {
			b.dicts[i] = dicts[i]
		} else {
			b.dicts[i] = NewDict()
		}
	}
	return b
}

// Append adds a row: one cell per column, null or of the column's type. A Float column takes integers too.
func (b *Builder) Append(row ...Value) {
	for i := range b.cols {
		b.cols[i].append(b.schema.fields[i].Type, b.rows, row[i], b.dicts[i])
	}
	b.rows++
	if b.rows == b.limit {
		b.cut()
	}
}

func (c *columnBuilder) append(t Type, row int, v Value, dict *Dict) {
	if row%8 == 0 {
		c.valid = append(c.valid, 0)
		if t == Bool {
			c.truth = append(c.truth, 0)
		}
	}
	present := !v.IsNull()
	var n int64
	if present {
		c.valid[row/8] |= 1 << (row % 8)
		n = v.n
	} else {
		c.nulls++
	}
	switch {
	case t.integral():
		c.ints = append(c.ints, n)
	case t == Date:
		c.days = append(c.days, int32(n))
	case t == Float:
		f := 0.0
		if present {
			if f = v.Float(); math.IsNaN(f) {
				f = 0
			}
		}
		c.floats = append(c.floats, f)
	case t == Bool:
		if n != 0 {
			c.truth[row/8] |= 1 << (row % 8)
		}
	case t.Textual():
		var code uint32
		if present {
			code = dict.Intern(v.s)
		}
		c.codes = append(c.codes, code)
	}
}

func (c *columnBuilder) column(t Type, rows int, dict *Dict) *Column {
	valid := c.valid
	if c.nulls == 0 {
		valid = nil
	}
	switch {
	case t == Null:
		return NewNullColumn(t, rows)
	case t.integral():
		return NewIntColumn(t, c.ints, valid)
	case t == Date:
		return NewDateColumn(c.days, valid)
	case t == Float:
		return NewFloatColumn(c.floats, valid)
	case t == Bool:
		return NewBoolColumn(c.truth, rows, valid)
	}
	return NewCodeColumn(t, c.codes, dict, valid)
}

func (b *Builder) cut() {
	if b.rows == 0 {
		return
	}
	columns := make([]*Column, len(b.cols))
	for i := range b.cols {
		columns[i] = b.cols[i].column(b.schema.fields[i].Type, b.rows, b.dicts[i])
	}
	b.chunks = append(b.chunks, NewChunk(b.rows, columns, [16]byte{}))
	b.cols = make([]columnBuilder, len(b.cols))
	b.rows = 0
}

// Table returns the table of all rows so far. The builder can go on; a later table shares the full chunks.
func (b *Builder) Table() *Table {
	b.cut()
	return New(b.schema, b.chunks...)
}
