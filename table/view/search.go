package view

import (
	"strings"

	"github.com/dashira/dashira/table"
)

// search finds the rows in which some cell's text contains a text, ignoring case.
type search struct {
	needle  *needle
	fields  []table.Field
	columns []int
	codes   []verdicts // of each column
}

func newSearch(text string, schema *table.Schema, columns []int) *search {
	s := &search{needle: newNeedle(text), codes: make([]verdicts, len(columns))}
	for _, c := range columns {
		s.columns = append(s.columns, c)
		s.fields = append(s.fields, schema.Field(c))
	}
	return s
}

// letters are what the text of a value may be made of, in lower case; "": of anything.
func letters(t table.Type) string {
	switch t {
	case table.Bool:
		return "truefals"
	case table.Int:
		return "-0123456789"
	case table.Float, table.Duration:
		return "-+.e0123456789"
	case table.Date, table.Time, table.Timestamp:
		return "-:.tz0123456789"
	}
	return ""
}

// keep returns the rows of sel in which the text is found.
func (s *search) keep(c *table.Chunk, sel selection) selection {
	found := make(passing, (c.Rows()+63)/64)
	var one passing // of a column
	for i, column := range s.columns {
		col, f := c.Column(column), s.fields[i]
		if col.Nulls() == col.Len() {
			continue
		}
		if l := letters(f.Type); l != "" && strings.Trim(s.needle.lower, l) != "" {
			continue
		}
		if col.Codes() != nil {
			pass, any := s.codes[i].some(col.Dict(), s.needle.in)
			if !any {
				continue
			}
			if one == nil {
				one = make(passing, len(found))
			}
			fillCodes(one, col.Codes(), pass)
			one.empty(col.Validity(), false)
			for w, word := range one {
				found[w] |= word
			}
			continue
		}
		hit := func(r int) bool { return s.needle.in(f.Format(col.Value(r))) }
		if f.Type.Textual() {
			hit = func(r int) bool { return s.needle.in(col.Text(r)) }
		}
		look := func(r int) {
			if bit := uint64(1) << (uint(r) & 63); found[r>>6]&bit == 0 && !col.IsNull(r) && hit(r) {
				found[r>>6] |= bit
			}
		}
		if sel.all {
			for r := range c.Rows() {
				look(r)
			}
		}
		for _, r := range sel.rows {
			look(int(r))
		}
	}
	return found.among(sel, c.Rows(), make([]int32, found.count(sel)))
}
