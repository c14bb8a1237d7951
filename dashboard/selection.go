package dashboard

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// Selection is what one viewer has chosen, in one spelling: two selections that mean the same are equal by
// [Selection.Key], so everyone who looks at the same follows the same stream. Range, grain and comparison are empty
// where the viewer left them to the dashboard.
type Selection struct {
	wire.Selection
}

// under completes a selection by what a dashboard says, and else by what every dashboard begins with.
func (s Selection) under(d *manifest.Dashboard) Selection {
	s.Range = cmp.Or(s.Range, d.Range, allTime)
	s.Grain = cmp.Or(s.Grain, d.Grain, autoGrain)
	s.Compare = cmp.Or(s.Compare, d.Compare, comparisons[0])
	return s
}

// plain takes away what a dashboard without a word of its own does anyway, so that whoever asks for it and whoever asks
// for nothing follow one stream.
func (s Selection) plain(d *manifest.Dashboard) Selection {
	if d == nil {
		return s
	}
	for _, one := range []struct {
		asked       *string
		said, usual string
	}{{&s.Range, d.Range, allTime}, {&s.Grain, d.Grain, autoGrain}, {&s.Compare, d.Compare, comparisons[0]}} {
		if *one.asked == cmp.Or(one.said, one.usual) && one.said == "" {
			*one.asked = ""
		}
	}
	return s
}

// What a dashboard begins with, beside the first comparison.
const (
	allTime   = "all"
	autoGrain = "auto"
)

// The bounds of a selection.
const (
	maxFilters      = 64
	maxFilterValues = 256
)

// BadSelection says what is wrong with an address.
type BadSelection struct {
	Parameter string
	Reason    string
	Allowed   []string
}

func (e *BadSelection) Error() string { return e.Parameter + ": " + e.Reason }

// ParseSelection reads range=, grain=, compare= and one f.<column>= per filter value. Parameters with other names are
// not of the selection and are left alone.
func ParseSelection(q url.Values) (Selection, error) {
	s := Selection{wire.Selection{Filters: map[string][]string{}}}
	if v := q.Get("range"); v != "" {
		s.Range = manifest.SpellRange(v)
	}
	if v := q.Get("grain"); v != "" {
		s.Grain = v
	}
	if v := q.Get("compare"); v != "" {
		if !slices.Contains(comparisons, v) {
			return s, &BadSelection{Parameter: "compare", Reason: "there is no such comparison", Allowed: comparisons}
		}
		s.Compare = v
	}
	if s.Grain != "" && s.Grain != autoGrain {
		if _, ok := grainOf(s.Grain); !ok {
			return s, &BadSelection{Parameter: "grain", Reason: "there is no such grain", Allowed: append([]string{"auto"}, grainWords()...)}
		}
	}
	if _, err := manifest.ParseRange(cmp.Or(s.Range, allTime)); err != nil {
		return s, &BadSelection{Parameter: "range", Reason: err.Error(), Allowed: []string{"all", "90d", "last 12 months", "P1Y", "month to date", "2026-01-01..2026-04-01", "2026-01-01/2026-03-31"}}
	}
	if v := q.Get("width"); v != "" {
		pixels, err := strconv.Atoi(v)
		if err != nil || pixels < 1 {
			return s, &BadSelection{Parameter: "width", Reason: "it is no number of pixels", Allowed: []string{"600", "1200", "2400"}}
		}
		s.Width = widthClass(pixels)
	}
	for name, values := range q {
		column, ok := strings.CutPrefix(name, "f.")
		if !ok {
			continue
		}
		values = slices.Clone(values)
		sort.Strings(values)
		values = slices.Compact(values)
		if len(values) > maxFilterValues {
			return s, &BadSelection{Parameter: name, Reason: fmt.Sprintf("more than %d values", maxFilterValues)}
		}
		s.Filters[column] = values
	}
	if len(s.Filters) > maxFilters {
		return s, &BadSelection{Parameter: "f", Reason: fmt.Sprintf("more than %d filters", maxFilters)}
	}
	return s, nil
}

