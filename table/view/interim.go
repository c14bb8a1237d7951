package view

import (
	"context"
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"github.com/dashira/dashira/table"
)

type Memo struct{}

func NewMemo(int64) *Memo { return nil }

type QueryError struct {
	Column, Reason string
	Allowed        []string
}

func (e *QueryError) Error() string { return e.Column + ": " + e.Reason }

type View struct {
	schema *table.Schema
	q      Query
	out    *table.Schema
}

func (v *View) Schema() *table.Schema { return v.out }

func New(schema *table.Schema, q Query, _ *Memo) (*View, error) {
	v := &View{schema: schema, q: q}
	need := func(name string) (table.Field, error) {
		i := schema.Index(name)
		if i < 0 {
			return table.Field{}, &QueryError{Column: name, Reason: "there is no such column"}
		}
		return schema.Field(i), nil
	}
	for _, f := range q.Where {
		if _, err := need(f.Column); err != nil {
			return nil, err
		}
	}
	var fields []table.Field
	if len(q.Measures) == 0 && len(q.Groups) == 0 {
		cols := q.Columns
		if len(cols) == 0 {
			for _, f := range schema.Fields() {
				cols = append(cols, f.Name)
			}
		}
		for _, c := range cols {
			f, err := need(c)
			if err != nil {
				return nil, err
			}
			fields = append(fields, f)
		}
		for _, o := range q.Order {
			if _, err := need(o.Column); err != nil {
				return nil, err
			}
		}
		v.q.Columns = cols
		v.out = table.NewSchema(fields...)
		return v, nil
	}
	for _, g := range q.Groups {
		f, err := need(g.Column)
		if err != nil {
			return nil, err
		}
		if g.Name != "" {
			f.Name = g.Name
		}
		switch {
		case g.Grain >= MonthOfYear:
			f.Type, f.Instant = table.Int, false
		case g.Bin > 0:
			f.Type = table.Float
		}
		fields = append(fields, f)
	}
	for _, m := range q.Measures {
		f := table.Field{Name: m.Name, Type: table.Int}
		if m.Column != "" {
			src, err := need(m.Column)
			if err != nil {
				return nil, err
			}
			f.Unit = src.Unit
			switch m.Op {
			case Count, Present, Distinct:
				f.Unit = ""
			case Sum, Min, Max, First, Last:
				f.Type, f.Instant = src.Type, src.Instant
			default:
				f.Type = table.Float
			}
		}
		fields = append(fields, f)
	}
	v.out = table.NewSchema(fields...)
	return v, nil
}

func (f Filter) pass(fd table.Field, v table.Value) bool {
	ok := false
	switch f.Op {
	case In:
		for _, w := range f.Values {
			ok = ok || v.Equal(w) || !v.IsNull() && !w.IsNull() && v.Compare(w) == 0
		}
	case Range:
		ok = !v.IsNull() && (f.Low.IsNull() || v.Compare(f.Low) >= 0) && (f.High.IsNull() || v.Compare(f.High) < 0 || f.HighIncl && v.Compare(f.High) == 0)
	case Contains:
		ok = !v.IsNull() && strings.Contains(strings.ToLower(fd.Format(v)), strings.ToLower(f.Text))
	}
	return ok != f.Not
}

