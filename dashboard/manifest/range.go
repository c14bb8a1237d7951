package manifest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// Span is a length of time in calendar units.
type Span struct {
	Months int
	Days   int
	Clock  time.Duration
}

// Before is the moment that lies by the span before another one.
func (s Span) Before(t time.Time) time.Time { return t.AddDate(0, -s.Months, -s.Days).Add(-s.Clock) }

// Range is a range as an address spells it: everything, a span that ends at the newest row, what there is of the
// calendar bucket that the newest row lies in, or two bounds.
type Range struct {
	All      bool
	ToDate   view.Grain
	Relative Span
	Low      string
	High     string
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

// SpellRange returns the one spelling of a range under which equal ranges are one selection: "last 90 days" and P90D
// are 90d, an interval of ISO 8601 is two bounds of which the second is the first moment after it.
func SpellRange(text string) string {
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

// ParseRange reads one spelling of a range.
func ParseRange(text string) (Range, error) {
	if text == "all" {
		return Range{All: true}, nil
	}
	if m := toDate.FindStringSubmatch(text); m != nil {
		return Range{ToDate: grainNames[m[1]]}, nil
	}
	if m := relative.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1]) // five digits
		if n == 0 {
			return Range{}, fmt.Errorf("%q is no time at all", text)
		}
		r := Range{}
		switch m[2] {
		case "s":
			r.Relative.Clock = time.Duration(n) * time.Second
		case "min":
			r.Relative.Clock = time.Duration(n) * time.Minute
		case "h":
			r.Relative.Clock = time.Duration(n) * time.Hour
		case "d":
			r.Relative.Days = n
		case "w":
			r.Relative.Days = 7 * n
		case "mo":
			r.Relative.Months = n
		case "q":
			r.Relative.Months = 3 * n
		case "y":
			r.Relative.Months = 12 * n
		}
		return r, nil
	}
	low, high, ok := strings.Cut(text, "..")
	if !ok {
		return Range{}, fmt.Errorf("%q is not a range", text)
	}
	probe := table.Field{Type: table.Timestamp}
	for _, end := range []string{low, high} {
		if _, err := probe.Parse(end); err != nil {
			return Range{}, fmt.Errorf("%q is neither a date nor a time", end)
		}
	}
	return Range{Low: low, High: high}, nil
}
