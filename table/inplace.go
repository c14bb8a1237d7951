package table

import "bytes"

// anchorRun is how many neighbours must be equal in place for the search to be cut there.
const anchorRun = 32

// between compares the rows between two equal chunks.
//
// Mostly a few cells were overwritten and every row still is where it was. Then columns are compared as they lie, which
// costs a tenth of hashing every row, and only what lies between longer runs of equal rows is searched. With a key that
// finds the same: a row that went beyond such a run was moved, and counts as removed and added either way.
func (g *gapDiff) between(from, to span) {
	if !sameShape(from, to) {
		g.diff(from, to)
		return
	}
	differs := differences(from, to)
	n := from.rows
	begin, at := 0, 0
	for at < n {
		run := at
		for run < n && !differs[run] {
			run++
		}
		if run-at >= anchorRun || at == 0 || run == n {
			if begin < at {
				g.diff(from.part(begin, at), to.part(begin, at))
			}
			begin = run
		}
		for at = run; at < n && differs[at]; at++ {
		}
	}
	if begin < n {
		g.diff(from.part(begin, n), to.part(begin, n))
	}
}

func sameShape(a, b span) bool {
	if len(a.chunks) != len(b.chunks) {
		return false
	}
	for i, c := range a.chunks {
		if c.rows != b.chunks[i].rows {
			return false
		}
	}
	return true
}

// differences says of every row of two spans of one shape whether some cell differs.
func differences(a, b span) []bool {
	out := make([]bool, a.rows)
	at := 0
	for i, c := range a.chunks {
		for j, column := range c.columns {
			column.differences(b.chunks[i].columns[j], out[at:at+c.rows])
		}
		at += c.rows
	}
	return out
}

// differences marks the rows in which two columns of one length differ.
func (c *Column) differences(o *Column, out []bool) {
	if c == o || c.same(o) {
		return
	}
	if c.valid == nil && o.valid == nil {
		switch {
		case c.ints != nil && o.ints != nil:
			markDifferent(c.ints, o.ints, out)
			return
		case c.floats != nil && o.floats != nil:
			markDifferent(c.floats, o.floats, out)
			return
		case c.days != nil && o.days != nil:
			markDifferent(c.days, o.days, out)
			return
		case c.codes != nil && o.codes != nil && c.dict == o.dict:
			markDifferent(c.codes, o.codes, out)
			return
		}
	}
	if c.texts != nil && o.texts != nil && c.valid == nil && o.valid == nil {
		from, a := c.plain()
		to, b := o.plain()
		a0, b0 := from[0], to[0] // the bytes begin there
		for i := range out {
			if string(a[from[i]-a0:from[i+1]-a0]) != string(b[to[i]-b0:to[i+1]-b0]) {
				out[i] = true
			}
		}
		return
	}
	for i := range out {
		if !out[i] && !sameCell(c, i, o, i) {
			out[i] = true
		}
	}
}

// same says whether two columns of one length lie in memory alike, which is told faster than which of their rows differ.
func (c *Column) same(o *Column) bool {
	if c.typ != o.typ || c.dict != o.dict || c.valid != nil || o.valid != nil {
		return false
	}
	a, b := c.data.Data().Buffers(), o.data.Data().Buffers()
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if (a[i] == nil) != (b[i] == nil) || a[i] != nil && !bytes.Equal(a[i].Bytes(), b[i].Bytes()) {
			return false
		}
	}
	return true
}

func markDifferent[T comparable](a, b []T, out []bool) {
	b, out = b[:len(a)], out[:len(a)]
	for i, v := range a {
		if v != b[i] {
			out[i] = true
		}
	}
}
