package view

import (
	"slices"

	"github.com/dashira/dashira/table"
)

// ExactQuantiles is how many values of all groups together quantiles are computed of exactly; above it sketches estimate
// those of every group that has more than exactGroup of them.
const (
	ExactQuantiles = 100_000
	exactGroup     = 512
)

// quantiles keeps every value while there are few, sketches above.
type quantiles struct {
	column   int
	typ      table.Type
	values   [][]float64 // of each group, in no order: a Duration in microseconds
	sketches []sketch    // of each group that is sketched, which has no values then; nil: of none
	ready    []sketch    // of each group that has many values, a sketch of these, for whoever merges them; nil: of none
	total    int
	over     bool // there are more than ExactQuantiles
}

func (s *quantiles) grow(groups int) {
	s.values = grown(s.values, groups)
	if s.sketches != nil {
		s.sketches = grown(s.sketches, groups)
	}
}

func (s *quantiles) put(g uint32, x float64) {
	if s.sketches != nil && s.sketches[g] != nil {
		s.sketches[g].add(x)
		return
	}
	s.values[g] = append(s.values[g], x)
	if s.over && len(s.values[g]) > exactGroup {
		s.condense(g)
	}
}

// pass looks whether the values of all groups have become too many to be kept. That follows from how many there are, and
// not from how they came, and so does what becomes a sketch.
func (s *quantiles) pass() {
	if s.over || s.total <= ExactQuantiles {
		return
	}
	s.over = true
	for g := range s.values {
		if len(s.values[g]) > exactGroup {
			s.condense(uint32(g))
		}
	}
}

// condense puts the values of a group into a sketch.
func (s *quantiles) condense(g uint32) {
	if s.sketches == nil {
		s.sketches = make([]sketch, len(s.values))
	}
	if s.sketches[g] != nil {
		return
	}
	s.sketches[g] = s.newSketch()
	for _, x := range s.values[g] {
		s.sketches[g].add(x)
	}
	s.values[g] = nil
}

func (s *quantiles) newSketch() sketch {
	if s.typ.Temporal() || s.typ == table.Time {
		return newMomentSketch()
	}
	return newNumberSketch()
}

func (s *quantiles) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	s.ready = nil
	col := numbers(c.Column(s.column))
	switch {
	case col.Floats() != nil:
		scanValues(s, col, col.Floats(), ids, rows)
	case col.Ints() != nil:
		scanValues(s, col, col.Ints(), ids, rows)
	case col.Days() != nil:
		scanValues(s, col, col.Days(), ids, rows)
	}
	s.pass()
}

func scanValues[T int32 | int64 | float64](s *quantiles, col *table.Column, values []T, ids []uint32, rows []int32) {
	whole := col.Validity() == nil
	if whole {
		s.total += len(ids)
	}
	if len(s.values) == 1 && s.sketches == nil {
		s.values[0] = slices.Grow(s.values[0], len(ids))
	}
	for i, g := range ids {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		if !whole {
			if col.IsNull(r) {
				continue
			}
			s.total++
		}
		s.put(g, float64(values[r]))
	}
}

// fewValues is how many values a sketch is not made of before it is wanted.
const fewValues = 4096

// finish makes sketches of groups with many values: where those of several runs come together they are mostly too many to
// be kept, and adding sketches is less work than making one of all, which one core would have to do.
func (s *quantiles) finish() {
	for g, list := range s.values {
		if len(list) > fewValues {
			if s.ready == nil {
				s.ready = make([]sketch, len(s.values))
			}
			s.ready[g] = s.newSketch()
			for _, x := range list {
				s.ready[g].add(x)
			}
		}
	}
}

// expect settles at once whether the values are going to be too many, so that none is taken in to be put into a sketch later.
func (s *quantiles) expect(parts []state) {
	total := s.total
	for _, p := range parts {
		total += p.(*quantiles).total
	}
	s.over = s.over || total > ExactQuantiles
}

