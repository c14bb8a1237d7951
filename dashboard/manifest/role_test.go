package manifest_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
)

func TestRolesOfColumns(t *testing.T) {
	number := func(step, rows int) func(int) string {
		return func(i int) string { return fmt.Sprintf("%d.25", i*step%rows) }
	}
	words := func(w ...string) func(int) string { return func(i int) string { return w[i%len(w)] } }
	ints := func(from, n int) func(int) string { return func(i int) string { return fmt.Sprint(from + i*7%n) } }
	for _, c := range []struct {
		name string
		cell func(int) string
		want manifest.Role
	}{
		{"nothing", words(""), manifest.RoleEmpty},
		{"currency", words("EUR"), manifest.RoleConstant},
		{"paid", words("true", "false"), manifest.RoleBoolean},
		{"paid", words("yes", "no"), manifest.RoleBoolean},
		{"bezahlt", words("Ja", "Nein"), manifest.RoleBoolean},
		{"is_paid", ints(0, 2), manifest.RoleBoolean},
		{"active", words("left", "right"), manifest.RoleNominal},
		{"day", words("2024-01-01", "2024-02-01"), manifest.RoleTime},
		{"year", ints(1990, 30), manifest.RoleTime},
		{"model_year", ints(1990, 30), manifest.RoleTime},
		{"seats", ints(1990, 300), manifest.RoleNumber},
		{"weekday", words("Mon", "Tue", "Wed"), manifest.RoleCyclic},
		{"month", ints(1, 12), manifest.RoleCyclic},
		{"size", words("S", "M", "XL"), manifest.RoleCyclic},
		{"age_group", words("18-24", "25-34", "65+"), manifest.RoleCyclic},
		{"income", words("<10000", "10000 to 20000", "20000+"), manifest.RoleCyclic},
		{"plz", func(i int) string { return fmt.Sprintf("0%d", 1000+i) }, manifest.RoleID},
		{"order_id", ints(1000, 50), manifest.RoleID},
		{"sku", words("A-1", "B-2"), manifest.RoleID},
		{"serial", func(i int) string { return fmt.Sprint(10_000 + 5*i) }, manifest.RoleID},
		{"token", func(i int) string { return fmt.Sprintf("tk%06x", i*7919) }, manifest.RoleID},
		{"account", func(i int) string { return fmt.Sprint(1_000_000_000_000_000+i*i, "7") }, manifest.RoleID},
		{"status_code", words("200", "404", "500"), manifest.RoleOrdinal},
		{"country_code", words("DE", "FR", "IT"), manifest.RoleNominal},
		{"country", func(i int) string { return fmt.Sprintf("Country %03d", i) }, manifest.RoleText},
		{"lat", number(3, 80), manifest.RoleGeo},
		{"pickup_longitude", number(3, 80), manifest.RoleGeo},
		{"margin_pct", number(3, 90), manifest.RolePercentage},
		{"conversion_rate", func(i int) string { return fmt.Sprintf("0.%03d", i*7%100) }, manifest.RolePercentage},
		{"heart_rate", func(i int) string { return fmt.Sprintf("%d.5", 50+i*7%190) }, manifest.RoleNumber},
		{"amount", number(7, 190), manifest.RoleCurrency},
		{"Cost Total $", ints(100, 170), manifest.RoleCurrency},
		{"Sales (EUR)", number(7, 190), manifest.RoleCurrency},
		{"latency_ms", number(7, 190), manifest.RoleDuration},
		{"bytes", ints(100, 180), manifest.RoleBytes},
		{"quantity", ints(1, 60), manifest.RoleCount},
		{"num_rooms", ints(1, 60), manifest.RoleCount},
		{"cylinders", words("4", "6", "8"), manifest.RoleOrdinal},
		{"horsepower", ints(60, 171), manifest.RoleNumber},
		{"temp_c", number(7, 190), manifest.RoleNumber},
		{"region", words("North", "South", "East"), manifest.RoleNominal},
		{"comment", func(i int) string {
			return fmt.Sprintf("number %d of a long row of remarks that nobody wants to see in a chart", i)
		}, manifest.RoleText},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := manifest.Classify(profile(lines(t, repeat(c.name+",i", 200, func(i int) string { return c.cell(i) + "," + fmt.Sprint(i) }))))[0]
			if f.Role != c.want {
				t.Errorf("%q is %q because of %s; want %q", c.name, f.Role, f.Reason, c.want)
			}
		})
	}
}

func TestCyclicValuesStandInTheirNaturalOrder(t *testing.T) {
	f := manifest.Classify(profile(lines(t, "size\nLarge\nSmall\nmedium\nLarge\nSmall")))[0]
	if want := []string{"Small", "medium", "Large"}; !slices.Equal(f.Order, want) {
		t.Errorf("order %q, want %q", f.Order, want)
	}
	f = manifest.Classify(profile(lines(t, "age\n25-34\n65+\n<18\n18-24\n25-34")))[0]
	if want := []string{"<18", "18-24", "25-34", "65+"}; !slices.Equal(f.Order, want) {
		t.Errorf("order %q, want %q", f.Order, want)
	}
	f = manifest.Classify(profile(lines(t, "at\n2024-01\n12-3-4\n5\n5")))[0]
	if f.Order != nil {
		t.Errorf("things that are no bands got the order %q", f.Order)
	}
}

func TestFewRowsLowerTheConfidence(t *testing.T) {
	text := func(n int) string {
		return repeat("region", n, func(i int) string { return fmt.Sprintf("r%d", i%3) })
	}
	few, many := manifest.Classify(profile(lines(t, text(6))))[0], manifest.Classify(profile(lines(t, text(600))))[0]
	if few.Confidence >= many.Confidence {
		t.Errorf("confidence %v of 6 rows, %v of 600", few.Confidence, many.Confidence)
	}
}
