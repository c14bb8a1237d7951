package view

import (
	"context"
	"math"
	"slices"

	"github.com/dashira/dashira/table"
)

// Profile describes every column of a table.
func Profile(t *table.Table) []ColumnProfile {
	out := make([]ColumnProfile, t.Schema().Len())
	// A column's work never fails and the context never ends.
	_ = parallel(context.Background(), len(out), t.Rows()*int64(len(out)), func(i int) error {
		out[i] = profileColumn(t, i)
		return nil
	})
	return out
}

const topValues = 50

func profileColumn(t *table.Table, column int) ColumnProfile {
	p := ColumnProfile{Field: t.Schema().Field(column), Rows: t.Rows()}
	tally := newTally(p.Field.Type, t, column)
	var m centralMoments
	var numbers numberFacts
	var order orderFacts
	var grain grainFacts
	for _, chunk := range t.Chunks() {
		c := chunk.Column(column)
		p.Nulls += int64(c.Nulls())
		if c.Nulls() == c.Len() {
			continue
		}
		p.bounds(c)
		tally.scan(c)
		order.scan(c)
		switch typ := p.Field.Type; {
		case typ.Numeric():
			v := numbersOf(c)
			m.add(v)
			numbers.scan(v)
		case typ.Temporal():
			grain.scan(c)
		}
	}
	p.Distinct = tally.distinct()
	p.Top = tally.top(topValues)
	present := p.Rows - p.Nulls
	p.Monotone = present > 0 && !order.fell
	switch typ := p.Field.Type; {
	case typ.Numeric() && present > 0:
		p.Mean, p.Sum = m.mean, m.sum()
		p.StdDev, p.Skew = m.deviation(), m.skew()
		p.Negatives, p.Zeros, p.Integers = numbers.negatives, numbers.zeros, !numbers.fractions
		p.MaxDigits = digitsOf(numbers.greatestWhole)
		p.Quantiles = tally.quantiles(numbers.sample)
		p.EvenStep = tally.evenStep(&order, p.Min, p.Max)
	case typ.Temporal() && present > 0:
		p.Grain = grain.grain()
	case typ.Textual() && present > 0:
		lengths := tally.allTexts()
		p.MeanLength, p.StdLength, p.MaxLength, p.LeadingZeros = lengths.mean(), lengths.deviation(), lengths.max, lengths.leadingZeros
	}
	return p
}

// bounds widens Min and Max to a chunk's.
func (p *ColumnProfile) bounds(c *table.Column) {
	s := c.Stats()
	if p.Min.IsNull() || s.Min.Compare(p.Min) < 0 {
		p.Min = s.Min
	}
	if p.Max.IsNull() || s.Max.Compare(p.Max) > 0 {
		p.Max = s.Max
	}
}

// numbersOf returns the numbers that are there: Durations in seconds.
func numbersOf(c *table.Column) []float64 {
	if c.Floats() != nil && c.Validity() == nil {
		return c.Floats()
	}
	out := make([]float64, 0, c.Len()-c.Nulls())
	scale := c.Type() == table.Duration
	for i := range c.Len() {
		switch {
		case c.IsNull(i):
		case c.Floats() != nil:
			out = append(out, c.Floats()[i])
		case scale:
			out = append(out, float64(c.Ints()[i])/1e6)
		default:
			out = append(out, float64(c.Ints()[i]))
		}
	}
	return out
}

// centralMoments keeps the first three moments: each chunk's in two passes, merged by the formulas of Pébay (2008).
type centralMoments struct {
	n, mean, m2, m3 float64
	total, lost     float64 // compensated sum
}

func (m *centralMoments) add(v []float64) {
	var o centralMoments
	o.n = float64(len(v))
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	o.mean = sum / o.n
	for _, x := range v {
		d := x - o.mean
		o.m2 += d * d
		o.m3 += d * d * d
	}
	t := m.total + sum
	if math.Abs(m.total) >= math.Abs(sum) {
		m.lost += (m.total - t) + sum
	} else {
		m.lost += (sum - t) + m.total
	}
	m.total = t
	n, d := m.n+o.n, o.mean-m.mean
	m.m3 += o.m3 + d*d*d*m.n*o.n*(m.n-o.n)/(n*n) + 3*d*(m.n*o.m2-o.n*m.m2)/n
	m.m2 += o.m2 + d*d*m.n*o.n/n
	m.mean += d * o.n / n
	m.n = n
}

func (m *centralMoments) sum() float64 { return m.total + m.lost }

// deviation is the sample's; 0 for a single value.
func (m *centralMoments) deviation() float64 {
	if m.n < 2 {
		return 0
	}
	return finite(math.Sqrt(m.m2 / (m.n - 1)))
}

// skew is the population's third standardised moment; 0 where nothing varies.
func (m *centralMoments) skew() float64 {
	if m.m2 <= 0 {
		return 0
	}
	return finite(math.Sqrt(m.n) * m.m3 / math.Pow(m.m2, 1.5))
}

