package table

import "slices"

// DiffLimit is how many removed, added and changed rows together a [Delta] lists. Above it only the counts stand.
const DiffLimit = 200_000

// Diff returns what turns one table into another.
//
// Chunks that are the same object, or have one content hash that is not zero, are taken as equal without a look. The
// rows between them are matched by the key columns where a key is given, and otherwise by their whole content; either
// way matched rows keep their order, so a row that moved counts as removed and added. Rows whose key is empty or not
// unique are matched by content. Without a key, rows that are left over in one place and agree in more than half of their
// cells are one row that changed. A key with a column that does not exist is no key.
func Diff(from, to *Table, key []string) *Delta {
	d := &Delta{From: from, To: to}
	switch {
	case from == to:
		return d
	case !from.schema.Equal(to.schema):
		d.Reshaped = reshape(from, to)
		return d
	}
	var columns []int
	for _, name := range key {
		i := from.schema.Index(name)
		if i < 0 {
			columns = nil
			break
		}
		columns = append(columns, i)
	}
	g := gapDiff{delta: d, hasher: newRowHasher(from.schema.Len()), key: columns}
	a, b := nameChunks(from.chunks, to.chunks)
	fromChunk, toChunk := 0, 0
	between := func(i, j int) {
		if fromChunk < i || toChunk < j {
			g.between(from.span(fromChunk, i), to.span(toChunk, j))
		}
	}
	for _, r := range align(a, b) {
		between(r.a, r.b)
		fromChunk, toChunk = r.a+r.n, r.b+r.n
	}
	between(len(a), len(b))
	if d.Replaced {
		d.Removed, d.Added, d.Changes = nil, nil, nil
	}
	return d
}

// nameChunks gives equal numbers to equal chunks.
func nameChunks(from, to []*Chunk) (a, b []uint64) {
	same := make(map[*Chunk]uint64, len(from))
	hashed := map[[16]byte]uint64{}
	var last uint64
	name := func(c *Chunk) uint64 {
		if n, ok := same[c]; ok {
			return n
		}
		if n, ok := hashed[c.hash]; ok && c.hash != [16]byte{} {
			same[c] = n
			return n
		}
		last++
		same[c] = last
		hashed[c.hash] = last
		return last
	}
	a, b = make([]uint64, len(from)), make([]uint64, len(to))
	for i, c := range from {
		a[i] = name(c)
	}
	for i, c := range to {
		b[i] = name(c)
	}
	return a, b
}

// span is a run of rows of one table.
type span struct {
	chunks []*Chunk
	skip   int   // rows of the first chunk that come before
	start  int64 // first row in the table
	rows   int
	place  []place // of each row, made by locate
}

type place struct{ chunk, row int32 }

func (t *Table) span(from, to int) span {
	s := span{chunks: t.chunks[from:to], start: t.Start(from)}
	for _, c := range s.chunks {
		s.rows += c.rows
	}
	return s
}

func (s *span) locate() {
	s.place = make([]place, 0, s.rows)
	s.parts(func(chunk int, c *Chunk, from, to int) {
		for r := from; r < to; r++ {
			s.place = append(s.place, place{int32(chunk), int32(r)})
		}
	})
}

// parts calls yield for the rows of each chunk that belong to the span.
func (s *span) parts(yield func(chunk int, c *Chunk, from, to int)) {
	from, left := s.skip, s.rows
	for i, c := range s.chunks {
		if left == 0 {
			return
		}
		n := min(c.rows-from, left)
		yield(i, c, from, from+n)
		from, left = 0, left-n
	}
}

// part returns rows [from, to) of the span.
func (s *span) part(from, to int) span {
	out := span{chunks: s.chunks, skip: s.skip + from, start: s.start + int64(from), rows: to - from}
	for len(out.chunks) > 0 && out.skip >= out.chunks[0].rows {
		out.skip -= out.chunks[0].rows
		out.chunks = out.chunks[1:]
	}
	return out
}

// gapDiff compares the rows between equal chunks and adds to a delta.
type gapDiff struct {
	delta  *Delta
	hasher *rowHasher
	key    []int
}

