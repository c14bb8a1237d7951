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
	now    cell // the one that is read; its text is valid until the next
}

// scan reads the part. Memory is bounded by the longest row.
func (s *scanner) scan(r io.Reader, longest int) error {
	buf := make([]byte, 0, 1<<20)
	inside := false // of sheetData
	tail := false   // behind it
	at := 0
	whole := -1 // where the last whole row of the buffer ends, without the tag; -1 or before at: there is none
	fresh := 0  // where the buffer was not looked through yet
	s.row = -1
	more := func() (bool, error) {
		if at > 0 {
			n := copy(buf, buf[at:])
			buf, at = buf[:n], 0
		}
		whole, fresh = -1, len(buf)
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
			if whole < 0 && fresh < len(buf) {
				from := max(at, fresh-len(rowEnd))
				if i := bytes.LastIndex(buf[from:], []byte(rowEnd)); i >= 0 {
					whole = from + i
				}
				fresh = len(buf)
			}
			if head >= 0 && head < whole-at-p {
				if err := s.rowHead(b[4:head]); err != nil {
					return err
				}
				end, err := s.cells(b[:whole-at-p+len(rowEnd)], head+1)
				if err != nil {
					return err
				}
				at += p + end
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
	if halfQuoted(b) {
		return errUnknown
	}
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
	for i < len(b) && b[i]&^0x20-'A' <= 25 && i < 4 { // some writers use small letters
		column = column*26 + int(b[i]&^0x20-'A') + 1
		i++
	}
	row, ok = digits(b[i:])
	return column - 1, row - 1, ok && i > 0 && column <= 16384 && row >= 1
}

const (
	rowEnd   = "</row>"
	plainEnd = "</v></c>" // closes a value and its cell
)

// cells reads the cells of a row from p on, up to the end of the row, and returns where that is. Nearly all cells look
// like <c r="B7" s="1" t="s"><v>12</v></c>, so that is read in one pass; what looks otherwise goes to content.
func (s *scanner) cells(b []byte, p int) (int, error) {
	column := -1
	for p < len(b) {
		if blank(b[p]) {
			p++
			continue
		}
		if p+len(rowEnd) <= len(b) && b[p+1] == '/' && string(b[p:p+len(rowEnd)]) == rowEnd {
			return p + len(rowEnd), nil
		}
		if p+2 >= len(b) || b[p] != '<' || b[p+1] != 'c' || b[p+2] != '>' && b[p+2] != '/' && !blank(b[p+2]) {
			return 0, errUnknown
		}
		s.now = cell{row: s.row}
		column++
		next, empty, err := s.head(b, p+2, &column)
		if err != nil {
			return 0, err
		}
		c := &s.now
		c.column = column
		if p = next; empty {
			continue
		}
		if len(b)-p > len("<v>") && b[p] == '<' && b[p+1] == 'v' && b[p+2] == '>' {
			at := p + len("<v>")
			end, odd := at, false
			for end < len(b) && b[end] != '<' {
				odd = odd || b[end] == '&' || b[end] == '_'
				end++
			}
			if len(b)-end >= len(plainEnd) && string(b[end:end+len(plainEnd)]) == plainEnd && end > at {
				c.text = b[at:end]
				p = end + len(plainEnd)
				if odd {
					if _, err := s.value(c); err != nil {
						return 0, err
					}
				}
				if err := s.cell(c); err != nil {
					return 0, err
				}
				continue
			}
		}
		end := bytes.Index(b[p:], []byte("</c>"))
		// An end that is written in another way, </c >, is for the slow reader, or the next cell would be taken for content.
		if end < 0 || bytes.Contains(b[p:p+end], []byte("</c")) || bytes.Contains(b[p:p+end], []byte("</row")) {
			return 0, errUnknown
		}
		ok, err := s.content(c, b[p:p+end])
		if err != nil {
			return 0, err
		}
		p += end + len("</c>")
		if ok {
			if err := s.cell(c); err != nil {
				return 0, err
			}
		}
	}
	return 0, errUnknown
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// head reads the attributes r, s and t of the cell whose tag's name ends at p, and returns where the tag ends and
// whether it closes the cell too.
func (s *scanner) head(b []byte, p int, column *int) (next int, empty bool, err error) {
	c := &s.now
	for p < len(b) {
		switch {
		case b[p] == '>':
			return p + 1, false, nil
		case b[p] == '/':
			if p+1 < len(b) && b[p+1] == '>' {
				return p + 2, true, nil
			}
			return 0, false, errUnknown
		case blank(b[p]):
			p++
			continue
		}
		key := p
		for p < len(b) && b[p] != '=' && b[p] != '>' {
			p++
		}
		if p+2 >= len(b) || b[p] != '=' || b[p+1] != '"' && b[p+1] != '\'' || p == key || blank(b[p-1]) {
			return 0, false, errUnknown
		}
		name, quote := b[key:p], b[p+1]
		p += 2
		at := p
		for p < len(b) && b[p] != quote {
			p++
		}
		if p == len(b) {
			return 0, false, errUnknown
		}
		value := b[at:p]
		p++
		if len(name) != 1 {
			continue
		}
		switch name[0] {
		case 'r':
			col, row, ok := reference(value)
			if !ok || row != s.row {
				return 0, false, fmt.Errorf("cell reference %q in row %d", value, s.row+1)
			}
			*column = col
		case 's':
			n, ok := digits(value)
			if !ok {
				return 0, false, fmt.Errorf("cell style %q", value)
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
				return 0, false, errUnknown
			}
		}
	}
	return 0, false, errUnknown
}

// content reads formula, value and inline text of a cell and says whether it holds anything.
func (s *scanner) content(c *cell, b []byte) (bool, error) {
	formula := false
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
		if halfQuoted(tag) {
			return false, errUnknown
		}
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
	if bytes.IndexByte(c.text, '<') >= 0 {
		return false, errUnknown
	}
	if bytes.IndexByte(c.text, '&') >= 0 || c.typ == inline && bytes.Contains(c.text, []byte("_x")) {
		var err error
		if s.arena, err = unescape(s.arena[:0], c.text); err != nil {
			return false, err
		}
		c.text = s.arena
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
