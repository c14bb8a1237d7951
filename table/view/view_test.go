package view_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/expr"
	"github.com/dashira/dashira/table/view"
)

var sales = table.NewSchema(
	table.Field{Name: "paid", Type: table.Bool},
	table.Field{Name: "units", Type: table.Int},
	table.Field{Name: "amount", Type: table.Float, Unit: "EUR"},
	table.Field{Name: "city", Type: table.String, Label: "City"},
	table.Field{Name: "day", Type: table.Date},
	table.Field{Name: "clock", Type: table.Time},
	table.Field{Name: "at", Type: table.Timestamp, Instant: true},
	table.Field{Name: "local", Type: table.Timestamp},
	table.Field{Name: "took", Type: table.Duration},
	table.Field{Name: "note", Type: table.String},
	table.Field{Name: "nothing", Type: table.Null},
)

func randomRow(rng *rand.Rand, spread int) row {
	moment := time.Date(2024, 3, 30, 20, 0, 0, 0, time.UTC).UnixMicro() + rng.Int64N(int64(spread)*3_600_000_000)
	r := row{
		table.BoolValue(rng.IntN(2) == 0),
		table.IntValue(table.Int, rng.Int64N(20)-5),
		table.FloatValue(float64(rng.IntN(40))/4 - 2),
		table.TextValue(table.String, fmt.Sprint("City ", rng.IntN(9))),
		table.IntValue(table.Date, 19_800+rng.Int64N(int64(spread))),
		table.IntValue(table.Time, rng.Int64N(24)*3_600_000_000),
		table.IntValue(table.Timestamp, moment),
		table.IntValue(table.Timestamp, moment/7*3),
		table.IntValue(table.Duration, rng.Int64N(5_000_000)),
		table.TextValue(table.String, fmt.Sprintf("%x", rng.IntN(1000))),
		{},
	}
	if rng.IntN(60) == 0 {
		r[1] = table.IntValue(table.Int, math.MaxInt64-rng.Int64N(10))
	}
	if rng.IntN(4) == 0 {
		r[rng.IntN(len(r))] = table.Value{}
	}
	return r
}

// pool makes tables of rows out of chunks that it makes only once for the same rows, as a loader does.
type pool struct {
	rng    *rand.Rand
	dicts  []*table.Dict
	chunks map[string]*table.Chunk
	plain  bool // note is held without a dictionary now and then, and dictionaries change
}

func newPool(rng *rand.Rand, plain bool) *pool {
	p := &pool{rng: rng, dicts: make([]*table.Dict, sales.Len()), chunks: map[string]*table.Chunk{}, plain: plain}
	p.renew()
	return p
}

func (p *pool) renew() {
	for i, f := range sales.Fields() {
		if f.Type.Textual() {
			p.dicts[i] = table.NewDict()
		}
	}
}

func (p *pool) table(rows []row) *table.Table {
	var chunks []*table.Chunk
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && n < 60 && rows[n-1][1].Int()%8 != 3 {
			n++
		}
		name := fmt.Sprint(rows[:n])
		c, ok := p.chunks[name]
		if !ok {
			if p.plain && p.rng.IntN(20) == 0 {
				p.renew()
			}
			b := table.NewBuilder(sales, p.dicts)
			for _, r := range rows[:n] {
				b.Append(r...)
			}
			c = b.Table().Chunks()[0]
			var columns []*table.Column
			for i := range sales.Len() {
				columns = append(columns, c.Column(i))
			}
			if p.plain && p.rng.IntN(2) == 0 && columns[9].Codes() != nil {
				columns[9] = plainText(columns[9])
			}
			c = table.NewChunk(n, columns, [16]byte{byte(p.rng.Uint32()), 1, byte(len(p.chunks)), byte(len(p.chunks) >> 8)})
			p.chunks[name] = c
		}
		chunks = append(chunks, c)
		rows = rows[n:]
	}
	return table.New(sales, chunks...)
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

func pick[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }

