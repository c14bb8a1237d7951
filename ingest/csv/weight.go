package csv

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/dashira/dashira/ingest"
)

// weight is what the rows of one part of a sample say for a dialect.
type weight struct {
	widths []uint16 // cells of each row
	odd    int      // rows with a mark that is not closed or stands where none should

	weighed bool // what follows is known
	known   float64
	cells   int
}

// weights are those of the parts of a file, by their text and dialect. Of a file that grew, most parts are what they were.
type weights map[[16]byte]*weight

// part weighs part k of a sample, its head first; with cells, the forms of its cells too.
func (d *dialect) part(s sample, k int, cells bool) *weight {
	part, whole := s.head, s.whole || k == len(s.parts)
	if k > 0 {
		part = s.parts[k-1]
	}
	if s.now == nil {
		w := &weight{}
		d.weigh(w, part, whole, cells)
		return w
	}
	hash := ingest.HashOf(part)
	name := fmt.Appendf(binary.LittleEndian.AppendUint64(hash[:], uint64(k)), "%+v %v", *d, whole)
	key := ingest.HashOf(name)
	w := s.now[key]
	if w == nil {
		if w = s.before[key]; w == nil {
			w = &weight{}
			d.weigh(w, part, whole, false)
		}
		s.now[key] = w
	}
	if cells && !w.weighed {
		// Others may be reading what was known before.
		more := &weight{}
		d.weigh(more, part, whole, true)
		w = more
		s.now[key] = w
	}
	return w
}

// Short cells often come again: the forms of so many are remembered while a part is weighed.
const (
	formBytes = 12
	formsKept = 256
)

func (d *dialect) weigh(w *weight, part []byte, whole, cells bool) {
	w.weighed = cells
	forms := map[string]float64{}
	var buf []byte
	d.rows(part, whole, func(fields []field, st state) {
		if st == unclosed || st == open || st == stray {
			w.odd++
		}
		w.widths = append(w.widths, uint16(min(len(fields), 1<<16-1)))
		if !cells {
			return
		}
		w.cells += len(fields)
		for _, f := range fields {
			buf = d.undo(part, f, buf[:0])
			if len(buf) > formBytes || f.quoted {
				w.known += form(buf, f.quoted)
				continue
			}
			known, met := forms[string(buf)]
			if !met {
				known = form(buf, false)
				if len(forms) < formsKept {
					forms[string(buf)] = known
				}
			}
			w.known += known
		}
	})
}

// rows calls f for the rows of a part of a sample, as far as they are whole and no comments.
func (d *dialect) rows(part []byte, whole bool, f func(fields []field, st state)) {
	var fields []field
	for at, n := 0, 0; at < len(part) && n < sniffRows; n++ {
		if d.comment != "" && bytes.HasPrefix(part[at:], []byte(d.comment)) {
			i := bytes.IndexByte(part[at:], d.eol)
			if i < 0 {
				return
			}
			at += i + 1
			continue
		}
		var st state
		fields, at, st = d.row(part, at, whole, fields[:0])
		if st == more || st == endOfText && !whole {
			return
		}
		if len(fields) == 1 && fields[0].end == fields[0].start {
			continue
		}
		f(fields, st)
	}
}
