package expr

import (
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/dashira/dashira/table"
)

// Expr is an expression over the columns of a schema. It is immutable; any number of goroutines may evaluate it at once.
type Expr struct {
	text   string
	schema *table.Schema
	field  table.Field
	used   []int
	root   *node
	dict   *table.Dict // of text that it makes: one for all chunks
}

// Options say what an expression is checked against. The zero value has no columns.
type Options struct {
	Schema *table.Schema
	Zone   *time.Location // in which instants fall into years, days and hours; nil: UTC
}

// Compile checks an expression against a schema. The error is an *[Error].
func Compile(text string, o Options) (*Expr, error) {
	tree, err := parse(text)
	if err != nil {
		return nil, err
	}
	return compile(text, tree, o)
}

func compile(text string, tree ast.Node, o Options) (*Expr, error) {
	k := newChecker(o)
	root, err := k.check(tree)
	if err != nil {
		return nil, err
	}
	e := &Expr{text: text, schema: k.schema, root: root, used: k.columns(), field: table.Field{Type: root.typ, Unit: root.unit, Instant: root.instant}}
	if root.typ.Textual() {
		e.field.Type = table.String
		e.dict = table.NewDict()
	}
	return e, nil
}

// String returns the expression as it was written.
func (e *Expr) String() string { return e.text }

// Field returns type and unit of the results; it has no name.
func (e *Expr) Field() table.Field { return e.field }

// Schema returns the columns that the expression was checked against.
func (e *Expr) Schema() *table.Schema { return e.schema }

// Columns returns the columns that the expression reads, ascending.
func (e *Expr) Columns() []int { return e.used }

// Eval computes the column of a chunk, which must have the columns of the schema. A column of the chunk that is of
// another type than the schema says counts as empty.
func (e *Expr) Eval(c *table.Chunk) *table.Column {
	return e.root.eval(&frame{chunk: c, n: c.Rows()}).column(e.field.Type, e.dict)
}

// node is a checked part of an expression.
type node struct {
	typ     table.Type
	unit    string
	instant bool
	literal *table.Value // it is written out in the expression
	eval    func(*frame) *vector
}

// frame is one evaluation over one chunk.
type frame struct {
	chunk *table.Chunk
	n     int
	known map[int]*vector
}

// column returns the values of a column, read once.
func (f *frame) column(i int, t table.Type) *vector {
	if v, ok := f.known[i]; ok {
		return v
	}
	v := ofColumn(f.chunk.Column(i))
	if v.typ != t {
		v = &vector{typ: table.Null, n: f.n}
	}
	if f.known == nil {
		f.known = map[int]*vector{}
	}
	f.known[i] = v
	return v
}

// nothing is a vector without values.
func (f *frame) nothing() *vector { return &vector{typ: table.Null, n: f.n} }
