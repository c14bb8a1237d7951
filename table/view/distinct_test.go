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

// textTable holds groups and names, each chunk's names by a dictionary of its own or of all, or as plain text.
func textTable(groups []uint32, names []string, keep func(chunk int, all *table.Dict) *table.Dict) *table.Table {
	schema := table.NewSchema(table.Field{Name: "group", Type: table.String}, table.Field{Name: "name", Type: table.String})
	kinds, all := table.NewDict(), table.NewDict()
	for g := range slices.Max(groups) + 1 {
		kinds.Intern(fmt.Sprint("g", g))
	}
	var chunks []*table.Chunk
	const rows = 5000
	for from := 0; from < len(names); from += rows {
		to := min(from+rows, len(names))
		var name *table.Column
		if dict := keep(len(chunks), all); dict != nil {
			codes := make([]uint32, 0, rows)
			for _, s := range names[from:to] {
				codes = append(codes, dict.Intern(s))
			}
			name = table.NewCodeColumn(table.String, codes, dict, nil)
		} else {
			offsets, text := []int32{0}, []byte(nil)
			for _, s := range names[from:to] {
				text = append(text, s...)
				offsets = append(offsets, int32(len(text)))
			}
			name = table.NewTextColumn(table.String, offsets, text, nil)
		}
		chunks = append(chunks, table.NewChunk(to-from, []*table.Column{table.NewCodeColumn(table.String, groups[from:to], kinds, nil), name}, [16]byte{}))
	}
	return table.New(schema, chunks...)
}

func TestHowManyTextsThereAreDoesNotDependOnHowTheyAreHeld(t *testing.T) {
	for _, c := range []struct{ rows, names, groups int }{{12_000, 30, 3}, {30_000, 5000, 3}, {30_000, 5000, 400}, {45_000, 14_000, 2}, {150_000, 600_000, 2}} {
		rng := rand.New(rand.NewPCG(uint64(c.rows), uint64(c.names)))
		groups, names := make([]uint32, c.rows), make([]string, c.rows)
		perGroup := map[uint32]map[string]bool{}
		for i := range names {
			groups[i], names[i] = uint32(rng.IntN(c.groups)), fmt.Sprintf("C-%06d", rng.IntN(c.names))
			if perGroup[groups[i]] == nil {
				perGroup[groups[i]] = map[string]bool{}
			}
			perGroup[groups[i]][names[i]] = true
		}
		own := map[int]*table.Dict{}
		held := map[string]*table.Table{
			"one dictionary": textTable(groups, names, func(_ int, all *table.Dict) *table.Dict { return all }),
			"plain":          textTable(groups, names, func(int, *table.Dict) *table.Dict { return nil }),
			"some plain": textTable(groups, names, func(chunk int, all *table.Dict) *table.Dict {
				if chunk%3 == 2 {
					return nil
				}
				return all
			}),
			"many dictionaries": textTable(groups, names, func(chunk int, _ *table.Dict) *table.Dict {
				if own[chunk/2] == nil {
					own[chunk/2] = table.NewDict()
				}
				return own[chunk/2]
			}),
		}
		for _, grouped := range []bool{false, true} {
			q := view.Query{Measures: []view.Measure{{Name: "names", Op: view.Distinct, Column: "name"}}}
			if grouped {
				q.Groups = []view.Group{{Column: "group"}}
			}
			want := ask(t, held["plain"], q)
			for how, tb := range held {
				got := ask(t, tb, q)
				if fmt.Sprint(cells(got.Table)) != fmt.Sprint(cells(want.Table)) || !slices.Equal(got.Approx, want.Approx) {
					t.Errorf("%+v, %s, grouped %v: %v, approximate %v; plain %v, %v", c, how, grouped, cells(got.Table), got.Approx, cells(want.Table), want.Approx)
				}
			}
			for _, r := range cells(want.Table) {
				if grouped && c.names <= view.ExactDistinct {
					var g uint32
					fmt.Sscanf(r[0].Text(), "g%d", &g)
					if r[1].Int() != int64(len(perGroup[g])) {
						t.Errorf("%+v: %v has %v names, want %d", c, r[0], r[1], len(perGroup[g]))
					}
				}
			}
		}
	}
}

