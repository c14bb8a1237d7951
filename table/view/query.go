// Package view answers queries over tables and keeps the answers up to date.
//
// A [View] holds, for each chunk it has seen, the partial answer of its query; an answer is the merge of the partials,
// so a new revision costs what its new chunks cost, and any past revision is answered from the same memo. The rule that
// everything here serves: the incremental answer equals the answer from scratch.
package view

import (
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/expr"
)

// Query asks one question of one table. With Groups or Measures it groups; without either, it selects rows.
type Query struct {
	Where    []Filter
	Groups   []Group
	Measures []Measure
	Having   []Filter // on columns of the answer
	Order    []Order  // by columns of the answer, of rows by any of the table; then, or when empty: groups ascending, rows as they stand
	Limit    int      // rows of the answer; 0: all
	Offset   int      // rows to skip before; only without measures
	Other    bool     // merge the groups beyond Limit into Answer.Other
	Columns  []string // of a selection of rows; empty: all
	Search   string   // rows in which some selected cell's text contains this, ignoring case; only without measures
}

// Filter keeps the rows whose cell passes. Filters of a query are joined by "and".
type Filter struct {
	Column   string
	Op       Op
	Values   []table.Value // In: any of these, a null Value is the empty cell
	Low      table.Value   // Range: from here, inclusive; null: no bound
	High     table.Value   // Range: to here, exclusive; null: no bound
	HighIncl bool          // Range: the upper bound belongs to it
	Text     string        // Contains: this text, ignoring case
	Not      bool          // keep the others; the empty cell passes a Not of In, Range or Contains unless it is named
}

// Op is how a filter compares.
type Op uint8

// The comparisons.
const (
	In Op = iota
	Range
	Contains
)

// Group is one column of the answer that rows are grouped by.
type Group struct {
	Column    string
	Name      string         // in the answer; empty: Column
	Grain     Grain          // of a Date or Timestamp: the group is the start of the calendar bucket
	Zone      *time.Location // of the buckets of instants; nil: UTC. Civil times and dates ignore it
	WeekStart time.Weekday   // of grain Week
	Bin       float64        // of a number or a time (in seconds), if > 0: the group is the lower edge of a bin of this width
	Origin    float64        // the edge that the bins are aligned to; of a moment in seconds from 1970
	// Fill, with a Grain that is not cyclic and as the first group: every bucket between the first and the last comes with
	// every combination of the other groups that some bucket has, with rows or without; none is added where that were
	// over 100 000.
	Fill bool
}

// Grain is the length of a calendar bucket.
type Grain uint8

// The grains. NoGrain groups by the value itself.
const (
	NoGrain Grain = iota
	Millisecond
	Second
	Minute
	Hour
	Day
	Week
	Month
	Quarter
	Year
	MonthOfYear // cyclic: 1 to 12, an Int
	DayOfWeek   // cyclic: 1 (Monday) to 7, an Int
	HourOfDay   // cyclic: 0 to 23, an Int
)

// Measure is one aggregated column of the answer.
type Measure struct {
	Name    string
	Op      Aggregate
	Column  string     // empty for Count
	P       float64    // of Quantile: 0 to 1
	By      string     // of First and Last: the column that orders the rows; empty: the table's own order
	Of      [2]string  // of Ratio: names of two measures of this query; of Running and what follows it: the first of them alone
	Formula *expr.Expr // of Computed: its columns are measures of this query that are not computed themselves
	Window  int        // of MovingMean: over so many rows; of Difference and Change: from so many rows before; 0: 3 and 1
	Year    bool       // of Difference and Change, along calendar buckets: from the bucket a year before, in place of Window
	Level   bool       // of Running and what follows it: an empty value of the other measure counts as 0, as a day without sales does
}

// Aggregate is how the values of a group become one.
type Aggregate uint8

// The aggregates. Empty cells do not count, save for Count; of no cells all but Count, Present and Distinct are null.
const (
	Count   Aggregate = iota // rows
	Present                  // cells that are there
	Sum
	Mean
	Min
	Max
	Median   // exact to 100 000 values of all groups, then estimated; of numbers, dates and times
	Quantile // likewise; between two values it is interpolated
	StdDev   // of a sample: over n-1, null for one value
	Distinct // exact to 10 000 per group, then estimated
	First    // of rows that By orders as equals, the first in the table
	Last     // the last
	Ratio    // first measure over the second

	// What follows is made of another measure's values, all groups being there and before Having, Order and Limit: along
	// the first group, ascending, for each combination of the other groups by itself. Rows whose first group is empty
	// have none, nor has Answer.Other, nor Answer.Total, save for Share. [Group.Fill] makes rows before be buckets before.
	Running    // the sum of the measure up to here
	MovingMean // the mean of its last values, this one included
	Difference // it minus what it was: so many rows before, or a year before: the same date, or the week 52 weeks before
	Change     // the same as a part of what it was, null from zero
	Share      // it over the same measure of everything that passed Where

	Computed // Formula over other measures of the query; right for Answer.Other and Answer.Total too
)

// Order sorts by one column of the answer; empty cells come last either way.
type Order struct {
	Column string
	Desc   bool
}

// Answer is what a query says of one revision.
type Answer struct {
	Table  *table.Table  // groups, then measures, in the query's order; or the selected rows
	Key    []string      // the columns that name a row of Table: the groups; empty for selected rows
	Rows   int64         // rows of the source table that passed Where
	Groups int           // groups before Limit
	Others int           // groups merged into Other
	Other  []table.Value // one per measure; nil: nothing was left out
	Total  []table.Value // one per measure over everything that passed Where
	Approx []string      // measures that come from a sketch
	At     []int64       // of selected rows: their rows in the source table
}
