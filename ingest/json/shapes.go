package json

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// starts calls f for every element of an array with the place where it begins, until f returns false.
func (a *found) starts(b []byte, f func(p int) bool) {
	p := a.first
	for i, end := range a.elements {
		if i > 0 {
			p = space(b, space(b, a.elements[i-1])+1)
		}
		if !f(p) || end == len(b) {
			return
		}
	}
}

// records says whether an array holds objects and nothing else.
func (a *found) records() bool { return a.objects > 0 && a.arrays+a.others == 0 }

// rowsOnly says whether an array holds arrays and nothing else.
func (a *found) rowsOnly() bool { return a.arrays > 0 && a.objects+a.others == 0 }

// columnWords are what a list is called that says what the columns of another are.
var columnWords = regexp.MustCompile(`(?i)(column|field|col|header|name|label|key)s?$`)

// nameKeys are the keys under which descriptions of columns have their names.
var nameKeys = []string{"name", "id", "fieldName", "key", "label"}

// namesIn returns the names that a list of texts or of descriptions holds; nil when it is neither.
func (s *searcher) namesIn(a *found) []string {
	if len(a.elements) == 0 || a.arrays > 0 || a.objects > 0 && a.others > 0 {
		return nil
	}
	if a.others > 0 {
		var names []string
		a.starts(s.b, func(p int) bool {
			if s.b[p] != '"' {
				names = nil
				return false
			}
			names = append(names, textAt(s.b, p))
			return true
		})
		return names
	}
	for _, key := range nameKeys {
		var names []string
		a.starts(s.b, func(p int) bool {
			n := len(names)
			members(s.b, p, func(from, to, _, value int) (int, *fault) {
				if string(s.b[from:to]) == key && s.b[value] == '"' && len(names) == n {
					names = append(names, textAt(s.b, value))
				}
				return skip(s.b, value, s.depth)
			})
			return len(names) > n
		})
		if len(names) == len(a.elements) {
			return names
		}
	}
	return nil
}

// textAt returns the string at p of a document without faults.
func textAt(b []byte, p int) string {
	end, _, _ := text(b, p)
	return string(unescape(nil, b[p+1:end-1]))
}

// namesFor returns the names of the columns of a list of rows that another list of the document holds, as Socrata, CKAN
// and pandas write them; nil when there is none.
func (s *searcher) namesFor(rows *found) []string {
	if !rows.rowsOnly() || rows.path == "" {
		return nil
	}
	width := -1
	rows.starts(s.b, func(p int) bool {
		n := 0
		elements(s.b, p, func(v int) (int, *fault) { n++; return skip(s.b, v, s.depth) })
		if width < 0 {
			width = n
		}
		if n != width {
			width = -2
		}
		return width >= 0
	})
	for _, a := range s.arrays {
		if a != rows && len(a.elements) == width && columnWords.MatchString(path.Base(strings.ReplaceAll(a.path, ".", "/"))) {
			if names := s.namesIn(a); names != nil {
				return names
			}
		}
	}
	return nil
}

// named returns the list of rows whose columns another list names; of several, the longest.
func (s *searcher) named() *found {
	var best *found
	for _, a := range s.arrays {
		if a.rowsOnly() && (best == nil || len(a.elements) > len(best.elements)) && s.namesFor(a) != nil {
			best = a
		}
	}
	return best
}

// describes says whether a list of descriptions names what the records of another have, at the top or in one object
// inside.
func (s *searcher) describes(a, records *found) bool {
	names := s.namesIn(a)
	if len(names) < 2 {
		return false
	}
	known := 0
	inside := false
	members(s.b, records.first, func(from, to, _, value int) (int, *fault) {
		if slices.Contains(names, string(s.b[from:to])) {
			known++
		}
		if s.b[value] == '{' {
			n := 0
			end, f := members(s.b, value, func(from, to, _, value int) (int, *fault) {
				n += b2i(slices.Contains(names, string(s.b[from:to])))
				return skip(s.b, value, s.depth)
			})
			inside = inside || n >= 2 && n == len(names)
			return end, f
		}
		return skip(s.b, value, s.depth)
	})
	return known >= 2 && known == len(names) || inside
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// behindHead returns the list that follows an object about it, as the World Bank's API answers: [{"page":1},[…]].
func (s *searcher) behindHead(top *found) *found {
	if top.path != "" || len(top.elements) != 2 || top.objects != 1 || top.arrays != 1 || s.b[top.first] != '{' {
		return nil
	}
	at := space(s.b, space(s.b, top.elements[0])+1)
	s.walk(top.first, "0", s.depth-1)
	n := len(s.arrays)
	if _, f := s.walk(at, "1", s.depth-1); f != nil || !s.arrays[n].records() {
		s.arrays = s.arrays[:n]
		return nil
	}
	return s.arrays[n]
}
