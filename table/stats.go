package table

// Stats are the bounds of one column of one chunk: what lets a filter skip the chunk.
type Stats struct {
	Min, Max Value // null where every cell is empty
	Nulls    int
}

// Stats returns the bounds of the column's values. They are computed at the first call.
func (c *Column) Stats() Stats {
	c.bounded.Do(func() { c.stats = c.bounds() })
	return c.stats
}

func (c *Column) bounds() Stats {
	s := Stats{Nulls: c.Nulls()}
	if s.Nulls == c.Len() {
		return s
	}
	switch {
	case c.ints != nil:
		low, high := extremes(c, c.ints)
		s.Min, s.Max = Value{typ: c.typ, n: low}, Value{typ: c.typ, n: high}
	case c.days != nil:
		low, high := extremes(c, c.days)
		s.Min, s.Max = Value{typ: Date, n: int64(low)}, Value{typ: Date, n: int64(high)}
	case c.floats != nil:
		low, high := extremes(c, c.floats)
		s.Min, s.Max = Value{typ: Float, f: low}, Value{typ: Float, f: high}
	case c.bools != nil:
		var seen [2]bool
		for i := range c.Len() {
			if !c.IsNull(i) {
				seen[b2i(c.bools.Value(i))] = true
			}
		}
		s.Min, s.Max = BoolValue(!seen[0]), BoolValue(seen[1])
	default:
		low, high := c.textExtremes()
		s.Min, s.Max = Value{typ: c.typ, s: low}, Value{typ: c.typ, s: high}
	}
	return s
}

func extremes[T int32 | int64 | float64](c *Column, values []T) (low, high T) {
	first := true
	for i, v := range values {
		switch {
		case c.valid != nil && c.valid[i/8]>>(i%8)&1 == 0:
		case first:
			low, high, first = v, v, false
		default:
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

func (c *Column) textExtremes() (low, high string) {
	first := true
	var lowCode, highCode uint32
	for i := range c.Len() {
		if c.IsNull(i) {
			continue
		}
		if c.codes != nil && !first && (c.codes[i] == lowCode || c.codes[i] == highCode) {
			continue
		}
		text := c.Text(i)
		var code uint32
		if c.codes != nil {
			code = c.codes[i]
		}
		if first || text < low {
			low, lowCode = text, code
		}
		if first || text > high {
			high, highCode = text, code
		}
		first = false
	}
	return low, high
}
