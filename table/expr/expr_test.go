package expr_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/expr"
)

var schema = table.NewSchema(
	table.Field{Name: "amount", Type: table.Float, Unit: "EUR"},
	table.Field{Name: "cost", Type: table.Float, Unit: "EUR"},
	table.Field{Name: "pieces", Type: table.Int},
	table.Field{Name: "region", Type: table.String},
	table.Field{Name: "paid", Type: table.Bool},
	table.Field{Name: "day", Type: table.Date},
	table.Field{Name: "at", Type: table.Timestamp, Instant: true},
	table.Field{Name: "wait", Type: table.Duration},
	table.Field{Name: "data.items", Type: table.Int},
	table.Field{Name: "Body Mass (g)", Type: table.Int},
)

func instant(text string) table.Value {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return table.IntValue(table.Timestamp, at.UnixMicro())
}

func date(text string) table.Value {
	v, err := table.Field{Type: table.Date}.Parse(text)
	if err != nil {
		panic(err)
	}
	return v
}

func rows() *table.Table {
	b := table.NewBuilder(schema, nil)
	b.Append(table.FloatValue(12.5), table.FloatValue(10), table.IntValue(table.Int, 3), table.TextValue(table.String, "North"), table.BoolValue(true),
		date("2026-03-31"), instant("2026-03-29T00:30:00Z"), table.IntValue(table.Duration, 90_000_000), table.IntValue(table.Int, 7), table.IntValue(table.Int, 4200))
	b.Append(table.Value{}, table.FloatValue(0), table.IntValue(table.Int, 9_223_372_036_854_775_807), table.TextValue(table.String, "south-east"), table.BoolValue(false),
		date("2024-02-29"), instant("2025-12-31T23:30:00Z"), table.IntValue(table.Duration, 1_000), table.Value{}, table.Value{})
	b.Append(make([]table.Value, schema.Len())...)
	return b.Table()
}

