package view

import (
	"context"
	"sync"
	"weak"

	"github.com/dashira/dashira/table"
)

// live is the answer's own state: everything that a query keeps of one table, ready to take in what the next table has
// more or other. What a step costs follows the rows that differ, whatever the table holds.
//
// It is owned by whoever has the view's turn.
type live struct {
	of     weak.Pointer[table.Table]
	b      *builder
	total  *builder // one group of all rows that passed
	answer *Answer  // of the table

	// While no group comes:
	ids     [][]uint32 // of each group column, the key of each group
	order   []uint32   // the groups ascending
	rank    []uint32   // of each group: its place in that order
	before  *Answer    // the last one
	touched []uint32   // groups that are others than they were in it
}

// partial is what the state holds. It shares its memory with it.
func (l *live) partial() *partial {
	if l.ids == nil {
		p := l.b.partial()
		l.ids = p.ids
		return p
	}
	p := &partial{span: l.b.span, passed: l.b.passed, groups: l.b.groups, states: l.b.states, ids: l.ids}
	for i := range l.b.keys {
		p.keys = append(p.keys, l.b.keys[i].set)
	}
	return p
}

// came forgets what is known of the groups, since there are more.
func (l *live) came() { l.ids, l.order, l.rank, l.before, l.touched = nil, nil, nil, nil, nil }

// turn lets one goroutine at a time answer a view; the others get what it found.
type turn struct {
	once sync.Once
	free chan struct{}
}