func randomFilter(rng *rand.Rand) view.Filter {
	c := rng.IntN(sales.Len())
	f := view.Filter{Column: sales.Field(c).Name, Op: view.Op(rng.IntN(3)), Not: rng.IntN(3) == 0, HighIncl: rng.IntN(2) == 0}
	cell := func() table.Value { return randomRow(rng, 100)[c] }
	switch f.Op {
	case view.In:
		for range 1 + rng.IntN(4) {
			f.Values = append(f.Values, cell())
		}
	case view.Range:
		if rng.IntN(3) > 0 {
			f.Low = cell()
		}
		if rng.IntN(3) > 0 {
			f.High = cell()
		}
	case view.Contains:
		f.Text = pick(rng, "1", "ity 3", "CITY", "a", "-0", "true", "")
	}
	return f
}

func randomQuery(rng *rand.Rand, zone *time.Location) view.Query {
	var q view.Query
	for range rng.IntN(3) {
		q.Where = append(q.Where, randomFilter(rng))
	}
	if rng.IntN(4) == 0 {
		for range rng.IntN(3) {
			q.Order = append(q.Order, view.Order{Column: sales.Field(rng.IntN(sales.Len())).Name, Desc: rng.IntN(2) == 0})
		}
		q.Limit, q.Offset = rng.IntN(30), rng.IntN(2)*rng.IntN(20)
		q.Search = pick(rng, "", "", "3", "city", "1f", "tRue")
		if rng.IntN(2) == 0 {
			q.Columns = []string{"note", "amount"}
		}
		return q
	}
	var names []string
	for i := range rng.IntN(4) {
		c := rng.IntN(sales.Len())
		g := view.Group{Column: sales.Field(c).Name, Name: pick(rng, fmt.Sprint("g", i), fmt.Sprint("key ", i)), WeekStart: time.Weekday(rng.IntN(7)), Zone: zone}
		switch t := sales.Field(c).Type; {
		case t.Temporal() && rng.IntN(4) > 0:
			g.Grain = view.Grain(rng.IntN(int(view.HourOfDay) + 1))
		case t.Numeric() && rng.IntN(3) > 0:
			g.Bin, g.Origin = pick(rng, 0.5, 2, 100), pick(rng, 0, 1, -0.25)
		}
		q.Groups = append(q.Groups, g)
		names = append(names, g.Name)
	}
	for i := range 1 + rng.IntN(5) {
		m := view.Measure{Name: fmt.Sprint("m", i), Op: view.Aggregate(rng.IntN(int(view.Ratio))), P: rng.Float64()}
		m.Column = pick(rng, "units", "amount", "took")
		if m.Op == view.Median || m.Op == view.Quantile {
			m.Column = pick(rng, m.Column, "day", "at", "clock")
		}
		if m.Op == view.Min || m.Op >= view.Distinct || m.Op == view.Max || m.Op == view.Present {
			m.Column = sales.Field(rng.IntN(sales.Len())).Name
		}
		if rng.IntN(2) == 0 {
			m.By = sales.Field(rng.IntN(sales.Len())).Name
		}
		q.Measures = append(q.Measures, m)
		names = append(names, m.Name)
	}
	q.Measures = append(q.Measures, view.Measure{Name: "rows", Op: view.Count}, view.Measure{Name: "units sold", Op: view.Sum, Column: "units"},
		view.Measure{Name: "per row", Op: view.Ratio, Of: [2]string{"units sold", "rows"}})
	q.Measures = append(q.Measures, view.Measure{Name: "weighed", Op: view.Computed, Formula: weighed})
	names = append(names, "rows", "per row", "weighed")
	for range rng.IntN(3) {
		q.Order = append(q.Order, view.Order{Column: pick(rng, names...), Desc: rng.IntN(2) == 0})
	}
	if rng.IntN(2) == 0 {
		q.Limit, q.Other = 1+rng.IntN(8), rng.IntN(3) > 0
	}
	if rng.IntN(4) == 0 {
		q.Having = append(q.Having, view.Filter{Column: "rows", Op: view.Range, Low: table.IntValue(table.Int, 2)})
	}
	return q
}

// weighed is a formula over two measures: nothing where few units were sold for a row.
var weighed = func() *expr.Expr {
	e, err := expr.Compile(`if(column("units sold") > rows, column("units sold") * 2 - rows, null)`, expr.Options{Schema: table.NewSchema(
		table.Field{Name: "units sold", Type: table.Float}, table.Field{Name: "rows", Type: table.Float})})
	if err != nil {
		panic(err)
	}
	return e
}()

