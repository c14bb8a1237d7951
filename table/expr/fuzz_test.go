package expr_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/expr"
)

// FuzzCompile: whatever is written, the answer is a column of the length and type promised or a fault at a place of the
// text, and a row gives the same alone as among others.
func FuzzCompile(f *testing.F) {
	for _, text := range []string{
		"amount - cost", "if(paid, amount, 0) / pieces", `contains(region, "x") and not paid`, "year(at) * 100 + month(day)", "-pieces % 7 in [1, 2]",
		`date_diff("week", day, at)`, "coalesce(null, amount) >= 3", "wait / 2 + wait", "((1))", "region == `North`", "paid ? 1 : 0", "a ?? b", "x.y.z", "f(", "\"", "not not paid",
		"least(amount, pieces, cost)", `upper(trim(text(at)))`, "1e308 * 10 * pieces", "day + pieces",
	} {
		f.Add(text)
	}
	all := rows()
	f.Fuzz(func(t *testing.T, text string) {
		e, err := expr.Compile(text, expr.Options{Schema: schema})
		if err != nil {
			var at *expr.Error
			if !errors.As(err, &at) || at.Column < 1 || at.Column > utf8.RuneCountInString(text)+1 || at.Message == "" {
				t.Fatalf("%q: the fault %#v has no place in it", text, err)
			}
			return
		}
		chunk := all.Chunks()[0]
		whole := e.Eval(chunk)
		if whole.Len() != chunk.Rows() || whole.Type() != e.Field().Type {
			t.Fatalf("%q: %d values of %s", text, whole.Len(), whole.Type())
		}
		for r := range chunk.Rows() {
			columns := make([]*table.Column, chunk.Columns())
			for c := range columns {
				columns[c] = chunk.Column(c).Take([]int32{int32(r)})
			}
			if one := e.Eval(table.NewChunk(1, columns, [16]byte{})).Value(0); !one.Equal(whole.Value(r)) {
				t.Fatalf("%q: row %d is %v among others and %v alone", text, r, whole.Value(r), one)
			}
		}
	})
}

// FuzzMeasure: as FuzzCompile, for measures.
func FuzzMeasure(f *testing.F) {
	for _, text := range []string{"sum(amount) / count()", "p(amount, 0.9)", "other + 1", "avg(if(paid, 1, 0))", "self", "max(day)", "count(", "sum(amount"} {
		f.Add(text, "count() + self")
	}
	f.Fuzz(func(t *testing.T, text, other string) {
		m, err := expr.CompileMeasure(text, expr.MeasureOptions{Options: expr.Options{Schema: schema}, Named: func(name string) (string, bool) {
			switch name {
			case "other":
				return other, true
			case "self":
				return text, true
			}
			return "", false
		}})
		if err != nil {
			var at *expr.Error
			if !errors.As(err, &at) || at.Column < 1 {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		if len(m.Aggregates) == 0 || m.Formula != nil && m.Formula.Schema().Len() != len(m.Aggregates) {
			t.Fatalf("%q: %+v", text, m)
		}
	})
}
