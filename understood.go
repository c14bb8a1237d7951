package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

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
		row(unpainted, plain(c.Name), kindText(c), none, differentText(t, c), onOneLine(strings.Join(shown(c), ", ")))
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

// shown are the examples of a column, lists and objects without the space between their parts.
func shown(c *ingest.Column) []string {
	if c.Type != table.Nested {
		return c.Examples
	}
	var short []string
	for _, e := range c.Examples {
		var b bytes.Buffer
		if json.Compact(&b, []byte(e)) != nil {
			return c.Examples // it was cut
		}
		short = append(short, b.String())
	}
	return short
}

// onOneLine shows the text of a cell or row, its line ends too.
func onOneLine(text string) string {
	return plain(strings.NewReplacer("\r\n", "⏎", "\n", "⏎", "\r", "⏎", "\t", "⇥").Replace(text))
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
