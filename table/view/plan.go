package view

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
)

// QueryError says why a query cannot be asked of a table.
type QueryError struct {
	Column  string   // the name that is at fault; empty: the query as a whole
	Allowed []string // names that would do, the nearest first; nil: the name is not the fault
	Reason  string
}

func (e *QueryError) Error() string {
	if e.Column == "" {
		return e.Reason
	}
	text := fmt.Sprintf("column %q: %s", e.Column, e.Reason)
	if len(e.Allowed) > 0 {
		text += fmt.Sprintf(" (did you mean %q?)", e.Allowed[0])
	}
	return text
}

// plan is a query with its names resolved. It does not change after newPlan.
type plan struct {
	query    Query
	schema   *table.Schema
	where    []*predicate
	groups   []groupPlan
	states   []stateSpec // what is kept per group, each once
	measures []measurePlan
	having   []*predicate // on answer
	order    []orderPlan
	answer   *table.Schema // groups, measures; or the selected columns
	rows     bool          // it selects rows
	columns  []int         // of a selection of rows
	needle   *search       // of a selection of rows
	used     []int         // columns that groups and states read
}

type groupPlan struct {
	column int
	kind   keyKind
	cal    calendar
	bin    float64
	origin float64
	width  int64 // of a span, in the column's unit
	from   int64 // an edge of spans
	field  table.Field
}

type keyKind uint8

const (
	keyInt    keyKind = iota // Int, Date, Time, Timestamp, Duration, Bool by value
	keyFloat                 // the bits of a Float
	keyText                  // a code or a text
	keyBucket                // microseconds of a Timestamp's bucket, or its number in a cycle
	keyDay                   // the same of a Date, in days
	keyBin                   // the bits of a whole Float: how many widths from the origin
	keySpan                  // where a span of a Timestamp, a Time or a Date begins, in the column's unit
)

type orderPlan struct {
	column int // of the answer; of a selection of rows: of the source
	desc   bool
}

type measurePlan struct {
	op    Aggregate
	p     float64
	state int
	of    [2]int // measures of a Ratio; the first, of one that goes along others
	parts []int  // measures that a Computed one is made of
	back  int    // rows that such a one looks back
	year  bool   // it looks a year back instead
	level bool   // an empty value of the other counts as 0
	field table.Field
}

// stateSpec names a state: equal specs share it.
type stateSpec struct {
	kind   stateKind
	column int
	by     int // -1: the table's order
}

type stateKind uint8

const (
	stateCount stateKind = iota
	statePresent
	stateSum
	stateMin
	stateMax
	stateMoments
	stateQuantiles
	stateDistinct
	stateFirst
	stateLast
)

func newPlan(schema *table.Schema, q Query) (*plan, error) {
	p := &plan{query: q, schema: schema}
	for _, f := range q.Where {
		c, err := p.column(f.Column)
		if err != nil {
			return nil, err
		}
		pred, err := newPredicate(f, schema.Field(c), c)
		if err != nil {
			return nil, err
		}
		p.where = append(p.where, pred)
	}
	if q.Limit < 0 || q.Offset < 0 {
		return nil, &QueryError{Reason: "limit and offset must not be negative"}
	}
	if len(q.Groups)+len(q.Measures) == 0 {
		p.rows = true
		if err := p.resolveRows(); err != nil {
			return nil, err
		}
		return p, nil
	}
	if q.Search != "" || q.Offset > 0 || len(q.Columns) > 0 {
		return nil, &QueryError{Reason: "columns, search and offset belong to a query without groups and measures"}
	}
	for i, g := range q.Groups {
		if err := p.addGroup(i, g); err != nil {
			return nil, err
		}
	}
	for _, m := range q.Measures {
		if err := p.addMeasure(m); err != nil {
			return nil, err
		}
	}
	if err := p.resolveRatios(); err != nil {
		return nil, err
	}
	if err := p.resolveComputed(); err != nil {
		return nil, err
	}
	if err := p.resolveAlong(); err != nil {
		return nil, err
	}
	fields := make([]table.Field, 0, len(p.groups)+len(p.measures))
	for _, g := range p.groups {
		fields = append(fields, g.field)
	}
	for _, m := range p.measures {
		fields = append(fields, m.field)
	}
	for i, f := range fields {
		if slices.IndexFunc(fields, func(o table.Field) bool { return o.Name == f.Name }) != i {
			return nil, &QueryError{Column: f.Name, Reason: "two columns of the answer have this name"}
		}
	}
	p.answer = table.NewSchema(fields...)
	p.used = p.columnsRead()
	for _, f := range q.Having {
		c, err := columnOf(p.answer, f.Column)
		if err != nil {
			return nil, err
		}
		pred, err := newPredicate(f, p.answer.Field(c), c)
		if err != nil {
			return nil, err
		}
		p.having = append(p.having, pred)
	}
	for _, o := range q.Order {
		c, err := columnOf(p.answer, o.Column)
		if err != nil {
			return nil, err
		}
		p.order = append(p.order, orderPlan{c, o.Desc})
	}
	return p, nil
}

