package ingest

import (
	"strconv"
	"strings"
)

// Look is what kind of thing a cell seems to be, for finding where a table begins.
type Look uint8

// The looks.
const (
	LooksEmpty Look = iota
	LooksText
	LooksNumber
	LooksDate
	LooksTime
	LooksTruth
)

// LookOf returns what a raw text seems to be.
func LookOf(b []byte) Look {
	b = trimSpace(b)
	if len(b) == 0 {
		return LooksEmpty
	}
	if len(b) > 64 {
		return LooksText
	}
	if plainNumber(b) {
		return LooksNumber
	}
	e := newEvidence()
	switch {
	case isNullSpelling(b), isSign(b):
		return LooksEmpty
	case e.number(b):
		return LooksNumber
	case e.moment(b):
		return LooksDate
	case e.clock(b):
		return LooksTime
	case len(b) > 1 && e.word(b):
		return LooksTruth
	}
	return LooksText
}

// HeaderCell is a cell of the first rows.
type HeaderCell struct {
	Text string
	Look Look
}

// CellOf returns the cell of a raw text.
func CellOf(text string) HeaderCell {
	text = strings.TrimSpace(text)
	return HeaderCell{Text: text, Look: LookOf([]byte(text))}
}

// Band is where the names of a table stand among its first rows: Rows of them after Skip others.
type Band struct {
	Skip, Rows int
	Explained  bool // the rows below the first explain its names
}

// How many rows names may have: with group names over them, and with explanations below.
const (
	mostBandRows  = 3
	mostExplained = 5
)

// FindBand finds the header in the first rows of a table that is width cells wide. Rows before it are titles.
func FindBand(rows [][]HeaderCell, width int) Band {
	skip := 0
	for skip < len(rows)-1 && isTitle(rows, skip, width) {
		skip++
	}
	if skip == len(rows)-1 && len(rows) > 1 && isTitle(rows, skip, width) {
		skip = 0
	}
	rows = rows[skip:]
	if len(rows) == 0 {
		return Band{Skip: skip}
	}
	for n := min(mostBandRows, len(rows)-1); n >= 2; n-- {
		if isBand(rows, n, width) {
			if n+1 < len(rows) && namesRows(rows[n], rows[n+1:]) {
				n++
			}
			return Band{Skip: skip, Rows: n}
		}
	}
	if !isHeader(rows[0], rows[1:], width) {
		return Band{Skip: skip}
	}
	n := 1
	for more := min(mostExplained, len(rows)-leastBelow+1); more > n; more-- {
		below := rows[more:]
		if namesRows(below[0], below[1:]) {
			below = below[1:]
		}
		all := true
		for _, row := range rows[1:more] {
			all = all && isSubheader(row, below)
		}
		if all {
			n = more
		}
	}
	if n > 1 && n+1 < len(rows) && namesRows(rows[n], rows[n+1:]) {
		n++
	}
	return Band{Skip: skip, Rows: n, Explained: n > 1}
}

// leastBelow is how many rows must follow the names so that a second row of text may belong to them.
const leastBelow = 4

// isSubheader says whether a row below the names explains them: units, further names, the wording of a question. None of
// its cells is of the type of its column, and at least two differ that are not; of a row that has nothing in its first
// column, where rows are named, one is enough.
func isSubheader(row []HeaderCell, below [][]HeaderCell) bool {
	breaks := map[string]bool{}
	others := false
	for i, c := range row {
		if c.Look == LooksEmpty {
			continue
		}
		if c.Look != LooksText && c.Look != LooksTruth {
			return false
		}
		typed, total := 0, 0
		for _, r := range below {
			if i >= len(r) || r[i].Look == LooksEmpty {
				continue
			}
			total++
			if r[i].Text == c.Text {
				return false
			}
			if r[i].Look == LooksTruth && c.Look == LooksTruth {
				return false // yes over no
			}
			if r[i].Look != LooksText {
				typed++
			}
		}
		if total > 0 && typed == total {
			breaks[c.Text] = true
		} else {
			others = true
		}
	}
	return len(breaks) >= 2 || len(breaks) == 1 && !others && row[0].Text == ""
}

// namesRows says whether a row below a band holds nothing but the name of the first column, as pandas writes the name of
// an index below columns of several levels.
func namesRows(row []HeaderCell, below [][]HeaderCell) bool {
	if filled(row) != 1 || row[0].Text == "" || row[0].Look != LooksText {
		return false
	}
	for _, r := range below {
		if filled(r) < 2 || r[0].Text == row[0].Text {
			return false
		}
	}
	return true
}

func filled(row []HeaderCell) int {
	n := 0
	for _, c := range row {
		if c.Text != "" {
			n++
		}
	}
	return n
}

// isTitle says whether a row stands above the table: it is narrower than the table, and is not the header itself.
func isTitle(rows [][]HeaderCell, at, width int) bool {
	row := rows[at]
	n := filled(row)
	if width < 2 || n >= width {
		return false
	}
	if n == 0 {
		return true
	}
	wide := len(trimRow(row))
	if n == 1 && (width >= 3 || wide == 1) {
		// A single cell above something fuller; however far above, where its row is not as wide as the table.
		near := at + 6
		if len(row) != width {
			near = len(rows)
		}
		for _, next := range rows[at+1 : min(len(rows), near)] {
			if filled(next) > 1 {
				return true
			}
		}
		return false
	}
	// A few cells, not as many as the table has: titles like "Period: | May" stand before a full row of names. A row with
	// gaps may be the header itself, unless it holds a date or a number.
	if (len(row) == width || wide > width/2) && !holdsValue(row) {
		return false
	}
	for _, next := range rows[at+1 : min(len(rows), at+6)] {
		if filled(next) == width && allNames(next) {
			return true
		}
	}
	return false
}

