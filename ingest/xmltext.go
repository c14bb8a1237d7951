package ingest

import (
	"bufio"
	"bytes"
	"io"
	"regexp"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// xmlEncoding finds the encoding that a part of XML declares.
var xmlEncoding = regexp.MustCompile(`^<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// UTF8XML returns a text of XML as UTF-8 without its mark, and whether it was written in another encoding: UTF-16, or
// what it declares.
func UTF8XML(r io.Reader) (text io.Reader, recoded bool) {
	b := bufio.NewReaderSize(r, 4096)
	head, _ := b.Peek(200)
	var e encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		if _, err := b.Discard(3); err == nil {
			head = head[3:]
		}
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{'<', 0}):
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), bytes.HasPrefix(head, []byte{0, '<'}):
		e = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	if m := xmlEncoding.FindSubmatch(head); e == nil && m != nil && !utf8Name(string(m[1])) {
		e = encodingOf(string(m[1]))
	}
	if e == nil {
		return b, false
	}
	return e.NewDecoder().Reader(b), true
}
