package view

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/dashira/dashira/table"
)

// intSum adds whole numbers in 128 bits: no sum of 64-bit numbers overflows it.
type intSum struct {
	column int
	typ    table.Type
	n      []int64
	low    []uint64
	high   []int64
}

func (s *intSum) grow(groups int) {
	s.n, s.low, s.high = grown(s.n, groups), grown(s.low, groups), grown(s.high, groups)
}

func (s *intSum) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := c.Column(s.column)
	v := col.Ints()
	if v == nil {
		return
	}
	n, low, high := s.n, s.low, s.high
	each(col, ids, rows, func(g uint32, r int) {
		var carry uint64
		n[g]++
		low[g], carry = bits.Add64(low[g], uint64(v[r]), 0)
		high[g] += v[r]>>63 + int64(carry)
	})
}

func (s *intSum) merge(o state, _ int64, ids []uint32) {
	x := o.(*intSum)
	for i, g := range ids {
		if g == skip {
			continue
		}
		var carry uint64
		s.n[g] += x.n[i]
		s.low[g], carry = bits.Add64(s.low[g], x.low[i], 0)
		s.high[g] += x.high[i] + int64(carry)
	}
}

// fits says whether the sum of a group is an int64.
func (s *intSum) fits(g int) bool { return s.high[g] == int64(s.low[g])>>63 }

// fit says whether the sums of all groups are.
func (s *intSum) fit() bool {
	for g := range s.n {
		if !s.fits(g) {
			return false
		}
	}
	return true
}

func (s *intSum) float(g int) float64 {
	if s.fits(g) {
		return float64(int64(s.low[g]))
	}
	x := new(big.Int).Lsh(big.NewInt(s.high[g]), 64)
	f, _ := new(big.Float).SetInt(x.Add(x, new(big.Int).SetUint64(s.low[g]))).Float64()
	return f
}

// result is a sum (of a Duration that does not fit: in seconds) or, for Mean, its share.
func (s *intSum) result(m *measurePlan, g int) table.Value {
	switch {
	case s.n[g] == 0:
		return table.Value{}
	case m.op == Mean:
		return numberOf(s.typ, s.float(g)/float64(s.n[g]))
	case s.fits(g):
		return table.IntValue(s.typ, int64(s.low[g]))
	case s.typ == table.Duration:
		return table.FloatValue(s.float(g) / 1e6)
	}
	return table.FloatValue(s.float(g))
}
func (s *intSum) seal()        {}
func (s *intSum) approx() bool { return false }
func (s *intSum) bytes() int64 { return int64(len(s.n)) * 24 }

// floatSum adds with the rounding errors kept (Neumaier 1974), so that the order of the rows and the cuts between the
// chunks do not show in the sum.
type floatSum struct {
	column   int
	n        []int64
	sum, err []float64
}

func (s *floatSum) grow(groups int) {
	s.n, s.sum, s.err = grown(s.n, groups), grown(s.sum, groups), grown(s.err, groups)
}

func (s *floatSum) add(g uint32, x float64) {
	sum := s.sum[g]
	t := sum + x
	if math.Abs(sum) >= math.Abs(x) {
		s.err[g] += (sum - t) + x
	} else {
		s.err[g] += (x - t) + sum
	}
	s.sum[g] = t
}

func (s *floatSum) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := c.Column(s.column)
	v := col.Floats()
	if v == nil {
		return
	}
	each(col, ids, rows, func(g uint32, r int) {
		s.n[g]++
		s.add(g, v[r])
	})
}

func (s *floatSum) merge(o state, _ int64, ids []uint32) {
	x := o.(*floatSum)
	for i, g := range ids {
		if g != skip {
			s.n[g] += x.n[i]
			s.add(g, x.sum[i])
			s.err[g] += x.err[i]
		}
	}
}

func (s *floatSum) result(m *measurePlan, g int) table.Value {
	if s.n[g] == 0 {
		return table.Value{}
	}
	sum := s.sum[g] + s.err[g]
	if m.op == Mean {
		sum /= float64(s.n[g])
	}
	return table.FloatValue(sum)
}
func (s *floatSum) seal()        {}
func (s *floatSum) approx() bool { return false }
func (s *floatSum) bytes() int64 { return int64(len(s.n)) * 24 }
