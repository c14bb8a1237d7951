package ingest

import (
	"math"
	"slices"

	"github.com/dashira/dashira/table"
)

func floatBits(f float64) uint64 { return math.Float64bits(f) }

// mostKeyRows bounds the search for a key that is not in order: beyond it, rows are told apart without one.
const mostKeyRows = 4_000_000

// KeyLike says whether a column of this name is an identifier's.
func KeyLike(name string) bool { return keyName.MatchString(name) }

// keyOf returns the columns that identify a row: those of the options if they are there, else the first column without
// empty cells and repetitions whose name is an identifier's, or that stands first.
func keyOf(s *Sheet, wanted []string) []string {
	if len(wanted) > 0 {
		for _, name := range wanted {
			if s.Table.Schema().Index(name) < 0 {
				return nil
			}
		}
		return slices.Clone(wanted)
	}
	if s.Table.Rows() < 2 {
		return nil
	}
	for pass := range 2 {
		for i := range s.Columns {
			c := &s.Columns[i]
			named := keyName.MatchString(c.Name)
			if pass == 0 && !named || pass == 1 && (i > 0 || named) || c.Nulls > 0 {
				continue
			}
			switch c.Type {
			case table.Int, table.String, table.Date, table.Timestamp:
				if unique(s.Table, i) {
					c.Distinct = s.Table.Rows()
					return []string{c.Name}
				}
			}
		}
	}
	return nil
}

// unique says whether no value of a column without empty cells repeats.
func unique(t *table.Table, column int) bool {
	if t.Rising(column) {
		return true
	}
	if t.Rows() > mostKeyRows {
		return false
	}
	seen := newNumberSet(1024)
	for _, chunk := range t.Chunks() {
		col := chunk.Column(column)
		for r := range col.Len() {
			if !seen.add(numberOf(col, r)) {
				return false
			}
		}
	}
	return true
}
