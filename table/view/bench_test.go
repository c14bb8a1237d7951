package view_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

var readings = table.NewSchema(
	table.Field{Name: "time", Type: table.Timestamp, Instant: true},
	table.Field{Name: "sensor", Type: table.String},
	table.Field{Name: "status", Type: table.String},
	table.Field{Name: "value", Type: table.Float},
	table.Field{Name: "count", Type: table.Int},
)

// measured are tables of one reading every 200 ms from 1000 sensors, made once per size.
var measured = struct {
	mu     sync.Mutex
	tables map[int]*table.Table
}{tables: map[int]*table.Table{}}

func readingsOf(rows int) *table.Table {
	measured.mu.Lock()
	defer measured.mu.Unlock()
	if t := measured.tables[rows]; t != nil {
		return t
	}
	sensors, statuses := table.NewDict(), table.NewDict()
	for i := range 1000 {
		sensors.Intern(fmt.Sprintf("sensor-%03d", i))
	}
	for _, s := range []string{"ok", "warning", "error"} {
		statuses.Intern(s)
	}
	t := table.New(readings, readingChunks(0, rows, sensors, statuses)...)
	measured.tables[rows] = t
	return t
}

func readingChunks(from, rows int, sensors, statuses *table.Dict) []*table.Chunk {
	var chunks []*table.Chunk
	for at := from; at < from+rows; {
		n := min(table.DefaultChunkRows, from+rows-at)
		times, sensor, status := make([]int64, n), make([]uint32, n), make([]uint32, n)
		values, counts := make([]float64, n), make([]int64, n)
		for i := range n {
			k := uint64(at+i)*0x9e3779b97f4a7c15>>20 ^ uint64(at+i)
			times[i] = 1_700_000_000_000_000 + int64(at+i)*200_000
			sensor[i], status[i] = uint32(k%1000), uint32(k>>10%50/48)
			values[i], counts[i] = float64(k%10_000)/100, int64(k>>5%100)
		}
		chunks = append(chunks, table.NewChunk(n, []*table.Column{
			table.NewIntColumn(table.Timestamp, times, nil),
			table.NewCodeColumn(table.String, sensor, sensors, nil),
			table.NewCodeColumn(table.String, status, statuses, nil),
			table.NewFloatColumn(values, nil),
			table.NewIntColumn(table.Int, counts, nil),
		}, [16]byte{byte(at / 8192 * 37), byte(at >> 8), byte(at >> 16), byte(at >> 24), 1}))
		at += n
	}
	return chunks
}

var benchQueries = []struct {
	name  string
	query view.Query
}{
	{"total", view.Query{Measures: []view.Measure{{Name: "n", Op: view.Count}, {Name: "avg", Op: view.Mean, Column: "value"}}}},
	{"per minute", view.Query{
		Groups: []view.Group{{Column: "time", Grain: view.Minute}},
		Measures: []view.Measure{{Name: "n", Op: view.Count}, {Name: "avg", Op: view.Mean, Column: "value"},
			{Name: "min", Op: view.Min, Column: "value"}, {Name: "max", Op: view.Max, Column: "value"}},
	}},
	{"per sensor", view.Query{
		Groups:   []view.Group{{Column: "sensor"}},
		Measures: []view.Measure{{Name: "n", Op: view.Count}, {Name: "avg", Op: view.Mean, Column: "value"}},
	}},
	{"top 10 sensors and others", view.Query{
		Groups:   []view.Group{{Column: "sensor"}},
		Measures: []view.Measure{{Name: "sum", Op: view.Sum, Column: "count"}},
		Order:    []view.Order{{Column: "sum", Desc: true}}, Limit: 10, Other: true,
	}},
	{"per sensor, status and hour", view.Query{
		Groups:   []view.Group{{Column: "sensor"}, {Column: "status"}, {Column: "time", Grain: view.Hour}},
		Measures: []view.Measure{{Name: "n", Op: view.Count}, {Name: "avg", Op: view.Mean, Column: "value"}},
		Limit:    1000,
	}},
	{"distinct and median", view.Query{
		Groups:   []view.Group{{Column: "status"}},
		Measures: []view.Measure{{Name: "sensors", Op: view.Distinct, Column: "sensor"}, {Name: "median", Op: view.Median, Column: "value"}},
	}},
	{"filtered", view.Query{
		Where: []view.Filter{{Column: "status", Values: []table.Value{table.TextValue(table.String, "warning")}},
			{Column: "value", Op: view.Range, Low: table.FloatValue(50)}},
		Groups:   []view.Group{{Column: "sensor"}},
		Measures: []view.Measure{{Name: "n", Op: view.Count}},
	}},
	{"first rows of an order", view.Query{Order: []view.Order{{Column: "value", Desc: true}}, Limit: 100}},
	{"rows searched", view.Query{Search: "sensor-77", Limit: 100}},
}

func BenchmarkFirstAnswer(b *testing.B) {
	for _, rows := range []int{1_000_000, 10_000_000} {
		for _, q := range benchQueries {
			b.Run(fmt.Sprintf("%dM rows/%s", rows/1_000_000, q.name), func(b *testing.B) {
				t := readingsOf(rows)
				b.ReportAllocs()
				for b.Loop() {
					memo := view.NewMemo(1 << 30)
					v, err := view.New(readings, q.query, memo)
					if err != nil {
						b.Fatal(err)
					}
					if _, err = v.Answer(b.Context(), t); err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(memo.Bytes())/1e6, "MB-kept")
				}
			})
		}
	}
}

// BenchmarkNextAnswer is the answer after a change, with the partials of before at hand.
func BenchmarkNextAnswer(b *testing.B) {
	const rows = 10_000_000
	changes := []struct {
		name   string
		change func(chunks []*table.Chunk, n int) []*table.Chunk
	}{
		{"one row appended", func(chunks []*table.Chunk, n int) []*table.Chunk {
			last := chunks[len(chunks)-1]
			tail := readingChunks(rows, 1+n%1000, last.Column(1).Dict(), last.Column(2).Dict())
			return append(chunks[:len(chunks):len(chunks)], tail...)
		}},
		{"50 rows changed", func(chunks []*table.Chunk, n int) []*table.Chunk {
			next := append([]*table.Chunk(nil), chunks...)
			for i := range 50 {
				at := (i*24 + n) % len(next)
				next[at] = readingChunks((at+n%100)*table.DefaultChunkRows, table.DefaultChunkRows, next[at].Column(1).Dict(), next[at].Column(2).Dict())[0]
			}
			return next
		}},
	}
	for _, c := range changes {
		for _, q := range benchQueries {
			b.Run(c.name+"/"+q.name, func(b *testing.B) {
				t := readingsOf(rows)
				v, err := view.New(readings, q.query, view.NewMemo(1<<30))
				if err != nil {
					b.Fatal(err)
				}
				if _, err = v.Answer(b.Context(), t); err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for n := 0; b.Loop(); n++ {
					if _, err := v.Answer(b.Context(), table.New(readings, c.change(t.Chunks(), n)...)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkProfile(b *testing.B) {
	t := readingsOf(1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		view.Profile(t)
	}
}
