// Package derive makes a table of a table: columns looked up in another one by a key, columns computed from columns, and
// only the rows that pass a condition.
//
// A chunk is derived once and remembered as long as the chunk it came from is there, so a revision that shares its
// chunks with the one before shares the derived ones too, and what is answered of them. A change in a table that is
// looked up derives anew the chunks that refer to what changed, and no others.
package derive

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
	"weak"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/expr"
)

// Spec says what is derived. Names of lookups, fields and columns live in one space.
type Spec struct {
	Lookups []Lookup
	Fields  []Field
	Where   string         // an expression that is true for the rows wanted; empty: all
	Zone    *time.Location // in which instants fall into days; nil: UTC
}

// Equal says whether two specs derive the same.
func (s Spec) Equal(o Spec) bool {
	same := func(a, b Lookup) bool {
		return a.Table == b.Table && a.On == b.On && a.Key == b.Key && a.Schema.Equal(b.Schema)
	}
	return s.Where == o.Where && s.Zone.String() == o.Zone.String() && slices.Equal(s.Fields, o.Fields) && slices.EqualFunc(s.Lookups, o.Lookups, same)
}

// Lookup takes columns from the row of another table that has the same key. Of several such rows the first counts; where
// there is none, or the key is empty, the columns are empty.
type Lookup struct {
	Table  string        // whose rows are looked up
	Schema *table.Schema // of that table
	On     string        // the column of this table that holds the key
	Key    string        // the column of the other one; empty: as On
}

// Field is a computed column.
type Field struct {
	Name, Expr string
	Label      string
	Unit       string // empty: what follows from the expression
	Hidden     bool   // it only serves measures
}

// Fault says which part of a spec cannot be meant.
type Fault struct {
	Lookup int    // its number; -1: none
	Field  string // its name; empty: none
	Where  bool
	Err    error // an *[expr.Error], save for lookups
}

func (f *Fault) Error() string { return f.Err.Error() }

// Unwrap returns what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

// Derivation derives tables of one schema. Any number of goroutines may use it at once.
type Derivation struct {
	spec    Spec
	source  *table.Schema
	schema  *table.Schema
	lookups []*lookup
	fields  []*expr.Expr // in the order of evaluation
	at      []int        // of each: its column
	where   *expr.Expr

	mu   sync.Mutex
	memo map[weak.Pointer[table.Chunk]]*derived
	last *applied
}

// applied is a whole table that was derived: as long as nothing moves it stays one object.
type applied struct {
	from    weak.Pointer[table.Table]
	indexes []*index
	table   *table.Table
	notes   []Note
}

// derived is what was made of a chunk. It is not changed after it is made.
type derived struct {
	chunk   *table.Chunk
	indexes []*index // the lookups' at that time
	missing []int64  // of each lookup: rows whose key the other table does not have
	example []table.Value
}

// New checks a spec against the schema of the table. The error is a *[Fault].
func New(schema *table.Schema, spec Spec) (*Derivation, error) {
	d := &Derivation{spec: spec, source: schema, memo: map[weak.Pointer[table.Chunk]]*derived{}}
	fields := schema.Fields()
	for i, l := range spec.Lookups {
		made, more, err := newLookup(schema, l, fields)
		if err != nil {
			return nil, &Fault{Lookup: i, Err: err}
		}
		d.lookups = append(d.lookups, made)
		fields = append(fields, more...)
	}
	c := &compiler{derivation: d, fields: fields, state: map[string]int{}}
	for _, f := range spec.Fields {
		if err := c.field(f.Name); err != nil {
			return nil, err
		}
	}
	d.schema = table.NewSchema(c.fields...)
	if spec.Where != "" {
		var err error
		if d.where, err = expr.Compile(spec.Where, expr.Options{Schema: d.schema, Zone: spec.Zone}); err != nil {
			return nil, &Fault{Lookup: -1, Where: true, Err: err}
		}
		if t := d.where.Field().Type; t != table.Bool {
			return nil, &Fault{Lookup: -1, Where: true, Err: &expr.Error{Column: 1, Message: fmt.Sprintf("A condition is true or false, and this is a %s.", t)}}
		}
	}
	return d, nil
}

// compiler compiles fields in the order in which they need each other.
type compiler struct {
	derivation *Derivation
	fields     []table.Field
	state      map[string]int // 1: under way, 2: done
	stack      []string
}

