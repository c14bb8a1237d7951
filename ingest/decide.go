package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
)

// reading is how cells become values.
type reading uint8

const (
	readNothing reading = iota
	readText
	readTruth
	readNumber
	readMoment
	readEpoch
	readClock // a time of day
	readLapse // a duration
	readList
)

// decision is how a column is read. It is comparable: two runs read by equal decisions make one column.
type decision struct {
	typ     table.Type
	read    reading
	decimal byte
	shift   int8 // of ten: -2 for percent, 3 for epochs in milliseconds
	scale   int8
	unit    string
	pairs   uint32
	style   dateStyle
	instant bool
	format  string // strftime, by option
	plain   bool   // text that does not repeat is held without a dictionary
}

// verdict is a decision with its reasons.
type verdict struct {
	decision
	reason     string
	confidence float64
	share      float64 // of the values that fit
	contested  bool    // other values could overturn it: look at all of them
	notes      []Note
	ambiguous  bool // the order of day and month, or the decimal mark, was guessed
	first      place
	forced     bool // by option
	text       string
}

// context is what a column's neighbours and the file say.
type hints struct {
	decimal byte  // the other columns' decimal mark, 0: not known
	order   order // the other columns' order of day and month
	comma   bool  // the delimiter suggests a decimal comma
	locale  string
	strict  bool
}

// commaLocale and monthLocale say what is usual where the locale is from.
func commaLocale(locale string) bool {
	lang, region, _ := strings.Cut(strings.ReplaceAll(locale, "_", "-"), "-")
	switch lang {
	case "de", "fr", "it", "es", "pt", "nl", "pl", "cs", "da", "sv", "nb", "fi", "tr", "ru", "uk", "ro", "hu":
		return region != "CH" && region != "MX" && region != "US"
	}
	return false
}

func monthLocale(locale string) bool {
	return strings.HasSuffix(locale, "-US") || strings.HasSuffix(locale, "_US") || strings.HasSuffix(locale, "-PH")
}

// decide finds the narrowest type that the values fit.
func (e *evidence) decide(name string, unit string, h hints) verdict {
	typed := 0
	for k, n := range e.kinds {
		if Kind(k) != Absent && Kind(k) != Raw && Kind(k) != Fault {
			typed += n
		}
	}
	var v verdict
	switch {
	case typed > 0:
		v = e.decideTyped(name, unit, h)
	case e.values > 0:
		v = e.decideRaw(name, h)
	case e.spelled > 0:
		v = asText("all values are spellings of an empty cell; without a typed value beside them they are text", 0.6)
	case e.blanks > 0:
		v = asText("empty texts", 1)
	default:
		v = verdict{decision: decision{typ: table.Null, read: readNothing}, reason: "no values", confidence: 1, share: 1}
	}
	return v
}

// asSaid is the verdict on a column whose type the file states.
func asSaid(f table.Field) verdict {
	v := verdict{decision: decision{typ: f.Type, unit: f.Unit, instant: f.Instant}, reason: "as the file says", confidence: 1, share: 1, forced: true}
	switch f.Type {
	case table.Bool:
		v.read = readTruth
	case table.Int, table.Float:
		v.read, v.decimal = readNumber, '.'
	case table.Date, table.Timestamp:
		v.read, v.style = readMoment, dateStyle{order: yearFirst, sep: '-'}
	case table.Time:
		v.read = readClock
	case table.Duration:
		v.read = readLapse
	case table.Nested:
		v.read = readList
	case table.String:
		v.read = readText
	}
	return v
}

func asText(reason string, confidence float64) verdict {
	return verdict{decision: decision{typ: table.String, read: readText}, reason: reason, confidence: confidence, share: 1}
}

// candidate is a reading and how many values it fits.
type candidate struct {
	n     int
	what  string
	judge func() verdict
}

