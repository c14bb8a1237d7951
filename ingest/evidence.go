package ingest

import (
	"math"

	"github.com/zeebo/xxh3"
)

// evidence is what the values of a column say about its type. It can be merged, so it is gathered run by run.
type evidence struct {
	rows    int
	kinds   [kinds]int
	spelled int // null spellings among Raw and Text
	blanks  int // empty texts by the file's own word
	values  int // Raw cells that are not empty and no null spelling
	signs   int // of them those that hold no letter and no digit, and mean no value as well

	// Numbers among the Raw values; index 0 reads a decimal point, 1 a decimal comma.
	fits     [2]int
	decides  [2]int // only this mark can be meant
	fraction [2]int
	three    [2]int // a mark before three digits that the other convention reads otherwise
	leading  int    // leading zeros or a telephone's plus
	overflow int    // whole numbers beyond 64 bits
	exponent int
	units    map[string]int
	epochs   [2]int // whole numbers that are seconds, milliseconds between 1990 and 2100
	days     [2]int // whole numbers that are dates such as 20240331, months such as 202403

	truths       int
	pairs        uint32 // languages in which all words for true and false agree
	trues        int
	styles       map[dateStyle]*styleCount
	clocks       int // hh:mm[:ss]
	longClocks   int // of them a day or more
	isoLapses    int
	line         int   // of the cell that is looked at, counted from the run's first
	firstUnlike  place // a value that is no number, date, time or word for true and false
	firstLeading place
	firstLong    place
	firstThree   place // a mark before three digits

	texts int    // of samples
	words sketch // of those texts

	// Cells that are numbers by the format's word.
	wholes, fractions, tooLong int
	// Dates by the format's word, or text that looks like an instant.
	moments map[dateStyle]*styleCount
}

// place is the first value of a kind and where it stands.
type place struct {
	known     bool
	run, line int
	value     string
}

func (p *place) set(b []byte, line int) {
	if !p.known {
		*p = place{known: true, line: line, value: Excerpt(string(b))}
	}
}

func (p *place) merge(o place, run int) {
	if !p.known && o.known {
		*p = o
		p.run = run
	}
}

type styleCount struct {
	n                int
	aOver, bOver     int // first, second part over 12
	aOnes, bOnes     int // first, second part 1
	from, to         int // years
	timed            int
	zoned, unzoned   int // of the timed
	sampleA, sampleB string
}

// span widens the years.
func (s *styleCount) span(from, to int) {
	if s.from == 0 || from < s.from {
		s.from = from
	}
	s.to = max(s.to, to)
}

// firsts says which part is the day where one is the first of the month in every date, over more than a year: a row for
// each month is written so. Dates of a few days in one January are not meant.
func (s *styleCount) firsts() order {
	switch {
	case s.n < leastFirsts || s.from == s.to || s.aOnes == s.bOnes:
	case s.aOnes == s.n:
		return dayFirst
	case s.bOnes == s.n:
		return monthFirst
	}
	return noDate
}

const leastFirsts = 3

func newEvidence() *evidence {
	return &evidence{pairs: math.MaxUint32}
}

// epochTo is 2100-01-01 in seconds; ten digits begin in 2001, thirteen too.
const epochTo = 4_102_444_800

// look takes one cell into account.
func (e *evidence) look(kind Kind, b []byte, line int) {
	e.line = line
	e.rows++
	switch kind {
	case Absent, Truth, List, Clock, Lapse, Fault:
		e.kinds[kind]++
		return
	case Number:
		e.kinds[kind]++
		n, ok := parseNumber(b, '.')
		switch {
		case !ok:
		case !n.isInt():
			e.fractions++
		default:
			e.wholes++
			if !e.whole(&n) {
				e.tooLong++
				e.firstLong.set(b, line)
			}
		}
		return
	case Moment, Text:
		if len(b) == 0 {
			e.kinds[Absent]++
			e.blanks++
			return
		}
		if kind == Text && isNullSpelling(b) {
			e.spelled++
		}
		e.kinds[kind]++
		if kind == Moment || len(b) >= 7 && len(b) <= 80 {
			if m, ok := parseMoment(b); ok && (kind == Moment || m.style.certain()) {
				e.moments = m.count(e.moments, b)
			}
		}
		return
	}
	if len(b) == 0 {
		e.kinds[Absent]++
		return
	}
	e.kinds[Raw]++
	if isNullSpelling(b) {
		e.spelled++
		return
	}
	e.values++
	if e.number(b) || e.moment(b) || e.clock(b) || e.word(b) {
		return
	}
	if isSign(b) {
		e.signs++
	}
	e.firstUnlike.set(b, e.line)
}

