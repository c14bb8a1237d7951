package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// signatures are how files begin that are no text, whatever their names say. Sources: the file formats' own descriptions.
var signatures = []struct{ begins, what, hint string }{
	{"PK\x03\x04", "a workbook or another zip archive", "name it .xlsx if Excel wrote it, else unpack it"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old binary Excel or Word file", "open it in Excel or LibreOffice and save it as .xlsx"},
	{"\x1f\x8b", "packed with gzip", "put .gz behind its name"},
	{"\x28\xb5\x2f\xfd", "packed with zstd", "put .zst behind its name"},
	{"BZh", "packed with bzip2", "unpack it"},
	{"\xfd7zXZ\x00", "packed with xz", "unpack it"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"},
	{"Rar!\x1a\x07", "a rar archive", "unpack it"},
	{"PAR1", "a Parquet file", "name it .parquet"},
	{"ARROW1\x00\x00", "an Arrow file", "name it .arrow"},
	{"SQLite format 3\x00", "an SQLite database", "export its tables as CSV"},
	{"%PDF-", "a PDF document", "ask for the data as CSV or Excel"},
	{"\x89PNG\r\n", "an image", "look for the file with the data"},
	{"GIF8", "an image", "look for the file with the data"},
	{"\xff\xd8\xff", "an image", "look for the file with the data"},
}

// signatureLook is how much of a file is looked at to see whether it is text.
const signatureLook = 512

// foreign returns the damage of a file that is named like a text and is something else: a workbook called .csv, or the
// web page that a server sent in place of the data. nil is any other file; an error is the disk's.
//
// Of what was packed in another file, unpacked says so: its name is not its own, and changing it would not help.
func foreign(r io.ReaderAt, size int64, unpacked bool) error {
	b := make([]byte, min(size, signatureLook))
	n, err := r.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the first bytes: %w", err)
	}
	b = b[:n]
	for _, s := range signatures {
		// Letters and digits alone may begin a text too, so what follows counts: no text holds it.
		if bytes.HasPrefix(b, []byte(s.begins)) && (!printable(s.begins) || noText(b)) {
			d := &Damage{Code: DamagedArchive, Line: 1, Message: fmt.Sprintf("by its name this is text, but it is %s", s.what), Hint: s.hint}
			if unpacked {
				d.Message, d.Hint = fmt.Sprintf("what is packed in the file is no text, but %s", s.what), "unpack it once, and look at what is in it"
			}
			return d
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), " \t\r\n"))
	if bytes.HasPrefix(text, []byte("<!doctype html")) || bytes.HasPrefix(text, []byte("<html")) {
		return &Damage{Code: DamagedArchive, Line: 1, Message: "this is a web page and no data", Hint: "open it in a browser: it may be a login, a notice of an error or a table to download"}
	}
	return nil
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// noText says whether bytes are there that no text in an 8-bit encoding holds, and that are no UTF-8 either, or zeros: a
// single stray byte is found in text too.
func noText(b []byte) bool {
	controls := bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' })
	return controls && (bytes.IndexByte(b, 0) >= 0 || InvalidUTF8(b[:max(0, len(b)-utf8.UTFMax)]) >= 0)
}
