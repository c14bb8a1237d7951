package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dashira/dashira/table"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
)

// Options overrides what would be guessed. The zero value guesses everything; an option of another format than the
// file's is of no effect.
type Options struct {
	Delimiter  string // of CSV: one character, or comma, semicolon, tab, pipe, space
	Quote      string // of CSV: one character, or none
	Escape     string // of CSV, a quotation mark inside a quoted cell: double or backslash
	Comment    string // of CSV: what a line that is left out begins with, or none
	Encoding   string // of text: a name of IANA's or of the web's list
	Decimal    string // "." or ","
	Dates      string // which part stands first where no value decides: day-first or month-first
	Skip       *int   // rows before the header that are no data
	HeaderRows *int   // 0: the columns have no names
	Sheet      string // of a workbook; also a hidden one
	Range      string // of a workbook, "A3:H40"
	Records    string // of JSON, "data.items"
	Key        []string
	Nulls      []string // further spellings of the empty cell, in columns of text too
	Columns    map[string]ColumnOptions
}

// ColumnOptions overrides how one column is read.
type ColumnOptions struct {
	Type   table.Type // Null: guess
	Format string     // of dates: strftime, "%d/%m/%Y %H:%M"
	Unit   string
}

// OptionError says of an option what it takes.
type OptionError struct {
	Option string // "delimiter", as the flags spell it
	Value  string
	Takes  string // "one character"
}

// Error returns one sentence.
func (e *OptionError) Error() string {
	return fmt.Sprintf("%s takes %s, not %q", e.Option, e.Takes, e.Value)
}

// The words for order of day and month.
const (
	DayFirst   = "day-first"
	MonthFirst = "month-first"
)

var delimiterWords = map[string]string{"comma": ",", "semicolon": ";", "tab": "\t", `\t`: "\t", "pipe": "|", "colon": ":", "space": " "}

// mostHeaderRows is how many rows can be names, or stand before them.
const mostHeaderRows = 100

// Settled returns the options with words replaced by what they stand for, or an [*OptionError].
func (o Options) Settled() (Options, error) {
	bad := func(option, value, takes string) (Options, error) {
		return o, &OptionError{Option: option, Value: value, Takes: takes}
	}
	if word, ok := delimiterWords[strings.ToLower(o.Delimiter)]; ok {
		o.Delimiter = word
	}
	if o.Delimiter != "" && !separates(o.Delimiter) {
		return bad("delimiter", o.Delimiter, "one character that is no letter, digit or quotation mark, or comma, semicolon, tab, pipe, colon or space")
	}
	if o.Quote = strings.ToLower(o.Quote); o.Quote != "" && o.Quote != "none" && (len(o.Quote) != 1 || !mark(o.Quote[0]) || o.Quote == o.Delimiter) {
		return bad("quote", o.Quote, `one character such as " or ', or none`)
	}
	if o.Escape != "" && o.Escape != "double" && o.Escape != "backslash" {
		return bad("escape", o.Escape, "double or backslash")
	}
	if len(o.Comment) > 8 || o.Comment != "none" && strings.ContainsAny(o.Comment, "\r\n") {
		return bad("comment", o.Comment, "what lines to leave out begin with, such as #, or none")
	}
	if o.Encoding != "" && !utf8Name(o.Encoding) && encodingOf(o.Encoding) == nil {
		return bad("encoding", o.Encoding, "a name such as utf-8, utf-16le, windows-1252, iso-8859-15, shift_jis or gb18030")
	}
	if o.Decimal != "" && o.Decimal != "." && o.Decimal != "," {
		return bad("decimal", o.Decimal, `"." or ","`)
	}
	if o.Decimal != "" && o.Decimal == o.Delimiter {
		return bad("decimal", o.Decimal, "another mark than the delimiter")
	}
	if o.Dates != "" && o.Dates != DayFirst && o.Dates != MonthFirst {
		return bad("dates", o.Dates, DayFirst+" or "+MonthFirst)
	}
	for name, n := range map[string]*int{"skip": o.Skip, "header-rows": o.HeaderRows} {
		if n != nil && (*n < 0 || *n > mostHeaderRows) {
			return bad(name, strconv.Itoa(*n), fmt.Sprintf("a whole number from 0 to %d", mostHeaderRows))
		}
	}
	if o.Range != "" && !isRange(o.Range) {
		return bad("range", o.Range, "a rectangle of cells such as A3:H40")
	}
	for _, name := range slices.Sorted(maps.Keys(o.Columns)) {
		if err := o.Columns[name].check(name); err != nil {
			return o, err
		}
	}
	return o, nil
}

