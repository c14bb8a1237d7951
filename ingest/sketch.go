package ingest

import (
	"math"
	"slices"
)

// sketch estimates how many different values were seen, from the least of their hashes: k hashes that are spread evenly
// reach as far as k of so many (Bar-Yossef and others, "Counting distinct elements in a data stream", 2002). It is exact
// below sketchSize, and sketches merge into that of both. Hashes ascend, each once.
type sketch []uint32

const sketchSize = 256

// sketchOf takes the hashes, which it may change.
func sketchOf(hashes []uint32) sketch {
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	return slices.Clone(hashes[:min(len(hashes), sketchSize)])
}

func (s *sketch) merge(o sketch) {
	*s = sketchOf(append(slices.Clone(*s), o...))
}

// distinct estimates, within a tenth or so.
func (s sketch) distinct() int {
	if len(s) < sketchSize {
		return len(s)
	}
	return int(float64(sketchSize-1) / (float64(s[sketchSize-1]) + 1) * (math.MaxUint32 + 1))
}

// recurring says whether places far from each other show texts of one set of at most so many: what one place has caught
// another catches again the more often the smaller the set is (Lincoln and Petersen). Within a place texts may well be
// all different, or repeat only there.
func recurring(places []sketch, most int) bool {
	const sure = 8 // seen again: chance must not make a large set a small one
	seen, again, pairs := 0, 0.0, 0.0
	for i, a := range places {
		for _, b := range places[:i] {
			// The least hashes of both are those of a sample of all their texts.
			both := sketchOf(append(slices.Clone(a), b...))
			n := 0
			for _, hash := range both {
				_, inA := slices.BinarySearch(a, hash)
				_, inB := slices.BinarySearch(b, hash)
				if inA && inB {
					n++
				}
			}
			seen += n
			again += float64(n) / float64(max(len(both), 1)) * float64(both.distinct())
			pairs += float64(a.distinct()) * float64(b.distinct())
		}
	}
	return seen >= sure && pairs <= again*float64(most)
}
