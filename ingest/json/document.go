package json

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dashira/dashira/ingest"
)

// found is an array inside a document.
type found struct {
	path     string
	at       int
	objects  int
	arrays   int
	others   int
	elements []int // where the elements end
	first    int   // where the first begins
}

// searcher walks a document once: it checks it and notes the arrays that might hold the records.
type searcher struct {
	held   *ingest.Gauge // of the places that are noted
	b      []byte
	depth  int
	wanted string
	arrays []*found
	values []string // the paths of values that are no array and no object, the first of them
	scalar int      // how many there are

	columns []columnsAt // objects below a key whose values are lists of values
}

// shownValues is how many paths are remembered to be named.
const shownValues = 50

const searchDepth = 8

// walk checks the value at p, which stands under a path.
func (s *searcher) walk(p int, path string, depth int) (int, *fault) {
	level := s.depth - depth
	if p >= len(s.b) || level > searchDepth || s.b[p] != '{' && s.b[p] != '[' {
		if s.scalar++; len(s.values) < shownValues && path != "" {
			s.values = append(s.values, path)
		}
		return skip(s.b, p, depth)
	}
	if depth == 0 {
		return skip(s.b, p, 0)
	}
	if s.b[p] == '{' {
		lists, count, direct := len(s.arrays), 0, true
		stop, f := members(s.b, p, func(key, end, escaped, value int) (int, *fault) {
			count++
			direct = direct && value < len(s.b) && s.b[value] == '['
			name := s.b[key:end]
			if escaped == 1 {
				name = unescape(nil, name)
			}
			below := string(name)
			if path != "" {
				below = path + "." + below
			}
			return s.walk(value, below, depth-1)
		})
		if f == nil && direct && path != "" && len(s.arrays) == lists+count && evenLists(s.arrays[lists:], leastRows) {
			s.columns = append(s.columns, columnsAt{path, p})
		}
		return stop, f
	}
	a := &found{path: path, at: p}
	s.arrays = append(s.arrays, a)
	return elements(s.b, p, func(value int) (int, *fault) {
		if len(a.elements) == 0 {
			a.first = value
		}
		if value < len(s.b) {
			switch s.b[value] {
			case '{':
				a.objects++
			case '[':
				a.arrays++
			default:
				a.others++
			}
		}
		end, f := skip(s.b, value, depth-1)
		a.elements = append(a.elements, end)
		if f == nil {
			if err := s.held.Add(8); err != nil {
				f = &fault{at: value, err: err}
			}
		}
		return end, f
	})
}

