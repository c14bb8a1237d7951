package view

import "math"

func (s *countState) retract(o state, ids []uint32) bool {
	for i, n := range o.(*countState).n {
		if s.n[ids[i]] -= n; s.n[ids[i]] < 0 {
			return false
		}
	}
	return true
}

func (s *countState) inhabited(g uint32) bool { return s.n[g] > 0 }

func (s *intSum) retract(o state, ids []uint32) bool {
	for i, x := range o.(*intSum).sums {
		if !s.sums[ids[i]].subtract(x) {
			return false
		}
	}
	return true
}

func (s *intSum) inhabited(g uint32) bool { return s.sums[g].n > 0 }

// cancels is how much larger than what is left a sum may be that is taken out of another: beyond, the digits that are
// left are no longer those of a sum from scratch.
const cancels = 1 << 30

func (s *floatSum) retract(o state, ids []uint32) bool {
	for i, x := range o.(*floatSum).sums {
		sum := &s.sums[ids[i]]
		if sum.n -= x.n; sum.n < 0 {
			return false
		}
		if x.n == 0 {
			continue
		}
		if sum.n == 0 {
			*sum = exactSum{}
			continue
		}
		sum.add(-x.sum)
		sum.err -= x.err
		if left := math.Abs(sum.sum + sum.err); math.IsInf(x.sum, 0) || math.IsInf(sum.sum, 0) || math.IsNaN(sum.sum+sum.err) || math.Abs(x.sum) > cancels*left {
			return false
		}
	}
	return true
}

func (s *floatSum) inhabited(g uint32) bool { return s.sums[g].n > 0 }

// retract leaves the extreme where it is, unless it is what goes: then another one is it, and nobody knows which.
func (s *extreme[T]) retract(o state, ids []uint32) bool {
	x := o.(*extreme[T])
	for i, v := range x.v {
		if x.has[i] && (!s.has[ids[i]] || v == s.v[ids[i]]) {
			return false
		}
	}
	return true
}

func (s *extreme[T]) inhabited(g uint32) bool { return s.has[g] }

var (
	_ retractor = (*countState)(nil)
	_ retractor = (*intSum)(nil)
	_ retractor = (*floatSum)(nil)
	_ retractor = (*extreme[int64])(nil)
)
