package ingest

import "strings"

// order says which part of a date stands where.
type order uint8

const (
	noDate     order = iota
	yearFirst        // 2024-03-31
	partsFirst       // 31/3/2024 or 3/31/2024: which one is the column's decision
	dayName          // 31 March 2024
	nameDay          // March 31, 2024
	yearMonth        // 2024-03
	compact          // 20240331T101500Z
	dayFirst         // partsFirst, decided
	monthFirst       // partsFirst, decided
)

// dateStyle is how the dates of a column are written; it is comparable.
type dateStyle struct {
	order order
	sep   byte // between the parts; 0 for names, and marks for months
	short bool // two-digit years
}

// certain says whether a text of this style is a date even where it need not be one, as in JSON: it names its year in
// full, or has slashes.
func (s dateStyle) certain() bool {
	return s.sep != monthFirstMark && (!s.short || s.order == partsFirst && s.sep == '/')
}

// moment is a text read as a date, with a time of day if one follows.
type moment struct {
	style  dateStyle
	a, b   int // the first two parts where the order is open
	year   int
	month  int
	day    int
	timed  bool
	zoned  bool
	micros int64 // since midnight, minus the zone's offset: may be below zero or beyond a day
}

// parseMoment reads a date or a timestamp in any style; parts that cannot be any date are refused, 30 February is not
// (that is for [moment.days] to say).
func parseMoment(b []byte) (moment, bool) {
	var m moment
	b = trimSpace(b)
	if len(b) > 48 {
		b = withoutZoneName(b)
	}
	if len(b) < 6 || len(b) > 48 {
		return m, false
	}
	if b[0]-'0' > 9 {
		if b = weekday(b); len(b) == 0 {
			return m, false
		}
	}
	rest, ok := m.date(b)
	if !ok {
		return m, false
	}
	if len(rest) == 0 {
		return m, m.style.order != compact
	}
	if m.style.order == yearMonth {
		return m, false
	}
	switch rest[0] {
	case 'T', 't', ' ':
		rest = rest[1:]
	case ',':
		rest = trimSpace(rest[1:])
	case ':':
		if m.style.order != dayName { // 24/Nov/2026:10:00:00 +0100, as web servers log
			return m, false
		}
		rest = rest[1:]
	default:
		return m, false
	}
	rest = trimSpace(rest)
	if len(rest) > 3 && (rest[0] == 'u' && string(rest[:3]) == "um " || string(rest[:3]) == "at ") {
		rest = rest[3:]
	}
	if m.style.order == compact {
		return m, m.compactTime(rest)
	}
	return m, m.clock(rest)
}

func leadingDigits(b []byte) (value, size int) {
	for size < len(b) && size < 9 && b[size]-'0' <= 9 {
		value = value*10 + int(b[size]-'0')
		size++
	}
	return value, size
}

func (m *moment) date(b []byte) ([]byte, bool) {
	first, n := leadingDigits(b)
	if n == 0 {
		return m.named(b)
	}
	if n == len(b) {
		return nil, false
	}
	rest := b[n:]
	if n == 8 && (rest[0] == 'T' || rest[0] == 't') {
		m.style = dateStyle{order: compact}
		m.year, m.month, m.day = first/10000, first/100%100, first%100
		return rest, m.plausible()
	}
	sep := rest[0]
	if n > 4 || n == 3 {
		return nil, false
	}
	second, k := 0, 0
	if sep == '-' || sep == '/' || sep == '.' {
		second, k = leadingDigits(rest[1:])
	}
	switch {
	case k == 0 && n <= 2:
		return m.dayNamed(b, first, n)
	case k == 0:
		return m.yearNamed(rest, first)
	case k == 4 && n <= 2 && len(rest) == 5 && sep != '.':
		m.style = dateStyle{order: yearMonth, sep: monthFirstMark} // 03/2024
		m.year, m.month, m.day = second, first, 1
		return nil, m.plausible() && second >= 1500 && second < 2500
	case k > 2:
		return nil, false
	}
	rest = rest[1+k:]
	if n == 4 {
		m.year, m.month = first, second
		if len(rest) == 0 && k == 2 && sep != '.' {
			m.style, m.day = dateStyle{order: yearMonth, sep: sep}, 1
			return rest, m.plausible()
		}
		if len(rest) < 2 || rest[0] != sep {
			return nil, false
		}
		day, k := leadingDigits(rest[1:])
		if k == 0 || k > 2 {
			return nil, false
		}
		m.style, m.day = dateStyle{order: yearFirst, sep: sep}, day
		return rest[1+k:], m.plausible()
	}
	if len(rest) < 3 || rest[0] != sep {
		return nil, false
	}
	year, k := leadingDigits(rest[1:])
	switch k {
	case 4:
	case 2:
		year = fullYear(year)
	default:
		return nil, false
	}
	if k == 2 && n == 2 && (first > 31 || first == 0) {
		day, _ := leadingDigits(rest[1:])
		m.style = dateStyle{order: yearFirst, sep: sep, short: true} // 99-12-31
		m.year, m.month, m.day = fullYear(first), second, day
		return rest[1+k:], m.plausible()
	}
	m.style = dateStyle{order: partsFirst, sep: sep, short: k == 2}
	m.a, m.b, m.year = first, second, year
	return rest[1+k:], first >= 1 && second >= 1 && first <= 31 && second <= 31 && (first <= 12 || second <= 12)
}

// yearBefore reads 24-12-31, which could be day first by itself, as the dates of its column that begin with a year.
func (m *moment) yearBefore() {
	if m.style.order == partsFirst && m.style.short {
		m.style.order = yearFirst
		m.year, m.month, m.day = fullYear(m.a), m.b, m.year%100
		if !m.plausible() {
			m.style = dateStyle{}
		}
	}
}

