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

// spanRange is a range as an address spells it: everything, a span that ends at the newest row, or two bounds.
type spanRange struct {
	all      bool
	relative span
	low      string
	high     string
}

var relative = regexp.MustCompile(`^(\d{1,5})(s|min|h|d|w|mo|q|y)$`)

func parseSpan(text string) (spanRange, error) {
	if text == "all" {
		return spanRange{all: true}, nil
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