func (e *evidence) number(b []byte) bool {
	if len(b) > 64 {
		return false
	}
	n, point := parseNumber(b, '.')
	other, comma := n, point
	if !point || n.grouped || n.fraction {
		other, comma = parseNumber(b, ',')
	}
	if !point && !comma {
		return false
	}
	for i, m := range [2]number{n, other} {
		if i == 0 && !point || i == 1 && !comma {
			continue
		}
		e.fits[i]++
		if m.decides {
			e.decides[i]++
		}
		if m.fraction {
			e.fraction[i]++
		}
	}
	switch {
	case point && comma && n.fraction != other.fraction:
		e.firstThree.set(b, e.line)
		if n.fraction {
			e.three[0]++ // 1.234
		} else {
			e.three[1]++ // 1,234
		}
	case point && !comma:
		e.decides[0]++
	case comma && !point:
		e.decides[1]++
		n = other
	}
	if n.leading && n.unit == "" || n.plus && n.digits >= 8 && !n.fraction {
		e.leading++
		e.firstLeading.set(b, e.line)
	}
	if n.exponent {
		e.exponent++
	}
	if n.isInt() && !e.whole(&n) {
		e.overflow++
		e.firstLong.set(b, e.line)
	}
	if n.unit != "" {
		if e.units == nil {
			e.units = map[string]int{}
		}
		e.units[n.unit]++
	}
	return true
}

// whole looks at a whole number and says whether it fits 64 bits.
func (e *evidence) whole(n *number) bool {
	v, ok := n.int()
	switch {
	case n.grouped || n.negative:
	case n.digits == 10 && v < epochTo:
		e.epochs[0]++
	case n.digits == 13 && v < epochTo*1000:
		e.epochs[1]++
	case n.digits == 8 && isDay(int(v)):
		e.days[0]++
	case n.digits == 6 && isDay(int(v)*100+1):
		e.days[1]++
	}
	return ok
}

func (e *evidence) moment(b []byte) bool {
	m, ok := parseMoment(b)
	if ok {
		e.styles = m.count(e.styles, b)
	}
	return ok
}

func (m *moment) count(styles map[dateStyle]*styleCount, b []byte) map[dateStyle]*styleCount {
	s := styles[m.style]
	if s == nil {
		if styles == nil {
			styles = map[dateStyle]*styleCount{}
		}
		s = &styleCount{}
		styles[m.style] = s
	}
	s.n++
	s.aOnes += b2i(m.a == 1)
	s.bOnes += b2i(m.b == 1)
	s.span(m.year, m.year)
	if m.a > 12 {
		if s.aOver == 0 {
			s.sampleA = string(b)
		}
		s.aOver++
	}
	if m.b > 12 {
		if s.bOver == 0 {
			s.sampleB = string(b)
		}
		s.bOver++
	}
	if m.timed {
		s.timed++
		if m.zoned {
			s.zoned++
		} else {
			s.unzoned++
		}
	}
	return styles
}

func (e *evidence) clock(b []byte) bool {
	if b[0]-'0' <= 9 {
		micros, rest, ok := clockTime(b)
		if !ok || len(trimSpace(rest)) > 0 {
			return false
		}
		e.clocks++
		if micros >= dayMicros {
			e.longClocks++
		}
		return true
	}
	if _, ok := parseISODuration(b); ok {
		e.isoLapses++
		return true
	}
	return false
}

func (e *evidence) word(b []byte) bool {
	t, ok := parseBool(b)
	if ok {
		e.truths++
		e.pairs &= t.pairs
		if t.value {
			e.trues++
		}
	}
	return ok
}

