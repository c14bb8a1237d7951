package view

import (
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/dashira/dashira/table"
)

const maxFinite = math.MaxFloat64

// predicate is a filter that knows its column's type.
type predicate struct {
	column int
	key    string // of the filter among others
	field  table.Field
	op     Op
	not    bool
	null   bool // the empty cell passes

	ints      map[int64]bool   // In: of integral types, days of Date, 0 and 1 of Bool
	floats    map[float64]bool // In: of Float
	texts     map[string]bool  // In: of text
	low, high int64            // Range: of integral types, both inclusive
	from, to  floatRange       // Range: of Float
	text      textRange        // Range: of text
	needle    *needle          // Contains
	verdicts  verdicts         // of text, by code
}

type floatRange struct {
	limit     float64
	inclusive bool
}

type textRange struct {
	low, high       string
	hasLow, hasHigh bool
	inclusive       bool
}

func newPredicate(f Filter, field table.Field, column int) (*predicate, error) {
	p := &predicate{column: column, key: filterKey(f, column), field: field, op: f.Op, not: f.Not, null: f.Not}
	var err error
	switch f.Op {
	case In:
		err = p.in(f)
	case Range:
		err = p.between(f)
	case Contains:
		p.needle = newNeedle(f.Text)
	default:
		err = fmt.Errorf("comparison %d is not known", f.Op)
	}
	if err != nil {
		return nil, &QueryError{Column: f.Column, Reason: err.Error()}
	}
	return p, nil
}

func (p *predicate) in(f Filter) error {
	p.ints, p.floats, p.texts = map[int64]bool{}, map[float64]bool{}, map[string]bool{}
	for _, v := range f.Values {
		if v.IsNull() {
			p.null = !f.Not
			continue
		}
		switch t := p.field.Type; {
		case t == table.Null:
		case t.Textual():
			if !v.Type().Textual() {
				return p.mismatch(v)
			}
			p.texts[v.Text()] = true
		case t == table.Float:
			if v.Type() != table.Float && v.Type() != table.Int {
				return p.mismatch(v)
			}
			p.floats[v.Float()] = true
		default:
			b, err := p.bound(v)
			if err != nil {
				return err
			}
			if b.exact {
				p.ints[b.floor] = true
			}
		}
	}
	return nil
}

func (p *predicate) between(f Filter) error {
	p.low, p.high = math.MinInt64, math.MaxInt64
	p.from, p.to = floatRange{-maxFinite, true}, floatRange{maxFinite, true}
	for n, v := range []table.Value{f.Low, f.High} {
		if v.IsNull() {
			continue
		}
		inclusive := n == 0 || f.HighIncl
		switch t := p.field.Type; {
		case t == table.Null:
		case t.Textual():
			if !v.Type().Textual() {
				return p.mismatch(v)
			}
			if n == 0 {
				p.text.low, p.text.hasLow = v.Text(), true
			} else {
				p.text.high, p.text.hasHigh, p.text.inclusive = v.Text(), true, inclusive
			}
		case t == table.Float:
			if v.Type() != table.Float && v.Type() != table.Int {
				return p.mismatch(v)
			}
			if n == 0 {
				p.from = floatRange{v.Float(), true}
			} else {
				p.to = floatRange{v.Float(), inclusive}
			}
		default:
			b, err := p.bound(v)
			if err != nil {
				return err
			}
			switch {
			case n == 0 && b.exact:
				p.low = b.floor
			case n == 0 && b.floor == math.MaxInt64:
				p.low, p.high = 1, 0
				return nil
			case n == 0:
				p.low = b.floor + 1
			case b.exact && !inclusive && b.floor == math.MinInt64:
				p.low, p.high = 1, 0
				return nil
			case b.exact && !inclusive:
				p.high = b.floor - 1
			case !b.exact && b.floor == math.MinInt64 && b.below:
				p.low, p.high = 1, 0
				return nil
			default:
				p.high = b.floor
			}
		}
	}
	return nil
}

