package view

import (
	"cmp"
	"slices"

	"github.com/dashira/dashira/table"
)

// The columns of the answer to [LineQuery]: of each pixel column the first, least, greatest and last point.
var lineColumns = [4][2]string{{"first x", "first y"}, {"least x", "least y"}, {"greatest x", "greatest y"}, {"last x", "last y"}}

// LineQuery returns the query for a line of y over x, from low to high inclusive, that is drawn columns pixels wide: of
// the rows of each pixel column only the first, the least, the greatest and the last point are answered, which draw the
// same pixels as all rows do (Jugel, Jerzak, Hackenbroich, Markl, "M4: A Visualization-Oriented Time Series Data
// Aggregation", 2014). X is a number or a time. [LinePoints] reads the answer.
//
// It is a query like any other: it is answered chunk by chunk and kept up to date.
func LineQuery(x, y string, low, high table.Value, columns int) Query {
	seconds := func(v table.Value) float64 {
		switch v.Type() {
		case table.Timestamp, table.Time:
			return float64(v.Int()) / 1e6
		case table.Date:
			return float64(v.Int()) * 86_400
		}
		return v.Float()
	}
	from, to := seconds(low), seconds(high)
	width := (to - from) / float64(max(columns, 1))
	if !(width > 0) {
		width = 1
	}
	q := Query{
		Where: []Filter{
			{Column: x, Op: Range, Low: low, High: high, HighIncl: true},
			{Column: y, Op: In, Values: []table.Value{{}}, Not: true},
		},
		Groups: []Group{{Column: x, Name: "pixel column", Bin: width, Origin: from}},
	}
	add := func(name string, op Aggregate, column, by string) {
		q.Measures = append(q.Measures, Measure{Name: name, Op: op, Column: column, By: by})
	}
	add(lineColumns[0][0], Min, x, "")
	add(lineColumns[0][1], First, y, x)
	add(lineColumns[1][0], First, x, y)
	add(lineColumns[1][1], Min, y, "")
	add(lineColumns[2][0], Last, x, y)
	add(lineColumns[2][1], Max, y, "")
	add(lineColumns[3][0], Max, x, "")
	add(lineColumns[3][1], Last, y, x)
	return q
}

// LinePoints returns the points of an answer to [LineQuery] in the order of x, each once: a table of the columns x and y.
func LinePoints(a *Answer, x, y string) *table.Table {
	s := a.Table.Schema()
	var at [4][2]int
	for i, names := range lineColumns {
		at[i] = [2]int{s.Index(names[0]), s.Index(names[1])}
	}
	fieldX, fieldY := s.Field(at[0][0]), s.Field(at[0][1])
	fieldX.Name, fieldY.Name = x, y
	b := table.NewBuilder(table.NewSchema(fieldX, fieldY), nil)
	for row := range a.Table.Rows() {
		var points [4][2]table.Value
		for i := range points {
			points[i] = [2]table.Value{a.Table.Value(row, at[i][0]), a.Table.Value(row, at[i][1])}
		}
		// Of points of one x the first stays first and the last last: the line enters and leaves the column there.
		slices.SortStableFunc(points[1:3], func(p, q [2]table.Value) int { return p[0].Compare(q[0]) })
		last := [2]table.Value{}
		for i, p := range points {
			if i == 0 || cmp.Or(p[0].Compare(last[0]), p[1].Compare(last[1])) != 0 {
				b.Append(p[0], p[1])
				last = p
			}
		}
	}
	return b.Table()
}
