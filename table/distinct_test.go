package table_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dashira/dashira/table"
)

// TestDifferentValuesAreEstimated: of every type, in chunks that share values, with empty cells.
func TestDifferentValuesAreEstimated(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 4))
	schema := table.NewSchema(
		table.Field{Name: "int", Type: table.Int}, table.Field{Name: "float", Type: table.Float}, table.Field{Name: "text", Type: table.String},
		table.Field{Name: "day", Type: table.Date}, table.Field{Name: "truth", Type: table.Bool}, table.Field{Name: "nothing", Type: table.Null},
	)
	dicts := []*table.Dict{nil, nil, table.NewDict(), nil, nil, nil}
	seen := make([]map[table.Value]bool, schema.Len())
	for i := range seen {
		seen[i] = map[table.Value]bool{}
	}
	var chunks []*table.Chunk
	for range 20 {
		b := table.NewBuilder(schema, dicts)
		inChunk := map[table.Value]bool{}
		for range 3000 {
			row := []table.Value{
				table.IntValue(table.Int, rng.Int64N(30_000)), table.FloatValue(rng.NormFloat64()), table.TextValue(table.String, fmt.Sprint("text ", rng.IntN(700))),
				table.IntValue(table.Date, rng.Int64N(400)), table.BoolValue(rng.IntN(2) == 0), {},
			}
			if rng.IntN(10) == 0 {
				row[rng.IntN(len(row))] = table.Value{}
			}
			for i, v := range row {
				if !v.IsNull() {
					seen[i][v] = true
				}
			}
			if !row[2].IsNull() {
				inChunk[row[2]] = true
			}
			b.Append(row...)
		}
		c := b.Table().Chunks()[0]
		if got, want := c.Column(2).Distinct(), len(inChunk); math.Abs(float64(got)/float64(want)-1) > 0.06 {
			t.Errorf("%d texts in a chunk, want about %d", got, want)
		}
		chunks = append(chunks, c)
	}
	tb := table.New(schema, chunks...)
	for i, f := range schema.Fields() {
		got, want := float64(tb.Distinct(i)), float64(len(seen[i]))
		if math.Abs(got-want) > 0.06*want {
			t.Errorf("%s: %v different values, want about %v", f.Name, got, want)
		}
		if again := tb.Distinct(i); float64(again) != got {
			t.Errorf("%s: %d, then %v", f.Name, again, got)
		}
	}
}