// bound is where a filter's value lies among the whole numbers of a column: at floor, or between floor and the next.
type bound struct {
	floor int64
	exact bool
	below bool // less than every whole number
}

// bound brings a filter's value into the unit of an integral column.
func (p *predicate) bound(v table.Value) (bound, error) {
	switch t := p.field.Type; {
	case v.Type() == t:
		return bound{floor: v.Int(), exact: true}, nil
	case t == table.Int && v.Type() == table.Float:
		return wholeBound(v.Float()), nil
	case t == table.Duration && v.Type() == table.Int, t == table.Duration && v.Type() == table.Float:
		return wholeBound(math.Round(v.Float() * 1e6)), nil
	case t == table.Timestamp && v.Type() == table.Date:
		return bound{floor: v.Int() * microsPerDay, exact: true}, nil
	case t == table.Date && v.Type() == table.Timestamp:
		day := floorDiv(v.Int(), microsPerDay)
		return bound{floor: day, exact: day*microsPerDay == v.Int()}, nil
	}
	return bound{}, p.mismatch(v)
}

func wholeBound(x float64) bound {
	f := math.Floor(x)
	switch {
	case f >= 1<<63:
		return bound{floor: math.MaxInt64}
	case f < -1<<63:
		return bound{floor: math.MinInt64, below: true}
	}
	return bound{floor: int64(f), exact: f == x}
}

func (p *predicate) mismatch(v table.Value) error {
	return fmt.Errorf("a %s cannot be compared with a %s", p.field.Type, v.Type())
}

// match says whether one cell passes. It is the definition; passing is the same in bulk.
func (p *predicate) match(v table.Value) bool {
	if v.IsNull() {
		return p.null
	}
	var ok bool
	switch {
	case p.op == Contains && v.Type().Textual():
		ok = p.needle.in(v.Text())
	case p.op == Contains:
		ok = p.needle.in(p.field.Format(v))
	case v.Type().Textual():
		ok = p.matchText(v.Text())
	case v.Type() == table.Float:
		ok = p.matchFloat(v.Float())
	default:
		ok = p.matchInt(v.Int())
	}
	return ok != p.not
}

func (p *predicate) matchText(s string) bool {
	switch p.op {
	case In:
		return p.texts[s]
	case Contains:
		return p.needle.in(s)
	}
	r := &p.text
	return (!r.hasLow || s >= r.low) && (!r.hasHigh || s < r.high || r.inclusive && s == r.high)
}

func (p *predicate) matchInt(n int64) bool {
	if p.op == In {
		return p.ints[n]
	}
	return p.low <= n && n <= p.high
}

func (p *predicate) matchFloat(x float64) bool {
	if p.op == In {
		return p.floats[x]
	}
	return x >= p.from.limit && (x < p.to.limit || p.to.inclusive && x == p.to.limit)
}

// selection is the rows of a chunk that pass: all of them, or those listed, ascending.
type selection struct {
	all  bool
	rows []int32
}

func (s selection) len(c *table.Chunk) int {
	if s.all {
		return c.Rows()
	}
	return len(s.rows)
}

// list returns the rows one by one; nil stands for all of them.
func (s selection) list() []int32 {
	if s.all {
		return nil
	}
	return s.rows
}

// row returns row i of those that are left.
func (s selection) row(i int) int32 {
	if s.all {
		return int32(i)
	}
	return s.rows[i]
}

// selected is the selection of these rows.
func selected(c *table.Column, s selection, rows []int32) selection {
	if s.all && len(rows) == c.Len() {
		return s
	}
	return selection{rows: rows}
}

