package view_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// alongCell computes one cell of a measure that goes along another, from the rows of the answer without it: key columns,
// then the base.
func alongCell(m view.Measure, rows []row, i, keys int, total table.Value) table.Value {
	v := rows[i][keys]
	if m.Op == view.Share {
		return table.FloatValue(v.Float() / total.Float())
	}
	if rows[i][0].IsNull() {
		return table.Value{}
	}
	var line []table.Value // up to this row, the row included
	for _, r := range rows {
		if r[0].IsNull() || r[0].Compare(rows[i][0]) > 0 || !slices.Equal(r[1:keys], rows[i][1:keys]) {
			continue
		}
		line = append(line, r[keys])
	}
	there := func(of []table.Value) (sum float64, n int) {
		for _, v := range of {
			if !v.IsNull() {
				sum += v.Float()
				n++
			}
		}
		return sum, n
	}
	as := func(x float64) table.Value {
		switch t := v.Type(); {
		case t == table.Duration || t == table.Null && m.Column == "took":
			return table.IntValue(table.Duration, int64(math.Round(x*1e6)))
		}
		return table.FloatValue(x)
	}
	switch m.Op {
	case view.Running:
		if sum, n := there(line); n > 0 {
			return as(sum)
		}
	case view.MovingMean:
		window := m.Window
		if window == 0 {
			window = 3
		}
		if sum, n := there(line[max(0, len(line)-window):]); n > 0 {
			return as(sum / float64(n))
		}
	case view.Difference, view.Change:
		back := max(1, m.Window)
		if len(line) <= back || v.IsNull() || line[len(line)-1-back].IsNull() {
			break
		}
		before := line[len(line)-1-back].Float()
		if m.Op == view.Difference {
			return as(v.Float() - before)
		}
		return table.FloatValue((v.Float() - before) / math.Abs(before))
	}
	return table.Value{}
}

func FuzzMeasuresAlongOthersAreWhatAWalkSays(f *testing.F) {
	for seed := range uint64(150) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 21))
		p := newPool(rng, true)
		var rows []row
		for range rng.IntN(120) {
			r := randomRow(rng, 12)
			if r[1].Int() > 1000 {
				r[1] = table.Value{}
			}
			rows = append(rows, r)
		}
		tb := p.table(rows)
		column := pick(rng, "units", "amount", "took")
		base := view.Measure{Name: "base", Op: pick(rng, view.Sum, view.Mean, view.Max), Column: column}
		groups := []view.Group{{Column: "day", Grain: view.Day, Fill: rng.IntN(2) == 0}}
		if rng.IntN(3) == 0 {
			groups = []view.Group{{Column: "units"}}
		}
		for _, name := range []string{"paid", "city"}[:rng.IntN(3)] {
			groups = append(groups, view.Group{Column: name})
		}
		plain := ask(t, tb, view.Query{Groups: groups, Measures: []view.Measure{base}})
		want := cells(plain.Table)
		q := view.Query{Groups: groups, Measures: []view.Measure{base}}
		for op := view.Running; op <= view.Share; op++ {
			q.Measures = append(q.Measures, view.Measure{Name: fmt.Sprint("m", op), Op: op, Of: [2]string{"base"}, Window: rng.IntN(5)})
		}
		got := ask(t, tb, q)
		table0 := cells(got.Table)
		if len(table0) != len(want) {
			t.Fatalf("%d rows, not %d", len(table0), len(want))
		}
		for i, r := range table0 {
			for k, m := range q.Measures[1:] {
				m.Column = column
				w := alongCell(m, want, i, len(groups), plain.Total[0])
				g := r[len(groups)+1+k]
				if g.IsNull() != w.IsNull() || !g.IsNull() && math.Abs(g.Float()-w.Float()) > 2e-6*max(1, math.Abs(w.Float())) {
					t.Fatalf("%+v of %+v, row %d of %v: %v, want %v", m, base, i, want, g, w)
				}
			}
		}
		// A limit and an order choose rows; they do not change them.
		q.Order, q.Limit = []view.Order{{Column: "m13", Desc: true}}, 3
		for _, r := range cells(ask(t, tb, q).Table) {
			if !slices.ContainsFunc(table0, func(o row) bool { return slices.Equal(o, r) }) {
				t.Fatalf("a row that is not in the whole answer: %v", r)
			}
		}
	})
}

