package manifest

import (
	"time"

	"github.com/dashira/dashira/table/view"
)

// How many buckets a time axis should have: fewer say little, more than there is room for say it badly.
const (
	fewBuckets  = 12
	manyBuckets = 200
)

const (
	day     = 24 * time.Hour
	week    = 7 * day
	month   = 30 * day
	quarter = 91 * day
	year    = 365 * day
)

// bucketLength returns the length of a bucket, of a month or longer on the average.
func bucketLength(g view.Grain) time.Duration {
	switch g {
	case view.Millisecond:
		return time.Millisecond
	case view.Second:
		return time.Second
	case view.Minute:
		return time.Minute
	case view.Hour:
		return time.Hour
	case view.Day:
		return day
	case view.Week:
		return week
	case view.Month:
		return year / 12
	case view.Quarter:
		return year / 4
	}
	return year + 6*time.Hour
}

// buckets estimates how many buckets of a grain a span touches.
func buckets(span time.Duration, g view.Grain) int64 {
	return int64(span/bucketLength(g)) + 1
}

// Grains returns the grains that a viewer may choose for a span of time, finest first. None is finer than smallest,
// the finest that tells the values apart (NoGrain: not known), unless that one alone is left.
func Grains(span time.Duration, smallest view.Grain) []view.Grain {
	var all []view.Grain
	switch {
	case span < 10*time.Second:
		all = []view.Grain{view.Millisecond, view.Second}
	case span < 10*time.Minute:
		all = []view.Grain{view.Second, view.Minute}
	case span < time.Hour:
		all = []view.Grain{view.Minute}
	case span < day:
		all = []view.Grain{view.Minute, view.Hour}
	case span < week:
		all = []view.Grain{view.Hour, view.Day}
	case span < month:
		all = []view.Grain{view.Hour, view.Day, view.Week}
	case span < quarter:
		all = []view.Grain{view.Day, view.Week, view.Month}
	case span < year:
		all = []view.Grain{view.Day, view.Week, view.Month, view.Quarter}
	default:
		all = []view.Grain{view.Week, view.Month, view.Quarter, view.Year}
	}
	kept := all[:0]
	for _, g := range all {
		if g >= smallest {
			kept = append(kept, g)
		}
	}
	if len(kept) == 0 {
		return []view.Grain{smallest}
	}
	return kept
}

// DefaultGrain returns the grain that a time axis from min to max starts with: by the length of the span, then made
// finer or coarser towards 12 to 200 buckets, and never finer than smallest.
func DefaultGrain(min, max time.Time, smallest view.Grain) view.Grain {
	span := max.Sub(min)
	g := view.Month
	switch {
	case span < 2*time.Hour:
		g = view.Minute
	case span < week:
		g = view.Hour
	case span < quarter:
		g = view.Day
	case span < 3*year:
		g = view.Week
	}
	if g < smallest {
		g = smallest
	}
	for g < view.Year && buckets(span, g) > manyBuckets {
		g++
	}
	for g > view.Millisecond && g > smallest && buckets(span, g) < fewBuckets {
		// Between minutes and seconds lies a factor of sixty: too many buckets draw better than a handful.
		finer := buckets(span, g-1)
		if finer > manyBuckets && (buckets(span, g) >= fewBuckets/2+1 || finer > 2*manyBuckets+20) {
			break
		}
		g--
	}
	return g
}

// DefaultRange returns the range that a dashboard over times from min to max starts with, as a selection says it:
// "all" where the default grain gives a readable number of buckets, else the last "12mo", "90d", "7d" or "24h".
func DefaultRange(min, max time.Time, smallest view.Grain) string {
	g := DefaultGrain(min, max, smallest)
	if buckets(max.Sub(min), g) <= manyBuckets {
		return "all"
	}
	switch {
	case g <= view.Minute:
		return "24h"
	case g == view.Hour:
		return "7d"
	case g == view.Day:
		return "90d"
	case g <= view.Month:
		return "12mo"
	}
	return "all"
}