func (g *gapDiff) diff(from, to span) {
	from.locate()
	to.locate()
	a, b := g.names(&from, &to)
	i, j := 0, 0
	for _, r := range align(a, b) {
		g.leftOver(&from, i, r.a, &to, j, r.b)
		for n := range r.n {
			g.compare(&from, &to, r.a+n, r.b+n)
		}
		i, j = r.a+r.n, r.b+r.n
	}
	g.leftOver(&from, i, from.rows, &to, j, to.rows)
}

// names returns one number per row; rows of one number are taken as one row that may have changed.
func (g *gapDiff) names(from, to *span) (a, b []uint64) {
	g.hasher.prepare(from, to)
	if len(g.key) == 0 {
		return g.hasher.rows(from, nil, nil), g.hasher.rows(to, nil, nil)
	}
	if len(g.key) == 1 && from.rising(g.key[0]) && to.rising(g.key[0]) {
		// No key is empty or stands twice, so there is no need to look for such.
		return g.hasher.rows(from, g.key, nil), g.hasher.rows(to, g.key, nil)
	}
	fromNull, toNull := make([]bool, from.rows), make([]bool, to.rows)
	a, b = g.hasher.rows(from, g.key, fromNull), g.hasher.rows(to, g.key, toNull)
	eachPart(a, b, fromNull, toNull, func(t *placeTable, in func(uint64) bool) {
		// From now on a row that is marked has a key that says nothing: empty, or not its own.
		mark := func(names []uint64, unclear []bool) {
			for i, n := range names {
				if in(n) && !unclear[i] {
					s := t.find(n)
					unclear[i] = s.a < 0 || s.b < 0
				}
			}
		}
		mark(a, fromNull)
		mark(b, toNull)
	})
	g.rename(from, a, fromNull)
	g.rename(to, b, toNull)
	return a, b
}

// rename puts the content's hash where the key says nothing.
func (g *gapDiff) rename(s *span, names []uint64, unclear []bool) {
	if !slices.Contains(unclear, true) {
		return
	}
	for i, content := range g.hasher.rows(s, nil, nil) {
		if unclear[i] {
			names[i] = content
		}
	}
}

// full says that no more rows are listed.
func (g *gapDiff) full() bool {
	d := g.delta
	if !d.Replaced && d.RemovedRows+d.AddedRows+d.ChangedRows > DiffLimit {
		d.Replaced = true
	}
	return d.Replaced
}

func (g *gapDiff) lost(s *span, i, j int) {
	g.delta.RemovedRows += int64(j - i)
	if g.full() {
		return
	}
	for ; i < j; i++ {
		g.delta.Removed = append(g.delta.Removed, s.start+int64(i))
	}
}

func (g *gapDiff) gained(s *span, i, j int) {
	g.delta.AddedRows += int64(j - i)
	if g.full() {
		return
	}
	for ; i < j; i++ {
		g.delta.Added = append(g.delta.Added, s.start+int64(i))
	}
}

// compare looks at every cell: a hash alone never says that two rows are equal.
func (g *gapDiff) compare(from, to *span, i, j int) {
	p, q := from.place[i], to.place[j]
	c, d := from.chunks[p.chunk], to.chunks[q.chunk]
	var changed []int
	for n, column := range c.columns {
		if !sameCell(column, int(p.row), d.columns[n], int(q.row)) {
			changed = append(changed, n)
		}
	}
	if changed == nil {
		return
	}
	g.delta.ChangedRows++
	if !g.full() {
		g.delta.Changes = append(g.delta.Changes, Change{From: from.start + int64(i), To: to.start + int64(j), Columns: slices.Clip(changed)})
	}
}

// sameCell compares two cells of one column of one schema.
func sameCell(a *Column, i int, b *Column, j int) bool {
	if null := a.IsNull(i); null || b.IsNull(j) {
		return null && b.IsNull(j)
	}
	switch {
	case a.ints != nil && b.ints != nil:
		return a.ints[i] == b.ints[j]
	case a.codes != nil && b.codes != nil && a.dict == b.dict:
		return a.codes[i] == b.codes[j]
	case a.floats != nil && b.floats != nil:
		return a.floats[i] == b.floats[j]
	}
	return a.Value(i).Equal(b.Value(j))
}