// check looks whether type, format and unit go together.
func (c ColumnOptions) check(name string) error {
	bad := func(value, takes string) error {
		return &OptionError{Option: "column", Value: name + "=" + c.Type.String() + ":" + value, Takes: takes}
	}
	switch c.Type {
	case table.Null:
	case table.Date, table.Timestamp:
	default:
		if c.Format != "" {
			return bad(c.Format, "a format for date and timestamp only")
		}
	}
	if c.Format != "" && !knownFormat(c.Format) {
		return bad(c.Format, "a format of %Y %y %m %d %e %b %B %a %A %H %I %M %S %f %p %z and of characters that stand for themselves, such as %d/%m/%Y")
	}
	if c.Unit != "" && c.Type != table.Null && c.Type != table.Int && c.Type != table.Float {
		return bad(c.Unit, "a unit for int and float only")
	}
	return nil
}

// ParseColumn reads "name=type", "name=date:%d/%m/%Y" and "name=float:EUR". The name may hold an equals sign: the last
// one that stands before a type counts.
func ParseColumn(text string) (name string, c ColumnOptions, err error) {
	for at := len(text); at >= 0; {
		if at = strings.LastIndexByte(text[:at], '='); at < 0 {
			break
		}
		word, more, detailed := strings.Cut(text[at+1:], ":")
		t, err := table.ParseType(word)
		if err != nil || t == table.Null || at == 0 || detailed && more == "" {
			continue
		}
		c := ColumnOptions{Type: t}
		switch t {
		case table.Int, table.Float:
			if c.Unit = more; more == "%" {
				c.Unit = Percent
			}
		default:
			c.Format = more
		}
		return text[:at], c, c.check(text[:at])
	}
	return "", c, &OptionError{Option: "column", Value: text,
		Takes: "name=type with one of bool, int, float, string, date, time, timestamp, duration, nested, and a format or unit behind a colon, such as day=date:%d/%m/%Y or price=float:EUR"}
}

// separates says whether a text can stand between cells.
func separates(text string) bool {
	return len(text) == 1 && (text == "\t" || text == " " || mark(text[0]) && text != `"`)
}

// mark says whether a character is a printable sign of ASCII.
func mark(c byte) bool {
	return c > ' ' && c < 0x7F && c-'0' > 9 && c|0x20-'a' > 25
}

func utf8Name(name string) bool {
	return strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8")
}

// encodingOf returns the encoding of a name, nil when there is none: IANA's list is the one asked first, the web's knows
// more nicknames.
func encodingOf(name string) encoding.Encoding {
	if e, err := ianaindex.IANA.Encoding(name); err == nil && e != nil {
		return e
	}
	if e, err := htmlindex.Get(name); err == nil {
		return e
	}
	return nil
}

// isRange says whether a text is A1, A1:B2 or Sheet!A1:B2, with dollar signs as people copy them.
func isRange(text string) bool {
	if i := strings.LastIndexByte(text, '!'); i >= 0 {
		text = text[i+1:]
	}
	text = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(text), "$", ""))
	from, to, two := strings.Cut(text, ":")
	column, row, ok := cellName(from)
	if !two || !ok {
		return ok
	}
	right, bottom, ok := cellName(to)
	return ok && right >= column && bottom >= row
}

func cellName(text string) (column, row int, ok bool) {
	n := 0
	for n < len(text) && text[n]-'A' <= 25 {
		column = column*26 + int(text[n]-'A') + 1
		n++
	}
	row, err := strconv.Atoi(text[n:])
	return column, row, n > 0 && n <= 3 && err == nil && row > 0 && text[n] != '+'
}
