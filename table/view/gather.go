package view

import "github.com/dashira/dashira/table"

const gatherRows = 1 << 16 // rows of a chunk of an answer; a multiple of 8

type rowPlace struct{ chunk, row int }

// gather returns the table of the plan's columns at some rows.
func (p *plan) gather(t *table.Table, at []int64) *table.Table {
	if int64(len(at)) == t.Rows() && len(p.order) == 0 && p.schema.Equal(p.answer) {
		return t
	}
	var chunks []*table.Chunk
	dicts := make([]*table.Dict, len(p.columns))
	for len(at) > 0 {
		n := min(len(at), gatherRows)
		places := make([]rowPlace, n)
		for i, row := range at[:n] {
			places[i].chunk, places[i].row = t.Locate(row)
		}
		columns := make([]*table.Column, len(p.columns))
		for i, c := range p.columns {
			columns[i] = gatherColumn(t, c, places, &dicts[i])
		}
		chunks = append(chunks, table.NewChunk(n, columns, [16]byte{}))
		at = at[n:]
	}
	return table.New(p.answer, chunks...)
}

// gatherColumn copies cells of one column. Text keeps its codes where one dictionary is behind all of them; dict is the
// dictionary of the answer's column once text without one was met.
func gatherColumn(t *table.Table, column int, places []rowPlace, dict **table.Dict) *table.Column {
	typ := t.Schema().Field(column).Type
	chunks := t.Chunks()
	valid := make([]byte, (len(places)+7)/8)
	nulls := 0
	var shared *table.Dict
	mixed := *dict != nil
	for i, p := range places {
		c := chunks[p.chunk].Column(column)
		if c.IsNull(p.row) {
			nulls++
			continue
		}
		valid[i/8] |= 1 << (i % 8)
		if typ.Textual() {
			if shared == nil {
				shared = c.Dict()
			}
			mixed = mixed || c.Dict() == nil || c.Dict() != shared
		}
	}
	if nulls == len(places) {
		return table.NewNullColumn(typ, len(places))
	}
	if nulls == 0 {
		valid = nil
	}
	each := func(f func(i int, c *table.Column, r int)) {
		for i, p := range places {
			if valid == nil || valid[i/8]>>(i%8)&1 != 0 {
				f(i, chunks[p.chunk].Column(column), p.row)
			}
		}
	}
	switch {
	case typ.Textual():
		codes := make([]uint32, len(places))
		if !mixed {
			each(func(i int, c *table.Column, r int) { codes[i] = c.Codes()[r] })
			return table.NewCodeColumn(typ, codes, shared, valid)
		}
		if *dict == nil {
			*dict = table.NewDict()
		}
		each(func(i int, c *table.Column, r int) { codes[i] = (*dict).Intern(c.Text(r)) })
		return table.NewCodeColumn(typ, codes, *dict, valid)
	case typ == table.Float:
		v := make([]float64, len(places))
		each(func(i int, c *table.Column, r int) { v[i] = c.Floats()[r] })
		return table.NewFloatColumn(v, valid)
	case typ == table.Date:
		v := make([]int32, len(places))
		each(func(i int, c *table.Column, r int) { v[i] = c.Days()[r] })
		return table.NewDateColumn(v, valid)
	case typ == table.Bool:
		truth := make([]byte, (len(places)+7)/8)
		each(func(i int, c *table.Column, r int) {
			if c.Bool(r) {
				truth[i/8] |= 1 << (i % 8)
			}
		})
		return table.NewBoolColumn(truth, len(places), valid)
	}
	v := make([]int64, len(places))
	each(func(i int, c *table.Column, r int) { v[i] = c.Ints()[r] })
	return table.NewIntColumn(typ, v, valid)
}
