package expr

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"github.com/dashira/dashira/table"
)

// function makes the node of a call whose arguments are checked.
type function struct {
	name        string
	least, most int // arguments
	usage       string
	make        func(k *checker, n ast.Node, args []*node) (*node, error)
}

// functions are those of rows, by name. Aggregates are not among them: they belong to measures.
func functions() []function {
	return []function{
		{"if", 3, 3, "if(condition, then, else)", condition},
		{"coalesce", 1, 20, "coalesce(a, b, …)", coalesce},
		{"round", 1, 2, "round(x, 2)", round},
		{"abs", 1, 1, "abs(x)", numeric(math.Abs, func(n int64) (int64, bool) {
			if n < 0 {
				return -n, n != math.MinInt64
			}
			return n, true
		})},
		{"floor", 1, 1, "floor(x)", numeric(math.Floor, same)},
		{"ceil", 1, 1, "ceil(x)", numeric(math.Ceil, same)},
		{"sqrt", 1, 1, "sqrt(x)", numeric(math.Sqrt, nil)},
		{"least", 2, 20, "least(a, b)", extreme("<")},
		{"greatest", 2, 20, "greatest(a, b)", extreme(">")},
		{"lower", 1, 1, "lower(x)", textual(strings.ToLower)},
		{"upper", 1, 1, "upper(x)", textual(strings.ToUpper)},
		{"trim", 1, 1, "trim(x)", textual(strings.TrimSpace)},
		{"length", 1, 1, "length(x)", length},
		{"contains", 2, 2, `contains(name, "part")`, find(strings.Contains)},
		{"starts_with", 2, 2, `starts_with(name, "part")`, find(strings.HasPrefix)},
		{"ends_with", 2, 2, `ends_with(name, "part")`, find(strings.HasSuffix)},
		{"text", 1, 1, "text(x)", toText},
		{"number", 1, 1, "number(x)", toNumber},
		{"date", 1, 1, "date(x)", toDate},
		{"date_diff", 3, 3, `date_diff("day", from, to)`, dateDiff},
		{"year", 1, 1, "year(x)", part("year")},
		{"quarter", 1, 1, "quarter(x)", part("quarter")},
		{"month", 1, 1, "month(x)", part("month")},
		{"week", 1, 1, "week(x)", part("week")},
		{"day", 1, 1, "day(x)", part("day")},
		{"weekday", 1, 1, "weekday(x)", part("weekday")},
		{"hour", 1, 1, "hour(x)", part("hour")},
		{"minute", 1, 1, "minute(x)", part("minute")},
		{"second", 1, 1, "second(x)", part("second")},
	}
}

// spelled are the library's own spellings of some functions.
var spelled = map[string]string{"Contains": "contains", "startsWith": "starts_with", "endsWith": "ends_with", "len": "length"}

// call checks a call of a function.
func (k *checker) call(n ast.Node, name string, parts []ast.Node) (*node, error) {
	if s, ok := spelled[name]; ok {
		name = s
	}
	if name == "column" {
		if len(parts) == 1 {
			if text, ok := parts[0].(*ast.StringNode); ok {
				return k.column(n, text.Value)
			}
		}
		return nil, fault(n, "", `column("…") takes the name of a column in quotes.`)
	}
	all := functions()
	i := slices.IndexFunc(all, func(f function) bool { return f.name == name })
	if i < 0 {
		if slices.Contains(aggregates, name) {
			return nil, fault(n, "It belongs into a measure.", "%s(…) is made of many rows and has no value in one.", name)
		}
		names := []string{"column"}
		for _, f := range all {
			names = append(names, f.name)
		}
		return nil, unknown(n, name, "a function", names)
	}
	f := all[i]
	if len(parts) < f.least || len(parts) > f.most {
		return nil, fault(n, "Write "+f.usage+".", "%s takes another number of arguments than %d.", name, len(parts))
	}
	args, err := k.all(parts)
	if err != nil {
		return nil, err
	}
	return f.make(k, n, args)
}

