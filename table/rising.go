package table

// Rising says whether the column's values are there and grow from row to row over all chunks of a table, which makes them
// unique at the cost of one look: each chunk is looked at once, whatever tables it is in later. Only columns of whole
// numbers, days, times and text are; for others the answer is false.
func (t *Table) Rising(column int) bool {
	return rising(t.chunks, column)
}

// rising says the same of the chunks of a span, of which all must rise.
func (s *span) rising(column int) bool { return rising(s.chunks, column) }

func rising(chunks []*Chunk, column int) bool {
	var last *Column
	for _, chunk := range chunks {
		c := chunk.columns[column]
		if !c.risingWithin() || last != nil && !c.above(last) {
			return false
		}
		last = c
	}
	return true
}

// risingWithin says whether each value is greater than the one before. It is computed at the first call.
func (c *Column) risingWithin() bool {
	c.ordered.Do(func() { c.rising = c.Nulls() == 0 && c.risesWithin() })
	return c.rising
}

func (c *Column) risesWithin() bool {
	switch {
	case c.typ == String:
		last := c.Text(0)
		for r := 1; r < c.Len(); r++ {
			v := c.Text(r)
			if v <= last {
				return false
			}
			last = v
		}
		return true
	case c.ints != nil:
		return rises(c.ints)
	case c.days != nil:
		return rises(c.days)
	}
	return false
}

func rises[T int32 | int64](values []T) bool {
	for i := 1; i < len(values); i++ {
		if values[i] <= values[i-1] {
			return false
		}
	}
	return true
}

// above says whether the first value is greater than another column's last; both rise.
func (c *Column) above(o *Column) bool {
	switch {
	case c.typ == String && o.typ == String:
		return c.Text(0) > o.Text(o.Len()-1)
	case c.ints != nil && o.ints != nil:
		return c.ints[0] > o.ints[len(o.ints)-1]
	case c.days != nil && o.days != nil:
		return c.days[0] > o.days[len(o.days)-1]
	}
	return false
}
