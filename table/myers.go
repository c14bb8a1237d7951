package table

import "slices"

// fewEdits is how many elements may differ for [aligner.shortest] to find them.
const fewEdits = 200

// shortest aligns a[a0:a1] with b[b0:b1] by the fewest removals and additions (Myers, "An O(ND) difference algorithm",
// 1986), if there are at most [fewEdits] of them. Where two long sequences differ in a few places it reads each about
// once and needs no index of them.
func (x *aligner) shortest(a0, a1, b0, b1 int) (runs []run, ok bool) {
	a, b := x.a[a0:a1], x.b[b0:b1]
	n, m := len(a), len(b)
	limit := min(fewEdits, n+m)
	if d := n - m; d > limit || -d > limit {
		return nil, false
	}
	// reach[k+limit] is how far along a diagonal k = i-j was followed; trace keeps what it was before each edit.
	reach := make([]int32, 2*limit+2)
	var trace [][]int32
	steps := 2*(n+m) + 1<<14
	for d := 0; d <= limit; d++ {
		trace = append(trace, slices.Clone(reach[limit-d:limit+d+1]))
		for k := -d; k <= d; k += 2 {
			var i int
			if k == -d || k != d && reach[limit+k-1] < reach[limit+k+1] {
				i = int(reach[limit+k+1])
			} else {
				i = int(reach[limit+k-1]) + 1
			}
			j := i - k
			from := i
			for i < n && j < m && a[i] == b[j] {
				i, j = i+1, j+1
			}
			reach[limit+k] = int32(i)
			if i >= n && j >= m {
				return x.follow(trace, a0, b0, n, m), true
			}
			if steps -= i - from + 1; steps < 0 {
				return nil, false
			}
		}
	}
	return nil, false
}

// follow walks back from the end along the edits that led there and returns the equal runs in order.
func (x *aligner) follow(trace [][]int32, a0, b0, i, j int) []run {
	var runs []run
	for d := len(trace) - 1; d >= 0; d-- {
		k := i - j
		if d == 0 {
			if i > 0 {
				runs = append(runs, run{a0, b0, i})
			}
			break
		}
		before := trace[d] // of diagonals -d to d
		var last int       // the diagonal that the edit came from
		if k == -d || k != d && before[d+k-1] < before[d+k+1] {
			last = k + 1
		} else {
			last = k - 1
		}
		fromI := int(before[d+last])
		fromJ := fromI - last
		startI := fromI // where the run behind the edit begins
		if last == k-1 {
			startI++
		}
		if n := i - startI; n > 0 {
			runs = append(runs, run{a0 + startI, b0 + startI - k, n})
		}
		i, j = fromI, fromJ
	}
	slices.Reverse(runs)
	return runs
}