// tester returns the comparison of one cell of a column.
func (p *predicate) tester(c *table.Column) func(i int) bool {
	var ok func(i int) bool
	switch {
	case p.op == Contains && c.Codes() == nil:
		return func(i int) bool { return p.match(c.Value(i)) }
	case c.Ints() != nil:
		v := c.Ints()
		ok = func(i int) bool { return p.matchInt(v[i]) }
	case c.Days() != nil:
		v := c.Days()
		ok = func(i int) bool { return p.matchInt(int64(v[i])) }
	case c.Floats() != nil:
		v := c.Floats()
		ok = func(i int) bool { return p.matchFloat(v[i]) }
	case c.Codes() != nil:
		v, pass := c.Codes(), p.verdicts.of(c.Dict(), p.matchText)
		ok = func(i int) bool { return pass[v[i]] }
	default:
		return func(i int) bool { return p.match(c.Value(i)) }
	}
	return func(i int) bool {
		if c.IsNull(i) {
			return p.null
		}
		return ok(i) != p.not
	}
}

// filterRows lists the rows of s that pass in the memory of out, which may be that of s.
func filterRows(c *table.Column, s selection, out []int32, ok func(i int) bool) selection {
	n := c.Len()
	if !s.all {
		n = len(s.rows)
	}
	kept := 0
	for i := range n {
		if r := s.row(i); ok(int(r)) {
			out[kept] = r
			kept++
		}
	}
	return selected(c, s, out[:kept])
}

// bounds decides by the column's least and greatest value, where they do.
func (p *predicate) bounds(c *table.Column) (all, none bool) {
	if c.Nulls() == c.Len() {
		return p.null, !p.null
	}
	if p.op == Contains || p.field.Type.Textual() {
		return false, false
	}
	if p.op == In {
		return p.beyond(c)
	}
	st := c.Stats()
	var in, out bool // every cell that is there lies in the range, or none does
	if c.Floats() != nil {
		low, high := st.Min.Float(), st.Max.Float()
		in = p.matchFloat(low) && p.matchFloat(high)
		out = high < p.from.limit || low > p.to.limit
	} else {
		low, high := st.Min.Int(), st.Max.Int()
		in = p.matchInt(low) && p.matchInt(high)
		out = high < p.low || low > p.high
	}
	if p.not {
		in, out = out, in
	}
	return in && (st.Nulls == 0 || p.null), out && (st.Nulls == 0 || !p.null)
}

// beyond decides for a list of values of which none lies between the least and the greatest of the column.
func (p *predicate) beyond(c *table.Column) (all, none bool) {
	if len(p.ints)+len(p.floats) > 64 {
		return false, false
	}
	st := c.Stats()
	for v := range p.ints {
		if st.Min.Int() <= v && v <= st.Max.Int() {
			return false, false
		}
	}
	for v := range p.floats {
		if st.Min.Float() <= v && v <= st.Max.Float() {
			return false, false
		}
	}
	return p.not && (st.Nulls == 0 || p.null), !p.not && (st.Nulls == 0 || !p.null)
}

// needle is a text that is searched for, ignoring case.
type needle struct{ lower string }

func newNeedle(text string) *needle { return &needle{strings.ToLower(text)} }

func (n *needle) in(s string) bool { return strings.Contains(strings.ToLower(s), n.lower) }

// verdicts remembers which codes of a dictionary pass. A dictionary only grows, so a verdict is for ever.
type verdicts struct {
	mu   sync.Mutex
	dict *table.Dict
	pass []bool // replaced, never changed within its length
	any  bool   // one of them does
}

// of returns a verdict for every code that the dictionary has by now.
func (v *verdicts) of(dict *table.Dict, ok func(string) bool) []bool {
	pass, _ := v.some(dict, ok)
	return pass
}

// some also says whether any passes.
func (v *verdicts) some(dict *table.Dict, ok func(string) bool) (pass []bool, any bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.dict != dict {
		v.dict, v.pass, v.any = dict, nil, false
	}
	for n := len(v.pass); n < dict.Len(); n++ {
		pass := ok(dict.Value(uint32(n)))
		v.pass, v.any = append(v.pass, pass), v.any || pass
	}
	return v.pass, v.any
}
