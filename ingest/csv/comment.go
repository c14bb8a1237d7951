package csv

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dashira/dashira/ingest"
)

// remark is a line that is a comment.
type remark struct {
	line int
	text string
}

// namesInComments takes the comment right above a table without names for its names when it has as many cells, all of
// them words: "#CHROM POS", "# time  speed". A second one below it says more about them. A comment that says that it
// lists the fields, as in "#Fields: date time", may stand anywhere above.
func (o *opening) namesInComments(d dialect, lay *layout, first int) {
	for i := len(o.comments) - 1; i >= 0; i-- {
		c := o.comments[i]
		mark := d.comment + "fields"
		if c.line > first || len(c.text) < len(mark)+2 || !strings.EqualFold(c.text[:len(mark)], mark) || !strings.ContainsAny(c.text[len(mark):len(mark)+1], ": \t") {
			continue
		}
		if cells := o.cellsOf(d, remark{text: c.text[len(mark)+1:]}, lay.columns); cells != nil {
			lay.band, lay.header = [][]string{cells}, ingest.Header{Rows: 1, Line: c.line}
			o.comments = slices.Delete(o.comments, i, i+1)
			return
		}
	}
	from := len(o.comments)
	for from > 0 && o.comments[from-1].line == first-(len(o.comments)-from)-1 {
		if from--; o.cellsOf(d, o.comments[from], lay.columns) == nil {
			from++
			break
		}
	}
	if n := len(o.comments) - from; n == 0 || n > 2 || lay.columns < 2 {
		return
	}
	for _, c := range o.comments[from:] {
		lay.band = append(lay.band, o.cellsOf(d, c, lay.columns))
	}
	lay.header = ingest.Header{Rows: len(lay.band), Line: first - 1}
	o.comments = o.comments[:from]
}

// A comment's cell that is longer is a sentence's part and no name.
const (
	mostNameBytes  = 48
	mostNameBlanks = 2
)

// cellsOf returns the cells of a comment, nil when they are not so many different words.
func (o *opening) cellsOf(d dialect, c remark, width int) []string {
	text := []byte(strings.TrimLeft(strings.TrimPrefix(c.text, d.comment), " \t"))
	d.comment, d.runs = "", d.delimiter == ' '
	fields, next, _ := d.row(text, 0, true, nil)
	if len(fields) != width || next < len(text) {
		return nil
	}
	var cells []string
	for _, f := range fields {
		cell := string(d.undo(text, f, nil))
		if ingest.LookOf([]byte(cell)) != ingest.LooksText || len(cell) > mostNameBytes || strings.Count(cell, " ") > mostNameBlanks || strings.HasSuffix(cell, ".") {
			return nil
		}
		cells = append(cells, cell)
	}
	return cells
}

// reportComments reports the comments before the first row; those behind it are met again when the rows are read.
func (o *opening) reportComments(d dialect, first int) {
	for _, r := range o.comments {
		if r.line < first {
			o.in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.CommentSkipped, Severity: ingest.Info, Line: r.line, Value: r.text,
				Message: fmt.Sprintf("lines that begin with %s are left out as comments", d.comment), Hint: "set comment to none if they are data"})
		}
	}
}
