package table

// mostResembling bounds how many pairs of left-over rows are compared to find which became which.
const mostResembling = 4096

// leftOver tells what became of rows [i0, i1) of from and [j0, j1) of to, between matched rows and not matched
// themselves. With a key they came and went. Without one an edited cell is what makes a row match no other, so rows that
// resemble each other are one row that changed: in the order that agrees in most cells, or, where there are too many to
// try, one by one where both sides have as many.
func (g *gapDiff) leftOver(from *span, i0, i1 int, to *span, j0, j1 int) {
	rows, columns := i1-i0, j1-j0
	i, j := i0, j0
	pair := func(a, b int) {
		g.lost(from, i, a)
		g.gained(to, j, b)
		g.compare(from, to, a, b)
		i, j = a+1, b+1
	}
	switch {
	case len(g.key) > 0 || rows == 0 || columns == 0:
	case rows*columns <= mostResembling:
		g.resembling(from, i0, rows, to, j0, columns, pair)
	case rows == columns:
		for n := range rows {
			if g.alike(from, to, i0+n, j0+n) > 0 {
				pair(i0+n, j0+n)
			}
		}
	}
	g.lost(from, i, i1)
	g.gained(to, j, j1)
}

// resembling calls pair for the rows that became one another, ascending.
func (g *gapDiff) resembling(from *span, i0, rows int, to *span, j0, columns int, pair func(i, j int)) {
	alike := make([]int, rows*columns)
	width := columns + 1
	best := make([]int, (rows+1)*width) // the most agreement of the rows from i and from j on
	for i := rows - 1; i >= 0; i-- {
		for j := columns - 1; j >= 0; j-- {
			n := g.alike(from, to, i0+i, j0+j)
			alike[i*columns+j] = n
			most := max(best[(i+1)*width+j], best[i*width+j+1])
			if n > 0 {
				most = max(most, n+best[(i+1)*width+j+1])
			}
			best[i*width+j] = most
		}
	}
	for i, j := 0, 0; i < rows && j < columns; {
		switch n := alike[i*columns+j]; {
		case n > 0 && best[i*width+j] == n+best[(i+1)*width+j+1]:
			pair(i0+i, j0+j)
			i, j = i+1, j+1
		case best[i*width+j] == best[(i+1)*width+j]:
			i++
		default:
			j++
		}
	}
}

// alike returns in how many cells two rows agree, 0 where that is not more than half of them.
func (g *gapDiff) alike(from, to *span, i, j int) int {
	p, q := from.place[i], to.place[j]
	c, d := from.chunks[p.chunk], to.chunks[q.chunk]
	n := 0
	for k, column := range c.columns {
		if sameCell(column, int(p.row), d.columns[k], int(q.row)) {
			n++
		}
	}
	if 2*n <= len(c.columns) {
		return 0
	}
	return n
}
