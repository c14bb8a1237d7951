package manifest

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// sampleRows is how many rows are looked at to judge how telling a chart would be. What charts show is always exact;
// this only ranks them, and evenly spaced rows of any table give shares to a hundredth.
const sampleRows = 20_000

// pairRows is how many rows are looked at for each of many pairs of columns.
const pairRows = 4000

// sample reads columns of evenly spaced rows of a table, each column once. Without a table it knows nothing.
type sample struct {
	t       *table.Table
	rows    []int64
	numbers map[int][]float64
	groups  map[int]grouping
	cycles  map[[2]int]grouping
}

// grouping says for each row of a sample which group it is in, −1 for none.
type grouping struct {
	of []int
	n  int // groups
}

func newSample(t *table.Table) *sample {
	s := &sample{t: t, numbers: map[int][]float64{}, groups: map[int]grouping{}, cycles: map[[2]int]grouping{}}
	if t == nil || t.Rows() == 0 {
		return s
	}
	n := min(t.Rows(), sampleRows)
	s.rows = make([]int64, n)
	for i := range s.rows {
		s.rows[i] = int64(float64(i) * float64(t.Rows()) / float64(n))
	}
	return s
}

// empty says whether there is nothing to judge by.
func (s *sample) empty() bool { return len(s.rows) == 0 }

// number returns a column as numbers, NaN where there is none.
func (s *sample) number(column int) []float64 {
	if v, ok := s.numbers[column]; ok {
		return v
	}
	v := make([]float64, len(s.rows))
	for i, row := range s.rows {
		v[i] = s.t.Value(row, column).Float()
	}
	s.numbers[column] = v
	return v
}

// group returns the groups of equal values of a column.
func (s *sample) group(column int) grouping {
	if g, ok := s.groups[column]; ok {
		return g
	}
	g := s.groupBy(column, func(v table.Value) table.Value { return v })
	s.groups[column] = g
	return g
}

// cycle returns the groups of a Date or Timestamp by a cyclic grain, in UTC.
func (s *sample) cycle(column int, grain view.Grain) grouping {
	key := [2]int{column, int(grain)}
	if g, ok := s.cycles[key]; ok {
		return g
	}
	g := s.groupBy(column, func(v table.Value) table.Value {
		at := instant(v)
		switch grain {
		case view.MonthOfYear:
			return table.IntValue(table.Int, int64(at.Month()))
		case view.DayOfWeek:
			return table.IntValue(table.Int, int64(at.Weekday()))
		}
		return table.IntValue(table.Int, int64(at.Hour()))
	})
	s.cycles[key] = g
	return g
}

// step returns the groups of a Date or Timestamp by a calendar grain, in UTC.
func (s *sample) step(column int, grain view.Grain) grouping {
	return s.groupBy(column, func(v table.Value) table.Value {
		at := instant(v)
		key := at.Unix() / int64(bucketLength(min(grain, view.Day))/time.Second)
		switch grain {
		case view.Week:
			key = (at.Unix()/86_400 + 3) / 7 // the first of January 1970 was a Thursday
		case view.Month, view.Quarter, view.Year:
			months := map[view.Grain]int{view.Month: 1, view.Quarter: 3, view.Year: 12}[grain]
			key = int64((at.Year()*12 + int(at.Month()) - 1) / months)
		}
		return table.IntValue(table.Int, key)
	})
}

func (s *sample) groupBy(column int, key func(table.Value) table.Value) grouping {
	g := grouping{of: make([]int, len(s.rows))}
	codes := map[table.Value]int{}
	for i, row := range s.rows {
		v := s.t.Value(row, column)
		if v.IsNull() {
			g.of[i] = -1
			continue
		}
		v = key(v)
		code, ok := codes[v]
		if !ok {
			code = len(codes)
			codes[v] = code
		}
		g.of[i] = code
	}
	g.n = len(codes)
	return g
}

// instant returns the moment of a Date or Timestamp cell, civil times as if they were UTC.
func instant(v table.Value) time.Time {
	if v.Type() == table.Date {
		return time.Unix(v.Int()*86_400, 0).UTC()
	}
	return time.UnixMicro(v.Int()).UTC()
}

