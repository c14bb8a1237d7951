package table_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dashira/dashira/table"
)

var orders = table.NewSchema(
	table.Field{Name: "id", Type: table.Int},
	table.Field{Name: "city", Type: table.String},
	table.Field{Name: "amount", Type: table.Float},
)

type order []table.Value

// cut makes a table of the rows in chunks of random lengths; with plain, some chunks hold text without a dictionary.
// Chunks of earlier tables are used again where they hold the next rows.
func cut(rng *rand.Rand, rows []order, dict *table.Dict, earlier *table.Table, plain bool) *table.Table {
	var chunks []*table.Chunk
	for at := 0; at < len(rows); {
		if earlier != nil && rng.IntN(3) > 0 {
			if c := holds(earlier, rows[at:]); c != nil {
				chunks = append(chunks, c)
				at += c.Rows()
				continue
			}
		}
		n := min(1+rng.IntN(12), len(rows)-at)
		b := table.NewBuilder(orders, []*table.Dict{nil, dict, nil})
		for _, r := range rows[at : at+n] {
			b.Append(r...)
		}
		c := b.Table().Chunks()[0]
		if plain && rng.IntN(3) == 0 {
			c = table.NewChunk(n, []*table.Column{c.Column(0), plainText(c.Column(1)), c.Column(2)}, [16]byte{})
		}
		chunks = append(chunks, c)
		at += n
	}
	return table.New(orders, chunks...)
}

func holds(t *table.Table, rows []order) *table.Chunk {
	for _, c := range t.Chunks() {
		if c.Rows() > len(rows) {
			continue
		}
		same := true
		for i := range c.Rows() {
			for j := range orders.Len() {
				same = same && c.Column(j).Value(i).Equal(rows[i][j])
			}
		}
		if same {
			return c
		}
	}
	return nil
}

func plainText(c *table.Column) *table.Column {
	offsets, text := []int32{0}, []byte(nil)
	for i := range c.Len() {
		if !c.IsNull(i) {
			text = append(text, c.Text(i)...)
		}
		offsets = append(offsets, int32(len(text)))
	}
	return table.NewTextColumn(c.Type(), offsets, text, c.Validity())
}

func randomOrder(rng *rand.Rand, ids int) order {
	o := order{table.IntValue(table.Int, rng.Int64N(int64(ids))), table.TextValue(table.String, fmt.Sprint("c", rng.IntN(4))), table.FloatValue(float64(rng.IntN(6)) / 4)}
	if rng.IntN(12) == 0 {
		o[rng.IntN(3)] = table.Value{}
	}
	return o
}

func edit(rng *rand.Rand, rows []order, ids int) []order {
	rows = slices.Clone(rows)
	for range rng.IntN(6) {
		at := rng.IntN(len(rows) + 1)
		switch op := rng.IntN(5); {
		case op == 0 || len(rows) == 0:
			rows = slices.Insert(rows, at, randomOrder(rng, ids))
		case at == len(rows):
		case op == 1:
			rows = slices.Delete(rows, at, min(len(rows), at+1+rng.IntN(3)))
		case op == 2:
			r := slices.Clone(rows[at])
			r[1+rng.IntN(2)] = table.Value{}
			r[2] = table.FloatValue(rng.Float64())
			rows[at] = r
		case op == 3:
			to := rng.IntN(len(rows))
			rows[at], rows[to] = rows[to], rows[at]
		case op == 4:
			rows = slices.Insert(rows, at, rows[rng.IntN(len(rows))])
		}
	}
	return rows
}

// apply does what the documentation of [table.Delta] says.
func apply(d *table.Delta) ([]order, error) {
	changes := map[int64]table.Change{}
	for _, c := range d.Changes {
		changes[c.From] = c
	}
	var kept []order
	for i := range d.From.Rows() {
		if _, gone := slices.BinarySearch(d.Removed, i); gone {
			continue
		}
		row := order{d.From.Value(i, 0), d.From.Value(i, 1), d.From.Value(i, 2)}
		if c, ok := changes[i]; ok {
			for _, col := range c.Columns {
				if row[col].Equal(d.To.Value(c.To, col)) {
					return nil, fmt.Errorf("row %d: column %d did not change", i, col)
				}
				row[col] = d.To.Value(c.To, col)
			}
		}
		kept = append(kept, row)
	}
	for _, i := range d.Added {
		if int(i) > len(kept) {
			return nil, fmt.Errorf("row %d is added behind %d rows", i, len(kept))
		}
		kept = slices.Insert(kept, int(i), order{d.To.Value(i, 0), d.To.Value(i, 1), d.To.Value(i, 2)})
	}
	return kept, nil
}

