package view_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// richQuery returns a query with what makes an answer of other answers: filled buckets, measures along others, facets and
// pivots, and lines through rows.
func richQuery(rng *rand.Rand, zone *time.Location) view.Query {
	var where []view.Filter
	for range rng.IntN(3) {
		where = append(where, randomFilter(rng))
	}
	parts := []string{"city", "paid", "note"}
	rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	parts = parts[:rng.IntN(3)]
	if rng.IntN(4) == 0 {
		x := pick(rng, "at", "day", "clock", "units", "amount", "took")
		return view.LineQuery(x, pick(rng, "amount", "units", "took"), where, pick(rng, 1.0/1024, 0.25, 1, 16, 65536, 1<<20), parts...)
	}
	q := view.Query{Where: where}
	g := view.Group{Column: pick(rng, "day", "at", "local"), Grain: pick(rng, view.Hour, view.Day, view.Week, view.Month, view.Quarter, view.Year), Zone: zone, WeekStart: time.Weekday(rng.IntN(7))}
	g.Fill = rng.IntN(2) == 0
	q.Groups = []view.Group{g}
	for _, name := range parts {
		q.Groups = append(q.Groups, view.Group{Column: name})
	}
	op := pick(rng, view.Count, view.Sum, view.Mean, view.Median, view.Distinct, view.Max, view.Last)
	q.Measures = []view.Measure{{Name: "base", Op: op, Column: pick(rng, "units", "amount", "took"), By: pick(rng, "", "at")}}
	for op := view.Running; op <= view.Share; op++ {
		m := view.Measure{Name: fmt.Sprint("m", op), Op: op, Of: [2]string{"base"}, Window: rng.IntN(5), Level: rng.IntN(2) == 0}
		if op == view.Difference || op == view.Change {
			m.Year = rng.IntN(2) == 0
		}
		q.Measures = append(q.Measures, m)
	}
	if rng.IntN(4) == 0 {
		q.Limit, q.Other = 1+rng.IntN(8), rng.IntN(2) == 0
	}
	return q
}

// FuzzWhatIsMadeOfAnswersFollowsEveryEdit holds such queries, kept up to date, to those that start from nothing.
func FuzzWhatIsMadeOfAnswersFollowsEveryEdit(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(seed)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 77))
		p := newPool(rng, rng.IntN(2) == 0)
		q := richQuery(rng, zone)
		v, err := view.New(sales, q, view.NewMemo(pick(rng, int64(1<<13), 1<<30)))
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		spread := pick(rng, 3, 60, 1500)
		var rows []row
		for range rng.IntN(700) {
			rows = append(rows, randomRow(rng, spread))
		}
		var before *table.Table
		for range 5 {
			tb := p.table(rows)
			if before != nil && rng.IntN(8) > 0 {
				tb = table.Diff(before, tb, nil).Next()
			}
			before = tb
			kept, err := v.Answer(t.Context(), tb)
			if err != nil {
				t.Fatal(err)
			}
			fresh := ask(t, tb, q)
			same := slices.EqualFunc(cells(kept.Table), cells(fresh.Table), func(x, y row) bool { return slices.Equal(x, y) })
			if !same || !slices.Equal(kept.Total, fresh.Total) || !slices.Equal(kept.Other, fresh.Other) || kept.Groups != fresh.Groups || kept.Rows != fresh.Rows || !kept.Table.Schema().Equal(fresh.Table.Schema()) {
				t.Fatalf("%+v\nkept  %v %v %v\nfresh %v %v %v", q, cells(kept.Table), kept.Total, kept.Other, cells(fresh.Table), fresh.Total, fresh.Other)
			}
			if q.Groups[0].Fill && q.Limit == 0 {
				filled(t, tb, q, cells(kept.Table))
			}
			rows = slices.Clone(rows)
			for range 1 + rng.IntN(5) {
				i := rng.IntN(len(rows) + 1)
				switch rng.IntN(5) {
				case 0:
					rows = slices.Insert(rows, i, randomRow(rng, spread))
				case 1:
					rows = slices.Delete(rows, i, min(len(rows), i+rng.IntN(30)))
				case 2:
					if i < len(rows) {
						rows[i] = randomRow(rng, spread)
					}
				default:
					rows = append(rows, randomRow(rng, spread))
				}
			}
		}
	})
}

