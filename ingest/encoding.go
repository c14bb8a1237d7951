package ingest

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// NotUTF8 says at which byte of the input a text stops being UTF-8. The load is tried again with another encoding.
type NotUTF8 struct{ Offset int64 }

// Error returns the place.
func (e *NotUTF8) Error() string { return fmt.Sprintf("byte %d is not UTF-8", e.Offset) }

// Decode finds the encoding of a text and makes the input UTF-8: by a byte order mark, by the pattern of zero bytes,
// as the options say, else UTF-8. It returns the encoding's name and where the text begins.
func (in *Input) Decode() (name string, start int64, err error) {
	head := make([]byte, min(in.Size, 4096))
	if err := readFull(in, head, 0); err != nil {
		return "", 0, err
	}
	if in.Options.Encoding != "" {
		return in.decodeNamed(in.Options.Encoding, head)
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		if in.fallback < 0 {
			return "utf-8", 3, nil
		}
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return "utf-16le", 0, in.transcode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), 0)
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return "utf-16be", 0, in.transcode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), 0)
	}
	if order, ok := zeroPattern(head); ok {
		name = "utf-16le"
		if order == unicode.BigEndian {
			name = "utf-16be"
		}
		return name, 0, in.transcode(unicode.UTF16(order, unicode.IgnoreBOM), 0)
	}
	if in.fallback >= 0 {
		line, bad, err := in.lineOf(in.fallback)
		if err != nil {
			return "", 0, err
		}
		in.Diagnoses.Add(Diagnostic{Code: EncodingFallback, Severity: Warning, Line: line, Value: string(bad),
			Message: fmt.Sprintf("byte %d of the file is no UTF-8, so all of it is read as Windows-1252", in.fallback+1),
			Hint:    "if letters look wrong, name the encoding; best is to save the file as UTF-8"})
		return "windows-1252", 0, in.transcode(charmap.Windows1252, 0)
	}
	return "utf-8", 0, nil
}

func (in *Input) decodeNamed(name string, head []byte) (string, int64, error) {
	if utf8Name(name) {
		if bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}) {
			return "utf-8", 3, nil
		}
		return "utf-8", 0, nil
	}
	return strings.ToLower(name), 0, in.transcode(encodingOf(name), 0)
}

// lineOf returns the number of the line in which a byte stands and, read as Windows-1252, what the line holds around
// it.
func (in *Input) lineOf(offset int64) (line int, text []byte, err error) {
	line = 1
	buf := make([]byte, 256<<10)
	var last []byte // what the line holds before the byte
	for at := int64(0); at < offset; {
		b := buf[:min(int64(len(buf)), offset-at)]
		if err := readFull(in, b, at); err != nil {
			return 0, nil, err
		}
		line += bytes.Count(b, []byte{'\n'})
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			last = append(last[:0], b[i+1:]...)
		} else if last = append(last, b...); len(last) > 4*aroundBytes {
			last = append(last[:0], last[len(last)-aroundBytes:]...)
		}
		at += int64(len(b))
	}
	rest := buf[:min(aroundBytes, in.Size-offset)]
	if err := readFull(in, rest, offset); err != nil {
		return 0, nil, err
	}
	if i := bytes.IndexAny(rest, "\r\n"); i >= 0 {
		rest = rest[:i]
	}
	last = append(last[max(0, len(last)-aroundBytes):], rest...)
	text, err = charmap.Windows1252.NewDecoder().Bytes(last)
	return line, text, err
}

// aroundBytes is how much of a line is shown before and behind a byte.
const aroundBytes = 80

// zeroPattern recognises UTF-16 without a mark: text of Western letters has a zero in every other byte.
func zeroPattern(head []byte) (unicode.Endianness, bool) {
	if len(head) < 4 {
		return unicode.LittleEndian, false
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case zeros[1]*10 >= half*7 && zeros[0]*10 < half:
		return unicode.LittleEndian, true
	case zeros[0]*10 >= half*7 && zeros[1]*10 < half:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// transcode puts the whole text into memory as UTF-8.
func (in *Input) transcode(e encoding.Encoding, from int64) error {
	limit := in.Limits.Unpacked
	r := e.NewDecoder().Reader(io.NewSectionReader(in.ReaderAt, from, in.Size-from))
	// Reading all at once grows in steps and holds the last two of them.
	if err := in.Reserve(2 * (in.Size - from)); err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return fmt.Errorf("decode text: %w", err)
	}
	if int64(len(text)) > limit {
		return TooMuch("the decoded text is larger than "+mebibytes(limit), "save the file as UTF-8 in parts")
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	in.Hold(text)
	return nil
}

// Hold makes a text in memory what is read from now on.
func (in *Input) Hold(text []byte) {
	in.ReaderAt, in.trust = bytes.NewReader(text), nil
	in.Size = int64(len(text))
}