func (e *evidence) decideRaw(name string, h hints) verdict {
	best := candidate{}
	offer := func(n int, what string, judge func() verdict) {
		if n > best.n {
			best = candidate{n, what, judge}
		}
	}
	mark, guessed := e.mark(h)
	offer(e.fits[mark], "numbers", func() verdict { return e.decideNumber(name, mark, guessed, h) })
	if style, c := mostOf(e.styles); c != nil {
		offer(c.n-min(c.zoned, c.unzoned), "dates", func() verdict { return decideMoment(style, c, h) })
	}
	offer(e.clocks-e.longClocks, "times", func() verdict { return e.decideClock(name) })
	offer(e.clocks, "durations", func() verdict { return e.decideClock(name) })
	offer(e.isoLapses, "durations", func() verdict {
		return verdict{decision: decision{typ: table.Duration, read: readLapse}, reason: "ISO 8601 durations", confidence: 1}
	})
	if e.pairs != 0 {
		offer(e.truths, "words for true and false", func() verdict { return e.decideTruth(name) })
	}
	share := float64(best.n) / float64(e.values)
	if share < 0.5 {
		v := asText("text", 1)
		if share > 0 {
			v.reason = fmt.Sprintf("text: only %d of %d values are %s", best.n, e.values, best.what)
			v.confidence = 1 - share
		}
		return v
	}
	v := best.judge()
	if v.typ == table.String {
		v.share = 1
		v.contested = share < 1
		return v
	}
	v.share = share
	v.contested = v.contested || share < 1 || v.ambiguous
	v.text = best.what
	return v
}

// mark chooses the decimal mark: 0 for a point, 1 for a comma. It was guessed when no value decides.
func (e *evidence) mark(h hints) (mark int, guessed bool) {
	switch {
	case e.decides[0] > 0 && e.decides[1] == 0:
		return 0, false
	case e.decides[1] > 0 && e.decides[0] == 0:
		return 1, false
	case e.decides[0] > 0:
		if e.fits[1] > e.fits[0] {
			return 1, false
		}
		return 0, false
	}
	if e.three[0]+e.three[1] == 0 {
		return 0, false // no mark at all
	}
	// Every mark stands before three digits. A point is rarely a grouping mark unless something says so.
	if e.three[1] == 0 {
		if h.decimal == ',' || h.decimal == 0 && h.comma {
			return 1, true
		}
		return 0, false
	}
	switch {
	case h.decimal == '.':
		return 0, true
	case h.decimal == ',':
		return 1, true
	case h.comma, commaLocale(h.locale):
		return 1, true
	}
	return 0, true
}

func (e *evidence) decideNumber(name string, mark int, guessed bool, h hints) verdict {
	v := verdict{decision: decision{read: readNumber, decimal: ".,"[mark]}, confidence: 1}
	if e.leading > 0 {
		t := asText("digits with leading zeros or a telephone's plus are a code, not a number", 0.95)
		t.note(LeadingZeros, Info, e.firstLeading, "values begin with a zero or a plus that a number would lose, so the column is text",
			"set the column's type to int if the zeros mean nothing")
		return t
	}
	if e.exponent > 0 && e.fits[mark] < e.values && e.fraction[mark] == 0 {
		return asText("codes with letters: 12E4 is no number beside them", 0.9)
	}
	total, top, unit := 0, 0, ""
	for u, n := range e.units {
		total += n
		if n > top || n == top && u < unit {
			top, unit = n, u
		}
	}
	fits := e.fits[mark]
	switch {
	case total == 0:
		unit = headerUnit(name)
	case len(e.units) > 1:
		t := asText("amounts in several units cannot be added up", 0.9)
		t.note(MixedUnits, Warning, place{}, "the values carry several units: "+unitList(e.units), "split the column by unit, or set its type and unit")
		return t
	case float64(top) < 0.95*float64(fits):
		t := asText(fmt.Sprintf("only %d of %d numbers carry the unit %s", top, fits, unit), 0.8)
		t.note(MixedUnits, Warning, place{}, fmt.Sprintf("%d of %d values carry the unit %s, the others none", top, fits, unit), "set the column's unit, or write it beside every value")
		return t
	}
	v.unit = unit
	whole := e.fraction[mark] == 0 && e.exponent == 0
	switch {
	case unit == Percent:
		v.typ, v.shift = table.Float, -2
		v.reason = "percentages, held as fractions of one"
	case whole && e.overflow > 0:
		t := asText("whole numbers beyond 64 bits would be rounded", 0.95)
		t.note(IntOverflow, Info, e.firstLong, "whole numbers beyond 64 bits are kept as text, digit for digit", "set the column's type to float if rounding does no harm")
		return t
	case whole:
		v.typ, v.reason = table.Int, "whole numbers"
		if scale := e.epochScale(name, fits); scale != 0 {
			v.typ, v.read, v.scale, v.instant = table.Timestamp, readEpoch, scale, true
			v.reason = "seconds since 1970, by the name and the range"
			if scale == 3 {
				v.reason = "milliseconds since 1970, by the name and the range"
			}
			v.decimal = 0
			v.unit = ""
			v.note(EpochDetected, Info, place{}, "whole numbers are read as "+v.reason, "set the column's type to int to keep the numbers")
			return v
		}
	default:
		v.typ, v.reason = table.Float, "numbers"
	}
	if unit != "" && unit != Percent {
		v.reason += " in " + unit
	}
	if guessed {
		v.ambiguous = true
		v.confidence = 0.6
		word := "a decimal point"
		if mark == 1 {
			word = "a decimal comma"
		}
		v.reason += fmt.Sprintf(" with %s, which no value decides", word)
		v.note(AmbiguousNumber, Warning, place{}, fmt.Sprintf("every mark stands before three digits; the numbers are read with %s", word),
			"set decimal to . or , if that is wrong")
	} else if mark == 1 {
		v.reason += " with a decimal comma"
	}
	return v
}

