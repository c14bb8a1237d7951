package view

import (
	"context"
	"slices"

	"github.com/dashira/dashira/table"
)

// selectRows answers a query without groups and measures.
func (p *plan) selectRows(ctx context.Context, t *table.Table) (*Answer, error) {
	chunks := t.Chunks()
	counts := make([]int, len(chunks))
	if len(p.where) == 0 && p.needle == nil {
		for i, c := range chunks {
			counts[i] = c.Rows()
		}
	} else {
		err := parallel(ctx, len(chunks), t.Rows(), func(i int) error {
			counts[i] = p.passing(chunks[i]).len(chunks[i])
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	a := &Answer{}
	for _, n := range counts {
		a.Rows += int64(n)
	}
	from := min(int64(p.query.Offset), a.Rows)
	to := a.Rows
	if n := int64(p.query.Limit); n > 0 && n < to-from {
		to = from + n
	}
	var err error
	if len(p.order) > 0 {
		a.At, err = p.sorted(ctx, t, counts, from, to)
	} else {
		a.At, err = p.window(ctx, t, counts, from, to)
	}
	if err != nil {
		return nil, err
	}
	a.Table = p.gather(t, a.At)
	return a, nil
}

// passing returns the rows of a chunk that pass the filters and the search.
func (p *plan) passing(c *table.Chunk) selection {
	var buffer []int32
	s := p.pass(c, &buffer)
	if p.needle != nil && (s.all || len(s.rows) > 0) {
		s = p.needle.keep(c, s)
	}
	return s
}

// window returns the passing rows from to to in the table's order.
func (p *plan) window(ctx context.Context, t *table.Table, counts []int, from, to int64) ([]int64, error) {
	at := make([]int64, 0, to-from)
	var seen int64
	for i, c := range t.Chunks() {
		n := int64(counts[i])
		if seen+n > from && seen < to {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			low, high := max(from-seen, 0), min(to-seen, n)
			if s := p.passing(c); s.all {
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

// sorted returns the passing rows from to to in the query's order. Only the rows before the end of the window are
// ever held, in a heap per stretch of the table.
func (p *plan) sorted(ctx context.Context, t *table.Table, counts []int, from, to int64) ([]int64, error) {
	if from == to {
		return []int64{}, nil
	}
	const stretch = 64 // chunks
	tops := make([]topRows, (len(counts)+stretch-1)/stretch)
	err := parallel(ctx, len(tops), t.Rows(), func(n int) error {
		top := &tops[n]
		*top = topRows{order: p.order, table: t, limit: int(to)}
		for i := n * stretch; i < min((n+1)*stretch, len(counts)); i++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			if c := t.Chunks()[i]; counts[i] > 0 {
				top.scan(c, i, p.passing(c))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var all []rowKey
	for i := range tops {
		all = append(all, tops[i].rows...)
	}
	slices.SortFunc(all, tops[0].compare)
	at := make([]int64, 0, to-from)
	for _, r := range all[from:to] {
		at = append(at, t.Start(int(r.chunk))+int64(r.row))
	}
	return at, nil
}
