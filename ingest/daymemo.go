package ingest

import "encoding/binary"

// dayMemo remembers the last date: rows that follow each other often have the same one.
type dayMemo struct {
	lo, hi uint64
	days   int64

	time   [3]uint64 // the last timestamp of nineteen bytes, and its moment
	micros int64
}

// iso reads yyyy-mm-dd, ten bytes.
func (m *dayMemo) iso(b []byte, sep byte) (int64, bool) {
	lo, hi := binary.LittleEndian.Uint64(b), uint64(b[8])|uint64(b[9])<<8|uint64(sep)<<16
	if lo == m.lo && hi == m.hi {
		return m.days, true
	}
	if b[4] != sep || b[7] != sep {
		return 0, false
	}
	var bad byte
	digit := func(i int) int {
		d := b[i] - '0'
		if d > 9 {
			bad = 1
		}
		return int(d)
	}
	year := digit(0)*1000 + digit(1)*100 + digit(2)*10 + digit(3)
	month, day := digit(5)*10+digit(6), digit(8)*10+digit(9)
	if bad != 0 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month) {
		return 0, false
	}
	m.lo, m.hi, m.days = lo, hi, civilDays(year, month, day)
	return m.days, true
}

// isoTime reads yyyy-mm-dd hh:mm:ss, up to six digits of a fraction and, for an instant, a Z behind it.
func (m *dayMemo) isoTime(b []byte, d *decision) (int64, bool) {
	if d.instant {
		if b[len(b)-1] != 'Z' {
			return 0, false
		}
		b = b[:len(b)-1]
	}
	switch {
	case len(b) == 19:
		return m.isoSeconds(b, d)
	case len(b) < 21 || len(b) > 26 || b[19] != '.':
		return 0, false
	}
	fraction, unit := int64(0), int64(100_000)
	for _, c := range b[20:] {
		if c-'0' > 9 {
			return 0, false
		}
		fraction += int64(c-'0') * unit
		unit /= 10
	}
	micros, ok := m.isoSeconds(b[:19], d)
	return micros + fraction, ok
}

// isoSeconds reads yyyy-mm-dd hh:mm:ss.
func (m *dayMemo) isoSeconds(b []byte, d *decision) (int64, bool) {
	now := [3]uint64{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]), uint64(b[16]) | uint64(b[17])<<8 | uint64(b[18])<<16 | uint64(d.style.sep)<<24}
	if now == m.time {
		return m.micros, true
	}
	if b[10] != ' ' && b[10] != 'T' || b[13] != ':' || b[16] != ':' {
		return 0, false
	}
	days, ok := m.iso(b[:10], d.style.sep)
	if !ok {
		return 0, false
	}
	h1, h2, m1, m2, s1, s2 := b[11]-'0', b[12]-'0', b[14]-'0', b[15]-'0', b[17]-'0', b[18]-'0'
	if h1 > 2 || h2 > 9 || m1 > 5 || m2 > 9 || s1 > 5 || s2 > 9 || h1 == 2 && h2 > 3 {
		return 0, false
	}
	seconds := int64(h1)*36_000 + int64(h2)*3600 + int64(m1)*600 + int64(m2)*60 + int64(s1)*10 + int64(s2)
	m.time, m.micros = now, days*dayMicros+seconds*1_000_000
	return m.micros, true
}
