package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
)

// finish makes the tables and their descriptions. Runs that were there before, read under the same decisions, give the
// same chunks.
func (s *settler) finish(ctx context.Context, sheets []*sheet, notes *Diagnoses, o Options) ([]Sheet, error) {
	starts := make([]int, len(s.spans)) // the line at which each run begins
	line := max(s.draft.First, 1)
	origin, united := s.draft.Rows.(*unionRows)
	for i, p := range s.pieces {
		if united {
			if _, first := origin.origin(i); first > 0 {
				line = first
			}
		}
		starts[i] = line
		line += int(p.height)
	}
	s.unclosed = map[spot]bool{}
	for run, p := range s.pieces {
		for _, g := range p.grids {
			for _, n := range g.notes {
				if n.Line >= 0 {
					n.Line += starts[run]
				}
				if n.Sheet == "" {
					n.Sheet = s.sheetName(g.sheet)
				}
				n.File = s.fileOf(run)
				if n.Code == UnclosedQuote {
					s.unclosed[spot{n.File, n.Line}] = true
				}
				notes.Add(n)
			}
		}
	}
	if s.draft.Names == nil {
		s.dropHollow(sheets)
	}
	var out []Sheet
	for _, sh := range sheets {
		if sh.name != "" && sh.rows == 0 || sh.name == "" && len(sh.columns) == 0 && len(sheets) > 1 {
			continue
		}
		made := s.table(sh, starts, notes, o)
		if err := measure(ctx, s.workers, &made, s.memory.tally(sh.name)); err != nil {
			return nil, err
		}
		made.Key = keyOf(&made, o.Key)
		out = append(out, made)
	}
	return out, nil
}

// dropHollow leaves out columns that only say that something is not there: those of objects that are null or empty in
// some records and spread over columns of their own in others, and those of lists that are empty in some records and tables
// of their own in others.
func (s *settler) dropHollow(sheets []*sheet) {
	tables := map[string]bool{}
	for _, sh := range sheets {
		if sh.name != "" && sh.rows > 0 {
			tables[sh.name] = true
		}
	}
	for _, sh := range sheets {
		spread := map[string]bool{} // names that other columns begin with
		for _, c := range sh.columns {
			for i, char := range c.id.name {
				if char == '.' {
					spread[c.id.name[:i]] = true
				}
			}
		}
		sh.columns = slices.DeleteFunc(sh.columns, func(c *column) bool {
			name := c.id.name
			if sh.name != "" {
				name = sh.name + "." + name
			}
			if spread[c.id.name] && (c.values == 0 && c.bad.n == 0 || s.only(sh, c, emptyObject)) {
				return true
			}
			return tables[name] && s.only(sh, c, "[]")
		})
	}
}

// emptyObject is the text of an object without keys, however it is spaced.
const emptyObject = "{}"

// only says whether all values of a column are lists or objects that are empty, written as one of the two texts is.
func (s *settler) only(sh *sheet, c *column, text string) bool {
	if c.verdict.read != readList {
		return false
	}
	for _, p := range s.pieces {
		for _, g := range p.grids {
			col := g.column(c.at, c.id.name)
			if g.sheet != sh.name || col == nil || !col.built {
				continue
			}
			for r := range col.data.Len() {
				if col.data.IsNull(r) {
					continue
				}
				got := col.data.Text(r)
				if got[0] != text[0] || strings.TrimSpace(got[1:len(got)-1]) != "" {
					return false
				}
			}
		}
	}
	return true
}

// fileOf names the file of a union that a run is from.
func (s *settler) fileOf(run int) string {
	if origin, united := s.draft.Rows.(*unionRows); united {
		file, _ := origin.origin(run)
		return file
	}
	return ""
}

func (s *settler) sheetName(nested string) string {
	switch {
	case nested == "":
		return s.draft.Name
	case s.draft.Name == "":
		return nested
	}
	return s.draft.Name + "." + nested
}

func (s *settler) table(sh *sheet, starts []int, notes *Diagnoses, o Options) Sheet {
	out := Sheet{Name: s.sheetName(sh.name), Hidden: s.draft.Hidden, Dialect: s.draft.Dialect, Records: s.draft.Records, Header: s.draft.Header}
	if out.Dialect != nil && out.Dialect.Decimal == "" {
		out.Dialect.Decimal = decimalOf(sh.columns)
	}
	if sh.name != "" {
		out.Dialect, out.Header = nil, Header{}
		out.Records = sh.name
		if s.draft.Records != "" {
			out.Records = s.draft.Records + "." + sh.name
		}
	}
	fields := make([]table.Field, len(sh.columns))
	var shape strings.Builder
	for i, c := range sh.columns {
		d := &c.verdict.decision
		fields[i] = table.Field{Name: c.id.name, Type: d.typ, Unit: d.unit, Instant: d.instant && d.typ == table.Timestamp}
		fmt.Fprintf(&shape, "%q%+v;", c.id.name, *d)
	}
	schema := table.NewSchema(fields...)
	shaped := HashOf([]byte(shape.String()))
	var chunks []*table.Chunk
	for _, p := range s.pieces {
		for _, g := range p.grids {
			if g.sheet != sh.name || g.rows == 0 {
				continue
			}
			if g.chunk == nil || g.shaped != shaped {
				columns := make([]*table.Column, len(sh.columns))
				for i, c := range sh.columns {
					if col := g.column(c.at, c.id.name); col != nil && col.built {
						columns[i] = col.data
					} else {
						columns[i] = table.NewNullColumn(fields[i].Type, g.rows)
					}
				}
				name := append(p.hash[:], shaped[:]...)
				g.chunk = table.NewChunk(g.rows, columns, HashOf(append(name, g.sheet...)))
				g.shaped = shaped
			}
			chunks = append(chunks, g.chunk)
		}
	}
	out.Table = table.New(schema, chunks...)
	out.Columns = make([]Column, len(sh.columns))
	for i, c := range sh.columns {
		out.Columns[i] = s.describe(c, fields[i], starts, out.Name, notes)
	}
	for _, p := range s.pieces {
		for _, g := range p.grids {
			if g.sheet == sh.name {
				for i := range g.cols {
					out.Cells += g.cols[i].cells
				}
			}
		}
	}
	return out
}

