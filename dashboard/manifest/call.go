package manifest

import (
	"strconv"
	"strings"

	"github.com/dashira/dashira/table/view"
)

// grainNames are the words of the grains, as the file and the address say them.
var grainNames = map[string]view.Grain{
	"millisecond": view.Millisecond, "second": view.Second, "minute": view.Minute, "hour": view.Hour, "day": view.Day,
	"week": view.Week, "month": view.Month, "quarter": view.Quarter, "year": view.Year,
	"month_of_year": view.MonthOfYear, "day_of_week": view.DayOfWeek, "hour_of_day": view.HourOfDay,
}

// grainWords are those of the calendar's buckets, finest first.
var grainWords = []string{"millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"}

// grainWord returns the word of a grain.
func grainWord(g view.Grain) string {
	for word, grain := range grainNames {
		if grain == g {
			return word
		}
	}
	return ""
}

// aggregateNames are the words of the aggregates. p(column, 0.95) is a quantile.
var aggregateNames = map[string]view.Aggregate{
	"count": view.Count, "sum": view.Sum, "avg": view.Mean, "min": view.Min, "max": view.Max, "median": view.Median,
	"distinct": view.Distinct, "last": view.Last, "first": view.First, "stddev": view.StdDev, "p": view.Quantile,
}

// call is a word with a column in parentheses: sum(amount), p("Cost, total", 0.95), month_of_year(ordered_at).
type call struct {
	name, column string
	p            float64 // of a quantile
}

// parseCall reads a call; ok is false where the text is none. The column may stand in double quotes, and must where it
// has a parenthesis or, in a quantile, a comma.
func parseCall(text string) (c call, ok bool) {
	open := strings.IndexByte(text, '(')
	if open <= 0 || !strings.HasSuffix(text, ")") {
		return call{}, false
	}
	c.name = strings.TrimSpace(text[:open])
	for _, r := range c.name {
		if (r < 'a' || r > 'z') && r != '_' {
			return call{}, false
		}
	}
	inside := strings.TrimSpace(text[open+1 : len(text)-1])
	if c.name == "p" {
		comma := strings.LastIndexByte(inside, ',')
		if comma < 0 {
			return call{}, false
		}
		p, err := strconv.ParseFloat(strings.TrimSpace(inside[comma+1:]), 64)
		if err != nil || !(p >= 0 && p <= 1) {
			return call{}, false
		}
		c.p = p
		inside = strings.TrimSpace(inside[:comma])
	}
	if strings.HasPrefix(inside, "\"") {
		column, err := strconv.Unquote(inside)
		if err != nil {
			return call{}, false
		}
		c.column = column
		return c, true
	}
	c.column = inside
	// Balanced parentheses belong to the name, as in "Body Mass (g)"; others are the ends of other calls.
	depth := 0
	for _, r := range inside {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 {
			return call{}, false
		}
	}
	return c, depth == 0
}

// String writes the call as parseCall reads it.
func (c call) String() string {
	column := c.column
	if back, ok := parseCall(c.name + "(" + column + tail(c) + ")"); !ok || back != c {
		column = strconv.Quote(column)
	}
	return c.name + "(" + column + tail(c) + ")"
}

func tail(c call) string {
	if c.name == "p" {
		return ", " + strconv.FormatFloat(c.p, 'f', -1, 64)
	}
	return ""
}