// filled holds an answer with filled buckets to the one without: the rows of that, and between the first and the last
// bucket one row for each combination of the other keys, empty ones among them.
func filled(t *testing.T, tb *table.Table, q view.Query, got []row) {
	t.Helper()
	plain := view.Query{Where: q.Where, Groups: slices.Clone(q.Groups), Measures: q.Measures[:1]}
	plain.Groups[0].Fill = false
	have := cells(ask(t, tb, plain).Table)
	keys := len(q.Groups)
	name := func(r row) string { return fmt.Sprint(r[:keys]) }
	want := map[string]bool{}
	combos := map[string]row{}
	var first, last table.Value
	for _, r := range have {
		want[name(r)] = true
		if r[0].IsNull() {
			continue
		}
		combos[fmt.Sprint(r[1:keys])] = r[1:keys]
		if first.IsNull() {
			first = r[0]
		}
		last = r[0]
	}
	g := q.Groups[0]
	field := tb.Schema().Field(tb.Schema().Index(g.Column))
	zone := time.UTC
	if field.Instant && g.Zone != nil {
		zone = g.Zone
	}
	added := 0
	for at := first; !at.IsNull() && at.Compare(last) <= 0; {
		for _, combo := range combos {
			if key := name(append(row{at}, combo...)); !want[key] {
				want[key] = true
				added++
			}
		}
		if field.Type == table.Date {
			_, end := view.Bucket(time.Unix(at.Int()*86_400, 0).UTC(), max(g.Grain, view.Day), g.WeekStart)
			at = table.IntValue(table.Date, end.Unix()/86_400)
		} else {
			_, end := view.Bucket(time.UnixMicro(at.Int()).In(zone), g.Grain, g.WeekStart)
			at = table.IntValue(table.Timestamp, end.UnixMicro())
		}
	}
	if added > 100_000 {
		return // then none comes
	}
	if len(got) != len(want) {
		t.Fatalf("%+v: %d rows, want %d", q, len(got), len(want))
	}
	for _, r := range got {
		if !want[name(r)] {
			t.Fatalf("%+v: a row %v that is none", q, r)
		}
	}
}

func TestADifferenceFromTheYearBeforeFindsTheDate(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	s := table.NewSchema(table.Field{Name: "at", Type: table.Timestamp, Instant: true}, table.Field{Name: "n", Type: table.Int})
	for _, c := range []struct {
		grain     view.Grain
		now, then time.Time
	}{
		{view.Day, time.Date(2024, 2, 29, 5, 0, 0, 0, berlin), time.Date(2023, 2, 28, 23, 0, 0, 0, berlin)},
		{view.Day, time.Date(2025, 2, 28, 5, 0, 0, 0, berlin), time.Date(2024, 2, 28, 1, 0, 0, 0, berlin)},
		{view.Week, time.Date(2025, 1, 2, 5, 0, 0, 0, berlin), time.Date(2024, 1, 4, 5, 0, 0, 0, berlin)},
		{view.Month, time.Date(2025, 3, 31, 5, 0, 0, 0, berlin), time.Date(2024, 3, 1, 0, 0, 0, 0, berlin)},
		{view.Quarter, time.Date(2025, 6, 30, 5, 0, 0, 0, berlin), time.Date(2024, 4, 1, 0, 0, 0, 0, berlin)},
		{view.Year, time.Date(2025, 6, 30, 5, 0, 0, 0, berlin), time.Date(2024, 1, 1, 0, 0, 0, 0, berlin)},
		{view.Hour, time.Date(2025, 7, 1, 14, 59, 0, 0, berlin), time.Date(2024, 7, 1, 14, 0, 0, 0, berlin)},
		{view.Hour, time.Date(2025, 3, 31, 14, 0, 0, 0, berlin), time.Date(2024, 3, 31, 14, 0, 0, 0, berlin)}, // a day of 23 hours
		{view.Minute, time.Date(2025, 7, 1, 14, 59, 3, 0, berlin), time.Date(2024, 7, 1, 14, 59, 58, 0, berlin)},
	} {
		b := table.NewBuilder(s, nil)
		for i, at := range []time.Time{c.then, c.now} {
			b.Append(table.IntValue(table.Timestamp, at.UnixMicro()), table.IntValue(table.Int, int64(10+i*5)))
		}
		a := ask(t, b.Table(), view.Query{
			Groups: []view.Group{{Column: "at", Grain: c.grain, Zone: berlin, WeekStart: time.Monday}},
			Measures: []view.Measure{
				{Name: "n", Op: view.Sum, Column: "n"}, {Name: "more", Op: view.Difference, Of: [2]string{"n"}, Year: true},
				{Name: "grown", Op: view.Change, Of: [2]string{"n"}, Year: true},
			},
		})
		r := cells(a.Table)
		if len(r) != 2 || !r[0][2].IsNull() || !r[1][2].Equal(table.IntValue(table.Int, 5)) || !r[1][3].Equal(table.FloatValue(0.5)) {
			t.Errorf("%v of %v: %v", c.grain, c.now, r)
		}
	}
}
