package excel

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/dashira/dashira/ingest"
	"github.com/xuri/excelize/v2"
)

// TestScannerAndRowsFindTheSameCells holds the streaming scanner to excelize's own reader. It is a white-box test
// because which of the two reads a sheet must not show from outside.
func TestScannerAndRowsFindTheSameCells(t *testing.T) {
	f := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetSheetRow("Sheet1", "B2", &[]any{"a & <b>", 1, 2.5, true, false, "ünï _x0041_", nil, "", -3e-9}))
	must(f.SetSheetRow("Sheet1", "A4", &[]any{"same", "same", time.Date(2024, 2, 29, 12, 30, 0, 0, time.UTC), 1e15, "line\nend", " blanks "}))
	must(f.SetCellRichText("Sheet1", "C5", []excelize.RichTextRun{{Text: "rich "}, {Text: "text"}}))
	must(f.SetCellFormula("Sheet1", "D5", "1+1"))
	must(f.MergeCell("Sheet1", "A7", "C8"))
	percent, err := f.NewStyle(&excelize.Style{NumFmt: 10})
	must(err)
	must(f.SetCellStyle("Sheet1", "D2", "D2", percent))
	buf, err := f.WriteToBuffer()
	must(err)
	in := &ingest.Input{ReaderAt: bytes.NewReader(buf.Bytes()), Size: int64(buf.Len()), Diagnoses: &ingest.Diagnoses{},
		Limits: ingest.Limits{Unpacked: 1 << 30, Ratio: 1000, Parts: 1000, Line: 1 << 20, Cells: 1 << 20, Columns: 100, Sheets: 9, HeaderCell: 99}}
	a, err := openArchive(in, in.Size, in.Limits)
	must(err)
	lean, err := a.lean()
	must(err)
	x, err := excelize.OpenReader(lean, options())
	must(err)
	b := &book{archive: a, excel: x, in: in, held: in.Gauge()}
	must(b.shared())
	list, err := b.list()
	must(err)
	fast, err := b.scan(t.Context(), list[0])
	must(err)
	slow, err := b.slow(t.Context(), list[0])
	must(err)
	if a, b := dump(fast), dump(slow); a != b {
		t.Errorf("the scanner finds\n%s\nRows finds\n%s", a, b)
	}
}

func dump(s *sheet) string {
	var b bytes.Buffer
	for _, r := range s.rows {
		for _, c := range r.cells {
			fmt.Fprintf(&b, "%s%d %d %q\n", columnName(int(c.column)), r.at+1, c.ref.Kind(), c.ref.In(s.text))
		}
	}
	// Formulas without a value are left out: Rows drops empty cells at a row's end and so cannot count all of them.
	fmt.Fprintf(&b, "merges %v\n", s.merges)
	return b.String()
}
