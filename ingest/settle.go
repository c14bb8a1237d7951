package ingest

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
)

// column is one column while its type is being decided.
type column struct {
	id        columnID
	unit      string // by the format's word
	evidence  *evidence
	complete  bool // the evidence is of all values
	verdict   verdict
	settled   bool // a verdict is there
	overruled bool // too many values did not fit: text
	rejected  string
	bad       misfits
	badRuns   []badRun
	rounded   rounding
	roundedIn int // the run of the first of them
	nulls     int64
	values    int64
	learned   []string
	plain     bool
	at        int          // its position, where most runs have it too
	said      *table.Field // the type by the file's own word
}

type badRun struct {
	run int
	bad []misfit
}

// sheet is the columns of one sheet of the draft in the order in which they appeared.
type sheet struct {
	name    string
	columns []*column
	index   map[string]*column
	rows    int64
}

// tooWide refuses what has more columns than a table may have: the keys of JSON records are known only when all are
// read.
func (s *settler) tooWide(sheets []*sheet) error {
	if n := len(sheets) - 1; n > s.limits.Sheets {
		return TooMuch(fmt.Sprintf("the records hold %d different lists of records, more than %d", n, s.limits.Sheets), "are the keys data? Write them as values")
	}
	for _, sh := range sheets {
		if n := len(sh.columns); n > s.limits.Columns {
			return TooMuch(fmt.Sprintf("the records have %d different keys, more than %d", n, s.limits.Columns), "are the keys data? Write them as values")
		}
	}
	return nil
}

// settle decides the types of all sheets of the draft and builds their columns.
func (s *settler) settle(ctx context.Context, o Options, h hints) ([]*sheet, error) {
	if err := s.sample(ctx); err != nil {
		return nil, err
	}
	sheets := s.sheets(s.sampleRuns(), o)
	decide(sheets, o, h)
	if err := s.build(ctx, decisions(sheets)); err != nil {
		return nil, err
	}
	// The sample knew at most some of the columns and values; what did not fit is looked at in full.
	for range 4 {
		sheets = s.sheets(s.allRuns(), o, sheets...)
		if err := s.tooWide(sheets); err != nil {
			return nil, err
		}
		open := map[columnID]bool{}
		for _, sh := range sheets {
			for _, c := range sh.columns {
				s.collect(sh, c)
				if !c.complete && !c.overruled && (!c.settled || c.verdict.contested || c.bad.n > 0) {
					open[c.id] = true
				}
			}
		}
		if len(open) > 0 {
			if err := s.profile(ctx, func(id columnID) bool { return open[id] }); err != nil {
				return nil, err
			}
			s.sheets(s.allRuns(), o, sheets...)
			decide(sheets, o, h)
		} else {
			again := false
			for _, sh := range sheets {
				for _, c := range sh.columns {
					again = c.judge() || again
				}
			}
			if !again {
				return sheets, nil
			}
			decide(sheets, o, h)
		}
		if err := s.build(ctx, decisions(sheets)); err != nil {
			return nil, err
		}
	}
	for _, sh := range sheets {
		for _, c := range sh.columns {
			s.collect(sh, c)
		}
	}
	return sheets, nil
}

// sheets gathers the columns of the given runs in order of first appearance, with their evidence merged; columns of
// known sheets are kept.
func (s *settler) sheets(runs []int, o Options, known ...*sheet) []*sheet {
	old := map[columnID]*column{}
	for _, sh := range known {
		for _, c := range sh.columns {
			old[c.id] = c
		}
	}
	var out []*sheet
	index := map[string]*sheet{}
	for _, name := range append([]string{""}, s.nested()...) {
		sh := &sheet{name: name, index: map[string]*column{}}
		index[name] = sh
		out = append(out, sh)
	}
	add := func(sh *sheet, name string) {
		if sh.index[name] != nil {
			return
		}
		c := old[columnID{sh.name, name}]
		if c == nil {
			c = &column{id: columnID{sh.name, name}}
		}
		sh.index[name] = c
		sh.columns = append(sh.columns, c)
	}
	for _, name := range s.draft.Names {
		add(index[""], name)
	}
	for _, run := range runs {
		for _, g := range s.pieces[run].grids {
			sh := index[g.sheet]
			sh.rows += int64(g.rows)
			for _, name := range g.names {
				add(sh, name)
			}
		}
	}
	if s.draft.united {
		for _, sh := range out {
			// The file's name stands last, whatever columns later files bring.
			if i := slices.IndexFunc(sh.columns, func(c *column) bool { return c.id.name == FileColumn }); i >= 0 {
				c := sh.columns[i]
				sh.columns = append(slices.Delete(sh.columns, i, i+1), c)
			}
		}
	}
	for _, sh := range out {
		for i, c := range sh.columns {
			c.at = i
			c.said, c.unit = s.said(sh, c, i)
			c.evidence, c.complete = newEvidence(), len(runs) == len(s.spans)
		}
	}
	for _, run := range runs {
		for _, g := range s.pieces[run].grids {
			sh := index[g.sheet]
			for i, name := range g.names {
				c, p := sh.index[name], &g.cols[i]
				switch {
				case p.full != nil:
					c.evidence.merge(p.full, run)
				case p.sample != nil:
					c.complete = false
					c.evidence.merge(p.sample, run)
				default:
					c.complete = false
				}
			}
		}
	}
	rows := 0
	for _, span := range s.spans {
		rows += span.Rows
	}
	for _, sh := range out {
		for _, c := range sh.columns {
			// A dictionary of mostly different texts costs more than it saves; once given up it stays so.
			if e := c.evidence; s.memory.plain[c.id] || rows > 2*table.DefaultChunkRows && e.texts >= sampleRows && e.words.distinct()*2 > e.texts && !recurring(s.wordsOf(runs, c), rows/8) {
				c.plain = true
				s.memory.plain[c.id] = true
			}
		}
	}
	return out
}

