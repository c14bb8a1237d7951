package expr

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/dashira/dashira/table"
)

// aggregates are the functions that make one value of many rows.
var aggregates = []string{"sum", "avg", "min", "max", "median", "p", "stddev", "count", "distinct", "first", "last"}

// Measure is an expression over aggregates: sum(margin) / sum(amount). What it aggregates is said apart from what it
// makes of it.
type Measure struct {
	Aggregates []Aggregate // each once
	Text       string      // with the expressions of other measures in the places of their names
	Formula    *Expr       // over a schema of the aggregates in this order, by their names; nil: the only aggregate itself
}

// Aggregate is one function over the rows.
type Aggregate struct {
	Name   string  // of the formula's column: "a0", "a1"
	Func   string  // sum avg min max median p stddev count distinct first last
	P      float64 // of p
	Column string  // that is aggregated; empty: Row, or the rows themselves
	Row    *Expr   // what is aggregated where it is no column alone
	Text   string  // as it is written
}

// MeasureOptions say what a measure is checked against.
type MeasureOptions struct {
	Options
	// Named returns what another measure is written as; nil: there are none.
	Named func(name string) (text string, ok bool)
	Names []string // of those
}

// CompileMeasure checks a measure. A name that is no aggregate stands for the measure of that name, whose expression
// takes its place; measures that name each other in a circle are refused. The error is an *[Error].
func CompileMeasure(text string, o MeasureOptions) (*Measure, error) {
	tree, err := parse(text)
	if err != nil {
		return nil, err
	}
	s := &splitter{o: o, m: &Measure{}}
	tree, err = s.split(tree, nil)
	if err != nil {
		return nil, err
	}
	if len(s.m.Aggregates) == 0 {
		return nil, fault(tree, "Write it as sum(amount) or count().", "Nothing here is made of the rows.")
	}
	s.m.Text = expand(tree.String(), s.m.Aggregates)
	if id, ok := tree.(*ast.IdentifierNode); ok && id.Value == s.m.Aggregates[0].Name {
		return s.m, nil
	}
	fields := make([]table.Field, len(s.m.Aggregates))
	for i := range fields {
		fields[i] = s.fields[i]
		fields[i].Name = s.m.Aggregates[i].Name
	}
	s.m.Formula, err = compile(text, tree, Options{Schema: table.NewSchema(fields...), Zone: o.Zone})
	return s.m, err
}

// expand puts aggregates back in the places of their names.
func expand(text string, all []Aggregate) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		begin := i
		switch c := text[i]; {
		case c == '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			i = min(i+1, len(text))
		case letter(rune(c)):
			for i < len(text) && (letter(rune(text[i])) || text[i] >= '0' && text[i] <= '9') {
				i++
			}
			if k := slices.IndexFunc(all, func(a Aggregate) bool { return a.Name == text[begin:i] }); k >= 0 {
				b.WriteString(all[k].Text)
				continue
			}
		default:
			i++
		}
		b.WriteString(text[begin:i])
	}
	return b.String()
}

// splitter takes the aggregates out of a measure.
type splitter struct {
	o      MeasureOptions
	m      *Measure
	fields []table.Field // of the aggregates' values, as the formula sees them
	keys   []string      // their texts
}

// mostAggregates bounds what one measure may be made of.
const mostAggregates = 64

// split returns the tree with names in the places of aggregates. Within are the measures that it is being put into.
func (s *splitter) split(n ast.Node, within []string) (ast.Node, error) {
	switch n := n.(type) {
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok && slices.Contains(aggregates, callee.Value) {
			return s.aggregate(n, callee.Value)
		}
		for i, a := range n.Arguments {
			var err error
			if n.Arguments[i], err = s.split(a, within); err != nil {
				return nil, err
			}
		}
	case *ast.UnaryNode:
		x, err := s.split(n.Node, within)
		if err != nil {
			return nil, err
		}
		n.Node = x
	case *ast.BinaryNode:
		var err error
		if n.Left, err = s.split(n.Left, within); err == nil {
			n.Right, err = s.split(n.Right, within)
		}
		return n, err
	case *ast.ConditionalNode:
		for _, p := range []*ast.Node{&n.Cond, &n.Exp1, &n.Exp2} {
			x, err := s.split(*p, within)
			if err != nil {
				return nil, err
			}
			*p = x
		}
	case *ast.IdentifierNode:
		if n.Value != "null" {
			return s.named(n, within)
		}
	}
	return n, nil
}

