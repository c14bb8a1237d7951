package view

import (
	"cmp"
	"math"
	"slices"

	"github.com/dashira/dashira/table"
)

// The columns of the answer to [LineQuery]: of each pixel column the first, least, greatest and last point.
var lineColumns = [4][2]string{{"first x", "first y"}, {"least x", "least y"}, {"greatest x", "greatest y"}, {"last x", "last y"}}

// pixelColumn is the first column of that answer. No table has a column of this name.
const pixelColumn = "\x00pixel"

// LineQuery returns the query for a line of y over x through the rows that pass where, one line for each value of the
// columns by: of the rows of each pixel column only the first, the least, the greatest and the last point are answered,
// which draw the same pixels as all rows do (Jugel, Jerzak, Hackenbroich, Markl, "M4: A Visualization-Oriented Time
// Series Data Aggregation", 2014). X is a number or a time. A pixel column is so wide, in x's own number or in seconds;
// [LineWidth] chooses it. Rows without x or y are no points. [LinePoints] reads the answer.
//
// It is a query like any other: it is answered chunk by chunk and kept up to date.
func LineQuery(x, y string, where []Filter, width float64, by ...string) Query {
	present := func(column string) Filter {
		return Filter{Column: column, Op: In, Values: []table.Value{{}}, Not: true}
	}
	q := Query{Where: append(slices.Clip(where), present(x), present(y)), Groups: []Group{{Column: x, Name: pixelColumn, Bin: width}}}
	for _, name := range by {
		q.Groups = append(q.Groups, Group{Column: name})
	}
	add := func(name string, op Aggregate, column, by string) {
		q.Measures = append(q.Measures, Measure{Name: "\x00" + name, Op: op, Column: column, By: by})
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

// LineWidth returns how wide a pixel column is where from low to high are to be at least so many of them and at most
// twice as many. It is a power of two of x's smallest unit and every column begins at a multiple of it, so that a line
// that grows keeps its columns, and with them what is known of each, until it is twice as long.
func LineWidth(low, high table.Value, columns int) float64 {
	unit := 1.0 // how many of x's smallest unit make one of the width's
	span := high.Float() - low.Float()
	switch low.Type() {
	case table.Timestamp, table.Time, table.Duration:
		span = float64(high.Int()) - float64(low.Int())
		unit = 1e6
	case table.Date:
		span = float64(high.Int() - low.Int())
		unit = 1.0 / 86_400
	}
	power := math.Floor(math.Log2(span / float64(max(columns, 1))))
	switch {
	case !(span > 0) || math.IsInf(power, 0):
		return 1
	case low.Type() != table.Float:
		power = max(power, 0)
	}
	return math.Exp2(power) / unit
}

// LinePoints returns the points of an answer to [LineQuery] in the order of x, each once: a table of x, the columns that
// part the lines, and y.
func LinePoints(a *Answer, x, y string) *table.Table {
	s := a.Table.Schema()
	var at [4][2]int
	for i, names := range lineColumns {
		at[i] = [2]int{s.Index("\x00" + names[0]), s.Index("\x00" + names[1])}
	}
	parts := len(a.Key) - 1
	fields := []table.Field{s.Field(at[0][0])}
	for i := range parts {
		fields = append(fields, s.Field(1+i))
	}
	fields = append(fields, s.Field(at[1][1]))
	fields[0].Name, fields[parts+1].Name = x, y
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	type point struct {
		x, y table.Value
		row  int64 // of the answer, whose keys are the point's
	}
	var column []point // of one pixel column, of all lines
	cells := make([]table.Value, parts+2)
	flush := func() {
		slices.SortStableFunc(column, func(p, q point) int { return p.x.Compare(q.x) })
		for _, p := range column {
			cells[0], cells[parts+1] = p.x, p.y
			for i := range parts {
				cells[1+i] = a.Table.Value(p.row, 1+i)
			}
			b.Append(cells...)
		}
		column = column[:0]
	}
	for row := range a.Table.Rows() {
		if row > 0 && !a.Table.Value(row, 0).Equal(a.Table.Value(row-1, 0)) {
			flush()
		}
		var four [4]point
		for i := range four {
			four[i] = point{a.Table.Value(row, at[i][0]), a.Table.Value(row, at[i][1]), row}
		}
		// Of points of one x the first stays first and the last last: the line enters and leaves the column there.
		slices.SortStableFunc(four[1:3], func(p, q point) int { return p.x.Compare(q.x) })
		for i, p := range four {
			if i == 0 || cmp.Or(p.x.Compare(four[i-1].x), p.y.Compare(four[i-1].y)) != 0 {
				column = append(column, p)
			}
		}
	}
	flush()
	return b.Table()
}
