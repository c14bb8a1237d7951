package excel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// cellType is the t attribute of a cell.
type cellType uint8

const (
	number   cellType = iota // none, or n
	shared                   // s: an index into the shared texts
	inline                   // str, inlineStr: text
	truth                    // b
	failure                  // e
	isoDate                  // d
	uncached                 // a formula whose value was not stored
)

// cell is a cell of a sheet part. Its text stands in the scanner's arena, entities undone.
type cell struct {
	row, column int // 0-based
	typ         cellType
	style       int
	text        []byte
}

// span is a rectangle of cells, 0-based and inclusive.
type span struct{ top, left, bottom, right int }

// errUnknown says that the part is written in a way the scanner does not know; the slower reader takes over.
var errUnknown = errors.New("the sheet is written in an unusual way")

// scanner reads the cells of a sheet part as a stream, row by row.
type scanner struct {
	cell   func(c *cell) error
	merges []span
	arena  []byte
	row    int
}

// scan reads the part. Memory is bounded by the longest row.
func (s *scanner) scan(r io.Reader, longest int) error {
	buf := make([]byte, 0, 1<<20)
	inside := false // of sheetData
	tail := false   // behind it
	at := 0
	s.row = -1
	more := func() (bool, error) {
		if at > 0 {
			n := copy(buf, buf[at:])
			buf, at = buf[:n], 0
		}
		if len(buf) == cap(buf) {
			if len(buf) > longest {
				return false, fmt.Errorf("a row is longer than %d MiB", longest>>20)
			}
			grown := make([]byte, len(buf), 2*cap(buf))
			copy(grown, buf)
			buf = grown
		}
		for {
			n, err := r.Read(buf[len(buf):cap(buf)])
			buf = buf[:len(buf)+n]
			if n > 0 {
				return true, nil
			}
			if errors.Is(err, io.EOF) {
				return false, nil
			}
			if err != nil {
				return false, err
			}
		}
	}
	if _, err := more(); err != nil {
		return err
	}
	for !inside {
		if bytes.Contains(buf, []byte("<!DOCTYPE")) {
			return errDocumentType
		}
		i := bytes.Index(buf, []byte("<sheetData"))
		if i < 0 {
			ok, err := more()
			if err != nil {
				return err
			}
			if !ok {
				return errUnknown
			}
			if len(buf) > 8<<20 {
				return errUnknown
			}
			continue
		}
		end := bytes.IndexByte(buf[i:], '>')
		if end < 0 {
			if ok, err := more(); err != nil || !ok {
				return errors.Join(err, errUnknown)
			}
			continue
		}
		at = i + end + 1
		if buf[at-2] == '/' {
			tail = true
		}
		inside = true
	}
	for !tail {
		b := buf[at:]
		p := 0
		for p < len(b) && (b[p] == ' ' || b[p] == '\n' || b[p] == '\r' || b[p] == '\t') {
			p++
		}
		b = b[p:]
		switch {
		case bytes.HasPrefix(b, []byte("</sheetData>")):
			at += p + len("</sheetData>")
			tail = true
			continue
		case bytes.HasPrefix(b, []byte("<row")):
			head := bytes.IndexByte(b, '>')
			if head >= 0 && b[head-1] == '/' {
				if err := s.rowHead(b[4 : head-1]); err != nil {
					return err
				}
				at += p + head + 1
				continue
			}
			if end := bytes.Index(b, []byte("</row>")); head >= 0 && end >= 0 {
				if err := s.rowHead(b[4:head]); err != nil {
					return err
				}
				if err := s.cells(b[head+1 : end]); err != nil {
					return err
				}
				at += p + end + len("</row>")
				continue
			}
		case len(b) > 12:
			return errUnknown
		}
		ok, err := more()
		if err != nil {
			return err
		}
		if !ok {
			return io.ErrUnexpectedEOF
		}
	}
	// What follows is small: merged cells and the end.
	rest, err := io.ReadAll(io.LimitReader(r, 64<<20))
	if err != nil {
		return err
	}
	return s.behind(append(buf[at:len(buf):len(buf)], rest...))
}

// rowHead reads the attributes of a row.
func (s *scanner) rowHead(b []byte) error {
	s.row++
	if v, ok := attribute(b, "r"); ok {
		n, ok := digits(v)
		if !ok || n < 1 || n > 1<<20 {
			return fmt.Errorf("row number %q", v)
		}
		s.row = n - 1
	}
	return nil
}

// attribute returns the value of an attribute without entities in it.
func attribute(b []byte, name string) ([]byte, bool) {
	for p := 0; p < len(b); {
		eq := bytes.IndexByte(b[p:], '=')
		if eq < 0 || p+eq+1 >= len(b) {
			return nil, false
		}
		key := bytes.TrimSpace(b[p : p+eq])
		quote := b[p+eq+1]
		end := bytes.IndexByte(b[p+eq+2:], quote)
		if end < 0 {
			return nil, false
		}
		if string(key) == name {
			return b[p+eq+2 : p+eq+2+end], true
		}
		p += eq + 3 + end
	}
	return nil, false
}

