package table

import (
	"hash/maphash"
	"math"
)

// rowHasher gives rows of two tables numbers that are equal for equal rows.
type rowHasher struct {
	seed   maphash.Seed
	byCode []bool // of each column: text has one dictionary everywhere, so its codes stand for it
}

func newRowHasher(columns int) *rowHasher {
	return &rowHasher{seed: maphash.MakeSeed(), byCode: make([]bool, columns)}
}

// prepare looks at the dictionaries of the chunks that are to be compared.
func (h *rowHasher) prepare(spans ...*span) {
	for i := range h.byCode {
		var dict *Dict
		one := true
		for _, s := range spans {
			for _, c := range s.chunks {
				switch col := c.columns[i]; {
				case col.codes == nil:
					one = one && col.texts == nil
				case dict == nil:
					dict = col.dict
				default:
					one = one && col.dict == dict
				}
			}
		}
		h.byCode[i] = one
	}
}

// rows hashes the columns (nil: all) of every row. Where null is given it is set for the rows that have an empty cell
// in one of them.
func (h *rowHasher) rows(s *span, columns []int, null []bool) []uint64 {
	out := make([]uint64, s.rows)
	at := 0
	s.parts(func(_ int, c *Chunk, from, to int) {
		part := out[at : at+to-from]
		if columns == nil {
			for i, col := range c.columns {
				h.mix(part, col, from, i)
			}
		}
		for _, i := range columns {
			h.mix(part, c.columns[i], from, i)
			if null == nil {
				continue
			}
			for r := from; r < to; r++ {
				if c.columns[i].IsNull(r) {
					null[at+r-from] = true
				}
			}
		}
		at += to - from
	})
	return out
}

const emptyCell = 0x9e3779b97f4a7c15

// mix folds the cells of a column from row from on into out.
func (h *rowHasher) mix(out []uint64, c *Column, from, column int) {
	for i := range out {
		r := from + i
		v := uint64(emptyCell)
		if !c.IsNull(r) {
			switch {
			case c.ints != nil:
				v = uint64(c.ints[r])
			case c.floats != nil:
				if f := c.floats[r]; f != 0 { // zero and minus zero are equal
					v = math.Float64bits(f)
				} else {
					v = 0
				}
			case c.codes != nil && h.byCode[column]:
				v = uint64(c.codes[r])
			case c.days != nil:
				v = uint64(c.days[r])
			case c.bools != nil:
				v = uint64(b2i(c.bools.Value(r)))
			default:
				v = maphash.String(h.seed, c.Text(r))
			}
		}
		out[i] = scramble(out[i]*31 + v + 1)
	}
}

// scramble is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func scramble(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
