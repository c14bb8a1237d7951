package ingest

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// number is a text read as a number: mantissa times ten to the scale.
type number struct {
	mantissa uint64
	scale    int  // of ten
	digits   int  // of the mantissa, leading zeros not counted
	negative bool // a minus sign or accounting brackets
	fraction bool // a decimal mark was there
	grouped  bool // grouping marks were there
	decides  bool // the marks allow only this decimal mark
	exponent bool
	plus     bool
	leading  bool // a zero before further digits of the whole part: 007
	whole    int  // digits before the decimal mark, leading zeros counted
	unit     string
}

// parseNumber reads a text as a number whose decimal mark is '.' or ','. Grouping marks are the other of the two,
// apostrophe, space and the no-break spaces, always before three digits. A currency or unit may stand on either side.
func parseNumber(b []byte, decimal byte) (number, bool) {
	var n number
	b = trimSpace(b)
	if len(b) == 0 || len(b) > 64 {
		return n, false
	}
	if c := b[0]; c-'0' > 9 && c != '.' && c != ',' {
		if c == '(' && b[len(b)-1] == ')' {
			n.negative = true
			b = trimSpace(b[1 : len(b)-1])
		}
		b = n.sign(b)
		if unit, size := unitBefore(b); size > 0 {
			n.unit = unit
			b = trimSpace(b[size:])
			if !n.negative && !n.plus {
				b = n.sign(b)
			}
		}
	}
	rest, ok := n.core(b, decimal)
	if !ok {
		return n, false
	}
	if len(rest) > 0 {
		near := len(rest) == 1 && rest[0] != '%' && rest[0] < utf8.RuneSelf // 12A is a seat, 12 A a current
		rest = trimSpace(rest)
		if !n.negative && !n.plus && len(rest) > 0 && rest[len(rest)-1] == '-' { // 12.50-
			n.negative = true
			rest = trimSpace(rest[:len(rest)-1])
		}
		if len(rest) > 0 {
			if n.unit != "" || near {
				return n, false
			}
			if n.unit = unitAfter(rest); n.unit == "" {
				return n, false
			}
		}
	}
	return n, true
}

func (n *number) sign(b []byte) []byte {
	switch {
	case len(b) == 0:
	case b[0] == '-':
		n.negative = true
		return b[1:]
	case b[0] == '+':
		n.plus = true
		return b[1:]
	case len(b) >= 3 && b[0] == 0xE2 && b[1] == 0x88 && b[2] == 0x92: // the minus sign of typography
		n.negative = true
		return b[3:]
	}
	return b
}

// core reads digits, marks and exponent and returns what follows them.
func (n *number) core(b []byte, decimal byte) ([]byte, bool) {
	i, first := 0, 0 // first: digits before the first grouping mark
	group, run, size := rune(0), 0, 0
	// A grouping mark stands before three digits, after one to three or three more; or, as in India, after one or two or two
	// more: 12,34,567.
	mark := func(c rune) bool {
		switch {
		case n.whole == 0 || group != 0 && c != group:
			return false
		case group == 0:
			group, first = c, run
		case size == 0 && (run == 3 || run == 2 && c == ',' && first <= 2):
			size = run
		case run != size:
			return false
		}
		run = 0
		return true
	}
	for i < len(b) {
		c := b[i]
		if d := c - '0'; d <= 9 {
			if n.whole == 1 && n.digits == 0 {
				n.leading = true
			}
			n.add(d)
			n.whole++
			run++
			i++
			continue
		}
		if c == decimal || n.whole == 0 {
			break
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(b[i:])
		}
		if !grouping(r) || i+size >= len(b) || b[i+size]-'0' > 9 {
			break
		}
		if !mark(r) {
			return nil, false
		}
		i += size
	}
	if group != 0 {
		if run != 3 || first > 3 || first == 0 || n.leading || first == 1 && b[0] == '0' {
			return nil, false
		}
		n.grouped = true
	}
	if i < len(b) && b[i] == decimal {
		j := i + 1
		for j < len(b) && b[j]-'0' <= 9 {
			n.add(b[j] - '0')
			n.scale--
			j++
		}
		after := j - i - 1
		if after == 0 {
			return nil, false
		}
		n.fraction = true
		// 1.234 may be grouped in the other convention; these may not.
		n.decides = after != 3 || n.grouped || n.whole > 3 || n.whole == 0 || b[0] == '0'
		i = j
	} else if n.whole == 0 {
		return nil, false
	}
	if n.grouped && (group == '.' || group == ',') && n.whole > first+3 {
		n.decides = true // a mark that stands twice groups
	}
	if i+1 < len(b) && (b[i] == 'e' || b[i] == 'E') {
		j, minus := i+1, false
		if b[j] == '-' || b[j] == '+' {
			minus = b[j] == '-'
			j++
		}
		e, start := 0, j
		for j < len(b) && b[j]-'0' <= 9 && j-start < 5 {
			e = e*10 + int(b[j]-'0')
			j++
		}
		if j > start {
			if minus {
				e = -e
			}
			n.scale += e
			n.exponent = true
			n.decides = n.decides || n.fraction
			i = j
		}
	}
	return b[i:], true
}

// mantissaDigits is how many digits of a number its mantissa holds.
const mantissaDigits = 19

func (n *number) add(d byte) {
	if n.digits > 0 || d > 0 {
		n.digits++
	}
	if n.digits <= mantissaDigits {
		n.mantissa = n.mantissa*10 + uint64(d)
	} else {
		n.scale++
	}
}

func grouping(r rune) bool {
	switch r {
	case '.', ',', '\'', ' ', '\u00a0', '\u202f', '\u2009', '\u2019':
		return true
	}
	return false
}

// isInt says whether the text is a whole number without unit, decimal mark and exponent.
func (n *number) isInt() bool { return !n.fraction && !n.exponent }

// int returns the whole number, false when it is beyond 64 bits.
func (n *number) int() (int64, bool) {
	if n.digits > 19 || n.scale != 0 {
		return 0, false
	}
	if n.negative {
		if n.mantissa > 1<<63 {
			return 0, false
		}
		return -int64(n.mantissa), true
	}
	return int64(n.mantissa), n.mantissa <= math.MaxInt64
}

var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// float returns the nearest float64 of the number times ten to the shift; false beyond its range. Of the digits, the
// first nineteen count.
func (n *number) float(shift int) (float64, bool) {
	scale := n.scale + shift
	var f float64
	switch {
	case n.mantissa < 1<<53 && scale <= 0 && scale >= -22:
		f = float64(n.mantissa) / pow10[-scale]
	case n.mantissa < 1<<53 && scale > 0 && scale <= 22 && n.digits+scale <= 15:
		f = float64(n.mantissa) * pow10[scale]
	default:
		var buf [40]byte
		text := strconv.AppendUint(buf[:0], n.mantissa, 10)
		text = append(text, 'e')
		text = strconv.AppendInt(text, int64(scale), 10)
		var err error
		if f, err = strconv.ParseFloat(string(text), 64); err != nil {
			return 0, false
		}
	}
	if n.negative {
		f = -f
	}
	return f, true
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\n' || b[0] == '\r') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t' || b[len(b)-1] == '\n' || b[len(b)-1] == '\r') {
		b = b[:len(b)-1]
	}
	for len(b) >= 2 && b[0] == 0xC2 && b[1] == 0xA0 {
		b = b[2:]
	}
	for len(b) >= 2 && b[len(b)-2] == 0xC2 && b[len(b)-1] == 0xA0 {
		b = b[:len(b)-2]
	}
	return b
}