func TestHowManyNumbersThereAreDoesNotDependOnHowTheyAreHeld(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	draws := map[string]func() float64{
		"cents":        func() float64 { return float64(rng.IntN(9000)) / 100 },
		"many cents":   func() float64 { return float64(rng.IntN(60_000)-20_000) / 100 },
		"whole":        func() float64 { return float64(rng.IntN(2000) - 1000) },
		"far":          func() float64 { return float64(rng.IntN(3000)) * 1e6 },
		"fine":         func() float64 { return float64(rng.IntN(4000)) / 10_000 },
		"rarely third": func() float64 { return float64(rng.IntN(500)) / float64(1+2*(rng.IntN(5000)/4999)) },
		"zeros":        func() float64 { return math.Copysign(0, float64(rng.IntN(2)*2-1)) },
	}
	for name, draw := range draws {
		values := make([]float64, 40_000)
		for i := range values {
			values[i] = draw()
		}
		const odd = math.Pi // has no code: everything that is with it is kept by hashes
		for _, typ := range []table.Type{table.Float, table.Int, table.Date} {
			tableOf := func(values []float64) *table.Table {
				b := table.NewBuilder(table.NewSchema(table.Field{Name: "kind", Type: table.Int}, table.Field{Name: "x", Type: typ}), nil)
				for i, x := range values {
					v := table.Value{}
					switch {
					case i%17 == 0:
					case typ == table.Float:
						v = table.FloatValue(x)
					default:
						v = table.IntValue(typ, int64(min(x, 1e6)))
					}
					b.Append(table.IntValue(table.Int, int64(i%3)), v)
				}
				return b.Table()
			}
			tables := []*table.Table{tableOf(append([]float64{0, odd, 1}, values...)), tableOf(append(slices.Clone(values), 1, odd, 0))}
			for _, grouped := range []bool{false, true} {
				q := view.Query{Measures: []view.Measure{{Name: "n", Op: view.Distinct, Column: "x"}}}
				if grouped {
					q.Groups = []view.Group{{Column: "kind"}}
				}
				for k, tb := range tables {
					seen := map[int64]map[table.Value]bool{}
					for r := range tb.Rows() {
						kind, v := tb.Value(r, 0).Int(), tb.Value(r, 1)
						if !grouped {
							kind = 0
						}
						if seen[kind] == nil {
							seen[kind] = map[table.Value]bool{}
						}
						if typ == table.Float && !v.IsNull() {
							v = table.FloatValue(v.Float() + 0)
						}
						if !v.IsNull() {
							seen[kind][v] = true
						}
					}
					got := ask(t, tb, q)
					for i, r := range cells(got.Table) {
						want, n := int64(len(seen[int64(i)])), r[len(r)-1].Int()
						if exact := want <= view.ExactDistinct; exact && n != want || math.Abs(float64(n)/float64(want)-1) > 0.03 || !exact != (len(got.Approx) > 0) && !grouped {
							t.Errorf("%s, %v, table %d, grouped %v: %d values, want %d, approximate %v", name, typ, k, grouped, n, want, got.Approx)
						}
					}
				}
			}
		}
	}
}

func TestAnEstimateFollowsEachRow(t *testing.T) {
	b := table.NewBuilder(table.NewSchema(table.Field{Name: "name", Type: table.String}, table.Field{Name: "price", Type: table.Float}), nil)
	rng := rand.New(rand.NewPCG(4, 4))
	add := func(n int) {
		for range n {
			k := rng.IntN(60_000)
			b.Append(table.TextValue(table.String, fmt.Sprint("n", k)), table.FloatValue(float64(k)/100))
		}
	}
	q := view.Query{Measures: []view.Measure{{Name: "names", Op: view.Distinct, Column: "name"}, {Name: "prices", Op: view.Distinct, Column: "price"}}}
	v, err := view.New(b.Table().Schema(), q, view.NewMemo(1<<30))
	if err != nil {
		t.Fatal(err)
	}
	add(9_900)
	var before *table.Table
	for i := range 40 {
		tb := b.Table()
		if before != nil {
			tb = table.Diff(before, tb, nil).Next()
		}
		before = tb
		kept, err := v.Answer(t.Context(), tb)
		if err != nil {
			t.Fatal(err)
		}
		fresh := ask(t, tb, q)
		if fmt.Sprint(cells(kept.Table), kept.Approx) != fmt.Sprint(cells(fresh.Table), fresh.Approx) {
			t.Fatalf("step %d: kept %v %v, fresh %v %v", i, cells(kept.Table), kept.Approx, cells(fresh.Table), fresh.Approx)
		}
		add(1 + 150*(i%3))
	}
}
