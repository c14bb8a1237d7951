package json

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/dashira/dashira/ingest"
)

const flattenDepth = 8

// recorder turns the records of one run into cells: nested objects become columns with dotted names, lists of objects
// rows of a table of their own.
type recorder struct {
	b      []byte // the run
	block  *ingest.Block
	plan   *plan
	limits ingest.Limits
	depth  int // of nesting, at most
	main   *sheet
	lists  []*sheet
	line   int

	duplicates tally
	beyond     tally // lists that are no tables, as there are too many
}

// plan is what is decided for a whole file.
type plan struct {
	key   string // the field whose value is carried into the tables of nested lists, "" when there is none
	alone bool   // there is one record only, whose lists are tables without a key too
	keyed bool   // records are the values of an object, whose keys are cells of the column keyColumn

	columns []string // the names of the cells where every record is an array
}

// keyColumn holds the keys under which records stand in an object.
const keyColumn = "_key"

// tally counts something that is reported once for a run.
type tally struct {
	n     int
	line  int
	value string
}

// sheet is one table that is being filled.
type sheet struct {
	name  string
	names []string
	cells [][]ingest.Ref // by column; shorter than rows where the last rows have no such cell
	rows  int
	lines []int32
	root  node
	key   int // the column of the parent's key, -1: none
}

// node is a place in the tree of keys.
type node struct {
	key      string
	path     string
	column   int // -1: no cell yet
	children []*node
	index    map[string]*node
	list     *sheet
}

func (n *node) child(key []byte, guess int) *node {
	if guess < len(n.children) && n.children[guess].key == string(key) {
		return n.children[guess]
	}
	if c := n.index[string(key)]; c != nil {
		return c
	}
	c := &node{key: string(key), column: -1}
	c.path = c.key
	if n.path != "" {
		c.path = n.path + "." + c.key
	}
	if n.index == nil {
		n.index = map[string]*node{}
	}
	n.index[c.key] = c
	n.children = append(n.children, c)
	return c
}

func newSheet(name string) *sheet {
	return &sheet{name: name, root: node{column: -1}, key: -1}
}

// column returns the column of a name.
func (s *sheet) column(name string) int {
	if i := slices.Index(s.names, name); i >= 0 {
		return i
	}
	s.names = append(s.names, name)
	s.cells = append(s.cells, nil)
	return len(s.names) - 1
}

// set puts a cell into the row that is being read and says whether one was there.
func (s *sheet) set(column int, r ingest.Ref) bool {
	cells := s.cells[column]
	if len(cells) > s.rows {
		cells[s.rows] = r
		return true
	}
	for len(cells) < s.rows {
		cells = append(cells, ingest.Ref{})
	}
	s.cells[column] = append(cells, r)
	return false
}

// end finishes the row.
func (s *sheet) end(line int) {
	s.rows++
	s.lines = append(s.lines, int32(line))
}

// drop forgets rows from a number on, cells of the row that was begun, and columns from a number on.
func (s *sheet) drop(rows, names int) {
	s.rows = rows
	s.lines = s.lines[:rows]
	if len(s.names) > names {
		s.names, s.cells = s.names[:names], s.cells[:names]
		s.root = node{column: -1} // its nodes find their columns again by name
	}
	for c, cells := range s.cells {
		s.cells[c] = cells[:min(len(cells), rows)]
	}
}

// record reads the value at b[p] as a row of the main table. After a fault nothing of it is left.
func (r *recorder) record(p int) (int, *fault) {
	marks := make([]int, len(r.lists))
	names := make([]int, len(r.lists))
	for i, l := range r.lists {
		marks[i], names[i] = l.rows, len(l.names)
	}
	known := len(r.main.names)
	var end int
	var f *fault
	if r.plan.columns != nil && p < len(r.b) && r.b[p] == '[' {
		end, f = r.cells(p)
	} else if p < len(r.b) && r.b[p] == '{' {
		end, f = r.object(p, r.main, &r.main.root, r.depth, flattenDepth)
	} else {
		end, f = r.value(p, r.main, r.main.root.child([]byte("value"), 0), r.depth, flattenDepth)
	}
	if f != nil {
		r.main.drop(r.main.rows, known)
		for i, l := range r.lists[:len(marks)] {
			l.drop(marks[i], names[i])
		}
		if len(r.lists) > len(marks) {
			r.lists = r.lists[:len(marks)]
			r.main.root = node{column: -1} // which knew the lists
			for _, l := range r.lists {
				l.root = node{column: -1}
			}
		}
		return 0, f
	}
	r.carryKey(marks)
	r.main.end(r.line)
	return end, nil
}