// TestValues says of each expression what the three rows give, in the text form of files; "" is the empty cell.
func TestValues(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		typ  table.Type
		unit string
		want [3]string
	}{
		{"amount - cost", table.Float, "EUR", [3]string{"2.5", "", ""}},
		{"amount / cost", table.Float, "", [3]string{"1.25", "", ""}},
		{"cost / 0", table.Float, "EUR", [3]string{"", "", ""}},
		{"amount * pieces", table.Float, "EUR", [3]string{"37.5", "", ""}},
		{"pieces + 1", table.Int, "", [3]string{"4", "", ""}}, // it has no 64-bit result in the second row
		{"pieces * 2", table.Int, "", [3]string{"6", "", ""}},
		{"-pieces", table.Int, "", [3]string{"-3", "-9223372036854775807", ""}},
		{"pieces % 2", table.Int, "", [3]string{"1", "1", ""}},
		{"7 / 2", table.Float, "", [3]string{"3.5", "3.5", "3.5"}},
		{"pieces > 2 and paid", table.Bool, "", [3]string{"true", "false", ""}},
		{"paid or true", table.Bool, "", [3]string{"true", "true", "true"}},
		{"paid and false", table.Bool, "", [3]string{"false", "false", "false"}},
		{"not paid", table.Bool, "", [3]string{"false", "true", ""}},
		{"amount == null", table.Bool, "", [3]string{"false", "true", "true"}},
		{"amount != nil", table.Bool, "", [3]string{"true", "false", "false"}},
		{`region in ["North", "West"]`, table.Bool, "", [3]string{"true", "false", "false"}},
		{`region not in ["North", "West"]`, table.Bool, "", [3]string{"false", "true", "true"}},
		{"pieces in [3, 4]", table.Bool, "", [3]string{"true", "false", "false"}},
		{`if(paid, "yes", "no")`, table.String, "", [3]string{"yes", "no", "no"}},
		{"if(amount > 10, amount, 0)", table.Float, "EUR", [3]string{"12.5", "0", "0"}},
		{"paid ? 1 : 0", table.Int, "", [3]string{"1", "0", "0"}},
		{"coalesce(amount, cost, -1)", table.Float, "EUR", [3]string{"12.5", "0", "-1"}},
		{"round(amount / 3, 2)", table.Float, "EUR", [3]string{"4.17", "", ""}},
		{"abs(cost - amount)", table.Float, "EUR", [3]string{"2.5", "", ""}},
		{"least(amount, cost)", table.Float, "EUR", [3]string{"10", "0", ""}},
		{"greatest(pieces, 5)", table.Int, "", [3]string{"5", "9223372036854775807", "5"}},
		{"lower(region)", table.String, "", [3]string{"north", "south-east", ""}},
		{`upper(region) + "!"`, table.String, "", [3]string{"NORTH!", "SOUTH-EAST!", ""}},
		{`contains(region, "EAST")`, table.Bool, "", [3]string{"false", "true", ""}},
		{`region contains "nor"`, table.Bool, "", [3]string{"true", "false", ""}},
		{`not contains(region, "nor") and true`, table.Bool, "", [3]string{"false", "true", ""}},
		{"length(region)", table.Int, "", [3]string{"5", "10", ""}},
		{"text(day)", table.String, "", [3]string{"2026-03-31", "2024-02-29", ""}},
		{`number("3.5") + 1`, table.Float, "", [3]string{"4.5", "4.5", "4.5"}},
		{"year(day)", table.Int, "", [3]string{"2026", "2024", ""}},
		{"month(at)", table.Int, "", [3]string{"3", "1", ""}}, // in Paris the second is next year
		{"hour(at)", table.Int, "", [3]string{"1", "0", ""}},
		{"quarter(day)", table.Int, "", [3]string{"1", "1", ""}},
		{"weekday(day)", table.Int, "", [3]string{"2", "4", ""}},
		{"date(at)", table.Date, "", [3]string{"2026-03-29", "2026-01-01", ""}},
		{"day + 1", table.Date, "", [3]string{"2026-04-01", "2024-03-01", ""}},
		{`day - date("2026-03-30")`, table.Duration, "", [3]string{"86400", "-65664000", ""}},
		{`day >= "2026-01-01"`, table.Bool, "", [3]string{"true", "false", ""}},
		{`at < "2026-01-01T00:00:00Z"`, table.Bool, "", [3]string{"false", "true", ""}},
		{`date_diff("month", "2026-01-31", day)`, table.Int, "", [3]string{"2", "-23", ""}},
		{`date_diff("day", "2026-03-30", day)`, table.Int, "", [3]string{"1", "-760", ""}},
		{"wait * 2", table.Duration, "", [3]string{"180", "0.002", ""}},
		{"wait > 30", table.Bool, "", [3]string{"true", "false", ""}},
		{"wait / wait", table.Float, "", [3]string{"1", "1", ""}},
		{"at + wait", table.Timestamp, "", [3]string{"2026-03-29T00:31:30Z", "2025-12-31T23:30:00.001Z", ""}},
		{"data.items + 0", table.Int, "", [3]string{"7", "", ""}},
		{`column("Body Mass (g)") / 1000`, table.Float, "", [3]string{"4.2", "", ""}},
		{"null", table.Null, "", [3]string{"", "", ""}},
		{"null + pieces", table.Int, "", [3]string{"", "", ""}},
	} {
		e, err := expr.Compile(c.text, expr.Options{Schema: schema, Zone: paris})
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		f := e.Field()
		if f.Type != c.typ || f.Unit != c.unit {
			t.Errorf("%s: it is a %s in %q, and not a %s in %q", c.text, f.Type, f.Unit, c.typ, c.unit)
		}
		col := e.Eval(rows().Chunks()[0])
		for i, want := range c.want {
			if got := f.Format(col.Value(i)); got != want {
				t.Errorf("%s, row %d: %q, not %q", c.text, i, got, want)
			}
		}
	}
}

