package json

import (
	"bytes"
	"fmt"

	"github.com/dashira/dashira/ingest"
)

// lineRows is how many lines are looked at to find out whether they are rows, and whether the first holds names.
const lineRows = 50

// arrayLines says whether the lines of a file are arrays, one for each row. It returns the names of the columns, from the
// first line when it holds them, and where the rows begin; nil when a line is anything else.
func arrayLines(head []byte, in *ingest.Input) (names []string, header ingest.Header, from int) {
	var rows [][]ingest.HeaderCell
	width, first, line := 0, 0, 0
	for at := 0; at < len(head) && len(rows) < lineRows; line++ {
		end := bytes.IndexByte(head[at:], '\n')
		if end < 0 {
			break // it may go on
		}
		text := head[at : at+end]
		p := space(text, 0)
		if at += end + 1; p == len(text) {
			continue
		}
		if text[p] != '[' {
			return nil, header, 0
		}
		var cells []ingest.HeaderCell
		var arena []byte
		stop, f := elements(text, p, func(v int) (int, *fault) {
			next, f := skip(text, v, in.Limits.Depth)
			if f == nil {
				r := ref(text, v, next, &arena)
				if bytes.IndexByte(text[v:next], '\\') >= 0 {
					cells = append(cells, ingest.HeaderCell{Text: textAt(text, v), Look: ingest.LooksText})
				} else {
					cells = append(cells, headerCell(r, text))
				}
			}
			return next, f
		})
		if f != nil || space(text, stop) != len(text) {
			return nil, header, 0
		}
		if rows = append(rows, cells); len(rows) == 1 {
			first, header.Line = at, line+1
		}
		width = max(width, len(cells))
	}
	if len(rows) < 2 || width < 2 {
		return nil, header, 0
	}
	band := 0
	if texts(rows[0]) {
		band = min(ingest.FindBand(rows, width).Rows, 1)
	}
	if n := in.Options.HeaderRows; n != nil {
		band = min(max(*n, 0), 1)
	}
	var given [][]string
	if header.Rows = band; band == 0 {
		header.Line, first = 0, 0
	} else {
		var texts []string
		for _, c := range rows[0] {
			texts = append(texts, c.Text)
		}
		given = [][]string{texts}
	}
	return ingest.Names(given, width, in.Limits.HeaderCell, header.Line, in.Diagnoses, ""), header, first
}

// cells reads the array at b[p] as the cells of a row.
func (r *recorder) cells(p int) (int, *fault) {
	i := 0
	return elements(r.b, p, func(v int) (int, *fault) {
		if i == len(r.plan.columns) {
			return 0, &fault{at: v, long: true, message: fmt.Sprintf("the row has more than %d cells, so it was set aside", i), hint: "write a name for every column into the first line"}
		}
		n := r.main.root.child([]byte(r.plan.columns[i]), i)
		i++
		if v < len(r.b) && (r.b[v] == '[' || r.b[v] == '{') {
			end, f := skip(r.b, v, r.depth-1)
			return r.raw(v, end, f, r.main, n, ingest.List)
		}
		return r.value(v, r.main, n, r.depth-1, 1)
	})
}
