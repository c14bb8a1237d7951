package view

import (
	"cmp"
	"math"
	"slices"

	"github.com/dashira/dashira/table"
)

// tallyValues is how many different values of a column are counted one by one. Values that first appear after so many
// others are estimated by what the chunks know, and the most frequent values are those of the first so many.
const tallyValues = 100_000

// tally counts the different values of a column.
type tally struct {
	typ     table.Type
	dict    *table.Dict // of text: behind the codes, where all chunks have it
	ints    intTable    // of the bits of other values, or of codes
	keys    []int64
	words   map[string]uint32 // of text without one dictionary
	texts   []string
	rows    []int64      // of each value
	many    bool         // there are more values than are counted one by one
	all     func() int64 // estimates how many there are then
	lengths lengthFacts  // of the texts that are not counted one by one
}

func newTally(typ table.Type, t *table.Table, column int) *tally {
	a := &tally{typ: typ, all: func() int64 { return t.Distinct(column) }}
	if !typ.Textual() {
		return a
	}
	for _, chunk := range t.Chunks() {
		c := chunk.Column(column)
		if c.Nulls() == c.Len() {
			continue
		}
		if a.dict == nil {
			a.dict = c.Dict()
		}
		if a.dict == nil || a.dict != c.Dict() {
			a.dict, a.words = nil, map[string]uint32{}
			break
		}
	}
	return a
}

func (a *tally) scan(c *table.Column) {
	switch {
	case a.words != nil:
		for i := range c.Len() {
			if !c.IsNull(i) {
				a.countText(c.Text(i))
			}
		}
	case c.Codes() != nil:
		v := c.Codes()
		a.scanBits(c, func(i int) int64 { return int64(v[i]) })
	case c.Ints() != nil:
		v := c.Ints()
		a.scanBits(c, func(i int) int64 { return v[i] })
	case c.Floats() != nil:
		v := c.Floats()
		a.scanBits(c, func(i int) int64 { return int64(math.Float64bits(v[i] + 0)) })
	case c.Days() != nil:
		v := c.Days()
		a.scanBits(c, func(i int) int64 { return int64(v[i]) })
	default:
		a.scanBits(c, func(i int) int64 { return c.Value(i).Int() })
	}
}

func (a *tally) scanBits(c *table.Column, bits func(i int) int64) {
	for i := range c.Len() {
		if c.IsNull(i) {
			continue
		}
		v := bits(i)
		code, ok := a.code(v)
		if ok {
			a.rows[code]++
			continue
		}
		if a.dict != nil {
			a.lengths.add(a.dict.Value(uint32(v)), 1)
		}
	}
}

// code returns the place of a value, false where there is none for it.
func (a *tally) code(v int64) (uint32, bool) {
	if a.many {
		return a.ints.find(uint64(v))
	}
	code, fresh := a.ints.code(uint64(v), uint32(len(a.keys)))
	if fresh {
		a.keys, a.rows = append(a.keys, v), append(a.rows, 0)
		if len(a.keys) == tallyValues {
			a.many = true
		}
	}
	return code, true
}

func (a *tally) countText(text string) {
	code, ok := a.words[text]
	switch {
	case ok:
	case a.many:
		a.lengths.add(text, 1)
		return
	default:
		code = uint32(len(a.texts))
		a.words[text] = code
		a.texts, a.rows = append(a.texts, text), append(a.rows, 0)
		if len(a.texts) == tallyValues {
			a.many = true
		}
	}
	a.rows[code]++
}

func (a *tally) distinct() int64 {
	if a.many {
		return max(a.all(), int64(len(a.rows)))
	}
	return int64(len(a.rows))
}

// value returns the cell of a counted value.
func (a *tally) value(code int) table.Value {
	switch {
	case a.words != nil:
		return table.TextValue(a.typ, a.texts[code])
	case a.dict != nil:
		return table.TextValue(a.typ, a.dict.Value(uint32(a.keys[code])))
	case a.typ == table.Float:
		return table.FloatValue(math.Float64frombits(uint64(a.keys[code])))
	case a.typ == table.Bool:
		return table.BoolValue(a.keys[code] != 0)
	}
	return table.IntValue(a.typ, a.keys[code])
}

// top returns the n most frequent values.
func (a *tally) top(n int) []ValueCount {
	codes := make([]int, len(a.rows))
	for i := range codes {
		codes[i] = i
	}
	if len(codes) > 4*n {
		// Only values at least as frequent as the n-th can come first: most columns of many values lose nearly all here.
		rows := slices.Clone(a.rows)
		slices.Sort(rows)
		least := rows[len(rows)-n]
		codes = slices.DeleteFunc(codes, func(c int) bool { return a.rows[c] < least })
	}
	out := make([]ValueCount, len(codes))
	for i, c := range codes {
		out[i] = ValueCount{Value: a.value(c), Rows: a.rows[c]}
	}
	slices.SortFunc(out, func(x, y ValueCount) int {
		return cmp.Or(cmp.Compare(y.Rows, x.Rows), x.Value.Compare(y.Value))
	})
	return slices.Clip(out[:min(n, len(out))])
}

// allTexts adds every text and how often it occurs.
func (a *tally) allTexts() lengthFacts {
	f := a.lengths
	for code, rows := range a.rows {
		f.add(a.value(code).Text(), rows)
	}
	return f
}

// quantiles are exact where every value is counted, and otherwise a sample's.
func (a *tally) quantiles(sample []float64) [5]float64 {
	var list []weighted
	if a.many {
		for _, x := range sample {
			list = append(list, weighted{x, 1})
		}
	} else {
		for code, rows := range a.rows {
			list = append(list, weighted{a.value(code).Float(), rows})
		}
	}
	return quantilesOf(list)
}

// evenStep says whether the sorted different values lie at one distance. Where they are too many to be looked at one
// by one, whole numbers do if there are about as many as fit between the least and the greatest.
func (a *tally) evenStep(o *orderFacts, low, high table.Value) bool {
	if a.many {
		if !o.fell {
			return !o.uneven
		}
		if a.typ == table.Float {
			return false
		}
		var step uint64
		for _, k := range a.keys {
			step = gcd(step, uint64(k-low.Int()))
		}
		places := float64(uint64(high.Int()-low.Int()))/float64(step) + 1
		return math.Abs(places/float64(a.distinct())-1) < 0.05 // three times what the estimate is off by
	}
	if len(a.rows) < 2 {
		return false
	}
	values := make([]float64, len(a.rows))
	for code := range values {
		values[code] = a.value(code).Float()
	}
	slices.Sort(values)
	step := (values[len(values)-1] - values[0]) / float64(len(values)-1)
	for i := 1; i < len(values); i++ {
		if d := values[i] - values[i-1]; !(math.Abs(d-step) <= 1e-9*step) {
			return false
		}
	}
	return true
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