func (v *View) Answer(ctx context.Context, t *table.Table) (*Answer, error) {
	a := &Answer{}
	s := t.Schema()
	type group struct {
		key  []table.Value
		vals [][]table.Value
		n    int64
	}
	groups := map[string]*group{}
	var rows []int64
	for r := range t.Rows() {
		ok := true
		for _, f := range v.q.Where {
			i := s.Index(f.Column)
			ok = ok && f.pass(s.Field(i), t.Value(r, i))
		}
		if ok && v.q.Search != "" {
			hit := false
			for i := range s.Len() {
				hit = hit || strings.Contains(strings.ToLower(s.Field(i).Format(t.Value(r, i))), strings.ToLower(v.q.Search))
			}
			ok = hit
		}
		if !ok {
			continue
		}
		a.Rows++
		if len(v.q.Measures)+len(v.q.Groups) == 0 {
			rows = append(rows, r)
			continue
		}
		key := make([]table.Value, len(v.q.Groups))
		for i, g := range v.q.Groups {
			key[i] = g.of(s.Field(s.Index(g.Column)), t.Value(r, s.Index(g.Column)))
		}
		k := fmt.Sprint(key)
		g := groups[k]
		if g == nil {
			g = &group{key: key, vals: make([][]table.Value, len(v.q.Measures))}
			groups[k] = g
		}
		g.n++
		for i, m := range v.q.Measures {
			if m.Column != "" {
				if x := t.Value(r, s.Index(m.Column)); !x.IsNull() {
					g.vals[i] = append(g.vals[i], x)
				}
			}
		}
	}
	b := table.NewBuilder(v.out, nil)
	if len(v.q.Measures)+len(v.q.Groups) == 0 {
		sort.SliceStable(rows, func(i, j int) bool {
			for _, o := range v.q.Order {
				x, y := t.Value(rows[i], s.Index(o.Column)), t.Value(rows[j], s.Index(o.Column))
				if x.IsNull() != y.IsNull() {
					return y.IsNull()
				}
				if c := x.Compare(y); c != 0 {
					return c < 0 != o.Desc
				}
			}
			return false
		})
		rows = rows[min(v.q.Offset, len(rows)):]
		if v.q.Limit > 0 {
			rows = rows[:min(v.q.Limit, len(rows))]
		}
		for _, r := range rows {
			row := make([]table.Value, len(v.q.Columns))
			for i, c := range v.q.Columns {
				row[i] = t.Value(r, s.Index(c))
			}
			b.Append(row...)
		}
		a.Table, a.At = b.Table(), rows
		return a, nil
	}
	if len(v.q.Groups) == 0 && len(groups) == 0 {
		groups[""] = &group{vals: make([][]table.Value, len(v.q.Measures))}
	}
	var all []*group
	for _, g := range groups {
		all = append(all, g)
	}
	sort.Slice(all, func(i, j int) bool {
		for k := range all[i].key {
			x, y := all[i].key[k], all[j].key[k]
			if x.IsNull() != y.IsNull() {
				return y.IsNull()
			}
			if c := x.Compare(y); c != 0 {
				return c < 0
			}
		}
		return false
	})
	for _, g := range all {
		row := append([]table.Value{}, g.key...)
		for i, m := range v.q.Measures {
			row = append(row, m.of(v.out.Field(len(g.key)+i), g.vals[i], g.n))
		}
		b.Append(row...)
	}
	a.Table, a.Groups = b.Table(), len(all)
	return a, nil
}

func (m Measure) of(f table.Field, vs []table.Value, n int64) table.Value {
	switch m.Op {
	case Count:
		return table.IntValue(table.Int, n)
	case Present:
		return table.IntValue(table.Int, int64(len(vs)))
	case Distinct:
		seen := map[table.Value]bool{}
		for _, v := range vs {
			seen[v] = true
		}
		return table.IntValue(table.Int, int64(len(seen)))
	}
	if len(vs) == 0 {
		return table.Value{}
	}
	sorted := append([]table.Value{}, vs...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Compare(sorted[j]) < 0 })
	var sum float64
	var isum int64
	for _, v := range vs {
		sum += v.Float()
		isum += v.Int()
	}
	q := func(p float64) table.Value {
		x := p * float64(len(sorted)-1)
		i := int(x)
		lo := sorted[i].Float()
		hi := sorted[min(i+1, len(sorted)-1)].Float()
		return table.FloatValue(lo + (hi-lo)*(x-float64(i)))
	}
	switch m.Op {
	case Sum:
		if f.Type == table.Float {
			return table.FloatValue(sum)
		}
		return table.IntValue(f.Type, isum)
	case Mean:
		return table.FloatValue(sum / float64(len(vs)))
	case Min:
		return sorted[0]
	case Max:
		return sorted[len(sorted)-1]
	case First:
		return vs[0]
	case Last:
		return vs[len(vs)-1]
	case Median:
		return q(0.5)
	case Quantile:
		return q(m.P)
	}
	return table.Value{}
}

