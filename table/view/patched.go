package view

import "github.com/dashira/dashira/table"

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
	dicts := p.dicts(part)
	row := make([]table.Value, schema.Len())
	for i, c := range chunks {
		if c != nil {
			continue
		}
		b := table.NewBuilder(schema, dicts)
		for _, g := range l.order[i*answerChunk : min((i+1)*answerChunk, part.groups)] {
			for c := range row {
				row[c] = cell(c, g)
			}
			b.Append(row...)
		}
		chunks[i] = b.Table().Chunks()[0]
	}
	return table.New(schema, chunks...)
}
