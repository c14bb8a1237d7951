package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"unicode"

	"golang.org/x/term"
	"golang.org/x/text/width"
)

// usualWidth is how wide a terminal is taken to be where nobody says.
const usualWidth = 80

// screen is where lines for people go: as wide as it is, in colour where a person sees it.
type screen struct {
	out    io.Writer
	width  int
	colour bool
}

// newScreen looks at the writer: only a terminal has a width and colours.
func newScreen(w io.Writer) *screen {
	s := &screen{out: w, width: usualWidth}
	fd, ok := terminalOf(w)
	if !ok {
		return s
	}
	if columns, _, err := term.GetSize(fd); err == nil && columns > 0 {
		s.width = columns
	}
	s.colour = os.Getenv("NO_COLOR") == "" && drawable()
	return s
}

// terminalOf returns the descriptor of the terminal behind a writer, if there is one.
func terminalOf(w io.Writer) (int, bool) {
	f, ok := w.(*os.File)
	if !ok {
		return 0, false
	}
	fd := int(f.Fd())
	return fd, term.IsTerminal(fd)
}

// drawable says whether a terminal understands the escapes that colour and draw over a line: the old console of Windows
// does not by itself.
func drawable() bool {
	if runtime.GOOS == "windows" {
		return os.Getenv("WT_SESSION") != "" || os.Getenv("TERM") != "" || os.Getenv("TERM_PROGRAM") != ""
	}
	return os.Getenv("TERM") != "dumb"
}

func (s *screen) dim(t string) string  { return s.paint("2", t) }
func (s *screen) bold(t string) string { return s.paint("1", t) }
func (s *screen) warn(t string) string { return s.paint("33", t) }
func (s *screen) bad(t string) string  { return s.paint("31", t) }

func (s *screen) paint(code, t string) string {
	if !s.colour || t == "" {
		return t
	}
	return "\x1b[" + code + "m" + t + "\x1b[0m"
}

func (s *screen) printf(format string, args ...any) {
	fmt.Fprintf(s.out, format, args...)
}

// paragraph prints a text broken at spaces so that no line is wider than the screen: first stands before the first line,
// indent before the others, both without colour; paint colours each line.
func (s *screen) paragraph(first, indent, text string, paint func(string) string) {
	room := max(s.width-max(columns(first), columns(indent)), 20)
	for i, line := range broken(text, room) {
		lead := indent
		if i == 0 {
			lead = first
		}
		s.printf("%s%s\n", lead, paint(line))
	}
}

func unpainted(t string) string { return t }

// broken cuts a text into lines of at most room columns, at spaces where there are any.
func broken(text string, room int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for columns(word) > room {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			head := clipped(word, room)
			lines = append(lines, head)
			word = word[len(head):]
		}
		switch {
		case line == "":
			line = word
		case columns(line)+1+columns(word) <= room:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// columns is how many columns of a terminal a text takes: two for wide characters of East Asia, none for marks that
// stand over others.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// clipped returns the beginning of a text that takes at most n columns, at least one character of it.
func clipped(text string, n int) string {
	used := 0
	for i, r := range text {
		w := columnsOf(r)
		if used+w > n && i > 0 {
			return text[:i]
		}
		used += w
	}
	return text
}

// shortened cuts a text to n columns; an ellipsis says so.
func shortened(text string, n int) string {
	switch {
	case columns(text) <= n:
		return text
	case n <= 0:
		return ""
	case n == 1:
		return "…"
	}
	return clipped(text, n-1) + "…"
}

// padded fills a text up to n columns, or cuts it there; before puts the filling in front.
func padded(text string, n int) string {
	text = shortened(text, n)
	return text + strings.Repeat(" ", max(0, n-columns(text)))
}

func before(text string, n int) string {
	text = shortened(text, n)
	return strings.Repeat(" ", max(0, n-columns(text))) + text
}
