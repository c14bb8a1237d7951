package dashboard_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
)

// modelOf returns a model of these loads.
func modelOf(loads ...*ingest.Load) *dashboard.Model {
	m := dashboard.New(dashboard.Options{Hub: hub.New(hub.Options{})})
	for _, l := range loads {
		m.Prepare(l, false)()
	}
	m.SetReady()
	return m
}

func selection(t *testing.T, query string) dashboard.Selection {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	s, err := dashboard.ParseSelection(q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// draft returns what an item shows.
func draft(t *testing.T, m *dashboard.Model, query string, item wire.SpecItem) *wire.Draft {
	t.Helper()
	d, err := m.Draft(t.Context(), "orders", selection(t, query), item)
	if err != nil {
		t.Fatalf("%v: %v", item, err)
	}
	if d.Frame.Error != "" {
		t.Fatalf("%v: %s", item, d.Frame.Error)
	}
	return d
}

// days is a table of one order a day from the day 20 000 on, of these amounts; −1: no order.
func days(region string, amounts ...float64) []order {
	var all []order
	for i, x := range amounts {
		if x >= 0 {
			all = append(all, order{id: fmt.Sprint(region, i), day: 20_000 + int64(i), region: region, pieces: 1, amount: x})
		}
	}
	return all
}

func text(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

func TestMeasuresAlongTheTimeAxis(t *testing.T) {
	m := modelOf(loadOf(days("North", 1, 2, 3, -1, 5, 6)))
	for _, c := range []struct{ y, query, want string }{
		{"running(sum(amount))", "", `[1,3,6,6,11,17]`},
		{"moving(sum(amount), 2)", "", `[1,1.5,2.5,1.5,2.5,5.5]`}, // a day without an order is 0 and not nothing
		{"difference(sum(amount))", "", `[null,1,1,-3,5,1]`},
		{"difference(sum(amount), 2)", "", `[null,null,2,-2,2,6]`},
		{"change(sum(amount))", "", `[null,1,0.5,-1,null,0.2]`},
		{"running(avg(amount))", "", `[1,3,6,6,11,17]`},
		{"difference(avg(amount))", "", `[null,1,1,null,null,1]`},
		// The range begins with the third day, whose difference is from the second.
		{"difference(sum(amount))", "range=2024-10-06..2024-10-11", `[1,-3,5,1]`},
		{"moving(sum(amount), 3)", "range=2024-10-06..2024-10-11", `[2,1.6666666666666667,2.6666666666666665,3.6666666666666665]`},
		{"running(sum(amount))", "range=2024-10-06..2024-10-11", `[3,3,8,14]`},
	} {
		d := draft(t, m, "grain=day&"+c.query, wire.SpecItem{"mark": "line", "y": c.y})
		if got := text(d.Frame.Values[1]); got != c.want {
			t.Errorf("%s under %q is %s, want %s", c.y, c.query, got, c.want)
		}
	}
}

func TestADifferenceFromTheYearBeforeKeepsTheDate(t *testing.T) {
	var all []order
	at := func(date string, amount float64) {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, order{id: date, day: day.Unix() / 86_400, region: "North", amount: amount})
	}
	at("2023-02-28", 10)
	at("2023-03-01", 20)
	at("2023-05-04", 7)
	at("2024-02-29", 15)
	at("2024-03-01", 30)
	m := modelOf(loadOf(all))
	d := draft(t, m, "grain=day&range=2024-02-29..2024-03-02", wire.SpecItem{"mark": "line", "y": "difference(sum(amount), year)"})
	if got := text(d.Frame.Values); got != `[["2024-02-29","2024-03-01"],[5,10]]` {
		t.Errorf("from the year before: %s", got)
	}
	d = draft(t, m, "grain=month&range=2024-02-01..2024-04-01", wire.SpecItem{"mark": "line", "y": "change(sum(amount), year)"})
	if got := text(d.Frame.Values); got != `[["2024-02-01","2024-03-01"],[0.5,0.5]]` {
		t.Errorf("months: %s", got)
	}
}

func TestSharesAreOfEverythingThatTheFiltersKeep(t *testing.T) {
	var all []order
	for i, region := range []string{"A", "B", "C", "D", "E", "F", "G", "H"} {
		all = append(all, days(region, float64(8-i), 0)...)
	}
	m := modelOf(loadOf(all)) // 8 + 7 + … + 1 is 36, all on the first day
	d := draft(t, m, "", wire.SpecItem{"mark": "bar", "x": "share(sum(amount))", "y": "region", "limit": 2.0})
	if got, want := text(d.Frame.Values[1]), text([]float64{8.0 / 36, 7.0 / 36}); got != want {
		t.Errorf("shares %s, want %s", got, want)
	}
	if got := d.Frame.Facts.OtherValue; got == nil || *got != 21.0/36 {
		t.Errorf("the rest is %v", got)
	}
	d = draft(t, m, "", wire.SpecItem{"mark": "line", "y": "share(sum(amount))", "color": "region", "limit": 3.0})
	if got, want := text(d.Frame.Values[2]), text([]float64{8.0 / 36, 7.0 / 36, 6.0 / 36, 15.0 / 36, 0, 0, 0, 0}); got != want {
		t.Errorf("by colour %s, want %s", got, want)
	}
}

func TestAMeasureAlongNothingSaysWhy(t *testing.T) {
	m := modelOf(loadOf(days("North", 1, 2, 3)))
	for _, c := range []struct {
		item wire.SpecItem
		want string
	}{
		{wire.SpecItem{"mark": "kpi", "y": "running(sum(amount))"}, `"running(sum(amount))" has nothing to go along on the mark "kpi".`},
		{wire.SpecItem{"mark": "bar", "x": "difference(sum(amount), 1)", "y": "region"}, `"difference(sum(amount), 1)" has nothing to go along on the mark "bar".`},
		{wire.SpecItem{"mark": "column", "x": "region", "y": "running(count())"}, `"running(count())" goes along an order, and "region" has none.`},
		{wire.SpecItem{"mark": "line", "y": "running(running(sum(amount)))"}, `Running total of amount goes along another measure itself.`},
		{wire.SpecItem{"mark": "line", "y": "moving(count(), year)"}, `"year" is not how far moving looks.`},
		{wire.SpecItem{"mark": "line", "y": "running()"}, `running() needs a measure to go along.`},
		{wire.SpecItem{"mark": "line", "x": "pieces", "y": "change(count(), year)"}, `"change(count(), year)" looks a year back, for which x must be the time axis.`},
		{wire.SpecItem{"mark": "line", "y": "running(sum(amuont))"}, `"amuont" is not a column of orders.`},
		{wire.SpecItem{"mark": "line", "x": "region", "y": "amount"}, `"region" holds string values, along which no row has a place.`},
		{wire.SpecItem{"mark": "kpi", "y": "count()", "facet": "region"}, `"facet" is not a key of the mark "kpi".`},
	} {
		_, err := m.Draft(context.Background(), "orders", selection(t, ""), c.item)
		var bad *dashboard.BadSpec
		if !errors.As(err, &bad) || bad.Problems[0].Message != c.want {
			t.Errorf("%v: %v", c.item, err)
		}
	}
}

func TestSmallMultiples(t *testing.T) {
	var all []order
	for i := range 15 {
		all = append(all, days(fmt.Sprintf("R%02d", i), float64(i+1), -1, float64(i))...)
	}
	m := modelOf(loadOf(all))
	d := draft(t, m, "grain=day", wire.SpecItem{"mark": "line", "y": "sum(amount)", "facet": "region"})
	f := d.Frame
	if d.Item.Encoding.Facet != "region" || len(f.Facts.Facets) != 12 || f.Facts.Facets[0] != "R14" || f.Facts.MoreFacets != 3 {
		t.Fatalf("facets %v and %d more, encoding %+v", f.Facts.Facets, f.Facts.MoreFacets, d.Item.Encoding)
	}
	// Each has every day, those without an order as nothing.
	byFacet := map[any]string{}
	for r, facet := range f.Values[1] {
		byFacet[facet] += fmt.Sprint(f.Values[0][r], " ", f.Values[2][r], "; ")
	}
	if got := byFacet["R14"]; got != "2024-10-04 15; 2024-10-05 0; 2024-10-06 14; " {
		t.Errorf("one of them: %s", got)
	}
	whole, err := m.Listed(t.Context(), dashboard.Scope{}, "orders", selection(t, ""), "nothing", 50, 0)
	if err == nil {
		t.Errorf("a panel that is not there: %v", whole)
	}
	d = draft(t, m, "", wire.SpecItem{"mark": "bar", "x": "sum(amount)", "y": "pieces", "facet": "region"})
	if got := text(d.Frame.Columns[1].Name) + text(d.Frame.Values[0][:2]) + text(d.Frame.Facts.Facets[:2]); got != `"region"[1,1]["R14","R13"]` {
		t.Errorf("bars: %s", got)
	}
}

func TestPointsOfRowsAreAsManyAsTheWidthNeeds(t *testing.T) {
	var all []order
	r := rand.New(rand.NewPCG(3, 3))
	for i := range 40_000 {
		all = append(all, order{id: fmt.Sprint(i), day: 1000, region: "North", pieces: int64(i), amount: float64(r.IntN(1000))})
	}
	m := modelOf(loadOf(all))
	item := wire.SpecItem{"mark": "line", "x": "pieces", "y": "amount"}
	points := func(query string) int { return len(draft(t, m, query, item).Frame.Values[0]) }
	narrow, wide := points("width=500"), points("width=2000")
	if narrow < 600 || narrow > 8*600 || wide < 2*narrow || wide > 8*2400 {
		t.Errorf("%d and %d points", narrow, wide)
	}
	d := draft(t, m, "width=500", item)
	if !d.Item.Points || d.Frame.Facts.Sampled != 40_000 || !slices.Contains(d.Frame.Values[1], any(999.0)) {
		t.Errorf("item %+v, facts %+v: the highest point must stay", d.Item, d.Frame.Facts)
	}
	// Zooming in shows every row.
	if n := points("f.pieces=100..300"); n != 200 {
		t.Errorf("%d points of 200 rows", n)
	}
}

func TestAWidthIsOnlyOfSelectionsThatDrawPoints(t *testing.T) {
	m := modelOf(loadOf(days("North", 1, 2, 3)))
	open := func(query string) *dashboard.Stream {
		s, err := m.Open(t.Context(), dashboard.Scope{}, "orders", selection(t, query))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	if open("width=600") != open("width=2400") {
		t.Error("two streams of a dashboard that draws nothing for a width")
	}
	m.PrepareWritten([]byte("dashboards:\n  points:\n    table: orders\n    rows:\n      - items:\n          - {mark: line, y: amount}\n"), time.Time{})()
	stream := func(width int) *dashboard.Stream {
		s, err := m.Open(t.Context(), dashboard.Scope{}, "points", selection(t, "width="+strconv.Itoa(width)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}
	if stream(500) != stream(600) || stream(600) == stream(601) {
		t.Error("widths of one class share a stream, others do not")
	}
}

// anyPanel returns a panel of the kinds that have most to go wrong.
func anyPanel(r *rand.Rand) wire.SpecItem {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	item := wire.SpecItem{"mark": pick("line", "area", "column", "bar")}
	along := pick("", "running", "moving", "difference", "change", "share")
	y := pick("sum(amount)", "avg(amount)", "count()", "median(amount)", "distinct(region)", "sum(amount) / count()", "max(pieces)")
	option := ""
	if along == "moving" || along == "difference" || along == "change" {
		option = pick("", ", 1", ", 4")
	}
	switch item["mark"] {
	case "bar":
		item["y"] = pick("region", "pieces")
		if item["x"] = y; along == "share" {
			item["x"] = "share(" + y + ")"
		}
	case "column":
		item["x"] = "pieces"
		fallthrough
	default:
		if along != "" {
			y = along + "(" + y + option + ")"
			if r.IntN(3) == 0 && (along == "difference" || along == "change") && item["mark"] != "column" {
				y = along + "(sum(amount), year)"
			}
		} else if item["mark"] != "column" && r.IntN(2) == 0 {
			y = "amount"
		}
		item["y"] = y
		if r.IntN(2) == 0 && item["mark"] != "column" {
			item["x"] = "ordered_at"
		}
	}
	free := slices.DeleteFunc([]string{"region", "pieces"}, func(c string) bool { return item["x"] == c || item["y"] == c })
	r.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	if item["mark"] != "bar" && r.IntN(2) == 0 && len(free) > 0 {
		item["color"], free = free[0], free[1:]
		item["limit"] = float64(1 + r.IntN(9))
	}
	if r.IntN(2) == 0 && len(free) > 0 {
		item["facet"] = free[0]
	}
	return item
}

func FuzzPanelsFollowEveryEdit(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 17))
		next := 0
		var orders []order
		for range 300 + r.IntN(100) { // what a column is must not change
			orders = append(orders, newOrder(r, next))
			next++
		}
		m := modelOf(loadOf(orders))
		items := []wire.SpecItem{anyPanel(r), anyPanel(r), anyPanel(r)}
		query := []string{"", "grain=day", "range=2024-11-01..2024-12-15&grain=week", "f.region=!South&width=600", "range=30d"}[r.IntN(5)]
		for range 4 {
			fresh := modelOf(loadOf(orders))
			for _, item := range items {
				got, err := m.Draft(t.Context(), "orders", selection(t, query), item)
				want, wrong := fresh.Draft(t.Context(), "orders", selection(t, query), item)
				if err != nil || wrong != nil {
					t.Fatalf("%v: %v, %v", item, err, wrong)
				}
				got.Frame.Revision, want.Frame.Revision = 0, 0
				if text(got) != text(want) {
					t.Fatalf("%v under %q\n got %s\nwant %s", item, query, text(got), text(want))
				}
				if got.Frame.Error != "" {
					t.Fatalf("%v: %s", item, got.Frame.Error)
				}
			}
			orders = edit(r, orders, &next)
			m.Prepare(loadOf(orders), false)()
		}
	})
}
