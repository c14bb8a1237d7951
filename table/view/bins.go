package view

import "math"

const (
	fewestBins   = 8
	mostBins     = 40
	barPerValue  = 40 // different whole numbers that each get a bar
	farPart      = 0.5
	smallestStep = 1e-300
)

// NiceBins returns the edges of a histogram of a numeric column: n bins of one width from an origin that is a multiple
// of it.
//
// Few whole numbers get a bin each. Otherwise the width is Freedman's and Diaconis's, 2·IQR·n^(-1/3), or where half of
// the values are equal, Sturges's; rounded to 1, 2, 2.5 or 5 times a power of ten so that there are 8 to 40 bins. The
// bins end where half of the middle 90 % of the values more than those would, if the data goes that far: one far value
// does not flatten the rest, and lies outside.
func NiceBins(p ColumnProfile) (origin, width float64, n int) {
	low, high := p.Min.Float(), p.Max.Float()
	if math.IsNaN(low) || math.IsNaN(high) || low > high {
		return 0, 1, 1
	}
	if p.Integers && p.Distinct <= barPerValue && high-low < 1.5*barPerValue && math.Abs(low) < 1<<50 {
		return low, 1, int(high-low) + 1
	}
	if q05, q95 := p.Quantiles[0], p.Quantiles[4]; q95 > q05 {
		reach := farPart * (q95 - q05)
		low, high = max(low, q05-reach), min(high, q95+reach)
	}
	// Below this width neighbouring edges would be one number.
	least := max(smallestStep, 1e-14*max(math.Abs(low), math.Abs(high)))
	if p.Integers {
		least = max(least, 1)
	}
	span := high/2 - low/2 // half of it, which never overflows
	if span <= 0 {
		width = niceWidth(max(least, 1e-3*math.Abs(low)), p.Integers)
		return math.Floor(low/width) * width, width, 1
	}
	rows := float64(max(p.Rows-p.Nulls, 1))
	bins := math.Ceil(math.Log2(rows)) + 1
	if iqr := p.Quantiles[3]/2 - p.Quantiles[1]/2; iqr > 0 {
		bins = span / (2 * iqr / math.Cbrt(rows))
	}
	target := max(least, 2*(span/min(max(bins, fewestBins), mostBins)))
	width = chooseWidth(low, high, target, least, p.Integers)
	first, last := math.Floor(low/width), math.Floor(high/width)
	if origin = first * width; math.IsInf(origin, 0) {
		origin = low
	}
	return origin + 0, width, int(last-first) + 1
}

// chooseWidth returns the nice width nearest to the target by ratio that gives neither too few nor too many bins; where
// none does, for whole numbers of a small range, the first that does not give too many.
func chooseWidth(low, high, target, least float64, whole bool) float64 {
	best := 0.0
	w := niceWidth(max(least, target/4), whole)
	for {
		count := math.Floor(high/w) - math.Floor(low/w) + 1
		if count <= mostBins || w > math.MaxFloat64/4 {
			if best != 0 && (count < fewestBins || math.Abs(math.Log(w/target)) >= math.Abs(math.Log(best/target))) {
				return best
			}
			if best = w; count < fewestBins || w > math.MaxFloat64/4 {
				return best
			}
		}
		w = niceWidth(w*1.1, whole)
	}
}

// niceWidth returns the least of 1, 2, 2.5 and 5 times a power of ten that is not less than w; whole where asked.
func niceWidth(w float64, whole bool) float64 {
	power := math.Pow(10, math.Floor(math.Log10(w)))
	for _, f := range []float64{1, 2, 2.5, 5, 10} {
		if x := f * power; x >= w*(1-1e-12) && (!whole || x == math.Trunc(x)) {
			return x
		}
	}
	return 10 * power
}