// The widths, in pixels, that lines through rows are drawn for: few, so that viewers share what is drawn.
var widths = []int{600, 1200, 2400}

// widthClass returns the least width that has so many pixels, or the greatest.
func widthClass(pixels int) int {
	for _, w := range widths {
		if pixels <= w {
			return w
		}
	}
	return widths[len(widths)-1]
}

// width returns the pixels to draw lines for.
func (s Selection) width() int {
	if s.Width == 0 {
		return widths[1]
	}
	return s.Width
}

// sized leaves the width out of a selection where the dashboard draws nothing for it: who looks at the same shares a
// stream, however wide the window.
func (s Selection) sized(d *manifest.Dashboard) Selection {
	if d == nil || !slices.ContainsFunc(panels(d), func(p manifest.Panel) bool { return p.Column != "" && (p.Mark == "line" || p.Mark == "area") }) {
		s.Width = 0
		return s
	}
	s.Width = s.width()
	return s
}

var comparisons = []string{"previous period", "previous year", "target", "none"}

// Key is the selection's one spelling, as a query string.
func (s Selection) Key() string {
	q := url.Values{}
	if s.Range != "" {
		q.Set("range", s.Range)
	}
	if s.Grain != "" {
		q.Set("grain", s.Grain)
	}
	if s.Compare != "" {
		q.Set("compare", s.Compare)
	}
	if s.Width != 0 {
		q.Set("width", strconv.Itoa(s.Width))
	}
	for column, values := range s.Filters {
		q["f."+column] = values
	}
	return q.Encode()
}

// columnFilters is what a selection asks of one column: every filter must pass.
type columnFilters struct {
	column  string
	filters []view.Filter
}

// filters turns the text of a selection into filters of this schema. Values of one column are alternatives, excluded
// ones are left out; a range stands alone.
func (s Selection) filters(schema *table.Schema) ([]columnFilters, error) {
	names := make([]string, 0, len(s.Filters))
	for name := range s.Filters {
		names = append(names, name)
	}
	sort.Strings(names)
	var all []columnFilters
	for _, name := range names {
		i := schema.Index(name)
		if i < 0 {
			return nil, &BadSelection{Parameter: "f." + name, Reason: "there is no such column", Allowed: visible(schema)}
		}
		one, err := parseFilters(schema.Field(i), s.Filters[name])
		if err != nil {
			return nil, &BadSelection{Parameter: "f." + name, Reason: err.Error()}
		}
		all = append(all, columnFilters{name, one})
	}
	return all, nil
}

func parseFilters(field table.Field, values []string) ([]view.Filter, error) {
	keep := view.Filter{Column: field.Name, Op: view.In}
	drop := view.Filter{Column: field.Name, Op: view.In, Not: true}
	var filters []view.Filter
	for _, text := range values {
		into := &keep
		if rest, ok := strings.CutPrefix(text, "!"); ok {
			into, text = &drop, rest
		}
		literal, isLiteral := strings.CutPrefix(text, "=")
		if !isLiteral {
			if low, high, ok := strings.Cut(text, ".."); ok && (field.Type.Numeric() || field.Type.Temporal() || field.Type == table.Time) {
				f := view.Filter{Column: field.Name, Op: view.Range, Not: into == &drop}
				var err error
				if f.Low, err = field.Parse(low); err != nil {
					return nil, err
				}
				if f.High, err = field.Parse(high); err != nil {
					return nil, err
				}
				filters = append(filters, f)
				continue
			}
			if part, ok := strings.CutPrefix(text, "~"); ok && field.Type.Textual() {
				filters = append(filters, view.Filter{Column: field.Name, Op: view.Contains, Text: part, Not: into == &drop})
				continue
			}
			literal = text
		}
		v, err := field.Parse(literal)
		if err != nil {
			return nil, err
		}
		into.Values = append(into.Values, v)
	}
	if keep.Values != nil {
		filters = append(filters, keep)
	}
	if drop.Values != nil {
		filters = append(filters, drop)
	}
	return filters, nil
}