func (c *compiler) find(name string) (Field, bool) {
	for _, f := range c.derivation.spec.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

func (c *compiler) field(name string) error {
	f, _ := c.find(name)
	if c.state[name] == 2 {
		return nil
	}
	fault := func(e *expr.Error) error { return &Fault{Lookup: -1, Field: name, Err: e} }
	for _, o := range c.fields {
		if o.Name == name {
			return fault(&expr.Error{Column: 1, Message: fmt.Sprintf("There is a column %q already.", name), Hint: "Give the field another name."})
		}
	}
	c.state[name] = 1
	c.stack = append(c.stack, name)
	for {
		schema := table.NewSchema(c.fields...)
		e, err := expr.Compile(f.Expr, expr.Options{Schema: schema, Zone: c.derivation.spec.Zone})
		if err == nil {
			field := e.Field()
			field.Name, field.Label = name, f.Label
			if f.Unit != "" {
				field.Unit = f.Unit
			}
			c.derivation.fields = append(c.derivation.fields, e)
			c.derivation.at = append(c.derivation.at, len(c.fields))
			c.fields = append(c.fields, field)
			break
		}
		at := err.(*expr.Error)
		other, isField := c.find(at.Word)
		switch {
		case !isField || c.state[other.Name] == 2:
			return fault(c.suggest(at))
		case c.state[other.Name] == 1:
			return fault(&expr.Error{Column: at.Column, Message: fmt.Sprintf("The fields go in a circle: %s needs %s, which needs %s.", name, other.Name, name)})
		}
		if err := c.field(other.Name); err != nil {
			return err
		}
	}
	c.stack = c.stack[:len(c.stack)-1]
	c.state[name] = 2
	return nil
}

// suggest lets an unknown name also mean a field that is not compiled yet.
func (c *compiler) suggest(e *expr.Error) *expr.Error {
	if e.Word == "" {
		return e
	}
	names := e.Allowed
	for _, f := range c.derivation.spec.Fields {
		if c.state[f.Name] == 0 && !f.Hidden {
			names = append(names, f.Name)
		}
	}
	return e.With(names)
}

// Source returns the columns that a table must have to be derived from.
func (d *Derivation) Source() *table.Schema { return d.source }

// Schema returns the columns of what is derived: those of the table, of the lookups, and the fields.
func (d *Derivation) Schema() *table.Schema { return d.schema }

// Spec returns what the derivation was made of.
func (d *Derivation) Spec() Spec { return d.spec }

// Hidden says whether a column only serves measures.
func (d *Derivation) Hidden(column string) bool {
	for _, f := range d.spec.Fields {
		if f.Name == column {
			return f.Hidden
		}
	}
	return false
}

// Tables returns the names of the tables that are looked up.
func (d *Derivation) Tables() []string {
	var names []string
	for _, l := range d.lookups {
		names = append(names, l.Table)
	}
	return names
}

// Note says how one lookup went.
type Note struct {
	Table, On string
	Duplicate int         // keys that several rows of the other table have; the first of them counts
	Twice     table.Value // one of them
	Missing   int64       // rows whose key the other table does not have
	Absent    table.Value // one of those keys
	Gone      bool        // there is no such table, or it has not the columns it had
}

// Apply derives a table. Other returns the tables that are looked up, nil for one that is not there: its columns are
// empty then.
func (d *Derivation) Apply(t *table.Table, other func(name string) *table.Table) (*table.Table, []Note, error) {
	if !t.Schema().Equal(d.source) {
		return nil, nil, fmt.Errorf("derive a table: its columns are not those that the fields were written for")
	}
	indexes := make([]*index, len(d.lookups))
	notes := make([]Note, len(d.lookups))
	for i, l := range d.lookups {
		indexes[i] = l.index(other(l.Table))
		notes[i] = Note{Table: l.Table, On: l.On, Duplicate: indexes[i].duplicate, Twice: indexes[i].twice, Gone: indexes[i].gone}
	}
	d.mu.Lock()
	last := d.last
	d.mu.Unlock()
	if last != nil && last.from == weak.Make(t) && slices.Equal(last.indexes, indexes) {
		return last.table, last.notes, nil
	}
	all := make([]*derived, len(t.Chunks()))
	parallel(len(all), func(i int) { all[i] = d.chunk(t.Chunks()[i], indexes) })
	chunks := make([]*table.Chunk, len(all))
	for i, x := range all {
		chunks[i] = x.chunk
		for n := range notes {
			if x.missing[n] > 0 && notes[n].Missing == 0 {
				notes[n].Absent = x.example[n]
			}
			notes[n].Missing += x.missing[n]
		}
	}
	made := &applied{from: weak.Make(t), indexes: indexes, table: table.New(d.schema, chunks...), notes: notes}
	d.mu.Lock()
	d.last = made
	d.mu.Unlock()
	return made.table, notes, nil
}

// chunk returns what is made of a chunk, from the memo where nothing it depends on has moved.
func (d *Derivation) chunk(c *table.Chunk, indexes []*index) *derived {
	key := c.Weak()
	d.mu.Lock()
	known := d.memo[key]
	d.mu.Unlock()
	if known != nil {
		same, touched := true, false
		for i, x := range indexes {
			if known.indexes[i] != x {
				same = false
				touched = touched || d.lookups[i].touches(c, known.indexes[i], x)
			}
		}
		if same {
			return known
		}
		if !touched {
			moved := *known
			moved.indexes = indexes
			d.remember(key, c, &moved)
			return &moved
		}
	}
	made := d.derive(c, indexes)
	d.remember(key, c, made)
	return made
}

func (d *Derivation) remember(key weak.Pointer[table.Chunk], c *table.Chunk, made *derived) {
	d.mu.Lock()
	_, known := d.memo[key]
	d.memo[key] = made
	d.mu.Unlock()
	if !known {
		// The derived chunk shares the columns of its source, and not the source itself: that can go, and takes this along.
		runtime.AddCleanup(c, d.forget, key)
	}
}

func (d *Derivation) forget(key weak.Pointer[table.Chunk]) {
	d.mu.Lock()
	delete(d.memo, key)
	d.mu.Unlock()
}

func (d *Derivation) derive(c *table.Chunk, indexes []*index) *derived {
	made := &derived{indexes: indexes, missing: make([]int64, len(indexes)), example: make([]table.Value, len(indexes))}
	columns := make([]*table.Column, 0, d.schema.Len())
	for i := range c.Columns() {
		columns = append(columns, c.Column(i))
	}
	for i, l := range d.lookups {
		var more []*table.Column
		more, made.missing[i], made.example[i] = l.columns(c, indexes[i])
		columns = append(columns, more...)
	}
	chunk := table.NewChunk(c.Rows(), columns, [16]byte{})
	for _, e := range d.fields {
		columns = append(columns, e.Eval(chunk))
		chunk = table.NewChunk(c.Rows(), columns[:len(columns):len(columns)], [16]byte{})
	}
	if d.where != nil {
		chunk = keep(chunk, d.where.Eval(chunk))
	}
	made.chunk = named(chunk, c, indexes)
	return made
}

// named gives a derived chunk the name of its source's content, where nothing else went into it: a run of chunks is cut
// by these names.
func named(chunk, source *table.Chunk, indexes []*index) *table.Chunk {
	if len(indexes) > 0 || source.Hash() == [16]byte{} {
		return chunk
	}
	columns := make([]*table.Column, chunk.Columns())
	for i := range columns {
		columns[i] = chunk.Column(i)
	}
	return table.NewChunk(chunk.Rows(), columns, source.Hash())
}

// keep returns the rows of a chunk for which a condition is true.
func keep(c *table.Chunk, truth *table.Column) *table.Chunk {
	if truth.Nulls() == truth.Len() {
		return table.NewChunk(0, nothing(c), [16]byte{})
	}
	var rows []int32
	for r := range c.Rows() {
		if !truth.IsNull(r) && truth.Bool(r) {
			rows = append(rows, int32(r))
		}
	}
	if len(rows) == c.Rows() {
		return c
	}
	columns := make([]*table.Column, c.Columns())
	for i := range columns {
		columns[i] = c.Column(i).Take(rows)
	}
	return table.NewChunk(len(rows), columns, [16]byte{})
}

func nothing(c *table.Chunk) []*table.Column {
	columns := make([]*table.Column, c.Columns())
	for i := range columns {
		columns[i] = table.NewNullColumn(c.Column(i).Type(), 0)
	}
	return columns
}

// parallel calls f for 0 to n-1 on every core.
func parallel(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wg.Wait()
}