// carryKey puts the record's key into the rows of its lists.
func (r *recorder) carryKey(marks []int) {
	if r.plan.key == "" || len(r.lists) == 0 {
		return
	}
	var key ingest.Ref
	if i := slices.Index(r.main.names, r.plan.key); i >= 0 && len(r.main.cells[i]) > r.main.rows {
		key = r.main.cells[i][r.main.rows]
	}
	for i, l := range r.lists {
		from := 0
		if i < len(marks) {
			from = marks[i]
		}
		rows := l.rows
		for l.rows = from; l.rows < rows; l.rows++ {
			l.set(l.key, key)
		}
	}
}

func (r *recorder) object(p int, s *sheet, at *node, depth, flat int) (int, *fault) {
	if depth == 0 {
		return 0, tooDeep(p)
	}
	guess := 0
	return members(r.b, p, func(key, end, escaped, value int) (int, *fault) {
		name := r.b[key:end]
		if escaped == 1 {
			name = unescape(nil, name)
		}
		n := at.child(name, guess)
		guess++
		return r.value(value, s, n, depth, flat)
	})
}

func (r *recorder) value(p int, s *sheet, n *node, depth, flat int) (int, *fault) {
	if p >= len(r.b) {
		return 0, unexpected(r.b, p, "a value")
	}
	var end int
	var f *fault
	kind := ingest.Number
	switch c := r.b[p]; {
	case c == '"':
		end, escaped, f := text(r.b, p)
		if f == nil {
			f = tooLong(p, end, r.limits.Line)
		}
		if f != nil {
			return 0, f
		}
		if !escaped {
			return end, r.put(p, s, n, ingest.At(ingest.Text, p+1, end-p-2))
		}
		at := len(r.block.Bytes)
		r.block.Bytes = unescape(r.block.Bytes, r.b[p+1:end-1])
		return end, r.put(p, s, n, ingest.At(ingest.Text, at, len(r.block.Bytes)-at))
	case c == '-' || c-'0' <= 9:
		end, f = number(r.b, p)
	case c == '{' && flat > 1 && r.plan.alone && keyed(r.b, p, depth-1) != nil:
		if l := r.list(s, n); l != nil {
			return r.members(p, l, depth-1, flat)
		}
		kind = ingest.List
		end, f = skip(r.b, p, depth-1)
	case c == '{' && flat > 1 && !empty(r.b, p):
		return r.object(p, s, n, depth-1, flat-1)
	case c == '{':
		kind = ingest.List
		end, f = skip(r.b, p, depth-1)
	case c == '[':
		return r.array(p, s, n, depth-1, flat)
	default:
		if end, f = literal(r.b, p); f == nil && c == 'n' {
			return end, r.put(p, s, n, ingest.Ref{})
		}
		kind = ingest.Truth
	}
	return r.raw(p, end, f, s, n, kind)
}

// empty says whether the object at p has no key: nothing to be spread over columns, so it is a value.
func empty(b []byte, p int) bool {
	p = space(b, p+1)
	return p < len(b) && b[p] == '}'
}

// recordKey takes the cell of the key at p and returns where the record begins. The document was walked before, so
// there is no fault in it.
func (r *recorder) recordKey(p int) int {
	end, _, _ := text(r.b, p)
	key := ref(r.b, p, end, &r.block.Bytes)
	r.main.set(r.main.column(keyColumn), key)
	return space(r.b, space(r.b, end)+1)
}

// members makes a row of each object in the object at p.
func (r *recorder) members(p int, l *sheet, depth, flat int) (int, *fault) {
	line, at := r.line, p
	return members(r.b, p, func(key, _, _, value int) (int, *fault) {
		end, _, f := text(r.b, key-1)
		if f != nil {
			return 0, f
		}
		l.set(l.column(keyColumn), ref(r.b, key-1, end, &r.block.Bytes))
		line += bytes.Count(r.b[at:value], []byte{'\n'})
		at = value
		end, f = r.object(value, l, &l.root, depth-1, flat-1)
		if f == nil {
			l.end(line)
		}
		return end, f
	})
}

// raw puts a value as it is written.
func (r *recorder) raw(p, end int, f *fault, s *sheet, n *node, kind ingest.Kind) (int, *fault) {
	if f == nil {
		f = tooLong(p, end, r.limits.Line)
	}
	if f == nil {
		f = r.put(p, s, n, ingest.At(kind, p, end-p))
	}
	return end, f
}