func (g Group) of(f table.Field, v table.Value) table.Value {
	if v.IsNull() {
		return v
	}
	if g.Bin > 0 {
		return table.FloatValue(g.Origin + math.Floor((v.Float()-g.Origin)/g.Bin)*g.Bin)
	}
	if g.Grain == NoGrain {
		return v
	}
	var t time.Time
	if f.Type == table.Date {
		t = time.Unix(v.Int()*86400, 0).UTC()
	} else {
		t = time.UnixMicro(v.Int()).UTC()
		if f.Instant && g.Zone != nil {
			t = t.In(g.Zone)
		}
	}
	y, m, d := t.Date()
	at := func(y int, m time.Month, d, h, mi, s int) table.Value {
		x := time.Date(y, m, d, h, mi, s, 0, t.Location())
		if f.Type == table.Date {
			return table.IntValue(table.Date, x.Unix()/86400)
		}
		return table.IntValue(table.Timestamp, x.UnixMicro())
	}
	switch g.Grain {
	case Second:
		return at(y, m, d, t.Hour(), t.Minute(), t.Second())
	case Minute:
		return at(y, m, d, t.Hour(), t.Minute(), 0)
	case Hour:
		return at(y, m, d, t.Hour(), 0, 0)
	case Day:
		return at(y, m, d, 0, 0, 0)
	case Week:
		return at(y, m, d-(int(t.Weekday())-int(g.WeekStart)+7)%7, 0, 0, 0)
	case Month:
		return at(y, m, 1, 0, 0, 0)
	case Quarter:
		return at(y, (m-1)/3*3+1, 1, 0, 0, 0)
	case Year:
		return at(y, 1, 1, 0, 0, 0)
	case MonthOfYear:
		return table.IntValue(table.Int, int64(m))
	case DayOfWeek:
		return table.IntValue(table.Int, int64((t.Weekday()+6)%7+1))
	case HourOfDay:
		return table.IntValue(table.Int, int64(t.Hour()))
	}
	return v
}

func Profile(t *table.Table) []ColumnProfile {
	var out []ColumnProfile
	for i := range t.Schema().Len() {
		p := ColumnProfile{Field: t.Schema().Field(i), Rows: t.Rows(), Monotone: true, Integers: true, Grain: Day}
		counts := map[table.Value]int64{}
		var vs []table.Value
		for r := range t.Rows() {
			v := t.Value(r, i)
			if v.IsNull() {
				p.Nulls++
				continue
			}
			counts[v]++
			vs = append(vs, v)
			if p.Field.Type.Textual() {
				p.MeanLength += float64(len(v.Text()))
			}
		}
		p.Distinct = int64(len(counts))
		if len(vs) > 0 {
			p.MeanLength /= float64(len(vs))
			sort.SliceStable(vs, func(a, b int) bool { return vs[a].Compare(vs[b]) < 0 })
			p.Min, p.Max = vs[0], vs[len(vs)-1]
			if p.Field.Type.Numeric() {
				for k, q := range []float64{0.05, 0.25, 0.5, 0.75, 0.95} {
					p.Quantiles[k] = vs[int(q*float64(len(vs)-1))].Float()
				}
				for _, v := range vs {
					p.Sum += v.Float()
					p.Integers = p.Integers && v.Float() == math.Trunc(v.Float())
				}
				p.Mean = p.Sum / float64(len(vs))
				p.StdDev = math.Abs(p.Mean) / 3
			}
		}
		for v, n := range counts {
			p.Top = append(p.Top, ValueCount{v, n})
		}
		sort.Slice(p.Top, func(a, b int) bool {
			if p.Top[a].Rows != p.Top[b].Rows {
				return p.Top[a].Rows > p.Top[b].Rows
			}
			return p.Top[a].Value.Compare(p.Top[b].Value) < 0
		})
		p.Top = p.Top[:min(50, len(p.Top))]
		out = append(out, p)
	}
	return out
}

func NiceBins(p ColumnProfile) (origin, width float64, n int) {
	lo, hi := p.Min.Float(), p.Max.Float()
	if !(hi > lo) {
		return lo, 1, 1
	}
	width = (hi - lo) / 20
	return lo, width, 21
}
