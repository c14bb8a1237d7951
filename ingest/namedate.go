package ingest

import (
	"bytes"
	"strings"
)

// What stands for the separator in the styles of months: a name, or a number before the year. Months with names are
// short when their year has two digits.
const (
	monthNameMark  = 'n'
	monthFirstMark = 'm'
)

// suffixes follow the number of a day: 1st, 1er.
var suffixes = []string{"st", "nd", "rd", "th", "er"}

// dayNamed reads 31 March 2024, 31-Mar-24, 31. März 2024, 31st March 2024, 3 de marzo de 2024.
func (m *moment) dayNamed(b []byte, day, n int) ([]byte, bool) {
	rest := between(withoutSuffix(b[n:]))
	month, size := monthWord(rest)
	if month == 0 {
		return nil, false
	}
	rest = between(rest[size:])
	year, k := leadingDigits(rest)
	if k != 4 && k != 2 {
		return nil, false
	}
	if k == 2 {
		year = fullYear(year)
	}
	m.style = dateStyle{order: dayName, short: k == 2}
	m.year, m.month, m.day = year, month, day
	return rest[k:], m.plausible()
}

// yearNamed reads what follows a year: 2024 Mar, 2024-Mar-31, 2024年3月31日.
func (m *moment) yearNamed(rest []byte, year int) ([]byte, bool) {
	if east, ok := bytes.CutPrefix(rest, []byte("年")); ok {
		return m.eastern(east, year)
	}
	rest = between(rest)
	month, size := monthWord(rest)
	if month == 0 {
		return nil, false
	}
	m.year, m.month, m.day = year, month, 1
	if rest = rest[size:]; len(rest) == 0 {
		m.style = dateStyle{order: yearMonth, sep: monthNameMark}
		return nil, true
	}
	rest = between(rest)
	day, k := leadingDigits(rest)
	m.style, m.day = dateStyle{order: yearFirst, sep: monthNameMark}, day
	return rest[min(k, len(rest)):], (k == 1 || k == 2) && m.plausible()
}

// eastern reads 3月31日 and 3月 behind a year.
func (m *moment) eastern(b []byte, year int) ([]byte, bool) {
	month, k := leadingDigits(b)
	rest, ok := bytes.CutPrefix(b[k:], []byte("月"))
	if !ok || k == 0 || k > 2 {
		return nil, false
	}
	m.year, m.month, m.day = year, month, 1
	if len(rest) == 0 {
		m.style = dateStyle{order: yearMonth, sep: monthNameMark}
		return nil, m.plausible()
	}
	day, k := leadingDigits(rest)
	rest, ok = bytes.CutPrefix(rest[k:], []byte("日"))
	m.style, m.day = dateStyle{order: yearFirst, sep: monthNameMark}, day
	return rest, ok && k <= 2 && m.plausible()
}

// named reads March 31, 2024, Mar 31 2024, Mar-31-24, March 2024, Mar-24 and Oct 10 20:19:24 +0000 2024.
func (m *moment) named(b []byte) ([]byte, bool) {
	month, size := monthWord(b)
	if month == 0 {
		return nil, false
	}
	gap := b[size:]
	rest := between(gap)
	day, k := leadingDigits(rest)
	if k == 4 && len(rest) == 4 { // March 2024
		m.style = dateStyle{order: yearMonth, sep: monthNameMark}
		m.year, m.month, m.day = day, month, 1
		return nil, true
	}
	if len(gap) == 3 && gap[0] == '-' && k == 2 || bytes.HasPrefix(trimSpace(gap), []byte("'")) { // Mar-24, as Excel writes months, and Mar '24
		year, k := leadingDigits(gap[len(gap)-min(2, len(gap)):])
		m.style = dateStyle{order: yearMonth, sep: monthNameMark, short: true}
		m.year, m.month, m.day = fullYear(year), month, 1
		return nil, k == 2 && len(trimSpace(gap)) == 3
	}
	if k == 0 || k > 2 {
		return nil, false
	}
	rest = between(withoutSuffix(rest[k:]))
	m.month, m.day = month, day
	year, k := leadingDigits(rest)
	if k > 0 && k <= 2 && k < len(rest) && rest[k] == ':' {
		return m.yearLast(rest)
	}
	if k != 4 && k != 2 {
		return nil, false
	}
	if k == 2 {
		year = fullYear(year)
	}
	m.style = dateStyle{order: nameDay, short: k == 2}
	m.year = year
	return rest[k:], m.plausible()
}

// yearLast reads the time, zone and year behind month and day, as C and Unix write them: 20:19:24 UTC 2024.
func (m *moment) yearLast(b []byte) ([]byte, bool) {
	at := bytes.LastIndexByte(b, ' ')
	if at < 0 {
		return nil, false
	}
	year, k := leadingDigits(b[at+1:])
	if k != 4 || at+1+k != len(b) {
		return nil, false
	}
	m.style, m.year = dateStyle{order: nameDay}, year
	return nil, m.clock(trimSpace(b[:at])) && m.plausible()
}

func withoutSuffix(b []byte) []byte {
	for _, suffix := range suffixes {
		if len(b) > 2 && strings.EqualFold(string(b[:2]), suffix) {
			return b[2:]
		}
	}
	return b
}

// withoutZoneName leaves out the name of a zone that follows its offset: +01:00[Europe/Berlin], +0100 CET, +0100
// (Central European Standard Time).
func withoutZoneName(b []byte) []byte {
	at := bytes.IndexAny(b, "[(")
	if at < 0 {
		if at = bytes.LastIndexByte(b, ' '); at < 0 || len(b)-at > 6 || !bytes.ContainsAny(b[:at], "+-") {
			return b
		}
		for _, c := range b[at+1:] {
			if c < 'A' || c > 'Z' {
				return b
			}
		}
		return b[:at]
	}
	if end := b[len(b)-1]; at == 0 || end != ']' && end != ')' {
		return b
	}
	return trimSpace(b[:at])
}

// between skips what stands between the parts of a date with a month's name.
func between(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '-' || b[0] == '.' || b[0] == ',' || b[0] == '/') {
		b = b[1:]
	}
	if len(b) > 3 && strings.EqualFold(string(b[:3]), "de ") {
		b = b[3:]
	}
	return b
}
