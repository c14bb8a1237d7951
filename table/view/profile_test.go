package view_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

func FuzzProfileIsWhatCountingSays(f *testing.F) {
	for i := range uint64(20) {
		f.Add(i, uint16(i*100), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, seed uint64, size uint16, plain bool) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var rows []row
		for range size % 3000 {
			rows = append(rows, randomRow(rng, 50))
		}
		tb := newPool(rng, plain).table(rows)
		for c, p := range view.Profile(tb) {
			checkProfile(t, p, sales.Field(c), rows, c)
		}
	})
}

func checkProfile(t *testing.T, p view.ColumnProfile, f table.Field, rows []row, c int) {
	t.Helper()
	counts := map[table.Value]int64{}
	var values []table.Value
	for _, r := range rows {
		if !r[c].IsNull() {
			values = append(values, r[c])
			counts[r[c]]++
		}
	}
	fail := func(what string, got, want any) { t.Errorf("%s: %s is %v, want %v", f.Name, what, got, want) }
	if p.Rows != int64(len(rows)) || p.Nulls != int64(len(rows)-len(values)) || p.Distinct != int64(len(counts)) {
		fail("rows, nulls, distinct", []int64{p.Rows, p.Nulls, p.Distinct}, []int{len(rows), len(rows) - len(values), len(counts)})
	}
	for i, v := range p.Top {
		if v.Rows != counts[v.Value] || i > 0 && (v.Rows > p.Top[i-1].Rows || v.Rows == p.Top[i-1].Rows && v.Value.Compare(p.Top[i-1].Value) <= 0) {
			fail("top", p.Top, counts)
		}
	}
	if len(p.Top) != min(50, len(counts)) {
		fail("number of top values", len(p.Top), len(counts))
	}
	if len(values) == 0 {
		return
	}
	if want := slices.MinFunc(values, table.Value.Compare); !p.Min.Equal(want) {
		fail("min", p.Min, want)
	}
	if want := slices.MaxFunc(values, table.Value.Compare); !p.Max.Equal(want) {
		fail("max", p.Max, want)
	}
	if want := slices.IsSortedFunc(values, table.Value.Compare); p.Monotone != want {
		fail("monotone", p.Monotone, want)
	}
	if f.Type.Textual() {
		sum, longest := 0.0, 0
		for _, v := range values {
			sum += float64(utf8.RuneCountInString(v.Text()))
			longest = max(longest, utf8.RuneCountInString(v.Text()))
		}
		if !near(p.MeanLength, sum/float64(len(values))) || p.MaxLength != longest {
			fail("lengths", []any{p.MeanLength, p.MaxLength}, []any{sum / float64(len(values)), longest})
		}
	}
	if !f.Type.Numeric() {
		return
	}
	var numbers []float64
	negatives, whole := int64(0), true
	sum := 0.0
	for _, v := range values {
		x := v.Float()
		numbers = append(numbers, x)
		sum += x
		whole = whole && x == math.Trunc(x)
		if x < 0 {
			negatives++
		}
	}
	n := float64(len(numbers))
	m2, m3 := 0.0, 0.0
	for _, x := range numbers {
		m2 += math.Pow(x-sum/n, 2)
		m3 += math.Pow(x-sum/n, 3)
	}
	if !near(p.Sum, sum) || !near(p.Mean, sum/n) || p.Negatives != negatives || p.Integers != whole {
		fail("sum, mean, negatives, integers", []any{p.Sum, p.Mean, p.Negatives, p.Integers}, []any{sum, sum / n, negatives, whole})
	}
	if n > 1 && m2 > 0 && (!near(p.StdDev, math.Sqrt(m2/(n-1))) || math.Abs(p.Skew-math.Sqrt(n)*m3/math.Pow(m2, 1.5)) > 1e-6) {
		fail("deviation, skew", []float64{p.StdDev, p.Skew}, []float64{math.Sqrt(m2 / (n - 1)), math.Sqrt(n) * m3 / math.Pow(m2, 1.5)})
	}
	slices.Sort(numbers)
	for i, q := range []float64{0.05, 0.25, 0.5, 0.75, 0.95} {
		rank := q * (n - 1)
		a, b := numbers[int(math.Floor(rank))], numbers[int(math.Ceil(rank))]
		if want := a + (b-a)*(rank-math.Floor(rank)); !near(p.Quantiles[i], want) {
			fail("quantile", p.Quantiles[i], want)
		}
	}
}

// profileOf profiles one column of values.
func profileOf(f table.Field, n int, value func(i int) table.Value) view.ColumnProfile {
	b := table.NewBuilder(table.NewSchema(f), nil)
	for i := range n {
		b.Append(value(i))
	}
	return view.Profile(b.Table())[0]
}

