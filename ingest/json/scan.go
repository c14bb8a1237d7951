package json

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"unicode/utf8"

	"github.com/dashira/dashira/ingest"
)

// fault is a place at which a text is no JSON.
type fault struct {
	at      int // offset
	message string
	hint    string
	err     error // instead of the two: a limit that was reached
	long    bool  // it is JSON, but has more cells than the table has columns
}

// Error returns the message.
func (f *fault) Error() string { return f.message }

// place returns the 1-based line and column, in characters, of an offset.
func place(b []byte, at int) (line, column int) {
	at = min(at, len(b))
	line = 1 + bytes.Count(b[:at], []byte{'\n'})
	begin := bytes.LastIndexByte(b[:at], '\n') + 1
	return line, 1 + utf8.RuneCount(b[begin:at])
}

// damage turns a fault of a document into what the user is told.
func (f *fault) damage(b []byte) *ingest.Damage {
	line, column := place(b, f.at)
	var limit *ingest.Damage
	if errors.As(f.err, &limit) {
		at := *limit
		at.Line, at.Column = line, column
		return &at
	}
	return &ingest.Damage{Code: ingest.BadJSON, Line: line, Column: column, Hint: f.hint,
		Message: fmt.Sprintf("line %d, column %d: %s", line, column, f.message)}
}

// tooDeep is the fault of a value inside more objects and lists than may be.
func tooDeep(p int) *fault {
	return &fault{at: p, err: ingest.TooMuch("values are nested too deeply", "flatten the document, or raise the limit")}
}

// told returns the code, message and hint of a fault.
func (f *fault) told() (ingest.Code, string, string) {
	var limit *ingest.Damage
	if errors.As(f.err, &limit) {
		return limit.Code, limit.Message, limit.Hint
	}
	return ingest.BadJSON, f.message, f.hint
}

func space(b []byte, p int) int {
	for p < len(b) && (b[p] == ' ' || b[p] == '\n' || b[p] == '\t' || b[p] == '\r') {
		p++
	}
	return p
}

// unexpected says what stands where something else is needed.
func unexpected(b []byte, p int, wanted string) *fault {
	f := &fault{at: p, hint: "JSON follows RFC 8259; " + wanted + " is needed here"}
	if p >= len(b) {
		f.message = "the text ends where " + wanted + " is needed"
		f.hint = "the file may not be complete yet"
		return f
	}
	switch c := b[p]; {
	case c == '/' || c == '#':
		f.message, f.hint = "comments are no JSON", "remove the comment"
	case c == '\'':
		f.message, f.hint = "JSON uses double quotation marks", `write "text" for 'text'`
	case c == ']' || c == '}':
		f.message = fmt.Sprintf("%q where %s is needed", c, wanted)
		if q := p - 1; q >= 0 {
			for q > 0 && (b[q] == ' ' || b[q] == '\n' || b[q] == '\t' || b[q] == '\r') {
				q--
			}
			if b[q] == ',' {
				f.message, f.hint = "a comma before the closing bracket is no JSON", "remove the comma"
			}
		}
	case bytes.HasPrefix(b[p:], []byte("NaN")), bytes.HasPrefix(b[p:], []byte("Infinity")), bytes.HasPrefix(b[p:], []byte("-Infinity")):
		f.message, f.hint = "NaN and Infinity are no JSON numbers", "write null"
	case bytes.HasPrefix(b[p:], []byte("None")), bytes.HasPrefix(b[p:], []byte("True")), bytes.HasPrefix(b[p:], []byte("False")):
		f.message, f.hint = "None, True and False are Python, not JSON", "write null, true and false"
	case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		f.message = fmt.Sprintf("%s where %s is needed", ingest.QuoteValue(firstWord(b[p:])), wanted)
		if wanted == "a key" {
			f.hint = "put keys in double quotation marks"
		}
	default:
		r, _ := utf8.DecodeRune(b[p:])
		f.message = fmt.Sprintf("%q where %s is needed", r, wanted)
	}
	return f
}