func digits(b []byte) (int, bool) {
	n := 0
	for _, c := range b {
		if c-'0' > 9 || n > 1<<40 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(b) > 0
}

// reference reads A1 as a column and a row, 0-based.
func reference(b []byte) (column, row int, ok bool) {
	i := 0
	for i < len(b) && b[i] >= 'A' && b[i] <= 'Z' && i < 4 {
		column = column*26 + int(b[i]-'A') + 1
		i++
	}
	row, ok = digits(b[i:])
	return column - 1, row - 1, ok && i > 0 && column <= 16384 && row >= 1
}

// cells reads the cells between the tags of a row.
func (s *scanner) cells(b []byte) error {
	column := -1
	for p := 0; p < len(b); {
		if b[p] == ' ' || b[p] == '\n' || b[p] == '\r' || b[p] == '\t' {
			p++
			continue
		}
		if p+2 >= len(b) || b[p] != '<' || b[p+1] != 'c' || b[p+2] != ' ' && b[p+2] != '>' && b[p+2] != '/' {
			return errUnknown
		}
		head := bytes.IndexByte(b[p:], '>')
		if head < 0 {
			return errUnknown
		}
		c := cell{row: s.row}
		column++
		attrs := b[p+2 : p+head]
		empty := len(attrs) > 0 && attrs[len(attrs)-1] == '/'
		if empty {
			attrs = attrs[:len(attrs)-1]
		}
		if err := s.head(&c, attrs, &column); err != nil {
			return err
		}
		c.column = column
		p += head + 1
		if empty {
			continue
		}
		end := bytes.Index(b[p:], []byte("</c>"))
		if end < 0 {
			return errUnknown
		}
		ok, err := s.content(&c, b[p:p+end])
		if err != nil {
			return err
		}
		p += end + len("</c>")
		if ok {
			if err := s.cell(&c); err != nil {
				return err
			}
		}
	}
	return nil
}

// head reads the attributes r, s and t of a cell.
func (s *scanner) head(c *cell, b []byte, column *int) error {
	for p := 0; p < len(b); {
		for p < len(b) && (b[p] == ' ' || b[p] == '\n' || b[p] == '\r' || b[p] == '\t') {
			p++
		}
		eq := bytes.IndexByte(b[p:], '=')
		if eq < 0 {
			return nil
		}
		key := b[p : p+eq]
		if p+eq+2 > len(b) {
			return errUnknown
		}
		end := bytes.IndexByte(b[p+eq+2:], b[p+eq+1])
		if end < 0 {
			return errUnknown
		}
		value := b[p+eq+2 : p+eq+2+end]
		p += eq + 3 + end
		if len(key) != 1 {
			continue
		}
		switch key[0] {
		case 'r':
			col, row, ok := reference(value)
			if !ok || row != s.row {
				return fmt.Errorf("cell reference %q in row %d", value, s.row+1)
			}
			*column = col
		case 's':
			n, ok := digits(value)
			if !ok {
				return fmt.Errorf("cell style %q", value)
			}
			c.style = n
		case 't':
			switch string(value) {
			case "n":
			case "s":
				c.typ = shared
			case "str", "inlineStr":
				c.typ = inline
			case "b":
				c.typ = truth
			case "e":
				c.typ = failure
			case "d":
				c.typ = isoDate
			default:
				return errUnknown
			}
		}
	}
	return nil
}

// content reads formula, value and inline text of a cell and says whether it holds anything.
func (s *scanner) content(c *cell, b []byte) (bool, error) {
	formula := false
	if len(b) > 3 && b[0] == '<' && b[1] == 'v' && b[2] == '>' { // the usual cell
		if end := bytes.IndexByte(b[3:], '<'); end >= 0 && string(b[3+end:]) == "</v>" {
			c.text = b[3 : 3+end]
			return s.value(c)
		}
	}
	for p := 0; p < len(b); {
		if b[p] != '<' {
			p++
			continue
		}
		head := bytes.IndexByte(b[p:], '>')
		if head < 0 {
			return false, errUnknown
		}
		tag := b[p+1 : p+head]
		p += head + 1
		closed := len(tag) > 0 && tag[len(tag)-1] == '/'
		name, _, _ := bytes.Cut(bytes.TrimSuffix(tag, []byte("/")), []byte(" "))
		switch string(name) {
		case "f":
			formula = true
			if closed {
				continue
			}
			end := bytes.Index(b[p:], []byte("</f>"))
			if end < 0 {
				return false, errUnknown
			}
			p += end + len("</f>")
		case "v":
			if closed {
				continue
			}
			end := bytes.Index(b[p:], []byte("</v>"))
			if end < 0 {
				return false, errUnknown
			}
			c.text = b[p : p+end]
			p += end + len("</v>")
			if len(c.text) > 0 || c.typ == inline {
				return s.value(c)
			}
		case "is":
			if closed {
				continue
			}
			end := bytes.Index(b[p:], []byte("</is>"))
			if end < 0 {
				return false, errUnknown
			}
			s.arena = s.arena[:0]
			var err error
			if s.arena, err = richText(s.arena, b[p:p+end]); err != nil {
				return false, err
			}
			c.text = s.arena
			c.typ = inline
			return true, nil
		case "extLst", "/extLst":
		default:
			return false, errUnknown
		}
	}
	if formula {
		c.typ = uncached
		return true, nil
	}
	return false, nil
}

func (s *scanner) value(c *cell) (bool, error) {
	if bytes.IndexByte(c.text, '&') >= 0 || c.typ == inline && bytes.Contains(c.text, []byte("_x")) {
		var err error
		if s.arena, err = unescape(s.arena[:0], c.text); err != nil {
			return false, err
		}
		c.text = s.arena
	}
	if bytes.HasPrefix(c.text, []byte("<![CDATA[")) {
		return false, errUnknown
	}
	return true, nil
}

// richText appends the text of an si or is element: its t elements, without those of phonetic runs.
func richText(buf, b []byte) ([]byte, error) {
	for p := 0; p < len(b); {
		if b[p] != '<' {
			p++
			continue
		}
		head := bytes.IndexByte(b[p:], '>')
		if head < 0 {
			return buf, errUnknown
		}
		tag := b[p+1 : p+head]
		p += head + 1
		switch {
		case bytes.HasPrefix(tag, []byte("![CDATA")):
			return buf, errUnknown
		case bytes.Equal(tag, []byte("t")) || bytes.HasPrefix(tag, []byte("t ")):
			if tag[len(tag)-1] == '/' {
				continue
			}
			end := bytes.Index(b[p:], []byte("</t>"))
			if end < 0 {
				return buf, errUnknown
			}
			var err error
			if buf, err = unescape(buf, b[p:p+end]); err != nil {
				return buf, err
			}
			p += end + len("</t>")
		case bytes.HasPrefix(tag, []byte("rPh")) && tag[len(tag)-1] != '/':
			end := bytes.Index(b[p:], []byte("</rPh>"))
			if end < 0 {
				return buf, errUnknown
			}
			p += end + len("</rPh>")
		}
	}
	return buf, nil
}

// unescape appends a text with XML's entities and Excel's _x000D_ undone.
func unescape(buf, b []byte) ([]byte, error) {
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c == '&':
			end := bytes.IndexByte(b[i:], ';')
			if end < 0 {
				return buf, errUnknown
			}
			switch name := string(b[i+1 : i+end]); name {
			case "amp":
				buf = append(buf, '&')
			case "lt":
				buf = append(buf, '<')
			case "gt":
				buf = append(buf, '>')
			case "quot":
				buf = append(buf, '"')
			case "apos":
				buf = append(buf, '\'')
			default:
				if len(name) < 2 || name[0] != '#' {
					return buf, errUnknown
				}
				base := 10
				if name = name[1:]; name[0] == 'x' || name[0] == 'X' {
					base, name = 16, name[1:]
				}
				r, err := strconv.ParseUint(name, base, 32)
				if err != nil {
					return buf, errUnknown
				}
				buf = utf8.AppendRune(buf, rune(r))
			}
			i += end + 1
		case c == '_' && i+6 < len(b) && b[i+1] == 'x' && b[i+6] == '_':
			r, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 32)
			if err != nil {
				buf = append(buf, c)
				i++
				continue
			}
			buf = utf8.AppendRune(buf, rune(r))
			i += 7
		default:
			buf = append(buf, c)
			i++
		}
	}
	return buf, nil
}

