package expr

import (
	"math"
	"math/bits"

	"github.com/expr-lang/expr/ast"

	"github.com/dashira/dashira/table"
)

const dayMicros = 86_400_000_000

// arithmetic is + - * / and %. Whole numbers stay whole save under "/"; moments and lengths of time calculate as they
// do on paper: a moment less a moment is a length, a moment plus a length a moment, a date plus a number another date.
func (k *checker) arithmetic(n ast.Node, op string, a, b *node) (*node, error) {
	if a.typ == table.Null || b.typ == table.Null {
		other := a
		if a.typ == table.Null {
			other = b
		}
		return &node{typ: other.typ, unit: other.unit, instant: other.instant, eval: (*frame).nothing}, nil
	}
	bad := func(hint string) (*node, error) {
		verb := map[string]string{"+": "added", "-": "subtracted", "*": "multiplied", "/": "divided", "%": "divided"}[op]
		return nil, fault(n, hint, "A %s and a %s cannot be %s.", a.typ, b.typ, verb)
	}
	plain := func(x *node) bool { return x.typ == table.Int || x.typ == table.Float }
	whole := a.typ == table.Int && b.typ == table.Int
	switch {
	case a.typ.Textual() && b.typ.Textual() && op == "+":
		return &node{typ: table.String, eval: func(f *frame) *vector {
			return each2(f, a, b, table.String, func(out, x, y *vector, i, p, q int) { out.texts[i] = x.texts[p] + y.texts[q] })
		}}, nil
	case whole && op != "/":
		return &node{typ: table.Int, unit: unitOf(op, a, b), eval: wholes(a, b, table.Int, op, 1, 1)}, nil
	case plain(a) && plain(b):
		return &node{typ: table.Float, unit: unitOf(op, a, b), eval: floats(a, b, table.Float, op)}, nil
	case a.typ == table.Duration && b.typ == table.Duration && op == "/":
		return &node{typ: table.Float, eval: floats(a, b, table.Float, op)}, nil
	case a.typ == table.Duration && b.typ == table.Duration && (op == "+" || op == "-" || op == "%"):
		return &node{typ: table.Duration, eval: wholes(a, b, table.Duration, op, 1, 1)}, nil
	case a.typ == table.Duration && plain(b) && (op == "*" || op == "/"), plain(a) && b.typ == table.Duration && op == "*":
		return &node{typ: table.Duration, eval: floats(a, b, table.Duration, op)}, nil
	case a.typ == table.Date && b.typ == table.Int && (op == "+" || op == "-"):
		return &node{typ: table.Date, eval: dateRange(wholes(a, b, table.Date, op, 1, 1))}, nil
	case a.typ.Temporal() && b.typ == table.Duration && (op == "+" || op == "-"):
		return &node{typ: table.Timestamp, instant: a.instant, eval: wholes(a, b, table.Timestamp, op, microsOf(a), 1)}, nil
	case a.typ.Temporal() && b.typ.Temporal() && op == "-":
		if a.instant != b.instant {
			return nil, fault(n, "", "One of these is a moment and the other what a wall clock shows: their distance depends on the zone.")
		}
		return &node{typ: table.Duration, eval: wholes(a, b, table.Duration, op, microsOf(a), microsOf(b))}, nil
	case a.typ == table.Time && b.typ == table.Time && op == "-":
		return &node{typ: table.Duration, eval: wholes(a, b, table.Duration, op, 1, 1)}, nil
	case a.typ.Textual() && op == "+", b.typ.Textual() && op == "+":
		return bad("text(x) makes a text of a value.")
	case a.typ.Textual() || b.typ.Textual():
		return bad("number(x) reads a number out of a text.")
	case a.typ == table.Bool || b.typ == table.Bool:
		return bad("if(x, 1, 0) makes a number of it.")
	}
	return bad("")
}

// microsOf is how many microseconds a unit of a moment is.
func microsOf(x *node) int64 {
	if x.typ == table.Date {
		return dayMicros
	}
	return 1
}

// unitOf returns the unit of a result, where one can be told.
func unitOf(op string, a, b *node) string {
	switch op {
	case "+", "-", "%":
		if a.unit == b.unit || b.literal != nil {
			return a.unit
		}
		if a.literal != nil {
			return b.unit
		}
	case "*":
		switch {
		case b.unit == "":
			return a.unit
		case a.unit == "":
			return b.unit
		case b.unit == "percent":
			return a.unit // a part of it
		case a.unit == "percent":
			return b.unit
		}
	case "/":
		if b.unit == "" {
			return a.unit
		}
	}
	return ""
}

