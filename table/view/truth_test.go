package view_test

import (
	"testing"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

func TestTheMeanOfTruthIsTheShareThatIsTrue(t *testing.T) {
	schema := table.NewSchema(table.Field{Name: "open", Type: table.Bool})
	b := table.NewBuilder(schema, nil)
	for _, v := range []table.Value{table.BoolValue(true), table.BoolValue(false), {}, table.BoolValue(true), table.BoolValue(true)} {
		b.Append(v)
	}
	v, err := view.New(schema, view.Query{Measures: []view.Measure{
		{Name: "share", Op: view.Mean, Column: "open"}, {Name: "n", Op: view.Sum, Column: "open"},
		{Name: "spread", Op: view.StdDev, Column: "open"}, {Name: "middle", Op: view.Median, Column: "open"},
	}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Answer(t.Context(), b.Table())
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Table.Value(0, 0); !got.Equal(table.FloatValue(0.75)) {
		t.Errorf("the share is %v", got)
	}
	if got := a.Table.Value(0, 1); !got.Equal(table.IntValue(table.Int, 3)) {
		t.Errorf("the sum is %v", got)
	}
	if a.Table.Value(0, 2).IsNull() || !a.Table.Value(0, 3).Equal(table.FloatValue(1)) {
		t.Errorf("spread %v, middle %v", a.Table.Value(0, 2), a.Table.Value(0, 3))
	}
}
