package csv

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/dashira/dashira/ingest"
)

// reason says why the delimiter is what it is, as the end of a sentence, and how sure that is.
func (d *dialect) reason(s sample, o ingest.Options, ext string, columns int) (string, float64) {
	switch {
	case o.Delimiter != "":
		return "as the options say", 1
	case separator(s.head) != 0:
		return "as the first line says", 1
	case ext == ".tsv":
		return "as the file's name says", 1
	case d.delimiter == 0:
		return "as no delimiter makes rows of equal width", 1
	}
	usual, same, rows := d.regularity(s)
	switch {
	case usual < 2:
		return "as nothing speaks for another", 0.5
	case columns == 1:
		return "as no delimiter makes rows of equal width", 0.5
	case usual != columns:
		return fmt.Sprintf("as most rows have %d cells, though the table has %d columns", usual, columns), float64(same) / float64(rows)
	case rows == 1:
		return fmt.Sprintf("as its only row has %d cells", usual), 0.9
	case same == rows && s.whole:
		return fmt.Sprintf("as all rows have %d cells", usual), 1
	case same == rows:
		return fmt.Sprintf("as all of the first %d rows have %d cells", rows, usual), 1
	}
	return fmt.Sprintf("as %d of %s have %d cells", same, plural(rows, "row"), usual), float64(same) / float64(rows)
}

// regularity counts the rows of the usual width among those of the sample that lie between the first and the last of
// them.
func (d *dialect) regularity(s sample) (usual, same, rows int) {
	var widths []int
	var fields []field
	for at := 0; at < len(s.head) && len(widths) < sniffRows; {
		if d.comment != "" && bytes.HasPrefix(s.head[at:], []byte(d.comment)) {
			i := bytes.IndexByte(s.head[at:], d.eol)
			if i < 0 {
				break
			}
			at += i + 1
			continue
		}
		var st state
		fields, at, st = d.row(s.head, at, s.whole, fields[:0])
		if st == more || st == endOfText && !s.whole {
			break
		}
		if len(fields) == 1 && fields[0].end == fields[0].start {
			continue
		}
		widths = append(widths, len(fields))
	}
	usual = mode(widths)
	first := slices.Index(widths, usual)
	if first < 0 {
		return 0, 0, 0
	}
	last := len(widths) - 1
	for widths[last] != usual {
		last--
	}
	for _, w := range widths[first : last+1] {
		if w == usual {
			same++
		}
	}
	return usual, same, last + 1 - first
}

// headerReason says why the names are where they are.
func headerReason(rows int, explained bool, o ingest.Options) string {
	switch {
	case o.HeaderRows != nil:
		return "as the options say"
	case rows == 0:
		return "as the first row looks like the others"
	case rows == 1:
		return "as it holds names and the rows below do not"
	case explained:
		return "as what stands below the names is of no column's type"
	}
	return "as group names stand over names"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
