package view

import (
	"math"

	"github.com/dashira/dashira/table"
)

// scan writes the code of each row's key into ids: of rows[i], or of row i where rows is nil.
func (k *keyIndex) scan(g *groupPlan, chunk *table.Chunk, rows []int32, ids []uint32) {
	c := chunk.Column(g.column)
	if c.Nulls() == c.Len() {
		code := k.empty()
		for i := range ids {
			ids[i] = code
		}
		return
	}
	switch g.kind {
	case keyText:
		k.scanText(c, rows, ids)
	case keyBucket:
		k.scanBuckets(g, c, rows, ids)
	case keyDay:
		v := c.Days()
		var b bucket
		k.scanInts(c, rows, ids, func(r int) int64 {
			if t := int64(v[r]) * microsPerDay; !b.holds(t) {
				if b = g.cal.bucket(t); g.cal.grain < MonthOfYear {
					b.value = floorDiv(b.value, microsPerDay)
				}
			}
			return b.value
		})
	case keyBin:
		switch {
		case c.Floats() != nil && c.Validity() == nil:
			scanBins(k, g, c.Floats(), rows, ids)
		case c.Ints() != nil && c.Validity() == nil && c.Type() == table.Int:
			scanBins(k, g, c.Ints(), rows, ids)
		default:
			k.scanInts(c, rows, ids, func(r int) int64 { return g.binOf(c.Number(r)) })
		}
	case keySpan:
		if v := c.Ints(); v != nil {
			k.scanInts(c, rows, ids, func(r int) int64 { return g.spanOf(v[r]) })
		} else {
			days := c.Days()
			k.scanInts(c, rows, ids, func(r int) int64 { return g.spanOf(int64(days[r])) })
		}
	case keyFloat:
		v := c.Floats()
		k.scanInts(c, rows, ids, func(r int) int64 { return int64(math.Float64bits(v[r] + 0)) }) // -0 + 0 is 0
	default:
		switch {
		case c.Ints() != nil:
			v := c.Ints()
			k.scanInts(c, rows, ids, func(r int) int64 { return v[r] })
		case c.Days() != nil:
			v := c.Days()
			k.scanInts(c, rows, ids, func(r int) int64 { return int64(v[r]) })
		default:
			k.scanInts(c, rows, ids, func(r int) int64 { return c.Value(r).Int() })
		}
	}
}

func (k *keyIndex) scanInts(c *table.Column, rows []int32, ids []uint32, key func(r int) int64) {
	var last int64
	var code uint32
	known := false
	for i := range ids {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		if c.IsNull(r) {
			ids[i] = k.empty()
			continue
		}
		if v := key(r); !known || v != last {
			last, code, known = v, k.int(v), true
		}
		ids[i] = code
	}
}

// scanBuckets costs two comparisons a row where the rows are in order of time.
func (k *keyIndex) scanBuckets(g *groupPlan, c *table.Column, rows []int32, ids []uint32) {
	v := c.Ints()
	var b bucket
	var code uint32
	var far *bucketCache
	misses := 0
	find := func(t int64) uint32 {
		if misses++; misses > 64 {
			if far == nil {
				far = new(bucketCache)
			}
			b = far.bucket(&g.cal, t)
		} else {
			b = g.cal.bucket(t)
		}
		return k.int(b.value)
	}
	if rows == nil && c.Validity() == nil {
		for i, t := range v {
			if t < b.start || t >= b.end {
				code = find(t)
			}
			ids[i] = code
		}
		return
	}
	for i := range ids {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		if c.IsNull(r) {
			ids[i] = k.empty()
			continue
		}
		if t := v[r]; t < b.start || t >= b.end {
			code = find(t)
		}
		ids[i] = code
	}
}

// fewBins is how many bins from the origin on are found by their number; the others go through the hash table.
const fewBins = 1024

// scanBins writes the codes of the bins of a column without empty cells.
func scanBins[T int64 | float64](k *keyIndex, g *groupPlan, values []T, rows []int32, ids []uint32) {
	var near [fewBins]uint32 // the code of a bin plus one; 0: not known yet
	origin, width, part := g.origin, g.bin, 1/g.bin
	for i := range ids {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		x := float64(values[r])
		// What multiplying is off by, compared with dividing, is put right as a rounded division is.
		if n := (x - origin) * part; n >= 0 && n < fewBins-1 {
			bin := int(n)
			if low := float64(bin); origin+low*width > x {
				bin--
			} else if origin+(low+1)*width <= x {
				bin++
			}
			if bin >= 0 {
				if near[bin] == 0 {
					near[bin] = k.int(int64(math.Float64bits(float64(bin)))) + 1
				}
				ids[i] = near[bin] - 1
				continue
			}
		}
		ids[i] = k.int(g.binOf(x))
	}
}

// bucketCache remembers buckets for rows that are in no order of time.
type bucketCache [256]bucket

func (b *bucketCache) bucket(c *calendar, t int64) bucket {
	slot := &b[uint64(t)>>32&255] // 2^32 µs are 72 minutes
	if !slot.holds(t) {
		*slot = c.bucket(t)
	}
	return *slot
}

func (k *keyIndex) scanText(c *table.Column, rows []int32, ids []uint32) {
	codes := c.Codes()
	if k.use(c.Dict()) {
		if c.Validity() != nil {
			for i := range ids {
				r := i
				if rows != nil {
					r = int(rows[i])
				}
				if c.IsNull(r) {
					ids[i] = k.empty()
				} else {
					ids[i] = k.code(codes[r])
				}
			}
			return
		}
		dense := k.dense
		for i := range ids {
			r := i
			if rows != nil {
				r = int(rows[i])
			}
			if v := codes[r]; int(v) < len(dense) && dense[v] != 0 {
				ids[i] = dense[v] - 1
			} else {
				ids[i] = k.code(v)
				dense = k.dense
			}
		}
		return
	}
	var known map[uint32]uint32
	if codes != nil {
		known = map[uint32]uint32{}
	}
	for i := range ids {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		switch {
		case c.IsNull(r):
			ids[i] = k.empty()
		case codes == nil:
			ids[i] = k.text(c.Text(r), true)
		default:
			code, ok := known[codes[r]]
			if !ok {
				code = k.text(c.Text(r), false)
				known[codes[r]] = code
			}
			ids[i] = code
		}
	}
}

// binOf returns the bits of the number of the bin that holds x: the greatest k with origin + k·width <= x, so that an
// edge belongs to the bin it begins, whatever a division rounds to.
func (g *groupPlan) binOf(x float64) int64 {
	k := math.Floor((x - g.origin) / g.bin)
	if g.origin+k*g.bin > x {
		k--
	} else if g.origin+(k+1)*g.bin <= x {
		k++
	}
	return int64(math.Float64bits(k + 0))
}

// spanOf returns where the span that holds a time begins; of a time of day at midnight at the earliest.
func (g *groupPlan) spanOf(t int64) int64 {
	start := g.from + floorDiv(t-g.from, g.width)*g.width
	if g.field.Type == table.Time {
		return max(start, 0)
	}
	return start
}
