package view_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

func TestAQueryThatCannotBeAskedSaysWhy(t *testing.T) {
	count := []view.Measure{{Name: "n", Op: view.Count}}
	for _, c := range []struct {
		query   view.Query
		column  string
		nearest string
	}{
		{view.Query{Groups: []view.Group{{Column: "citty"}}, Measures: count}, "citty", "city"},
		{view.Query{Measures: []view.Measure{{Name: "x", Op: view.Sum, Column: "Amounts"}}}, "Amounts", "amount"},
		{view.Query{Measures: []view.Measure{{Name: "x", Op: view.Sum, Column: "city"}}}, "city", "units"},
		{view.Query{Measures: count, Order: []view.Order{{Column: "m"}}}, "m", "n"},
		{view.Query{Measures: []view.Measure{{Name: "r", Op: view.Ratio, Of: [2]string{"n", "nn"}}, count[0]}}, "nn", "n"},
		{view.Query{Measures: []view.Measure{count[0], count[0]}}, "n", ""},
		{view.Query{Groups: []view.Group{{Column: "city", Grain: view.Day}}, Measures: count}, "city", ""},
		{view.Query{Groups: []view.Group{{Column: "city", Bin: 1}}, Measures: count}, "city", ""},
		{view.Query{Groups: []view.Group{{Column: "units", Bin: math.NaN()}}, Measures: count}, "units", ""},
		{view.Query{Where: []view.Filter{{Column: "units", Values: []table.Value{table.TextValue(table.String, "x")}}}, Measures: count}, "units", ""},
		{view.Query{Columns: []string{"no such"}}, "no such", "note"},
		{view.Query{Groups: []view.Group{{Column: "day", Grain: view.Month}, {Column: "at", Grain: view.Day, Fill: true}}, Measures: count}, "at", ""},
	} {
		_, err := view.New(sales, c.query, nil)
		var bad *view.QueryError
		if !errors.As(err, &bad) || bad.Column != c.column || bad.Reason == "" || c.nearest != "" && (len(bad.Allowed) == 0 || bad.Allowed[0] != c.nearest) {
			t.Errorf("%+v: %v", c.query, err)
		}
	}
}

