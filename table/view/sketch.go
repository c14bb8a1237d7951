package view

import (
	"math"

	"github.com/DataDog/sketches-go/ddsketch/mapping"
)

// sketch counts many values by where they lie. What it holds follows from the values alone, in whatever order and parts
// they came, so that an estimate is one to the last digit, however it was kept up to date.
type sketch interface {
	add(x float64)
	merge(o sketch)
	// retract takes out what another one holds. It returns false where it cannot.
	retract(o sketch) bool
	count() int64
	// each calls f with the mean of every bin that has values and how many, ascending.
	each(f func(mean float64, n int64))
	bytes() int64
}

// quantileIn estimates the value below which the part p of the values lie, between 0 and 1: the mean of a bin stands in
// the middle of the ranks that it covers, and between two it is interpolated.
func quantileIn(s sketch, p float64) float64 {
	rank := p * float64(s.count()-1)
	at, value := math.NaN(), 0.0
	before := 0.0
	found, out := false, 0.0
	s.each(func(mean float64, n int64) {
		if found {
			return
		}
		middle := before + float64(n-1)/2
		before += float64(n)
		switch {
		case math.IsNaN(at) && rank <= middle:
			found, out = true, mean
		case rank <= middle:
			found, out = true, between(at, value, middle, mean, rank)
		}
		at, value = middle, mean
	})
	if !found {
		return value
	}
	return out
}

// between interpolates on the line from (x0, y0) to (x1, y1).
func between(x0, y0, x1, y1, x float64) float64 {
	if x1 <= x0 {
		return y1
	}
	f := (x - x0) / (x1 - x0)
	return y0*(1-f) + y1*f
}

// SketchAccuracy is how far an estimated quantile of numbers may be off, as a part of itself.
const SketchAccuracy = 0.002

// numberSketch is a DDSketch (Masson, Rim, Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error
// Guarantees", 2019): bins whose width grows with the number. Each knows the mean of its values beside their count, in
// whole parts of its width: sums of these are exact in any order, where sums of the numbers would not be.
type numberSketch struct {
	index         *mapping.LinearlyInterpolatedMapping
	above, below  binPages // of what is greater and less than zero
	zeros, values int64
}

func newNumberSketch() *numberSketch {
	// The accuracy is a constant between 0 and 1: that is all that can be wrong with it.
	m, _ := mapping.NewLinearlyInterpolatedMapping(SketchAccuracy)
	return &numberSketch{index: m}
}

// binPages are bins by index, in pages that are there only where one of their bins is.
type binPages struct {
	first int // the index of the first page
	pages []*binPage
}

const pageBins = 16

type binPage struct {
	n     [pageBins]int64
	parts [pageBins]int64 // the sum of where each value lies in its bin, in 1/binParts of the width
	lower [pageBins + 1]float64
}

const binParts = 1 << 30

// page returns the page of an index, which it makes if it must.
func (b *binPages) page(index int, m *mapping.LinearlyInterpolatedMapping) *binPage {
	at := int(floorDiv(int64(index), pageBins))
	switch {
	case len(b.pages) == 0:
		b.first = at
		b.pages = []*binPage{nil}
	case at < b.first:
		b.pages = append(make([]*binPage, b.first-at), b.pages...)
		b.first = at
	case at >= b.first+len(b.pages):
		b.pages = append(b.pages, make([]*binPage, at-b.first-len(b.pages)+1)...)
	}
	p := b.pages[at-b.first]
	if p == nil {
		p = &binPage{}
		for i := range p.lower {
			p.lower[i] = m.LowerBound(at*pageBins + i)
		}
		b.pages[at-b.first] = p
	}
	return p
}

func (b *binPages) add(x float64, m *mapping.LinearlyInterpolatedMapping) {
	x = min(x, m.MaxIndexableValue())
	index := m.Index(x)
	p := b.page(index, m)
	i := int(floorMod(int64(index), pageBins))
	low, high := p.lower[i], p.lower[i+1]
	p.n[i]++
	p.parts[i] += int64(min(max((x-low)/(high-low), 0), 1) * binParts)
}

// merge adds the bins of another, times a sign. It returns false where a bin would have less than nothing.
func (b *binPages) merge(o *binPages, sign int64, m *mapping.LinearlyInterpolatedMapping) bool {
	for i, from := range o.pages {
		if from == nil {
			continue
		}
		to := b.page((o.first+i)*pageBins, m)
		for k := range from.n {
			to.n[k] += sign * from.n[k]
			to.parts[k] += sign * from.parts[k]
			if to.n[k] < 0 {
				return false
			}
		}
	}
	return true
}

// each calls f with the mean and the count of every bin, the indexes ascending or descending.
func (b *binPages) each(descending bool, f func(mean float64, n int64)) {
	count := len(b.pages) * pageBins
	for i := range count {
		at := i
		if descending {
			at = count - 1 - i
		}
		p := b.pages[at/pageBins]
		if p == nil || p.n[at%pageBins] == 0 {
			continue
		}
		k := at % pageBins
		part := float64(p.parts[k]) / float64(p.n[k]) / binParts
		f(p.lower[k]+(p.lower[k+1]-p.lower[k])*part, p.n[k])
	}
}

func (b *binPages) bytes() int64 {
	n := int64(cap(b.pages)) * 8
	for _, p := range b.pages {
		if p != nil {
			n += 16*pageBins + 8*(pageBins+1)
		}
	}
	return n
}

func (s *numberSketch) add(x float64) {
	s.values++
	switch least := s.index.MinIndexableValue(); {
	case x >= least:
		s.above.add(x, s.index)
	case x <= -least:
		s.below.add(-x, s.index)
	default:
		s.zeros++
	}
}

func (s *numberSketch) merge(o sketch) { s.combine(o.(*numberSketch), 1) }

func (s *numberSketch) retract(o sketch) bool { return s.combine(o.(*numberSketch), -1) }

func (s *numberSketch) combine(o *numberSketch, sign int64) bool {
	s.values += sign * o.values
	s.zeros += sign * o.zeros
	above := s.above.merge(&o.above, sign, s.index)
	below := s.below.merge(&o.below, sign, s.index)
	return above && below && s.zeros >= 0
}

func (s *numberSketch) count() int64 { return s.values }

func (s *numberSketch) each(f func(mean float64, n int64)) {
	s.below.each(true, func(mean float64, n int64) { f(-tidied(mean), n) })
	if s.zeros > 0 {
		f(0, s.zeros)
	}
	s.above.each(false, func(mean float64, n int64) { f(tidied(mean), n) })
}

// tidied rounds to nine digits: the mean of a bin that holds one number again and again is that number.
func tidied(x float64) float64 {
	if rounded := math.Round(x); math.Abs(x-rounded) <= math.Abs(x)*1e-9 {
		return rounded
	}
	decimal := math.Pow(10, math.Round(9-math.Log10(x)))
	if math.IsInf(decimal, 0) || decimal == 0 {
		return x
	}
	return math.Round(x*decimal) / decimal
}

func (s *numberSketch) bytes() int64 { return 120 + s.above.bytes() + s.below.bytes() }