// describe tells how a column was understood and reports what did not fit.
func (s *settler) describe(c *column, f table.Field, starts []int, sheet string, notes *Diagnoses) Column {
	v := &c.verdict
	col := Column{Field: f, Nulls: c.nulls, Confidence: v.confidence, Reason: v.reason}
	if !c.settled {
		col.Reason, col.Confidence = "no values", 1
	}
	for _, n := range v.notes {
		n.Sheet, n.Column = sheet, c.id.name
		if v.first.known && n.Value == v.first.value {
			n.Line, n.File = starts[v.first.run]+v.first.line, s.fileOf(v.first.run)
		}
		notes.Add(n)
	}
	if r := &c.rounded; r.n > 0 && v.read == readNumber {
		notes.Add(Diagnostic{File: s.fileOf(c.roundedIn), Code: NumberRounded, Severity: Info, Sheet: sheet, Line: starts[c.roundedIn] + int(r.first.line), Column: c.id.name, Value: r.first.value, Count: r.n,
			Message: "numbers have more digits than can be held, and are rounded behind the fifteenth to seventeenth", Hint: "nothing to do, unless every digit matters: then set the column's type to string"})
	}
	learned := map[string]bool{}
	for _, t := range c.learned {
		learned[t] = true
	}
	reported := map[string]bool{}
	for _, br := range c.badRuns {
		for _, m := range br.bad {
			line := starts[br.run] + int(m.line)
			if learned[m.value] {
				if !reported[m.value] {
					reported[m.value] = true
					notes.Add(Diagnostic{File: s.fileOf(br.run), Code: NullTokenLearned, Severity: Info, Sheet: sheet, Line: line, Column: c.id.name, Value: m.value, Count: c.bad.tokens[m.value],
						Message: fmt.Sprintf("%s stands %s among %s and is read as an empty cell", QuoteValue(m.value), times(c.bad.tokens[m.value]), nouns(&f)),
						Hint:    "set the column's type to string to keep it as text"})
				}
				continue
			}
			if col.FirstBad == nil {
				col.FirstBad = &Cell{File: s.fileOf(br.run), Line: line, Value: Excerpt(m.value)}
			}
			if s.unclosed[spot{s.fileOf(br.run), line}] && strings.ContainsAny(m.value, `"'`) {
				// One fault is told once: it is no number because the quotation mark is not closed.
				notes.amend(UnclosedQuote, s.fileOf(br.run), sheet, line, func(d *Diagnostic) {
					d.Column = c.id.name
					d.Message = fmt.Sprintf("a quotation mark is never closed, so the row ends with its line, and as %s is no %s the cell is empty in the table", QuoteValue(m.value), noun(&f))
				})
				continue
			}
			notes.Add(Diagnostic{File: s.fileOf(br.run), Code: BadValue, Severity: Error, Sheet: sheet, Line: line, Column: c.id.name, Value: m.value,
				Message: fmt.Sprintf("%s is no %s, so the cell is empty in the table", QuoteValue(m.value), noun(&f)),
				Hint:    "correct the value, or set the column's type to string"})
		}
	}
	if c.bad.n > 0 && c.verdict.read != readText {
		left, doubtful := c.bad.n, c.bad.n
		for _, t := range c.learned {
			left -= c.bad.tokens[t]
			if isSign([]byte(t)) {
				doubtful -= c.bad.tokens[t]
			}
		}
		col.Confidence = min(col.Confidence, float64(c.values)/float64(c.values+int64(doubtful)))
		if left > 0 {
			col.Reason += fmt.Sprintf("; %d of %d did not fit", left, c.values+int64(c.bad.n))
		}
		if len(c.learned) > 0 {
			quoted := make([]string, len(c.learned))
			for i, t := range c.learned {
				quoted[i] = QuoteValue(t)
			}
			col.Reason += fmt.Sprintf("; read as empty: %s", strings.Join(quoted, ", "))
		}
	}
	return col
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// noun is what a value of a column is called in a sentence, nouns what several are.
func noun(f *table.Field) string {
	switch f.Type {
	case table.Bool:
		return "word for true or false"
	case table.Int:
		return "whole number"
	case table.Float:
		if f.Unit == Percent {
			return "percentage"
		}
		return "number"
	case table.Date:
		return "date"
	case table.Time:
		return "time of day"
	case table.Timestamp:
		return "date with a time"
	case table.Duration:
		return "duration"
	case table.Nested:
		return "list or object"
	}
	return "value"
}

func nouns(f *table.Field) string {
	switch f.Type {
	case table.Bool:
		return "words for true and false"
	case table.Time:
		return "times of day"
	case table.Timestamp:
		return "dates with a time"
	case table.Nested:
		return "lists or objects"
	}
	return noun(f) + "s"
}
