package ingest

import (
	"fmt"
	"maps"
	"strings"

	"github.com/dashira/dashira/table"
)

// digitDates returns the format of whole numbers that are dates without marks: all of n have a date's digits and the name
// says that they are dates. It is empty for other numbers.
func (e *evidence) digitDates(name string, n int) string {
	switch name = lastName(name); {
	case n == 0 || len(e.units) > 0:
	case n == e.days[0] && dayName8.MatchString(name):
		return "%Y%m%d"
	case n == e.days[1] && (monthName6.MatchString(name) || dayName8.MatchString(name)):
		return "%Y%m"
	}
	return ""
}

func digitDates(format string) verdict {
	v := verdict{decision: decision{typ: table.Date, read: readMoment, format: format}, confidence: 0.9, reason: "dates of digits alone, by the name and the range"}
	if format == "%Y%m" {
		v.reason = "months of digits alone, by the name and the range, held as their first day"
	}
	return v
}

// yearsBefore counts dates such as 24-12-31 with those that begin with a year, where one of them or another column shows
// that all do.
func yearsBefore(styles map[dateStyle]*styleCount, h hints) map[dateStyle]*styleCount {
	for parts, o := range styles {
		style := parts
		style.order = yearFirst
		c := styles[style]
		if parts.order != partsFirst || !parts.short || c == nil && (!h.before[parts.sep] || o.bOver > 0) {
			continue
		}
		var all styleCount
		if c != nil {
			all = *c
		}
		all.n += o.n - o.bOver
		all.timed += o.timed
		all.zoned += o.zoned
		all.unzoned += o.unzoned
		styles = maps.Clone(styles)
		styles[style] = &all
		delete(styles, parts)
	}
	return styles
}

// mostOf returns the style of most dates.
func mostOf(styles map[dateStyle]*styleCount) (dateStyle, *styleCount) {
	var best *styleCount
	var style dateStyle
	for s, c := range styles {
		if best == nil || c.n > best.n || c.n == best.n && before(s, style) {
			best, style = c, s
		}
	}
	return style, best
}

// before orders styles, all of them, so that of two that are found as often the same one is taken each time.
func before(a, b dateStyle) bool {
	switch {
	case a.order != b.order:
		return a.order < b.order
	case a.sep != b.sep:
		return a.sep < b.sep
	}
	return !a.short && b.short
}

func decideMoment(style dateStyle, c *styleCount, h hints) verdict {
	v := verdict{decision: decision{typ: table.Date, read: readMoment, style: style}, confidence: 1, reason: "dates"}
	if c.timed > 0 {
		v.typ, v.reason = table.Timestamp, "timestamps"
		if v.instant = c.zoned > c.unzoned; v.instant {
			v.reason = "timestamps with a zone, kept in UTC"
		}
	}
	switch style.order {
	case partsFirst:
		switch {
		case c.aOver > 0 && c.bOver > 0:
			t := asText("text, as some dates can only be day first and others only month first", 0.9)
			t.note(MixedDateOrder, Warning, place{}, fmt.Sprintf("%s can only be day first and %s only month first, so the column is text", QuoteValue(c.sampleA), QuoteValue(c.sampleB)),
				"write all dates in one order, best as 2026-01-31")
			t.contested = true
			return t
		case c.aOver > 0:
			v.style.order = dayFirst
			v.reason += fmt.Sprintf(", day first as %s shows", QuoteValue(c.sampleA))
		case c.bOver > 0:
			v.style.order = monthFirst
			v.reason += fmt.Sprintf(", month first as %s shows", QuoteValue(c.sampleB))
		case h.dates != noDate:
			v.style.order = h.dates
			v.reason += ", " + h.dates.String() + " as the options say"
			v.contested = true
		case h.orders[style.sep] != noDate:
			v.style.order = h.orders[style.sep]
			v.confidence = 0.9
			v.reason += ", " + v.style.order.String() + " as in another column"
			v.contested = true
		case style.sep == '.':
			v.style.order = dayFirst
			v.confidence = 0.9
			v.reason += ", day first as dots mean"
			v.contested = true
		case c.firsts() != noDate:
			v.style.order = c.firsts()
			v.confidence = 0.9
			v.reason += ", " + v.style.order.String() + ", as all of them are the first of a month then"
			v.contested = true
		default:
			v.style.order = dayFirst
			if monthLocale(h.locale) {
				v.style.order = monthFirst
			}
			v.confidence, v.ambiguous = 0.5, true
			v.reason += ", " + v.style.order.String() + ", which no value decides"
			other, format := MonthFirst, "%m/%d/%Y"
			if v.style.order == monthFirst {
				other, format = DayFirst, "%d/%m/%Y"
			}
			v.note(AmbiguousDate, Warning, place{}, "no date has a part over 12, so day and month could be either way round; they are read "+v.style.order.String(),
				fmt.Sprintf("if that is wrong, set dates to %s, or the column's format to %s", other, strings.ReplaceAll(format, "/", string(style.sep))))
		}
	case yearMonth:
		v.reason = "months, held as their first day"
	}
	return v
}
