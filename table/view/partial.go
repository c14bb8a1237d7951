package view

import (
	"math"

	"github.com/dashira/dashira/table"
)

// partial is what a query keeps of a run of rows: its groups and a state of each. It is never changed once it is made,
// and partials of neighbouring runs merge into the partial of both.
type partial struct {
	span   int64      // rows of the run
	passed int64      // rows of it that passed the filters
	groups int        // different keys
	keys   []keySet   // of each group column
	ids    [][]uint32 // of each group column: the code of each group's key
	states []state    // of the plan's specs
	top    []rowKey   // of a selection of rows in an order: the first of the run
	size   int64
}

// bytes returns about how much memory the partial holds.
func (p *partial) bytes() int64 { return p.size }

// skip is the group of what is left out of a merge.
const skip = math.MaxUint32

// state is one aggregate of every group.
type state interface {
	// grow makes room for so many groups; a new group holds nothing.
	grow(groups int)
	// scan adds cells of a chunk: of rows[i], or of row i where rows is nil, to the group ids[i]. The chunk begins at
	// row start of the run.
	scan(c *table.Chunk, start int64, ids []uint32, rows []int32)
	// merge adds the state of a run that begins at row start of this one: its group i to the group ids[i].
	merge(o state, start int64, ids []uint32)
	// result is what a measure says of a group.
	result(m *measurePlan, group int) table.Value
	// approx says whether some group holds a sketch.
	approx() bool
	bytes() int64
}

// builder makes a partial out of chunks and of other partials, in the order of their rows.
type builder struct {
	plan   *plan
	span   int64
	passed int64
	groups int
	keys   []keyIndex
	levels []level // of each group column after the first
	states []state

	memo    *Memo    // that remembers what passes filters; nil: none does
	scratch *scratch // nil until a chunk is scanned
}

// scratch is the memory that scanning a chunk needs for itself, large beside what it finds.
type scratch struct {
	groups, keys []uint32
	rows         []int32
}

func (s *scratch) reach(n int) {
	if cap(s.groups) < n {
		s.groups, s.keys = make([]uint32, n), make([]uint32, n)
	}
}

func newBuilder(p *plan) *builder {
	b := &builder{plan: p, keys: make([]keyIndex, len(p.groups)), states: make([]state, len(p.states))}
	for i := range b.keys {
		b.keys[i] = newKeyIndex()
	}
	if len(p.groups) > 1 {
		b.levels = make([]level, len(p.groups)-1)
	}
	for i, s := range p.states {
		b.states[i] = p.newState(s)
	}
	if len(p.groups) == 0 {
		b.groups = 1
		b.grow()
	}
	return b
}

func (b *builder) grow() {
	for _, s := range b.states {
		s.grow(b.groups)
	}
}

// scan adds the rows of a chunk that pass.
func (b *builder) scan(c *table.Chunk) {
	start := b.span
	b.span += int64(c.Rows())
	if b.scratch == nil {
		b.scratch = &scratch{}
	}
	sel := b.plan.pass(c, &b.scratch.rows, b.memo)
	n := sel.len(c)
	b.passed += int64(n)
	if n == 0 {
		return
	}
	ids, rows := b.groupRows(c, n, sel.list()), sel.list()
	b.grow()
	for _, s := range b.states {
		s.scan(c, start, ids, rows)
	}
}

// expecter is a state that can prepare for all that it is going to be merged with.
type expecter interface{ expect(parts []state) }

// expect prepares for absorbing partials.
func (b *builder) expect(parts []*partial) {
	for i, s := range b.states {
		if e, ok := s.(expecter); ok {
			var coming []state
			for _, p := range parts {
				coming = append(coming, p.states[i])
			}
			e.expect(coming)
		}
	}
}

// finisher is a state that can prepare for being merged with others, once all rows of its run are in it.
type finisher interface{ finish() }

// finish prepares what is to be merged with the partials of other runs.
func (b *builder) finish() {
	for _, s := range b.states {
		if f, ok := s.(finisher); ok {
			f.finish()
		}
	}
}

// groupRows returns the group of each of n rows.
func (b *builder) groupRows(c *table.Chunk, n int, rows []int32) []uint32 {
	if b.scratch == nil {
		b.scratch = &scratch{}
	}
	b.scratch.reach(n)
	ids, more := b.scratch.groups[:n], b.scratch.keys[:n]
	if len(b.keys) == 0 {
		clear(ids)
		return ids
	}
	b.keys[0].scan(&b.plan.groups[0], c, rows, ids)
	b.groups = b.keys[0].set.len()
	for i := range b.levels {
		b.keys[i+1].scan(&b.plan.groups[i+1], c, rows, more)
		b.levels[i].pair(ids, more, b.groups, b.keys[i+1].set.len())
		b.groups = len(b.levels[i].group)
	}
	return ids
}

// absorb adds the partial of the run that follows.
func (b *builder) absorb(p *partial) {
	start := b.span
	b.span += p.span
	b.passed += p.passed
	if p.groups == 0 {
		return
	}
	ids := b.adopt(p)
	b.grow()
	for i, s := range b.states {
		s.merge(p.states[i], start, ids)
	}
}

// adopt makes the groups of a partial groups of the builder and says which.
func (b *builder) adopt(p *partial) []uint32 {
	ids := make([]uint32, p.groups)
	for i := range b.keys {
		codes := b.keys[i].absorb(&p.keys[i], b.plan.groups[i].kind)
		if i == 0 {
			for g, k := range p.ids[0] {
				ids[g] = codes[k]
			}
			b.groups = b.keys[0].set.len()
			continue
		}
		more := make([]uint32, p.groups)
		for g, k := range p.ids[i] {
			more[g] = codes[k]
		}
		b.levels[i-1].pair(ids, more, b.groups, b.keys[i].set.len())
		b.groups = len(b.levels[i-1].group)
	}
	return ids
}

// partial returns what the builder has. They share their memory: where the builder goes on, the partial is over.
func (b *builder) partial() *partial {
	p := &partial{span: b.span, passed: b.passed, groups: b.groups, states: b.states}
	for i := range b.keys {
		p.keys = append(p.keys, b.keys[i].set)
	}
	p.ids = make([][]uint32, len(b.keys))
	if len(b.keys) > 0 {
		of := make([]uint32, b.groups) // the group of the columns before, of each group
		for g := range of {
			of[g] = uint32(g)
		}
		for i := len(b.levels) - 1; i >= 0; i-- {
			l := &b.levels[i]
			p.ids[i+1] = make([]uint32, b.groups)
			for g, pair := range of {
				p.ids[i+1][g] = l.key[pair]
				of[g] = l.group[pair]
			}
		}
		p.ids[0] = of
	}
	p.size = 200
	for i := range p.keys {
		p.size += p.keys[i].bytes() + int64(len(p.ids[i]))*4
	}
	for _, s := range p.states {
		p.size += s.bytes()
	}
	return p
}
