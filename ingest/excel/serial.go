package excel

import (
	"math"
	"strconv"
)

// Excel counts days from 1900 as if that year had a 29 February, or from 1904.
const (
	epoch1900 = -25_569 // the day 0 of serials from March 1900 on, in days since 1970
	epoch1904 = -24_107
	dayMillis = 86_400_000
)

// moment splits a serial into the day since 1970 and milliseconds of the day; false beyond the years 1900 to 9999.
func moment(serial float64, from1904 bool) (days int64, millis int64, ok bool) {
	if serial < 0 || serial >= 2_958_466 {
		return 0, 0, false
	}
	total := int64(math.Round(serial * dayMillis))
	days, millis = total/dayMillis, total%dayMillis
	switch {
	case from1904:
		days += epoch1904
	case days < 60:
		days += epoch1900 + 1 // before the leap day that was not
	default:
		days += epoch1900
	}
	return days, millis, true
}

// plainSerial reads up to fifteen digits with at most one point, which a float64 holds exactly before it is divided.
func plainSerial(b []byte) (float64, bool) {
	var n uint64
	scale, point := 1.0, false
	if len(b) == 0 || len(b) > 16 {
		return 0, false
	}
	for _, c := range b {
		switch {
		case c-'0' <= 9:
			n = n*10 + uint64(c-'0')
			if point {
				scale *= 10
			}
		case c == '.' && !point:
			point = true
		default:
			return 0, false
		}
	}
	return float64(n) / scale, n < 1e15
}

// appendDate writes a serial as ISO 8601: a date, or a timestamp when a time of day belongs to it.
func appendDate(buf []byte, serial float64, timed, from1904 bool) ([]byte, bool) {
	days, millis, ok := moment(serial, from1904)
	if !ok {
		return buf, false
	}
	year, month, day := civil(days)
	buf = append(two(two(buf, year/100), year%100), '-')
	buf = append(two(buf, month), '-')
	buf = two(buf, day)
	if timed || millis != 0 {
		buf = timeOfDay(append(buf, 'T'), millis)
	}
	return buf, true
}

// civil returns the Gregorian date of a day since 1970, by shifting the year's begin to March (Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms").
func civil(days int64) (year, month, day int) {
	z := days + 719_468
	era := z / 146_097
	ofEra := z - era*146_097
	yearOfEra := (ofEra - ofEra/1460 + ofEra/36_524 - ofEra/146_096) / 365
	ofYear := ofEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	m := (5*ofYear + 2) / 153
	day = int(ofYear-(153*m+2)/5) + 1
	month = int(m) + 3
	year = int(yearOfEra + era*400)
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

func two(buf []byte, n int) []byte { return append(buf, byte('0'+n/10%10), byte('0'+n%10)) }

// timeOfDay writes hh:mm:ss, with milliseconds where there are any.
func timeOfDay(buf []byte, millis int64) []byte {
	seconds, rest := int(millis/1000), int(millis%1000)
	buf = append(two(buf, seconds/3600), ':')
	buf = append(two(buf, seconds/60%60), ':')
	buf = two(buf, seconds%60)
	if rest == 0 {
		return buf
	}
	buf = append(buf, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
	for buf[len(buf)-1] == '0' {
		buf = buf[:len(buf)-1]
	}
	return buf
}

// appendClock writes a fraction of a day as a time of day.
func appendClock(buf []byte, serial float64) ([]byte, bool) {
	millis := int64(math.Round(serial * dayMillis))
	if millis < 0 || millis >= dayMillis {
		return buf, false
	}
	return timeOfDay(buf, millis), true
}

// appendLapse writes a number of days as seconds.
func appendLapse(buf []byte, serial float64) []byte {
	return strconv.AppendFloat(buf, math.Round(serial*dayMillis)/1000, 'f', -1, 64)
}