func (p *plan) column(name string) (int, error) { return columnOf(p.schema, name) }

func columnOf(schema *table.Schema, name string) (int, error) {
	if i := schema.Index(name); i >= 0 {
		return i, nil
	}
	var names []string
	for _, f := range schema.Fields() {
		if !strings.HasPrefix(f.Name, "\x00") { // one that only serves a measure
			names = append(names, f.Name)
		}
	}
	return -1, &QueryError{Column: name, Allowed: nearest(name, names), Reason: "there is no such column"}
}

func (p *plan) addGroup(i int, g Group) error {
	c, err := p.column(g.Column)
	if err != nil {
		return err
	}
	f := p.schema.Field(c)
	plan := groupPlan{column: c, field: f}
	bad := func(reason string, args ...any) error {
		return &QueryError{Column: g.Column, Reason: fmt.Sprintf(reason, args...)}
	}
	switch {
	case g.Grain > HourOfDay:
		return bad("grain %d is not known", g.Grain)
	case g.Grain != NoGrain && g.Bin != 0:
		return bad("a group has a grain or a bin, not both")
	case g.Grain != NoGrain && !f.Type.Temporal() && f.Type != table.Null:
		return bad("a grain needs a date or timestamp, not a %s", f.Type)
	case g.Bin != 0 && !f.Type.Numeric() && !f.Type.Temporal() && f.Type != table.Time && f.Type != table.Null:
		return bad("a bin needs a number or a time, not a %s", f.Type)
	case !(g.Bin >= 0 && g.Bin <= maxFinite) || !(g.Origin >= -maxFinite && g.Origin <= maxFinite):
		return bad("a bin needs a positive finite width and a finite origin")
	case g.Fill && i > 0:
		return bad("only the first group can be filled")
	case g.Fill && (g.Grain == NoGrain || g.Grain >= MonthOfYear):
		return bad("a group is filled by calendar buckets: it needs a grain that is not cyclic")
	}
	switch {
	case g.Grain != NoGrain:
		plan.cal = newCalendar(g, f)
		plan.kind = keyBucket
		if f.Type == table.Date {
			plan.kind = keyDay
			if g.Grain < Day {
				plan.cal.grain = Day
			}
		}
		if g.Grain >= MonthOfYear {
			plan.field.Type, plan.field.Instant, plan.field.Unit = table.Int, false, ""
		}
	case g.Bin > 0 && (f.Type.Temporal() || f.Type == table.Time):
		plan.kind = keySpan
		plan.width, plan.from = spanOf(g, f.Type)
	case g.Bin > 0:
		plan.kind, plan.bin, plan.origin = keyBin, g.Bin, g.Origin
		plan.field.Type = table.Float
	case f.Type.Textual():
		plan.kind = keyText
	case f.Type == table.Float:
		plan.kind = keyFloat
	}
	if g.Name != "" {
		plan.field.Name = g.Name
	}
	p.groups = append(p.groups, plan)
	return nil
}

// spanOf returns the width and an edge of the spans of a time, in the column's unit: at least one of it.
func spanOf(g Group, t table.Type) (width, from int64) {
	unit := 1e6
	if t == table.Date {
		unit = 1.0 / 86_400
	}
	whole := func(x float64) int64 { return int64(math.Round(min(max(x*unit, -1<<62), 1<<62))) }
	return max(1, whole(g.Bin)), whole(g.Origin)
}

var stateOf = [...]stateKind{
	Count: stateCount, Present: statePresent, Sum: stateSum, Mean: stateSum, Min: stateMin, Max: stateMax,
	Median: stateQuantiles, Quantile: stateQuantiles, StdDev: stateMoments, Distinct: stateDistinct,
	First: stateFirst, Last: stateLast,
}

