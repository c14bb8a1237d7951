package table_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/dashira/dashira/table"
)

var everyType = table.NewSchema(
	table.Field{Name: "ok", Type: table.Bool},
	table.Field{Name: "n", Type: table.Int},
	table.Field{Name: "x", Type: table.Float},
	table.Field{Name: "s", Type: table.String},
	table.Field{Name: "d", Type: table.Date},
	table.Field{Name: "t", Type: table.Time},
	table.Field{Name: "at", Type: table.Timestamp, Instant: true},
	table.Field{Name: "took", Type: table.Duration},
	table.Field{Name: "list", Type: table.Nested},
	table.Field{Name: "nothing", Type: table.Null},
)

func TestBuilderReturnsEveryCellItWasGiven(t *testing.T) {
	b := table.NewBuilder(everyType, nil)
	row := func(i int64) []table.Value {
		if i%5 == 4 {
			return make([]table.Value, everyType.Len())
		}
		return []table.Value{
			table.BoolValue(i%3 == 0), table.IntValue(table.Int, -i), table.FloatValue(float64(i) / 4),
			table.TextValue(table.String, fmt.Sprint("v", i%97)), table.IntValue(table.Date, i),
			table.IntValue(table.Time, i*1e6), table.IntValue(table.Timestamp, i*1e9), table.IntValue(table.Duration, i*7),
			table.TextValue(table.Nested, fmt.Sprintf("[%d]", i)), {},
		}
	}
	const rows = 2*table.DefaultChunkRows + 77
	for i := range int64(rows) {
		b.Append(row(i)...)
	}
	tb := b.Table()
	if tb.Rows() != rows || len(tb.Chunks()) != 3 {
		t.Fatalf("%d rows in %d chunks", tb.Rows(), len(tb.Chunks()))
	}
	for i := range int64(rows) {
		for c, want := range row(i) {
			if got := tb.Value(i, c); !got.Equal(want) {
				t.Fatalf("row %d, column %d: got %v, want %v", i, c, got, want)
			}
		}
	}
	if tb.Chunks()[0].Column(9).Nulls() != table.DefaultChunkRows {
		t.Error("a column without a value counts every cell as empty")
	}
}

func TestFieldReadsBackWhatItFormats(t *testing.T) {
	for _, c := range []struct {
		field table.Field
		value table.Value
		text  string
	}{
		{table.Field{Type: table.Bool}, table.BoolValue(true), "true"},
		{table.Field{Type: table.Int}, table.IntValue(table.Int, -9007199254740993), "-9007199254740993"},
		{table.Field{Type: table.Float}, table.FloatValue(0.1), "0.1"},
		{table.Field{Type: table.Date}, table.IntValue(table.Date, -1), "1969-12-31"},
		{table.Field{Type: table.Time}, table.IntValue(table.Time, 33_160_500_000), "09:12:40.5"},
		{table.Field{Type: table.Timestamp, Instant: true}, table.IntValue(table.Timestamp, 1_000_000), "1970-01-01T00:00:01Z"},
		{table.Field{Type: table.Timestamp}, table.IntValue(table.Timestamp, -1), "1969-12-31T23:59:59.999999"},
		{table.Field{Type: table.Duration}, table.IntValue(table.Duration, 1_500_000), "1.5"},
		{table.Field{Type: table.String}, table.TextValue(table.String, "Namibia"), "Namibia"},
		{table.Field{Type: table.Int}, table.Value{}, ""},
	} {
		if got := c.field.Format(c.value); got != c.text {
			t.Errorf("%s: formatted %q, want %q", c.field.Type, got, c.text)
		}
		back, err := c.field.Parse(c.text)
		if err != nil || !back.Equal(c.value) {
			t.Errorf("%s: %q read back as %v, %v", c.field.Type, c.text, back, err)
		}
	}
	if _, err := (table.Field{Type: table.Int}).Parse("12o"); err == nil {
		t.Error("12o was read as an int")
	}
}

func TestDictGivesOneCodePerTextToEveryGoroutine(t *testing.T) {
	d := table.NewDict()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 5000 {
				text := fmt.Sprint(i)
				if code := d.Intern(text); d.Value(code) != text {
					t.Errorf("code %d is %q, not %q", code, d.Value(code), text)
					return
				}
			}
		})
	}
	wg.Wait()
	if d.Len() != 5000 {
		t.Errorf("%d codes for 5000 texts", d.Len())
	}
}
