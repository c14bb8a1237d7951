package ingest

import (
	"bytes"
	"strconv"
)

// rounding counts the numbers of a run that a float64 cannot hold with all of their digits.
type rounding struct {
	n     int
	first misfit
	whole bool // one of them, then the first, is a whole number
}

func (r *rounding) add(line int, b []byte, whole bool) {
	if r.n++; r.n == 1 || whole && !r.whole {
		r.first = misfit{line: int32(line), value: string(b)}
	}
	r.whole = r.whole || whole
}

// How many digits of a whole number every float64 holds, and with how many any float64 is written: a fraction that has no
// more is taken for one that a program wrote.
const (
	wholeDigits    = 15
	fractionDigits = 17
)

// suspect says whether a number may have more digits than a float64 holds.
func (n *number) suspect() bool {
	return n.digits > fractionDigits || n.digits > wholeDigits && n.isInt()
}

// rounds says whether a number of so many digits is another one when it is held as f: neither its nearest decimals nor
// the shortest ones that mean f are those of the text.
func (n *number) rounds(b []byte, decimal byte, f float64) bool {
	if n.exponent {
		return false
	}
	text := digitsOf(b, decimal)
	decimals := 0
	if at := bytes.IndexByte(text, '.'); at >= 0 {
		decimals = len(text) - at - 1
	}
	if f < 0 {
		f = -f
	}
	var buf [80]byte
	if string(strconv.AppendFloat(buf[:0], f, 'f', decimals, 64)) == string(text) {
		return false
	}
	return decimals > 0 || string(strconv.AppendFloat(buf[:0], f, 'f', -1, 64)) != string(text)
}

// digitsOf returns the digits of a number with a point before its fraction: without signs, units, grouping marks and
// zeros at the front.
func digitsOf(b []byte, decimal byte) []byte {
	out := make([]byte, 0, len(b)+1)
	for _, c := range b {
		switch {
		case c == decimal:
			if len(out) == 0 {
				out = append(out, '0')
			}
			out = append(out, '.')
		case c-'0' <= 9 && (c != '0' || len(out) != 1 || out[0] != '0'):
			if len(out) == 1 && out[0] == '0' {
				out = out[:0]
			}
			out = append(out, c)
		}
	}
	return out
}