func checkDelta(t *testing.T, d *table.Delta) {
	t.Helper()
	if int64(len(d.Removed)) != d.RemovedRows || int64(len(d.Added)) != d.AddedRows || int64(len(d.Changes)) != d.ChangedRows {
		t.Fatalf("the counts %d %d %d are not the lists'", d.RemovedRows, d.AddedRows, d.ChangedRows)
	}
	if !slices.IsSorted(d.Removed) || !slices.IsSorted(d.Added) || !slices.IsSortedFunc(d.Changes, func(a, b table.Change) int { return int(a.To - b.To) }) {
		t.Fatal("a list does not ascend")
	}
	rows, err := apply(d)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(rows)) != d.To.Rows() {
		t.Fatalf("%d rows after the delta, want %d", len(rows), d.To.Rows())
	}
	for i, r := range rows {
		for c, v := range r {
			if !v.Equal(d.To.Value(int64(i), c)) {
				t.Fatalf("row %d, column %d after the delta: %v, want %v", i, c, v, d.To.Value(int64(i), c))
			}
		}
	}
}

func FuzzDeltaTurnsOneTableIntoTheOther(f *testing.F) {
	for i := range uint64(40) {
		f.Add(i, uint8(i*7), uint8(i*13))
	}
	f.Fuzz(func(t *testing.T, seed uint64, size, shape uint8) {
		rng := rand.New(rand.NewPCG(seed, 1))
		ids := []int{3, 20, 1000, 1 << 40}[shape%4]
		var rows []order
		many := 1
		if shape&64 != 0 {
			many = 100 // edits, on many rows: more than the first way of matching takes
		}
		for range int(size) * min(many, 10) {
			rows = append(rows, randomOrder(rng, ids))
		}
		dict := table.NewDict()
		from := cut(rng, rows, dict, nil, shape&8 != 0)
		var key []string
		switch shape / 16 % 3 {
		case 1:
			key = []string{"id"}
		case 2:
			key = []string{"id", "city"}
		}
		for range 3 {
			if shape&4 != 0 {
				dict = table.NewDict()
			}
			for range many {
				rows = edit(rng, rows, ids)
			}
			to := cut(rng, rows, dict, from, shape&8 != 0)
			delta := table.Diff(from, to, key)
			checkDelta(t, delta)
			checkDelta(t, table.Diff(to, from, key))
			next := delta.Next()
			if again := table.Diff(to, next, key); !again.Empty() {
				t.Fatalf("the next table is not the one that the delta leads to: %+v", again)
			}
			to = next
			if d := table.Diff(to, cut(rng, rows, table.NewDict(), nil, true), key); !d.Empty() {
				t.Fatalf("a table in other chunks with another dictionary differs: %+v", d)
			}
			from = to
		}
	})
}

func ordersOf(rows ...order) *table.Table {
	b := table.NewBuilder(orders, nil)
	for _, r := range rows {
		b.Append(r...)
	}
	return b.Table()
}

func anOrder(id int64, city string, amount float64) order {
	return order{table.IntValue(table.Int, id), table.TextValue(table.String, city), table.FloatValue(amount)}
}

func TestDiffByKeyTellsChangedCellsFromNewRows(t *testing.T) {
	a, b, c := anOrder(1, "Bonn", 10), anOrder(2, "Kyiv", 20), anOrder(3, "Lima", 30)
	b2 := anOrder(2, "Kyiv", 25)
	from, to := ordersOf(a, b, c), ordersOf(a, b2, c, anOrder(4, "Oslo", 1))
	d := table.Diff(from, to, []string{"id"})
	checkDelta(t, d)
	if d.ChangedRows != 1 || d.AddedRows != 1 || d.RemovedRows != 0 || !slices.Equal(d.Changes[0].Columns, []int{2}) {
		t.Errorf("with a key: %+v", d)
	}
	d = table.Diff(from, to, nil)
	checkDelta(t, d)
	if d.ChangedRows != 1 || d.AddedRows != 1 || d.RemovedRows != 0 || !slices.Equal(d.Changes[0].Columns, []int{2}) {
		t.Errorf("without a key: %+v", d)
	}
}

func TestMovedRowIsRemovedAndAdded(t *testing.T) {
	a, b, c, d := anOrder(1, "Bonn", 10), anOrder(2, "Kyiv", 20), anOrder(3, "Lima", 30), anOrder(4, "Oslo", 40)
	for _, key := range [][]string{nil, {"id"}} {
		got := table.Diff(ordersOf(a, b, c, d), ordersOf(b, c, d, a), key)
		checkDelta(t, got)
		if !slices.Equal(got.Removed, []int64{0}) || !slices.Equal(got.Added, []int64{3}) || got.ChangedRows != 0 {
			t.Errorf("key %v: %+v", key, got)
		}
	}
}

