package watcher

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	ignore "github.com/sabhiram/go-gitignore"
)

// ignoreFile is read from the root only; its syntax is that of gitignore.
const ignoreFile = ".dashiraignore"

// ignoreFileLimit bounds what is read of it, in bytes.
const ignoreFileLimit = 1 << 20

// Names that programs give to what is not data yet, not data any more, or never was.
var (
	ignoredPrefixes = []string{".", "~$", "#"}
	ignoredSuffixes = []string{"~", "#", ".tmp", ".swp", ".swx", ".part", ".partial", ".crdownload", ".download", ".bak",
		".lock", ".orig", ".vsctmp"}
	ignoredDirs = map[string]bool{"_temporary": true, "node_modules": true, "__macosx": true, "$recycle.bin": true}
)

// rules decides by name what is no source. A value is never changed; a new ignore file makes a new value.
type rules struct {
	user *ignore.GitIgnore // nil without a .dashiraignore
}

// ignored reports whether the entry at rel (slash separated, relative to the root) is left out. The directories above
// it are the caller's: nothing below an ignored directory is looked at, so nothing there can be let in again.
func (r *rules) ignored(rel string, dir bool) bool {
	name := path.Base(rel)
	low := strings.ToLower(name)
	for _, p := range ignoredPrefixes {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	for _, s := range ignoredSuffixes {
		if strings.HasSuffix(low, s) {
			return true
		}
	}
	if dir && ignoredDirs[low] {
		return true
	}
	if r.user == nil {
		return false
	}
	if dir {
		rel += "/"
	}
	return r.user.MatchesPath(rel)
}

// ignoredBelow reports whether rel, a file, or any directory above it is left out.
func (r *rules) ignoredBelow(rel string) bool {
	if r.ignored(rel, false) {
		return true
	}
	for d := path.Dir(rel); d != "."; d = path.Dir(d) {
		if r.ignored(d, true) {
			return true
		}
	}
	return false
}

// temporaryOf gives X for a name tmp_X: DuckDB writes such a file beside the one that it is about to replace.
func temporaryOf(rel string) (string, bool) {
	dir, name := path.Split(rel)
	rest, ok := strings.CutPrefix(name, "tmp_")
	return dir + rest, ok && rest != ""
}

// readRules reads the ignore file of the root. No file is no rules; a file that cannot be read is an error.
func readRules(root fs.FS) (*rules, error) {
	f, err := root.Open(ignoreFile)
	if errors.Is(err, fs.ErrNotExist) {
		return &rules{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", ignoreFile, err)
	}
	defer f.Close()
	if fi, err := f.Stat(); err != nil || !fi.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", ignoreFile)
	}
	b, err := io.ReadAll(io.LimitReader(f, ignoreFileLimit))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", ignoreFile, err)
	}
	return parseRules(string(b)), nil
}

// parseRules compiles the text of an ignore file.
func parseRules(text string) *rules {
	var lines []string
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		if line = pattern(strings.TrimRight(line, "\r\n")); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return &rules{}
	}
	return &rules{user: ignore.CompileIgnoreLines(lines...)}
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
	if line == "" {
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
