package manifest

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ages are the units of an age, the largest first.
var ages = []struct {
	word string
	unit time.Duration
}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"min", time.Minute}, {"m", time.Minute}, {"s", time.Second}}

// parseAge reads "2h" or "90 min": a whole number above zero and its unit.
func parseAge(text string) (time.Duration, bool) {
	for _, a := range ages {
		digits, ok := strings.CutSuffix(text, a.word)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil {
			continue
		}
		return time.Duration(n) * a.unit, n > 0 && n <= math.MaxInt64/int64(a.unit)
	}
	return 0, false
}

// ageText writes an age in its largest whole unit.
func ageText(age time.Duration) string {
	for _, a := range ages {
		if age%a.unit == 0 {
			return strconv.FormatInt(int64(age/a.unit), 10) + a.word
		}
	}
	return strconv.FormatInt(int64(age/time.Second), 10) + "s"
}
