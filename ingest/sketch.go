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
