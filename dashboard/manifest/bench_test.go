package manifest_test

import (
	"fmt"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
)

// BenchmarkRecommend chooses the panels of a hundred thousand rows; in the wide table every third column groups.
func BenchmarkRecommend(b *testing.B) {
	for _, columns := range []int{12, 300} {
		b.Run(fmt.Sprintf("columns=%d", columns), func(b *testing.B) {
			fields := make([]table.Field, columns)
			for i := range fields {
				fields[i] = table.Field{Name: fmt.Sprintf("column_%d", i), Type: [...]table.Type{table.String, table.Float, table.Int}[i%3]}
			}
			fields[0] = table.Field{Name: "at", Type: table.Timestamp}
			data := table.NewBuilder(table.NewSchema(fields...), nil)
			row := make([]table.Value, columns)
			for r := range 100_000 {
				for i := range row {
					switch i % 3 {
					case 0:
						row[i] = table.TextValue(table.String, fmt.Sprintf("v%d", r*(i+3)%(i%9+3)))
					case 1:
						row[i] = table.FloatValue(float64(r*(i+7)%(i+1001)) + 0.5)
					default:
						row[i] = table.IntValue(table.Int, int64(r*i%(i+700)))
					}
				}
				row[0] = table.IntValue(table.Timestamp, int64(r)*61_000_000)
				data.Append(row...)
			}
			t := data.Table()
			profiles := profile(t)
			b.ReportAllocs()
			for b.Loop() {
				manifest.Recommend("rows", "", profiles, t)
			}
		})
	}
}
