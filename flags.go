package main

import (
	"errors"
	"fmt"
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
	f.StringArrayVar(&v.columns, "column", nil, "the type of a column: `NAME=TYPE`, with a format or unit as in day=date:%d/%m/%Y, price=float:EUR")
	f.StringVar(&v.Dates, "dates", "", "which part stands first where no date decides: `ORDER` day-first or month-first")
	f.StringVar(&v.Decimal, "decimal", "", "the decimal mark: `MARK` . or ,")
	f.StringArrayVar(&v.Nulls, "null", nil, "a further `SPELLING` of the empty cell")
	f.StringArrayVar(&v.Key, "key", nil, "a `COLUMN` of those that identify a row together")
	f.StringVar(&v.headerRows, "header-rows", "", "`N` rows of names, 0 for none")
	f.StringVar(&v.skip, "skip", "", "`N` rows before the names that are no data")
	f.StringVar(&v.Delimiter, "delimiter", "", "of CSV: one `CHARACTER`, or tab, space")
	f.StringVar(&v.Quote, "quote", "", "of CSV: one `CHARACTER`, or none")
	f.StringVar(&v.Escape, "escape", "", "of CSV, a quotation mark inside a quoted cell: `HOW` double or backslash")
	f.StringVar(&v.Comment, "comment", "", "of CSV: the `MARK` that lines to leave out begin with, or none")
	f.StringVar(&v.Encoding, "encoding", "", "of text: a `NAME` such as windows-1252")
	f.StringVar(&v.Sheet, "sheet", "", "the `NAME` of a sheet, a hidden one too, or of a list inside JSON")
	f.StringVar(&v.Range, "range", "", "of a workbook: the `CELLS` to read, such as A3:H40")
	f.StringVar(&v.Records, "records", "", "of JSON: the `PATH` of the records, such as data.items")
	f.StringVar(&v.locale, "locale", "", "the `LANGUAGE` that decides what nothing else does, such as en-US")
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
