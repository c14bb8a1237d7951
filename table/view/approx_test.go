package view_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

func TestSketchesTakeOverAboveTheThresholdsAndSaySo(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	schema := table.NewSchema(table.Field{Name: "kind", Type: table.String}, table.Field{Name: "x", Type: table.Float}, table.Field{Name: "name", Type: table.String})
	b := table.NewBuilder(schema, nil)
	var all []float64
	perKind := map[string][]float64{}
	names := map[string]map[int]bool{"rare": {}, "often": {}, "": {}}
	const rows = 300_000
	for i := range rows {
		kind := []string{"rare", "often", "often", "often"}[rng.IntN(4)]
		x := math.Exp(rng.NormFloat64() * 2)
		all = append(all, x)
		perKind[kind] = append(perKind[kind], x)
		name := i % 9000
		if kind == "often" {
			name = i
		}
		names[kind][name], names[""][name] = true, true
		b.Append(table.TextValue(table.String, kind), table.FloatValue(x), table.TextValue(table.String, fmt.Sprint(name)))
	}
	tb := b.Table()
	q := view.Query{Groups: []view.Group{{Column: "kind"}}, Measures: []view.Measure{
		{Name: "rows", Op: view.Count},
		{Name: "names", Op: view.Distinct, Column: "name"},
		{Name: "p50", Op: view.Median, Column: "x"},
		{Name: "p99", Op: view.Quantile, P: 0.99, Column: "x"},
		{Name: "p0", Op: view.Quantile, P: 0, Column: "x"},
		{Name: "p100", Op: view.Quantile, P: 1, Column: "x"},
	}}
	v, err := view.New(schema, q, view.NewMemo(1<<30))
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Answer(t.Context(), tb)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Approx, []string{"names", "p50", "p99", "p0", "p100"}) {
		t.Errorf("approximate: %v", a.Approx)
	}
	check := func(name string, cells row, values []float64, names int) {
		slices.Sort(values)
		for i, p := range []float64{0.5, 0.99, 0, 1} {
			want := values[int(math.Round(p*float64(len(values)-1)))]
			if got := cells[2+i].Float(); math.Abs(got/want-1) > 2*view.SketchAccuracy {
				t.Errorf("%s: quantile %v is %v, want about %v", name, p, got, want)
			}
		}
		if got := cells[1].Float(); math.Abs(got/float64(names)-1) > 0.03 {
			t.Errorf("%s: %v different names, want about %v", name, got, names)
		}
	}
	often, rare := cells(a.Table)[0][1:], cells(a.Table)[1][1:]
	check("often", often, perKind["often"], len(names["often"]))
	check("rare", rare, perKind["rare"], len(names["rare"]))
	check("total", a.Total, all, len(names[""]))
	if got, want := rare[1].Int(), int64(len(names["rare"])); got != want {
		t.Errorf("%d of %d names counted where there is no need to estimate", got, want)
	}

	// The same chunks give the same digits, kept or not.
	fresh, err := view.New(schema, q, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []*view.View{v, fresh} {
		again, err := w.Answer(t.Context(), tb)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range cells(again.Table) {
			for c, cell := range r {
				if !cell.Equal(cells(a.Table)[i][c]) {
					t.Errorf("row %d, column %d: %v, then %v", i, c, cells(a.Table)[i][c], cell)
				}
			}
		}
	}
}
