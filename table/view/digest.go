package view

import (
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
	means     []centroid // ascending
	pending   []float64  // values that are not in the means yet
	low, high float64
	count     float64
}

type centroid struct{ mean, weight float64 }

const (
	// compression bounds the number of means to about as many.
	compression  = 400
	digestBuffer = 4096
)

func (d *digest) add(x float64) {
	d.widen(x, x, 1)
	if d.pending = append(d.pending, x); len(d.pending) == digestBuffer {
		d.compress()
	}
}

// merge adds another digest, which must not be pending and is left as it is.
func (d *digest) merge(o *digest) {
	if o.count == 0 {
		return
	}
	d.compress()
	d.widen(o.low, o.high, o.count)
	d.means = squeeze(d.means, o.means, d.count)
}

func (d *digest) widen(low, high, count float64) {
	if d.count == 0 {
		d.low, d.high = low, high
	}
	d.low, d.high = min(d.low, low), max(d.high, high)
	d.count += count
}

// compress puts what is pending into the means.
func (d *digest) compress() {
	if len(d.pending) == 0 {
		return
	}
	slices.Sort(d.pending)
	values := make([]centroid, len(d.pending))
	for i, x := range d.pending {
		values[i] = centroid{x, 1}
	}
	d.means, d.pending = squeeze(d.means, values, d.count), d.pending[:0]
}

// squeeze merges two ascending lists of the total weight into one in which a centroid spans at most one unit of the
// scale k(q) = δ/2π · asin(2q-1).
func squeeze(a, b []centroid, total float64) []centroid {
	limit := func(q float64) float64 {
		k := compression/(2*math.Pi)*math.Asin(2*min(q, 1)-1) + 1
		if k >= compression/4 {
			return 1
		}
		return (math.Sin(k*2*math.Pi/compression) + 1) / 2
	}
	next := func() (c centroid) {
		if len(b) == 0 || len(a) > 0 && a[0].mean <= b[0].mean {
			c, a = a[0], a[1:]
		} else {
			c, b = b[0], b[1:]
		}
		return c
	}
	out := make([]centroid, 0, min(len(a)+len(b), compression+10))
	last, before := next(), 0.0
	bound := total * limit(0)
	for len(a)+len(b) > 0 {
		c := next()
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
	return append(out, last)
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