// array keeps a list as JSON text, or makes rows of a list of objects.
func (r *recorder) array(p int, s *sheet, n *node, depth, flat int) (int, *fault) {
	if depth <= 0 {
		return 0, tooDeep(p)
	}
	first := space(r.b, p+1)
	if first < len(r.b) && r.b[first] == '{' && (r.plan.key != "" || r.plan.alone) && flat > 1 {
		objects := true
		end, f := elements(r.b, p, func(v int) (int, *fault) {
			objects = objects && v < len(r.b) && r.b[v] == '{'
			return skip(r.b, v, depth)
		})
		if f != nil {
			return 0, f
		}
		if objects {
			l := r.list(s, n)
			if l == nil {
				if r.beyond.n == 0 {
					r.beyond.line, r.beyond.value = r.line, n.path
				}
				r.beyond.n++
				return r.raw(p, end, nil, s, n, ingest.List)
			}
			line, at := r.line, p
			return elements(r.b, p, func(v int) (int, *fault) {
				line += bytes.Count(r.b[at:v], []byte{'\n'})
				at = v
				end, f := r.object(v, l, &l.root, depth, flat-1)
				if f == nil {
					l.end(line)
				}
				return end, f
			})
		}
		return r.raw(p, end, nil, s, n, ingest.List)
	}
	end, f := skip(r.b, p, depth)
	return r.raw(p, end, f, s, n, ingest.List)
}

// list returns the table of a nested list, whose first column carries the key of the record; nil when there are as many
// tables as may be.
func (r *recorder) list(s *sheet, n *node) *sheet {
	if n.list != nil {
		return n.list
	}
	name := n.path
	if s.name != "" {
		name = s.name + "." + n.path
	}
	for _, l := range r.lists {
		if l.name == name {
			n.list = l
			return l
		}
	}
	if len(r.lists) == r.limits.Sheets {
		return nil
	}
	l := newSheet(name)
	if r.plan.key != "" {
		l.key = l.column("parent_" + r.plan.key)
	}
	n.list = l
	r.lists = append(r.lists, l)
	return l
}

// put takes the cell of the value at p.
func (r *recorder) put(p int, s *sheet, n *node, ref ingest.Ref) *fault {
	if n.column < 0 {
		if n.column = s.column(n.path); len(s.names) > r.limits.Keys {
			return &fault{at: p, err: ingest.TooMuch(fmt.Sprintf("the records have more than %d different keys", r.limits.Keys), "are the keys data? Write them as values")}
		}
	}
	if s.set(n.column, ref) {
		if r.duplicates.n == 0 {
			r.duplicates.line, r.duplicates.value = r.line, n.path
		}
		r.duplicates.n++
	}
	return nil
}

// mostCells is how many cells the records of a run may have, missing ones included.
const mostCells = 32 << 20

// sparse refuses records that are so different that most cells would be empty, and more than memory should hold.
func (r *recorder) sparse() error {
	cells := len(r.main.names) * r.main.rows
	for _, l := range r.lists {
		cells += len(l.names) * l.rows
	}
	if cells > mostCells {
		return ingest.TooMuch(fmt.Sprintf("records that follow each other have so many different keys that their table has %d cells", cells), "are the keys data? Write them as values")
	}
	return nil
}

// grids hands the tables over.
func (r *recorder) grids(height int, notes []ingest.Note) {
	if r.duplicates.n > 0 {
		notes = append(notes, ingest.Note{Code: ingest.DuplicateKey, Severity: ingest.Warning, Line: r.duplicates.line, Column: r.duplicates.value, Count: r.duplicates.n,
			Message: fmt.Sprintf("the key %s stands twice in one record, and the last value counts", ingest.QuoteValue(r.duplicates.value)), Hint: "write every key once"})
	}
	if r.beyond.n > 0 {
		notes = append(notes, ingest.Note{Code: ingest.LimitReached, Severity: ingest.Warning, Line: r.beyond.line, Column: r.beyond.value, Count: r.beyond.n,
			Message: fmt.Sprintf("records hold more than %d different lists of records, so %s and those behind it stay JSON text", r.limits.Sheets, ingest.QuoteValue(r.beyond.value)), Hint: "are the keys data? Write them as values"})
	}
	r.block.Grids = r.block.Grids[:0]
	for i, s := range append([]*sheet{r.main}, r.lists...) {
		for c := range s.cells {
			for len(s.cells[c]) < s.rows {
				s.cells[c] = append(s.cells[c], ingest.Ref{})
			}
		}
		names := s.names
		if names == nil {
			names = []string{}
		}
		g := ingest.Grid{Sheet: s.name, Names: names, Text: r.block.Bytes, Rows: s.rows, Cells: s.cells, Lines: s.lines, Height: int32(height)}
		if i == 0 {
			g.Notes = notes
		}
		r.block.Grids = append(r.block.Grids, g)
	}
}
