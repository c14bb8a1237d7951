package watcher

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	ignore "github.com/sabhiram/go-gitignore"
)

// compileRules makes the rules of the texts of ignore files, by the directory of each. As in git a pattern speaks of what
// is below its file's directory, and of several that match, the last one of the deepest file decides.
func compileRules(texts map[string]string) *rules {
	var lines []string
	for _, dir := range slices.SortedFunc(maps.Keys(texts), shallowFirst) {
		for line := range strings.Lines(strings.TrimPrefix(texts[dir], "\ufeff")) {
			if line = pattern(below(dir, trimSpaces(strings.TrimRight(line, "\r\n")))); line != "" {
				lines = append(lines, line)
			}
		}
	}
	if len(lines) == 0 {
		return &rules{}
	}
	return &rules{user: ignore.CompileIgnoreLines(lines...)}
}

// shallowFirst orders directories so that each comes before those in it.
func shallowFirst(a, b string) int {
	return cmp.Or(cmp.Compare(depth(a), depth(b)), strings.Compare(a, b))
}

func depth(dir string) int {
	if dir == "." {
		return 0
	}
	return 1 + strings.Count(dir, "/")
}

// below rewrites a line of the ignore file in dir as the file at the root would say it.
func below(dir, line string) string {
	if dir == "." || line == "" || line[0] == '#' {
		return line
	}
	not := ""
	if line[0] == '!' {
		not, line = "!", line[1:]
	}
	if strings.Trim(line, "/") == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(not)
	for i := range len(dir) {
		if dir[i] != '/' {
			b.WriteByte('\\') // whatever it means in a pattern, it is meant as it stands
		}
		b.WriteByte(dir[i])
	}
	switch {
	case line[0] == '/':
	case strings.Contains(strings.TrimSuffix(line, "/"), "/"):
		b.WriteByte('/')
	default:
		b.WriteString("/**/")
	}
	b.WriteString(line)
	return b.String()
}

// pattern rewrites one line so that the library reads it as git would. The library turns a pattern into a regular
// expression and leaves alone what is special there but not in gitignore, such as the brackets of "report (1).csv";
// it takes ? literally; and it anchors a pattern with a slash in its middle only sometimes.
func pattern(line string) string {
	line = trimSpaces(line)
	if line == "" || line[0] == '#' {
		return ""
	}
	not := ""
	if line[0] == '!' {
		not, line = "!", line[1:]
	}
	if strings.Trim(line, "/") == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(not)
	if strings.Contains(strings.TrimSuffix(line, "/"), "/") && line[0] != '/' && !strings.HasPrefix(line, "**/") {
		b.WriteByte('/')
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '?':
			b.WriteString(`[^\x2f]`)
		case '(', ')', '{', '}', '+', '|', '$':
			b.WriteString("[" + string(c) + "]")
		case '^':
			b.WriteString(`\^`)
		case '#', '!':
			b.WriteString("[" + string(c) + "]")
		case '[':
			set, n := class(line[i:])
			b.WriteString(set)
			i += n - 1
		case ']':
			b.WriteString(`\]`)
		case '\\':
			if i+1 == len(line) {
				b.WriteString(`\\`)
				break
			}
			i++
			b.WriteString(literal(line[i]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// class rewrites the bracket expression at the head of s and says how many bytes of s it took. A bracket that is never
// closed stands for itself.
func class(s string) (string, int) {
	i := 1
	if i < len(s) && (s[i] == '!' || s[i] == '^') {
		i++
	}
	if i < len(s) && s[i] == ']' {
		i++
	}
	end := strings.IndexByte(s[i:], ']')
	if end < 0 {
		return `\[`, 1
	}
	end += i
	inner := s[1:end]
	not := ""
	if inner[0] == '!' || inner[0] == '^' {
		not, inner = `^\x2f`, inner[1:]
	}
	// The library escapes every dot and star wherever it stands; \x2e and \x2a say the same and are left alone.
	inner = strings.NewReplacer(".", `\x2e`, "*", `\x2a`, "?", `\x3f`, "[", `\[`, "]", `\]`, "&", `\&`).Replace(inner)
	return "[" + not + inner + "]", end + 1
}

// literal is the expression that matches the one byte c.
func literal(c byte) string {
	switch {
	case c >= 0x80, c == '/', c == '_', c == '-', '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		return string([]byte{c})
	}
	return fmt.Sprintf(`\x%02x`, c)
}

// trimSpaces drops trailing spaces save one that a backslash keeps. Leading ones belong to the name; the library drops
// them, so they are written as an expression.
func trimSpaces(s string) string {
	for strings.HasSuffix(s, " ") && !strings.HasSuffix(s, `\ `) {
		s = s[:len(s)-1]
	}
	if rest := strings.TrimLeft(s, " "); len(rest) < len(s) {
		s = strings.Repeat(`\ `, len(s)-len(rest)) + rest
	}
	return s
}
