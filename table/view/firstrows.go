package view

import (
	"context"
	"slices"
	"weak"

	"github.com/dashira/dashira/table"
)

// firstRows answers a query that wants few rows of the beginning. Where rows came at the end of the table since the last
// answer, only those are looked at.
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
		case of != nil && v.appended(t, of):
			l = &live{of: weak.Make(t), answer: v.more(l.answer, t, of.Rows())}
			v.memo.putLive(v.plan, l)
			return l.answer, nil
		}
	}
	answer, err := v.anyRows(ctx, t)
	if err != nil {
		return nil, err
	}
	v.memo.putLive(v.plan, &live{of: weak.Make(t), answer: answer})
	return answer, nil
}

// appended says whether a table is an earlier one with rows behind it.
func (v *View) appended(t, from *table.Table) bool {
	steps, ok := stepsTo(t, from)
	return ok && !slices.ContainsFunc(steps, func(s *table.Table) bool { return !s.Step().Appends(s.Step().From().Rows()) })
}

// more brings an answer to a table that has rows from some row on behind what it is of.
func (v *View) more(before *Answer, t *table.Table, from int64) *Answer {
	p := v.plan
	limit := p.query.Limit
	a := &Answer{Rows: before.Rows, At: before.At, Table: before.Table}
	top := topRows{order: p.order, table: t, limit: limit}
	if len(p.order) > 0 {
		for _, row := range before.At {
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
