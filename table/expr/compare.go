package expr

import (
	"cmp"

	"github.com/expr-lang/expr/ast"

	"github.com/dashira/dashira/table"
)

// comparison is == != < <= > and >=. A text that is written out is read as what it is compared with: a date, a time.
// Compared with null by == or !=, every value has an answer; else empty compared with anything is empty.
func (k *checker) comparison(n ast.Node, op string, a, b *node) (*node, error) {
	if isNull(a) || isNull(b) {
		x := a
		if isNull(a) {
			x = b
		}
		if op != "==" && op != "!=" {
			return nil, fault(n, "Write \"== null\" or \"!= null\".", "Nothing is more or less than null.")
		}
		return &node{typ: table.Bool, eval: func(f *frame) *vector {
			v := x.eval(f)
			out := room(table.Bool, f.n, v.one)
			for i := range out.len() {
				out.truth[i] = v.null(i) == (op == "==")
			}
			return out
		}}, nil
	}
	var err error
	if a, b, err = k.readLiteral(n, a, b); err != nil {
		return nil, err
	}
	if b, a, err = k.readLiteral(n, b, a); err != nil {
		return nil, err
	}
	if a.typ == table.Null || b.typ == table.Null {
		return &node{typ: table.Bool, eval: (*frame).nothing}, nil
	}
	order := orderOf(a, b)
	if order == nil {
		return nil, fault(n, "", "A %s cannot be compared with a %s.", a.typ, b.typ)
	}
	if a.typ == table.Timestamp && b.typ == table.Timestamp && a.instant != b.instant {
		return nil, fault(n, "", "One of these is a moment and the other what a wall clock shows: which is earlier depends on the zone.")
	}
	if a.typ == table.Bool && op != "==" && op != "!=" {
		return nil, fault(n, "", "True is not more than false.")
	}
	holds := map[string]func(int) bool{
		"==": func(o int) bool { return o == 0 }, "!=": func(o int) bool { return o != 0 },
		"<": func(o int) bool { return o < 0 }, "<=": func(o int) bool { return o <= 0 },
		">": func(o int) bool { return o > 0 }, ">=": func(o int) bool { return o >= 0 },
	}[op]
	return &node{typ: table.Bool, eval: func(f *frame) *vector {
		return each2(f, a, b, table.Bool, func(out, x, y *vector, i, p, q int) { out.truth[i] = holds(order(x, y, p, q)) })
	}}, nil
}

func isNull(x *node) bool { return x.literal != nil && x.typ == table.Null }

// readLiteral reads a text that is written out, as what the other side is.
func (k *checker) readLiteral(n ast.Node, text, other *node) (*node, *node, error) {
	if text.literal == nil || text.typ != table.String || other.typ.Textual() || other.typ == table.Null {
		return text, other, nil
	}
	v, err := table.Field{Type: other.typ, Instant: other.instant}.Parse(text.literal.Text())
	if err != nil || v.IsNull() {
		return nil, nil, fault(n, "", "%q is not a %s.", text.literal.Text(), other.typ)
	}
	x := literal(v)
	x.instant = other.instant
	return x, other, nil
}

// orderOf returns how values of two types compare, nil where they do not.
func orderOf(a, b *node) func(x, y *vector, p, q int) int {
	number := func(t table.Type) bool { return t == table.Int || t == table.Float || t == table.Duration }
	switch {
	case a.typ.Textual() && b.typ.Textual():
		return func(x, y *vector, p, q int) int { return cmp.Compare(x.texts[p], y.texts[q]) }
	case a.typ == table.Bool && b.typ == table.Bool:
		return func(x, y *vector, p, q int) int {
			if x.truth[p] == y.truth[q] {
				return 0
			}
			return 1
		}
	case a.typ == b.typ && integral(a.typ):
		return func(x, y *vector, p, q int) int { return cmp.Compare(x.ints[p], y.ints[q]) }
	case a.typ.Temporal() && b.typ.Temporal():
		// A date is its midnight.
		u, v := microsOf(a), microsOf(b)
		return func(x, y *vector, p, q int) int { return cmp.Compare(x.ints[p]*u, y.ints[q]*v) }
	case number(a.typ) && number(b.typ):
		return func(x, y *vector, p, q int) int { return cmp.Compare(x.number(p), y.number(q)) }
	}
	return nil
}

// common returns the type that two values share as the results of one expression.
func common(a, b *node) (table.Type, bool) {
	switch {
	case a.typ == b.typ:
		return a.typ, a.typ != table.Timestamp || a.instant == b.instant
	case a.typ == table.Null:
		return b.typ, true
	case b.typ == table.Null:
		return a.typ, true
	case a.typ == table.Int && b.typ == table.Float, a.typ == table.Float && b.typ == table.Int:
		return table.Float, true
	case a.typ.Textual() && b.typ.Textual():
		return table.String, true
	}
	return table.Null, false
}

// put copies a row's value to a place of a vector of the common type.
func (v *vector) put(place int, from *vector, row int) {
	if from.null(row) {
		v.clear(place)
		return
	}
	i := from.at(row)
	switch {
	case v.typ == table.Float:
		v.floats[place] = from.number(row)
	case v.typ == table.Bool:
		v.truth[place] = from.truth[i]
	case v.typ.Textual():
		v.texts[place] = from.texts[i]
	case integral(v.typ):
		v.ints[place] = from.ints[i]
	}
}