func (t *turn) take(ctx context.Context) error {
	t.once.Do(func() { t.free = make(chan struct{}, 1) })
	select {
	case t.free <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *turn) give() { <-t.free }

// follow brings the live state to a table, over the steps between. It returns nil where there is none, or where a step
// cannot be followed.
func (v *View) follow(t *table.Table) *live {
	l := v.memo.live(v.plan)
	if l == nil {
		return nil
	}
	of := l.of.Value()
	if of == t {
		return l
	}
	if of == nil {
		return nil
	}
	steps, ok := stepsTo(t, of)
	if !ok {
		return nil
	}
	// From here on the state is no table's until it has arrived.
	v.memo.dropLive(v.plan)
	for i := len(steps) - 1; i >= 0; i-- {
		if !l.step(steps[i]) {
			return nil
		}
	}
	l.of, l.answer = weak.Make(t), nil
	return l
}

// stepsTo returns the tables between one and an earlier one, the last first; ok is false where some step is not known.
func stepsTo(t, from *table.Table) (steps []*table.Table, ok bool) {
	const furthest = 64
	for at := t; at != from; {
		step := at.Step()
		if step == nil || len(steps) == furthest {
			return nil, false
		}
		steps = append(steps, at)
		if at = step.From(); at == nil {
			return nil, false
		}
	}
	return steps, true
}

// step takes in what a table has more or other than the one before. It returns false where the state is spoilt.
func (l *live) step(t *table.Table) bool {
	step := t.Step()
	before := step.From()
	if !step.Appends(before.Rows()) {
		if !l.b.retracts() {
			return false
		}
		gone := append([]int64(nil), step.Removed...)
		for _, c := range step.Changes {
			gone = append(gone, c.From)
		}
		minus := newBuilder(l.b.plan)
		minus.scanAt(before, gone)
		come := append([]int64(nil), step.Added...)
		for _, c := range step.Changes {
			come = append(come, c.To)
		}
		if !l.exchange(minus, t, come) {
			return false
		}
		l.b.span = t.Rows()
		return true
	}
	groups := l.b.groups
	plus := newBuilder(l.b.plan)
	plus.scanAt(t, step.Added)
	l.add(plus.partial(), before.Rows())
	if l.b.groups != groups {
		l.came()
	}
	l.b.span = t.Rows()
	return true
}

// add takes in the partial of rows that come behind all others.
func (l *live) add(p *partial, start int64) {
	l.b.passed += p.passed
	if p.groups == 0 {
		return
	}
	ids := l.b.adopt(p)
	l.touched = append(l.touched, ids...)
	l.b.grow()
	all := make([]uint32, p.groups)
	for i, s := range l.b.states {
		s.merge(p.states[i], start, ids)
		l.total.states[i].merge(p.states[i], start, all)
	}
}

// exchange takes the rows of minus out and puts rows of a table in.
func (l *live) exchange(minus *builder, t *table.Table, come []int64) bool {
	m := minus.partial()
	groups := l.b.groups
	ids := l.b.adopt(m)
	if l.b.groups != groups {
		return false // the state does not know what it is to lose
	}
	all := make([]uint32, m.groups)
	l.b.passed -= m.passed
	for i, s := range l.b.states {
		if !s.(retractor).retract(m.states[i], ids) || !l.total.states[i].(retractor).retract(m.states[i], all) {
			return false
		}
	}
	plus := newBuilder(l.b.plan)
	plus.scanAt(t, come)
	l.add(plus.partial(), 0)
	l.touched = append(l.touched, ids...)
	if l.b.groups != groups {
		l.came()
	}
	if len(l.b.plan.groups) == 0 {
		return true
	}
	// A group without rows is none: it stays only where something shows that it has some.
	for _, g := range ids {
		if !l.b.inhabited(g) {
			return false
		}
	}
	return true
}

// retractor is a state that can forget what it has taken in.
type retractor interface {
	// retract takes the state of rows out that it was made of: the group i of it from the group ids[i]. It returns false,
	// and is spoilt, where it does not know what is left.
	retract(o state, ids []uint32) bool
	// inhabited says whether the group certainly has rows.
	inhabited(group uint32) bool
}

// retracts says whether every state can forget.
func (b *builder) retracts() bool {
	for _, s := range b.states {
		if _, ok := s.(retractor); !ok {
			return false
		}
	}
	return true
}

func (b *builder) inhabited(g uint32) bool {
	for _, s := range b.states {
		if s.(retractor).inhabited(g) {
			return true
		}
	}
	return false
}

// follows says whether rows can be added one after the other with the result of adding chunk after chunk: sums of
// squares depend, in their last digits, on what was merged with what.
func (p *plan) follows() bool {
	for _, s := range p.states {
		if s.kind == stateMoments {
			return false
		}
	}
	return true
}

// bytes is about the memory of the state.
func (l *live) bytes() int64 {
	n := int64(len(l.order)+len(l.rank))*4 + 1000
	if l.answer != nil {
		n += l.answer.Table.Bytes() + int64(len(l.answer.At))*8
	}
	if l.b == nil {
		return n // of rows
	}
	for _, ids := range l.ids {
		n += int64(len(ids)) * 4
	}
	for i := range l.b.keys {
		n += l.b.keys[i].set.bytes() + int64(len(l.b.keys[i].ints.slots))*16
	}
	for i := range l.b.levels {
		n += l.b.levels[i].bytes()
	}
	for _, s := range l.b.states {
		n += s.bytes()
	}
	return n
}

// scanAt adds rows of a table, given ascending or not, that pass. Their places in the run are their places in the list.
func (b *builder) scanAt(t *table.Table, rows []int64) {
	var list []int32
	for i := 0; i < len(rows); {
		chunk, _ := t.Locate(rows[i])
		c, start := t.Chunks()[chunk], t.Start(chunk)
		first := i
		list = list[:0]
		for ; i < len(rows) && rows[i] >= start && rows[i] < start+int64(c.Rows()) && (i == first || rows[i] > rows[i-1]); i++ {
			list = append(list, int32(rows[i]-start))
		}
		b.scanRows(c, list)
	}
}

// scanRows adds some rows of a chunk, ascending.
func (b *builder) scanRows(c *table.Chunk, rows []int32) {
	start := b.span - int64(rows[0])
	b.span += int64(len(rows))
	s := selection{rows: rows}
	for _, f := range b.plan.where {
		if s = f.keepSome(c.Column(f.column), s); len(s.rows) == 0 {
			return
		}
	}
	b.passed += int64(len(s.rows))
	ids := b.groupRows(c, len(s.rows), s.rows)
	b.grow()
	for _, st := range b.states {
		st.scan(c, start, ids, s.rows)
	}
}

// keepSome looks at a handful of rows, and not at the bounds of the chunk, which would cost looking at all
// of it.
func (p *predicate) keepSome(c *table.Column, s selection) selection {
	return filterRows(c, s, s.rows, p.tester(c))
}
