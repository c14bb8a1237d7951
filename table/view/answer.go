package view

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/dashira/dashira/table"
)

// answerOf turns the partial of a whole table into the answer. What a live state knows of it is taken from there, and
// what it does not know yet is left with it.
func (p *plan) answerOf(part *partial, l *live) *Answer {
	kept := part
	if len(p.query.Groups) > 0 && p.query.Groups[0].Fill {
		part = p.fill(part)
	}
	a := &Answer{Rows: part.passed}
	for _, g := range p.groups {
		a.Key = append(a.Key, g.field.Name)
	}
	schema, wide := p.widen(part)
	var groups []uint32
	var total *partial
	if l != nil && l.total != nil {
		total = l.total.partial()
	} else {
		total = p.merged(part, make([]uint32, part.groups))
	}
	if l != nil && l.order != nil && part == kept {
		groups = l.order
	} else {
		groups = p.ascending(part)
	}
	if l != nil && part == kept {
		l.order = groups
		if len(p.having) > 0 {
			groups = slices.Clone(groups) // some of them go
		}
	}
	if l != nil && l.total == nil {
		l.total = &builder{plan: p, groups: 1, span: total.span, states: total.states}
	}
	schema, along := p.along(part, groups, total, schema, wide)
	cell := func(column int, g uint32) table.Value {
		if column < len(p.groups) {
			return part.keys[column].value(&p.groups[column], part.ids[column][g])
		}
		if values := along[column-len(p.groups)]; values != nil {
			return values[g]
		}
		return p.measure(part, column-len(p.groups), int(g), wide)
	}
	groups = p.keepHaving(groups, schema, cell)
	a.Groups = len(groups)
	groups, rest := p.arrange(part, groups, cell)

	if l != nil && part == kept && len(groups) == part.groups && p.inOrder(schema, part) {
		a.Table = p.patched(schema, part, l, cell)
	} else {
		b := table.NewBuilder(schema, p.dicts(part))
		row := make([]table.Value, schema.Len())
		for _, g := range groups {
			for c := range row {
				row[c] = cell(c, g)
			}
			b.Append(row...)
		}
		a.Table = b.Table()
	}

	a.Total = p.single(total, total)
	all := []*partial{part, total}
	if p.query.Other && len(rest) > 0 {
		ids := make([]uint32, part.groups)
		for i := range ids {
			ids[i] = skip
		}
		for _, g := range rest {
			ids[g] = 0
		}
		other := p.merged(part, ids)
		a.Other, a.Others = p.single(other, total), len(rest)
		all = append(all, other)
	}
	for i, m := range p.measures {
		if slices.ContainsFunc(all, func(x *partial) bool { return p.loose(x, i) }) {
			a.Approx = append(a.Approx, m.field.Name)
		}
	}
	return a
}

// widen returns the schema of the answer, in which a sum of integers is a Float where one of them does not fit, and
// says of each measure whether it was.
func (p *plan) widen(part *partial) (*table.Schema, []bool) {
	wide := make([]bool, len(p.measures))
	fields := p.answer.Fields()
	any := false
	for i, m := range p.measures {
		if m.op != Sum {
			continue
		}
		if s, ok := part.states[m.state].(*intSum); ok && !s.fit() {
			wide[i], any = true, true
			fields[len(p.groups)+i].Type = table.Float
		}
	}
	if !any {
		return p.answer, wide
	}
	return table.NewSchema(fields...), wide
}

// measure returns one measure of one group.
func (p *plan) measure(part *partial, i, g int, wide []bool) table.Value {
	m := &p.measures[i]
	if m.op == Ratio {
		a, b := p.measure(part, m.of[0], g, wide).Float(), p.measure(part, m.of[1], g, wide).Float()
		return table.FloatValue(a / b) // null for nothing, and over zero
	}
	if m.op > Ratio {
		return table.Value{} // it is made of all groups: see along
	}
	v := part.states[m.state].result(m, g)
	if wide != nil && wide[i] && !v.IsNull() {
		return table.FloatValue(v.Float())
	}
	return v
}

func (p *plan) loose(part *partial, i int) bool {
	m := &p.measures[i]
	if m.op == Ratio {
		return p.loose(part, m.of[0]) || p.loose(part, m.of[1])
	}
	if m.op == Computed {
		return slices.ContainsFunc(m.parts, func(j int) bool { return p.loose(part, j) })
	}
	if m.op > Ratio {
		return p.loose(part, m.of[0])
	}
	return part.states[m.state].approx()
}