func firstWord(b []byte) string {
	n := 0
	for n < len(b) && n < 40 && (b[n] == '_' || b[n]|0x20 >= 'a' && b[n]|0x20 <= 'z') {
		n++
	}
	return string(b[:n])
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// text returns where the string that begins at the quotation mark b[p] ends, behind its closing mark, and whether it
// holds escapes.
func text(b []byte, p int) (end int, escaped bool, f *fault) {
	i := p + 1
	for {
		// Eight bytes at a time up to a quotation mark, a backslash or a control character; false alarms are looked at.
		for i+8 <= len(b) {
			x := binary.LittleEndian.Uint64(b[i:])
			q, s := x^ones*'"', x^ones*'\\'
			m := ((q-ones)&^q | (s-ones)&^s | (x-ones*0x20)&^x) & highs
			if m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
		}
		if i >= len(b) {
			return 0, false, &fault{at: p, message: "this text is never closed", hint: "close the quotation mark; the file may not be complete yet"}
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1, escaped, nil
		case c == '\\':
			escaped = true
			if i+1 >= len(b) {
				i++
				continue
			}
			switch b[i+1] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
				i += 2
			case 'u':
				for k := i + 2; k < i+6; k++ {
					if k >= len(b) || !hex(b[k]) {
						return 0, false, &fault{at: i, message: `\u needs four hexadecimal digits`, hint: "correct the escape"}
					}
				}
				i += 6
			default:
				return 0, false, &fault{at: i, message: fmt.Sprintf(`\%c is no escape of JSON`, b[i+1]), hint: `write \\ for a backslash`}
			}
		case c < 0x20:
			what := fmt.Sprintf("control character U+%04X", c)
			if c == '\n' {
				what = "line end"
			}
			return 0, false, &fault{at: i, message: "a " + what + " inside a text must be escaped", hint: `write \n for a line end and \t for a tab, or close the quotation mark`}
		default:
			i++
		}
	}
}

