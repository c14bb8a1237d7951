package view

import (
	"math"

	"github.com/dashira/dashira/table"
)

// coding gives values codes, one to one: text those of a dictionary, numbers the nearer to zero the smaller, as whole
// numbers or in hundredths and the like. Equal codings give equal values equal codes. The zero coding gives none.
type coding struct {
	dict  *table.Dict
	scale float64 // of numbers: so many parts make 1
	float bool    // they are Floats
}

// mostCodes is how many codes a coding of numbers has at most.
const mostCodes = 1 << 22

// codingOf returns a coding that fits the values of a column of a chunk as far as its bounds and its first values tell, and
// how many codes it has.
func codingOf(c *table.Column) (k coding, codes int) {
	if c.Codes() != nil {
		return coding{dict: c.Dict()}, c.Dict().Len()
	}
	far := 0.0
	switch st := c.Stats(); {
	case c.Floats() != nil:
		far = max(math.Abs(st.Min.Float()), math.Abs(st.Max.Float()))
	case c.Ints() != nil || c.Days() != nil:
		far = max(math.Abs(float64(st.Min.Int())), math.Abs(float64(st.Max.Int())))
		if codes = 2*int(min(far, mostCodes)) + 2; codes <= mostCodes {
			return coding{scale: 1}, codes
		}
		return coding{}, 0
	default:
		return coding{}, 0
	}
	for _, scale := range []float64{100, 1, 10_000} { // prices first; then what is too large for cents, and what is finer
		if codes = 2*int(min(far*scale, mostCodes)) + 4; codes > mostCodes {
			continue
		}
		fits := true
		const few = 16
		for r := 0; r < min(few, c.Len()) && fits; r++ {
			if !c.IsNull(r) {
				_, fits = decimal(c.Floats()[r], scale)
			}
		}
		if fits {
			return coding{scale: scale, float: true}, codes
		}
	}
	return coding{}, 0
}

// decimal returns the code of a number; ok is false where it is no whole number of parts.
func decimal(x, scale float64) (code uint32, ok bool) {
	part := math.RoundToEven(x * scale)
	return whole(int64(part)), part/scale == x
}

// whole returns the code of a whole number: 0, -1, 1, -2 and so on are 0, 1, 2, 3.
func whole(k int64) uint32 { return uint32(k<<1) ^ uint32(k>>63) }

// hash returns the hash of the value of a code, as it is where values have no codes.
func (k coding) hash(code uint32) uint64 {
	if k.dict != nil {
		return table.HashText(k.dict.Value(code))
	}
	n := int64(code>>1) ^ -int64(code&1)
	if k.float {
		return hashFloat(float64(n) / k.scale)
	}
	return scramble(uint64(n))
}

// hashFloat gives both zeros one hash.
func hashFloat(x float64) uint64 { return scramble(math.Float64bits(x + 0)) }
