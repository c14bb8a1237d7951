package dashboard

import (
	"strings"
	"testing"
	"time"
)

// list makes contenders of "a9 b7 c5", ranked as they stand.
func list(text string) []contender {
	var all []contender
	for i, word := range strings.Fields(text) {
		var v float64
		for _, d := range word[1:] {
			v = v*10 + float64(d-'0')
		}
		all = append(all, contender{int64(i), word[:1], v})
	}
	return all
}

func keys(list []contender) string {
	var b strings.Builder
	for _, c := range list {
		b.WriteString(c.key)
	}
	return b.String()
}

func TestALargestListKeepsItsMembers(t *testing.T) {
	start := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	steps := []struct {
		after time.Duration
		now   string
		want  string
	}{
		{0, "a900 b800 c700 d690", "abc"},
		{1, "a900 b800 d701 c700", "abc"},                        // hardly larger
		{2, "b950 a900 d702 c700", "bac"},                        // members change places at once
		{33 * time.Second, "b950 a900 d702 c700", "bad"},         // larger for long enough
		{34 * time.Second, "b950 a900 c703 d702", "bad"},         // and now the other waits
		{35 * time.Second, "b950 a900 c702 d702", "bad"},         // equal is not larger
		{36 * time.Second, "b950 a900 e800 d702 c600", "bae"},    // clearly larger
		{37 * time.Second, "b950 a900 d702", "bad"},              // a member went
		{38 * time.Second, "b950 a900", "ba"},                    // room for all
		{39 * time.Second, "x9000 y8000 z7000 b950 a900", "xyz"}, // everything is new
		{40 * time.Second, "", ""},
		{41 * time.Second, "a1 b1", "ab"},
	}
	var s *standing
	for i, step := range steps {
		var got []contender
		got, s = settle(s, list(step.now), 3, start.Add(step.after))
		if keys(got) != step.want {
			t.Errorf("step %d: %q gives %q, want %q", i, step.now, keys(got), step.want)
		}
	}
}

func TestNegativeValuesAreComparedByTheirDistance(t *testing.T) {
	if larger(-100, -99) || !larger(-80, -99) || larger(0, 0) || !larger(1, 0) {
		t.Error("larger")
	}
}