func ask(t *testing.T, tb *table.Table, q view.Query) *view.Answer {
	t.Helper()
	v, err := view.New(tb.Schema(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Answer(t.Context(), tb)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestBucketsWithoutRowsAreFilled(t *testing.T) {
	schema := table.NewSchema(table.Field{Name: "day", Type: table.Date}, table.Field{Name: "city", Type: table.String}, table.Field{Name: "x", Type: table.Int})
	b := table.NewBuilder(schema, nil)
	add := func(day int64, city string, x int64) {
		b.Append(table.IntValue(table.Date, day), table.TextValue(table.String, city), table.IntValue(table.Int, x))
	}
	add(100, "Rome", 1)
	add(100, "Bonn", 2)
	add(103, "Rome", 4)
	b.Append(table.Value{}, table.TextValue(table.String, "Rome"), table.IntValue(table.Int, 8))
	measures := []view.Measure{{Name: "n", Op: view.Count}, {Name: "sum", Op: view.Sum, Column: "x"}}
	text := func(q view.Query) string {
		s := ""
		for _, r := range cells(ask(t, b.Table(), q).Table) {
			for i, v := range r {
				if i > 0 {
					s += " "
				}
				s += table.Field{Type: table.Int}.Format(table.IntValue(table.Int, v.Int())) + v.Text()
				if v.IsNull() {
					s += "-"
				}
			}
			s += "|"
		}
		return s
	}
	one := view.Query{Groups: []view.Group{{Column: "day", Grain: view.Day, Fill: true}}, Measures: measures}
	if got, want := text(one), "100 2 3|101 0 0-|102 0 0-|103 1 4|0- 1 8|"; got != want {
		t.Errorf("one group: %s, want %s", got, want)
	}
	two := view.Query{Groups: []view.Group{{Column: "day", Grain: view.Day, Fill: true}, {Column: "city"}}, Measures: measures[:1]}
	if got, want := text(two), "100 0Bonn 1|100 0Rome 1|101 0Bonn 0|101 0Rome 0|102 0Bonn 0|102 0Rome 0|103 0Bonn 0|103 0Rome 1|0- 0Rome 1|"; got != want {
		t.Errorf("two groups: %s, want %s", got, want)
	}
}

func TestFilledHoursOfAClockChange(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	schema := table.NewSchema(table.Field{Name: "at", Type: table.Timestamp, Instant: true})
	b := table.NewBuilder(schema, nil)
	for _, at := range []time.Time{time.Date(2024, 10, 27, 0, 0, 0, 0, berlin), time.Date(2024, 10, 28, 0, 0, 0, 0, berlin)} {
		b.Append(table.IntValue(table.Timestamp, at.UnixMicro()))
	}
	a := ask(t, b.Table(), view.Query{Groups: []view.Group{{Column: "at", Grain: view.Hour, Zone: berlin, Fill: true}}, Measures: []view.Measure{{Name: "n", Op: view.Count}}})
	if a.Table.Rows() != 26 {
		t.Errorf("%d hours, want the 25 of the day and the next", a.Table.Rows())
	}
}

func TestNothingHasOneRowWithoutGroups(t *testing.T) {
	a := ask(t, table.New(sales), view.Query{Measures: []view.Measure{
		{Name: "n", Op: view.Count}, {Name: "sum", Op: view.Sum, Column: "units"}, {Name: "max", Op: view.Max, Column: "city"},
		{Name: "median", Op: view.Median, Column: "amount"}, {Name: "last", Op: view.Last, Column: "at"}}})
	want := row{table.IntValue(table.Int, 0), {}, {}, {}, {}}
	if got := cells(a.Table); len(got) != 1 || !slices.Equal(got[0], want) || !slices.Equal(a.Total, want) {
		t.Errorf("%v, total %v", got, a.Total)
	}
	if a := ask(t, table.New(sales), view.Query{Groups: []view.Group{{Column: "city"}}, Measures: []view.Measure{{Name: "n", Op: view.Count}}}); a.Table.Rows() != 0 || a.Total[0].Int() != 0 {
		t.Errorf("groups of nothing: %v, total %v", cells(a.Table), a.Total)
	}
}

func TestAnswersKeepWhatTheSourceSaysOfItsColumns(t *testing.T) {
	a := ask(t, table.New(sales), view.Query{
		Groups:   []view.Group{{Column: "city"}, {Column: "at", Name: "month", Grain: view.Month}, {Column: "day", Grain: view.DayOfWeek}, {Column: "units", Bin: 2}},
		Measures: []view.Measure{{Name: "sum", Op: view.Sum, Column: "amount"}, {Name: "first", Op: view.Min, Column: "at"}, {Name: "typical", Op: view.Median, Column: "took"}},
	})
	want := table.NewSchema(
		table.Field{Name: "city", Type: table.String, Label: "City"},
		table.Field{Name: "month", Type: table.Timestamp, Instant: true},
		table.Field{Name: "day", Type: table.Int},
		table.Field{Name: "units", Type: table.Float},
		table.Field{Name: "sum", Type: table.Float, Unit: "EUR"},
		table.Field{Name: "first", Type: table.Timestamp, Instant: true},
		table.Field{Name: "typical", Type: table.Duration},
	)
	if !a.Table.Schema().Equal(want) || !slices.Equal(a.Key, []string{"city", "month", "day", "units"}) {
		t.Errorf("%+v, key %v", a.Table.Schema().Fields(), a.Key)
	}
}

func TestBoundsOfOtherTypesAreBroughtIntoTheColumns(t *testing.T) {
	schema := table.NewSchema(table.Field{Name: "n", Type: table.Int}, table.Field{Name: "d", Type: table.Date}, table.Field{Name: "t", Type: table.Timestamp}, table.Field{Name: "took", Type: table.Duration})
	b := table.NewBuilder(schema, nil)
	for i := range int64(10) {
		b.Append(table.IntValue(table.Int, i), table.IntValue(table.Date, i), table.IntValue(table.Timestamp, i*86_400_000_000), table.IntValue(table.Duration, i*1_000_000))
	}
	float, date, moment := table.FloatValue, func(n int64) table.Value { return table.IntValue(table.Date, n) }, func(n int64) table.Value { return table.IntValue(table.Timestamp, n) }
	for _, c := range []struct {
		filter view.Filter
		want   int64
	}{
		{view.Filter{Column: "n", Op: view.Range, Low: float(2.5), High: float(5.5)}, 3},
		{view.Filter{Column: "n", Op: view.Range, Low: float(2), High: float(5)}, 3},
		{view.Filter{Column: "n", Op: view.Range, Low: float(-1e300), High: float(1e300)}, 10},
		{view.Filter{Column: "n", Op: view.Range, Low: float(1e300)}, 0},
		{view.Filter{Column: "n", Op: view.Range, High: float(-1e300), HighIncl: true}, 0},
		{view.Filter{Column: "n", Op: view.Range, High: table.IntValue(table.Int, math.MinInt64)}, 0},
		{view.Filter{Column: "n", Values: []table.Value{float(3), float(4.5)}}, 1},
		{view.Filter{Column: "d", Op: view.Range, Low: moment(1), High: moment(3 * 86_400_000_000)}, 2},
		{view.Filter{Column: "d", Op: view.Range, Low: moment(0), High: moment(3*86_400_000_000 + 1)}, 4},
		{view.Filter{Column: "t", Op: view.Range, Low: date(2), High: date(4), HighIncl: true}, 3},
		{view.Filter{Column: "took", Op: view.Range, Low: float(2), High: float(3.5)}, 2},
	} {
		for _, not := range []bool{false, true} {
			c.filter.Not = not
			want := c.want
			if not {
				want = 10 - want
			}
			if a := ask(t, b.Table(), view.Query{Where: []view.Filter{c.filter}, Measures: []view.Measure{{Name: "n", Op: view.Count}}}); a.Rows != want {
				t.Errorf("%+v: %d rows, want %d", c.filter, a.Rows, want)
			}
		}
	}
}

func TestManyMayAskOneViewAtOnce(t *testing.T) {
	schema := table.NewSchema(table.Field{Name: "g", Type: table.String}, table.Field{Name: "x", Type: table.Int})
	dict := table.NewDict()
	b := table.NewBuilder(schema, []*table.Dict{dict, nil})
	var revisions []*table.Table
	for i := range int64(200_000) {
		b.Append(table.TextValue(table.String, fmt.Sprint(i%977)), table.IntValue(table.Int, i))
		if i%20_000 == 19_999 {
			revisions = append(revisions, b.Table())
		}
	}
	memo := view.NewMemo(1 << 20)
	v, err := view.New(schema, view.Query{
		Where:    []view.Filter{{Column: "g", Op: view.Contains, Text: "7", Not: true}},
		Groups:   []view.Group{{Column: "g"}},
		Measures: []view.Measure{{Name: "sum", Op: view.Sum, Column: "x"}, {Name: "p", Op: view.Median, Column: "x"}, {Name: "d", Op: view.Distinct, Column: "x"}},
	}, memo)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range revisions {
				tb := revisions[(i*3+g)%len(revisions)]
				a, err := v.Answer(t.Context(), tb)
				if err != nil {
					t.Error(err)
					return
				}
				if a.Groups != 977-266 {
					t.Errorf("%d groups", a.Groups)
				}
			}
		})
	}
	wg.Wait()
	if memo.Bytes() > 1<<20 {
		t.Errorf("the memo holds %d bytes", memo.Bytes())
	}
	v.Close()
	// What passes the filter is for other questions too: a bit a row of each chunk, and the rows in an eighth of the budget.
	if memo.Bytes() > 60_000+1<<17 {
		t.Errorf("the memo holds %d bytes for no view", memo.Bytes())
	}
}
