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
	asked   bool   // by option: text is read as what it says, zeros at the front mean nothing, 0 and 1 are words for false and true
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
}

// context is what a column's neighbours and the file say.
type hints struct {
	decimal byte           // the other columns' decimal mark, 0: not known
	orders  map[byte]order // the other columns' order of day and month, by what stands between the parts
	before  map[byte]bool  // what stands between the parts of other columns' dates that begin with a year of two digits
	dates   order          // the order of day and month by option
	comma   bool           // the delimiter suggests a decimal comma
	locale  string
	strict  bool
	sample  bool // not all values are in the evidence
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
		v = asText(onlySpellings, 0.6)
	case e.blanks > 0:
		v = asText("empty texts", 1)
	default:
		v = verdict{decision: decision{typ: table.Null, read: readNothing}, reason: "no values", confidence: 1, share: 1}
	}
	return v
}

// onlySpellings is why a column of nothing but words such as NA is text.
const onlySpellings = "text, as every value is a spelling of the empty cell and none is typed"

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

// halfTyped is the share of typed values in a sample of text from which all values are looked at, and from which the
// others are worth a word.
const halfTyped = 0.1

// percentages is what a column of them is called.
const percentages = "percentages, held as parts of one: 12.5% is 0.125"

// truthWords is what a column of true and false is called.
const truthWords = "words for true and false"

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
	if style, c := mostOf(yearsBefore(e.styles, h)); c != nil {
		offer(c.n-min(c.zoned, c.unzoned), "dates", func() verdict { return decideMoment(style, c, h) })
	}
	offer(e.clocks-e.longClocks, "times", func() verdict { return e.decideClock(name) })
	offer(e.clocks, "durations", func() verdict { return e.decideClock(name) })
	offer(e.isoLapses, "durations", func() verdict {
		return verdict{decision: decision{typ: table.Duration, read: readLapse}, reason: "ISO 8601 durations", confidence: 1}
	})
	if e.pairs != 0 {
		offer(e.truths, truthWords, func() verdict { return e.decideTruth(name) })
	}
	// Signs mean that there is no value, as a null spelling does; they are told from typed values when the column is read.
	share := float64(best.n) / float64(max(e.values-e.signs, 1))
	if share < 0.5 {
		v := asText("text", 1)
		if share >= halfTyped && best.what != truthWords {
			looked := ""
			if h.sample {
				looked = " that were looked at"
			}
			v.reason = fmt.Sprintf("text, as only %d of %d%s are %s", best.n, e.values, looked, best.what)
			v.confidence = 1 - share
		}
		// A sample in which a word for "no value" happens to stand often proves nothing.
		v.contested = share >= halfTyped
		return v
	}
	v := best.judge()
	if v.typ == table.String {
		v.share = 1
		v.contested = share < 1
		return v
	}
	v.share = share
	v.contested = v.contested || best.n < e.values || v.ambiguous
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
		t := asText("text, as zeros at the front or a telephone's plus make a code and no number", 0.95)
		t.note(LeadingZeros, Info, e.firstLeading, "a number would lose the zero or the plus at the front, so the column is text",
			"set the column's type to int if it means nothing")
		return t
	}
	if e.exponent > 0 && e.fits[mark] < e.values && e.fraction[mark] == 0 {
		return asText("text, as codes with letters stand beside what could be an exponent", 0.9)
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
		t := asText("text, as amounts in several units cannot be added up", 0.9)
		t.note(MixedUnits, Warning, place{}, "the values are in several units, "+unitList(e.units)+", so the column is text", "write a column for each unit, or the amounts in one")
		return t
	case float64(top) < 0.95*float64(fits):
		t := asText(fmt.Sprintf("text, as only %d of %d numbers are in %s", top, fits, unit), 0.8)
		t.note(MixedUnits, Warning, place{}, fmt.Sprintf("%d of %d values are in %s and the others name no unit, so the column is text", top, fits, unit), "write the unit beside every value, or set the column's type and unit")
		return t
	}
	v.unit = unit
	whole := e.fraction[mark] == 0 && e.exponent == 0
	switch {
	case unit == Percent:
		v.typ, v.shift = table.Float, -2
		v.reason = percentages
	case whole && e.overflow > 0:
		t := asText(tooLong, 0.95)
		t.note(IntOverflow, Warning, e.firstLong, tooLongNote, "set the column's type to float if rounding does no harm")
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
			v.note(EpochDetected, Info, place{}, "the numbers are read as "+v.reason, "set the column's type to int if they are none")
			return v
		}
		if format := e.digitDates(name, fits); format != "" {
			return digitDates(format)
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
		sign, role, other := "comma", "thousands", ","
		if strings.Contains(e.firstThree.value, ".") {
			sign, other = "point", "."
		}
		if (sign == "comma") == (mark == 1) {
			role, other = "decimal", map[string]string{"comma": ".", "point": ","}[sign]
		}
		v.reason += fmt.Sprintf(", the %s taken for the %s mark, which no value decides", sign, role)
		v.note(AmbiguousNumber, Warning, e.firstThree, fmt.Sprintf("every %s stands before three digits, as in %s, and could be the decimal or the thousands mark; it is taken for the %s mark", sign, QuoteValue(e.firstThree.value), role),
			fmt.Sprintf("set decimal to %s if that is wrong", other))
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
	if !epochName.MatchString(lastName(name)) || len(e.units) > 0 {
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

// lastName is the name of a field without those of the objects it stands in.
func lastName(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 && i+1 < len(name) {
		return name[i+1:]
	}
	return name
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
			t = asText("text, as only one of true and false appears and the name does not say that it is one", 0.7)
		}
		return t
	}
	return verdict{decision: decision{typ: table.Bool, read: readTruth, pairs: e.pairs}, confidence: 1, reason: truthWords}
}

// note adds a diagnostic about the column; its place is filled in later.
func (v *verdict) note(code Code, severity Severity, at place, message, hint string) {
	if at.known && !v.first.known {
		v.first = at
	}
	v.notes = append(v.notes, Note{Code: code, Severity: severity, Value: at.value, Message: message, Hint: hint})
}
