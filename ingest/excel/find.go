package excel

import (
	"sort"

	"github.com/dashira/dashira/ingest"
)

// area is the bounding rectangle of rows[from:to].
type area struct {
	from, to int // of sheet.rows
	span
	cells int
}

// blocks splits the sheet at empty rows. A block that goes on where the one above it was, with data and not with names,
// is the same table with a gap in it.
func (s *sheet) blocks() []area {
	var out []area
	for i := 0; i < len(s.rows); {
		j := i + 1
		for j < len(s.rows) && s.rows[j].at == s.rows[j-1].at+1 {
			j++
		}
		a := s.bound(i, j)
		if n := len(out); n > 0 && s.goesOn(out[n-1], a) {
			out[n-1] = s.bound(out[n-1].from, j)
		} else {
			out = append(out, a)
		}
		i = j
	}
	return out
}

func (s *sheet) bound(from, to int) area {
	a := area{from: from, to: to, span: span{top: s.rows[from].at, bottom: s.rows[to-1].at, left: 1 << 30}}
	for _, r := range s.rows[from:to] {
		for _, c := range r.cells {
			a.left, a.right = min(a.left, int(c.column)), max(a.right, int(c.column))
			a.cells++
		}
	}
	return a
}

// goesOn says whether block b continues table a: it has the same columns and its first row is data.
func (s *sheet) goesOn(a, b area) bool {
	width := a.right - a.left + 1
	if width < 2 || b.left < a.left || b.right > a.right || a.to-a.from < 2 {
		return false
	}
	last := s.cells(a.to-1, a.left, width)
	first := s.cells(b.from, a.left, width)
	same, other, missing := 0, 0, 0
	for i := range width {
		switch {
		case last[i].Look != ingest.LooksEmpty && first[i].Look == ingest.LooksEmpty:
			missing++
		case last[i].Look == ingest.LooksEmpty || first[i].Look == ingest.LooksEmpty:
		case last[i].Look == first[i].Look:
			same++
		default:
			other++
		}
	}
	typed := false
	for _, c := range first {
		typed = typed || c.Look > ingest.LooksText
	}
	return typed && same > other && same > 1 && missing <= same/2
}

// within returns the rows of a rectangle as an area.
func (s *sheet) within(r span) area {
	from := sort.Search(len(s.rows), func(i int) bool { return s.rows[i].at >= r.top })
	to := sort.Search(len(s.rows), func(i int) bool { return s.rows[i].at > r.bottom })
	return area{from: from, to: to, span: r}
}

// plan is which part of the sheet is the table.
type plan struct {
	area
	header  int  // rows of it that are names; -1: to be found
	named   bool // by a range or a defined table
	totals  int  // rows at the end that are sums of a defined table
	ignored []area
	titles  []area
}

// find chooses the largest block.
func (s *sheet) find() plan {
	blocks := s.blocks()
	best := 0
	for i, b := range blocks {
		if b.cells > blocks[best].cells {
			best = i
		}
	}
	table, beside := s.columns(blocks[best])
	p := plan{area: table, header: -1, ignored: beside}
	for i, b := range blocks {
		switch {
		case i == best:
		case i < best && b.to-b.from == 1 || b.left == b.right:
			p.titles = append(p.titles, b)
		default:
			p.ignored = append(p.ignored, b)
		}
	}
	return p
}

// columns splits a block at its empty columns. Parts that begin and end in the same rows as the largest are one table
// with a gap in it; the others stand beside it.
func (s *sheet) columns(block area) (table area, beside []area) {
	used := make([]bool, block.right-block.left+1)
	for _, r := range s.rows[block.from:block.to] {
		for _, c := range r.cells {
			used[int(c.column)-block.left] = true
		}
	}
	var parts []area
	group := make([]int, len(used)) // by column: the part
	for i, is := range used {
		if is && (i == 0 || !used[i-1]) {
			parts = append(parts, area{from: -1, span: span{left: block.left + i}})
		}
		if is {
			parts[len(parts)-1].right = block.left + i
		}
		group[i] = len(parts) - 1
	}
	if len(parts) < 2 {
		return block, nil
	}
	for i := block.from; i < block.to; i++ {
		for _, c := range s.rows[i].cells {
			p := &parts[group[int(c.column)-block.left]]
			if p.from < 0 {
				p.from, p.top = i, s.rows[i].at
			}
			p.to, p.bottom = i+1, s.rows[i].at
			p.cells++
		}
	}
	best := 0
	for i, p := range parts {
		if p.cells > parts[best].cells {
			best = i
		}
	}
	table = parts[best]
	for _, p := range parts {
		switch {
		case p.top == table.top && p.bottom == table.bottom:
			table.left, table.right = min(table.left, p.left), max(table.right, p.right)
		default:
			beside = append(beside, p)
		}
	}
	return table, beside
}