func TestARunningTotalBeyond64BitsIsAFloat(t *testing.T) {
	s := table.NewSchema(table.Field{Name: "day", Type: table.Date}, table.Field{Name: "n", Type: table.Int})
	b := table.NewBuilder(s, nil)
	for day := range int64(3) {
		b.Append(table.IntValue(table.Date, day), table.IntValue(table.Int, math.MaxInt64/2+1))
	}
	a := ask(t, b.Table(), view.Query{Groups: []view.Group{{Column: "day"}}, Measures: []view.Measure{
		{Name: "n", Op: view.Max, Column: "n"}, {Name: "running", Op: view.Running, Of: [2]string{"n"}},
		{Name: "more", Op: view.Difference, Of: [2]string{"n"}},
	}})
	r := cells(a.Table)
	if a.Table.Schema().Field(2).Type != table.Float || r[2][2].Float() != 3*float64(1<<62) || r[0][2].Float() != 1<<62 {
		t.Errorf("running: %v", r)
	}
	if a.Table.Schema().Field(3).Type != table.Int || r[2][3].Int() != 0 {
		t.Errorf("differences: %v", r)
	}
}

func TestSharesOfOtherAndTheWholeAreToldToo(t *testing.T) {
	s := table.NewSchema(table.Field{Name: "city", Type: table.String}, table.Field{Name: "x", Type: table.Float})
	b := table.NewBuilder(s, nil)
	for i, x := range []float64{50, 30, 15, 5} {
		b.Append(table.TextValue(table.String, fmt.Sprint("city", i)), table.FloatValue(x))
	}
	a := ask(t, b.Table(), view.Query{
		Groups: []view.Group{{Column: "city"}}, Limit: 2, Other: true, Order: []view.Order{{Column: "x", Desc: true}},
		Measures: []view.Measure{{Name: "x", Op: view.Sum, Column: "x"}, {Name: "share", Op: view.Share, Of: [2]string{"x"}}},
	})
	if a.Other[1] != table.FloatValue(0.2) || a.Total[1] != table.FloatValue(1) || cells(a.Table)[0][2] != table.FloatValue(0.5) {
		t.Errorf("other %v, total %v, rows %v", a.Other, a.Total, cells(a.Table))
	}
}

func TestAMeasureThatCannotGoAlongSaysWhy(t *testing.T) {
	sum := view.Measure{Name: "total", Op: view.Sum, Column: "amount"}
	day := []view.Group{{Column: "day"}}
	for _, q := range []view.Query{
		{Groups: day, Measures: []view.Measure{sum, {Name: "r", Op: view.Running, Of: [2]string{"totla"}}}},
		{Groups: day, Measures: []view.Measure{sum, {Name: "r", Op: view.Running, Of: [2]string{"r"}}}},
		{Groups: day, Measures: []view.Measure{{Name: "c", Op: view.Max, Column: "city"}, {Name: "r", Op: view.Share, Of: [2]string{"c"}}}},
		{Measures: []view.Measure{sum, {Name: "r", Op: view.Difference, Of: [2]string{"total"}}}},
		{Groups: day, Measures: []view.Measure{sum, {Name: "r", Op: view.MovingMean, Of: [2]string{"total"}, Window: -1}}},
	} {
		_, err := view.New(sales, q, nil)
		var e *view.QueryError
		if !errors.As(err, &e) {
			t.Errorf("%+v: %v", q.Measures, err)
		}
	}
	var e *view.QueryError
	_, err := view.New(sales, view.Query{Groups: day, Measures: []view.Measure{sum, {Name: "r", Op: view.Running, Of: [2]string{"totla"}}}}, nil)
	if !errors.As(err, &e) || e.Column != "totla" || len(e.Allowed) == 0 || e.Allowed[0] != "total" {
		t.Errorf("a wrong name: %v", err)
	}
}

func TestFilledBucketsAreStepsOfDifferences(t *testing.T) {
	s := table.NewSchema(table.Field{Name: "at", Type: table.Timestamp}, table.Field{Name: "n", Type: table.Int})
	b := table.NewBuilder(s, nil)
	for _, day := range []int{1, 2, 5} {
		b.Append(table.IntValue(table.Timestamp, time.Date(2024, 5, day, 9, 0, 0, 0, time.UTC).UnixMicro()), table.IntValue(table.Int, int64(day)))
	}
	a := ask(t, b.Table(), view.Query{Groups: []view.Group{{Column: "at", Grain: view.Day, Fill: true}}, Measures: []view.Measure{
		{Name: "rows", Op: view.Count}, {Name: "change", Op: view.Difference, Of: [2]string{"rows"}}, {Name: "so far", Op: view.Running, Of: [2]string{"rows"}},
	}})
	var text string
	for _, r := range cells(a.Table) {
		text += table.Field{Type: table.Int}.Format(r[2]) + "/" + table.Field{Type: table.Int}.Format(r[3]) + " "
	}
	if text != "/1 0/2 -1/2 0/2 1/3 " {
		t.Errorf("differences and totals by day: %s", text)
	}
}