// openDocument reads one document, or several one after the other.
func openDocument(ctx context.Context, in *ingest.Input, encoding string, start int64) (*ingest.Book, error) {
	if in.Size-start > in.Limits.Unpacked {
		return nil, ingest.TooMuch("the document is too large to be read at once", "write one record per line (NDJSON)")
	}
	if err := in.Reserve(in.Size - start); err != nil {
		return nil, err
	}
	b, err := readAll(in, start, in.Size)
	if err != nil {
		return nil, err
	}
	if at := ingest.InvalidUTF8(b); at >= 0 && encoding == "utf-8" {
		return nil, &ingest.NotUTF8{Offset: start + int64(at)}
	}
	s := &searcher{held: in.Gauge(), b: b, depth: in.Limits.Depth, wanted: in.Options.Records}
	p := space(b, 0)
	top := p
	end, f := s.walk(p, "", s.depth)
	if f != nil {
		return nil, f.damage(b)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	book := &ingest.Book{Format: "json", Encoding: encoding}
	if p = space(b, end); p < len(b) {
		// Several documents: each is a record, or an array of them.
		d, err := concatenated(in, b, top, end)
		if err != nil {
			return nil, err
		}
		book.Drafts = []ingest.Draft{*d}
		return book, nil
	}
	if i := slices.IndexFunc(s.columns, func(c columnsAt) bool { return c.path == s.wanted }); i >= 0 {
		s.columns = s.columns[i : i+1]
		book.Drafts, err = s.tables(in)
		return book, err
	}
	records, err := s.choose(in, top)
	if err != nil {
		return nil, err
	}
	var d *ingest.Draft
	switch {
	case records != nil && records.rowsOnly():
		if d, err = arrayRows(in, b, records, s.namesFor(records)); err != nil {
			return nil, err
		}
	case records != nil:
		ends := records.elements
		d = elementRows(in, b, records.first, ends, records.path)
	default:
		if d, err = s.table(in, top); err != nil {
			return nil, err
		}
		if d == nil && len(s.columns) > 0 && !slices.ContainsFunc(s.arrays, (*found).records) {
			if book.Drafts, err = s.tables(in); err != nil || book.Drafts != nil {
				return book, err
			}
		}
		if ends := keyed(b, top, s.depth); d == nil && ends != nil {
			d = keyedRows(in, b, space(b, top+1), ends)
		}
		if d == nil {
			d = elementRows(in, b, top, []int{end}, "")
			d.Rows.(*rows).plan.alone = true
			d.Identity += " alone"
		}
	}
	if records != nil && records.path != "" {
		d.Records = records.path
		s.reportOutside(in, records.path, records.at, func(a *found) bool { return a == records })
	}
	book.Drafts = []ingest.Draft{*d}
	return book, nil
}

// choose finds the array that holds the records; nil when the document is one record or columns.
func (s *searcher) choose(in *ingest.Input, top int) (*found, error) {
	pair := (*found)(nil)
	if s.b[top] == '[' {
		pair = s.behindHead(s.arrays[0])
	}
	if s.wanted != "" {
		for _, a := range s.arrays {
			if a.path == s.wanted {
				return a, nil
			}
		}
		var paths []string
		for _, a := range s.arrays {
			paths = append(paths, a.path)
		}
		return nil, &ingest.Damage{Code: ingest.BadJSON, Message: fmt.Sprintf("there is no list at %s", ingest.QuoteValue(s.wanted)), Hint: listsAt(paths)}
	}
	if pair != nil {
		return pair, nil
	}
	if s.b[top] == '[' {
		return s.arrays[0], nil
	}
	if s.b[top] != '{' {
		return nil, nil
	}
	if a := s.named(); a != nil {
		return a, nil
	}
	var lists []*found
	for _, a := range s.arrays {
		if a.records() {
			lists = append(lists, a)
		}
	}
	switch {
	case len(lists) == 1, len(lists) == 2 && s.describes(lists[1], lists[0]):
		return lists[0], nil
	case len(lists) == 2 && s.describes(lists[0], lists[1]):
		return lists[1], nil
	}
	return nil, nil // several lists, or none: the document is one record
}

// reportOutside names what of the document stands beside the records and is in no table.
func (s *searcher) reportOutside(in *ingest.Input, path string, at int, inside func(a *found) bool) {
	var lists []string
	rows := 0
	for _, a := range s.arrays {
		if !inside(a) && a.path != "" {
			lists = append(lists, a.path)
			rows += len(a.elements)
		}
	}
	outside := append(lists[:min(len(lists), shownValues)], s.values...)
	if len(outside) == 0 {
		return
	}
	line, _ := place(s.b, at)
	d := ingest.Diagnostic{Code: ingest.OutsideRecords, Severity: ingest.Info, Line: line, Value: strings.Join(outside, ", "), Count: len(lists) + s.scalar,
		Message: fmt.Sprintf("the records are at %s; what stands beside them is not read", path), Hint: "nothing to do, unless it is data"}
	if rows > 0 {
		d.Hint = "name the path of another list to read that one"
	}
	in.Diagnoses.Add(d)
}

// listsAt names the places where a document has lists.
func listsAt(paths []string) string {
	named := paths[:0]
	for _, p := range paths {
		if p != "" && !slices.Contains(named, p) {
			named = append(named, p)
		}
	}
	switch {
	case len(named) == 0:
		return "the document has no list below a key; leave the path out"
	case len(named) > 12:
		return fmt.Sprintf("it has lists at %s and %d more places", strings.Join(named[:12], ", "), len(named)-12)
	}
	return "it has lists at " + strings.Join(named, ", ")
}

// elementRows reads the elements of an array as records. Runs of them are cut by content as lines are.
func elementRows(in *ingest.Input, b []byte, first int, ends []int, path string) *ingest.Draft {
	in.Hold(b)
	pl := plan{}
	if len(ends) > 0 {
		pl.key = keyField(b, first)
	}
	var cuts []ingest.Span
	if len(ends) > 0 {
		cuts = ingest.CutAt(b, first, ends)
	}
	line, _ := place(b, first)
	r := &rows{FileRows: ingest.FileRows{In: in, Cuts: cuts}, plan: pl, limits: in.Limits}
	return &ingest.Draft{First: line, Strict: true, Rows: r, Identity: fmt.Sprintf("document %q %q", pl.key, path)}
}

// concatenated reads documents that follow each other; of an array, its elements.
func concatenated(in *ingest.Input, b []byte, first, end int) (*ingest.Draft, error) {
	ends := []int{end}
	for p := space(b, end); p < len(b); {
		// Lists side by side on one line are a slip; documents on lines of their own are meant.
		if b[p] != '{' && (b[p] != '[' || bytes.IndexByte(b[ends[len(ends)-1]:p], '\n') < 0) {
			f := unexpected(b, p, "the end of the document")
			return nil, f.damage(b)
		}
		next, f := skip(b, p, in.Limits.Depth)
		if f != nil {
			return nil, f.damage(b)
		}
		ends = append(ends, next)
		p = space(b, next)
	}
	return elementRows(in, b, first, ends, ""), nil
}

// tooLong is the fault of a value of more bytes than a cell may have; nil of others.
func tooLong(from, to, most int) *fault {
	if to-from <= most {
		return nil
	}
	return &fault{at: from, err: ingest.TooMuch(fmt.Sprintf("a value is longer than %d MiB", most>>20), "shorten the value, or raise the limit")}
}

// ref makes a cell of the value at p.
func ref(b []byte, p, end int, arena *[]byte) ingest.Ref {
	switch c := b[p]; {
	case c == '"':
		if bytes.IndexByte(b[p:end], '\\') < 0 {
			return ingest.At(ingest.Text, p+1, end-p-2)
		}
		at := len(*arena)
		*arena = unescape(*arena, b[p+1:end-1])
		return ingest.At(ingest.Text, at, len(*arena)-at)
	case c == 't' || c == 'f':
		return ingest.At(ingest.Truth, p, end-p)
	case c == 'n':
		return ingest.Ref{}
	case c == '[' || c == '{':
		return ingest.At(ingest.List, p, end-p)
	}
	return ingest.At(ingest.Number, p, end-p)
}

// arrayRows reads an array of arrays. Where no names are given, the first one may hold them.
func arrayRows(in *ingest.Input, b []byte, a *found, given []string) (*ingest.Draft, error) {
	m := &ingest.Memory{Text: b}
	held := in.Gauge()
	var head [][]ingest.HeaderCell
	width := 0
	line, at := 1, 0
	p := a.first
	// The document was walked before, so there is no fault in it.
	row := 0
	for _, end := range a.elements {
		p = space(b, p)
		if b[p] == ',' {
			p = space(b, p+1)
		}
		line += bytes.Count(b[at:p], []byte{'\n'})
		at = p
		var cells []ingest.HeaderCell
		n := 0
		_, f := elements(b, p, func(v int) (int, *fault) {
			stop, f := skip(b, v, in.Limits.Depth)
			if f == nil {
				f = tooLong(v, stop, in.Limits.Line)
			}
			if f != nil {
				return stop, f
			}
			r := ref(b, v, stop, &m.Text)
			if n == len(m.Cells) && n == in.Limits.Columns {
				return stop, &fault{at: v, err: ingest.TooMuch(fmt.Sprintf("a row has more than %d cells", n), "is the document turned by 90 degrees?")}
			}
			if err := held.Add(8); err != nil {
				return stop, &fault{at: v, err: err}
			}
			if row < 50 {
				cells = append(cells, headerCell(r, m.Text))
			}
			if n == len(m.Cells) {
				m.Cells = append(m.Cells, nil)
			}
			for len(m.Cells[n]) < row {
				m.Cells[n] = append(m.Cells[n], ingest.Ref{})
			}
			m.Cells[n] = append(m.Cells[n], r)
			n++
			return stop, nil
		})
		if f != nil {
			return nil, f.damage(b)
		}
		width = max(width, n)
		if row < 50 {
			head = append(head, cells)
		}
		m.Lines = append(m.Lines, int32(line-1))
		row++
		p = end
	}
	band := ingest.Band{}
	if given == nil && len(head) > 0 && texts(head[0]) {
		band = ingest.FindBand(head, width)
		band.Skip = 0
		band.Rows = min(band.Rows, 1)
	}
	if n := in.Options.HeaderRows; n != nil && given == nil {
		band.Rows = min(max(*n, 0), len(head))
	}
	header := ingest.Header{Rows: band.Rows}
	var names [][]string
	if given != nil {
		names = [][]string{given}
	}
	for r := range band.Rows {
		var texts []string
		for _, c := range head[r] {
			texts = append(texts, c.Text)
		}
		names = append(names, texts)
		header.Line = int(m.Lines[r]) + 1
	}
	for c := range m.Cells {
		m.Cells[c] = m.Cells[c][min(band.Rows, len(m.Cells[c])):]
	}
	m.Lines = m.Lines[band.Rows:]
	if err := in.Reserve(8 * int64(width) * int64(len(m.Lines))); err != nil {
		return nil, err
	}
	m.Done()
	first := 1
	if len(m.Lines) > 0 {
		first = int(m.Lines[0]) + 1
	}
	columns := ingest.Names(names, width, in.Limits.HeaderCell, header.Line, in.Diagnoses, "")
	return &ingest.Draft{Header: header, Names: columns, First: first, Strict: true, Rows: m, Identity: fmt.Sprintf("arrays %q", columns)}, nil
}

func headerCell(r ingest.Ref, text []byte) ingest.HeaderCell {
	c := ingest.HeaderCell{Text: string(r.In(text))}
	switch r.Kind() {
	case ingest.Absent:
		c.Look = ingest.LooksEmpty
	case ingest.Number:
		c.Look = ingest.LooksNumber
	case ingest.Truth:
		c.Look = ingest.LooksTruth
	default:
		c.Look = ingest.LooksText
	}
	return c
}

func texts(row []ingest.HeaderCell) bool {
	for _, c := range row {
		if c.Look != ingest.LooksText {
			return false
		}
	}
	return len(row) > 0
}