// fullYear reads a two-digit year: 69 to 99 are of the last century.
func fullYear(y int) int {
	if y >= 69 {
		return 1900 + y
	}
	return 2000 + y
}

func (m *moment) plausible() bool { return m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= 31 }

// clock reads a time of day with an optional zone.
func (m *moment) clock(b []byte) bool {
	micros, rest, ok := clockTime(b)
	if !ok || micros > dayMicros {
		return false
	}
	m.timed, m.micros = true, micros
	rest = trimSpace(rest)
	if string(rest) == "Uhr" { // o'clock
		rest = nil
	}
	offset, zoned, ok := zone(rest)
	m.zoned = zoned
	m.micros -= offset
	return ok
}

func (m *moment) compactTime(b []byte) bool {
	v, n := leadingDigits(b)
	switch n {
	case 6:
	case 4:
		v *= 100
	default:
		return false
	}
	h, minute, s := v/10000, v/100%100, v%100
	if h > 23 || minute > 59 || s > 60 {
		return false
	}
	m.timed, m.micros = true, int64(h*3600+minute*60+s)*1e6
	offset, zoned, ok := zone(b[n:])
	m.zoned = zoned
	m.micros -= offset
	return ok
}

const dayMicros = 86_400_000_000

// clockTime reads h:mm, h:mm:ss and h:mm:ss.fff with any number of hours, and AM or PM.
func clockTime(b []byte) (micros int64, rest []byte, ok bool) {
	h, n := leadingDigits(b)
	if n == 0 || n > 5 || n >= len(b) || b[n] != ':' {
		return 0, nil, false
	}
	b = b[n+1:]
	minute, n := leadingDigits(b)
	if n != 2 || minute > 59 {
		return 0, nil, false
	}
	b = b[n:]
	sec, frac := 0, int64(0)
	if len(b) > 2 && b[0] == ':' {
		if sec, n = leadingDigits(b[1:]); n != 2 || sec > 60 {
			return 0, nil, false
		}
		b = b[1+n:]
		if len(b) > 1 && (b[0] == '.' || b[0] == ',') && b[1]-'0' <= 9 {
			unit := int64(100_000)
			for b = b[1:]; len(b) > 0 && b[0]-'0' <= 9; b = b[1:] {
				frac += int64(b[0]-'0') * unit
				unit /= 10
			}
		}
	}
	if half := trimSpace(b); len(half) >= 2 && (half[1]|0x20 == 'm' || half[1] == '.') {
		word := strings.ToLower(strings.ReplaceAll(string(half), ".", ""))
		pm := strings.HasPrefix(word, "pm")
		if pm || strings.HasPrefix(word, "am") {
			if h < 1 || h > 12 || len(word) > 2 && word[2] != ' ' {
				return 0, nil, false
			}
			h %= 12
			if pm {
				h += 12
			}
			b = half[2:]
			if half[1] == '.' { // p.m.
				b = half[min(4, len(half)):]
			}
		}
	}
	return int64(h*3600+minute*60+sec)*1e6 + frac, b, true
}

// zone reads Z, UTC, GMT, +02:00, +0200, +02 and GMT+2, and passes over a zone's name behind them; an empty text is no
// zone.
func zone(b []byte) (offset int64, zoned, ok bool) {
	if len(b) > 3 {
		b = withoutZoneName(b)
	}
	switch string(b) {
	case "":
		return 0, false, true
	case "Z", "z", "UTC", "GMT", "utc", "gmt":
		return 0, true, true
	}
	least := 2
	if len(b) > 4 {
		if w := string(b[:3]); w == "UTC" || w == "GMT" {
			b, least = trimSpace(b[3:]), 1
		}
	}
	if len(b) < 2 || b[0] != '+' && b[0] != '-' {
		return 0, false, false
	}
	h, n := leadingDigits(b[1:])
	rest := b[1+n:]
	minute := 0
	switch {
	case n == 4 && len(rest) == 0:
		h, minute = h/100, h%100
	case n <= 2 && n >= least && len(rest) == 0:
	case n <= 2 && n > 0 && len(rest) == 3 && rest[0] == ':':
		var k int
		if minute, k = leadingDigits(rest[1:]); k != 2 {
			return 0, false, false
		}
	default:
		return 0, false, false
	}
	if h > 15 || minute > 59 {
		return 0, false, false
	}
	offset = int64(h*3600+minute*60) * 1e6
	if b[0] == '-' {
		offset = -offset
	}
	return offset, true, true
}

// days returns the days since 1970-01-01 once the order is decided, false for a day that is in no calendar.
func (m *moment) days(o order) (int64, bool) {
	month, day := m.month, m.day
	if m.style.order == partsFirst {
		month, day = m.b, m.a
		if o == monthFirst {
			month, day = m.a, m.b
		}
	}
	if month < 1 || month > 12 || day < 1 || day > monthDays(m.year, month) {
		return 0, false
	}
	return civilDays(m.year, month, day), true
}

func monthDays(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// civilDays counts the days from 1970-01-01 in the proleptic Gregorian calendar, in eras of 400 years that begin in
// March so that the leap day comes last.
func civilDays(y, m, d int) int64 {
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yearOfEra := y - era*400
	dayOfYear := (153*((m+9)%12)+2)/5 + d - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return int64(era*146_097 + dayOfEra - 719_468)
}

// isDay says whether eight digits are a date of the calendar, between the years 1800 and 2100.
func isDay(v int) bool {
	year, month, day := v/10000, v/100%100, v%100
	return year >= 1800 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= monthDays(year, month)
}
