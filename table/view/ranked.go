package view

import (
	"context"
	"math/bits"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
)

// sorted returns the passing rows from to to in the query's order. Only rows near the window are ever sorted: how many
// rows there are by the beginnings of their keys says between which beginnings it lies.
func (p *plan) sorted(ctx context.Context, memo *Memo, t *table.Table, parts []*partial, from, to int64) ([]int64, error) {
	if from == to {
		return []int64{}, nil
	}
	s := &sorting{plan: p, memo: memo, table: t, top: topRows{order: p.order, table: t}}
	for i, part := range parts {
		if part.passed > 0 {
			s.chunks = append(s.chunks, i)
		}
	}
	s.top.ranks = s.ranks()
	near, before, err := s.near(ctx, from, to)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(near, s.top.compare)
	at := make([]int64, 0, to-from)
	for _, r := range near[from-before : to-before] {
		at = append(at, t.Start(int(r.chunk))+int64(r.row))
	}
	return at, nil
}

// sorting looks for a window of an order.
type sorting struct {
	plan   *plan
	memo   *Memo
	table  *table.Table
	top    topRows
	chunks []int // that have passing rows
}

// reach is what beginnings of keys lie from low to high, both inclusive, and, with empty, rows whose key is empty, which
// come behind all others.
type reach struct {
	low, high uint64
	empty     bool
}

func (r reach) holds(k rowKey) bool {
	if k.empty {
		return r.empty
	}
	return r.low <= k.prefix && k.prefix <= r.high
}

const (
	sortCells  = 1 << 12 // in which beginnings are counted at a time
	sortAtOnce = 1 << 13 // rows that are sorted whatever is wanted of them
	stretch    = 64      // chunks that one worker takes at a time
)

// near returns rows of a part of the order that holds the ranks from to to, in no order, and how many come before them.
func (s *sorting) near(ctx context.Context, from, to int64) (rows []rowKey, before int64, err error) {
	r, err := s.bounds(ctx)
	if err != nil {
		return nil, 0, err
	}
	for {
		shift := max(0, bits.Len64(r.high-r.low)-bits.Len(sortCells-1))
		counts, err := s.count(ctx, r, shift)
		if err != nil {
			return nil, 0, err
		}
		// The cells that the window begins and ends in; that of empty keys is the last.
		first, last := -1, -1
		start, rank, held := before, before, int64(0)
		for i, n := range counts {
			if n > 0 && rank < to && rank+n > from {
				if first < 0 {
					first, start = i, rank
				}
				last = i
				held += n
			}
			rank += n
		}
		before = start
		part := reach{low: r.low + uint64(first)<<shift, high: r.high, empty: last == sortCells}
		if width := uint64(last)<<shift + (1<<shift - 1); last < sortCells && width < r.high-r.low {
			part.high = r.low + width
		}
		if first == sortCells {
			part.low, part.high = 1, 0 // none but the empty ones
		}
		if shift == 0 && first == last && s.decided() {
			rows, err := s.some(ctx, part, from-before, to-before)
			return rows, from, err
		}
		if first != last || shift == 0 || first == sortCells || held <= 2*(to-from)+sortAtOnce {
			rows, err := s.collect(ctx, part)
			return rows, before, err
		}
		r = part
	}
}

// bounds returns the reach of all rows.
func (s *sorting) bounds(ctx context.Context) (reach, error) {
	order := s.plan.order[0]
	r := reach{low: 1<<64 - 1, empty: true}
	for _, i := range s.chunks {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		col := s.table.Chunks()[i].Column(order.column)
		if col.Nulls() == col.Len() {
			continue
		}
		if ranks := s.top.ranks; ranks != nil {
			low, high := uint64(0), uint64(len(ranks))
			if order.desc {
				low, high = ^high, ^low
			}
			return reach{low: low, high: high, empty: true}, nil
		}
		st := col.Stats()
		low, high := prefixOfValue(st.Min), prefixOfValue(st.Max)
		if order.desc {
			low, high = ^high, ^low
		}
		r.low, r.high = min(r.low, low), max(r.high, high)
	}
	r.low = min(r.low, r.high)
	return r, nil
}

