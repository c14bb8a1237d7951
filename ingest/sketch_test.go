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
