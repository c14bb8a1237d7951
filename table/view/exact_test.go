package view_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// FuzzKeptAnswerIsTheFreshOneToTheLastBit holds answers that were kept up to date, with a memo that remembers and with one
// that forgets, against one that starts from nothing: a last digit that depends on what was asked before would be a change
// that nobody made.
func FuzzKeptAnswerIsTheFreshOneToTheLastBit(f *testing.F) {
	for seed := range uint64(30) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 31))
		p := newPool(rng, true)
		q := view.Query{Measures: []view.Measure{
			{Name: "deviation", Op: view.StdDev, Column: "amount"}, {Name: "sum", Op: view.Sum, Column: "amount"},
			{Name: "mean", Op: view.Mean, Column: "took"}, {Name: "p90", Op: view.Quantile, Column: "amount", P: 0.9},
			{Name: "spread", Op: view.StdDev, Column: "units"},
		}}
		for _, name := range []string{"paid", "city", "day"}[:rng.IntN(4)] {
			q.Groups = append(q.Groups, view.Group{Column: name})
		}
		var kept []*view.View
		for _, m := range []*view.Memo{view.NewMemo(1 << 30), view.NewMemo(4 << 10), nil} {
			v, err := view.New(sales, q, m)
			if err != nil {
				t.Fatal(err)
			}
			kept = append(kept, v)
		}
		var rows []row
		for range 200 + rng.IntN(2500) {
			rows = append(rows, randomRow(rng, 20))
		}
		for range 4 {
			tb := p.table(rows)
			fresh := ask(t, tb, q)
			for i, v := range kept {
				a, err := v.Answer(t.Context(), tb)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.EqualFunc(cells(a.Table), cells(fresh.Table), func(x, y row) bool { return slices.Equal(x, y) }) || !slices.Equal(a.Total, fresh.Total) {
					t.Fatalf("view %d: %v %v\nfresh: %v %v", i, cells(a.Table), a.Total, cells(fresh.Table), fresh.Total)
				}
			}
			rows = slices.Clone(rows)
			for range 1 + rng.IntN(4) {
				i := rng.IntN(len(rows))
				switch rng.IntN(3) {
				case 0:
					rows = slices.Insert(rows, i, randomRow(rng, 20))
				case 1:
					rows = slices.Delete(rows, i, min(len(rows), i+rng.IntN(60)))
				case 2:
					rows[i] = slices.Clone(rows[i])
					rows[i][2] = table.FloatValue(rng.NormFloat64())
				}
			}
		}
	})
}

// TestEstimatesDoNotDependOnWhatWasAsked does the same where digests stand for values.
func TestEstimatesDoNotDependOnWhatWasAsked(t *testing.T) {
	tb := readingsOf(400_000)
	s := tb.Schema()
	q := view.Query{Groups: []view.Group{{Column: s.Field(1).Name}}, Measures: []view.Measure{
		{Name: "median", Op: view.Median, Column: "value"}, {Name: "deviation", Op: view.StdDev, Column: "value"},
	}}
	v, err := view.New(s, q, view.NewMemo(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{5, len(tb.Chunks()) / 2, 17, len(tb.Chunks()) - 1, len(tb.Chunks())} {
		part := table.New(s, tb.Chunks()[:n]...)
		a, err := v.Answer(t.Context(), part)
		if err != nil {
			t.Fatal(err)
		}
		if fresh := ask(t, part, q); !slices.EqualFunc(cells(a.Table), cells(fresh.Table), func(x, y row) bool { return slices.Equal(x, y) }) {
			t.Fatalf("%d chunks: other estimates than from scratch", n)
		}
	}
}