// condition is if(c, a, b): b where the condition is empty.
func condition(_ *checker, n ast.Node, args []*node) (*node, error) {
	c, a, b := args[0], args[1], args[2]
	if c.typ != table.Bool && c.typ != table.Null {
		return nil, fault(n, "", "The condition must be true or false, and it is a %s.", c.typ)
	}
	t, ok := common(a, b)
	if !ok {
		return nil, fault(n, "", "Both results must be of one type, and these are a %s and a %s.", a.typ, b.typ)
	}
	out := &node{typ: t, instant: a.instant || b.instant, unit: sharedUnit(args[1:])}
	out.eval = func(f *frame) *vector {
		which, x, y := c.eval(f), a.eval(f), b.eval(f)
		if t == table.Null {
			return f.nothing()
		}
		r := room(t, f.n, which.one && x.one && y.one)
		for i := range r.len() {
			if !which.null(i) && which.truth[which.at(i)] {
				r.put(i, x, i)
			} else {
				r.put(i, y, i)
			}
		}
		return r
	}
	return out, nil
}

// sharedUnit is the unit of results that agree in it; what is written out agrees with everything.
func sharedUnit(args []*node) string {
	unit, known := "", false
	for _, a := range args {
		switch {
		case a.literal != nil:
		case !known:
			unit, known = a.unit, true
		case unit != a.unit:
			return ""
		}
	}
	return unit
}

func coalesce(_ *checker, n ast.Node, args []*node) (*node, error) {
	out := &node{typ: table.Null, unit: sharedUnit(args)}
	for _, a := range args {
		if out.typ == table.Null {
			out.instant = a.instant
		}
		t, ok := common(&node{typ: out.typ, instant: out.instant}, a)
		if !ok {
			return nil, fault(n, "", "All of them must be of one type, and there are a %s and a %s.", out.typ, a.typ)
		}
		out.typ = t
	}
	t := out.typ
	out.eval = func(f *frame) *vector {
		if t == table.Null {
			return f.nothing()
		}
		all := make([]*vector, len(args))
		one := true
		for i, a := range args {
			all[i] = a.eval(f)
			one = one && all[i].one
		}
		r := room(t, f.n, one)
		for i := range r.len() {
			from := all[len(all)-1]
			for _, v := range all {
				if !v.null(i) {
					from = v
					break
				}
			}
			r.put(i, from, i)
		}
		return r
	}
	return out, nil
}

// round rounds half away from zero to a number of digits.
func round(_ *checker, n ast.Node, args []*node) (*node, error) {
	digits := int64(0)
	if len(args) == 2 {
		if args[1].literal == nil || args[1].typ != table.Int || args[1].literal.Int() < 0 || args[1].literal.Int() > 15 {
			return nil, fault(n, "", "The number of digits is a whole number from 0 to 15 that is written out.")
		}
		digits = args[1].literal.Int()
	}
	scale := math.Pow(10, float64(digits))
	return numeric(func(x float64) float64 {
		if r := math.Round(x*scale) / scale; !math.IsInf(r, 0) {
			return r
		}
		return x
	}, same)(nil, n, args[:1])
}

func same(n int64) (int64, bool) { return n, true }

// numeric is a function of a number. Without one for whole numbers the result is always a Float.
func numeric(f func(float64) float64, whole func(int64) (int64, bool)) func(*checker, ast.Node, []*node) (*node, error) {
	return func(_ *checker, n ast.Node, args []*node) (*node, error) {
		x := args[0]
		if !x.typ.Numeric() && x.typ != table.Null {
			return nil, fault(n, "", "A number is needed here, and this is a %s.", x.typ)
		}
		t := x.typ
		if whole == nil {
			t = table.Float
		}
		return &node{typ: t, unit: x.unit, eval: func(fr *frame) *vector {
			return each1(x.eval(fr), t, func(out, v *vector, i int) {
				if t == table.Float {
					out.setNumber(i, f(v.number(i)))
					return
				}
				r, ok := whole(v.ints[i])
				if out.ints[i] = r; !ok {
					out.clear(i)
				}
			})
		}}, nil
	}
}

