package view

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
)

// orderKey is one column of an order, for groups by their place in ascending order.
type orderKey struct {
	empty []bool   // the cell is; such come last either way
	ahead []uint64 // ascending in the order wanted
	texts []string // of a measure that is text, instead
	desc  bool
}

// arrange brings groups that ascend by their keys into the query's order and splits them at its limit. The order of the
// rest is of no account: only the first are sorted where they are few.
func (p *plan) arrange(part *partial, groups []uint32, cell func(int, uint32) table.Value) (first, rest []uint32) {
	limit := p.query.Limit
	if limit == 0 || limit > len(groups) {
		limit = len(groups)
	}
	if len(p.order) == 0 {
		return groups[:limit], groups[limit:]
	}
	keys := make([]orderKey, len(p.order))
	for i, o := range p.order {
		keys[i] = p.orderKey(part, groups, o, cell)
	}
	compare := func(a, b uint32) int {
		for i := range keys {
			if d := keys[i].compare(a, b); d != 0 {
				return d
			}
		}
		return cmp.Compare(a, b)
	}
	places := make([]uint32, len(groups))
	for i := range places {
		places[i] = uint32(i)
	}
	if limit < len(groups)/4 {
		toFront(places, limit, compare)
		slices.SortFunc(places[:limit], compare)
	} else {
		slices.SortFunc(places, compare)
	}
	ordered := make([]uint32, len(groups))
	for i, place := range places {
		ordered[i] = groups[place]
	}
	return ordered[:limit], ordered[limit:]
}

func (p *plan) orderKey(part *partial, groups []uint32, o orderPlan, cell func(int, uint32) table.Value) orderKey {
	k := orderKey{empty: make([]bool, len(groups)), desc: o.desc}
	var ranks []uint32
	switch {
	case o.column < len(p.groups):
		ranks = part.keys[o.column].ranks(&p.groups[o.column])
	case p.answer.Field(o.column).Type.Textual():
		k.texts = make([]string, len(groups))
	}
	if k.texts == nil {
		k.ahead = make([]uint64, len(groups))
	}
	for i, g := range groups {
		if ranks != nil {
			code := part.ids[o.column][g]
			k.empty[i] = int32(code) == part.keys[o.column].null
			k.ahead[i] = uint64(ranks[code])
		} else {
			v := cell(o.column, g)
			if k.empty[i] = v.IsNull(); k.empty[i] {
				continue
			}
			if k.texts != nil {
				k.texts[i] = v.Text()
				continue
			}
			k.ahead[i] = orderedBits(v)
		}
		if o.desc {
			k.ahead[i] = ^k.ahead[i]
		}
	}
	return k
}

// orderedBits returns a number that orders the cells of one column that is no text.
func orderedBits(v table.Value) uint64 {
	if v.Type() == table.Float {
		return orderedFloat(v.Float())
	}
	return uint64(v.Int()) ^ 1<<63
}

func orderedFloat(x float64) uint64 {
	b := math.Float64bits(x + 0) // -0 + 0 is 0
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

func (k *orderKey) compare(a, b uint32) int {
	switch {
	case k.empty[a] || k.empty[b]:
		if k.empty[a] == k.empty[b] {
			return 0
		} else if k.empty[a] {
			return 1
		}
		return -1
	case k.texts == nil:
		return cmp.Compare(k.ahead[a], k.ahead[b])
	case k.desc:
		return strings.Compare(k.texts[b], k.texts[a])
	}
	return strings.Compare(k.texts[a], k.texts[b])
}

// toFront brings the n least elements to the front, in no order: a heap of them with the greatest on top.
func toFront(list []uint32, n int, compare func(a, b uint32) int) {
	heap := list[:n]
	sink := func(i int) {
		for {
			child := 2*i + 1
			if child >= n {
				return
			}
			if child+1 < n && compare(heap[child+1], heap[child]) > 0 {
				child++
			}
			if compare(heap[child], heap[i]) <= 0 {
				return
			}
			heap[i], heap[child] = heap[child], heap[i]
			i = child
		}
	}
	for i := n/2 - 1; i >= 0; i-- {
		sink(i)
	}
	for i := n; i < len(list); i++ {
		if compare(list[i], heap[0]) < 0 {
			list[i], heap[0] = heap[0], list[i]
			sink(0)
		}
	}
}
