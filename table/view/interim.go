package view

import (
	"math"
	"sort"

	"github.com/dashira/dashira/table"
)

func Profile(t *table.Table) []ColumnProfile {
	var out []ColumnProfile
	for i := range t.Schema().Len() {
		p := ColumnProfile{Field: t.Schema().Field(i), Rows: t.Rows(), Monotone: true, Integers: true, Grain: Day}
		counts := map[table.Value]int64{}
		var vs []table.Value
		for r := range t.Rows() {
			v := t.Value(r, i)
			if v.IsNull() {
				p.Nulls++
				continue
			}
			counts[v]++
			vs = append(vs, v)
			if p.Field.Type.Textual() {
				p.MeanLength += float64(len(v.Text()))
			}
		}
		p.Distinct = int64(len(counts))
		if len(vs) > 0 {
			p.MeanLength /= float64(len(vs))
			sort.SliceStable(vs, func(a, b int) bool { return vs[a].Compare(vs[b]) < 0 })
			p.Min, p.Max = vs[0], vs[len(vs)-1]
			if p.Field.Type.Numeric() {
				for k, q := range []float64{0.05, 0.25, 0.5, 0.75, 0.95} {
					p.Quantiles[k] = vs[int(q*float64(len(vs)-1))].Float()
				}
				for _, v := range vs {
					p.Sum += v.Float()
					p.Integers = p.Integers && v.Float() == math.Trunc(v.Float())
				}
				p.Mean = p.Sum / float64(len(vs))
				p.StdDev = math.Abs(p.Mean) / 3
			}
		}
		for v, n := range counts {
			p.Top = append(p.Top, ValueCount{v, n})
		}
		sort.Slice(p.Top, func(a, b int) bool {
			if p.Top[a].Rows != p.Top[b].Rows {
				return p.Top[a].Rows > p.Top[b].Rows
			}
			return p.Top[a].Value.Compare(p.Top[b].Value) < 0
		})
		p.Top = p.Top[:min(50, len(p.Top))]
		out = append(out, p)
	}
	return out
}

func NiceBins(p ColumnProfile) (origin, width float64, n int) {
	lo, hi := p.Min.Float(), p.Max.Float()
	if !(hi > lo) {
		return lo, 1, 1
	}
	width = (hi - lo) / 20
	return lo, width, 21
}
