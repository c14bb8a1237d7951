package view

import "github.com/dashira/dashira/table"

// ColumnProfile describes the values of one column of one revision: what roles and charts are chosen from.
type ColumnProfile struct {
	Field table.Field
	Rows  int64
	Nulls int64
	// Distinct counts the different values, exactly up to 10 000, by a sketch above.
	Distinct int64

	Min, Max table.Value // null where every cell is empty

	// Of numbers (Int, Float, Duration in seconds) only:
	Mean, StdDev, Sum, Skew float64
	Negatives, Zeros        int64
	Integers                bool       // every value is whole
	Quantiles               [5]float64 // at 0.05, 0.25, 0.5, 0.75, 0.95
	EvenStep                bool       // sorted different values lie at one distance
	MaxDigits               int        // digits of the longest whole number

	// Of text only:
	MeanLength, StdLength float64 // in characters
	MaxLength             int
	LeadingZeros          int64 // values of digits that begin with 0 and are longer than one

	Monotone bool // never decreases in the table's order
	// Grain is the finest calendar unit that tells values of a Date or Timestamp apart.
	Grain Grain

	Top []ValueCount // the most frequent values, at most 50, most frequent first, then by value
}

// ValueCount is a value and how many rows have it.
type ValueCount struct {
	Value table.Value
	Rows  int64
}
