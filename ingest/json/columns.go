package json

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dashira/dashira/ingest"
)

// columnsAt is an object whose values are lists of values, all equally long.
type columnsAt struct {
	path string
	at   int
}

// Lists below a key, or beside other values, are columns when they are not short, and those beside values when there are
// more of them: a point has two numbers, and a record may well have two lists.
const (
	leastRows  = 3
	leastLists = 3
)

// evenLists says whether lists hold nothing but values and are equally long.
func evenLists(lists []*found, least int) bool {
	for _, a := range lists {
		if a.objects+a.arrays > 0 || len(a.elements) != len(lists[0].elements) {
			return false
		}
	}
	return len(lists) >= 2 && len(lists[0].elements) >= least
}

// besideValues says whether an object with lists and other values is a table of the lists: they are equally long, and
// one holds numbers.
func (s *searcher) besideValues() bool {
	if !evenLists(s.arrays, leastRows) || len(s.arrays) < max(leastLists, s.scalar+1) {
		return false
	}
	numbers := false
	for _, a := range s.arrays {
		if strings.Contains(a.path, ".") {
			return false
		}
		c := s.b[a.first]
		numbers = numbers || c == '-' || c-'0' <= 9
	}
	return numbers
}

// counted reads an object of objects whose keys count the rows, {"x":{"0":1,"1":2},"y":{"0":"a","1":"b"}}, as pandas
// writes a table; nil for other documents.
func (s *searcher) counted(in *ingest.Input, top int) (*ingest.Draft, error) {
	if s.b[top] != '{' {
		return nil, nil
	}
	m := &ingest.Memory{Text: s.b}
	var names []string
	rows, ok := -1, true
	line, at := 0, 0
	members(s.b, top, func(key, end, escaped, value int) (int, *fault) {
		n := 0
		if ok = ok && s.b[value] == '{'; !ok {
			return skip(s.b, value, s.depth)
		}
		var cells []ingest.Ref
		stop, f := members(s.b, value, func(from, to, _, v int) (int, *fault) {
			next, f := skip(s.b, v, s.depth)
			if ok = ok && string(s.b[from:to]) == strconv.Itoa(n) && f == nil; ok {
				cells = append(cells, ref(s.b, v, next, &m.Text))
				if len(names) == 0 {
					line += bytes.Count(s.b[at:v], []byte{'\n'})
					at = v
					m.Lines = append(m.Lines, int32(line))
				}
			}
			n++
			return next, f
		})
		if rows < 0 {
			rows = n
		}
		ok = ok && n == rows
		name := s.b[key:end]
		if escaped == 1 {
			name = unescape(nil, name)
		}
		names = append(names, string(name))
		m.Cells = append(m.Cells, cells)
		return stop, f
	})
	if !ok || rows < 2 {
		return nil, nil
	}
	return s.columnDraft(in, m, names)
}

// table reads a document that is one table of columns; nil when it is none.
func (s *searcher) table(in *ingest.Input, top int) (*ingest.Draft, error) {
	if s.b[top] != '{' {
		return nil, nil
	}
	if d, err := s.stat(in, top); d != nil || err != nil {
		return d, err
	}
	if d, err := s.columnar(in, top, false); d != nil || err != nil {
		return d, err
	}
	if s.besideValues() {
		d, err := s.columnar(in, top, true)
		if d != nil && s.scalar > 0 {
			s.reportOutside(in, "the top", top, func(*found) bool { return true })
		}
		return d, err
	}
	return s.counted(in, top)
}

// tables reads the objects below a key that are tables of columns.
func (s *searcher) tables(in *ingest.Input) ([]ingest.Draft, error) {
	var drafts []ingest.Draft
	var paths []string
	for _, c := range s.columns {
		d, err := s.columnar(in, c.at, false)
		if err != nil {
			return nil, err
		}
		if d == nil {
			continue
		}
		d.Records = c.path
		if len(s.columns) > 1 {
			d.Name = c.path
		}
		drafts = append(drafts, *d)
		paths = append(paths, c.path)
	}
	if len(drafts) == 0 {
		return nil, nil
	}
	s.reportOutside(in, strings.Join(paths, ", "), s.columns[0].at, func(a *found) bool {
		return slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(a.path, p+".") })
	})
	return drafts, nil
}

// columnar reads an object whose values are equally long lists of scalars; nil when the document is none. Values that
// are no list may stand beside them where that is said.
func (s *searcher) columnar(in *ingest.Input, top int, beside bool) (*ingest.Draft, error) {
	m := &ingest.Memory{Text: s.b}
	var names []string
	rows := -1
	ok := true
	line, at := 1, 0
	_, f := members(s.b, top, func(key, end, escaped, value int) (int, *fault) {
		name := s.b[key:end]
		if escaped == 1 {
			name = unescape(nil, name)
		}
		if s.b[value] != '[' || !ok {
			ok = ok && beside
			return skip(s.b, value, s.depth)
		}
		var cells []ingest.Ref
		stop, f := elements(s.b, value, func(v int) (int, *fault) {
			next, f := skip(s.b, v, s.depth)
			ok = ok && s.b[v] != '{' // a list of objects is a table of its own
			if f == nil {
				f = tooLong(v, next, in.Limits.Line)
			}
			if err := s.held.Add(8); f == nil && err != nil {
				f = &fault{at: v, err: err}
			}
			if f == nil {
				cells = append(cells, ref(s.b, v, next, &m.Text))
				if len(names) == 0 {
					line += bytes.Count(s.b[at:v], []byte{'\n'})
					at = v
					m.Lines = append(m.Lines, int32(line-1))
				}
			}
			return next, f
		})
		if rows < 0 {
			rows = len(cells)
		}
		ok = ok && len(cells) == rows
		names = append(names, string(name))
		m.Cells = append(m.Cells, cells)
		return stop, f
	})
	if f != nil {
		return nil, f.damage(s.b)
	}
	if !ok || rows < 1 || len(names) < 2 {
		return nil, nil
	}
	return s.columnDraft(in, m, names)
}

// columnDraft is a table whose columns were read one after the other.
func (s *searcher) columnDraft(in *ingest.Input, m *ingest.Memory, names []string) (*ingest.Draft, error) {
	if len(names) > in.Limits.Columns {
		return nil, ingest.TooMuch(fmt.Sprintf("the document has %d columns, more than %d", len(names), in.Limits.Columns), "are the keys data? Write them as values")
	}
	m.Done()
	columns := ingest.Names([][]string{names}, len(names), in.Limits.HeaderCell, 1, in.Diagnoses, "")
	return &ingest.Draft{Names: columns, First: int(m.Lines[0]) + 1, Strict: true, Rows: m, Identity: fmt.Sprintf("columns %q", columns)}, nil
}