// finite returns 0 for what overflowed.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

// sampleRows is how many values quantiles are taken from where a column has too many different ones to count.
const sampleRows = 1 << 16

type numberFacts struct {
	negatives, zeros int64
	fractions        bool
	greatestWhole    float64 // by magnitude
	sample           []float64
	seen             uint64
	every            uint64 // one in so many values is in the sample; a power of two
}

func (f *numberFacts) scan(v []float64) {
	if f.every == 0 {
		f.every = 1
	}
	for _, x := range v {
		if x < 0 {
			f.negatives++
		} else if x == 0 {
			f.zeros++
		}
		if x == math.Trunc(x) {
			f.greatestWhole = max(f.greatestWhole, math.Abs(x))
		} else {
			f.fractions = true
		}
		// A value is taken by a hash of its number, not at a fixed step that could keep time with the data.
		if f.seen++; scramble(f.seen)&(f.every-1) == 0 {
			f.sample = append(f.sample, x)
		}
	}
	for len(f.sample) > 2*sampleRows {
		f.every *= 2
		n := 0
		for i, x := range f.sample {
			if scramble(uint64(i))&1 == 0 {
				f.sample[n] = x
				n++
			}
		}
		f.sample = f.sample[:n]
	}
}

func digitsOf(whole float64) int {
	n := 1
	for ; whole >= 10 && n < 400; n++ {
		whole /= 10
	}
	return n
}

// orderFacts follows a column down the table.
type orderFacts struct {
	last   table.Value
	fell   bool // a value was less than the one before
	step   float64
	uneven bool // two steps up differ
}

func (o *orderFacts) scan(c *table.Column) {
	if o.fell {
		return
	}
	if v := c.Ints(); v != nil {
		o.scanInts(c, v)
		return
	}
	for i := range c.Len() {
		if c.IsNull(i) {
			continue
		}
		if c.Codes() != nil && i > 0 && !c.IsNull(i-1) && c.Codes()[i] == c.Codes()[i-1] {
			continue
		}
		v := c.Value(i)
		if !o.last.IsNull() {
			switch d := v.Compare(o.last); {
			case d < 0:
				o.fell = true
				return
			case d > 0 && !c.Type().Textual():
				o.up(v.Float() - o.last.Float())
			}
		}
		o.last = v
	}
}

func (o *orderFacts) scanInts(c *table.Column, values []int64) {
	last, known := o.last.Int(), !o.last.IsNull()
	for i, v := range values {
		if c.IsNull(i) {
			continue
		}
		if known && v < last {
			o.fell = true
			return
		}
		if known && v > last {
			o.up(float64(v - last))
		}
		last, known = v, true
	}
	if known {
		o.last = table.IntValue(c.Type(), last)
	}
}

func (o *orderFacts) up(step float64) {
	if o.step == 0 {
		o.step = step
	} else if math.Abs(step-o.step) > 1e-9*o.step {
		o.uneven = true
	}
}

// lengthFacts are about texts, in characters.
type lengthFacts struct {
	rows         int64
	sum, squares float64
	max          int
	leadingZeros int64
}

func (f *lengthFacts) add(text string, rows int64) {
	n, digits := 0, true
	for _, r := range text {
		digits = digits && r >= '0' && r <= '9'
		n++
	}
	f.rows += rows
	f.sum += float64(n) * float64(rows)
	f.squares += float64(n) * float64(n) * float64(rows)
	f.max = max(f.max, n)
	if digits && n > 1 && text[0] == '0' {
		f.leadingZeros += rows
	}
}

func (f *lengthFacts) mean() float64 { return f.sum / float64(f.rows) }

// deviation is the population's.
func (f *lengthFacts) deviation() float64 {
	m := f.mean()
	return math.Sqrt(max(0, f.squares/float64(f.rows)-m*m))
}

// weighted is a number and how many rows have it.
type weighted struct {
	x    float64
	rows int64
}

var profileQuantiles = [5]float64{0.05, 0.25, 0.5, 0.75, 0.95}

// quantilesOf returns the five quantiles of numbers that are sorted here, interpolated as those of a query are.
func quantilesOf(list []weighted) (out [5]float64) {
	slices.SortFunc(list, func(a, b weighted) int {
		if a.x < b.x {
			return -1
		} else if a.x > b.x {
			return 1
		}
		return 0
	})
	var total int64
	for _, w := range list {
		total += w.rows
	}
	at := func(rank int64) float64 {
		for _, w := range list {
			if rank -= w.rows; rank < 0 {
				return w.x
			}
		}
		return list[len(list)-1].x
	}
	for i, q := range profileQuantiles {
		rank := q * float64(total-1)
		low := math.Floor(rank)
		f := rank - low
		a, b := at(int64(low)), at(min(int64(low)+1, total-1))
		if out[i] = a; a != b {
			out[i] = a*(1-f) + b*f
		}
	}
	return out
}
