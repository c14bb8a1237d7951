package view

import (
	"cmp"
	"math"
	"slices"
)

// digest is a merging t-digest (Dunning and Ertl, "Computing extremely accurate quantiles using t-digests", 2019):
// weighted means that are single values at both ends and grow towards the median. Its quantiles are off by a fraction
// of a percent of the ranks in the middle and by less at the ends.
//
// It is filled in batches, which costs a sort of each batch and no search per value, and what it says does not depend
// on chance.
type digest struct {
	means   []centroid // ascending
	pending []centroid // not merged yet
	low     float64
	high    float64
	count   float64
}

type centroid struct{ mean, weight float64 }

const (
	// compression bounds the number of means to about as many.
	compression  = 400
	digestBuffer = 4096
)

func (d *digest) add(x, weight float64) {
	if d.count == 0 {
		d.low, d.high = x, x
	}
	d.low, d.high = min(d.low, x), max(d.high, x)
	d.count += weight
	if d.pending = append(d.pending, centroid{x, weight}); len(d.pending) >= digestBuffer {
		d.compress()
	}
}

// merge adds another digest, which it leaves as it is.
func (d *digest) merge(o *digest) {
	if o.count == 0 {
		return
	}
	if d.count == 0 {
		d.low, d.high = o.low, o.high
	}
	d.low, d.high = min(d.low, o.low), max(d.high, o.high)
	d.count += o.count
	for _, list := range [][]centroid{o.means, o.pending} {
		if d.pending = append(d.pending, list...); len(d.pending) >= digestBuffer {
			d.compress()
		}
	}
}

// compress merges what is pending into the means. A mean may span one unit of the scale k(q) = δ/2π · asin(2q-1).
func (d *digest) compress() {
	if len(d.pending) == 0 {
		return
	}
	all := append(d.pending, d.means...)
	slices.SortFunc(all, func(a, b centroid) int { return cmp.Compare(a.mean, b.mean) })
	total := 0.0
	for _, c := range all {
		total += c.weight
	}
	scale := func(q float64) float64 { return compression / (2 * math.Pi) * math.Asin(2*min(q, 1)-1) }
	limit := func(q float64) float64 {
		k := scale(q) + 1
		if k >= compression/4 {
			return 1
		}
		return (math.Sin(k*2*math.Pi/compression) + 1) / 2
	}
	out := make([]centroid, 0, compression)
	last, before := all[0], 0.0
	bound := total * limit(0)
	for _, c := range all[1:] {
		if before+last.weight+c.weight <= bound {
			last.weight += c.weight
			last.mean += (c.mean - last.mean) * (c.weight / last.weight)
			continue
		}
		out = append(out, last)
		before += last.weight
		bound = total * limit(before/total)
		last = c
	}
	d.means = append(out, last)
	d.pending = nil
}

// quantile returns the value at the share p of the values, between 0 and 1. The digest must not be pending.
func (d *digest) quantile(p float64) float64 {
	rank := p * (d.count - 1)
	// The mean of a centroid stands in the middle of the ranks it covers; the ends are known exactly.
	at, value := 0.0, d.low
	before := 0.0
	for _, c := range d.means {
		middle := before + (c.weight-1)/2
		if rank <= middle {
			return between(at, value, middle, c.mean, rank)
		}
		at, value = middle, c.mean
		before += c.weight
	}
	return between(at, value, d.count-1, d.high, rank)
}

// between interpolates on the line from (x0, y0) to (x1, y1).
func between(x0, y0, x1, y1, x float64) float64 {
	if x1 <= x0 {
		return y1
	}
	f := (x - x0) / (x1 - x0)
	return y0*(1-f) + y1*f
}
