package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dashira/dashira/ingest"
)

// overrides are the flags with which inspect and convert replace what would be guessed of a file.
type overrides struct {
	ingest.Options
	locale     string
	skip       string
	headerRows string
	columns    []string
}

// add puts the flags on a command. Names and spellings may hold commas, so a flag that may come again takes one each.
func (v *overrides) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.SortFlags = false
	one := func(into *string, name, takes, usage string) { f.Var(&word{into, takes}, name, usage) }
	many := func(into *[]string, name, takes, usage string) { f.Var(&wordList{into, takes}, name, usage) }
	many(&v.columns, "column", "NAME=TYPE", "as in day=date:%d/%m/%Y, price=float:EUR; again for another")
	one(&v.Dates, "dates", "ORDER", "where no date decides: day-first or month-first")
	one(&v.Decimal, "decimal", "MARK", "the decimal mark, . or ,")
	many(&v.Nulls, "null", "SPELLING", "a further spelling of the empty cell")
	many(&v.Key, "key", "COLUMN", "one of the columns that identify a row together")
	one(&v.headerRows, "header-rows", "N", "rows of names, 0 for none")
	one(&v.skip, "skip", "N", "rows before the names that are no data")
	one(&v.Delimiter, "delimiter", "MARK", "of CSV: one character, or tab, space")
	one(&v.Quote, "quote", "MARK", "of CSV: one character, or none")
	one(&v.Escape, "escape", "HOW", "of CSV, a mark inside a quoted cell: double, backslash")
	one(&v.Comment, "comment", "MARK", "of CSV: what lines to leave out begin with, or none")
	one(&v.Encoding, "encoding", "NAME", "of text, such as windows-1252")
	one(&v.Sheet, "sheet", "NAME", "a sheet, a hidden one too, or a list inside JSON")
	one(&v.Range, "range", "CELLS", "of a workbook, such as A3:H40")
	one(&v.Records, "records", "PATH", "of JSON: where the records are, such as data.items")
	one(&v.locale, "locale", "LANGUAGE", "decides what nothing else does, such as en-US")
}

// word is the value of a flag that takes one text; takes is what the help calls it.
type word struct {
	into  *string
	takes string
}

func (w *word) String() string {
	if w.into == nil {
		return ""
	}
	return *w.into
}

// Set takes the text.
func (w *word) Set(text string) error {
	*w.into = text
	return nil
}

// Type returns what the help calls the text.
func (w *word) Type() string { return w.takes }

// wordList is the value of a flag that may come again, with one text each time.
type wordList struct {
	into  *[]string
	takes string
}

func (l *wordList) String() string { return "" }

// Set adds a text.
func (l *wordList) Set(text string) error {
	*l.into = append(*l.into, text)
	return nil
}

// Type returns what the help calls a text.
func (l *wordList) Type() string { return l.takes }

// formatsOf are the formats of which a flag says something; the others are of every file.
var formatsOf = map[string][]string{
	"delimiter": {"csv"}, "quote": {"csv"}, "escape": {"csv"}, "comment": {"csv"}, "encoding": {"csv", "json", "ndjson"}, "decimal": {"csv"},
	"range": {"excel"}, "records": {"json"}, "skip": {"csv", "excel"}, "header-rows": {"csv", "excel", "json"},
}

// idle returns the flags that were given and are of no effect on any of the files.
func (v *overrides) idle(cmd *cobra.Command, loads []*ingest.Load) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(formatsOf)) {
		if cmd.Flags().Changed(name) && len(loads) > 0 && !slices.ContainsFunc(loads, func(l *ingest.Load) bool { return slices.Contains(formatsOf[name], l.Format) }) {
			names = append(names, "--"+name)
		}
	}
	return names
}

var localeForm = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`)

// check reads what the flags say; what makes no sense is a usage error.
func (v *overrides) check(cmd *cobra.Command) error {
	for _, flag := range []struct {
		name, text string
		into       **int
	}{{"header-rows", v.headerRows, &v.HeaderRows}, {"skip", v.skip, &v.Skip}} {
		if flag.text == "" {
			continue
		}
		n, err := strconv.Atoi(flag.text)
		if err != nil {
			return usagef(cmd, "--%s takes a whole number, not %q", flag.name, flag.text)
		}
		*flag.into = &n
	}
	for _, text := range v.columns {
		name, c, err := ingest.ParseColumn(text)
		if err != nil {
			return optionUsage(cmd, err)
		}
		if v.Columns == nil {
			v.Columns = map[string]ingest.ColumnOptions{}
		}
		v.Columns[name] = c
	}
	if v.locale != "" && !localeForm.MatchString(v.locale) {
		return usagef(cmd, "--locale takes a language such as de or en-US, not %q", v.locale)
	}
	settled, err := v.Settled()
	if err != nil {
		return optionUsage(cmd, err)
	}
	v.Options = settled
	return nil
}

func optionUsage(cmd *cobra.Command, err error) error {
	var o *ingest.OptionError
	if errors.As(err, &o) {
		return usagef(cmd, "--%s takes %s; not %q", o.Option, o.Takes, o.Value)
	}
	return err
}

// judge says what of the flags has come to nothing now that the files are read: a flag of another format on stderr, and
// a column that no file has as a usage error.
func (v *overrides) judge(cmd *cobra.Command, loads []*ingest.Load) error {
	if names := v.idle(cmd, loads); len(names) > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "dashira: of no effect on files of this kind: %s\n", strings.Join(names, ", "))
	}
	return v.unmet(cmd, loads)
}

// unmet says which column of the flags no table of the files has: a slip of the pen would otherwise change nothing and
// say nothing.
func (v *overrides) unmet(cmd *cobra.Command, loads []*ingest.Load) error {
	var names []string
	for _, l := range loads {
		for i := range l.Sheets {
			for _, f := range l.Sheets[i].Table.Schema().Fields() {
				if !slices.Contains(names, f.Name) {
					names = append(names, f.Name)
				}
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	missing := func(flag, name string) error {
		if slices.Contains(names, name) {
			return nil
		}
		return usagef(cmd, "--%s names the column %s, which is not there; there are %s", flag, ingest.QuoteValue(name), enumerated(names))
	}
	for _, text := range v.columns {
		name, _, _ := ingest.ParseColumn(text)
		if err := missing("column", name); err != nil {
			return err
		}
	}
	for _, name := range v.Key {
		if err := missing("key", name); err != nil {
			return err
		}
	}
	return nil
}

// enumerated writes some names for a sentence.
func enumerated(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
