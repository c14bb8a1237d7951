package view_test

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// The oracle answers a query the slow and obvious way: row by row, cell by cell, with Go's maps and Go's time package.

type row = []table.Value

// oracle is what an answer must hold.
type oracle struct {
	rows   []row
	at     []int64
	passed int64
	groups int
	others int
	other  row
	total  row
}

func passes(f view.Filter, field table.Field, v table.Value) bool {
	ok := false
	switch f.Op {
	case view.In:
		for _, w := range f.Values {
			ok = ok || v.Equal(w)
		}
		if v.IsNull() && f.Not {
			return !ok
		}
	case view.Range:
		ok = !v.IsNull() && (f.Low.IsNull() || v.Compare(f.Low) >= 0) && (f.High.IsNull() || v.Compare(f.High) < 0 || f.HighIncl && v.Compare(f.High) == 0)
	case view.Contains:
		ok = !v.IsNull() && strings.Contains(strings.ToLower(field.Format(v)), strings.ToLower(f.Text))
	}
	return ok != f.Not
}

func keyOf(g view.Group, field table.Field, v table.Value) table.Value {
	if v.IsNull() {
		return v
	}
	if g.Bin > 0 {
		k := math.Floor((v.Float() - g.Origin) / g.Bin)
		return table.FloatValue(g.Origin + k*g.Bin)
	}
	if g.Grain == view.NoGrain {
		return v
	}
	zone := time.UTC
	var at time.Time
	if field.Type == table.Date {
		at = time.Unix(v.Int()*86400, 0).UTC()
	} else {
		if field.Instant && g.Zone != nil {
			zone = g.Zone
		}
		at = time.UnixMicro(v.Int()).In(zone)
	}
	y, m, d := at.Date()
	var start time.Time
	switch g.Grain {
	case view.Millisecond:
		start = at.Truncate(time.Millisecond)
	case view.Second:
		start = at.Truncate(time.Second)
	case view.Minute:
		start = at.Truncate(time.Minute)
	case view.Hour:
		start = at.Truncate(time.Hour) // right where every offset is whole hours
	case view.Day:
		start = time.Date(y, m, d, 0, 0, 0, 0, zone)
	case view.Week:
		start = time.Date(y, m, d-(int(at.Weekday())-int(g.WeekStart)+7)%7, 0, 0, 0, 0, zone)
	case view.Month:
		start = time.Date(y, m, 1, 0, 0, 0, 0, zone)
	case view.Quarter:
		start = time.Date(y, (m-1)/3*3+1, 1, 0, 0, 0, 0, zone)
	case view.Year:
		start = time.Date(y, 1, 1, 0, 0, 0, 0, zone)
	case view.MonthOfYear:
		return table.IntValue(table.Int, int64(m))
	case view.DayOfWeek:
		return table.IntValue(table.Int, int64((at.Weekday()+6)%7)+1)
	case view.HourOfDay:
		return table.IntValue(table.Int, int64(at.Hour()))
	}
	if field.Type == table.Date {
		if g.Grain < view.Day {
			return v
		}
		return table.IntValue(table.Date, start.Unix()/86400)
	}
	return table.IntValue(table.Timestamp, start.UnixMicro())
}

