package share

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseExpiry reads when a link is to end: a number of days ("7d"), weeks
// ("2w"), a Go duration ("1h", "30m", "1h30m"), a day ("2026-12-24": its end in
// the location of now) or an instant in RFC 3339. Empty means DefaultLife. The
// result is checked against the bounds only when the grant is made.
func ParseExpiry(s string, now time.Time) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return now.Add(DefaultLife), nil
	}
	for unit, span := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if digits, ok := strings.CutSuffix(s, unit); ok {
			n, err := strconv.ParseUint(digits, 10, 12) // weeks enough to be refused, too few to overflow
			if err != nil {
				break
			}
			return now.Add(time.Duration(n) * span), nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil {
		return now.Add(d), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil {
		return t.AddDate(0, 0, 1), nil
	}
	return time.Time{}, fmt.Errorf("%w: %q is no expiry: write 7d, 12h, 30m, 2026-12-24 or 2026-12-24T18:00:00Z", ErrRequest, s)
}
