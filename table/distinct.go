package table

import (
	"math"

	"github.com/axiomhq/hyperloglog"
	"github.com/zeebo/xxh3"
)

// Cardinality estimates how many different values there are, from hashes of them (Flajolet, Fusy, Gandouet, Meunier,
// "HyperLogLog", 2007). What it says depends on what was put in and not on the order.
type Cardinality struct{ sketch *hyperloglog.Sketch }

// NewCardinality returns one of so many bits: of 14 it takes 16 KB and is off by 0.8 % mostly, of 12 a quarter of that and
// twice as much. Bits go from 4 to 18.
func NewCardinality(bits uint8) *Cardinality {
	s, err := hyperloglog.NewSketch(bits, false)
	if err != nil {
		panic("table: " + err.Error()) // a constant of ours is wrong
	}
	return &Cardinality{s}
}

// HashText returns a hash of a text for [Cardinality.Insert]: the same in every process, so that an estimate does not change
// with a restart.
func HashText(s string) uint64 { return xxh3.HashString(s) }

// Insert adds the hash of a value, all of whose 64 bits should be even.
func (c *Cardinality) Insert(hash uint64) { c.sketch.InsertHash(hash) }

// Merge adds the values of another one of as many bits.
func (c *Cardinality) Merge(o *Cardinality) {
	// They have one precision: that is the only error there is.
	_ = c.sketch.Merge(o.sketch)
}

// Estimate returns about how many different values were put in.
func (c *Cardinality) Estimate() int64 { return int64(c.sketch.Estimate()) }

// columnBits is the precision of the estimate that a column of a chunk keeps: 4 KB beside its 8000 cells.
const columnBits = 12

// cardinality returns the column's own estimate, which is made at the first call.
func (c *Column) cardinality() *Cardinality {
	c.counted.Do(func() {
		c.values = NewCardinality(columnBits)
		c.hashes(c.values.Insert)
	})
	return c.values
}

// Distinct estimates how many different values the column has, empty cells not counted. It is made at the first call.
func (c *Column) Distinct() int64 { return min(c.cardinality().Estimate(), int64(c.Len()-c.Nulls())) }

// hashes calls f with a hash of every value that is there, of a text at least once.
func (c *Column) hashes(f func(uint64)) {
	number := func(v uint64) { f(scramble(v)) }
	switch {
	case c.Nulls() == c.Len():
	case c.codes != nil:
		seen := map[uint32]bool{}
		for i, code := range c.codes {
			if !c.IsNull(i) && !seen[code] {
				seen[code] = true
				f(HashText(c.dict.Value(code)))
			}
		}
	case c.ints != nil:
		for i, v := range c.ints {
			if !c.IsNull(i) {
				number(uint64(v))
			}
		}
	case c.days != nil:
		for i, v := range c.days {
			if !c.IsNull(i) {
				number(uint64(int64(v)))
			}
		}
	case c.floats != nil:
		for i, v := range c.floats {
			if !c.IsNull(i) {
				number(math.Float64bits(v + 0)) // one zero
			}
		}
	case c.bools != nil:
		for i := range c.Len() {
			if !c.IsNull(i) {
				number(uint64(b2i(c.bools.Value(i))))
			}
		}
	default:
		for i := range c.Len() {
			if !c.IsNull(i) {
				f(HashText(c.Text(i)))
			}
		}
	}
}

// Distinct estimates how many different values a column has, empty cells not counted: within 2 % mostly. Chunks keep
// theirs, so that asking again after a change costs what the new chunks cost.
func (t *Table) Distinct(column int) int64 {
	all := NewCardinality(columnBits)
	filled := int64(0)
	for _, c := range t.Chunks() {
		col := c.Column(column)
		filled += int64(col.Len() - col.Nulls())
		all.Merge(col.cardinality())
	}
	return min(all.Estimate(), filled)
}
