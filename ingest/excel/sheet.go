package excel

import (
	"slices"
	"sort"
	"strconv"

	"github.com/dashira/dashira/ingest"
)

// sheet is the cells of one sheet, row by row as they stand.
type sheet struct {
	name   string
	hidden bool
	text   []byte
	rows   []row // ascending, without empty ones
	merges []span
	units  []unitTally // by column
	arena  []placed    // where the next rows' cells go
	shares []uint32    // where each shared text stands in text, plus one; 0: not yet
	// Formulas without a stored value, and error cells by text.
	uncached tally
	failures []failed
}

type row struct {
	at    int // 0-based
	cells []placed
}

// placed is a cell and its column.
type placed struct {
	column int32
	ref    ingest.Ref
}

// unitTally counts the numbers of a column by the unit they carry.
type unitTally struct {
	none int
	by   map[string]int
}

func (s *sheet) countUnit(column int, unit string) {
	for len(s.units) <= column {
		s.units = append(s.units, unitTally{})
	}
	u := &s.units[column]
	if unit == "" {
		u.none++
		return
	}
	if u.by == nil {
		u.by = map[string]int{}
	}
	u.by[unit]++
}

// arenaCells is how many cells share one allocation.
const arenaCells = 32 << 10

type tally struct {
	n      int
	row    int
	column int
}

type failed struct {
	tally
	text string
}

// add takes a cell whose kind and text are known.
func (s *sheet) add(r, column int, ref ingest.Ref) {
	n := len(s.rows)
	if n == 0 || s.rows[n-1].at != r {
		if n > 0 && s.rows[n-1].at > r {
			// Rows out of order: rare enough to be put in place by search.
			i := sort.Search(n, func(i int) bool { return s.rows[i].at >= r })
			if s.rows[i].at != r {
				s.rows = slices.Insert(s.rows, i, row{at: r})
			}
			s.rows[i].cells = append(slices.Clip(s.rows[i].cells), placed{int32(column), ref})
			return
		}
		s.rows = append(s.rows, row{at: r})
		n++
	}
	last := &s.rows[n-1]
	if len(s.arena) == cap(s.arena) {
		// The row goes on in a new arena, with the cells it has.
		s.arena = append(make([]placed, 0, max(arenaCells, 2*len(last.cells))), last.cells...)
	}
	s.arena = append(s.arena, placed{int32(column), ref})
	last.cells = s.arena[len(s.arena)-len(last.cells)-1:]
}

// cells returns a row as header cells.
func (s *sheet) cells(i, left, width int) []ingest.HeaderCell {
	out := make([]ingest.HeaderCell, width)
	for _, c := range s.rows[i].cells {
		if k := int(c.column) - left; k >= 0 && k < width {
			out[k] = s.headerCell(c.ref)
		}
	}
	return out
}

func (s *sheet) headerCell(ref ingest.Ref) ingest.HeaderCell {
	c := ingest.HeaderCell{Text: string(ref.In(s.text))}
	switch ref.Kind() {
	case ingest.Absent, ingest.Fault:
		c.Look = ingest.LooksEmpty
	case ingest.Number:
		c.Look = ingest.LooksNumber
	case ingest.Truth:
		c.Look = ingest.LooksTruth
	case ingest.Moment:
		c.Look = ingest.LooksDate
	case ingest.Clock, ingest.Lapse:
		c.Look = ingest.LooksTime
	default:
		if c.Look = ingest.LooksText; c.Text == "" {
			c.Look = ingest.LooksEmpty
		}
	}
	return c
}

const (
	refBytes    = 8
	mostFilling = 20_000 // cells that merges are filled into; no header has so many
)

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *sheet) at(i, column int) ingest.Ref {
	for _, c := range s.rows[i].cells {
		if int(c.column) == column {
			return c.ref
		}
	}
	return ingest.Ref{}
}

func columnName(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

func (a span) String() string {
	if a.top == a.bottom && a.left == a.right {
		return columnName(a.left) + strconv.Itoa(a.top+1)
	}
	return columnName(a.left) + strconv.Itoa(a.top+1) + ":" + columnName(a.right) + strconv.Itoa(a.bottom+1)
}
