package manifest_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

const alongShop = `
tables:
  orders:
    measures:
      so_far: running(revenue)
      revenue: {value: sum(amount_eur), label: Revenue}
      aov: revenue / count()
      smooth: {value: "moving(aov, 14)", label: Two weeks}
dashboards:
  today:
    table: orders
    rows:
      - items:
          - {mark: line, y: so_far, facet: status, name: so-far}
          - {mark: line, y: smooth, color: status, name: smooth}
          - {mark: column, x: month_of_year(ordered_at), y: share(revenue), name: seasons}
      - items:
          - {mark: combo, y: revenue, line: "change(revenue, year)", name: grown}
          - {mark: area, y: amount_eur, color: status, name: points}
          - {mark: bar, x: share(revenue), y: product, facet: status, name: parts}
`

func TestFacetsPointsAndMeasuresAlongOthersAreRead(t *testing.T) {
	shop := subjectOf("orders", orders(t))
	all := made(t, alongShop, shop)
	panels := map[string]manifest.Panel{}
	for _, row := range all[0].Rows {
		for _, p := range row.Panels {
			panels[p.Name] = p
		}
	}
	m := panels["so-far"].Measure
	if m.Op != view.Running || m.Of.Name != "revenue" || m.Name != "so_far" || panels["so-far"].Facet != "status" || !panels["so-far"].Zero {
		t.Errorf("a running total: %+v", panels["so-far"])
	}
	if m := panels["smooth"].Measure; m.Op != view.MovingMean || m.Window != 14 || m.Of.Op != view.Computed || m.Label != "Two weeks" {
		t.Errorf("a moving mean: %+v", m)
	}
	if m := panels["seasons"].Measure; m.Op != view.Share || m.Format != "percent" || m.Unit != "percent" {
		t.Errorf("a share: %+v", m)
	}
	if m := panels["grown"].Line; m.Op != view.Change || !m.Year || m.Text != "change(sum(amount_eur), year)" {
		t.Errorf("a change: %+v", m)
	}
	if p := panels["points"]; p.Column != "amount_eur" || p.Measure.Name != "" || p.Color != "status" || p.Title != "Amount by status over time" {
		t.Errorf("points: %+v", p)
	}
	if p := panels["parts"]; p.Facet != "status" || p.Dimension != "product" {
		t.Errorf("bars: %+v", p)
	}

	// What is written out reads back as the same.
	again := made(t, string(manifest.Eject(all...)), shop)
	texts := func(d *manifest.Dashboard) (out []string) {
		for _, row := range d.Rows {
			for _, p := range row.Panels {
				for _, m := range []manifest.Measure{p.Measure, p.Line} {
					out = append(out, fmt.Sprint(m.Op, m.Text, m.Window, m.Year, m.Label, m.Format))
				}
				out = append(out, p.Mark, p.Title, p.Facet, p.Color, p.Column, p.Dimension)
			}
		}
		return out
	}
	if a, b := texts(all[0]), texts(again[0]); !slices.Equal(a, b) {
		t.Errorf("another dashboard came back:\n%q\n%q\n%s", a, b, manifest.Eject(all...))
	}
}

// sensors is a series of readings of so many places, a day apart.
func sensors(places int) *table.Table {
	b := table.NewBuilder(table.NewSchema(table.Field{Name: "day", Type: table.Date}, table.Field{Name: "place", Type: table.String}, table.Field{Name: "temperature", Type: table.Float}), nil)
	for day := range int64(200) {
		for i := range places {
			b.Append(table.IntValue(table.Date, 19_000+day), table.TextValue(table.String, fmt.Sprint("Place ", i)), table.FloatValue(float64(i)*3+float64(day%17)/4))
		}
	}
	return b.Table()
}

func TestLinesThatLieOverOneAnotherBecomeSmallCharts(t *testing.T) {
	for places, want := range map[int][2]string{3: {"place", ""}, 4: {"place", ""}, 5: {"", "place"}, 9: {"", "place"}, 12: {"place", ""}} {
		data := sensors(places)
		d := manifest.Recommend("readings", "", profile(data), data)
		i := slices.IndexFunc(d.Rows, func(r manifest.Row) bool { return r.Panels[0].Mark == "line" })
		if i < 0 {
			t.Fatalf("%d places: there is no line", places)
		}
		if p := d.Rows[i].Panels[0]; p.Color != want[0] || p.Facet != want[1] {
			t.Errorf("%d places: colour %q, facet %q", places, p.Color, p.Facet)
		}
	}
}
