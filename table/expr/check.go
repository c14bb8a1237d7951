package expr

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/dashira/dashira/table"
)

// checker gives every part of an expression its type and its evaluation.
type checker struct {
	schema *table.Schema
	zone   *time.Location
	used   map[int]bool
}

func newChecker(o Options) *checker {
	k := &checker{schema: o.Schema, zone: o.Zone, used: map[int]bool{}}
	if k.schema == nil {
		k.schema = table.NewSchema()
	}
	if k.zone == nil {
		k.zone = time.UTC
	}
	return k
}

func (k *checker) columns() []int {
	all := make([]int, 0, len(k.used))
	for c := range k.used {
		all = append(all, c)
	}
	sort.Ints(all)
	return all
}

// fault is an error at a part of the expression.
func fault(n ast.Node, hint, message string, args ...any) *Error {
	return &Error{Column: n.Location().From + 1, Message: fmt.Sprintf(message, args...), Hint: hint}
}

// unknown is an error about a name.
func unknown(n ast.Node, word, what string, names []string) *Error {
	e := fault(n, suggest(word, names), "%q is not %s.", word, what)
	e.Word, e.Allowed = word, names
	return e
}

func (k *checker) check(n ast.Node) (*node, error) {
	switch n := n.(type) {
	case *ast.NilNode:
		return literal(table.Value{}), nil
	case *ast.IntegerNode:
		return literal(table.IntValue(table.Int, int64(n.Value))), nil
	case *ast.FloatNode:
		return literal(table.FloatValue(n.Value)), nil
	case *ast.BoolNode:
		return literal(table.BoolValue(n.Value)), nil
	case *ast.StringNode:
		return literal(table.TextValue(table.String, n.Value)), nil
	case *ast.IdentifierNode:
		if n.Value == "null" && k.schema.Index("null") < 0 {
			return literal(table.Value{}), nil
		}
		return k.column(n, n.Value)
	case *ast.ChainNode:
		return k.check(n.Node)
	case *ast.MemberNode:
		if name, ok := dotted(n); ok {
			return k.column(first(n), name)
		}
	case *ast.UnaryNode:
		return k.unary(n)
	case *ast.BinaryNode:
		return k.binary(n)
	case *ast.ConditionalNode:
		return k.call(n, "if", []ast.Node{n.Cond, n.Exp1, n.Exp2})
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return k.call(n, callee.Value, n.Arguments)
		}
	case *ast.BuiltinNode:
		return k.call(n, n.Name, n.Arguments)
	case *ast.ArrayNode:
		return nil, fault(n, "", "A list can only stand after \"in\".")
	}
	return nil, fault(n, "", "This does not belong to the language of expressions.")
}

// dotted returns the name of a column with dots in it, as nested JSON gives.
func dotted(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value, true
	case *ast.ChainNode:
		return dotted(n.Node)
	case *ast.MemberNode:
		property, ok := n.Property.(*ast.StringNode)
		if !ok || n.Optional {
			return "", false
		}
		before, ok := dotted(n.Node)
		return before + "." + property.Value, ok
	}
	return "", false
}

// first returns the leftmost part of a chain.
func first(n ast.Node) ast.Node {
	switch m := n.(type) {
	case *ast.MemberNode:
		return first(m.Node)
	case *ast.ChainNode:
		return first(m.Node)
	}
	return n
}

func (k *checker) column(at ast.Node, name string) (*node, error) {
	i := k.schema.Index(name)
	if i < 0 {
		names := make([]string, k.schema.Len())
		for c := range names {
			names[c] = k.schema.Field(c).Name
		}
		return nil, unknown(at, name, "a column", names)
	}
	k.used[i] = true
	f := k.schema.Field(i)
	return &node{typ: f.Type, unit: f.Unit, instant: f.Instant, eval: func(x *frame) *vector { return x.column(i, f.Type) }}, nil
}

func literal(v table.Value) *node {
	return &node{typ: v.Type(), literal: &v, eval: func(x *frame) *vector {
		if v.IsNull() {
			return x.nothing()
		}
		return constant(v, x.n)
	}}
}