// extreme is the least or the greatest of several values; the empty ones do not count.
func extreme(op string) func(*checker, ast.Node, []*node) (*node, error) {
	return func(_ *checker, n ast.Node, args []*node) (*node, error) {
		out, err := coalesce(nil, n, args)
		if err != nil {
			return nil, err
		}
		t := out.typ
		order := orderOf(out, out)
		if order == nil || t == table.Bool {
			return nil, fault(n, "", "Values of type %s have no least and no greatest.", t)
		}
		out.eval = func(f *frame) *vector {
			r := room(t, f.n, false)
			one := room(t, 1, true)
			for place := range r.len() {
				r.clear(place)
			}
			for _, a := range args {
				v := a.eval(f)
				for i := range r.len() {
					if v.null(i) {
						continue
					}
					one.empty = nil
					one.put(0, v, i)
					if d := order(one, r, 0, i); r.empty[i] || op == "<" && d < 0 || op == ">" && d > 0 {
						r.empty[i] = false
						r.put(i, one, 0)
					}
				}
			}
			return r
		}
		return out, nil
	}
}

func needText(n ast.Node, x *node) error {
	if !x.typ.Textual() && x.typ != table.Null {
		return fault(n, "text(x) makes one of a value.", "A text is needed here, and this is a %s.", x.typ)
	}
	return nil
}

func textual(f func(string) string) func(*checker, ast.Node, []*node) (*node, error) {
	return func(_ *checker, n ast.Node, args []*node) (*node, error) {
		x := args[0]
		if err := needText(n, x); err != nil {
			return nil, err
		}
		return &node{typ: table.String, eval: func(fr *frame) *vector {
			return each1(x.eval(fr), table.String, func(out, v *vector, i int) { out.texts[i] = f(v.texts[i]) })
		}}, nil
	}
}

func length(_ *checker, n ast.Node, args []*node) (*node, error) {
	x := args[0]
	if err := needText(n, x); err != nil {
		return nil, err
	}
	return &node{typ: table.Int, eval: func(fr *frame) *vector {
		return each1(x.eval(fr), table.Int, func(out, v *vector, i int) { out.ints[i] = int64(utf8.RuneCountInString(v.texts[i])) })
	}}, nil
}

// find looks for a text in another, ignoring case as the filters of the page do.
func find(in func(s, part string) bool) func(*checker, ast.Node, []*node) (*node, error) {
	return func(_ *checker, n ast.Node, args []*node) (*node, error) {
		a, b := args[0], args[1]
		for _, x := range args {
			if err := needText(n, x); err != nil {
				return nil, err
			}
		}
		return &node{typ: table.Bool, eval: func(fr *frame) *vector {
			return each2(fr, a, b, table.Bool, func(out, x, y *vector, i, p, q int) {
				out.truth[i] = in(strings.ToLower(x.texts[p]), strings.ToLower(y.texts[q]))
			})
		}}, nil
	}
}

// toText writes a value as filters and files do.
func toText(_ *checker, _ ast.Node, args []*node) (*node, error) {
	x := args[0]
	field := table.Field{Type: x.typ, Instant: x.instant}
	return &node{typ: table.String, eval: func(fr *frame) *vector {
		return each1(x.eval(fr), table.String, func(out, v *vector, i int) { out.texts[i] = field.Format(v.value(i)) })
	}}, nil
}

// value returns what stands at a place that is not empty.
func (v *vector) value(place int) table.Value {
	switch {
	case integral(v.typ):
		return table.IntValue(v.typ, v.ints[place])
	case v.typ == table.Float:
		return table.FloatValue(v.floats[place])
	case v.typ == table.Bool:
		return table.BoolValue(v.truth[place])
	}
	return table.TextValue(v.typ, v.texts[place])
}

// toNumber reads a number; what is none is empty.
func toNumber(_ *checker, n ast.Node, args []*node) (*node, error) {
	x := args[0]
	switch {
	case x.typ == table.Int || x.typ == table.Float:
		return x, nil
	case x.typ == table.Bool || x.typ == table.Duration:
		return &node{typ: table.Float, eval: func(fr *frame) *vector {
			return each1(x.eval(fr), table.Float, func(out, v *vector, i int) { out.floats[i] = v.number(i) })
		}}, nil
	}
	if err := needText(n, x); err != nil {
		return nil, fault(n, "", "No number can be made of a %s.", x.typ)
	}
	return &node{typ: table.Float, eval: func(fr *frame) *vector {
		return each1(x.eval(fr), table.Float, func(out, v *vector, i int) {
			if r, err := strconv.ParseFloat(strings.TrimSpace(v.texts[i]), 64); err == nil {
				out.setNumber(i, r)
			} else {
				out.clear(i)
			}
		})
	}}, nil
}
