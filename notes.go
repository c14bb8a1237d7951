package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// told are diagnostics of one kind that are told as one: all about one column, or about several when no cell was lost.
type told struct {
	first   ingest.Diagnostic
	n       int
	columns []string
}

// holds says whether a diagnostic is one of them.
func (t *told) holds(d *ingest.Diagnostic) bool {
	return t.first.Column == d.Column && t.like(d) || d.Code == ingest.BadJSON && t.like(d)
}

// like says whether a diagnostic is of their kind.
func (t *told) like(d *ingest.Diagnostic) bool {
	return t.first.Code == d.Code && t.first.Sheet == d.Sheet && t.first.Severity == d.Severity
}

// apartColumns is how many columns of one kind of diagnostic are told apart; of more, one line names them.
const apartColumns = 2

// gathered puts what is told of many columns into one.
func gathered(groups []*told) []*told {
	var out []*told
	for _, g := range groups {
		n := 0
		for _, o := range groups {
			n += b2i(o.like(&g.first) && o.first.Column != "")
		}
		i := slices.IndexFunc(out, func(o *told) bool { return o.like(&g.first) && o.first.Column != "" })
		if n <= apartColumns || g.first.Severity == ingest.Error || g.first.Column == "" || i < 0 {
			out = append(out, g)
			continue
		}
		out[i].n += g.n
		out[i].columns = append(out[i].columns, g.columns...)
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// notes prints the diagnostics, what matters most first.
func (s *screen) notes(load *ingest.Load) {
	var groups []*told
	for _, d := range load.Diagnostics {
		i := slices.IndexFunc(groups, func(t *told) bool { return t.holds(&d) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &told{first: d})
		}
		g := groups[i]
		if g.n += d.Count; !slices.Contains(g.columns, d.Column) {
			g.columns = append(g.columns, d.Column)
		}
	}
	slices.SortStableFunc(groups, func(a, b *told) int {
		return cmp.Or(cmp.Compare(weight(a.first.Severity), weight(b.first.Severity)), cmp.Compare(a.first.Line, b.first.Line))
	})
	groups = gathered(groups)
	for i, g := range groups {
		if i == shownNotes {
			s.printf("  %s\n", s.dim(fmt.Sprintf("… and %s; --json lists them", counted(int64(len(groups)-i), "more kind"))))
			break
		}
		s.note(g, len(load.Sheets) > 1)
	}
}

func weight(severity ingest.Severity) int {
	switch severity {
	case ingest.Error:
		return 0
	case ingest.Warning:
		return 1
	}
	return 2
}

// namedColumns is how many columns of one kind of diagnostic are named.
const namedColumns = 3

// note prints diagnostics of one kind: code and place, then what was found and what to do.
func (s *screen) note(t *told, sheets bool) {
	d, n := &t.first, t.n
	paint := s.dim
	switch d.Severity {
	case ingest.Error:
		paint = s.bad
	case ingest.Warning:
		paint = s.warn
	}
	var where []string
	if d.Line > 0 {
		where = append(where, fmt.Sprintf("line %d", d.Line))
	}
	switch {
	case d.Column == "":
	case d.Code == ingest.BadJSON:
		where = append(where, "character "+plain(d.Column))
	case len(t.columns) > 1:
		names := "columns " + plain(strings.Join(t.columns[:min(namedColumns, len(t.columns))], ", "))
		if more := len(t.columns) - namedColumns; more > 0 {
			names += fmt.Sprintf(" and %d more", more)
		}
		where = append(where, names)
	default:
		where = append(where, "column "+plain(d.Column))
	}
	if sheets && d.Sheet != "" {
		where = append(where, "sheet "+plain(d.Sheet))
	}
	head := string(d.Severity) + " " + string(d.Code)
	rest := ""
	if len(where) > 0 {
		rest = "  " + strings.Join(where, ", ")
	}
	if n > 1 && n > len(t.columns) && d.Code != ingest.NullTokenLearned { // which says it itself
		rest += fmt.Sprintf(", %s in all", grouped(int64(n)))
		if len(where) == 0 {
			rest = "  " + grouped(int64(n)) + " times"
		}
	}
	s.printf("  %s%s\n", paint(head), shortened(rest, max(0, s.width-2-columns(head))))
	s.paragraph("    ", "    ", plain(dashboard.Sentence(d.Message)+" "+dashboard.Sentence(d.Hint)), unpainted)
	if tellsText[d.Code] && d.Value != "" {
		s.printf("    %s\n", s.dim("│ "+shortened(onOneLine(d.Value), max(8, s.width-6))))
	}
	if flag := flagFor(d); flag != "" {
		s.printf("    %s\n", s.dim(shortened(flag, max(8, s.width-4))))
	}
}

// tellsText are the codes whose message does not show the text that it is about.
var tellsText = map[ingest.Code]bool{ingest.RaggedLong: true, ingest.RaggedShort: true, ingest.UnclosedQuote: true, ingest.BadJSON: true, ingest.PreambleSkipped: true,
	ingest.FooterSkipped: true, ingest.EncodingFallback: true, ingest.PartialLastLine: true, ingest.CommentSkipped: true, ingest.TrailingDelimiter: true, ingest.OutsideRecords: true,
	ingest.FrameSkipped: true, ingest.NumberRounded: true, ingest.FlagSkipped: true}

// areaForm finds a rectangle of cells in a sentence.
var areaForm = regexp.MustCompile(`\b[A-Z]{1,3}[0-9]+:[A-Z]{1,3}[0-9]+\b`)

// flagFor is the flag that does what the hint of a diagnostic says, "" where none does.
func flagFor(d *ingest.Diagnostic) string {
	column := func(typ table.Type) string {
		return "--column " + quotedWord(plain(d.Column)+"="+typ.String())
	}
	switch d.Code {
	case ingest.BadValue, ingest.NullTokenLearned, ingest.NumberRounded:
		return column(table.String)
	case ingest.LeadingZeros, ingest.EpochDetected:
		return column(table.Int)
	case ingest.IntOverflow:
		return column(table.Float)
	case ingest.AmbiguousDate:
		if strings.Contains(d.Hint, ingest.MonthFirst) {
			return "--dates " + ingest.MonthFirst
		}
		return "--dates " + ingest.DayFirst
	case ingest.AmbiguousNumber:
		if strings.Contains(d.Hint, "to ,") {
			return "--decimal ,"
		}
		return "--decimal ."
	case ingest.CommentSkipped:
		return "--comment none"
	case ingest.MergedHeader:
		return "--header-rows 1"
	case ingest.HiddenSheet:
		return "--sheet " + quotedWord(plain(d.Sheet))
	case ingest.PreambleSkipped:
		if d.Sheet == "" {
			return "--skip 0"
		}
	case ingest.FooterSkipped:
		if area := areaForm.FindString(d.Message); d.Sheet != "" && area != "" {
			return "--sheet " + quotedWord(plain(d.Sheet)) + " --range " + area
		}
	}
	return ""
}
