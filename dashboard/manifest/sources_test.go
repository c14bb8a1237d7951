package manifest_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

func TestHowASourceIsRead(t *testing.T) {
	c, problems := manifest.Parse([]byte(`
sources:
  orders:
    delimiter: semicolon
    decimal: ","
    encoding: windows-1252
    header_rows: 2
    skip: auto
    key: [order_id, line]
    nulls: n/a
    on_error: quarantine
    dates: month-first
    columns:
      day: {type: date, format: "%d/%m/%Y", role: temporal}
      price: {type: number, unit: EUR}
      note: {label: Note}
  plan: {sheet: "2026", range: A3:H40}
  events: {records: data.items}
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	two := 2
	for source, want := range map[string]ingest.Options{
		"orders": {Delimiter: ";", Decimal: ",", Encoding: "windows-1252", HeaderRows: &two, Key: []string{"order_id", "line"}, Nulls: []string{"n/a"}, Dates: ingest.MonthFirst,
			Columns: map[string]ingest.ColumnOptions{"day": {Type: table.Date, Format: "%d/%m/%Y"}, "price": {Type: table.Float}}},
		"plan":   {Sheet: "2026", Range: "A3:H40"},
		"events": {Records: "data.items"},
		"other":  {},
	} {
		if got := c.Reading(source); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", source, got, want)
		}
	}
	var none *manifest.Config
	if none.ReadsLike(c, "orders") || !none.ReadsLike(c, "other") {
		t.Error("which sources are read alike")
	}
	for text, says := range map[string]string{
		"sources: {a: {delimiter: xx}}":                        "line 1, column 26: This delimiter takes one character",
		"sources: {a: {header_rows: many}}":                    "is not a number of rows",
		"sources: {a: {header_rows: 1000}}":                    "line 1, column 28: This header-rows takes a whole number",
		"sources: {a: {encoding: klingon}}":                    "This encoding takes a name such as",
		"sources: {a: {columns: {x: {type: numbre}}}}":         `Did you mean "number"?`,
		"sources: {a: {columns: {x: {type: int, format: a}}}}": "a format for date and timestamp only",
		"sources: {a: {on_error: fail}}":                       "not supported yet",
		"sources: {a: {key: {b: c}}}":                          "A list is expected here",
	} {
		_, problems := manifest.Parse([]byte(text))
		if len(problems) == 0 || !strings.Contains(problems[0].Error(), says) {
			t.Errorf("%s: %v", text, problems)
		}
	}
}
