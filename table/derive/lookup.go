package derive

import (
	"fmt"
	"sync"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/expr"
)

// lookup is a checked Lookup.
type lookup struct {
	Lookup
	on     int // the column of this table
	key    int // the column of the other
	taken  []int
	fields []table.Field // as they are called here
	dicts  []*table.Dict // of the text among them

	mu   sync.Mutex
	last *index
	diff *difference
}

// index is one revision of the table that is looked up, by its key.
type index struct {
	table     *table.Table
	rows      map[table.Value]int64
	duplicate int
	twice     table.Value
	gone      bool
}

// difference is the keys whose rows differ between two indexes.
type difference struct {
	from, to *index
	keys     map[table.Value]bool
}

// newLookup checks a lookup and names the columns that it adds: as they are called in their table, or, where there is
// such a column already, with the table's name and a dot before it.
func newLookup(schema *table.Schema, l Lookup, before []table.Field) (*lookup, []table.Field, error) {
	if l.Key == "" {
		l.Key = l.On
	}
	made := &lookup{Lookup: l, on: schema.Index(l.On), key: l.Schema.Index(l.Key)}
	names := func(s *table.Schema) []string {
		var all []string
		for _, f := range s.Fields() {
			all = append(all, f.Name)
		}
		return all
	}
	unknown := func(column string, s *table.Schema) error {
		return (&expr.Error{Column: 1, Message: fmt.Sprintf("%q is not a column of it.", column), Word: column}).With(names(s))
	}
	switch {
	case made.on < 0:
		return nil, nil, unknown(l.On, schema)
	case made.key < 0:
		return nil, nil, unknown(l.Key, l.Schema)
	}
	a, b := schema.Field(made.on), l.Schema.Field(made.key)
	if a.Type != b.Type && !(a.Type.Textual() && b.Type.Textual()) {
		return nil, nil, &expr.Error{Column: 1, Message: fmt.Sprintf("%q holds %s values here and %q %s values in %s.", l.On, a.Type, l.Key, b.Type, l.Table),
			Hint: "A key must have one type in both; the type of a column can be set under \"sources\"."}
	}
	taken := map[string]bool{}
	for _, f := range before {
		taken[f.Name] = true
	}
	for i, f := range l.Schema.Fields() {
		if i == made.key {
			continue
		}
		if taken[f.Name] {
			f.Name = l.Table + "." + f.Name
		}
		if taken[f.Name] {
			continue
		}
		taken[f.Name] = true
		made.taken = append(made.taken, i)
		made.fields = append(made.fields, f)
		var dict *table.Dict
		if f.Type.Textual() {
			dict = table.NewDict()
		}
		made.dicts = append(made.dicts, dict)
	}
	return made, made.fields, nil
}

// index returns the index of a revision of the other table; nil stands for one that is not there.
func (l *lookup) index(t *table.Table) *index {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t != nil && !t.Schema().Equal(l.Schema) {
		t = nil
	}
	if l.last != nil && l.last.table == t {
		return l.last
	}
	x := &index{table: t, rows: map[table.Value]int64{}, gone: t == nil}
	if t != nil {
		several := map[table.Value]bool{}
		row := int64(0)
		for _, c := range t.Chunks() {
			key := c.Column(l.key)
			for r := range c.Rows() {
				v := keyOf(key, r)
				if _, known := x.rows[v]; known && !v.IsNull() {
					if !several[v] {
						several[v] = true
						x.duplicate++
						x.twice = v
					}
				} else if !v.IsNull() {
					x.rows[v] = row
				}
				row++
			}
		}
	}
	l.last = x
	return x
}

// keyOf returns a key; nested text and plain text of one spelling are one key.
func keyOf(c *table.Column, r int) table.Value {
	v := c.Value(r)
	if v.Type() == table.Nested {
		return table.TextValue(table.String, v.Text())
	}
	return v
}

// touches says whether a chunk refers to a key whose row differs between two indexes.
func (l *lookup) touches(c *table.Chunk, from, to *index) bool {
	keys := l.changed(from, to)
	if len(keys) == 0 {
		return false
	}
	col := c.Column(l.on)
	if codes := col.Codes(); codes != nil {
		hit := map[uint32]bool{}
		for v := range keys {
			if code, ok := col.Dict().Lookup(v.Text()); ok {
				hit[code] = true
			}
		}
		if len(hit) == 0 {
			return false
		}
		for r, code := range codes {
			if hit[code] && !col.IsNull(r) {
				return true
			}
		}
		return false
	}
	for r := range c.Rows() {
		if !col.IsNull(r) && keys[keyOf(col, r)] {
			return true
		}
	}
	return false
}

// changed returns the keys whose rows differ. The last answer is remembered: every chunk asks the same.
func (l *lookup) changed(from, to *index) map[table.Value]bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.diff != nil && l.diff.from == from && l.diff.to == to {
		return l.diff.keys
	}
	keys := map[table.Value]bool{}
	for k, row := range from.rows {
		other, ok := to.rows[k]
		if !ok || !l.same(from.table, row, to.table, other) {
			keys[k] = true
		}
	}
	for k := range to.rows {
		if _, ok := from.rows[k]; !ok {
			keys[k] = true
		}
	}
	l.diff = &difference{from, to, keys}
	return keys
}

func (l *lookup) same(a *table.Table, i int64, b *table.Table, j int64) bool {
	chunkA, rowA := a.Locate(i)
	chunkB, rowB := b.Locate(j)
	x, y := a.Chunks()[chunkA], b.Chunks()[chunkB]
	for _, c := range l.taken {
		if !x.Column(c).Value(rowA).Equal(y.Column(c).Value(rowB)) {
			return false
		}
	}
	return true
}

// columns looks the rows of a chunk up.
func (l *lookup) columns(c *table.Chunk, x *index) (columns []*table.Column, missing int64, example table.Value) {
	col := c.Column(l.on)
	rows := make([]int64, c.Rows())
	known := map[uint32]int64{}
	for r := range rows {
		rows[r] = -1
		if col.IsNull(r) {
			continue
		}
		var row int64
		ok := false
		if codes := col.Codes(); codes != nil {
			if row, ok = known[codes[r]]; !ok {
				if row, ok = x.rows[keyOf(col, r)]; !ok {
					row = -1
				}
				known[codes[r]] = row
			}
			ok = row >= 0
		} else {
			row, ok = x.rows[keyOf(col, r)]
		}
		if ok {
			rows[r] = row
			continue
		}
		if missing == 0 {
			example = keyOf(col, r)
		}
		missing++
	}
	for i, from := range l.taken {
		columns = append(columns, l.gather(x, from, l.fields[i].Type, l.dicts[i], rows))
	}
	return columns, missing, example
}

// gather copies cells of the other table; -1 is an empty one.
func (l *lookup) gather(x *index, column int, t table.Type, dict *table.Dict, rows []int64) *table.Column {
	b := table.NewColumnBuilder(t, dict)
	type found struct {
		row  int64
		cell table.Value
	}
	last := found{row: -1}
	for _, row := range rows {
		if row < 0 {
			b.Append(table.Value{})
			continue
		}
		if row != last.row {
			last = found{row, x.table.Value(row, column)}
		}
		b.Append(last.cell)
	}
	return b.Column()
}
