package view_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// TestAWindowOfAnOrderIsThatOfSortingAll asks for rows from the middle and the end of orders with many equal keys, with
// empty ones, and with such as differ only in their last digits.
func TestAWindowOfAnOrderIsThatOfSortingAll(t *testing.T) {
	const rows = 20_000
	rng := rand.New(rand.NewPCG(2, 3))
	cells := map[string]func(i int) table.Value{
		"few":    func(int) table.Value { return table.IntValue(table.Int, int64(rng.IntN(4))-2) },
		"same":   func(int) table.Value { return table.IntValue(table.Int, 7) },
		"far":    func(int) table.Value { return table.IntValue(table.Int, int64(rng.Uint64())) },
		"near":   func(int) table.Value { return table.FloatValue(1 + float64(rng.IntN(3000))*0x1p-52) },
		"money":  func(int) table.Value { return table.FloatValue(float64(rng.IntN(9000)-2000) / 100) },
		"rising": func(i int) table.Value { return table.IntValue(table.Timestamp, 1_700_000_000_000_000+int64(i)) },
		"truth":  func(int) table.Value { return table.BoolValue(rng.IntN(3) == 0) },
		"word":   func(int) table.Value { return table.TextValue(table.String, fmt.Sprintf("status-%d", rng.IntN(5))) },
		"name": func(int) table.Value {
			return table.TextValue(table.String, fmt.Sprintf("customer-%05d", rng.IntN(8_000)))
		},
	}
	kinds := map[string]table.Type{"few": table.Int, "same": table.Int, "far": table.Int, "near": table.Float, "money": table.Float, "rising": table.Timestamp, "truth": table.Bool, "word": table.String, "name": table.String}
	for name, cell := range cells {
		b := table.NewBuilder(table.NewSchema(table.Field{Name: "x", Type: kinds[name]}, table.Field{Name: "id", Type: table.Int}), nil)
		values := make([]table.Value, rows)
		filled := make([]int32, 0, rows)
		var empty []int32
		for i := range values {
			if name != "same" && rng.IntN(9) == 0 {
				empty = append(empty, int32(i))
			} else {
				values[i] = cell(i)
				filled = append(filled, int32(i))
			}
			b.Append(values[i], table.IntValue(table.Int, int64(i)))
		}
		tb := b.Table()
		slices.SortStableFunc(filled, func(a, b int32) int { return values[a].Compare(values[b]) })
		for _, desc := range []bool{false, true} {
			want := slices.Clone(filled)
			if desc { // equal ones stay in the table's order
				slices.SortFunc(want, func(a, b int32) int {
					if d := values[b].Compare(values[a]); d != 0 {
						return d
					}
					return int(a - b)
				})
			}
			want = append(want, empty...)
			for _, offset := range []int{600, rows / 3, len(filled) - 20, len(filled), rows - 40} {
				for _, second := range []bool{false, true} {
					q := view.Query{Columns: []string{"id"}, Order: []view.Order{{Column: "x", Desc: desc}}, Offset: offset, Limit: 50}
					if second {
						q.Order = append(q.Order, view.Order{Column: "id"})
					}
					got := ask(t, tb, q)
					for i := range got.Table.Rows() {
						if id := got.Table.Value(i, 0).Int(); id != int64(want[offset+int(i)]) {
							t.Fatalf("%s, desc %v, then by row %v: place %d has row %d, want %d", name, desc, second, offset+int(i), id, want[offset+int(i)])
						}
					}
					if n := min(50, rows-offset); got.Table.Rows() != int64(n) || got.Rows != rows {
						t.Fatalf("%s, desc %v from %d: %d of %d rows", name, desc, offset, got.Table.Rows(), got.Rows)
					}
				}
			}
		}
	}
}