// holdsValue says whether a cell is what no name of a column is.
func holdsValue(row []HeaderCell) bool {
	for _, c := range row {
		if c.Look == LooksDate || c.Look == LooksTime || c.Look == LooksNumber && !isYear(c) {
			return true
		}
	}
	return false
}

func trimRow(row []HeaderCell) []HeaderCell {
	for len(row) > 0 && row[len(row)-1].Text == "" {
		row = row[:len(row)-1]
	}
	return row
}

func allNames(row []HeaderCell) bool {
	for _, c := range row {
		if c.Look != LooksText && c.Look != LooksTruth {
			return false
		}
	}
	return true
}

// isHeader says whether a row holds the names of the columns below it.
func isHeader(row []HeaderCell, below [][]HeaderCell, width int) bool {
	row = trimRow(row)
	if len(row) == 0 {
		return false
	}
	seen := map[string]bool{}
	names, years, numbers := 0, 0, 0
	lastYear := 0
	rising := true
	for _, c := range row {
		if c.Text == "" {
			continue
		}
		seen[c.Text] = true
		switch c.Look {
		case LooksText, LooksTruth:
			names++
		case LooksNumber:
			numbers++
			if y, err := strconv.Atoi(c.Text); err == nil && y >= 1900 && y <= 2100 {
				years++
				rising = rising && y > lastYear
				lastYear = y
			}
		}
	}
	if numbers > 0 && !(numbers == years && rising && names > 0) {
		return false
	}
	if len(below) == 0 {
		return names == filled(row) && len(seen) == names
	}
	breaks, fits, recurs, typedColumns := 0, 0, 0, 0
	for i := range max(len(row), width) {
		var c HeaderCell
		if i < len(row) {
			c = row[i]
		}
		var looks [LooksTruth + 1]int
		total := 0
		again := false
		for _, r := range below {
			if i >= len(r) || r[i].Look == LooksEmpty {
				continue
			}
			looks[r[i].Look]++
			total++
			if c.Text != "" && r[i].Text == c.Text {
				again = true
			}
		}
		if again {
			recurs++
		}
		if total == 0 {
			continue
		}
		for l := LooksNumber; l <= LooksTruth; l++ {
			if looks[l]*5 < total*4 {
				continue
			}
			typedColumns++
			switch {
			case c.Text == "":
			case c.Look == l && !(l == LooksNumber && years > 0) && !(l == LooksTruth && !again):
				fits++
			default:
				breaks++
			}
		}
	}
	switch {
	case breaks > 0 && breaks >= fits:
		return true
	case fits > 0:
		return false
	}
	// Nothing but text below: a header does not come again, and does not repeat itself.
	return names > 0 && recurs == 0 && len(seen) == filled(row) && filled(row) == len(row) && (typedColumns == 0 || breaks > 0)
}

// isBand says whether the first n rows together are the header: group names over several columns above a row of names.
func isBand(rows [][]HeaderCell, n, width int) bool {
	last := rows[n-1]
	for i := range width {
		// A name may stand in an upper row alone, in a cell that reaches down.
		named := i < len(last) && last[i].Text != ""
		for _, row := range rows[:n-1] {
			named = named || i < len(row) && row[i].Text != ""
		}
		if !named {
			return false
		}
	}
	leans := leansOn(rows, n, width)
	if filled(last) < 2 || !isHeader(last, rows[n:], width) && !allYears(last) && !leans {
		return false
	}
	for _, row := range rows[:n-1] {
		groups, empty := 0, 0
		seen := map[string]int{}
		for i := range width {
			var c HeaderCell
			if i < len(row) {
				c = row[i]
			}
			switch {
			case c.Text == "":
				empty++
			case c.Look == LooksNumber && len(c.Text) != 4:
				return false
			default:
				seen[c.Text]++
				groups++
			}
		}
		if groups == 0 || empty == 0 && len(seen) == groups {
			return false
		}
	}
	if leans {
		return true
	}
	// The lower row must break the types below it, else it may be data under a header with gaps.
	for i := range width {
		typed, total := 0, 0
		for _, r := range rows[n:] {
			if i < len(r) && r[i].Look != LooksEmpty {
				total++
				if r[i].Look != LooksText && r[i].Look != LooksTruth {
					typed++
				}
			}
		}
		if total > 0 && i < len(last) && (typed*5 >= total*4 && last[i].Look == LooksText || isYear(last[i]) && typed == total) {
			return true
		}
	}
	return false
}

// leansOn says whether row n-1 holds nothing but names and leaves out columns that every row below has a value for, so
// that it is no row of theirs: their names stand in the rows above alone.
func leansOn(rows [][]HeaderCell, n, width int) bool {
	last, found := rows[n-1], false
	for _, c := range last {
		if c.Text != "" && c.Look != LooksText {
			return false
		}
	}
	for i := range width {
		if i < len(last) && last[i].Text != "" || i >= len(rows[n-2]) || rows[n-2][i].Look != LooksText {
			continue
		}
		typed := 0
		for _, r := range rows[n:] {
			typed += b2i(i < len(r) && r[i].Look > LooksText)
		}
		found = found || typed > 1 && typed == len(rows[n:])
	}
	return found
}

func allYears(row []HeaderCell) bool {
	years := 0
	for _, c := range row {
		if c.Text != "" && !isYear(c) {
			return false
		}
		years += b2i(isYear(c))
	}
	return years > 0
}

func isYear(c HeaderCell) bool {
	y, err := strconv.Atoi(c.Text)
	return err == nil && len(c.Text) == 4 && y >= 1900 && y <= 2100
}