// spearman returns the rank correlation of two columns over the rows that have both, and how many of those it saw.
func spearman(x, y []float64) (rho float64, n int) {
	var a, b []float64
	for i := 0; i < len(x); i += max(1, len(x)/pairRows) {
		if !math.IsNaN(x[i]) && !math.IsNaN(y[i]) {
			a, b = append(a, x[i]), append(b, y[i])
		}
	}
	if len(a) < 3 {
		return 0, len(a)
	}
	return pearson(ranks(a), ranks(b)), len(a)
}

// ranks returns the rank of each number, equal numbers sharing the mean of theirs.
func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(x[a], x[b]), a-b) })
	r := make([]float64, len(x))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && x[order[to]] == x[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			r[i] = float64(from+to-1) / 2
		}
		from = to
	}
	return r
}

func pearson(x, y []float64) float64 {
	var mx, my float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(x))
	}
	var xx, yy, xy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return xy / math.Sqrt(xx*yy)
}

// cramersV returns how far two groupings tell each other, 0 not at all to 1 wholly, with Bergsma's correction for
// tables with many cells and few rows.
func cramersV(a, b grouping) float64 {
	if a.n < 2 || b.n < 2 {
		return 0
	}
	cells := map[[2]int]float64{}
	rows, columns := make([]float64, a.n), make([]float64, b.n)
	n := 0.0
	for i := 0; i < len(a.of); i += max(1, len(a.of)/pairRows) {
		x, y := a.of[i], b.of[i]
		if x < 0 || y < 0 {
			continue
		}
		cells[[2]int{x, y}]++
		rows[x]++
		columns[y]++
		n++
	}
	if n < 2 {
		return 0
	}
	// χ² is n·(Σ o²/(r·c) − 1), which needs no visit to the empty cells. The keys are sorted because a sum of floats
	// depends on its order, and the choice of charts must not.
	keys := make([][2]int, 0, len(cells))
	for k := range cells {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(p, q [2]int) int { return cmp.Or(p[0]-q[0], p[1]-q[1]) })
	sum := 0.0
	for _, k := range keys {
		sum += cells[k] * cells[k] / (rows[k[0]] * columns[k[1]])
	}
	r, c := float64(a.n), float64(b.n)
	phi := math.Max(0, sum-1-(r-1)*(c-1)/(n-1))
	r, c = r-(r-1)*(r-1)/(n-1), c-(c-1)*(c-1)/(n-1)
	if d := math.Min(r, c) - 1; d > 0 {
		return math.Min(1, math.Sqrt(phi/d))
	}
	return 0
}

// correlationRatio returns how much of the spread of a number lies between groups and not within them, 0 to 1.
func correlationRatio(x []float64, g grouping) float64 {
	sums, counts := make([]float64, g.n), make([]float64, g.n)
	var total, n float64
	for i, code := range g.of {
		if code >= 0 && !math.IsNaN(x[i]) {
			sums[code] += x[i]
			counts[code]++
			total += x[i]
			n++
		}
	}
	if n < 3 {
		return 0
	}
	mean := total / n
	var between, all float64
	for code, c := range counts {
		if c > 0 {
			d := sums[code]/c - mean
			between += c * d * d
		}
	}
	for i, code := range g.of {
		if code >= 0 && !math.IsNaN(x[i]) {
			d := x[i] - mean
			all += d * d
		}
	}
	if all == 0 {
		return 0
	}
	return math.Sqrt(between / all)
}

// unevenness returns how far shares are from equal, 0 equal to 1 all in one. Negative parts count by their size.
func unevenness(parts []float64) float64 {
	total := 0.0
	for _, p := range parts {
		total += math.Abs(p)
	}
	if total == 0 || len(parts) < 2 {
		return 0
	}
	equal, sum := 1/float64(len(parts)), 0.0
	for _, p := range parts {
		d := math.Abs(p)/total - equal
		sum += d * d
	}
	return math.Sqrt(sum / (1 - equal))
}

// totals sums a column by group; a nil column counts rows.
func totals(x []float64, g grouping) []float64 {
	sums := make([]float64, g.n)
	for i, code := range g.of {
		switch {
		case code < 0:
		case x == nil:
			sums[code]++
		case !math.IsNaN(x[i]):
			sums[code] += x[i]
		}
	}
	return sums
}
