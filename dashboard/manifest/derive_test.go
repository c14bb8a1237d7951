package manifest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

const derivedShop = `
timezone: Europe/Paris
tables:
  sales:
    from: orders
    join:
      - {table: products, on: product}
    where: status != "cancelled"
    fields:
      net: {value: amount_eur * (1 - discount_pct / 100), label: Net, unit: EUR}
      large: net > 100
    measures:
      revenue: {value: sum(net), label: Revenue}
      orders: count()
      aov: {value: revenue / orders, label: Average order, unit: EUR}
      per_piece: sum(net) / sum(quantity)
      spread: max(net - unit_price_eur) - min(net - unit_price_eur)
dashboards:
  today:
    table: sales
    rows:
      - items:
          - {mark: kpi, y: revenue}
          - {mark: kpi, y: aov}
          - {mark: kpi, y: "sum(if(large, 1, 0)) / orders", title: Share of large}
      - items:
          - {mark: line, y: aov, color: family}
          - {mark: bar, x: per_piece, y: family}
      - items:
          - {mark: histogram, x: net}
          - {mark: table, columns: [order_id, family, net, large]}
`

func products() *table.Table {
	b := table.NewBuilder(table.NewSchema(table.Field{Name: "product", Type: table.String}, table.Field{Name: "family", Type: table.String}), nil)
	for _, wood := range []string{"Oak", "Pine", "Steel"} { // Glass is not known
		for _, thing := range []string{"table", "chair", "lamp", "shelf", "desk", "bench"} {
			b.Append(table.TextValue(table.String, wood+" "+thing), table.TextValue(table.String, wood))
		}
	}
	return b.Table()
}

func TestADashboardOverDerivedColumns(t *testing.T) {
	shop := subjectOf("orders", orders(t))
	all := made(t, derivedShop, shop, subjectOf("products", products()))
	if len(all) != 2 || all[0].Slug != "today" || all[0].Table != "orders" || all[1].Table != "products" {
		t.Fatalf("%d dashboards: %s over %s", len(all), all[0].Slug, all[0].Table)
	}
	d := all[0]
	derived, _, err := d.Derive.Apply(shop.Data, func(string) *table.Table { return products() })
	if err != nil {
		t.Fatal(err)
	}
	if derived.Rows() == 0 || derived.Rows() >= shop.Data.Rows() {
		t.Errorf("%d of %d rows are not cancelled", derived.Rows(), shop.Data.Rows())
	}
	for _, name := range []string{"family", "net", "large"} {
		if !slices.ContainsFunc(d.Fields, func(f manifest.Field) bool { return f.Name == name }) {
			t.Errorf("%q is no field of the dashboard", name)
		}
	}
	aov := d.Rows[0].Panels[1].Measure
	if aov.Op != view.Computed || aov.Label != "Average order" || aov.Unit != "EUR" || len(aov.Parts) != 2 || aov.Parts[0].Column != "net" {
		t.Errorf("aov is %+v", aov)
	}
	large := d.Rows[0].Panels[2].Measure
	if i := derived.Schema().Index(large.Parts[0].Column); i < 0 || !d.Derive.Hidden(large.Parts[0].Column) {
		t.Errorf("the condition within the sum is no column: %+v", large)
	}
	if !slices.ContainsFunc(d.Warnings, func(n string) bool {
		return strings.Contains(n, "products does not have") && strings.Contains(n, "Glass")
	}) {
		t.Errorf("nothing is said of the rows without a product: %q", d.Warnings)
	}
	if d.Stale(shop.Data.Schema(), shop.Data.Rows()) || !d.Stale(products().Schema(), 10) {
		t.Error("the dashboard is stale by the wrong columns")
	}
}

func TestDerivedColumnsSurviveEject(t *testing.T) {
	subjects := []manifest.Subject{subjectOf("orders", orders(t)), subjectOf("products", products())}
	all := made(t, derivedShop, subjects...)
	text := string(manifest.Eject(all...))
	again := made(t, text, subjects...)
	for i := range all[0].Rows {
		for k, p := range all[0].Rows[i].Panels {
			q := again[0].Rows[i].Panels[k]
			if p.Title != q.Title || p.Measure.Op != q.Measure.Op || len(p.Measure.Parts) != len(q.Measure.Parts) || p.Column != q.Column {
				t.Errorf("%+v became %+v in\n%s", p, q, text)
			}
		}
	}
}
