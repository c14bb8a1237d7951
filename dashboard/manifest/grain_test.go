package manifest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table/view"
)

const day = 24 * time.Hour

func TestGrainsFollowTheSpan(t *testing.T) {
	for _, c := range []struct {
		span     time.Duration
		smallest view.Grain
		want     []view.Grain
	}{
		{30 * time.Minute, view.Second, []view.Grain{view.Minute}},
		{5 * time.Hour, view.Second, []view.Grain{view.Minute, view.Hour}},
		{3 * day, view.Minute, []view.Grain{view.Hour, view.Day}},
		{20 * day, view.Day, []view.Grain{view.Day, view.Week}},
		{60 * day, view.Day, []view.Grain{view.Day, view.Week, view.Month}},
		{60 * day, view.Month, []view.Grain{view.Month}},
		{200 * day, view.Day, []view.Grain{view.Day, view.Week, view.Month, view.Quarter}},
		{4000 * day, view.Day, []view.Grain{view.Week, view.Month, view.Quarter, view.Year}},
		{4000 * day, view.Year, []view.Grain{view.Year}},
		{3 * day, view.Month, []view.Grain{view.Month}},
		{0, view.Day, []view.Grain{view.Day}},
		{0, view.NoGrain, []view.Grain{view.Millisecond, view.Second}},
	} {
		if got := manifest.Grains(c.span, c.smallest); !slices.Equal(got, c.want) {
			t.Errorf("Grains(%v, %v) = %v, want %v", c.span, c.smallest, got, c.want)
		}
	}
}

func TestDefaultGrainGivesAReadableNumberOfBuckets(t *testing.T) {
	from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		span     time.Duration
		smallest view.Grain
		want     view.Grain
	}{
		{90 * time.Second, view.Millisecond, view.Second},
		{time.Hour, view.Second, view.Minute},
		{12 * time.Hour, view.Minute, view.Hour},
		{3 * day, view.Minute, view.Hour},
		{3 * day, view.Day, view.Day},
		{30 * day, view.Minute, view.Day},
		{365 * day, view.Day, view.Week},
		{2000 * day, view.Day, view.Month},
		{12 * 365 * day, view.Day, view.Month},
		{40 * 365 * day, view.Day, view.Quarter},
		{100 * 365 * day, view.Day, view.Year},
		{100 * 365 * day, view.Year, view.Year},
		{500 * 365 / 2 * day, view.Day, view.Year},
		{0, view.Day, view.Day},
	} {
		if got := manifest.DefaultGrain(from, from.Add(c.span), c.smallest); got != c.want {
			t.Errorf("DefaultGrain over %v of %v = %v, want %v", c.span, c.smallest, got, c.want)
		}
	}
	for span := time.Second; span < 200*365*day; span += span/7 + time.Second {
		g := manifest.DefaultGrain(from, from.Add(span), view.Millisecond)
		if !slices.Contains(manifest.Grains(span, view.Millisecond), g) {
			t.Errorf("a span of %v starts with grain %v, which it does not offer", span, g)
		}
		length := map[view.Grain]time.Duration{view.Millisecond: time.Millisecond, view.Second: time.Second, view.Minute: time.Minute, view.Hour: time.Hour, view.Day: day, view.Week: 7 * day, view.Month: 30 * day, view.Quarter: 91 * day, view.Year: 365 * day}[g]
		if n := span / length; n > 420 || n < 6 && span > time.Minute {
			t.Errorf("a span of %v has %d buckets of grain %v", span, n, g)
		}
	}
}

func TestDefaultRangeIsEverythingWhereItFits(t *testing.T) {
	from := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, span := range []time.Duration{0, time.Hour, 10 * day, 4000 * day, 199 * 365 * day} {
		if got := manifest.DefaultRange(from, from.Add(span), view.Second); got != "all" {
			t.Errorf("%v: %q", span, got)
		}
	}
}