// named puts another measure in the place of its name.
func (s *splitter) named(n *ast.IdentifierNode, within []string) (ast.Node, error) {
	if slices.Contains(within, n.Value) {
		circle := append(within[slices.Index(within, n.Value):len(within):len(within)], n.Value)
		return nil, fault(n, "", "The measures go in a circle: %s.", path(circle))
	}
	var text string
	ok := false
	if s.o.Named != nil {
		text, ok = s.o.Named(n.Value)
	}
	if !ok {
		if s.o.Schema != nil && s.o.Schema.Index(n.Value) >= 0 {
			return nil, fault(n, fmt.Sprintf("Write sum(%s), for example.", n.Value), "%q is a column, and a measure is made of many rows.", n.Value)
		}
		return nil, unknown(n, n.Value, "a measure", s.o.Names)
	}
	tree, err := parse(text)
	if err == nil {
		tree, err = s.split(tree, append(within[:len(within):len(within)], n.Value))
	}
	if err != nil {
		// The place in the other measure's text is none in this one.
		return nil, fault(n, "", "The measure %q has a fault of its own: %s", n.Value, err)
	}
	move(tree, n)
	return tree, nil
}

func path(names []string) string {
	text := ""
	for i, n := range names {
		if i > 0 {
			text += " → "
		}
		text += n
	}
	return text
}

// move puts every part of a tree where its name stood: errors about types point there.
func move(tree, to ast.Node) {
	ast.Walk(&tree, mover{to})
}

type mover struct{ to ast.Node }

func (m mover) Visit(n *ast.Node) { (*n).SetLocation(m.to.Location()) }

// aggregate takes one out.
func (s *splitter) aggregate(n *ast.CallNode, name string) (ast.Node, error) {
	a := Aggregate{Func: name}
	args := n.Arguments
	wants := 1
	switch name {
	case "count":
		if wants = 0; len(args) > 0 {
			return nil, fault(n, "distinct(x) counts different values, sum(if(x, 1, 0)) the rows in which something holds.", "count() counts rows and takes nothing.")
		}
	case "p":
		wants = 2
	}
	if len(args) != wants {
		return nil, fault(n, "", "%s takes another number of arguments than %d.", name, len(args))
	}
	if name == "p" {
		switch q := args[1].(type) {
		case *ast.FloatNode:
			a.P = q.Value
		case *ast.IntegerNode:
			a.P = float64(q.Value)
		default:
			return nil, fault(args[1], "Write p(x, 0.95).", "The part is a number from 0 to 1 that is written out.")
		}
		if !(a.P >= 0 && a.P <= 1) {
			return nil, fault(args[1], "Write p(x, 0.95).", "The part is a number from 0 to 1.")
		}
	}
	key := name
	var field table.Field
	if wants > 0 {
		row, err := compile(args[0].String(), args[0], s.o.Options)
		if err != nil {
			return nil, err
		}
		field = row.Field()
		if numeric := field.Type.Numeric() || field.Type == table.Null || field.Type == table.Bool; !numeric && slices.Contains([]string{"sum", "avg", "median", "p", "stddev"}, name) {
			return nil, fault(args[0], "distinct(…) counts its values.", "%s needs numbers, and this is a %s.", name, field.Type)
		}
		if column, ok := bare(args[0]); ok {
			a.Column = column
		} else {
			a.Row = row
		}
		key += "(" + args[0].String() + "," + strconv.FormatFloat(a.P, 'g', -1, 64) + ")"
	}
	i := slices.Index(s.keys, key)
	if i < 0 {
		if i = len(s.keys); i == mostAggregates {
			return nil, fault(n, "", "A measure is made of at most %d aggregates.", mostAggregates)
		}
		a.Name, a.Text = "a"+strconv.Itoa(i), n.String()
		s.keys = append(s.keys, key)
		s.m.Aggregates = append(s.m.Aggregates, a)
		s.fields = append(s.fields, valueOf(name, field))
	}
	out := &ast.IdentifierNode{Value: s.m.Aggregates[i].Name}
	out.SetLocation(n.Location())
	return out, nil
}

// bare returns the column that a part of an expression is.
func bare(n ast.Node) (string, bool) {
	if call, ok := n.(*ast.CallNode); ok {
		if callee, ok := call.Callee.(*ast.IdentifierNode); ok && callee.Value == "column" && len(call.Arguments) == 1 {
			if text, ok := call.Arguments[0].(*ast.StringNode); ok {
				return text.Value, true
			}
		}
		return "", false
	}
	return dotted(n)
}

// valueOf is how a formula sees an aggregate's value: numbers as Float, whatever they were.
func valueOf(name string, f table.Field) table.Field {
	switch {
	case name == "count" || name == "distinct":
		return table.Field{Type: table.Float}
	case f.Type == table.Int || f.Type == table.Bool:
		f.Type = table.Float
	}
	return f
}
