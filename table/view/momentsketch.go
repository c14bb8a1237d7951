package view

import (
	"maps"
	"slices"
)

// momentSketch counts moments, for which a part of themselves means nothing: 1970 is no zero. Its bins are equally wide, a
// power of two of the column's unit, and become twice as wide whenever more than momentBins of them have moments.
// How wide they are in the end follows from the moments alone: the least width with few enough bins.
type momentSketch struct {
	shift  uint
	bins   map[int64]momentBin // by the moment shifted right
	values int64
}

// momentBins is how many bins a sketch of moments has: a year falls into at least a thousand parts of eight hours.
const momentBins = 2048

type momentBin struct {
	n     int64
	after int64 // the sum of how long after the bin's start each moment is
}

func newMomentSketch() *momentSketch { return &momentSketch{bins: map[int64]momentBin{}} }

func (s *momentSketch) add(x float64) {
	s.values++
	t := int64(x)
	s.put(t>>s.shift, momentBin{1, t & (1<<s.shift - 1)})
	s.coarsen()
}

func (s *momentSketch) put(at int64, b momentBin) {
	old := s.bins[at]
	s.bins[at] = momentBin{old.n + b.n, old.after + b.after}
}

// widen makes the bins wider.
func (s *momentSketch) widen(shift uint) {
	if shift <= s.shift {
		return
	}
	by := shift - s.shift
	fine := s.bins
	s.bins = make(map[int64]momentBin, len(fine))
	for at, b := range fine {
		s.put(at>>by, momentBin{b.n, b.after + b.n*(at&(1<<by-1))<<s.shift})
	}
	s.shift = shift
}

func (s *momentSketch) coarsen() {
	for len(s.bins) > momentBins {
		s.widen(s.shift + 1)
	}
}

func (s *momentSketch) merge(o sketch) {
	x := o.(*momentSketch)
	s.values += x.values
	s.widen(x.shift)
	by := s.shift - x.shift
	for at, b := range x.bins {
		s.put(at>>by, momentBin{b.n, b.after + b.n*(at&(1<<by-1))<<x.shift})
	}
	s.coarsen()
}

// retract never knows how wide the bins of what is left would be.
func (s *momentSketch) retract(o sketch) bool { return o.count() == 0 }

func (s *momentSketch) count() int64 { return s.values }

func (s *momentSketch) each(f func(mean float64, n int64)) {
	for _, at := range slices.Sorted(maps.Keys(s.bins)) {
		b := s.bins[at]
		f(float64(at<<s.shift+b.after/b.n), b.n)
	}
}

func (s *momentSketch) bytes() int64 { return 100 + int64(len(s.bins))*40 }
