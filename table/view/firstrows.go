package view

import (
	"context"
	"slices"
	"weak"

	"github.com/dashira/dashira/table"
)

// firstRows answers a query that wants few rows of the beginning. Where since the last answer rows came at the end of the
// table, or cells changed in rows that it did not show, only those rows are looked at.
func (v *View) firstRows(ctx context.Context, t *table.Table) (*Answer, error) {
	if err := v.turn.take(ctx); err != nil {
		return nil, err
	}
	defer v.turn.give()
	l := v.memo.live(v.plan)
	if l != nil {
		switch of := l.of.Value(); {
		case of == t:
			return l.answer, nil
		case of != nil:
			if steps, ok := stepsTo(t, of); ok {
				if answer := v.along(l.answer, steps); answer != nil {
					v.memo.putLive(v.plan, &live{of: weak.Make(t), answer: answer})
					return answer, nil
				}
			}
		}
	}
	answer, err := v.anyRows(ctx, t)
	if err != nil {
		return nil, err
	}
	v.memo.putLive(v.plan, &live{of: weak.Make(t), answer: answer})
	return answer, nil
}

// along brings an answer over steps, the last first. It returns nil where it cannot.
func (v *View) along(answer *Answer, steps []*table.Table) *Answer {
	for _, t := range slices.Backward(steps) {
		step := t.Step()
		before := step.From()
		if len(step.Removed) > 0 || len(step.Added) > 0 && step.Added[0] < before.Rows() {
			return nil // rows have other places now
		}
		var come []int64 // rows that changed and pass
		passed := answer.Rows
		for _, c := range step.Changes {
			if slices.Contains(answer.At, c.From) {
				return nil
			}
			was, is := v.passes(before, c.From), v.passes(t, c.To)
			if was {
				passed--
			}
			if is {
				passed++
				come = append(come, c.To)
			}
			if len(v.plan.order) == 0 && was != is && (len(answer.At) < v.plan.query.Limit || c.To < answer.At[len(answer.At)-1]) {
				return nil
			}
		}
		next := *answer
		next.Rows = passed
		answer = v.more(&next, t, before.Rows(), come)
	}
	return answer
}

// passes says whether a row is selected.
func (v *View) passes(t *table.Table, row int64) bool {
	chunk, r := t.Locate(row)
	c := t.Chunks()[chunk]
	for _, f := range v.plan.where {
		if !f.match(c.Column(f.column).Value(r)) {
			return false
		}
	}
	return v.plan.needle == nil || len(v.plan.needle.keep(c, selection{rows: []int32{int32(r)}}).rows) > 0
}

// more brings an answer to a table that has rows from some row on behind what it is of, and others that now are to be
// considered too.
func (v *View) more(before *Answer, t *table.Table, from int64, come []int64) *Answer {
	p := v.plan
	limit := p.query.Limit
	a := &Answer{Rows: before.Rows, At: before.At, Table: before.Table}
	top := topRows{order: p.order, table: t, limit: limit}
	if len(p.order) > 0 {
		for _, row := range before.At {
			top.offerAt(row)
		}
		for _, row := range come {
			top.offerAt(row)
		}
	}
	at := slices.Clip(before.At)
	for row := from; row < t.Rows(); {
		chunk, first := t.Locate(row)
		c := t.Chunks()[chunk]
		rows := make([]int32, 0, c.Rows()-first)
		for r := first; r < c.Rows(); r++ {
			rows = append(rows, int32(r))
		}
		s := selection{rows: rows}
		for _, f := range p.where {
			s = f.keepSome(c.Column(f.column), s)
		}
		if p.needle != nil && len(s.rows) > 0 {
			s = p.needle.keep(c, s)
		}
		a.Rows += int64(s.len(c))
		for _, r := range s.rows {
			if len(p.order) > 0 {
				top.offerAt(t.Start(chunk) + int64(r))
			} else if len(at) < limit {
				at = append(at, t.Start(chunk)+int64(r))
			}
		}
		row += int64(c.Rows() - first)
	}
	if len(p.order) > 0 {
		slices.SortFunc(top.rows, top.compare)
		at = make([]int64, 0, len(top.rows))
		for _, k := range top.rows {
			at = append(at, t.Start(int(k.chunk))+int64(k.row))
		}
	}
	if !slices.Equal(at, before.At) {
		a.At, a.Table = at, p.gather(t, at)
	}
	return a
}

// offerAt offers a row of the table.
func (t *topRows) offerAt(row int64) {
	chunk, r := t.table.Locate(row)
	c := t.table.Chunks()[chunk]
	t.offer(t.key(c.Column(t.order[0].column), t.order[0].desc, selection{all: true}, chunk, r))
}
