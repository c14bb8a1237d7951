package table_test

import (
	"testing"

	"github.com/dashira/dashira/table"
)

func TestRising(t *testing.T) {
	schema := table.NewSchema(table.Field{Name: "n", Type: table.Int}, table.Field{Name: "s", Type: table.String}, table.Field{Name: "d", Type: table.Date}, table.Field{Name: "x", Type: table.Float})
	dict := []*table.Dict{nil, table.NewDict(), nil, nil}
	chunk := func(rows ...[4]any) *table.Table {
		b := table.NewBuilder(schema, dict)
		for _, r := range rows {
			var row []table.Value
			for c, v := range r {
				switch v := v.(type) {
				case int:
					row = append(row, table.IntValue(schema.Field(c).Type, int64(v)))
				case string:
					row = append(row, table.TextValue(table.String, v))
				case float64:
					row = append(row, table.FloatValue(v))
				default:
					row = append(row, table.Value{})
				}
			}
			b.Append(row...)
		}
		return b.Table()
	}
	first := chunk([4]any{1, "a", 10, 1.0}, [4]any{2, "b", 11, 2.0})
	for name, c := range map[string]struct {
		more *table.Table
		want [4]bool
	}{
		"goes on":         {chunk([4]any{3, "c", 12, 3.0}), [4]bool{true, true, true, false}},
		"repeats":         {chunk([4]any{2, "b", 11, 3.0}), [4]bool{}},
		"falls within":    {chunk([4]any{9, "y", 90, 3.0}, [4]any{8, "x", 80, 4.0}), [4]bool{}},
		"has empty cells": {chunk([4]any{nil, nil, nil, nil}), [4]bool{}},
	} {
		all := table.New(schema, append(append([]*table.Chunk{}, first.Chunks()...), c.more.Chunks()...)...)
		for column, want := range c.want {
			for range 2 { // the second time from what is remembered
				if got := all.Rising(column); got != want {
					t.Errorf("%s: column %d: %v, want %v", name, column, got, want)
				}
			}
		}
	}
}
