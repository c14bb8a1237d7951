package table_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dashira/dashira/table"
)

// TestDiffOfRowsThatStayedInPlace overwrites, swaps and shifts rows of tables whose chunks keep their length, with empty
// cells and with a dictionary of its own, where columns are compared as they lie.
func TestDiffOfRowsThatStayedInPlace(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	rows := make([]order, 900)
	for i := range rows {
		rows[i] = anOrder(int64(i), fmt.Sprint("city", i%7), float64(i))
		if i%11 == 0 {
			rows[i][r.IntN(2)+1] = table.Value{}
		}
	}
	build := func(rows []order, dict *table.Dict) *table.Table {
		var chunks []*table.Chunk
		for part := range slices.Chunk(rows, 150) {
			b := table.NewBuilder(orders, []*table.Dict{nil, dict, nil})
			for _, o := range part {
				b.Append(o...)
			}
			chunks = append(chunks, b.Table().Chunks()...)
		}
		return table.New(orders, chunks...)
	}
	dict := table.NewDict()
	from := build(rows, dict)
	for _, key := range [][]string{nil, {"id"}} {
		for range 60 {
			edited := slices.Clone(rows)
			changed := map[int]bool{}
			for range 1 + r.IntN(5) {
				i := r.IntN(len(edited))
				edited[i] = anOrder(int64(i), "Elsewhere", float64(i))
				changed[i] = true
			}
			to := build(edited, []*table.Dict{dict, table.NewDict()}[r.IntN(2)])
			d := table.Diff(from, to, key)
			checkDelta(t, d)
			// A row that had an empty cell agrees in its id alone: without a key it is another row.
			if n := int64(len(changed)); d.ChangedRows+d.AddedRows != n || d.AddedRows != d.RemovedRows || key != nil && d.AddedRows != 0 {
				t.Fatalf("%d rows overwritten, key %v: %d changed, %d added, %d removed", n, key, d.ChangedRows, d.AddedRows, d.RemovedRows)
			}
			i, j := r.IntN(len(edited)), r.IntN(len(edited))
			edited[i], edited[j] = edited[j], edited[i]
			checkDelta(t, table.Diff(from, build(edited, dict), key))
			shifted := append(slices.Clone(rows[1:]), anOrder(-1, "Last", 0))
			if d := table.Diff(from, build(shifted, dict), key); d.RemovedRows != 1 || d.AddedRows != 1 || d.ChangedRows != 0 {
				t.Fatalf("every row moved up: %d removed, %d added, %d changed", d.RemovedRows, d.AddedRows, d.ChangedRows)
			}
		}
	}
}