// wordsOf returns what was seen of a column's texts in each of some runs, of the first few of them.
func (s *settler) wordsOf(runs []int, c *column) []sketch {
	const few = 8
	var all []sketch
	for _, run := range runs {
		for _, g := range s.pieces[run].grids {
			if i := slices.Index(g.names, c.id.name); g.sheet == c.id.sheet && i >= 0 && len(all) < few {
				if e := cmp.Or(g.cols[i].full, g.cols[i].sample); e != nil {
					all = append(all, e.words)
				}
			}
		}
	}
	return all
}

// said returns what the file itself says of a column's type and unit.
func (s *settler) said(sh *sheet, c *column, at int) (*table.Field, string) {
	d := s.draft
	if d.united && c.id.name == FileColumn {
		return &table.Field{Name: FileColumn, Type: table.String}, ""
	}
	if sh.name != "" {
		return nil, ""
	}
	var field *table.Field
	if at < len(d.Fields) && d.Fields[at].Type != table.Null {
		field = &d.Fields[at]
	}
	if at < len(d.Units) {
		return field, d.Units[at]
	}
	return field, ""
}

// nested returns the names of the lists inside the records, in order of appearance.
func (s *settler) nested() []string {
	var names []string
	for _, p := range s.pieces {
		if p == nil {
			continue
		}
		for _, g := range p.grids {
			if g.sheet != "" && !slices.Contains(names, g.sheet) {
				names = append(names, g.sheet)
			}
		}
	}
	return names
}

func decisions(sheets []*sheet) func(columnID) (decision, bool) {
	m := map[columnID]decision{}
	for _, sh := range sheets {
		for _, c := range sh.columns {
			if c.settled {
				m[c.id] = c.verdict.decision
			}
		}
	}
	return func(id columnID) (decision, bool) {
		d, ok := m[id]
		return d, ok
	}
}

// decide gives every column with evidence a verdict. Columns help each other: one whose values decide the decimal mark
// or the order of day and month speaks for those whose values do not.
func decide(sheets []*sheet, o Options, h hints) {
	for _, sh := range sheets {
		own := h
		var points, commas int
		own.orders, own.before = map[byte]order{}, map[byte]bool{}
		days := map[byte]int{} // by what stands between the parts: columns that prove day first, less those that prove month first
		for _, c := range sh.columns {
			e := c.evidence
			if e.decides[0] > 0 && e.decides[1] == 0 {
				points++
			}
			if e.decides[1] > 0 && e.decides[0] == 0 {
				commas++
			}
			for style, n := range e.styles {
				if style.order == partsFirst && n.aOver > 0 && n.bOver == 0 {
					days[style.sep]++
				}
				if style.order == yearFirst && style.short {
					own.before[style.sep] = true
				}
				if style.order == partsFirst && n.bOver > 0 && n.aOver == 0 {
					days[style.sep]--
				}
			}
		}
		switch {
		case o.Decimal != "":
			own.decimal = o.Decimal[0]
		case points > commas:
			own.decimal = '.'
		case commas > points:
			own.decimal = ','
		}
		for sep, n := range days {
			switch {
			case n > 0:
				own.orders[sep] = dayFirst
			case n < 0:
				own.orders[sep] = monthFirst
			}
		}
		switch o.Dates {
		case DayFirst:
			own.dates = dayFirst
		case MonthFirst:
			own.dates = monthFirst
		}
		for _, c := range sh.columns {
			if c.evidence.rows == 0 && !c.complete {
				continue
			}
			if c.said != nil {
				c.verdict, c.settled = asSaid(*c.said), true
				c.force(o.Columns[c.id.name], own)
			} else if c.overruled {
				v := asText(c.rejected, 0.9)
				v.notes, v.first, v.share = c.verdict.notes, c.verdict.first, 1
				c.verdict, c.settled = v, true
			} else {
				own.sample = !c.complete
				c.verdict, c.settled = c.evidence.decide(c.id.name, c.unit, own), true
				c.force(o.Columns[c.id.name], own)
			}
			if c.verdict.typ.Textual() {
				c.verdict.plain = c.plain
			}
		}
	}
}