func hex(c byte) bool {
	return c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// number returns where the number at b[p] ends.
func number(b []byte, p int) (int, *fault) {
	i := p
	if b[i] == '-' {
		i++
	}
	start := i
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	switch {
	case i == start:
		if f := unexpected(b, p, "a value"); i < len(b) && (b[i] == 'I' || b[i] == 'N') {
			return 0, f
		}
		return 0, &fault{at: i, message: "a number needs digits here", hint: "correct the number"}
	case b[start] == '0' && i-start > 1:
		return 0, &fault{at: start, message: "a number may not begin with a zero", hint: "remove the zero, or put the value in quotation marks"}
	}
	if i < len(b) && b[i] == '.' {
		start = i + 1
		for i++; i < len(b) && b[i]-'0' <= 9; i++ {
		}
		if i == start {
			return 0, &fault{at: i, message: "a number needs digits behind the point", hint: "correct the number"}
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		start = i
		for i < len(b) && b[i]-'0' <= 9 {
			i++
		}
		if i == start {
			return 0, &fault{at: i, message: "an exponent needs digits", hint: "correct the number"}
		}
	}
	return i, nil
}

func literal(b []byte, p int) (int, *fault) {
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(b[p:], []byte(word)) {
			end := p + len(word)
			if end < len(b) && (b[end]|0x20 >= 'a' && b[end]|0x20 <= 'z' || b[end]-'0' <= 9) {
				break
			}
			return end, nil
		}
	}
	if p < len(b) && len(b)-p < 5 {
		for _, word := range []string{"true", "false", "null"} {
			if bytes.HasPrefix([]byte(word), b[p:]) {
				return 0, unexpected(b, len(b), "the rest of "+word)
			}
		}
	}
	return 0, unexpected(b, p, "a value")
}

// skip checks the value at b[p] and returns where it ends.
func skip(b []byte, p, depth int) (int, *fault) {
	if p >= len(b) {
		return 0, unexpected(b, p, "a value")
	}
	switch c := b[p]; {
	case c == '"':
		end, _, f := text(b, p)
		return end, f
	case c == '-' || c-'0' <= 9:
		return number(b, p)
	case c == '{' || c == '[':
		if depth == 0 {
			return 0, tooDeep(p)
		}
		if c == '{' {
			end, f := members(b, p, func(_, _, _, value int) (int, *fault) { return skip(b, value, depth-1) })
			return end, f
		}
		return elements(b, p, func(value int) (int, *fault) { return skip(b, value, depth-1) })
	}
	return literal(b, p)
}

// members calls f for the members of the object at b[p] with where the key's text begins and ends, 1 when it holds
// escapes, and where the value begins; f returns where the value ends.
func members(b []byte, p int, f func(key, end, escaped, value int) (int, *fault)) (int, *fault) {
	p = space(b, p+1)
	if p < len(b) && b[p] == '}' {
		return p + 1, nil
	}
	for {
		if p >= len(b) || b[p] != '"' {
			return 0, unexpected(b, p, "a key")
		}
		end, escaped, bad := text(b, p)
		if bad != nil {
			return 0, bad
		}
		value := space(b, end)
		if value >= len(b) || b[value] != ':' {
			return 0, unexpected(b, value, "a colon")
		}
		value = space(b, value+1)
		esc := 0
		if escaped {
			esc = 1
		}
		next, bad := f(p+1, end-1, esc, value)
		if bad != nil {
			return 0, bad
		}
		p = space(b, next)
		if p >= len(b) {
			return 0, unexpected(b, p, "a comma or }")
		}
		switch b[p] {
		case '}':
			return p + 1, nil
		case ',':
			p = space(b, p+1)
		default:
			return 0, unexpected(b, p, "a comma or }")
		}
	}
}

// elements calls f for the elements of the array at b[p].
func elements(b []byte, p int, f func(value int) (int, *fault)) (int, *fault) {
	p = space(b, p+1)
	if p < len(b) && b[p] == ']' {
		return p + 1, nil
	}
	for {
		next, bad := f(p)
		if bad != nil {
			return 0, bad
		}
		p = space(b, next)
		if p >= len(b) {
			return 0, unexpected(b, p, "a comma or ]")
		}
		switch b[p] {
		case ']':
			return p + 1, nil
		case ',':
			p = space(b, p+1)
		default:
			return 0, unexpected(b, p, "a comma or ]")
		}
	}
}

// unescape appends the text between the quotation marks with its escapes undone. A half of a pair that stands alone
// becomes the replacement character.
func unescape(buf, b []byte) []byte {
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			buf = append(buf, b[i])
			continue
		}
		i++
		switch b[i] {
		case 'b':
			buf = append(buf, '\b')
		case 'f':
			buf = append(buf, '\f')
		case 'n':
			buf = append(buf, '\n')
		case 'r':
			buf = append(buf, '\r')
		case 't':
			buf = append(buf, '\t')
		case 'u':
			r := hexRune(b[i+1:])
			i += 4
			if r >= 0xD800 && r < 0xDC00 && i+6 < len(b) && b[i+1] == '\\' && b[i+2] == 'u' {
				if low := hexRune(b[i+3:]); low >= 0xDC00 && low < 0xE000 {
					r = 0x10000 + (r-0xD800)<<10 + (low - 0xDC00)
					i += 6
				}
			}
			buf = utf8.AppendRune(buf, r)
		default:
			buf = append(buf, b[i])
		}
	}
	return buf
}

func hexRune(b []byte) rune {
	var r rune
	for _, c := range b[:4] {
		switch {
		case c <= '9':
			c -= '0'
		default:
			c = c | 0x20 - 'a' + 10
		}
		r = r<<4 | rune(c)
	}
	return r
}
