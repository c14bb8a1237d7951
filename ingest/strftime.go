package ingest

// strftime reads a date by a format such as "%d/%m/%Y %H:%M" in microseconds since 1970. It knows %Y %y %m %d %H %I
// %M %S %f %p %b %B %a %A %z and %Z; any other character stands for itself.
func strftime(b []byte, format string) (int64, bool) {
	b = trimSpace(b)
	year, month, day := 1970, 1, 1
	hour, minute, sec, micros, offset := 0, 0, 0, int64(0), int64(0)
	half := byte(0)
	take := func(most int, into *int) bool {
		v, n := leadingDigits(b[:min(len(b), most)])
		*into, b = v, b[n:]
		return n > 0
	}
	for i := 0; i < len(format); i++ {
		c := format[i]
		if c != '%' || i+1 == len(format) {
			if len(b) == 0 || b[0] != c {
				return 0, false
			}
			b = b[1:]
			continue
		}
		i++
		ok := true
		switch format[i] {
		case 'Y':
			ok = take(4, &year)
		case 'y':
			ok = take(2, &year)
			year = fullYear(year)
		case 'm':
			ok = take(2, &month)
		case 'd', 'e':
			for len(b) > 0 && b[0] == ' ' {
				b = b[1:]
			}
			ok = take(2, &day)
		case 'H', 'I', 'k', 'l':
			ok = take(2, &hour)
		case 'M':
			ok = take(2, &minute)
		case 'S':
			ok = take(2, &sec)
		case 'f':
			unit, n := int64(100_000), 0
			for ; n < len(b) && b[n]-'0' <= 9; n++ {
				micros += int64(b[n]-'0') * unit
				unit /= 10
			}
			b, ok = b[n:], n > 0
		case 'p':
			if ok = len(b) >= 2 && b[1]|0x20 == 'm'; ok {
				half, b = b[0]|0x20, b[2:]
			}
		case 'b', 'B', 'h':
			var n int
			month, n = monthWord(b)
			b, ok = b[n:], month > 0
			if len(b) > 0 && b[0] == '.' && (i+1 == len(format) || format[i+1] != '.') {
				b = b[1:]
			}
		case 'a', 'A':
			_, n := word(b)
			b, ok = b[n:], n > 0
		case 'z', 'Z':
			n := 0
			for n < len(b) && b[n] != ' ' {
				n++
			}
			offset, _, ok = zone(b[:n])
			b = b[n:]
		case '%':
			ok = len(b) > 0 && b[0] == '%'
			b = b[min(1, len(b)):]
		default:
			ok = false
		}
		if !ok {
			return 0, false
		}
	}
	switch half {
	case 'p':
		hour = hour%12 + 12
	case 'a':
		hour %= 12
	}
	if len(b) > 0 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month) || hour > 23 || minute > 59 || sec > 60 {
		return 0, false
	}
	return civilDays(year, month, day)*dayMicros + int64(hour*3600+minute*60+sec)*1e6 + micros - offset, true
}

// knownFormat says whether every directive of a format is one that strftime reads, and one of them is there.
func knownFormat(format string) bool {
	found := false
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		if i++; i == len(format) {
			return false
		}
		switch format[i] {
		case '%':
		case 'Y', 'y', 'm', 'd', 'e', 'H', 'I', 'k', 'l', 'M', 'S', 'f', 'p', 'b', 'B', 'h', 'a', 'A', 'z', 'Z':
			found = true
		default:
			return false
		}
	}
	return found
}
