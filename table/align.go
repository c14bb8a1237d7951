package table

import (
	"slices"
	"sort"
)

// run says that n elements from a of one sequence on equal n elements from b of another.
type run struct{ a, b, n int }

// align returns runs of equal elements that ascend in both sequences: the elements outside of them are what differs.
//
// Where little differs it is Myers's diff. Elsewhere it is Bram Cohen's patience diff: what is unique in both anchors the alignment (the longest ascending subsequence of
// the anchors), and the gaps between the anchors are aligned in turn. A gap without a unique element is split at its
// longest common run. The work is bounded: when it is spent, the rest is taken as different.
func align(a, b []uint64) []run {
	x := aligner{a: a, b: b, budget: 64*(len(a)+len(b)) + 1<<20}
	x.between(0, len(a), 0, len(b))
	return x.runs
}

type aligner struct {
	a, b   []uint64
	runs   []run
	budget int
}

func (x *aligner) emit(a, b, n int) {
	if n == 0 {
		return
	}
	if last := len(x.runs) - 1; last >= 0 && x.runs[last].a+x.runs[last].n == a && x.runs[last].b+x.runs[last].n == b {
		x.runs[last].n += n
		return
	}
	x.runs = append(x.runs, run{a, b, n})
}

// between aligns a[a0:a1] with b[b0:b1].
func (x *aligner) between(a0, a1, b0, b1 int) {
	head := 0
	for a0+head < a1 && b0+head < b1 && x.a[a0+head] == x.b[b0+head] {
		head++
	}
	x.emit(a0, b0, head)
	a0, b0 = a0+head, b0+head
	tail := 0
	for a1-tail > a0 && b1-tail > b0 && x.a[a1-tail-1] == x.b[b1-tail-1] {
		tail++
	}
	a1, b1 = a1-tail, b1-tail
	if a0 < a1 && b0 < b1 {
		if x.budget -= (a1 - a0) + (b1 - b0); x.budget > 0 {
			x.split(a0, a1, b0, b1)
		}
	}
	x.emit(a1, b1, tail)
}

func (x *aligner) split(a0, a1, b0, b1 int) {
	if runs, ok := x.shortest(a0, a1, b0, b1); ok {
		for _, r := range runs {
			x.emit(r.a, r.b, r.n)
		}
		return
	}
	anchors, common := x.anchors(a0, a1, b0, b1)
	if len(anchors) == 0 && common {
		if r := x.longestRun(a0, a1, b0, b1); r.n > 0 {
			anchors = append(anchors, r)
		}
	}
	if len(anchors) == 0 {
		return
	}
	for _, r := range anchors {
		if r.a < a0 || r.b < b0 {
			continue // an anchor before it reached over this one
		}
		x.between(a0, r.a, b0, r.b)
		for r.a+r.n < a1 && r.b+r.n < b1 && x.a[r.a+r.n] == x.b[r.b+r.n] {
			r.n++
		}
		x.emit(r.a, r.b, r.n)
		a0, b0 = r.a+r.n, r.b+r.n
	}
	x.between(a0, a1, b0, b1)
}

// anchors returns the longest ascending choice of elements that are unique on both sides, and whether any element, unique
// or not, is on both.
func (x *aligner) anchors(a0, a1, b0, b1 int) (chosen []run, common bool) {
	a, b := x.a[a0:a1], x.b[b0:b1]
	partner := make([]int32, len(a)) // the place in b plus one
	eachPart(a, b, nil, nil, func(t *placeTable, in func(uint64) bool) {
		for i, v := range a {
			if in(v) {
				s := t.find(v)
				if s.a > 0 && s.b > 0 {
					partner[i] = s.b
				}
				common = common || s.b != 0
			}
		}
	})
	var pairs []run
	for i, j := range partner {
		if j > 0 {
			pairs = append(pairs, run{a0 + i, b0 + int(j) - 1, 1})
		}
	}
	return ascending(pairs), common
}

// ascending returns the longest subsequence of pairs, which ascend by a, that ascends by b too.
func ascending(pairs []run) []run {
	before := make([]int32, len(pairs)) // the pair before this one in the best chain that ends here
	var ends []int32                    // ends[n]: the pair that ends the chain of length n+1 with the smallest b
	for i, p := range pairs {
		n := sort.Search(len(ends), func(n int) bool { return pairs[ends[n]].b >= p.b })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, int32(i))
		} else {
			ends[n] = int32(i)
		}
	}
	if len(ends) == 0 {
		return nil
	}
	chain := make([]run, 0, len(ends))
	for i := ends[len(ends)-1]; i >= 0; i = before[i] {
		chain = append(chain, pairs[i])
	}
	slices.Reverse(chain)
	return chain
}

// longestRun returns the longest run of equal neighbours, the first of several.
func (x *aligner) longestRun(a0, a1, b0, b1 int) run {
	places := make(map[uint64][]int32, b1-b0)
	for j, v := range x.b[b0:b1] {
		places[v] = append(places[v], int32(j))
	}
	var best run
	lengths := map[int32]int{} // of the run that ends at this place of b and the last place of a
	for i, v := range x.a[a0:a1] {
		next := make(map[int32]int, len(places[v]))
		if x.budget -= len(places[v]) + 1; x.budget < 0 {
			break
		}
		for _, j := range places[v] {
			n := lengths[j-1] + 1
			next[j] = n
			if n > best.n {
				best = run{a0 + i + 1 - n, b0 + int(j) + 1 - n, n}
			}
		}
		lengths = next
	}
	return best
}
