package view

import (
	"math/big"
	"math/bits"

	"github.com/dashira/dashira/table"
)

// intSum adds whole numbers in 128 bits: no sum of 64-bit numbers overflows it.
type intSum struct {
	column int
	typ    table.Type
	sums   []wideSum
}

type wideSum struct {
	n    int64
	low  uint64
	high int64
}

func (s *wideSum) add(v int64) {
	var carry uint64
	s.n++
	s.low, carry = bits.Add64(s.low, uint64(v), 0)
	s.high += v>>63 + int64(carry)
}

// subtract takes a sum out. It returns false where that was never put in.
func (s *wideSum) subtract(x wideSum) bool {
	var borrow uint64
	s.n -= x.n
	s.low, borrow = bits.Sub64(s.low, x.low, 0)
	s.high -= x.high + int64(borrow)
	return s.n >= 0
}

func (s *intSum) grow(groups int) { s.sums = grown(s.sums, groups) }

func (s *intSum) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := numbers(c.Column(s.column))
	v, sums := col.Ints(), s.sums
	switch {
	case v == nil:
	case rows == nil && col.Validity() == nil && len(sums) == 1:
		one := sums[0]
		for _, x := range v {
			one.add(x)
		}
		sums[0] = one
	case rows == nil && col.Validity() == nil:
		for i, g := range ids {
			sums[g].add(v[i])
		}
	case col.Validity() == nil && len(sums) == 1:
		one := sums[0]
		for _, r := range rows {
			one.add(v[r])
		}
		sums[0] = one
	case col.Validity() == nil:
		for i, g := range ids {
			sums[g].add(v[rows[i]])
		}
	default:
		each(col, ids, rows, func(g uint32, r int) { sums[g].add(v[r]) })
	}
}

func (s *intSum) merge(o state, _ int64, ids []uint32) {
	for i, x := range o.(*intSum).sums {
		if ids[i] == skip {
			continue
		}
		sum := &s.sums[ids[i]]
		var carry uint64
		sum.n += x.n
		sum.low, carry = bits.Add64(sum.low, x.low, 0)
		sum.high += x.high + int64(carry)
	}
}

// fits says whether the sum of a group is an int64.
func (s *intSum) fits(g int) bool { return s.sums[g].high == int64(s.sums[g].low)>>63 }

// fit says whether the sums of all groups are.
func (s *intSum) fit() bool {
	for g := range s.sums {
		if !s.fits(g) {
			return false
		}
	}
	return true
}

func (s *intSum) float(g int) float64 {
	if s.fits(g) {
		return float64(int64(s.sums[g].low))
	}
	x := new(big.Int).Lsh(big.NewInt(s.sums[g].high), 64)
	f, _ := new(big.Float).SetInt(x.Add(x, new(big.Int).SetUint64(s.sums[g].low))).Float64()
	return f
}

// result is a sum (of a Duration that does not fit: in seconds) or, for Mean, its share.
func (s *intSum) result(m *measurePlan, g int) table.Value {
	switch {
	case s.sums[g].n == 0:
		return table.Value{}
	case m.op == Mean:
		return numberOf(s.typ, s.float(g)/float64(s.sums[g].n))
	case s.fits(g):
		return table.IntValue(s.typ, int64(s.sums[g].low))
	case s.typ == table.Duration:
		return table.FloatValue(s.float(g) / 1e6)
	}
	return table.FloatValue(s.float(g))
}
func (s *intSum) approx() bool { return false }
func (s *intSum) bytes() int64 { return int64(len(s.sums)) * 24 }

// floatSum adds with the rounding errors kept, so that the order of the rows and the cuts between the chunks do not
// show in the sum.
type floatSum struct {
	column int
	sums   []exactSum
}

// exactSum is a sum and what rounding took from it: each addition's error is exact (Knuth's TwoSum).
type exactSum struct {
	n        int64
	sum, err float64
}

func (s *exactSum) add(x float64) {
	t := s.sum + x
	z := t - s.sum
	s.err += (s.sum - (t - z)) + (x - z)
	s.sum = t
}

// addAt adds the numbers of rows. Four sums in turn do not wait for one another.
func (s *exactSum) addAt(v []float64, rows []int32) {
	var a, b, c exactSum
	i := 0
	for ; i+4 <= len(rows); i += 4 {
		s.add(v[rows[i]])
		a.add(v[rows[i+1]])
		b.add(v[rows[i+2]])
		c.add(v[rows[i+3]])
	}
	for ; i < len(rows); i++ {
		s.add(v[rows[i]])
	}
	s.n += int64(len(rows))
	for _, x := range []exactSum{a, b, c} {
		s.add(x.sum)
		s.err += x.err
	}
}

func (s *floatSum) grow(groups int) { s.sums = grown(s.sums, groups) }

func (s *floatSum) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := c.Column(s.column)
	v, sums := col.Floats(), s.sums
	switch {
	case v == nil:
	case rows == nil && col.Validity() == nil && len(sums) == 1:
		one := sums[0]
		for _, x := range v {
			one.add(x)
		}
		one.n += int64(len(v))
		sums[0] = one
	case rows == nil && col.Validity() == nil:
		for i, g := range ids {
			sum := &sums[g]
			sum.n++
			sum.add(v[i])
		}
	case col.Validity() == nil && len(sums) == 1:
		sums[0].addAt(v, rows)
	case col.Validity() == nil:
		for i, g := range ids {
			sum := &sums[g]
			sum.n++
			sum.add(v[rows[i]])
		}
	default:
		each(col, ids, rows, func(g uint32, r int) {
			sums[g].n++
			sums[g].add(v[r])
		})
	}
}

func (s *floatSum) merge(o state, _ int64, ids []uint32) {
	for i, x := range o.(*floatSum).sums {
		if ids[i] == skip {
			continue
		}
		sum := &s.sums[ids[i]]
		sum.n += x.n
		sum.add(x.sum)
		sum.err += x.err
	}
}

func (s *floatSum) result(m *measurePlan, g int) table.Value {
	if s.sums[g].n == 0 {
		return table.Value{}
	}
	sum := s.sums[g].sum + s.sums[g].err
	if m.op == Mean {
		sum /= float64(s.sums[g].n)
	}
	return table.FloatValue(sum)
}
func (s *floatSum) approx() bool { return false }
func (s *floatSum) bytes() int64 { return int64(len(s.sums)) * 24 }
