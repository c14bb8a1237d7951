package ingest

import (
	"fmt"
	"strings"

	"github.com/dashira/dashira/table"
)

// decideTyped finds the type of a column whose cells came with kinds: JSON values, the cells of a workbook.
func (e *evidence) decideTyped(name, unit string, h hints) verdict {
	texts := e.kinds[Text]
	if !h.strict {
		texts -= e.spelled
	}
	raw := e.values
	best, bestN, total, present := Absent, 0, 0, 0
	for k, n := range e.kinds {
		switch kind := Kind(k); kind {
		case Absent, Fault:
			continue
		case Text:
			n = texts
		case Raw:
			n = raw
		}
		if n == 0 {
			continue
		}
		total += n
		present++
		if n > bestN {
			best, bestN = Kind(k), n
		}
	}
	if present == 0 {
		return asText(onlySpellings, 0.6)
	}
	if style, c := mostOf(e.moments); c != nil && c.n == e.kinds[Moment]+texts && present <= 2 && e.kinds[Moment]+texts == total {
		v := decideMoment(style, c, h)
		if style.order == compact {
			v.style = dateStyle{order: compact}
		}
		v.share = 1
		return v
	}
	if present > 1 && (h.strict || best == Text || best == Raw || float64(bestN) < 0.5*float64(total)) {
		v := asText("text, as the values are of several types: "+kindList(e), 0.8)
		v.note(MixedTypes, Warning, place{}, "the column holds values of several types ("+kindList(e)+"), so it is text", "make the values one type, or set the column's type")
		v.share, v.contested = 1, true
		return v
	}
	v := verdict{confidence: 1, share: float64(bestN) / float64(total), contested: present > 1}
	switch best {
	case Text:
		v.decision, v.reason = decision{typ: table.String, read: readText}, "text"
		v.contested = e.moments != nil
	case Raw:
		return e.decideRaw(name, h)
	case Truth:
		v.decision, v.reason = decision{typ: table.Bool, read: readTruth}, "true and false"
	case List:
		v.decision, v.reason = decision{typ: table.Nested, read: readList}, "lists or objects"
	case Clock:
		v.decision, v.reason = decision{typ: table.Time, read: readClock}, "times of day"
	case Lapse:
		v.decision, v.reason = decision{typ: table.Duration, read: readLapse}, "durations"
	case Moment:
		style, c := mostOf(e.moments)
		if c == nil {
			return asText("text", 1)
		}
		m := decideMoment(style, c, h)
		m.share, m.contested = v.share, v.contested
		return m
	case Number:
		v.read, v.decimal, v.unit = readNumber, '.', unit
		if v.unit == "" {
			if v.unit = headerUnit(name); v.unit == Percent {
				v.shift = -2
			}
		}
		switch {
		case e.fractions == 0 && e.tooLong > 0:
			t := asText(tooLong, 0.95)
			t.note(IntOverflow, Warning, e.firstLong, tooLongNote, "set the column's type to float if rounding does no harm")
			return t
		case e.fractions == 0 && v.unit != Percent:
			v.typ, v.reason = table.Int, "whole numbers"
			if scale := e.epochScale(name, e.kinds[Number]); scale != 0 {
				v.typ, v.read, v.scale, v.instant, v.decimal, v.unit = table.Timestamp, readEpoch, scale, true, 0, ""
				v.reason = "seconds since 1970, by the name and the range"
				if scale == 3 {
					v.reason = "milliseconds since 1970, by the name and the range"
				}
				v.note(EpochDetected, Info, place{}, "the numbers are read as "+v.reason, "set the column's type to int if they are none")
			} else if format := e.digitDates(name, e.kinds[Number]); format != "" {
				return digitDates(format)
			}
		default:
			v.typ, v.reason = table.Float, "numbers"
		}
		if v.unit == Percent {
			v.reason = percentages
		} else if v.unit != "" {
			v.reason += " in " + v.unit
		}
	}
	return v
}

// What is said of whole numbers that fit no column of them.
const (
	tooLong     = "text, as whole numbers beyond 64 bits would be rounded"
	tooLongNote = "a whole number is beyond 64 bits, so the column is text with every digit"
)

// kindList says how many values there are of which kind.
func kindList(e *evidence) string {
	words := [kinds][2]string{Raw: {"text", "texts"}, Text: {"text", "texts"}, Number: {"number", "numbers"}, Truth: {"true or false", "true or false"}, List: {"list or object", "lists or objects"},
		Moment: {"date", "dates"}, Clock: {"time", "times"}, Lapse: {"duration", "durations"}}
	var parts []string
	for k, n := range e.kinds {
		if n > 0 && words[k][0] != "" {
			parts = append(parts, fmt.Sprintf("%d %s", n, words[k][b2i(n > 1)]))
		}
	}
	return strings.Join(parts, ", ")
}