// merged merges the groups of a partial that have the id 0 into one.
func (p *plan) merged(part *partial, ids []uint32) *partial {
	out := &partial{groups: 1, span: part.span}
	for i, s := range p.states {
		one := p.newState(s)
		one.grow(1)
		one.merge(part.states[i], 0, ids)
		out.states = append(out.states, one)
	}
	return out
}

// single returns the measures of a partial of one group.
func (p *plan) single(part, total *partial) []table.Value {
	out := make([]table.Value, len(p.measures))
	for i := range out {
		if m := &p.measures[i]; m.op == Share {
			out[i] = quotient(p.whole(part, m.of[0]), p.whole(total, m.of[0]))
		} else {
			out[i] = p.whole(part, i)
		}
	}
	return out
}

// whole returns one measure of a partial of one group.
func (p *plan) whole(part *partial, i int) table.Value {
	if p.measures[i].op == Computed {
		return p.compute(part, i, 1, nil)[0]
	}
	return p.measure(part, i, 0, nil)
}

// dicts returns the dictionaries that the group columns share with the table.
func (p *plan) dicts(part *partial) []*table.Dict {
	dicts := make([]*table.Dict, len(p.groups)+len(p.measures))
	for i := range p.groups {
		if p.groups[i].kind == keyText {
			dicts[i] = part.keys[i].dict
		}
	}
	return dicts
}

// ascending returns the groups by their keys.
func (p *plan) ascending(part *partial) []uint32 {
	groups := make([]uint32, part.groups)
	switch len(p.groups) {
	case 0:
		return groups
	case 1:
		return part.keys[0].sorted(&p.groups[0]) // the codes of the keys are the groups
	}
	ranks := make([][]uint32, len(p.groups))
	width := bits.Len(uint(part.groups))
	places := 1 // that combinations of keys can have
	for i := range ranks {
		ranks[i] = part.keys[i].ranks(&p.groups[i])
		width += bits.Len(uint(len(ranks[i])))
		places = min(places, math.MaxInt32) * len(ranks[i])
	}
	if places <= gridWaste*part.groups {
		return placed(groups, places, ranks, part.ids)
	}
	if width > 64 {
		slices.SortFunc(groups, func(a, b uint32) int {
			for i, r := range ranks {
				if d := cmp.Compare(r[part.ids[i][a]], r[part.ids[i][b]]); d != 0 {
					return d
				}
			}
			return 0
		})
		return groups
	}
	// Numbers sort several times faster than by a comparison of columns.
	packed := make([]uint64, part.groups)
	for i, r := range ranks {
		shift := bits.Len(uint(len(r)))
		for g, code := range part.ids[i] {
			packed[g] = packed[g]<<shift | uint64(r[code])
		}
	}
	shift := bits.Len(uint(part.groups))
	for g := range packed {
		packed[g] = packed[g]<<shift | uint64(g)
	}
	slices.Sort(packed)
	for i, v := range packed {
		groups[i] = uint32(v & (1<<shift - 1))
	}
	return groups
}

// placed puts groups in order by the places that the ranks of their keys give them among all combinations of keys, each of
// which at most one group has.
func placed(groups []uint32, places int, ranks, ids [][]uint32) []uint32 {
	at := make([]uint32, len(groups))
	for i, r := range ranks {
		for g, code := range ids[i] {
			at[g] = at[g]*uint32(len(r)) + r[code]
		}
	}
	there := make([]uint32, places) // the group plus one
	for g, place := range at {
		there[place] = uint32(g) + 1
	}
	n := 0
	for _, g := range there {
		if g != 0 {
			groups[n] = g - 1
			n++
		}
	}
	return groups
}

func (p *plan) keepHaving(groups []uint32, schema *table.Schema, cell func(int, uint32) table.Value) []uint32 {
	for i, f := range p.having {
		if field := schema.Field(f.column); field.Type != f.field.Type {
			// The sum became a Float. A filter that made sense of an Int makes sense of it too.
			if wider, err := newPredicate(p.query.Having[i], field, f.column); err == nil {
				f = wider
			}
		}
		groups = slices.DeleteFunc(groups, func(g uint32) bool { return !f.match(cell(f.column, g)) })
	}
	return groups
}

// compareCells orders two cells, empty ones last either way.
func compareCells(a, b table.Value, desc bool) int {
	switch {
	case a.IsNull() && b.IsNull():
		return 0
	case a.IsNull():
		return 1
	case b.IsNull():
		return -1
	case desc:
		return b.Compare(a)
	}
	return a.Compare(b)
}