// answer computes the oracle's answer of the rows.
func answer(schema *table.Schema, rows []row, q view.Query) oracle {
	var o oracle
	var passed []row
	for i, r := range rows {
		ok := true
		for _, f := range q.Where {
			c := schema.Index(f.Column)
			ok = ok && passes(f, schema.Field(c), r[c])
		}
		if ok && q.Search != "" {
			found := false
			for _, name := range columnsOf(schema, q) {
				c := schema.Index(name)
				found = found || strings.Contains(strings.ToLower(schema.Field(c).Format(r[c])), strings.ToLower(q.Search))
			}
			ok = found
		}
		if ok {
			passed = append(passed, r)
			o.at = append(o.at, int64(i))
		}
	}
	o.passed = int64(len(passed))
	if len(q.Groups)+len(q.Measures) == 0 {
		return selected(schema, rows, q, o)
	}
	o.at = nil

	members := map[string][]row{}
	keys := map[string]row{}
	if len(q.Groups) == 0 {
		members["[]"], keys["[]"] = nil, row{}
	}
	for _, r := range passed {
		var key row
		for _, g := range q.Groups {
			c := schema.Index(g.Column)
			key = append(key, keyOf(g, schema.Field(c), r[c]))
		}
		name := fmt.Sprint(key)
		members[name] = append(members[name], r)
		keys[name] = key
	}
	var names []string
	for name := range members {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		for i := range q.Groups {
			if d := ordered(keys[a][i], keys[b][i], false); d != 0 {
				return d
			}
		}
		return 0
	})
	wide := make([]bool, len(q.Measures))
	all := make([]row, len(names))
	for i, name := range names {
		all[i] = slices.Concat(keys[name], measures(schema, members[name], q))
		for m, measure := range q.Measures {
			wide[m] = wide[m] || measure.Op == view.Sum && schema.Field(schema.Index(measure.Column)).Type == table.Int && all[i][len(q.Groups)+m].Type() == table.Float
		}
	}
	for _, r := range all {
		for m := range wide {
			if v := &r[len(q.Groups)+m]; wide[m] && !v.IsNull() {
				*v = table.FloatValue(v.Float())
			}
		}
	}
	index := make([]int, len(all))
	for i := range index {
		index[i] = i
	}
	column := func(name string) int {
		for i, g := range q.Groups {
			if cmp.Or(g.Name, g.Column) == name {
				return i
			}
		}
		return len(q.Groups) + slices.IndexFunc(q.Measures, func(m view.Measure) bool { return m.Name == name })
	}
	for _, f := range q.Having {
		index = slices.DeleteFunc(index, func(i int) bool { return !passes(f, table.Field{}, all[i][column(f.Column)]) })
	}
	slices.SortStableFunc(index, func(a, b int) int {
		for _, by := range q.Order {
			if d := ordered(all[a][column(by.Column)], all[b][column(by.Column)], by.Desc); d != 0 {
				return d
			}
		}
		return 0
	})
	o.groups = len(index)
	var rest []row
	for i, n := range index {
		if q.Limit == 0 || i < q.Limit {
			o.rows = append(o.rows, all[n])
		} else {
			o.others++
			rest = append(rest, members[names[n]]...)
		}
	}
	if !q.Other {
		o.others = 0
	}
	// First and Last of the rest go by the table's order again.
	if q.Other && o.others > 0 {
		in := map[*table.Value]bool{}
		for _, r := range rest {
			in[&r[0]] = true
		}
		o.other = measures(schema, slices.DeleteFunc(slices.Clone(passed), func(r row) bool { return !in[&r[0]] }), q)
	}
	o.total = measures(schema, passed, q)
	return o
}

func columnsOf(schema *table.Schema, q view.Query) []string {
	if len(q.Columns) > 0 {
		return q.Columns
	}
	var names []string
	for _, f := range schema.Fields() {
		names = append(names, f.Name)
	}
	return names
}

func selected(schema *table.Schema, rows []row, q view.Query, o oracle) oracle {
	slices.SortStableFunc(o.at, func(a, b int64) int {
		for _, by := range q.Order {
			c := schema.Index(by.Column)
			if d := ordered(rows[a][c], rows[b][c], by.Desc); d != 0 {
				return d
			}
		}
		return 0
	})
	o.at = o.at[min(q.Offset, len(o.at)):]
	if q.Limit > 0 {
		o.at = o.at[:min(q.Limit, len(o.at))]
	}
	for _, i := range o.at {
		var r row
		for _, name := range columnsOf(schema, q) {
			r = append(r, rows[i][schema.Index(name)])
		}
		o.rows = append(o.rows, r)
	}
	return o
}

func ordered(a, b table.Value, desc bool) int {
	if a.IsNull() || b.IsNull() {
		return -a.Compare(b)
	}
	if desc {
		return b.Compare(a)
	}
	return a.Compare(b)
}

func measures(schema *table.Schema, rows []row, q view.Query) row {
	out := make(row, len(q.Measures))
	for i, m := range q.Measures {
		if m.Op != view.Ratio && m.Op != view.Computed {
			out[i] = aggregate(schema, rows, m)
		}
	}
	for i, m := range q.Measures {
		if m.Op == view.Ratio {
			of := func(name string) float64 {
				return out[slices.IndexFunc(q.Measures, func(o view.Measure) bool { return o.Name == name })].Float()
			}
			out[i] = table.FloatValue(of(m.Of[0]) / of(m.Of[1]))
		}
		if m.Op == view.Computed {
			of := func(name string) float64 {
				return out[slices.IndexFunc(q.Measures, func(o view.Measure) bool { return o.Name == name })].Float()
			}
			if sold, n := of("units sold"), of("rows"); sold > n {
				out[i] = table.FloatValue(sold*2 - n)
			}
		}
	}
	return out
}

