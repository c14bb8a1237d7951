package excel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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
