package parquet

import (
	"fmt"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// whole collects the cells of a file that is read at once.
type whole struct {
	ingest.Memory
	row int
}

func newWhole(columns int) *whole {
	return &whole{Memory: ingest.Memory{Cells: make([][]ingest.Ref, columns)}}
}

// cell puts a text into the row that is being read; nothing when there is no value after all.
func (w *whole) cell(column int, kind ingest.Kind, text func(buf []byte) ([]byte, bool)) {
	at := len(w.Text)
	buf, ok := text(w.Text)
	if !ok {
		w.Text = w.Text[:at]
		return
	}
	w.Text = buf
	for len(w.Cells[column]) < w.row {
		w.Cells[column] = append(w.Cells[column], ingest.Ref{})
	}
	w.Cells[column] = append(w.Cells[column], ingest.At(kind, at, len(buf)-at))
}

func (w *whole) end() {
	w.Lines = append(w.Lines, int32(w.row))
	w.row++
}

func (w *whole) draft(fields []table.Field, in *ingest.Input) ingest.Draft {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	names = ingest.Names([][]string{names}, len(names), in.Limits.HeaderCell, 0, in.Diagnoses, "")
	for i := range fields {
		fields[i].Name = names[i]
	}
	w.Done()
	return ingest.Draft{Names: names, Fields: fields, First: 1, Strict: true, Rows: &w.Memory, Identity: fmt.Sprintf("%+v", fields)}
}
