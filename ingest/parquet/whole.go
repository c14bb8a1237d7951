package parquet

import (
	"fmt"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// whole collects the cells of a file that is read at once.
type whole struct {
	ingest.Memory
	row    int
	held   *ingest.Gauge
	limits ingest.Limits
	lost   []lost // by column
	err    error  // a limit that was reached: what follows is left out
}

// lost are the values of one column that the table has no cell for: moments outside the years 0 to 9999, and times
// of day that are none.
type lost struct {
	count int
	row   int    // of the first
	text  string // of the first
}

func newWhole(columns int, in *ingest.Input) *whole {
	return &whole{Memory: ingest.Memory{Cells: make([][]ingest.Ref, columns)}, lost: make([]lost, columns), held: in.Gauge(), limits: in.Limits}
}

// cell puts a text into the row that is being read; nothing when there is no value after all, or none that fits, of which
// the text is written all the same.
func (w *whole) cell(column int, kind ingest.Kind, text func(buf []byte) ([]byte, bool)) {
	if w.err != nil {
		return
	}
	at := len(w.Text)
	buf, ok := text(w.Text)
	if !ok {
		if l := &w.lost[column]; len(buf) > at {
			if l.count++; l.count == 1 {
				l.row, l.text = w.row, string(buf[at:])
			}
		}
		w.Text = w.Text[:at]
		return
	}
	w.Text = buf
	switch length := len(buf) - at; {
	case length > w.limits.Line:
		w.err = ingest.TooMuch(fmt.Sprintf("a value is longer than %d MiB", w.limits.Line>>20), "shorten the value, or raise the limit")
	case int64(len(buf)) > w.limits.Unpacked:
		w.err = ingest.TooMuch(fmt.Sprintf("the values are longer than %d MiB in all", w.limits.Unpacked>>20), "split the file, or raise the limit")
	default:
		w.err = w.held.Add(length + cellBytes*(w.row+1-len(w.Cells[column])))
	}
	if w.err != nil {
		return
	}
	for len(w.Cells[column]) < w.row {
		w.Cells[column] = append(w.Cells[column], ingest.Ref{})
	}
	w.Cells[column] = append(w.Cells[column], ingest.At(kind, at, len(buf)-at))
}

// cellBytes is what a cell takes beside its text.
const cellBytes = 8

// end finishes a row; an error is a limit that was reached.
func (w *whole) end() error {
	w.Lines = append(w.Lines, int32(w.row))
	w.row++
	if w.err == nil {
		w.err = w.held.Add(4)
	}
	return w.err
}

func (w *whole) draft(fields []table.Field, in *ingest.Input) (*ingest.Draft, error) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	names = ingest.Names([][]string{names}, len(names), in.Limits.HeaderCell, 0, in.Diagnoses, "")
	for i := range fields {
		fields[i].Name = names[i]
	}
	for i, l := range w.lost {
		if l.count == 0 {
			continue
		}
		what := "dates from the year 0 to 9999"
		if fields[i].Type == table.Time {
			what = "times of a day"
		}
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.BadValue, Severity: ingest.Error, Line: l.row + 1, Column: names[i], Value: l.text, Count: l.count,
			Message: fmt.Sprintf("values that are no %s are empty in the table, “%s” for one", what, l.text), Hint: "correct the value where it is written"})
	}
	missing := 0
	for _, cells := range w.Cells {
		missing += w.row - len(cells)
	}
	if err := in.Reserve(int64(missing) * cellBytes); err != nil {
		return nil, err
	}
	w.Done()
	return &ingest.Draft{Names: names, Fields: fields, First: 1, Strict: true, Rows: &w.Memory, Identity: fmt.Sprintf("%+v", fields)}, nil
}
