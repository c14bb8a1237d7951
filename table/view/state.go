package view

import (
	"math"
	"strings"

	"github.com/dashira/dashira/table"
)

func (p *plan) newState(s stateSpec) state {
	if s.kind == stateCount {
		return &countState{column: -1}
	}
	t := p.schema.Field(s.column).Type
	switch s.kind {
	case statePresent:
		return &countState{column: s.column}
	case stateSum:
		switch t {
		case table.Int, table.Duration:
			return &intSum{column: s.column, typ: t}
		case table.Bool:
			return &intSum{column: s.column, typ: table.Int}
		}
		return &floatSum{column: s.column}
	case stateMin, stateMax:
		most := s.kind == stateMax
		switch {
		case t.Textual():
			return &extreme[string]{column: s.column, most: most, typ: t, cell: func(v string) table.Value { return table.TextValue(t, v) }}
		case t == table.Float:
			return &extreme[float64]{column: s.column, most: most, typ: t, cell: table.FloatValue}
		case t == table.Bool:
			return &extreme[int64]{column: s.column, most: most, typ: t, cell: func(v int64) table.Value { return table.BoolValue(v != 0) }}
		}
		return &extreme[int64]{column: s.column, most: most, typ: t, cell: func(v int64) table.Value { return table.IntValue(t, v) }}
	case stateMoments:
		return &moments{column: s.column, typ: t}
	case stateQuantiles:
		return &quantiles{column: s.column, typ: t}
	case stateDistinct:
		return &distinct{column: s.column}
	}
	return &edge{column: s.column, by: s.by, last: s.kind == stateLast}
}

func grown[T any](s []T, n int) []T {
	if n <= len(s) {
		return s
	}
	return append(s, make([]T, n-len(s))...)
}

// countState counts rows, or the cells of a column that are there.
type countState struct {
	column int // -1: rows
	n      []int64
}

func (s *countState) grow(groups int) { s.n = grown(s.n, groups) }

func (s *countState) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	n := s.n
	if s.column < 0 || c.Column(s.column).Validity() == nil {
		if len(n) == 1 {
			n[0] += int64(len(ids))
			return
		}
		for _, g := range ids {
			n[g]++
		}
		return
	}
	col := c.Column(s.column)
	for i, g := range ids {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		if !col.IsNull(r) {
			n[g]++
		}
	}
}

func (s *countState) merge(o state, _ int64, ids []uint32) {
	for i, n := range o.(*countState).n {
		if ids[i] != skip {
			s.n[ids[i]] += n
		}
	}
}

func (s *countState) result(_ *measurePlan, g int) table.Value {
	return table.IntValue(table.Int, s.n[g])
}
func (s *countState) approx() bool { return false }
func (s *countState) bytes() int64 { return int64(len(s.n)) * 8 }

// extreme keeps the least or the greatest value.
type extreme[T int64 | float64 | string] struct {
	column int
	most   bool
	typ    table.Type
	cell   func(T) table.Value
	has    []bool
	v      []T
}

func (s *extreme[T]) grow(groups int) { s.has, s.v = grown(s.has, groups), grown(s.v, groups) }

func (s *extreme[T]) add(g uint32, v T) {
	if !s.has[g] {
		s.has[g], s.v[g] = true, v
	} else if old := s.v[g]; s.most && v > old || !s.most && v < old {
		s.v[g] = v
	}
}

func (s *extreme[T]) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := c.Column(s.column)
	if col.Nulls() == col.Len() {
		return
	}
	switch x := any(s).(type) {
	case *extreme[int64]:
		switch {
		case col.Ints() != nil && col.Validity() == nil:
			x.scanWhole(col.Ints(), ids, rows)
		case col.Ints() != nil:
			v := col.Ints()
			each(col, ids, rows, func(g uint32, r int) { x.add(g, v[r]) })
		case col.Days() != nil:
			v := col.Days()
			each(col, ids, rows, func(g uint32, r int) { x.add(g, int64(v[r])) })
		default:
			each(col, ids, rows, func(g uint32, r int) { x.add(g, col.Value(r).Int()) })
		}
	case *extreme[float64]:
		if v := col.Floats(); col.Validity() == nil {
			x.scanWhole(v, ids, rows)
		} else {
			each(col, ids, rows, func(g uint32, r int) { x.add(g, v[r]) })
		}
	case *extreme[string]:
		each(col, ids, rows, func(g uint32, r int) {
			text := col.Text(r)
			if !x.has[g] || x.most && text > x.v[g] || !x.most && text < x.v[g] {
				if col.Codes() == nil {
					text = strings.Clone(text) // it must not keep the chunk alive
				}
				x.has[g], x.v[g] = true, text
			}
		})
	}
}

// scanWhole adds values of a column without empty cells.
func (s *extreme[T]) scanWhole(values []T, ids []uint32, rows []int32) {
	switch {
	case rows == nil:
		for i, g := range ids {
			s.add(g, values[i])
		}
	case len(s.v) == 1 && len(rows) > 0:
		s.add(0, values[rows[0]])
		v := s.v[0]
		for _, r := range rows {
			if x := values[r]; s.most && x > v || !s.most && x < v {
				v = x
			}
		}
		s.v[0] = v
	default:
		for i, g := range ids {
			s.add(g, values[rows[i]])
		}
	}
}