func TestDiffCountsWhatItDoesNotList(t *testing.T) {
	build := func(n, shift int64) *table.Table {
		b := table.NewBuilder(orders, nil)
		for i := range n {
			b.Append(anOrder(i, "x", float64(i+shift))...)
		}
		return b.Table()
	}
	d := table.Diff(build(250_000, 0), build(250_010, 1), []string{"id"})
	if !d.Replaced || d.ChangedRows != 250_000 || d.AddedRows != 10 || d.RemovedRows != 0 || d.Changes != nil || d.Added != nil {
		t.Errorf("replaced %v: %d changed, %d added, %d removed", d.Replaced, d.ChangedRows, d.AddedRows, d.RemovedRows)
	}
	if d := table.Diff(build(250_000, 0), build(250_010, 0), nil); d.Replaced || d.AddedRows != 10 {
		t.Error("many equal rows in new chunks are not replaced rows")
	}
}

func TestDiffOfMoreRowsThanOneTableIsMadeFor(t *testing.T) {
	schema := table.NewSchema(table.Field{Name: "id", Type: table.Int}, table.Field{Name: "x", Type: table.Int})
	const rows, every = 1_200_000, 4000
	build := func(later bool) *table.Table {
		ids, values := make([]int64, 0, rows), make([]int64, 0, rows)
		for i := range int64(rows) {
			id, x := i*3, i%97
			switch {
			case later && i%every == 0:
				id++ // another row
			case later && i%every == 1:
				x = -1 // the same row, changed
			case i%every == 2:
				id = -1 // no row's own key
			}
			ids, values = append(ids, id), append(values, x)
		}
		return table.New(schema, table.NewChunk(rows, []*table.Column{table.NewIntColumn(table.Int, ids, nil), table.NewIntColumn(table.Int, values, nil)}, [16]byte{}))
	}
	from, to := build(false), build(true)
	const n = rows / every
	if d := table.Diff(from, to, []string{"id"}); d.ChangedRows != n || d.AddedRows != n || d.RemovedRows != n {
		t.Errorf("with a key: %d changed, %d added, %d removed, want %d each", d.ChangedRows, d.AddedRows, d.RemovedRows, n)
	}
	if d := table.Diff(from, to, nil); d.ChangedRows != 0 || d.AddedRows != 2*n || d.RemovedRows != 2*n {
		t.Errorf("without: %d changed, %d added, %d removed, want %d", d.ChangedRows, d.AddedRows, d.RemovedRows, 2*n)
	}
}

func TestReshapeFindsARenamedColumn(t *testing.T) {
	b := table.NewBuilder(table.NewSchema(
		table.Field{Name: "id", Type: table.Float}, table.Field{Name: "town", Type: table.String},
		table.Field{Name: "amount", Type: table.Float}, table.Field{Name: "note", Type: table.String}), nil)
	from := ordersOf(anOrder(1, "Bonn", 10), anOrder(2, "Kyiv", 20))
	for i := range from.Rows() {
		b.Append(table.FloatValue(float64(i)), from.Value(i, 1), from.Value(i, 2), table.TextValue(table.String, "new"))
	}
	r := table.Diff(from, b.Table(), nil).Reshaped
	if r == nil || len(r.Renamed) != 1 || r.Renamed[0].From != "city" || r.Renamed[0].To != "town" || r.Renamed[0].Similarity < 0.8 {
		t.Fatalf("%+v", r)
	}
	if !slices.Equal(r.Added, []string{"note"}) || len(r.Removed) != 0 || !slices.Equal(r.Retyped, []string{"id"}) {
		t.Errorf("%+v", r)
	}
}

func TestEqualHashesAreEqualChunks(t *testing.T) {
	one := ordersOf(anOrder(1, "Bonn", 10)).Chunks()[0]
	columns := []*table.Column{one.Column(0), one.Column(1), one.Column(2)}
	from := table.New(orders, table.NewChunk(1, columns, [16]byte{1}), table.NewChunk(1, columns, [16]byte{2}))
	to := table.New(orders, table.NewChunk(1, columns, [16]byte{2}))
	d := table.Diff(from, to, nil)
	if !slices.Equal(d.Removed, []int64{0}) || d.AddedRows != 0 {
		t.Errorf("%+v", d)
	}
}

func BenchmarkDiff(b *testing.B) {
	build := func(n int64, changed func(i int64) bool) *table.Table {
		dict := table.NewDict()
		tb := table.NewBuilder(orders, []*table.Dict{nil, dict, nil})
		for i := range n {
			amount := float64(i % 1000)
			if changed(i) {
				amount += 0.5
			}
			tb.Append(anOrder(i, fmt.Sprint("city", i%100), amount)...)
		}
		return tb.Table()
	}
	from := build(1_000_000, func(int64) bool { return false })
	to := build(1_000_000, func(i int64) bool { return i%20_000 == 7 })
	for _, key := range [][]string{{"id"}, nil} {
		b.Run(fmt.Sprintf("1M rows in new chunks, 50 changed, key %v", key), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if d := table.Diff(from, to, key); d.ChangedRows+d.AddedRows != 50 {
					b.Fatal(d.ChangedRows, d.AddedRows)
				}
			}
		})
	}
}
