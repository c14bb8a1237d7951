package table

// Take returns the column of some rows of a column, in their order. Text keeps its dictionary; plain text gets one.
func (c *Column) Take(rows []int32) *Column {
	var dict *Dict
	switch {
	case c.dict != nil:
		dict = c.dict
	case c.texts != nil:
		dict = NewDict()
	}
	if c.codes != nil && c.valid == nil {
		codes := make([]uint32, len(rows))
		for i, r := range rows {
			codes[i] = c.codes[r]
		}
		return NewCodeColumn(c.typ, codes, dict, nil)
	}
	b := NewColumnBuilder(c.typ, dict)
	for _, r := range rows {
		b.Append(c.Value(int(r)))
	}
	return b.Column()
}

// ColumnBuilder collects the cells of one column of a chunk.
type ColumnBuilder struct {
	typ   Type
	dict  *Dict
	rows  int
	cells columnBuilder
}

// NewColumnBuilder returns a builder of a column. Text goes into the dictionary, or into one of its own where it is nil.
func NewColumnBuilder(t Type, dict *Dict) *ColumnBuilder {
	if dict == nil && t.Textual() {
		dict = NewDict()
	}
	return &ColumnBuilder{typ: t, dict: dict}
}

// Append adds a cell: null or of the column's type.
func (b *ColumnBuilder) Append(v Value) {
	b.cells.append(b.typ, b.rows, v, b.dict)
	b.rows++
}

// Column returns the column of all cells so far. The builder must not be used again.
func (b *ColumnBuilder) Column() *Column {
	if b.cells.nulls == b.rows {
		return NewNullColumn(b.typ, b.rows)
	}
	return b.cells.column(b.typ, b.rows, b.dict)
}

// Select returns the table of some columns, in the order given. It shares everything.
func (t *Table) Select(columns ...int) *Table {
	fields := make([]Field, len(columns))
	for i, c := range columns {
		fields[i] = t.schema.fields[c]
	}
	chunks := make([]*Chunk, len(t.chunks))
	for i, c := range t.chunks {
		some := make([]*Column, len(columns))
		for k, column := range columns {
			some[k] = c.columns[column]
		}
		chunks[i] = NewChunk(c.rows, some, [16]byte{})
	}
	return New(NewSchema(fields...), chunks...)
}
