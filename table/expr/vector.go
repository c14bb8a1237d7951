package expr

import (
	"github.com/dashira/dashira/table"
)

// vector is a value for each row of a chunk, or, where one is set, one value for all of them. Which slice holds the
// values goes by the type: ints of Int, Date, Time, Timestamp, Duration; floats of Float; truth of Bool; texts of text.
// A vector of type Null is empty everywhere.
type vector struct {
	typ    table.Type
	one    bool // a single value stands for every row
	n      int  // rows
	ints   []int64
	floats []float64
	truth  []bool
	texts  []string
	empty  []bool // nil: every value is there
}

// at is the place of a row's value.
func (v *vector) at(row int) int {
	if v.one {
		return 0
	}
	return row
}

// null says whether the value of a row is empty.
func (v *vector) null(row int) bool {
	return v.typ == table.Null || v.empty != nil && v.empty[v.at(row)]
}

// len is how many values are held.
func (v *vector) len() int {
	if v.one {
		return 1
	}
	return v.n
}

// number returns a row's value of a numeric type as a float: a Duration in seconds, a Bool as 0 or 1.
func (v *vector) number(row int) float64 {
	switch i := v.at(row); v.typ {
	case table.Float:
		return v.floats[i]
	case table.Duration:
		return float64(v.ints[i]) / 1e6
	case table.Bool:
		if v.truth[i] {
			return 1
		}
		return 0
	case table.Null:
		return 0
	default:
		return float64(v.ints[i])
	}
}

func integral(t table.Type) bool {
	return t == table.Int || t == table.Date || t == table.Time || t == table.Timestamp || t == table.Duration
}

// room returns a vector of a type with room for the values of rows; all of them are there.
func room(t table.Type, n int, one bool) *vector {
	v := &vector{typ: t, n: n, one: one}
	k := v.len()
	switch {
	case integral(t):
		v.ints = make([]int64, k)
	case t == table.Float:
		v.floats = make([]float64, k)
	case t == table.Bool:
		v.truth = make([]bool, k)
	case t.Textual():
		v.texts = make([]string, k)
	}
	return v
}

// clear makes the value at a place empty.
func (v *vector) clear(place int) {
	if v.empty == nil {
		v.empty = make([]bool, v.len())
	}
	v.empty[place] = true
}

// constant returns one value for n rows.
func constant(x table.Value, n int) *vector {
	v := room(x.Type(), n, true)
	switch {
	case integral(v.typ):
		v.ints[0] = x.Int()
	case v.typ == table.Float:
		v.floats[0] = x.Float()
	case v.typ == table.Bool:
		v.truth[0] = x.Bool()
	case v.typ.Textual():
		v.texts[0] = x.Text()
	}
	return v
}

// ofColumn returns the values of a column without a copy where it holds them in the same form.
func ofColumn(c *table.Column) *vector {
	n := c.Len()
	if c.Nulls() == n {
		return &vector{typ: table.Null, n: n}
	}
	v := &vector{typ: c.Type(), n: n}
	switch {
	case c.Ints() != nil:
		v.ints = c.Ints()
	case c.Days() != nil:
		v.ints = make([]int64, n)
		for i, d := range c.Days() {
			v.ints[i] = int64(d)
		}
	case c.Floats() != nil:
		v.floats = c.Floats()
	case v.typ == table.Bool:
		v.truth = make([]bool, n)
		for i := range v.truth {
			v.truth[i] = !c.IsNull(i) && c.Bool(i)
		}
	default:
		v.texts = make([]string, n)
		for i := range v.texts {
			if !c.IsNull(i) {
				v.texts[i] = c.Text(i)
			}
		}
	}
	if c.Validity() != nil {
		v.empty = make([]bool, n)
		for i := range v.empty {
			v.empty[i] = c.IsNull(i)
		}
	}
	return v
}

// column makes a column of a vector. Text goes into the dictionary.
func (v *vector) column(t table.Type, dict *table.Dict) *table.Column {
	n := v.n
	if v.typ == table.Null {
		return table.NewNullColumn(t, n)
	}
	var valid []byte
	nulls := 0
	if v.empty != nil {
		valid = make([]byte, (n+7)/8)
		for i := range n {
			if v.null(i) {
				nulls++
			} else {
				valid[i/8] |= 1 << (i % 8)
			}
		}
		if nulls == n {
			return table.NewNullColumn(t, n)
		}
		if nulls == 0 {
			valid = nil
		}
	}
	switch {
	case t == table.Date:
		days := make([]int32, n)
		for i := range days {
			days[i] = int32(v.ints[v.at(i)])
		}
		return table.NewDateColumn(days, valid)
	case integral(t):
		if !v.one {
			return table.NewIntColumn(t, v.ints, valid)
		}
		return table.NewIntColumn(t, repeat(v.ints[0], n), valid)
	case t == table.Float:
		if !v.one {
			return table.NewFloatColumn(v.floats, valid)
		}
		return table.NewFloatColumn(repeat(v.floats[0], n), valid)
	case t == table.Bool:
		truth := make([]byte, (n+7)/8)
		for i := range n {
			if v.truth[v.at(i)] {
				truth[i/8] |= 1 << (i % 8)
			}
		}
		return table.NewBoolColumn(truth, n, valid)
	}
	codes := make([]uint32, n)
	last, known := uint32(0), false
	var text string
	for i := range codes {
		if v.null(i) {
			continue
		}
		if s := v.texts[v.at(i)]; !known || s != text {
			last, text, known = dict.Intern(s), s, true
		}
		codes[i] = last
	}
	return table.NewCodeColumn(t, codes, dict, valid)
}

func repeat[T any](x T, n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = x
	}
	return out
}
