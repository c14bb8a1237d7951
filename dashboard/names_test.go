package dashboard_test

import (
	"slices"
	"testing"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
)

// serveNames loads the files in this order and returns what their tables are called.
func serveNames(t *testing.T, earlier []dashboard.Name, files ...string) (map[string]string, []dashboard.Name) {
	t.Helper()
	given := slices.Clone(earlier)
	m := dashboard.New(dashboard.Options{
		Hub: hub.New(hub.Options{}), Names: earlier, OnName: func(n dashboard.Name) { given = append(given, n) },
	})
	for _, f := range files {
		m.Announce(f)
	}
	for _, f := range files {
		load := loadOf([]order{{id: f, amount: 1}})
		load.Path = f
		m.Prepare(load, false)()
	}
	names := map[string]string{}
	for _, tb := range m.State().Tables() {
		names[tb.Source.Path] = tb.Name
	}
	return names, given
}

func TestNamesDoNotDependOnWhoComesFirst(t *testing.T) {
	files := []string{"orders.csv", "orders.json", "north/orders.csv", "north_orders.csv", "stock.csv"}
	first, _ := serveNames(t, nil, files...)
	slices.Reverse(files)
	second, _ := serveNames(t, nil, files...)
	for f, name := range first {
		if second[f] != name {
			t.Errorf("%s is %s or %s", f, name, second[f])
		}
	}
	if first["stock.csv"] != "stock" || first["orders.csv"] != "orders_csv" || first["orders.json"] != "orders_json" {
		t.Errorf("%v", first)
	}
}

func TestAnotherFileNeverTakesANameInALaterRun(t *testing.T) {
	before, given := serveNames(t, nil, "orders.csv")
	after, _ := serveNames(t, given, "orders.json")
	if before["orders.csv"] != "orders" || after["orders.json"] == "orders" {
		t.Errorf("%v, then %v", before, after)
	}
	again, _ := serveNames(t, given, "orders.json", "orders.csv")
	if again["orders.csv"] != "orders" {
		t.Errorf("%v", again)
	}
}