func cells(t *table.Table) []row {
	var out []row
	for i := range t.Rows() {
		var r row
		for c := range t.Schema().Len() {
			r = append(r, t.Value(i, c))
		}
		out = append(out, r)
	}
	return out
}

func alikeRow(got, want row) bool { return slices.EqualFunc(got, want, alike) }

func check(t *testing.T, a *view.Answer, want oracle, q view.Query) {
	t.Helper()
	got := cells(a.Table)
	if !slices.EqualFunc(got, want.rows, alikeRow) {
		for i := range max(len(got), len(want.rows)) {
			if i >= len(got) || i >= len(want.rows) || !alikeRow(got[i], want.rows[i]) {
				t.Fatalf("%+v\n row %d of %d\n got %v\nwant %v", q, i, len(want.rows), at(got, i), at(want.rows, i))
			}
		}
	}
	if !alikeRow(a.Total, want.total) || !alikeRow(a.Other, want.other) {
		t.Fatalf("%+v\ntotal %v, want %v\nother %v, want %v", q, a.Total, want.total, a.Other, want.other)
	}
	if a.Rows != want.passed || a.Groups != want.groups || a.Others != want.others || !slices.Equal(a.At, want.at) || a.Approx != nil {
		t.Fatalf("%+v\n%d rows, %d groups, %d others, at %v, approximate %v\nwant %d, %d, %d, %v", q, a.Rows, a.Groups, a.Others, a.At, a.Approx, want.passed, want.groups, want.others, want.at)
	}
	for i, f := range a.Table.Schema().Fields() {
		for _, r := range got {
			if v := r[i]; !v.IsNull() && v.Type() != f.Type {
				t.Fatalf("%+v\ncolumn %s is a %s and holds a %s", q, f.Name, f.Type, v.Type())
			}
		}
	}
}

func at(rows []row, i int) row {
	if i < len(rows) {
		return rows[i]
	}
	return nil
}

func FuzzAnswerIsTheOraclesAfterEveryEdit(f *testing.F) {
	for i := range uint64(48) {
		f.Add(i, uint16(i*i), i%3 == 0)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, seed uint64, size uint16, plain bool) {
		rng := rand.New(rand.NewPCG(seed, 2))
		p := newPool(rng, plain)
		q := randomQuery(rng, zone)
		memo := view.NewMemo(pick(rng, int64(1<<12), 1<<16, 1<<30))
		v, err := view.New(sales, q, memo)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		spread := pick(rng, 2, 30, 3000)
		var rows []row
		for range size % 3000 {
			rows = append(rows, randomRow(rng, spread))
		}
		var past []*table.Table
		var wants []oracle
		for range 5 {
			tb := p.table(rows)
			if n := len(past); n > 0 && rng.IntN(8) > 0 {
				tb = table.Diff(past[n-1], tb, nil).Next() // as a loader's tables follow each other
			}
			want := answer(sales, rows, q)
			a, err := v.Answer(t.Context(), tb)
			if err != nil {
				t.Fatal(err)
			}
			check(t, a, want, q)
			past, wants = append(past, tb), append(wants, want)
			rows = slices.Clone(rows)
			kinds := pick(rng, []int{2}, []int{3}, []int{3}, []int{0, 1, 2}, []int{0, 1, 2, 3})
			for range rng.IntN(5) {
				i := rng.IntN(len(rows) + 1)
				switch pick(rng, kinds...) {
				case 3:
					if i < len(rows) { // some cells of a row
						rows[i] = slices.Clone(rows[i])
						for other := randomRow(rng, spread); rng.IntN(3) > 0; {
							c := rng.IntN(len(other))
							rows[i][c] = other[c]
						}
					}
				case 0:
					rows = slices.Insert(rows, i, randomRow(rng, spread))
				case 1:
					rows = slices.Delete(rows, i, min(len(rows), i+rng.IntN(40)))
				case 2:
					rows = append(rows, randomRow(rng, spread))
				}
			}
		}
		for i, tb := range past {
			a, err := v.Answer(t.Context(), tb)
			if err != nil {
				t.Fatal(err)
			}
			check(t, a, wants[i], q)
		}
	})
}
