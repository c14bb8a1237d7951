package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// What is shown of a file so that it fits one screen; --json has all of it.
const (
	shownColumns = 40
	shownNotes   = 10
)

// understood prints for people what was understood of a file.
func (s *screen) understood(path string, load *ingest.Load) {
	about := []string{formatName(load.Format)}
	if load.Encoding != "" {
		about = append(about, encodingName(load.Encoding))
	}
	about = append(about, bytesText(load.Bytes))
	facts := strings.Join(about, ", ")
	if room := s.width - 2 - columns(facts); room >= 20 {
		s.printf("%s  %s\n", s.bold(shortenedPath(plain(path), room)), facts)
	} else {
		s.printf("%s\n", s.bold(shortenedPath(plain(path), s.width)))
		s.paragraph("  ", "  ", facts, unpainted)
	}
	if main := load.Main(); main != nil {
		s.sheet(main)
		for i := range load.Sheets {
			if other := &load.Sheets[i]; other != main {
				s.paragraph("  ", "    ", fmt.Sprintf("%s: %s; --sheet %s shows it", plain(other.Name), size(other), quotedWord(plain(other.Name))), s.dim)
			}
		}
	}
	s.notes(load)
}

// sheet prints one table: how it is written, then its columns.
func (s *screen) sheet(t *ingest.Sheet) {
	line := size(t)
	if t.Name != "" {
		line = plain(t.Name) + ": " + line
	}
	if len(t.Key) > 0 {
		line += "; key " + shortened(plain(strings.Join(t.Key, ", ")), longestKey)
	}
	if t.Records != "" {
		line += "; records at " + plain(t.Records)
	}
	s.paragraph("  ", "  ", line, unpainted)
	if t.Table.Schema().Len() == 0 {
		return
	}
	if d := t.Dialect; d != nil {
		s.paragraph("  ", "  ", written(d), s.dim)
	}
	if h := headerText(&t.Header, t.Dialect != nil); h != "" {
		s.paragraph("  ", "  ", h, s.dim)
	}
	s.columns(t)
}

// shortenedPath cuts a path to n columns at its front: the file's name is what tells.
func shortenedPath(path string, n int) string {
	for columns(path) > n {
		_, rest, more := strings.Cut(strings.TrimPrefix(filepath.ToSlash(path), "…/"), "/")
		if !more {
			return shortened(path, n)
		}
		path = "…/" + rest
	}
	return path
}

// longestKey is how many columns of the screen the names of a key take at most.
const longestKey = 60

// size says how large a table is.
func size(t *ingest.Sheet) string {
	return counted(t.Table.Rows(), "row") + ", " + counted(int64(len(t.Columns)), "column")
}

var delimiterNames = map[string]string{",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", ":": "colons", " ": "spaces"}

var newlineNames = map[string]string{"lf": "LF line ends", "crlf": "CRLF line ends", "cr": "CR line ends", "mixed": "line ends of several kinds"}

