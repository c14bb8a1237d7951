package ingest

import (
	"fmt"
	"path"
	"strings"
)

// Pattern names many files: orders/*.csv. A star and a question mark stand for characters of one name, brackets for one
// of several characters, braces for one of several words, and ** for any number of folders.
type Pattern struct {
	text  string
	root  string
	words [][]string // the alternatives without braces, each by its names
}

// IsPattern says whether a path has the marks of a pattern.
func IsPattern(text string) bool { return strings.ContainsAny(text, "*?[{") }

// mostAlternatives bounds what the braces of a pattern may multiply to.
const mostAlternatives = 1024

// ParsePattern reads a pattern with slashes.
func ParsePattern(text string) (*Pattern, error) {
	all, err := alternatives(path.Clean(text))
	if err != nil {
		return nil, err
	}
	p := &Pattern{text: text}
	for i, one := range all {
		names := strings.Split(one, "/")
		for _, name := range names {
			if _, err := path.Match(name, ""); err != nil {
				return nil, fmt.Errorf("the pattern %q: %w", text, err)
			}
		}
		fixed := 0
		for fixed < len(names)-1 && !IsPattern(names[fixed]) {
			fixed++
		}
		root := names[:fixed]
		if i > 0 {
			root = common(strings.Split(p.root, "/"), root)
		}
		p.root = strings.Join(root, "/")
		if i == 0 && p.root == "" && fixed == 1 {
			p.root = "/"
		}
		p.words = append(p.words, names)
	}
	return p, nil
}

func common(a, b []string) []string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

// alternatives takes the braces out of a pattern.
func alternatives(text string) ([]string, error) {
	open := strings.IndexByte(text, '{')
	if open < 0 {
		return []string{text}, nil
	}
	depth, from := 0, open+1
	var words []string
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case ',':
			if depth == 1 {
				words = append(words, text[from:i])
				from = i + 1
			}
		case '}':
			if depth--; depth > 0 {
				continue
			}
			var out []string
			for _, word := range append(words, text[from:i]) {
				more, err := alternatives(text[:open] + word + text[i+1:])
				if err != nil {
					return nil, err
				}
				if out = append(out, more...); len(out) > mostAlternatives {
					return nil, fmt.Errorf("the pattern %q has more than %d alternatives", text, mostAlternatives)
				}
			}
			return out, nil
		}
	}
	return nil, fmt.Errorf("the pattern %q has a brace that is not closed", text)
}

// String returns the pattern as it was written.
func (p *Pattern) String() string { return p.text }

// Root returns the folder below which all files are that can match, "" for the one the pattern is relative to.
func (p *Pattern) Root() string { return p.root }

// Match says whether a path with slashes matches.
func (p *Pattern) Match(name string) bool {
	names := strings.Split(path.Clean(name), "/")
	for _, words := range p.words {
		if matchNames(words, names) {
			return true
		}
	}
	return false
}

func matchNames(words, names []string) bool {
	for ; len(words) > 0; words = words[1:] {
		if words[0] == "**" {
			for len(words) > 0 && words[0] == "**" {
				words = words[1:]
			}
			for i := range len(names) + 1 {
				if matchNames(words, names[i:]) {
					return true
				}
			}
			return false
		}
		if len(names) == 0 {
			return false
		}
		if ok, err := path.Match(words[0], names[0]); err != nil || !ok {
			return false
		}
		names = names[1:]
	}
	return len(names) == 0
}

// NaturalLess orders names as people do: part 2 before part 10.
func NaturalLess(a, b string) bool {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if a[i]-'0' > 9 || b[j]-'0' > 9 {
			if a[i] != b[j] {
				return a[i] < b[j]
			}
			i, j = i+1, j+1
			continue
		}
		x, y := digitsAt(a[i:]), digitsAt(b[j:])
		p, q := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		switch {
		case len(p) != len(q):
			return len(p) < len(q)
		case p != q:
			return p < q
		}
		i, j = i+len(x), j+len(y)
	}
	if len(a)-i != len(b)-j {
		return len(a)-i < len(b)-j
	}
	return a < b // they differ in leading zeros, if at all
}

func digitsAt(s string) string {
	n := 0
	for n < len(s) && s[n]-'0' <= 9 {
		n++
	}
	return s[:n]
}