func aggregate(schema *table.Schema, rows []row, m view.Measure) table.Value {
	count := func(n int) table.Value { return table.IntValue(table.Int, int64(n)) }
	if m.Op == view.Count {
		return count(len(rows))
	}
	c := schema.Index(m.Column)
	by := schema.Index(m.By)
	typ := schema.Field(c).Type
	moment := typ == table.Time || typ == table.Timestamp || typ == table.Date
	var cells []table.Value
	if m.Op == view.First || m.Op == view.Last {
		rows = slices.Clone(rows)
		if by >= 0 {
			slices.SortStableFunc(rows, func(a, b row) int { return a[by].Compare(b[by]) })
			rows = slices.DeleteFunc(rows, func(r row) bool { return r[by].IsNull() })
		}
	}
	for _, r := range rows {
		if !r[c].IsNull() {
			cells = append(cells, r[c])
		}
	}
	different := map[table.Value]bool{}
	var numbers []float64
	exact, whole := new(big.Rat), new(big.Int)
	for _, v := range cells {
		different[v] = true
		x := v.Float()
		if typ == table.Duration || moment {
			x = float64(v.Int())
		}
		numbers = append(numbers, x)
		if r := new(big.Rat).SetFloat64(x); r != nil {
			exact.Add(exact, r)
		}
		whole.Add(whole, big.NewInt(v.Int()))
	}
	number := func(x float64) table.Value {
		if typ == table.Duration || moment {
			return table.IntValue(typ, int64(math.Round(x)))
		}
		return table.FloatValue(x)
	}
	switch m.Op {
	case view.Present:
		return count(len(cells))
	case view.Distinct:
		return count(len(different))
	}
	if len(cells) == 0 {
		return table.Value{}
	}
	switch m.Op {
	case view.Sum:
		if typ == table.Float {
			x, _ := exact.Float64()
			return table.FloatValue(x)
		}
		if whole.IsInt64() {
			return table.IntValue(typ, whole.Int64())
		}
		x, _ := new(big.Float).SetInt(whole).Float64()
		return table.FloatValue(x)
	case view.Mean:
		if typ != table.Float {
			exact.SetInt(whole)
		}
		x, _ := exact.Quo(exact, new(big.Rat).SetInt64(int64(len(cells)))).Float64()
		return number(x)
	case view.Min:
		return slices.MinFunc(cells, table.Value.Compare)
	case view.Max:
		return slices.MaxFunc(cells, table.Value.Compare)
	case view.Median, view.Quantile:
		p := m.P
		if m.Op == view.Median {
			p = 0.5
		}
		slices.Sort(numbers)
		rank := p * float64(len(numbers)-1)
		low, high := numbers[int(math.Floor(rank))], numbers[int(math.Ceil(rank))]
		return number(low + (high-low)*(rank-math.Floor(rank)))
	case view.StdDev:
		if len(numbers) < 2 {
			return table.Value{}
		}
		mean, sum := 0.0, 0.0
		for _, x := range numbers {
			mean += x / float64(len(numbers))
		}
		for _, x := range numbers {
			sum += (x - mean) * (x - mean)
		}
		return number(math.Sqrt(sum / float64(len(numbers)-1)))
	case view.First:
		return cells[0]
	case view.Last:
		return cells[len(cells)-1]
	}
	panic("the oracle does not know the aggregate")
}

// alike compares an answer's cell with the oracle's: exactly, save for the last digits of computed Floats and the last
// microseconds of a computed Duration.
func alike(got, want table.Value) bool {
	if got.Equal(want) {
		return true
	}
	if got.Type() != want.Type() {
		return false
	}
	switch got.Type() {
	case table.Float:
		d := math.Abs(got.Float() - want.Float())
		return d <= 1e-9*max(1, math.Abs(want.Float()))
	case table.Duration, table.Timestamp, table.Time, table.Date:
		d := got.Int() - want.Int()
		return -1 <= d && d <= 1
	}
	return false
}
