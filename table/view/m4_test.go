package view_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// drawn returns the pixels of a line: of each pixel column the least and the greatest height that the line reaches in it.
func drawn(points [][2]float64, low, high float64, columns int) [][2]int {
	out := make([][2]int, columns+1)
	for i := range out {
		out[i] = [2]int{math.MaxInt, math.MinInt}
	}
	touch := func(column int, y float64) {
		p := int(math.Floor(y))
		out[column] = [2]int{min(out[column][0], p), max(out[column][1], p)}
	}
	column := func(x float64) int { return int(math.Floor((x - low) / (high - low) * float64(columns))) }
	for i, p := range points {
		touch(column(p[0]), p[1])
		if i == 0 {
			continue
		}
		q := points[i-1]
		for c := column(q[0]) + 1; c <= column(p[0]); c++ { // where the line crosses into a column
			edge := low + (high-low)*float64(c)/float64(columns)
			y := q[1] + (p[1]-q[1])*(edge-q[0])/(p[0]-q[0])
			touch(c-1, y)
			touch(c, y)
		}
	}
	return out
}

func TestALineOfFourPointsAColumnDrawsTheSamePixels(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	s := table.NewSchema(table.Field{Name: "at", Type: table.Timestamp, Instant: true}, table.Field{Name: "y", Type: table.Float})
	b := table.NewBuilder(s, nil)
	var all [][2]float64
	at, y := int64(1_700_000_000_000_000), 0.0
	for range 30_000 {
		at += 1 + r.Int64N(3_000_000)
		y += r.NormFloat64() * 5
		if r.IntN(20) == 0 {
			b.Append(table.IntValue(table.Timestamp, at), table.Value{})
			continue
		}
		all = append(all, [2]float64{float64(at), y})
		b.Append(table.IntValue(table.Timestamp, at), table.FloatValue(y))
	}
	tb := b.Table()
	low, high := int64(all[0][0]), int64(all[len(all)-1][0])
	const columns = 600
	lowest, highest := table.IntValue(table.Timestamp, low), table.IntValue(table.Timestamp, high)
	width := view.LineWidth(lowest, highest, columns)
	if n := float64(high-low) / 1e6 / width; n < columns || n > 2*columns {
		t.Errorf("%v pixel columns are not between %d and twice that", n, columns)
	}
	a := ask(t, tb, view.LineQuery("at", "y", nil, width))
	points := view.LinePoints(a, "at", "y")
	if f := points.Schema().Field(0); f.Type != table.Timestamp || !f.Instant || f.Name != "at" {
		t.Errorf("x is %+v", f)
	}
	if n := points.Rows(); n > 8*(columns+1) || n < columns {
		t.Errorf("%d points for %d columns", n, columns)
	}
	var few [][2]float64
	for _, p := range cells(points) {
		few = append(few, [2]float64{float64(p[0].Int()), p[1].Float()})
	}
	if !slices.IsSortedFunc(few, func(a, b [2]float64) int { return int(a[0] - b[0]) }) {
		t.Error("points are not in the order of x")
	}
	// Drawn on the pixel columns themselves, both are one picture.
	step := int64(width * 1e6)
	from := low / step * step
	n := int((high-from)/step) + 1
	to := float64(from + int64(n)*step)
	if got, want := drawn(few, float64(from), to, n), drawn(all, float64(from), to, n); !slices.Equal(got, want) {
		t.Error("other pixels")
	}
}

func TestTimesFallIntoSpans(t *testing.T) {
	s := table.NewSchema(table.Field{Name: "day", Type: table.Date}, table.Field{Name: "clock", Type: table.Time})
	b := table.NewBuilder(s, nil)
	for i := range int64(10) {
		b.Append(table.IntValue(table.Date, i-3), table.IntValue(table.Time, i*7*60e6))
	}
	count := []view.Measure{{Name: "rows", Op: view.Count}}
	text := func(g view.Group) (out string) {
		a := ask(t, b.Table(), view.Query{Groups: []view.Group{g}, Measures: count})
		for _, r := range cells(a.Table) {
			out += a.Table.Schema().Field(0).Format(r[0]) + "=" + table.Field{Type: table.Int}.Format(r[1]) + " "
		}
		return out
	}
	if got := text(view.Group{Column: "day", Bin: 4 * 86400}); got != "1969-12-28=3 1970-01-01=4 1970-01-05=3 " {
		t.Errorf("four days: %s", got)
	}
	if got := text(view.Group{Column: "clock", Bin: 1800}); got != "00:00:00=5 00:30:00=4 01:00:00=1 " {
		t.Errorf("half hours: %s", got)
	}
	// The span before the first edge begins at midnight: there is no time of day before.
	if got := text(view.Group{Column: "clock", Bin: 1800, Origin: 600}); got != "00:00:00=2 00:10:00=4 00:40:00=4 " {
		t.Errorf("half hours from ten past: %s", got)
	}
}
