package view

import (
	"context"

	"github.com/dashira/dashira/table"
)

// answerChunk is how many rows a chunk of an answer has that is kept up to date chunk by chunk.
const answerChunk = 1024

// inOrder says whether an answer's rows are the groups as they ascend, each made of its own state alone, so that a group
// that did not change is a row that did not. Text must have one dictionary whatever chunk it is in.
func (p *plan) inOrder(schema *table.Schema, part *partial) bool {
	if len(p.order) > 0 || len(p.having) > 0 || len(p.groups) == 0 {
		return false
	}
	for i := range p.measures {
		if m := &p.measures[i]; m.op > Ratio || schema.Field(len(p.groups)+i).Type.Textual() {
			return false
		}
	}
	for i := range p.groups {
		if p.groups[i].kind == keyText && part.keys[i].dict == nil {
			return false
		}
	}
	return true
}

// patched returns the table of an answer, with the chunks of the answer before in which no group was touched.
func (p *plan) patched(schema *table.Schema, part *partial, l *live, cell func(int, uint32) table.Value) *table.Table {
	count := (part.groups + answerChunk - 1) / answerChunk
	chunks := make([]*table.Chunk, count)
	if l.before != nil && l.before.Table.Schema().Equal(schema) && len(l.before.Table.Chunks()) == count {
		copy(chunks, l.before.Table.Chunks())
		if l.rank == nil {
			l.rank = make([]uint32, part.groups)
			for i, g := range l.order {
				l.rank[g] = uint32(i)
			}
		}
		for _, g := range l.touched {
			chunks[l.rank[g]/answerChunk] = nil
		}
	}
	var missing []int
	for i, c := range chunks {
		if c == nil {
			missing = append(missing, i)
		}
	}
	// Reading a group's state disturbs no other group's. Nothing fails, and the context never ends.
	_ = parallel(context.Background(), len(missing), int64(len(missing)*answerChunk), func(n int) error {
		i := missing[n]
		groups := l.order[i*answerChunk : min((i+1)*answerChunk, part.groups)]
		columns := make([]*table.Column, schema.Len())
		for c := range columns {
			columns[c] = p.answerColumn(schema.Field(c), c, part, groups, cell)
		}
		chunks[i] = table.NewChunk(len(groups), columns, [16]byte{})
		return nil
	})
	return table.New(schema, chunks...)
}

// answerColumn returns a column of an answer, of groups in this order.
func (p *plan) answerColumn(f table.Field, c int, part *partial, groups []uint32, cell func(int, uint32) table.Value) *table.Column {
	if c < len(p.groups) && p.groups[c].kind == keyText {
		keys, ids := &part.keys[c], part.ids[c]
		codes := make([]uint32, len(groups))
		valid := make([]byte, (len(groups)+7)/8)
		nulls := false
		for i, g := range groups {
			if key := ids[g]; int32(key) == keys.null {
				nulls = true
			} else {
				codes[i] = uint32(keys.vals[key])
				valid[i/8] |= 1 << (i % 8)
			}
		}
		if !nulls {
			valid = nil
		}
		return table.NewCodeColumn(f.Type, codes, keys.dict, valid)
	}
	b := table.NewBuilder(table.NewSchema(f), nil)
	for _, g := range groups {
		b.Append(cell(c, g))
	}
	return b.Table().Chunks()[0].Column(0)
}