// written says how a CSV file is written and why that is thought.
func written(d *ingest.Dialect) string {
	if d.Delimiter == "" {
		return "One cell on each line" + ", " + d.Reason + "; " + newlineNames[d.Newline]
	}
	name := delimiterNames[d.Delimiter]
	if name == "" {
		name = "“" + plain(d.Delimiter) + "”"
	}
	text := fmt.Sprintf("Split at %s, %s%s", name, d.Reason, sure(d.Confidence))
	switch {
	case d.Quote == "":
		text += "; no quotation marks"
	case d.Quote != `"`:
		text += "; cells quoted with " + d.Quote
	}
	if d.Escape == `\` {
		text += "; quotation marks inside cells behind a backslash"
	}
	switch d.Decimal {
	case ",":
		text += "; decimal commas"
	case ".":
		text += "; decimal points"
	}
	if d.Comment != "" {
		text += "; comments begin with " + plain(d.Comment)
	}
	return text + "; " + newlineNames[d.Newline]
}

// headerText says where the names come from.
func headerText(h *ingest.Header, text bool) string {
	why := ""
	if h.Reason != "" {
		why = ", " + h.Reason
	}
	place := "row"
	if text {
		place = "line"
	}
	switch {
	case h.Rows == 0 && text:
		return "No header" + why
	case h.Rows == 0 || h.Line == 0:
		return ""
	case h.Rows == 1:
		return fmt.Sprintf("Header in %s %d%s", place, h.Line, why)
	}
	return fmt.Sprintf("Header of %d rows down to %s %d%s", h.Rows, place, h.Line, why)
}

// sure says how sure a guess is, nothing when there is no doubt.
func sure(confidence float64) string {
	if confidence >= 0.995 {
		return ""
	}
	return fmt.Sprintf(" (%d %% sure)", int(confidence*100+0.5))
}

// plainReasons say no more than the type does.
var plainReasons = map[string]bool{"text": true, "whole numbers": true, "numbers": true, "dates": true, "timestamps": true, "times of day": true,
	"durations": true, "true and false": true, "lists or objects": true, "no values": true, "as the file says": true, "empty texts": true, "words for true and false": true}

// columns prints a line for each column, and one below it for a reason that the type does not tell.
func (s *screen) columns(t *ingest.Sheet) {
	list := t.Columns[:min(len(t.Columns), shownColumns)]
	empties := slices.ContainsFunc(list, func(c ingest.Column) bool { return c.Nulls > 0 && c.Type != table.Null })
	name, kind, empty, different := columns("COLUMN"), columns("TYPE"), columns("EMPTY"), columns("DIFFERENT")
	for i := range list {
		c := &list[i]
		name = max(name, columns(plain(c.Name)))
		kind = max(kind, columns(kindText(c)))
		empty = max(empty, columns(grouped(c.Nulls)))
		different = max(different, columns(differentText(t, c)))
	}
	kind = min(kind, 24)
	used := 4 + 2 + kind + 2 + different + 2
	if empties {
		used += 2 + empty
	}
	const leastExamples = 12
	name = min(name, max(8, s.width-used-leastExamples))
	if narrower := min(used+name-s.width, kind-columns("string")); narrower > 0 {
		kind, used = kind-narrower, used-narrower
	}
	room := max(0, s.width-used-name)
	row := func(paint func(string) string, cells ...string) {
		line := "    " + padded(cells[0], name) + "  " + padded(cells[1], kind)
		if empties {
			line += "  " + before(cells[2], empty)
		}
		line += "  " + before(cells[3], different)
		s.printf("%s\n", strings.TrimRight(paint(line)+"  "+s.dim(shortened(cells[4], room)), " "))
	}
	row(s.dim, "COLUMN", "TYPE", "EMPTY", "DIFFERENT", "FOR EXAMPLE")
	for i := range list {
		c := &list[i]
		none := ""
		if c.Nulls > 0 {
			none = grouped(c.Nulls)
		}
		row(unpainted, plain(c.Name), kindText(c), none, differentText(t, c), onOneLine(strings.Join(c.Examples, ", ")))
		if c.Confidence < 0.995 || !plainReasons[strings.TrimSuffix(c.Reason, " in "+c.Unit)] {
			s.paragraph("      └ ", "        ", plain(c.Reason)+sure(c.Confidence), s.dim)
		}
	}
	if more := len(t.Columns) - len(list); more > 0 {
		s.printf("    %s\n", s.dim(fmt.Sprintf("… and %s; --json lists them", counted(int64(more), "more column"))))
	}
}

// exactDistinct is up to how many different values ingest counts one by one; beyond that the table's estimate is told.
const exactDistinct = 10_000

func differentText(t *ingest.Sheet, c *ingest.Column) string {
	if c.Distinct <= exactDistinct || slices.Equal(t.Key, []string{c.Name}) {
		return grouped(c.Distinct)
	}
	if i := t.Table.Schema().Index(c.Name); i >= 0 {
		n := max(t.Table.Distinct(i), exactDistinct)
		unit := int64(1)
		for n/unit >= 100 {
			unit *= 10 // two digits are known
		}
		return "about " + grouped((n+unit/2)/unit*unit)
	}
	return grouped(exactDistinct) + "+"
}

func kindText(c *ingest.Column) string {
	text := c.Type.String()
	if c.Unit != "" {
		text += " " + plain(c.Unit)
	}
	return text
}

// notes prints the diagnostics, what matters most first; several of one kind about one column are one.
func (s *screen) notes(load *ingest.Load) {
	type group struct {
		first ingest.Diagnostic
		n     int
	}
	var groups []*group
	for _, d := range load.Diagnostics {
		i := slices.IndexFunc(groups, func(g *group) bool {
			return g.first.Code == d.Code && g.first.Sheet == d.Sheet && (g.first.Column == d.Column || d.Code == ingest.BadJSON) && g.first.Severity == d.Severity
		})
		if i < 0 {
			groups = append(groups, &group{d, d.Count})
		} else {
			groups[i].n += d.Count
		}
	}
	slices.SortStableFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(weight(a.first.Severity), weight(b.first.Severity)), cmp.Compare(a.first.Line, b.first.Line))
	})
	for i, g := range groups {
		if i == shownNotes {
			s.printf("  %s\n", s.dim(fmt.Sprintf("… and %s; --json lists them", counted(int64(len(groups)-i), "more kind"))))
			break
		}
		s.note(&g.first, g.n, len(load.Sheets) > 1)
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

// note prints one diagnostic: code and place, then what was found and what to do.
func (s *screen) note(d *ingest.Diagnostic, n int, sheets bool) {
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
	if n > 1 && d.Code != ingest.NullTokenLearned { // which says it itself
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

// onOneLine shows the text of a cell or row, its line ends too.
func onOneLine(text string) string {
	return plain(strings.NewReplacer("\r\n", "⏎", "\n", "⏎", "\r", "⏎", "\t", "⇥").Replace(text))
}

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

var formatNames = map[string]string{"csv": "CSV", "json": "JSON", "ndjson": "NDJSON", "excel": "Excel", "parquet": "Parquet", "arrow": "Arrow"}

// encodingName writes an encoding as people do.
func encodingName(name string) string {
	if rest, ok := strings.CutPrefix(name, "windows-"); ok {
		return "Windows-" + rest
	}
	return strings.ToUpper(name)
}

func formatName(format string) string {
	if name := formatNames[format]; name != "" {
		return name
	}
	return format
}

// counted writes a number with its noun: "no rows", "1 row", "120 000 rows".
func counted(n int64, noun string) string {
	switch n {
	case 0:
		return "no " + noun + "s"
	case 1:
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}

// bytesText writes a size for people: exact while it is small.
func bytesText(n int64) string {
	switch {
	case n < 10_000:
		return counted(n, "byte")
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// quotedWord puts a word into quotation marks where a shell needs them.
func quotedWord(word string) string {
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./=", r) || r > 0x7F)
	}) {
		return word
	}
	return `"` + strings.ReplaceAll(filepath.ToSlash(word), `"`, `\"`) + `"`
}