// TestFaults says what is wrong, where, and what was probably meant.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
		want   string
	}{
		{"amuont - cost", 1, `Did you mean "amount"?`},
		{"amount - cots", 10, `Did you mean "cost"?`},
		{"rond(amount)", 1, `Did you mean "round"?`},
		{"amount +", 8, "cannot be read"},
		{"amount = 3", 8, `Write "=="`},
		{"amount + region", 8, "text(x)"},
		{"paid * 2", 6, "if(x, 1, 0)"},
		{"sum(amount)", 1, "belongs into a measure"},
		{"region > 3", 8, "cannot be compared"},
		{`day == "yesterday"`, 5, "is not a date"},
		{"if(pieces, 1, 2)", 1, "true or false"},
		{`if(paid, 1, "x")`, 1, "one type"},
		{"round(amount, pieces)", 1, "written out"},
		{"[1, 2]", 1, "after \"in\""},
		{"amount[0]", 7, "does not belong"},
		{`date_diff("dya", day, at)`, 1, `Did you mean "day"?`},
		{"", 1, "nothing to compute"},
		{strings.Repeat("(", 60) + "1" + strings.Repeat(")", 60), 51, "too deeply"},
	} {
		_, err := expr.Compile(c.text, expr.Options{Schema: schema})
		var e *expr.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: no fault is found", c.text)
			continue
		}
		if e.Column != c.column || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; it should be at column %d with %q", c.text, err, c.column, c.want)
		}
	}
}

func TestMeasures(t *testing.T) {
	named := map[string]string{
		"revenue": "sum(amount)", "orders": "count()", "aov": "revenue / orders", "a": "b + 1", "b": "a + 1", "broken": "sum(nothing)",
	}
	o := expr.MeasureOptions{Options: expr.Options{Schema: schema}, Named: func(name string) (string, bool) { text, ok := named[name]; return text, ok }, Names: []string{"aov", "orders", "revenue"}}
	m, err := expr.CompileMeasure("sum(amount - cost) / sum(amount) + aov * 0", o)
	if err != nil {
		t.Fatal(err)
	}
	// sum(amount) is there once, although it is written twice.
	if len(m.Aggregates) != 3 || m.Aggregates[0].Row == nil || m.Aggregates[1].Column != "amount" || m.Aggregates[2].Func != "count" {
		t.Fatalf("aggregates: %+v", m.Aggregates)
	}
	if want := "sum(amount - cost) / sum(amount) + sum(amount) / count() * 0"; m.Text != want {
		t.Errorf("written out it is %q", m.Text)
	}
	b := table.NewBuilder(m.Formula.Schema(), nil)
	b.Append(table.FloatValue(25), table.FloatValue(100), table.FloatValue(4))
	if v := m.Formula.Eval(b.Table().Chunks()[0]).Value(0); v.Float() != 0.25 {
		t.Errorf("the margin is %v", v)
	}
	if m, err = expr.CompileMeasure("sum(amount)", o); err != nil || m.Formula != nil || m.Aggregates[0].Column != "amount" {
		t.Errorf("an aggregate alone: %+v, %v", m, err)
	}
	for text, want := range map[string]string{
		"a":                 "go in a circle: a → b → a",
		"revenu / orders":   `Did you mean "revenue"?`,
		"amount / orders":   "Write sum(amount)",
		"broken + 1":        "has a fault of its own",
		"1 + 1":             "Nothing here is made of the rows",
		"sum(region)":       "needs numbers",
		"count(amount)":     "distinct(x)",
		"p(amount, 2)":      "from 0 to 1",
		"sum(sum(amount))":  "belongs into a measure",
		"revenue + \"EUR\"": "cannot be added",
	} {
		if _, err := expr.CompileMeasure(text, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; it should say %q", text, err, want)
		}
	}
}
