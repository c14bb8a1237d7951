package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/dashira/dashira/table"
)

// unionRows are the rows of several files, one after the other. A run's hash is made of its bytes, of how its file is
// read and of the file's name, since all three are in the table.
type unionRows struct {
	union   *Union
	ctx     context.Context // of the load that the rows belong to
	options Options
	parts   []*unionPart
	spans   []Span
	owner   []int // by run: the part
	raw     [][16]byte
}

// unionPart is one file's share.
type unionPart struct {
	member *member
	draft  *memberDraft
	first  int // its first run

	mu   sync.Mutex // guards opening again
	file *os.File
}

// memberError is an error of one file of a union.
type memberError struct {
	member *member
	err    error
}

func (e *memberError) Error() string { return e.member.name + ": " + e.err.Error() }

func (e *memberError) Unwrap() error { return e.err }

func (r *unionRows) add(m *member, d *memberDraft) {
	p := &unionPart{member: m, draft: d, first: len(r.spans)}
	for _, s := range d.spans {
		r.raw = append(r.raw, s.Hash)
		if s.Hash != ([16]byte{}) {
			s.Hash = p.name(s.Hash)
		}
		r.spans = append(r.spans, s)
		r.owner = append(r.owner, len(r.parts))
	}
	r.parts = append(r.parts, p)
}

// name makes the name of a run in the union of the hash of its bytes.
func (p *unionPart) name(hash [16]byte) [16]byte {
	return HashOf(append(append(make([]byte, 0, 32), hash[:]...), p.draft.id[:]...))
}

// keepHashes writes down the hashes that became known, for the next load.
func (r *unionRows) keepHashes() {
	for i, hash := range r.raw {
		p := r.parts[r.owner[i]]
		p.draft.spans[i-p.first].Hash = hash
	}
}

// Spans returns the runs of all files.
func (r *unionRows) Spans() []Span { return r.spans }

// Fetch reads the bytes of a run.
func (r *unionRows) Fetch(i int, b *Block) error {
	p := r.parts[r.owner[i]]
	rows, err := r.rows(p)
	if err != nil {
		return err
	}
	if err := rows.Fetch(i-p.first, b); err != nil {
		return &memberError{p.member, err}
	}
	r.raw[i] = b.Hash
	b.Hash = p.name(b.Hash)
	return nil
}

// Parse reads the cells of a run.
func (r *unionRows) Parse(i int, b *Block) error {
	p := r.parts[r.owner[i]]
	rows, err := r.rows(p)
	if err != nil {
		return err
	}
	if err := rows.Parse(i-p.first, b); err != nil {
		return &memberError{p.member, err}
	}
	for k := range b.Grids {
		g := &b.Grids[k]
		if g.Names == nil {
			g.Names = p.draft.Names
		}
		if !slices.Contains(g.Names, FileColumn) {
			g.Names = append(slices.Clip(g.Names), FileColumn)
			g.File = p.member.name
		}
	}
	return nil
}

// rows returns the part's rows; those of a file that was read in an earlier load are opened again.
func (r *unionRows) rows(p *unionPart) (Rows, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.draft.rows != nil {
		return p.draft.rows, nil
	}
	if p.member.damage != nil {
		return nil, &memberError{p.member, p.member.damage} // the rows were read from another state of the file
	}
	f, err := r.union.open(p.member.name)
	if err != nil {
		return nil, fmt.Errorf("open %s again: %w", p.member.name, err)
	}
	again := &member{name: p.member.name, size: p.member.size, fallback: p.member.fallback, careful: p.member.careful}
	if err = r.union.read(r.ctx, again, f, r.options); err == nil {
		err = errChanged
		for k := range again.drafts {
			if d := &again.drafts[k]; d.id == p.draft.id && len(d.spans) == len(p.draft.spans) {
				p.draft.rows, p.file, err = d.rows, f, nil
			}
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", p.member.name, err), f.Close())
	}
	return p.draft.rows, nil
}

// close closes what was opened again.
func (r *unionRows) close() {
	for _, p := range r.parts {
		if p.file != nil {
			p.file.Close()
			p.file, p.draft.rows = nil, nil
		}
	}
}

// origin says where a run is from: its file, and the line at which the first of the file's runs begins, 0 for the
// others.
func (r *unionRows) origin(run int) (file string, line int) {
	p := r.parts[r.owner[run]]
	if run == p.first {
		line = max(p.draft.First, 1)
	}
	return p.member.name, line
}

// draft describes the union of the parts.
func (r *unionRows) draft(name string, notes *Diagnoses) *Draft {
	first := &r.parts[0].draft.Draft
	d := &Draft{Name: name, Hidden: first.Hidden, Header: first.Header, Records: first.Records, Strict: true, Comma: true, First: 1, Rows: r, Identity: "union", united: true}
	if first.Dialect != nil {
		dialect := *first.Dialect
		d.Dialect = &dialect
	}
	index := map[string]int{}
	mixed := map[string]bool{}
	for _, p := range r.parts {
		d.Strict = d.Strict && p.draft.Strict
		d.Comma = d.Comma && p.draft.Comma
		d.Hidden = d.Hidden && p.draft.Hidden
		for i, name := range p.draft.Names {
			unit, field := "", table.Field{}
			if i < len(p.draft.Units) {
				unit = p.draft.Units[i]
			}
			if i < len(p.draft.Fields) {
				field = p.draft.Fields[i]
			}
			at, known := index[name]
			if !known {
				index[name] = len(d.Names)
				d.Names, d.Units, d.Fields = append(d.Names, name), append(d.Units, unit), append(d.Fields, field)
				continue
			}
			if f, ok := said(d.Fields[at], field); ok {
				d.Fields[at] = f
			} else {
				d.Fields[at] = table.Field{}
			}
			switch {
			case d.Units[at] == "":
				d.Units[at] = unit
			case unit != "" && unit != d.Units[at] && !mixed[name]:
				mixed[name] = true
				notes.Add(Diagnostic{File: p.member.name, Code: MixedUnits, Severity: Warning, Column: name, Value: unit,
					Message: fmt.Sprintf("the column is %s in one file and %s in another", d.Units[at], unit), Hint: "use one unit in all files"})
			}
		}
	}
	for name := range mixed {
		d.Units[index[name]] = ""
	}
	return d
}