// merge adds what a run of the column says.
func (e *evidence) merge(o *evidence, run int) {
	e.rows += o.rows
	for i, n := range o.kinds {
		e.kinds[i] += n
	}
	e.spelled += o.spelled
	e.blanks += o.blanks
	e.values += o.values
	e.signs += o.signs
	for i := range 2 {
		e.fits[i] += o.fits[i]
		e.decides[i] += o.decides[i]
		e.fraction[i] += o.fraction[i]
		e.three[i] += o.three[i]
		e.epochs[i] += o.epochs[i]
		e.days[i] += o.days[i]
	}
	e.leading += o.leading
	e.overflow += o.overflow
	e.exponent += o.exponent
	for u, n := range o.units {
		if e.units == nil {
			e.units = map[string]int{}
		}
		e.units[u] += n
	}
	e.truths += o.truths
	e.pairs &= o.pairs
	e.trues += o.trues
	e.styles = mergeStyles(e.styles, o.styles)
	e.moments = mergeStyles(e.moments, o.moments)
	e.clocks += o.clocks
	e.longClocks += o.longClocks
	e.isoLapses += o.isoLapses
	e.firstUnlike.merge(o.firstUnlike, run)
	e.firstLeading.merge(o.firstLeading, run)
	e.firstLong.merge(o.firstLong, run)
	e.firstThree.merge(o.firstThree, run)
	e.wholes += o.wholes
	e.fractions += o.fractions
	e.tooLong += o.tooLong
	// What repeats shows in the first chunks; a file that goes on for long may well come to other words.
	if e.texts < repeatSample {
		e.texts += o.texts
		e.words.merge(o.words)
	}
}

// repeatSample is how many texts of the first samples decide whether a column repeats.
const repeatSample = 1 << 14

// countWords counts how many texts there are and how many different ones.
func (e *evidence) countWords(g *Grid, cells []Ref) {
	hashes := make([]uint32, 0, len(cells))
	for _, c := range cells {
		if !c.Empty() {
			hashes = append(hashes, uint32(xxh3.Hash(c.In(g.Text))>>32))
		}
	}
	e.texts += len(hashes)
	e.words = sketchOf(hashes)
}

func mergeStyles(into, from map[dateStyle]*styleCount) map[dateStyle]*styleCount {
	for style, o := range from {
		if into == nil {
			into = map[dateStyle]*styleCount{}
		}
		s := into[style]
		if s == nil {
			s = &styleCount{sampleA: o.sampleA, sampleB: o.sampleB}
			into[style] = s
		}
		if s.aOver == 0 {
			s.sampleA = o.sampleA
		}
		if s.bOver == 0 {
			s.sampleB = o.sampleB
		}
		s.n += o.n
		s.aOnes += o.aOnes
		s.bOnes += o.bOnes
		s.span(o.from, o.to)
		s.aOver += o.aOver
		s.bOver += o.bOver
		s.timed += o.timed
		s.zoned += o.zoned
		s.unzoned += o.unzoned
	}
	return into
}

// Recognised says whether a text has the form of a number, date, time, truth value or null, and not of a word. It is
// what a format may ask to find out where its data begins.
func Recognised(b []byte) bool {
	b = trimSpace(b)
	if len(b) == 0 {
		return false
	}
	if plainNumber(b) {
		return true
	}
	e := newEvidence()
	if len(b) >= 8 && len(b) <= 64 && b[4] == '-' && b[0]-'0' <= 9 && e.moment(b) {
		return true
	}
	return isNullSpelling(b) || len(b) <= 64 && (e.number(b) || e.moment(b) || e.clock(b) || e.word(b))
}

// plainNumber says whether a text is digits with at most one point between them and perhaps a minus sign before: what
// nearly all numbers are, and what needs no further look.
func plainNumber(b []byte) bool {
	if b[0] == '-' {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 18 || b[0]-'0' > 9 || b[len(b)-1]-'0' > 9 {
		return false
	}
	points := 0
	for _, c := range b {
		switch {
		case c-'0' <= 9:
		case c == '.':
			points++
		default:
			return false
		}
	}
	return points < 2
}