// behind reads what follows the cells.
func (s *scanner) behind(b []byte) error {
	if !bytes.Contains(b, []byte("</worksheet")) {
		return io.ErrUnexpectedEOF
	}
	for {
		i := bytes.Index(b, []byte("<mergeCell "))
		if i < 0 || len(s.merges) >= mostMerges {
			return nil
		}
		b = b[i+len("<mergeCell "):]
		end := bytes.IndexByte(b, '>')
		if end < 0 {
			return nil
		}
		if ref, ok := attribute(bytes.TrimSuffix(b[:end], []byte("/")), "ref"); ok {
			if m, ok := rectangle(string(ref)); ok {
				s.merges = append(s.merges, m)
			}
		}
	}
}

const mostMerges = 100_000

// sharedTexts reads the table of texts that cells refer to; text i stands at from[i] to from[i+1] of the arena.
func sharedTexts(b []byte) (arena []byte, from []uint32, err error) {
	arena = make([]byte, 0, len(b)/2)
	from = append(from, 0)
	for {
		i := bytes.Index(b, []byte("<si"))
		if i < 0 {
			return arena, from, nil
		}
		b = b[i+3:]
		head := bytes.IndexByte(b, '>')
		if head < 0 {
			return nil, nil, errUnknown
		}
		if head > 0 && b[head-1] == '/' {
			from = append(from, uint32(len(arena)))
			b = b[head+1:]
			continue
		}
		end := bytes.Index(b, []byte("</si>"))
		if end < 0 {
			return nil, nil, io.ErrUnexpectedEOF
		}
		if arena, err = richText(arena, b[head+1:end]); err != nil {
			return nil, nil, err
		}
		from = append(from, uint32(len(arena)))
		b = b[end+len("</si>"):]
	}
}