// each2 computes a value of each row from two operands; empty stays empty. The places are of the result and of each
// operand.
func each2(f *frame, a, b *node, t table.Type, do func(out, x, y *vector, i, p, q int)) *vector {
	x, y := a.eval(f), b.eval(f)
	if x.typ == table.Null || y.typ == table.Null {
		return f.nothing()
	}
	out := room(t, f.n, x.one && y.one)
	stepX, stepY := 1, 1
	if x.one {
		stepX = 0
	}
	if y.one {
		stepY = 0
	}
	p, q := 0, 0
	if x.empty == nil && y.empty == nil {
		for i := range out.len() {
			do(out, x, y, i, p, q)
			p += stepX
			q += stepY
		}
		return out
	}
	for i := range out.len() {
		if x.empty != nil && x.empty[p] || y.empty != nil && y.empty[q] {
			out.clear(i)
		} else {
			do(out, x, y, i, p, q)
		}
		p += stepX
		q += stepY
	}
	return out
}

// wholes calculates with whole numbers, each brought into a common unit by a factor. What does not fit is empty.
func wholes(a, b *node, t table.Type, op string, factorA, factorB int64) func(*frame) *vector {
	return func(f *frame) *vector {
		return each2(f, a, b, t, func(out, x, y *vector, i, p, q int) {
			v, w := x.ints[p], y.ints[q]
			ok := true
			if factorA != 1 {
				v, ok = times(v, factorA)
			}
			if factorB != 1 && ok {
				w, ok = times(w, factorB)
			}
			if ok {
				v, ok = whole(op, v, w)
			}
			if out.ints[i] = v; !ok {
				out.clear(i)
			}
		})
	}
}

// whole calculates with two numbers; ok is false where there is no 64-bit result.
func whole(op string, v, w int64) (r int64, ok bool) {
	switch op {
	case "+":
		r = v + w
		return r, (r > v) == (w > 0)
	case "-":
		r = v - w
		return r, (r < v) == (w > 0)
	case "*":
		return times(v, w)
	}
	if w == 0 || v == math.MinInt64 && w == -1 {
		return 0, w == -1
	}
	return v % w, true
}

// times multiplies; ok is false where the product has more than 64 bits.
func times(v, w int64) (r int64, ok bool) {
	magnitude := func(x int64) uint64 {
		if x < 0 {
			return -uint64(x)
		}
		return uint64(x)
	}
	high, low := bits.Mul64(magnitude(v), magnitude(w))
	negative := (v < 0) != (w < 0)
	if high != 0 || low > 1<<63 || low == 1<<63 && !negative {
		return 0, false
	}
	return v * w, true
}

// floats calculates with numbers of which one at least is no whole number; lengths of time count in seconds.
func floats(a, b *node, t table.Type, op string) func(*frame) *vector {
	return func(f *frame) *vector {
		return each2(f, a, b, t, func(out, x, y *vector, i, p, q int) {
			v, w := x.number(p), y.number(q)
			var r float64
			switch op {
			case "+":
				r = v + w
			case "-":
				r = v - w
			case "*":
				r = v * w
			case "/":
				r = v / w
			default:
				r = math.Mod(v, w)
			}
			out.setNumber(i, r)
		})
	}
}

// setNumber puts a number, seconds of a Duration, at a place; what is not finite or does not fit is empty.
func (v *vector) setNumber(place int, x float64) {
	switch v.typ {
	case table.Float:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			v.clear(place)
			return
		}
		v.floats[place] = x
	default:
		if v.typ == table.Duration {
			x *= 1e6
		}
		x = math.Round(x)
		if !(x >= -1<<63 && x < 1<<63) {
			v.clear(place)
			return
		}
		v.ints[place] = int64(x)
	}
}

// dateRange makes dates empty that no column of dates can hold.
func dateRange(eval func(*frame) *vector) func(*frame) *vector {
	return func(f *frame) *vector {
		v := eval(f)
		for i, d := range v.ints {
			if d != int64(int32(d)) {
				v.clear(i)
			}
		}
		return v
	}
}