func (p *plan) addMeasure(m Measure) error {
	plan := measurePlan{op: m.Op, p: m.P, state: -1}
	if m.Name == "" {
		return &QueryError{Reason: "a measure needs a name"}
	}
	if m.Op > Computed {
		return &QueryError{Column: m.Name, Reason: fmt.Sprintf("aggregate %d is not known", m.Op)}
	}
	if m.Op == Count || m.Op >= Ratio {
		plan.field = table.Field{Name: m.Name, Type: table.Int}
		if m.Op == Count {
			plan.state = p.state(stateSpec{kind: stateCount, column: -1, by: -1})
		}
		p.measures = append(p.measures, plan)
		return nil
	}
	c, err := p.column(m.Column)
	if err != nil {
		return err
	}
	f := p.schema.Field(c)
	spec := stateSpec{kind: stateOf[m.Op], column: c, by: -1}
	field := table.Field{Name: m.Name, Type: f.Type, Unit: f.Unit, Instant: f.Instant}
	switch m.Op {
	case Present, Distinct:
		field = table.Field{Name: m.Name, Type: table.Int}
	case Sum, Mean, Median, Quantile, StdDev:
		moment := (m.Op == Median || m.Op == Quantile) && (f.Type.Temporal() || f.Type == table.Time)
		if !moment && !f.Type.Numeric() && f.Type != table.Null && f.Type != table.Bool {
			return &QueryError{Column: m.Column, Allowed: p.numeric(m.Column), Reason: fmt.Sprintf("the aggregate needs numbers, not a %s", f.Type)}
		}
		switch {
		case f.Type == table.Bool && m.Op == Sum:
			field.Type = table.Int
		case moment:
		case f.Type != table.Duration && (m.Op != Sum || f.Type == table.Null):
			field.Type = table.Float
		}
		if m.Op == Median {
			plan.p = 0.5
		}
		if !(plan.p >= 0 && plan.p <= 1) {
			return &QueryError{Column: m.Column, Reason: fmt.Sprintf("quantile %v is not between 0 and 1", m.P)}
		}
	case First, Last:
		if m.By != "" {
			if spec.by, err = p.column(m.By); err != nil {
				return err
			}
		}
	}
	plan.field = field
	plan.state = p.state(spec)
	p.measures = append(p.measures, plan)
	return nil
}

func (p *plan) resolveRatios() error {
	for i, m := range p.query.Measures {
		if m.Op != Ratio {
			continue
		}
		for n, name := range m.Of {
			j := slices.IndexFunc(p.query.Measures, func(o Measure) bool { return o.Name == name })
			if j < 0 {
				var names []string
				for _, o := range p.query.Measures {
					if o.Op < Ratio {
						names = append(names, o.Name)
					}
				}
				return &QueryError{Column: name, Allowed: nearest(name, names), Reason: "there is no such measure to make a ratio of"}
			}
			if t := p.measures[j].field.Type; p.measures[j].op >= Ratio || !t.Numeric() && t != table.Null {
				return &QueryError{Column: name, Reason: "a ratio needs two measures that are numbers and not computed from others"}
			}
			p.measures[i].of[n] = j
		}
		p.measures[i].field.Type = table.Float
	}
	return nil
}

func (p *plan) state(s stateSpec) int {
	if i := slices.Index(p.states, s); i >= 0 {
		return i
	}
	p.states = append(p.states, s)
	return len(p.states) - 1
}

func (p *plan) columnsRead() []int {
	var used []int
	for _, g := range p.groups {
		used = append(used, g.column)
	}
	for _, s := range p.states {
		used = append(used, s.column, s.by)
	}
	for _, f := range p.where {
		used = append(used, f.column)
	}
	slices.Sort(used)
	used = slices.Compact(used)
	return slices.DeleteFunc(used, func(c int) bool { return c < 0 })
}

func (p *plan) numeric(near string) []string {
	var names []string
	for _, f := range p.schema.Fields() {
		if f.Type.Numeric() {
			names = append(names, f.Name)
		}
	}
	return nearest(near, names)
}

func (p *plan) resolveRows() error {
	if len(p.query.Having) > 0 || p.query.Other {
		return &QueryError{Reason: "having and other belong to a query with measures"}
	}
	var fields []table.Field
	if len(p.query.Columns) == 0 {
		for i, f := range p.schema.Fields() {
			p.columns = append(p.columns, i)
			fields = append(fields, f)
		}
	}
	for _, name := range p.query.Columns {
		c, err := p.column(name)
		if err != nil {
			return err
		}
		p.columns = append(p.columns, c)
		fields = append(fields, p.schema.Field(c))
	}
	p.answer = table.NewSchema(fields...)
	for _, o := range p.query.Order {
		c, err := p.column(o.Column)
		if err != nil {
			return err
		}
		p.order = append(p.order, orderPlan{c, o.Desc})
	}
	if p.query.Search != "" && p.schema.Len() > 0 {
		p.needle = newSearch(p.query.Search, p.schema, p.columns)
	}
	return nil
}

// nearest sorts names by how few letters must change to make them the wanted one, and keeps the first ten.
func nearest(want string, names []string) []string {
	want = strings.ToLower(want)
	names = slices.Clone(names)
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Compare(editDistance(want, strings.ToLower(a)), editDistance(want, strings.ToLower(b)))
	})
	return names[:min(len(names), 10)]
}

// editDistance is Levenshtein's distance in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