// force applies what the options say about the column.
func (c *column) force(o ColumnOptions, h hints) {
	if o.Unit != "" && c.verdict.typ.Numeric() {
		c.verdict.unit = o.Unit
	}
	if o.Type == table.Null && o.Format == "" {
		return
	}
	v := verdict{forced: true, share: 1, confidence: 1, reason: "as the options say"}
	mark, _ := c.evidence.mark(h)
	v.unit, v.asked = o.Unit, o.Type != table.String
	switch t := o.Type; {
	case o.Format != "" && (t == table.Null || t == table.Date || t == table.Timestamp):
		v.typ, v.read, v.format = table.Date, readMoment, o.Format
		if t == table.Timestamp || t == table.Null && strings.ContainsAny(strings.ReplaceAll(o.Format, "%%", ""), "HIMSkl") && clockFormat(o.Format) {
			v.typ = table.Timestamp
		}
		v.instant = v.typ == table.Timestamp && (strings.Contains(o.Format, "%z") || strings.Contains(o.Format, "%Z"))
	case t == table.Int, t == table.Float:
		v.typ, v.read, v.decimal = t, readNumber, ".,"[mark]
		if v.unit == "" {
			v.unit = c.verdict.unit
		}
		if v.unit == Percent && t == table.Float {
			v.shift = -2
		}
	case t == table.Bool:
		v.typ, v.read, v.pairs = t, readTruth, math.MaxUint32
	case t == table.String:
		v.typ, v.read = t, readText
	case t == table.Nested:
		v.typ, v.read = t, readList
	case t == table.Time:
		v.typ, v.read = t, readClock
	case t == table.Duration:
		v.typ, v.read, v.decimal = t, readLapse, '.'
	default:
		if c.verdict.read == readMoment {
			v.decision = c.verdict.decision
			v.typ, v.asked = t, true
			break
		}
		if n := c.evidence.epochs; t == table.Timestamp && c.evidence.styles == nil && n[0]+n[1] > 0 {
			v.typ, v.read, v.scale, v.instant = table.Timestamp, readEpoch, 6, true
			if n[1] > n[0] {
				v.scale = 3
			}
			break
		}
		styles := c.evidence.styles
		if styles == nil {
			styles = c.evidence.moments
		}
		if style, n := mostOf(styles); n != nil {
			if v.decision = decideMoment(style, n, h).decision; v.read != readMoment {
				// Both orders are proven: one is taken all the same, and the dates of the other are reported.
				if v.read, v.style = readMoment, style; h.dates != noDate {
					v.style.order = h.dates
				} else {
					v.style.order = dayFirst
				}
			}
			v.typ, v.asked = t, true
		} else {
			v.typ, v.read, v.style = t, readMoment, dateStyle{order: yearFirst, sep: '-'}
		}
	}
	c.verdict = v
}

func clockFormat(format string) bool {
	for _, d := range []string{"%H", "%I", "%M", "%S", "%k", "%l"} {
		if strings.Contains(format, d) {
			return true
		}
	}
	return false
}

// collect sums up what the built runs say about a column.
func (s *settler) collect(sh *sheet, c *column) {
	c.bad, c.badRuns, c.values, c.rounded = misfits{}, nil, 0, rounding{}
	for run, p := range s.pieces {
		for _, g := range p.grids {
			if g.sheet != sh.name {
				continue
			}
			col := g.column(c.at, c.id.name)
			if col == nil || !col.built {
				continue
			}
			c.values += int64(g.rows - col.data.Nulls())
			if r := &col.bad.rounded; r.n > 0 {
				if c.rounded.n == 0 || r.whole && !c.rounded.whole {
					c.rounded.first, c.roundedIn = r.first, run
				}
				c.rounded.n += r.n
				c.rounded.whole = c.rounded.whole || r.whole
			}
			if col.bad.n == 0 {
				continue
			}
			c.bad.n += col.bad.n
			c.badRuns = append(c.badRuns, badRun{run, col.bad.first})
			if c.bad.tokens == nil {
				c.bad.tokens = map[string]int{}
			}
			for t, n := range col.bad.tokens {
				if _, ok := c.bad.tokens[t]; ok || len(c.bad.tokens) < keptTokens {
					c.bad.tokens[t] += n
				}
			}
		}
	}
	c.nulls = sh.rows - c.values
}
