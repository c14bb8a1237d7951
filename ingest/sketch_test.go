package ingest

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSketchesAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, different := range []int{1, 100, sketchSize, 1000, 20_000} {
		words := make([]uint32, different)
		for i := range words {
			words[i] = r.Uint32()
		}
		var merged sketch
		var all []uint32
		for range 16 {
			var part []uint32
			for range 1024 {
				part = append(part, words[r.IntN(different)])
			}
			all = append(all, part...)
			merged.merge(sketchOf(part))
		}
		if whole := sketchOf(slices.Clone(all)); !slices.Equal(whole, merged) {
			t.Errorf("%d words: the parts give another sketch than all of them", different)
		}
		slices.Sort(all)
		seen := len(slices.Compact(all))
		if got := merged.distinct(); got < seen*7/10 || got > seen*13/10 {
			t.Errorf("%d words are estimated as %d", seen, got)
		}
	}
}

func TestTextsRecurWhereOneSetIsDrawnFrom(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	drawn := func(different int) (places []sketch) {
		words := make([]uint32, different)
		for i := range words {
			words[i] = r.Uint32()
		}
		for range 3 {
			var part []uint32
			for range 1024 {
				part = append(part, words[r.IntN(different)])
			}
			places = append(places, sketchOf(part))
		}
		return places
	}
	for _, different := range []int{1500, 5000, 12_000} {
		if !recurring(drawn(different), 125_000) {
			t.Errorf("%d words of a million rows do not recur", different)
		}
		if recurring(drawn(different), different/4) {
			t.Errorf("%d words are taken for at most %d", different, different/4)
		}
	}
	if recurring(drawn(5_000_000), 125_000) {
		t.Error("five million words recur")
	}
	// Each twice in its place and never again.
	var places []sketch
	for range 3 {
		var part []uint32
		for range 512 {
			part = append(part, r.Uint32())
		}
		places = append(places, sketchOf(append(part, part...)))
	}
	if recurring(places, 125_000) {
		t.Error("words recur that are seen in one place only")
	}
}
