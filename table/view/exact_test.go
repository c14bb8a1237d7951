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

// TestEstimatesDoNotDependOnWhatWasAsked does the same where sketches stand for values.
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

// TestEstimatesFollowEveryChange does it for rows that are appended, changed and removed, of numbers and of moments: a
// sketch is one to the last bit, however its values came and went.
func TestEstimatesFollowEveryChange(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 9))
	s := table.NewSchema(
		table.Field{Name: "id", Type: table.Int}, table.Field{Name: "kind", Type: table.String},
		table.Field{Name: "x", Type: table.Float}, table.Field{Name: "at", Type: table.Timestamp},
	)
	dicts := []*table.Dict{nil, table.NewDict(), nil, nil}
	next := int64(0)
	chunk := func(n int) *table.Chunk {
		b := table.NewBuilder(s, dicts)
		for range n {
			next++
			kind, x := "often", table.FloatValue(rng.NormFloat64()*100)
			if rng.IntN(500) == 0 {
				kind = "rare"
			}
			if rng.IntN(50) == 0 {
				x = table.Value{}
			}
			b.Append(table.IntValue(table.Int, next), table.TextValue(table.String, kind), x, table.IntValue(table.Timestamp, next*60_000_000+rng.Int64N(1e9)))
		}
		c := b.Table().Chunks()[0]
		columns := []*table.Column{c.Column(0), c.Column(1), c.Column(2), c.Column(3)}
		return table.NewChunk(n, columns, [16]byte{byte(next), byte(next >> 8), byte(next >> 16), 7})
	}
	q := view.Query{Groups: []view.Group{{Column: "kind"}}, Measures: []view.Measure{
		{Name: "median", Op: view.Median, Column: "x"}, {Name: "p99", Op: view.Quantile, P: 0.99, Column: "x"},
		{Name: "when", Op: view.Median, Column: "at"}, {Name: "late", Op: view.Quantile, P: 0.9, Column: "at"},
	}}
	v, err := view.New(s, q, view.NewMemo(1<<30))
	if err != nil {
		t.Fatal(err)
	}
	var chunks []*table.Chunk
	for range 24 {
		chunks = append(chunks, chunk(4000+rng.IntN(400)))
	}
	var before *table.Table
	for step := range 9 {
		tb := table.New(s, chunks...)
		if before != nil {
			tb = table.Diff(before, tb, []string{"id"}).Next()
		}
		kept, err := v.Answer(t.Context(), tb)
		if err != nil {
			t.Fatal(err)
		}
		fresh := ask(t, tb, q)
		if !slices.EqualFunc(cells(kept.Table), cells(fresh.Table), func(x, y row) bool { return slices.Equal(x, y) }) || !slices.Equal(kept.Total, fresh.Total) || !slices.Equal(kept.Approx, fresh.Approx) {
			t.Fatalf("step %d, %d rows\nkept  %v %v %v\nfresh %v %v %v", step, tb.Rows(), cells(kept.Table), kept.Total, kept.Approx, cells(fresh.Table), fresh.Total, fresh.Approx)
		}
		if over := tb.Rows() > 110_000; over && len(kept.Approx) != 4 || tb.Rows() < 100_000 && kept.Approx != nil {
			t.Errorf("%d rows, approximate: %v", tb.Rows(), kept.Approx)
		}
		before = tb
		chunks = slices.Clone(chunks)
		switch i := rng.IntN(len(chunks)); step % 5 {
		case 0, 1:
			chunks = append(chunks, chunk(3000))
		case 2:
			chunks[i] = chunk(100)
		case 3:
			chunks = slices.Delete(chunks, i, i+1)
		case 4:
			chunks = append(chunks, chunk(1))
		}
	}
}
