package view

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/dashira/dashira/table"
)

// keptTop is how many rows of an order are kept per chunk at most.
const keptTop = 512

// selectRows answers a query without groups and measures. Of each chunk it keeps how many rows pass and, where the
// query wants few rows of an order, the first of them.
func (v *View) selectRows(ctx context.Context, t *table.Table) (*Answer, error) {
	if q := &v.plan.query; v.memo != nil && q.Offset == 0 && q.Limit > 0 && q.Limit <= keptTop {
		return v.firstRows(ctx, t)
	}
	return v.anyRows(ctx, t)
}

func (v *View) anyRows(ctx context.Context, t *table.Table) (*Answer, error) {
	at, passed, err := v.places(ctx, t)
	if err != nil {
		return nil, err
	}
	return &Answer{Rows: passed, At: at, Table: v.plan.gather(t, at)}, nil
}

// partRows is how many rows a part of [View.Parts] holds at most.
const partRows = 8192

// Parts answers a query of rows part by part: the places of the rows are found at once, eight bytes for each, and the
// rows themselves are read as the parts are taken. It also returns how many rows there are without offset and limit.
func (v *View) Parts(ctx context.Context, t *table.Table) (parts iter.Seq[*table.Table], passed int64, err error) {
	if !v.plan.rows || !t.Schema().Equal(v.plan.schema) {
		return nil, 0, fmt.Errorf("answer a query in parts: it selects no rows of this table")
	}
	at, passed, err := v.places(ctx, t)
	if err != nil {
		return nil, 0, err
	}
	return func(yield func(*table.Table) bool) {
		for part := range slices.Chunk(at, partRows) {
			if ctx.Err() != nil || !yield(v.plan.gather(t, part)) {
				return
			}
		}
	}, passed, nil
}

// places returns the rows that are selected, in the query's order, and how many pass.
func (v *View) places(ctx context.Context, t *table.Table) (at []int64, passed int64, err error) {
	p := v.plan
	wanted := 0 // rows of the order's beginning, 0: as many as there are
	if p.query.Limit > 0 && len(p.order) > 0 && p.query.Offset+p.query.Limit <= keptTop {
		wanted = p.query.Offset + p.query.Limit
	}
	chunks := t.Chunks()
	parts := make([]*partial, len(chunks))
	err = parallel(ctx, len(chunks), t.Rows(), func(i int) error {
		parts[i] = v.rowPartial(t, i, wanted)
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	for _, part := range parts {
		passed += part.passed
	}
	from := min(int64(p.query.Offset), passed)
	to := passed
	if n := int64(p.query.Limit); n > 0 && n < to-from {
		to = from + n
	}
	switch {
	case wanted > 0:
		at = p.firstOf(t, parts, from, to)
	case len(p.order) > 0:
		at, err = p.sorted(ctx, v.memo, t, parts, from, to)
	default:
		at, err = p.window(ctx, v.memo, t, parts, from, to)
	}
	return at, passed, err
}

// rowPartial returns how many rows of a chunk pass and the first so many of the order.
func (v *View) rowPartial(t *table.Table, i, wanted int) *partial {
	c := t.Chunks()[i]
	all := len(v.plan.where) == 0 && v.plan.needle == nil
	if all && wanted == 0 {
		return &partial{passed: int64(c.Rows())}
	}
	one := []*table.Chunk{c}
	if part := v.memo.get(v.plan, ofChunk, one); part != nil {
		return part
	}
	s := v.plan.passing(c, v.memo)
	part := &partial{span: int64(c.Rows()), passed: int64(s.len(c))}
	if wanted > 0 {
		top := topRows{order: v.plan.order, table: t, limit: wanted}
		top.scan(c, i, s)
		slices.SortFunc(top.rows, top.compare)
		part.top = slices.Clip(top.rows)
	}
	part.size = 100 + int64(len(part.top))*24
	v.memo.put(v.plan, ofChunk, one, part)
	return part
}

// firstOf merges the beginnings of the chunks' orders, the chunk with the first row first: mostly a few chunks hold all.
func (p *plan) firstOf(t *table.Table, parts []*partial, from, to int64) []int64 {
	top := topRows{order: p.order, table: t, limit: int(to)}
	var list []int
	for i, part := range parts {
		if len(part.top) > 0 && to > 0 {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b int) int { return compareStarts(parts[a].top[0], parts[b].top[0]) })
	for _, i := range list {
		if first := parts[i].top[0]; top.heap && compareStarts(top.rows[0], first) < 0 {
			break // so do all that follow
		}
		for _, k := range parts[i].top {
			k.chunk = int32(i) // another revision may have had the chunk in another place
			if !top.offer(k) {
				break // those behind it come later still
			}
		}
	}
	slices.SortFunc(top.rows, top.compare)
	at := make([]int64, 0, to-from)
	for _, r := range top.rows[from:to] {
		at = append(at, t.Start(int(r.chunk))+int64(r.row))
	}
	return at
}

// passing returns the rows of a chunk that pass the filters and the search.
func (p *plan) passing(c *table.Chunk, memo *Memo) selection {
	var buffer []int32
	s := p.pass(c, &buffer, memo)
	if p.needle != nil && (s.all || len(s.rows) > 0) {
		s = p.needle.keep(c, s)
	}
	return s
}

// window returns the passing rows from to to in the table's order.
func (p *plan) window(ctx context.Context, memo *Memo, t *table.Table, parts []*partial, from, to int64) ([]int64, error) {
	at := make([]int64, 0, to-from)
	var seen int64
	for i, c := range t.Chunks() {
		n := parts[i].passed
		if seen+n > from && seen < to {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			low, high := max(from-seen, 0), min(to-seen, n)
			if s := p.passing(c, memo); s.all {
				for r := low; r < high; r++ {
					at = append(at, t.Start(i)+r)
				}
			} else {
				for _, r := range s.rows[low:high] {
					at = append(at, t.Start(i)+int64(r))
				}
			}
		}
		seen += n
	}
	return at, nil
}