func (s *quantiles) merge(o state, _ int64, ids []uint32) {
	x := o.(*quantiles)
	s.ready = nil
	// Whether the values become too many is settled before they come: then their sketches can come in their place.
	many := 0
	for i, list := range x.values {
		if ids[i] != skip {
			many += len(list)
		}
	}
	over := s.over || s.total+many > ExactQuantiles
	for i, list := range x.values {
		g := ids[i]
		if g == skip {
			continue
		}
		if over && x.ready != nil && x.ready[i] != nil {
			s.condense(g)
			s.sketches[g].merge(x.ready[i])
			s.total += len(list)
			continue
		}
		if x.sketches != nil && x.sketches[i] != nil {
			s.condense(g)
			s.sketches[g].merge(x.sketches[i])
			s.total += int(x.sketches[i].count())
			continue
		}
		if over || s.sketches != nil {
			for _, v := range list {
				s.put(g, v)
			}
		} else {
			s.values[g] = append(s.values[g], list...)
		}
		s.total += len(list)
	}
	s.pass()
}

// retract takes values out. A group that would have few enough again to be counted one by one is not known any more.
func (s *quantiles) retract(o state, ids []uint32) bool {
	x := o.(*quantiles)
	if x.sketches != nil {
		return false
	}
	for i, list := range x.values {
		if len(list) == 0 {
			continue
		}
		g := ids[i]
		s.total -= len(list)
		if s.over && (s.total <= ExactQuantiles || s.sketches != nil && s.sketches[g] != nil && s.sketches[g].count()-int64(len(list)) <= exactGroup) {
			return false
		}
		if s.sketches != nil && s.sketches[g] != nil {
			gone := s.newSketch()
			for _, v := range list {
				gone.add(v)
			}
			if !s.sketches[g].retract(gone) {
				return false
			}
			continue
		}
		gone := make(map[float64]int, len(list))
		for _, v := range list {
			gone[v]++
		}
		kept := s.values[g][:0]
		for _, v := range s.values[g] {
			if gone[v] > 0 {
				gone[v]--
			} else {
				kept = append(kept, v)
			}
		}
		if len(kept)+len(list) != len(s.values[g]) {
			return false
		}
		s.values[g] = kept
	}
	return true
}

func (s *quantiles) inhabited(g uint32) bool {
	return len(s.values[g]) > 0 || s.sketches != nil && s.sketches[g] != nil && s.sketches[g].count() > 0
}

func (s *quantiles) result(m *measurePlan, g int) table.Value {
	if s.sketches != nil && s.sketches[g] != nil {
		return numberOf(s.typ, quantileIn(s.sketches[g], m.p))
	}
	if len(s.values[g]) == 0 {
		return table.Value{}
	}
	return numberOf(s.typ, quantileSelected(slices.Clone(s.values[g]), m.p))
}

// quantileSelected interpolates between the neighbours of rank p·(n-1), as R's default does (Hyndman and Fan's type 7). The
// values come in no order and are moved about: only the two at the rank have to be found.
func quantileSelected(values []float64, p float64) float64 {
	rank := p * float64(len(values)-1)
	i := int(rank)
	a := selectNth(values, i)
	if f := rank - float64(i); f > 0 {
		b := slices.Min(values[i+1:])
		if a != b {
			return a*(1-f) + b*f
		}
	}
	return a
}

// selectNth brings the value to position n that would stand there if all were sorted, with none greater before it and
// none less behind (Hoare's quickselect, by the middle of three).
func selectNth(v []float64, n int) float64 {
	low, high := 0, len(v)-1
	for low < high {
		if high-low < 16 {
			slices.Sort(v[low : high+1])
			break
		}
		middle := low + (high-low)/2
		a, b, c := v[low], v[middle], v[high]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := low, high
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case n <= j:
			high = j
		case n >= i:
			low = i
		default:
			return v[n]
		}
	}
	return v[n]
}

func (s *quantiles) approx() bool {
	return slices.ContainsFunc(s.sketches, func(k sketch) bool { return k != nil })
}

func (s *quantiles) bytes() int64 {
	n := int64(len(s.values)) * 24
	for _, list := range s.values {
		n += int64(cap(list)) * 8
	}
	for _, list := range [][]sketch{s.sketches, s.ready} {
		for _, k := range list {
			if n += 16; k != nil {
				n += k.bytes()
			}
		}
	}
	return n
}

var _ retractor = (*quantiles)(nil)
