package excel

import (
	"math"
	"strconv"
	"time"
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

// appendDate writes a serial as ISO 8601: a date, or a timestamp when a time of day belongs to it.
func appendDate(buf []byte, serial float64, timed, from1904 bool) ([]byte, bool) {
	days, millis, ok := moment(serial, from1904)
	if !ok {
		return buf, false
	}
	t := time.UnixMilli(days*dayMillis + millis).UTC()
	if !timed && millis == 0 {
		return t.AppendFormat(buf, "2006-01-02"), true
	}
	return t.AppendFormat(buf, "2006-01-02T15:04:05.999"), true
}

// appendClock writes a fraction of a day as a time of day.
func appendClock(buf []byte, serial float64) ([]byte, bool) {
	millis := int64(math.Round(serial * dayMillis))
	if millis < 0 || millis >= dayMillis {
		return buf, false
	}
	return time.UnixMilli(millis).UTC().AppendFormat(buf, "15:04:05.999"), true
}

// appendLapse writes a number of days as seconds.
func appendLapse(buf []byte, serial float64) []byte {
	return strconv.AppendFloat(buf, math.Round(serial*dayMillis)/1000, 'f', -1, 64)
}