func unitList(units map[string]int) string {
	var b strings.Builder
	for i, u := range slices.Sorted(maps.Keys(units)) {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s (%d)", u, units[u])
	}
	return b.String()
}

// epochScale returns 6 for seconds and 3 for milliseconds, the powers of ten to microseconds, 0 for other numbers.
func (e *evidence) epochScale(name string, n int) int8 {
	if !epochName.MatchString(name) || len(e.units) > 0 {
		return 0
	}
	switch n {
	case e.epochs[0]:
		return 6
	case e.epochs[1]:
		return 3
	}
	return 0
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

func before(a, b dateStyle) bool {
	if a.order != b.order {
		return a.order < b.order
	}
	return a.sep < b.sep
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
			t := asText("some dates can only be day first and others only month first", 0.9)
			t.note(MixedDateOrder, Warning, place{}, fmt.Sprintf("%s can only be day first and %s only month first", QuoteValue(c.sampleA), QuoteValue(c.sampleB)),
				"write all dates in one order, best as 2006-01-31")
			t.contested = true
			return t
		case c.aOver > 0:
			v.style.order = dayFirst
			v.reason += fmt.Sprintf(", day first: %s decides", QuoteValue(c.sampleA))
		case c.bOver > 0:
			v.style.order = monthFirst
			v.reason += fmt.Sprintf(", month first: %s decides", QuoteValue(c.sampleB))
		case h.order != noDate:
			v.style.order = h.order
			v.confidence = 0.9
			v.reason += ", " + h.order.String() + " as in another column"
			v.contested = true
		case style.sep == '.':
			v.style.order = dayFirst
			v.confidence = 0.9
			v.reason += ", day first as dots mean"
			v.contested = true
		default:
			v.style.order = dayFirst
			if monthLocale(h.locale) {
				v.style.order = monthFirst
			}
			v.confidence, v.ambiguous = 0.5, true
			v.reason += ", " + v.style.order.String() + ", which no value decides"
			v.note(AmbiguousDate, Warning, place{}, "no date has a part over 12; the dates are read "+v.style.order.String(),
				"set the column's format to %m/%d/%Y or %d/%m/%Y")
		}
	case yearMonth:
		v.reason = "months, held as their first day"
	}
	return v
}

// String returns the order in words.
func (o order) String() string {
	switch o {
	case dayFirst:
		return "day first"
	case monthFirst:
		return "month first"
	}
	return "as written"
}

func (e *evidence) decideClock(name string) verdict {
	v := verdict{decision: decision{typ: table.Time, read: readClock}, confidence: 1, reason: "times of day"}
	if e.longClocks > 0 || durationName.MatchString(name) {
		v.typ, v.read, v.reason = table.Duration, readLapse, "durations: some are a day or longer"
		if e.longClocks == 0 {
			v.reason = "durations, by the name"
		}
	}
	return v
}

func (e *evidence) decideTruth(name string) verdict {
	both := e.trues > 0 && e.trues < e.truths
	if !both && !boolName.MatchString(name) {
		t := asText("text", 1)
		if e.truths == e.values {
			t = asText("words for true and false, but only one of the two appears", 0.7)
		}
		return t
	}
	return verdict{decision: decision{typ: table.Bool, read: readTruth, pairs: e.pairs}, confidence: 1, reason: "words for true and false"}
}

// note adds a diagnostic about the column; its place is filled in later.
func (v *verdict) note(code Code, severity Severity, at place, message, hint string) {
	if at.known && !v.first.known {
		v.first = at
	}
	v.notes = append(v.notes, Note{Code: code, Severity: severity, Value: at.value, Message: message, Hint: hint})
}
