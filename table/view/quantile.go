package view

import (
	"math"
	"slices"

	"github.com/dashira/dashira/table"
)

// ExactQuantiles is how many values of all groups together quantiles are computed of exactly; above it t-digests
// estimate.
const ExactQuantiles = 100_000

// quantiles keeps every value while there are few, digests above.
type quantiles struct {
	column  int
	typ     table.Type
	values  [][]float64 // of each group: a Duration in microseconds
	total   int
	digests []*digest // not nil once there are too many values; nil for a group without values
}

func (s *quantiles) grow(groups int) {
	if s.digests != nil {
		s.digests = grown(s.digests, groups)
		return
	}
	s.values = grown(s.values, groups)
}

func (s *quantiles) add(g uint32, x float64) {
	if s.digests != nil {
		s.digest(g).add(x)
		return
	}
	s.values[g] = append(s.values[g], x)
	if s.total++; s.total > ExactQuantiles {
		s.condense()
	}
}

// condense puts the values into digests. It happens at the same value whatever the chunks are.
func (s *quantiles) condense() {
	values := s.values
	s.values, s.digests = nil, make([]*digest, len(values))
	for g, list := range values {
		for _, x := range list {
			s.digest(uint32(g)).add(x)
		}
	}
}

func (s *quantiles) digest(g uint32) *digest {
	if s.digests[g] == nil {
		s.digests[g] = &digest{}
	}
	return s.digests[g]
}

// seal brings the digests into the form in which they can be asked and shared.
func (s *quantiles) seal() {
	for _, d := range s.digests {
		if d != nil {
			d.compress()
			d.pending = nil
		}
	}
}

func (s *quantiles) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := numbers(c.Column(s.column))
	switch {
	case col.Floats() != nil:
		v := col.Floats()
		each(col, ids, rows, func(g uint32, r int) { s.add(g, v[r]) })
	case col.Ints() != nil:
		v := col.Ints()
		each(col, ids, rows, func(g uint32, r int) { s.add(g, float64(v[r])) })
	case col.Days() != nil:
		v := col.Days()
		each(col, ids, rows, func(g uint32, r int) { s.add(g, float64(v[r])) })
	}
}

func (s *quantiles) merge(o state, _ int64, ids []uint32) {
	x := o.(*quantiles)
	if x.digests == nil {
		for i, list := range x.values {
			if ids[i] == skip {
				continue
			}
			for _, v := range list {
				s.add(ids[i], v)
			}
		}
		return
	}
	if s.digests == nil {
		s.condense()
	}
	for i, d := range x.digests {
		if ids[i] != skip && d != nil {
			s.digest(ids[i]).merge(d)
		}
	}
}

func (s *quantiles) result(m *measurePlan, g int) table.Value {
	if s.digests != nil {
		if s.digests[g] == nil {
			return table.Value{}
		}
		return numberOf(s.typ, s.digests[g].quantile(m.p))
	}
	if len(s.values[g]) == 0 {
		return table.Value{}
	}
	sorted := slices.Clone(s.values[g])
	slices.Sort(sorted)
	return numberOf(s.typ, quantileOf(sorted, m.p))
}

// quantileOf interpolates between the neighbours of rank p·(n-1), as R's default does (Hyndman and Fan's type 7).
func quantileOf(sorted []float64, p float64) float64 {
	rank := p * float64(len(sorted)-1)
	low := math.Floor(rank)
	i := int(low)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	a, b := sorted[i], sorted[i+1]
	if a == b {
		return a
	}
	f := rank - low
	return a*(1-f) + b*f
}

func (s *quantiles) approx() bool { return s.digests != nil }
func (s *quantiles) bytes() int64 {
	n := int64(len(s.values)) * 24
	for _, list := range s.values {
		n += int64(cap(list)) * 8
	}
	for _, d := range s.digests {
		if n += 8; d != nil {
			n += 80 + int64(cap(d.means))*16
		}
	}
	return n
}
