package dashboard_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/wire"
)

// cells are the rows of a frame as text, without the column of this name, of those rows that hold a value in it; "" keeps
// all rows and columns.
func cells(f *wire.Frame, column, value string) []string {
	at := slices.IndexFunc(f.Columns, func(c wire.Column) bool { return c.Name == column })
	var all []string
	for r := range f.Values[0] {
		if at >= 0 && f.Values[at][r] != value {
			continue
		}
		var row []string
		for c := range f.Columns {
			if c != at {
				row = append(row, fmt.Sprint(f.Values[c][r]))
			}
		}
		all = append(all, strings.Join(row, " "))
	}
	return all
}

// TestASmallChartIsTheChartOfItsRows: what one of the small charts of a distribution shows is what the whole chart shows
// under a filter by its value.
func TestASmallChartIsTheChartOfItsRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	var all []order
	for i := range 1400 {
		all = append(all, newOrder(r, i))
	}
	for _, n := range []int{600, 1400 * 2} {
		rows := all
		for len(rows) < n {
			rows = append(rows, all...)
		}
		m := modelOf(loadOf(rows[:n]))
		for _, item := range []wire.SpecItem{
			{"mark": "histogram", "x": "amount"},
			{"mark": "histogram", "x": "pieces", "bins": float64(4)},
			{"mark": "box", "x": "amount", "y": "pieces"},
			{"mark": "scatter", "x": "pieces", "y": "amount"},
		} {
			parted := wire.SpecItem{"facet": "region"}
			for k, v := range item {
				parted[k] = v
			}
			small := draft(t, m, "", parted)
			facts := small.Frame.Facts
			if small.Item.Encoding.Facet != "region" || len(facts.Facets) < 5 || !slices.Contains(facts.Facets, "North") || !slices.Contains(facts.Facets, "") {
				t.Fatalf("%v: facets %q, encoding %+v", item, facts.Facets, small.Item.Encoding)
			}
			if item["mark"] == "scatter" && facts.Binned != (n > 2000) {
				t.Errorf("%d points in small charts, binned: %v", n, facts.Binned)
			}
			for _, region := range []string{"North", "Hills"} {
				got := cells(&small.Frame, "region", region)
				whole := draft(t, m, "f.region="+region, item)
				want := cells(&whole.Frame, "", "")
				switch {
				case item["mark"] == "histogram":
					// Without a facet there is a fourth column: of all rows.
					for i := range want {
						want[i] = want[i][:strings.LastIndexByte(want[i], ' ')]
					}
				case item["mark"] == "box":
					slices.Sort(got) // boxes stand in the order of all small charts
					slices.Sort(want)
				case facts.Binned:
					if len(got) == 0 {
						t.Errorf("no cell of %s", region)
					}
					continue // a part alone has points and no cells
				}
				if !slices.Equal(got, want) {
					t.Errorf("%v of %s\n got %q\nwant %q", item, region, got, want)
				}
			}
		}
	}
}

func TestSmallChartsOfABoxKeepOneOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 5))
	var all []order
	for i := range 2500 {
		o := newOrder(r, i)
		o.amount += float64(10 * o.pieces)
		all = append(all, o)
	}
	m := modelOf(loadOf(all))
	d, err := m.Draft(t.Context(), "orders", selection(t, ""), wire.SpecItem{"mark": "box", "x": "amount", "y": "pieces", "facet": "region"})
	if err != nil {
		t.Fatal(err)
	}
	var last any
	seen := map[any]bool{}
	for _, category := range d.Frame.Values[0] {
		if category != last && seen[category] {
			t.Fatalf("%v stands in two places: %v", category, d.Frame.Values[0])
		}
		seen[category], last = true, category
	}
	if len(seen) < 8 || d.Frame.Columns[1].Name != "region" || d.Frame.Columns[4].Unit != "EUR" {
		t.Errorf("categories %v, columns %+v", seen, d.Frame.Columns)
	}
	_, err = m.Listed(t.Context(), dashboard.Scope{}, "orders", selection(t, ""), "none", 3, 0)
	if err == nil {
		t.Error("a panel that is not there has small charts")
	}
}
