package manifest_test

import (
	"reflect"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
)

func TestOptionsAndFiltersAreKept(t *testing.T) {
	s := subjectOf("orders", orders(t))
	d := made(t, `
dashboards:
  orders:
    filters: [region, {field: amount_eur, type: range}]
    rows:
      - items:
          - {mark: kpi, y: sum(amount_eur), compare: previous year, sparkline: false, format: compact}
          - {mark: kpi, y: count(), sparkline: true}
      - items:
          - {mark: histogram, x: amount_eur, bins: 8}
          - {mark: ranked, x: count(), y: region, tabs: [product], limit: 2, other: false}
          - {mark: table, highlight: none}
`, s)[0]
	if want := []manifest.Offer{{Column: "region"}, {Column: "amount_eur", Control: "range"}}; !reflect.DeepEqual(d.Filters, want) {
		t.Errorf("filters %+v", d.Filters)
	}
	var all []manifest.Options
	for _, row := range d.Rows {
		for _, p := range row.Panels {
			all = append(all, p.Options)
			for _, tab := range p.Tabs {
				if tab.Options != p.Options {
					t.Errorf("the tab %s has %+v", tab.Name, tab.Options)
				}
			}
		}
	}
	want := []manifest.Options{{Format: "compact", Compare: "previous year", NoSparkline: true}, {}, {Bins: 8}, {NoOther: true}, {NoHighlight: true}}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("options %+v", all)
	}

	// They come back from what eject prints and from what an edit writes.
	again := made(t, string(manifest.Eject(d)), s)[0]
	if !reflect.DeepEqual(plain(d), plain(again)) || !reflect.DeepEqual(d.Filters, again.Filters) {
		t.Errorf("ejected:\n%s", manifest.Eject(d))
	}
	var none *manifest.Config
	text, problems := manifest.Write(nil, "orders", none.Spec(d))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	again = made(t, string(text), s)[0]
	if !reflect.DeepEqual(plain(d), plain(again)) || !reflect.DeepEqual(d.Filters, again.Filters) {
		t.Errorf("written:\n%s", text)
	}

	// No filter at all is another thing than nothing said of them.
	if d := made(t, "dashboards: {orders: {filters: []}}", s)[0]; d.Filters == nil || len(d.Filters) != 0 {
		t.Errorf("no filters: %+v", d.Filters)
	}
	if d := made(t, "dashboards: {orders: {}}", s)[0]; d.Filters != nil {
		t.Errorf("unsaid filters: %+v", d.Filters)
	}
}
