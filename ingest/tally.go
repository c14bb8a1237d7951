package ingest

import (
	"slices"

	"github.com/dashira/dashira/table"
)

// tally counts the different values of a column: exactly up to 10 000 and for text in a dictionary, beyond that by an
// estimate from the rows that were needed to find that many. It remembers the chunks it has counted, so that a file
// that grew costs its new chunks; the last chunk, which a growing file changes, is counted each time. When something
// before the end changes for the first time, it counts the rows of each value, and from then on chunks that go can be
// taken off again.
type tally struct {
	counted []*table.Chunk
	count   counter
	enough  int       // of the counted chunks, when there are more values than are counted exactly
	rows    *rowTally // nil: the chunks were counted in their order
}

// counter is what was counted so far.
type counter struct {
	seen   *numberSet
	marked []uint64 // codes of a dictionary
	truths [2]bool
	count  int64 // different values
	looked int64 // rows that had one
	over   bool  // more than can be counted exactly: looking further changes nothing
}

func (y *tally) distinct(t *table.Table, column int) int64 {
	chunks := t.Chunks()
	if y.rows != nil {
		if n, ok := y.rows.move(chunks, column); ok {
			return n
		}
		*y = tally{}
	}
	n := len(y.counted)
	if y.count.over {
		n = y.enough
	}
	if n > len(chunks) || !slices.Equal(y.counted[:n], chunks[:n]) {
		again := len(chunks) > 1 && !y.count.over
		*y = tally{}
		if again {
			y.rows = &rowTally{}
			if n, ok := y.rows.move(chunks, column); ok {
				return n
			}
			*y = tally{}
		}
	}
	if y.count.seen == nil {
		y.count.seen = newNumberSet(256)
	}
	for !y.count.over && len(y.counted) < len(chunks)-1 {
		c := chunks[len(y.counted)]
		y.count.add(c.Column(column), nil)
		y.counted = append(y.counted, c)
		y.enough = len(y.counted)
	}
	now := y.count
	if len(chunks) > len(y.counted) {
		now.marked = slices.Clone(now.marked)
		now.add(chunks[len(chunks)-1].Column(column), now.seen)
	}
	if !now.over {
		return now.different()
	}
	present := int64(0)
	for _, c := range chunks {
		present += int64(c.Rows() - c.Column(column).Nulls())
	}
	return max(now.count, int64(float64(now.count)/float64(now.looked)*float64(present)))
}

func (n *counter) different() int64 {
	all := n.count
	for _, is := range n.truths {
		if is {
			all++
		}
	}
	return all
}

// add counts the values of one more chunk. With known, new numbers go into a set of their own, and known stays as it
// is.
func (n *counter) add(col *table.Column, known *numberSet) {
	if n.over || col.Nulls() == col.Len() {
		return
	}
	switch {
	case col.Codes() != nil:
		if need := (col.Dict().Len() + 63) / 64; need > len(n.marked) {
			n.marked = append(n.marked, make([]uint64, need-len(n.marked))...)
		}
		marked, count, all := n.marked, n.count, int64(col.Dict().Len())
		for r, code := range col.Codes() {
			if count == all {
				break // every text of the dictionary was met
			}
			if marked[code/64]>>(code%64)&1 == 0 && !col.IsNull(r) {
				marked[code/64] |= 1 << (code % 64)
				count++
			}
		}
		n.count = count
		return
	case col.Type() == table.Bool:
		for r := range col.Len() {
			if !col.IsNull(r) {
				n.truths[b2i(col.Bool(r))] = true
			}
		}
		return
	}
	into := n.seen
	if known != nil {
		into = newNumberSet(256)
	}
	last, any := uint64(0), false
	for r := range col.Len() {
		if col.IsNull(r) {
			continue
		}
		n.looked++
		v := numberOf(col, r)
		if any && v == last {
			continue // rows that follow each other often agree
		}
		last, any = v, true
		if known != nil && known.has(v) || !into.add(v) {
			continue
		}
		if n.count++; n.count > exactDistinct {
			n.over = true
			return
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