// all checks several parts.
func (k *checker) all(parts []ast.Node) ([]*node, error) {
	out := make([]*node, len(parts))
	for i, p := range parts {
		var err error
		if out[i], err = k.check(p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (k *checker) unary(n *ast.UnaryNode) (*node, error) {
	x, err := k.check(n.Node)
	if err != nil {
		return nil, err
	}
	switch n.Operator {
	case "not", "!":
		if x.typ != table.Bool && x.typ != table.Null {
			return nil, fault(n, "", "\"not\" needs true or false, and this is a %s.", x.typ)
		}
		return &node{typ: table.Bool, eval: func(f *frame) *vector {
			return each1(x.eval(f), table.Bool, func(out, v *vector, i int) { out.truth[i] = !v.truth[i] })
		}}, nil
	case "+", "-":
		if !x.typ.Numeric() && x.typ != table.Null {
			return nil, fault(n, "", "A sign needs a number, and this is a %s.", x.typ)
		}
		if n.Operator == "+" {
			return x, nil
		}
		if x.literal != nil && x.typ == table.Int {
			return literal(table.IntValue(table.Int, -x.literal.Int())), nil
		}
		if x.literal != nil && x.typ == table.Float {
			return literal(table.FloatValue(-x.literal.Float())), nil
		}
		zero := literal(table.IntValue(table.Int, 0))
		if x.typ == table.Duration {
			zero = literal(table.IntValue(table.Duration, 0))
		}
		return k.arithmetic(n, "-", zero, x)
	}
	return nil, fault(n, "", "The sign %q is not known here.", n.Operator)
}

func (k *checker) binary(n *ast.BinaryNode) (*node, error) {
	if n.Operator == "in" {
		return k.in(n)
	}
	both, err := k.all([]ast.Node{n.Left, n.Right})
	if err != nil {
		return nil, err
	}
	a, b := both[0], both[1]
	switch n.Operator {
	case "+", "-", "*", "/", "%":
		return k.arithmetic(n, n.Operator, a, b)
	case "==", "!=", "<", "<=", ">", ">=":
		return k.comparison(n, n.Operator, a, b)
	case "and", "&&", "or", "||":
		return k.logic(n, n.Operator == "and" || n.Operator == "&&", a, b)
	case "contains", "startsWith", "endsWith":
		return k.call(n, n.Operator, []ast.Node{n.Left, n.Right})
	case "??":
		return k.call(n, "coalesce", []ast.Node{n.Left, n.Right})
	}
	known := []string{"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or", "in", "contains"}
	return nil, fault(n, "There are "+strings.Join(known, " ")+".", "The operator %q is not known here.", n.Operator)
}

// logic is "and" or "or": an empty operand leaves the result open unless the other decides it.
func (k *checker) logic(n ast.Node, and bool, a, b *node) (*node, error) {
	for _, x := range []*node{a, b} {
		if x.typ != table.Bool && x.typ != table.Null {
			return nil, fault(n, "", "\"and\" and \"or\" join what is true or false, and this is a %s.", x.typ)
		}
	}
	return &node{typ: table.Bool, eval: func(f *frame) *vector {
		x, y := a.eval(f), b.eval(f)
		out := room(table.Bool, f.n, x.one && y.one)
		for i := range out.len() {
			xn, yn := x.null(i), y.null(i)
			xv, yv := !xn && x.truth[x.at(i)], !yn && y.truth[y.at(i)]
			switch {
			case and && (!xn && !xv || !yn && !yv):
			case !and && (xv || yv):
				out.truth[i] = true
			case xn || yn:
				out.clear(i)
			default:
				out.truth[i] = and
			}
		}
		return out
	}}, nil
}

// in says whether a value is one of a list. An empty value is in a list that names null and in no other.
func (k *checker) in(n *ast.BinaryNode) (*node, error) {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		return nil, fault(n.Right, "Write it as [\"a\", \"b\"].", "After \"in\" a list is needed.")
	}
	x, err := k.check(n.Left)
	if err != nil {
		return nil, err
	}
	if len(list.Nodes) == 0 {
		return literal(table.BoolValue(false)), nil
	}
	items, err := k.all(list.Nodes)
	if err != nil {
		return nil, err
	}
	if x.typ.Textual() && !slices.ContainsFunc(items, func(i *node) bool { return i.literal == nil || i.typ != table.String }) {
		set := map[string]bool{}
		for _, i := range items {
			set[i.literal.Text()] = true
		}
		return &node{typ: table.Bool, eval: func(f *frame) *vector {
			v := x.eval(f)
			out := room(table.Bool, f.n, v.one)
			for i := range out.len() {
				out.truth[i] = !v.null(i) && set[v.texts[i]]
			}
			return out
		}}, nil
	}
	var any *node
	for i, item := range items {
		one, err := k.comparison(list.Nodes[i], "==", x, item)
		if err != nil {
			return nil, err
		}
		if any == nil {
			any = one
		} else if any, err = k.logic(n, false, any, one); err != nil {
			return nil, err
		}
	}
	return &node{typ: table.Bool, eval: func(f *frame) *vector {
		v := any.eval(f)
		out := room(table.Bool, f.n, v.one)
		for i := range out.len() {
			out.truth[i] = !v.null(i) && v.truth[i]
		}
		return out
	}}, nil
}

// each1 computes a value of each row from one operand; empty stays empty.
func each1(v *vector, t table.Type, f func(out, v *vector, i int)) *vector {
	if v.typ == table.Null {
		return v
	}
	out := room(t, v.n, v.one)
	for i := range out.len() {
		if v.empty != nil && v.empty[i] {
			out.clear(i)
		} else {
			f(out, v, i)
		}
	}
	return out
}