// each calls f for the cells that are there.
func each(c *table.Column, ids []uint32, rows []int32, f func(g uint32, r int)) {
	all := c.Validity() == nil
	for i, g := range ids {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		if all || !c.IsNull(r) {
			f(g, r)
		}
	}
}

func (s *extreme[T]) merge(o state, _ int64, ids []uint32) {
	x := o.(*extreme[T])
	for i, v := range x.v {
		if x.has[i] && ids[i] != skip {
			s.add(ids[i], v)
		}
	}
}

func (s *extreme[T]) result(_ *measurePlan, g int) table.Value {
	if !s.has[g] {
		return table.Value{}
	}
	return s.cell(s.v[g])
}
func (s *extreme[T]) approx() bool { return false }
func (s *extreme[T]) bytes() int64 {
	per := int64(9)
	if s.typ.Textual() {
		per = 17 // the text itself belongs to the column's dictionary, save where it is plain
	}
	return int64(len(s.v)) * per
}

// moments keeps count, mean and the sum of squared distances from it, merged as Chan, Golub and LeVeque (1979) do.
type moments struct {
	column   int
	typ      table.Type
	n        []float64
	mean, m2 []float64
}

func (s *moments) grow(groups int) {
	s.n, s.mean, s.m2 = grown(s.n, groups), grown(s.mean, groups), grown(s.m2, groups)
}

func (s *moments) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := numbers(c.Column(s.column))
	add := func(g uint32, x float64) {
		s.n[g]++
		d := x - s.mean[g]
		s.mean[g] += d / s.n[g]
		s.m2[g] += d * (x - s.mean[g])
	}
	switch {
	case col.Floats() != nil:
		v := col.Floats()
		each(col, ids, rows, func(g uint32, r int) { add(g, v[r]) })
	case col.Ints() != nil:
		v := col.Ints()
		each(col, ids, rows, func(g uint32, r int) { add(g, float64(v[r])) })
	}
}

func (s *moments) merge(o state, _ int64, ids []uint32) {
	x := o.(*moments)
	for i, g := range ids {
		if g == skip || x.n[i] == 0 {
			continue
		}
		n := s.n[g] + x.n[i]
		d := x.mean[i] - s.mean[g]
		s.m2[g] += x.m2[i] + d*d*s.n[g]*x.n[i]/n
		s.mean[g] += d * x.n[i] / n
		s.n[g] = n
	}
}

// result is the standard deviation of a sample: it needs two values.
func (s *moments) result(_ *measurePlan, g int) table.Value {
	if s.n[g] < 2 {
		return table.Value{}
	}
	return numberOf(s.typ, math.Sqrt(max(s.m2[g], 0)/(s.n[g]-1)))
}
func (s *moments) approx() bool { return false }
func (s *moments) bytes() int64 { return int64(len(s.n)) * 24 }

// numberOf makes a cell of a computed number: a Duration or a moment in whole units of its own, else a Float.
func numberOf(t table.Type, x float64) table.Value {
	if (t == table.Duration || t.Temporal() || t == table.Time) && math.Abs(x) < 1<<63 {
		return table.IntValue(t, int64(math.Round(x)))
	}
	return table.FloatValue(x)
}

// edge keeps the first or the last cell that is there, by the rows' order or by another column. Rows in which that
// column is empty do not count; of rows that are equal in it, the first (last) in the table counts.
type edge struct {
	column, by int
	last       bool
	at         []int64 // row of the run plus one; 0: none
	v, key     []table.Value
}

func (s *edge) grow(groups int) {
	s.at, s.v = grown(s.at, groups), grown(s.v, groups)
	if s.by >= 0 {
		s.key = grown(s.key, groups)
	}
}

// beats says whether a row at a place wins over what the group holds.
func (s *edge) beats(g uint32, key table.Value, at int64) bool {
	if s.at[g] == 0 {
		return true
	}
	order := 0
	if s.by >= 0 {
		order = key.Compare(s.key[g])
	}
	if order == 0 {
		return (at > s.at[g]) == s.last
	}
	return (order > 0) == s.last
}

func (s *edge) scan(c *table.Chunk, start int64, ids []uint32, rows []int32) {
	col := c.Column(s.column)
	each(col, ids, rows, func(g uint32, r int) {
		var key table.Value
		if s.by >= 0 {
			if key = c.Column(s.by).Value(r); key.IsNull() {
				return
			}
		}
		if at := start + int64(r) + 1; s.beats(g, key, at) {
			s.at[g], s.v[g] = at, col.Value(r)
			if s.by >= 0 {
				s.key[g] = key
			}
		}
	})
}

func (s *edge) merge(o state, start int64, ids []uint32) {
	x := o.(*edge)
	for i, g := range ids {
		if g == skip || x.at[i] == 0 {
			continue
		}
		var key table.Value
		if s.by >= 0 {
			key = x.key[i]
		}
		if at := start + x.at[i]; s.beats(g, key, at) {
			s.at[g], s.v[g] = at, x.v[i]
			if s.by >= 0 {
				s.key[g] = key
			}
		}
	}
}

func (s *edge) result(_ *measurePlan, g int) table.Value { return s.v[g] }
func (s *edge) approx() bool                             { return false }
func (s *edge) bytes() int64                             { return int64(len(s.at))*8 + int64(len(s.v)+len(s.key))*40 }
