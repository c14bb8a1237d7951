package ingest

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// unknown says of a file that is of no format what to save it as. What is named .xls is often something else.
func unknown(name string, r io.ReaderAt) *Damage {
	d := &Damage{Code: DamagedArchive, Message: fmt.Sprintf("%s is of no format that is read", path.Base(name)), Hint: "save it as CSV, JSON or .xlsx"}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".xls":
		d.Message, d.Hint = oldExcel(r)
	case ".ods", ".fods":
		d.Message, d.Hint = "OpenDocument spreadsheets are not read", "open the file in LibreOffice and save it as .xlsx or .csv"
	case ".numbers":
		d.Message, d.Hint = "Numbers documents are not read", "export the file from Numbers as .xlsx or .csv"
	case ".zip", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz":
		d.Message, d.Hint = fmt.Sprintf("%s archives are not read", ext), "unpack the file, or pack a single one with gzip or zstd"
	case ".xlsb":
		d.Message, d.Hint = "binary .xlsb workbooks are not read", "open the file in Excel and save it as .xlsx"
	}
	return d
}

// oldExcel says what a file named .xls is, and what to do with it.
func oldExcel(r io.ReaderAt) (message, hint string) {
	head := make([]byte, 512)
	n, _ := r.ReadAt(head, 0)
	head = bytes.TrimSpace(bytes.TrimPrefix(head[:n], []byte("\xEF\xBB\xBF")))
	lower := bytes.ToLower(head)
	for len(head) > 0 && !utf8.RuneStart(head[len(head)-1]) {
		head = head[:len(head)-1] // a letter that the sample cut
	}
	if len(head) > 0 {
		head = head[:len(head)-1]
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK")):
		return "the file is a newer workbook under an old name", "rename it to .xlsx"
	case bytes.Contains(lower, []byte("<html")), bytes.Contains(lower, []byte("<table")):
		return "the file is a web page named .xls", "open it in Excel or LibreOffice and save it as .xlsx"
	case bytes.HasPrefix(lower, []byte("<?xml")):
		return "the file is an XML spreadsheet of Excel 2003", "open it in Excel or LibreOffice and save it as .xlsx"
	case len(head) > 0 && bytes.IndexByte(head, 0) < 0 && utf8.Valid(head):
		return "the file is text named .xls", "rename it to .csv, whatever stands between its cells"
	}
	return "the old binary .xls format is not read", "open the file in Excel or LibreOffice and save it as .xlsx"
}