// each calls f with the sort key of every passing row, in the table's order within each stretch.
func (s *sorting) each(ctx context.Context, f func(stretch int, k rowKey)) error {
	order := s.plan.order[0]
	n := (len(s.chunks) + stretch - 1) / stretch
	return parallel(ctx, n, s.table.Rows(), func(n int) error {
		for _, i := range s.chunks[n*stretch : min((n+1)*stretch, len(s.chunks))] {
			if err := ctx.Err(); err != nil {
				return err
			}
			c := s.table.Chunks()[i]
			sel := s.plan.passing(c, s.memo)
			col := c.Column(order.column)
			for r := range sel.len(c) {
				f(n, s.top.key(col, order.desc, sel, i, r))
			}
		}
		return nil
	})
}

// count counts the rows of a reach in cells of the beginnings of their keys, each 1<<shift wide, and behind them those
// whose key is empty.
func (s *sorting) count(ctx context.Context, r reach, shift int) ([]int64, error) {
	stretches := make([][]int64, (len(s.chunks)+stretch-1)/stretch)
	for i := range stretches {
		stretches[i] = make([]int64, sortCells+1)
	}
	err := s.each(ctx, func(n int, k rowKey) {
		switch {
		case !r.holds(k):
		case k.empty:
			stretches[n][sortCells]++
		default:
			stretches[n][(k.prefix-r.low)>>shift]++
		}
	})
	all := make([]int64, sortCells+1)
	for _, counts := range stretches {
		for i, n := range counts {
			all[i] += n
		}
	}
	return all, err
}

// collect returns the rows of a reach.
func (s *sorting) collect(ctx context.Context, r reach) ([]rowKey, error) {
	stretches := make([][]rowKey, (len(s.chunks)+stretch-1)/stretch)
	err := s.each(ctx, func(n int, k rowKey) {
		if r.holds(k) {
			stretches[n] = append(stretches[n], k)
		}
	})
	return slices.Concat(stretches...), err
}

// decided says whether rows with equal beginnings of their keys are equal in the order.
func (s *sorting) decided() bool {
	order := s.plan.order
	return len(order) == 1 && (s.top.ranks != nil || !s.table.Schema().Field(order[0].column).Type.Textual())
}

// some returns the rows from to to of those of a reach in the table's order.
func (s *sorting) some(ctx context.Context, r reach, from, to int64) ([]rowKey, error) {
	order := s.plan.order[0]
	var rows []rowKey
	seen := int64(0)
	for _, i := range s.chunks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := s.table.Chunks()[i]
		sel := s.plan.passing(c, s.memo)
		col := c.Column(order.column)
		for n := range sel.len(c) {
			if k := s.top.key(col, order.desc, sel, i, n); r.holds(k) {
				if seen >= from {
					rows = append(rows, k)
				}
				if seen++; seen == to {
					return rows, nil
				}
			}
		}
	}
	return rows, nil
}

// ranks returns the places of the codes of the first column's dictionary among its texts; nil where the column has none
// that all chunks share, or a large one.
func (s *sorting) ranks() []uint32 {
	const most = 1 << 14
	var dict *table.Dict
	for _, i := range s.chunks {
		col := s.table.Chunks()[i].Column(s.plan.order[0].column)
		if col.Nulls() == col.Len() {
			continue
		}
		if col.Codes() == nil || dict != nil && dict != col.Dict() || col.Dict().Len() > most {
			return nil
		}
		dict = col.Dict()
	}
	if dict == nil {
		return nil
	}
	codes := make([]uint32, dict.Len())
	for i := range codes {
		codes[i] = uint32(i)
	}
	slices.SortFunc(codes, func(a, b uint32) int { return strings.Compare(dict.Value(a), dict.Value(b)) })
	ranks := make([]uint32, len(codes))
	for rank, code := range codes {
		ranks[code] = uint32(rank)
	}
	return ranks
}
