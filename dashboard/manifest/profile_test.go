package manifest_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// profile describes every column of a table by the shortest code that is right, whatever it costs.
func profile(t *table.Table) []view.ColumnProfile {
	out := make([]view.ColumnProfile, t.Schema().Len())
	for i := range out {
		out[i] = profileColumn(t, i)
	}
	return out
}

func profileColumn(t *table.Table, column int) view.ColumnProfile {
	f := t.Schema().Field(column)
	p := view.ColumnProfile{Field: f, Rows: t.Rows(), Integers: f.Type.Numeric(), Monotone: true}
	counts := map[table.Value]int64{}
	var values []table.Value
	for row := range t.Rows() {
		v := t.Value(row, column)
		if v.IsNull() {
			p.Nulls++
			continue
		}
		if len(values) > 0 && v.Compare(values[len(values)-1]) < 0 {
			p.Monotone = false
		}
		values = append(values, v)
		counts[v]++
	}
	p.Distinct = int64(len(counts))
	for v, n := range counts {
		p.Top = append(p.Top, view.ValueCount{Value: v, Rows: n})
	}
	slices.SortFunc(p.Top, func(a, b view.ValueCount) int {
		if a.Rows != b.Rows {
			return int(b.Rows - a.Rows)
		}
		return a.Value.Compare(b.Value)
	})
	different := slices.SortedFunc(func(yield func(table.Value) bool) {
		for _, v := range p.Top {
			if !yield(v.Value) {
				return
			}
		}
	}, table.Value.Compare)
	p.Top = p.Top[:min(50, len(p.Top))]
	if len(values) == 0 {
		p.Integers, p.Monotone = false, false
		return p
	}
	p.Min, p.Max = different[0], different[len(different)-1]
	switch {
	case f.Type.Numeric():
		profileNumbers(&p, values, different)
	case f.Type.Textual():
		profileText(&p, values)
	case f.Type.Temporal():
		p.Grain = grain(different)
	}
	return p
}

func profileNumbers(p *view.ColumnProfile, values, different []table.Value) {
	x := make([]float64, len(values))
	for i, v := range values {
		x[i] = v.Float()
		p.Sum += x[i]
		if x[i] < 0 {
			p.Negatives++
		}
		if x[i] == 0 {
			p.Zeros++
		}
		if x[i] != math.Trunc(x[i]) {
			p.Integers = false
		} else {
			p.MaxDigits = max(p.MaxDigits, len(strconv.FormatFloat(math.Abs(x[i]), 'f', 0, 64)))
		}
	}
	n := float64(len(x))
	p.Mean = p.Sum / n
	var m2, m3 float64
	for _, v := range x {
		d := v - p.Mean
		m2, m3 = m2+d*d, m3+d*d*d
	}
	p.StdDev = math.Sqrt(m2 / n)
	if m2 > 0 {
		p.Skew = m3 / n / math.Pow(m2/n, 1.5)
	}
	slices.Sort(x)
	for i, q := range [5]float64{0.05, 0.25, 0.5, 0.75, 0.95} {
		p.Quantiles[i] = x[int(q*(n-1)+0.5)]
	}
	p.EvenStep = len(different) > 2
	for i := 2; i < len(different); i++ {
		a, b, c := different[i-2].Float(), different[i-1].Float(), different[i].Float()
		p.EvenStep = p.EvenStep && math.Abs((c-b)-(b-a)) < 1e-9
	}
}

func profileText(p *view.ColumnProfile, values []table.Value) {
	var sum, square float64
	for _, v := range values {
		length := utf8.RuneCountInString(v.Text())
		p.MaxLength = max(p.MaxLength, length)
		sum += float64(length)
		square += float64(length) * float64(length)
		if len(v.Text()) > 1 && v.Text()[0] == '0' && strings.Trim(v.Text(), "0123456789") == "" {
			p.LeadingZeros++
		}
	}
	n := float64(len(values))
	p.MeanLength = sum / n
	p.StdLength = math.Sqrt(math.Max(0, square/n-p.MeanLength*p.MeanLength))
}

// grain returns the finest calendar unit that differs.
func grain(values []table.Value) view.Grain {
	parts := [9]map[int]bool{}
	for i := range parts {
		parts[i] = map[int]bool{}
	}
	for _, v := range values {
		at := time.UnixMicro(v.Int()).UTC()
		if v.Type() == table.Date {
			at = time.Unix(v.Int()*86_400, 0).UTC()
		}
		for i, part := range []int{at.Nanosecond(), at.Second(), at.Minute(), at.Hour(), at.YearDay(), at.Year(), at.Day(), at.Year()*12 + int(at.Month()), int(at.Weekday())} {
			parts[i][part] = true
		}
	}
	different := func(i int) bool { return len(parts[i]) > 1 }
	switch {
	case different(0):
		return view.Millisecond
	case different(1):
		return view.Second
	case different(2):
		return view.Minute
	case different(3):
		return view.Hour
	case !different(4) && different(5):
		return view.Year
	case !different(6) && different(7):
		return view.Month
	case !different(8) && len(values) > 1:
		return view.Week
	}
	return view.Day
}
