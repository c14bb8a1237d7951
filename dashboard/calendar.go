package dashboard

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// The words of the grains, finest first.
var grains = []struct {
	word  string
	grain view.Grain
}{
	{"millisecond", view.Millisecond}, {"second", view.Second}, {"minute", view.Minute}, {"hour", view.Hour},
	{"day", view.Day}, {"week", view.Week}, {"month", view.Month}, {"quarter", view.Quarter}, {"year", view.Year},
}

func grainOf(word string) (view.Grain, bool) {
	for _, g := range grains {
		if g.word == word {
			return g.grain, true
		}
	}
	return view.NoGrain, false
}

func grainWord(g view.Grain) string {
	for _, k := range grains {
		if k.grain == g {
			return k.word
		}
	}
	return ""
}

func grainWords() []string {
	words := make([]string, len(grains))
	for i, g := range grains {
		words[i] = g.word
	}
	return words
}

// span is a length of time in calendar units.
type span struct {
	months int
	days   int
	clock  time.Duration
}

func (s span) before(t time.Time) time.Time { return t.AddDate(0, -s.months, -s.days).Add(-s.clock) }

// spanRange is a range as an address spells it: everything, a span that ends at the newest row, what there is of the
// calendar bucket that the newest row lies in, or two bounds.
type spanRange struct {
	all      bool
	toDate   view.Grain
	relative span
	low      string
	high     string
}

var relative = regexp.MustCompile(`^(\d{1,5})(s|min|h|d|w|mo|q|y)$`)

// spans are the units of a relative range: as an address spells them, as people say them, and as ISO 8601 does.
var spans = []struct{ unit, word, iso string }{
	{"s", "second", "TS"}, {"min", "minute", "TM"}, {"h", "hour", "TH"}, {"d", "day", "D"}, {"w", "week", "W"}, {"mo", "month", "M"}, {"q", "quarter", ""}, {"y", "year", "Y"},
}

var (
	spoken   = regexp.MustCompile(`^(?:the )?last (?:(\d{1,5}) )?([a-z]+?)s?$`)
	iso      = regexp.MustCompile(`^P(T?)(\d{1,5})([A-Z])$`)
	toDate   = regexp.MustCompile(`^(week|month|quarter|year) to date$`)
	fullDate = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// spellRange returns the one spelling of a range under which equal ranges are one selection: "last 90 days" and P90D
// are 90d, an interval of ISO 8601 is two bounds of which the second is the first moment after it.
func spellRange(text string) string {
	text = strings.TrimSpace(text)
	lower := strings.ToLower(text)
	unit := func(n string, is func(unit, word, iso string) bool) string {
		for _, s := range spans {
			if is(s.unit, s.word, s.iso) {
				return strings.TrimLeft(n, "0") + s.unit
			}
		}
		return text
	}
	if m := spoken.FindStringSubmatch(lower); m != nil {
		if m[1] == "" {
			m[1] = "1"
		}
		return unit(m[1], func(_, word, _ string) bool { return word == m[2] })
	}
	if m := iso.FindStringSubmatch(strings.ToUpper(text)); m != nil {
		return unit(m[2], func(_, _, iso string) bool { return iso == m[1]+m[3] })
	}
	if toDate.MatchString(lower) {
		return lower
	}
	if low, high, ok := strings.Cut(text, "/"); ok {
		if fullDate.MatchString(high) {
			if day, err := time.Parse(time.DateOnly, high); err == nil {
				high = day.AddDate(0, 0, 1).Format(time.DateOnly)
			}
		}
		return low + ".." + high
	}
	return text
}

func parseSpan(text string) (spanRange, error) {
	if text == "all" {
		return spanRange{all: true}, nil
	}
	if m := toDate.FindStringSubmatch(text); m != nil {
		g, _ := grainOf(m[1])
		return spanRange{toDate: g}, nil
	}
	if m := relative.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1]) // five digits
		if n == 0 {
			return spanRange{}, fmt.Errorf("%q is no time at all", text)
		}
		r := spanRange{}
		switch m[2] {
		case "s":
			r.relative.clock = time.Duration(n) * time.Second
		case "min":
			r.relative.clock = time.Duration(n) * time.Minute
		case "h":
			r.relative.clock = time.Duration(n) * time.Hour
		case "d":
			r.relative.days = n
		case "w":
			r.relative.days = 7 * n
		case "mo":
			r.relative.months = n
		case "q":
			r.relative.months = 3 * n
		case "y":
			r.relative.months = 12 * n
		}
		return r, nil
	}
	low, high, ok := strings.Cut(text, "..")
	if !ok {
		return spanRange{}, fmt.Errorf("%q is not a range", text)
	}
	probe := table.Field{Type: table.Timestamp}
	for _, end := range []string{low, high} {
		if _, err := probe.Parse(end); err != nil {
			return spanRange{}, fmt.Errorf("%q is neither a date nor a time", end)
		}
	}
	return spanRange{low: low, high: high}, nil
}

// clock turns the values of a time column into moments and back: civil values live in UTC, where nothing shifts them.
type clock struct {
	field table.Field
	zone  *time.Location
}

func (c clock) moment(v table.Value) time.Time {
	if c.field.Type == table.Date {
		return time.Unix(v.Int()*86_400, 0).UTC()
	}
	return time.UnixMicro(v.Int()).In(c.zone)
}

func (c clock) value(t time.Time) table.Value {
	if c.field.Type == table.Date {
		days := t.Unix() / 86_400
		if t.Unix()%86_400 < 0 {
			days--
		}
		return table.IntValue(table.Date, days)
	}
	return table.IntValue(table.Timestamp, t.UnixMicro())
}

func (c clock) text(t time.Time) string { return c.field.Format(c.value(t)) }