func TestProfileOfAColumnOfManyDifferentValues(t *testing.T) {
	const n = 300_000
	p := profileOf(table.Field{Name: "id", Type: table.Int}, n, func(i int) table.Value {
		return table.IntValue(table.Int, int64((i*7919)%n*10))
	})
	if !p.EvenStep || p.Monotone || math.Abs(float64(p.Distinct)/n-1) > 0.03 || p.MaxDigits != 7 {
		t.Errorf("even %v, monotone %v, distinct %d, digits %d", p.EvenStep, p.Monotone, p.Distinct, p.MaxDigits)
	}
	if q := p.Quantiles[2] / (10 * n); math.Abs(q-0.5) > 0.01 {
		t.Errorf("median at %v of the range", q)
	}
	p = profileOf(table.Field{Name: "name", Type: table.String}, n, func(i int) table.Value {
		return table.TextValue(table.String, fmt.Sprintf("%07d", i))
	})
	if p.MeanLength != 7 || p.StdLength != 0 || p.LeadingZeros != n || math.Abs(float64(p.Distinct)/n-1) > 0.03 {
		t.Errorf("%v ± %v characters, %d leading zeros, %d distinct", p.MeanLength, p.StdLength, p.LeadingZeros, p.Distinct)
	}
}

func TestProfileFindsTheFinestGrain(t *testing.T) {
	start := time.Date(2023, 1, 1, 9, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		want view.Grain
		at   func(i int) time.Time
	}{
		{view.Millisecond, func(i int) time.Time { return start.Add(time.Duration(i) * 250 * time.Millisecond) }},
		{view.Second, func(i int) time.Time { return start.Add(time.Duration(i) * 15 * time.Second) }},
		{view.Minute, func(i int) time.Time { return start.Add(time.Duration(i) * 5 * time.Minute) }},
		{view.Hour, func(i int) time.Time { return start.Add(time.Duration(i) * time.Hour) }},
		{view.Day, func(i int) time.Time { return start.AddDate(0, 0, i) }},
		{view.Week, func(i int) time.Time { return start.AddDate(0, 0, 7*i) }},
		{view.Month, func(i int) time.Time { return start.AddDate(0, i, 0) }},
		{view.Month, func(i int) time.Time { return start.AddDate(0, i, -1) }},
		{view.Quarter, func(i int) time.Time { return start.AddDate(0, 3*i, 0) }},
		{view.Year, func(i int) time.Time { return start.AddDate(i, 0, 0) }},
	} {
		p := profileOf(table.Field{Name: "t", Type: table.Timestamp}, 40, func(i int) table.Value { return table.IntValue(table.Timestamp, c.at(i).UnixMicro()) })
		if p.Grain != c.want {
			t.Errorf("grain %d, want %d", p.Grain, c.want)
		}
	}
}

func FuzzNiceBinsAreFiniteAndFew(f *testing.F) {
	f.Add(0.0, 1.0, 0.25, uint16(100), false)
	f.Add(-1e308, 1e308, 0.5, uint16(10), false)
	f.Add(1e17, 1e17+40, 0.5, uint16(10), true)
	f.Add(5e-324, 1e-320, 0.5, uint16(10), false)
	f.Add(3.0, 3.0, 0.5, uint16(1), false)
	f.Fuzz(func(t *testing.T, a, b, part float64, rows uint16, whole bool) {
		if math.IsNaN(part) || math.IsInf(part, 0) {
			return
		}
		rng := rand.New(rand.NewPCG(uint64(rows), 4))
		p := profileOf(table.Field{Name: "x", Type: table.Float}, int(rows), func(int) table.Value {
			x := a
			if rng.Float64() < math.Abs(part) {
				x = a + rng.Float64()*(b/2-a/2)*2
			}
			if whole {
				x = math.Round(x)
			}
			return table.FloatValue(x)
		})
		origin, width, n := view.NiceBins(p)
		if n < 1 || n > 62 || !(width > 0) || math.IsInf(width, 0) || math.IsInf(origin, 0) || math.IsNaN(origin) || origin+width == origin {
			t.Fatalf("%d bins of %v from %v", n, width, origin)
		}
	})
}

func TestNiceBins(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	of := func(typ table.Type, n int, x func(i int) float64) string {
		p := profileOf(table.Field{Name: "x", Type: typ}, n, func(i int) table.Value {
			if typ == table.Int {
				return table.IntValue(typ, int64(x(i)))
			}
			return table.FloatValue(x(i))
		})
		origin, width, bins := view.NiceBins(p)
		return fmt.Sprint(origin, width, bins)
	}
	for _, c := range []struct{ name, got, want string }{
		{"a die", of(table.Int, 600, func(i int) float64 { return float64(1 + i%6) }), "1 1 6"},
		{"ages", of(table.Int, 1000, func(i int) float64 { return float64(i % 100) }), "0 10 10"},
		{"uniform", of(table.Float, 1000, func(i int) float64 { return float64(i) / 1000 }), "0 0.1 10"},
		{"uniform and one far value", of(table.Float, 1000, func(i int) float64 {
			if i == 0 {
				return 1e9
			}
			return float64(i) / 1000
		}), "0 0.1 14"},
		{"one value", of(table.Float, 10, func(int) float64 { return 5 }), "5 1 1"},
		{"nothing", of(table.Float, 0, nil), "0 1 1"},
		{"normal", of(table.Float, 10_000, func(int) float64 { return 100 + 15*rng.NormFloat64() }), "50 2.5 40"},
	} {
		if c.got != c.want {
			t.Errorf("%s: bins %s, want %s", c.name, c.got, c.want)
		}
	}
}
