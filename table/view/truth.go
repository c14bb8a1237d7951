package view

import "github.com/dashira/dashira/table"

// numbers returns a column whose values can be added: truth values count as 1 and 0, so that their mean is the share
// that is true. Every other column is returned as it is.
func numbers(c *table.Column) *table.Column {
	if c.Type() != table.Bool {
		return c
	}
	values := make([]int64, c.Len())
	for i := range values {
		if !c.IsNull(i) && c.Bool(i) {
			values[i] = 1
		}
	}
	return table.NewIntColumn(table.Int, values, c.Validity())
}
