package excel

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"
)

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
		case halfQuoted(tag):
			return buf, errUnknown
		case bytes.HasPrefix(tag, []byte("![CDATA")):
			return buf, errUnknown
		case bytes.Equal(tag, []byte("t")) || bytes.HasPrefix(tag, []byte("t ")):
			if tag[len(tag)-1] == '/' {
				continue
			}
			end := bytes.IndexByte(b[p:], '<')
			if end < 0 || !bytes.HasPrefix(b[p+end:], []byte("</t>")) {
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

// halfQuoted says that a tag goes on: its > stands inside quotation marks.
func halfQuoted(tag []byte) bool {
	return bytes.Count(tag, []byte{'"'})%2 == 1 || bytes.Count(tag, []byte{'\''})%2 == 1
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

// sharedTexts reads the table of texts that cells refer to; text i stands at from[i] to from[i+1] of the arena.
func sharedTexts(b []byte) (arena []byte, from []uint32, err error) {
	arena = make([]byte, 0, len(b)/2)
	from = append(from, 0)
	for {
		i := bytes.Index(b, []byte("<si"))
		if i < 0 {
			if len(from) == 1 && bytes.Contains(b, []byte(":si>")) {
				return nil, nil, errUnknown // a prefix before every element
			}
			return arena, from, nil
		}
		b = b[i+3:]
		head := bytes.IndexByte(b, '>')
		if head < 0 || halfQuoted(b[:head]) {
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
