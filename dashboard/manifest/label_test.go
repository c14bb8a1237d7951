package manifest_test

import (
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

func TestLabelReadsAsAPersonWritesIt(t *testing.T) {
	for name, want := range map[string]string{
		"order_date":       "Order date",
		"orderDate":        "Order date",
		"ORDER DATE":       "Order date",
		"COST_TOTAL":       "Cost total",
		"order_id":         "Order ID",
		"ID":               "ID",
		"Wildlife Species": "Wildlife Species",
		"Miles_per_Gallon": "Miles per gallon",
		"HTTPCode":         "HTTP code",
		"Speed_IAS":        "Speed IAS",
		"customer.name":    "Customer name",
		"größe":            "Größe",
		"日付":               "日付",
		"  a   b ":         "A b",
		"":                 "",
		"---":              "---",
		"MPG":              "MPG",
	} {
		if got := manifest.Label(name); got != want {
			t.Errorf("Label(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestUnitsComeOffTheNamesOfNumbers(t *testing.T) {
	for name, want := range map[string][2]string{
		"Amount (EUR)":        {"Amount", "EUR"},
		"Speed IAS in knots":  {"Speed IAS", "kn"},
		"Cost Total $":        {"Cost Total", "USD"},
		"temp_c":              {"Temp", "°C"},
		"temp_min":            {"Temp min", ""},
		"vitamin_c":           {"Vitamin c", ""},
		"discount_pct":        {"Discount", "%"},
		"Body Mass (g)":       {"Body Mass", "g"},
		"Weight_in_lbs":       {"Weight", "lb"},
		"response_time_ms":    {"Response time", "ms"},
		"Running Time min":    {"Running Time", "min"},
		"Sales (2020)":        {"Sales (2020)", ""},
		"price_usd":           {"Price", "USD"},
		"wind [km/h]":         {"Wind", "km/h"},
		"miles":               {"Miles", ""},
		"Miles_per_Gallon":    {"Miles per gallon", ""},
		"km":                  {"Km", ""},
		"($)":                 {"($)", ""},
		"Größe (cm)":          {"Größe", "cm"},
		"checked_in":          {"Checked in", ""},
		"days":                {"Days", ""},
		"lead_time_days":      {"Lead time", "days"},
		"storage_gb":          {"Storage", "GB"},
		"Temperature, °C":     {"Temperature", "°C"},
		"Cost of living in %": {"Cost of living", "%"},
	} {
		f := manifest.Classify([]view.ColumnProfile{{Field: table.Field{Name: name, Type: table.Float}, Rows: 10, Distinct: 10, Min: table.FloatValue(0), Max: table.FloatValue(9)}})[0]
		if f.Label != want[0] || f.Unit != want[1] {
			t.Errorf("%q: label %q, unit %q; want %q, %q", name, f.Label, f.Unit, want[0], want[1])
		}
	}
	text := manifest.Classify([]view.ColumnProfile{{Field: table.Field{Name: "paid_eur", Type: table.String}, Rows: 10, Distinct: 10}})[0]
	if text.Unit != "" || text.Label != "Paid EUR" {
		t.Errorf("a text got the unit %q and the label %q", text.Unit, text.Label)
	}
}

func TestSlugs(t *testing.T) {
	for name, want := range map[string]string{"Orders 2024": "orders-2024", "Größe (cm)": "groesse-cm", "a/b__c": "a-b-c", "  ": "table", "日付": "日付", "Ünïcode": "uenicode", "-x-": "x"} {
		if got := manifest.Slug(name); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
		if got := manifest.Slug(manifest.Slug(name)); got != want {
			t.Errorf("the slug of the slug of %q is %q", name, got)
		}
	}
	got := manifest.Slugs([]string{"A B", "a-b", "a b", "a_b", "a-b-2"})
	want := []string{"a-b-3", "a-b", "a-b-4", "a-b-5", "a-b-2"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("Slugs: %q, want %q", got, want)
			break
		}
	}
}
