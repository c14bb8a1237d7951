package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/dashira/dashira/table"
)

// errChanged says that the file was written to while it was read; its next event brings it again.
var errChanged = errors.New("the file changed while it was read")

// piece is what is known of one run, found by the hash of its bytes. It outlives a load so that a run that is met again
// need not be read again.
type piece struct {
	mu     sync.Mutex
	hash   [16]byte
	parsed bool
	height int32
	grids  []*gridPiece
}

// gridPiece is the part of a run that belongs to one sheet.
type gridPiece struct {
	sheet  string
	names  []string
	rows   int
	lines  []int32
	notes  []Note
	cols   []columnPiece
	chunk  *table.Chunk
	shaped [16]byte // the names and decisions the chunk was made under
}

// column returns the named column, which is most often found at the given place, nil when the run has none of it.
func (g *gridPiece) column(at int, name string) *columnPiece {
	if at < len(g.names) && g.names[at] == name {
		return &g.cols[at]
	}
	for i, n := range g.names {
		if n == name {
			return &g.cols[i]
		}
	}
	return nil
}

type columnPiece struct {
	sample *evidence // of the first sampleRows rows
	full   *evidence // of all
	built  bool
	by     decision
	dict   *table.Dict
	data   *table.Column
	bad    misfits
	cells  int64
}

const sampleRows = 1024

// spot is a line of a file.
type spot struct {
	file string // of a union
	line int
}

// columnID names a column of a draft.
type columnID struct{ sheet, name string }

// settler decides types and builds columns for one draft.
type settler struct {
	draft    *Draft
	progress *tableProgress
	nulls    []string      // further spellings of the empty cell
	unclosed map[spot]bool // lines on which a quotation mark is not closed
	limits   Limits
	share    *share // of the memory
	spans    []Span
	pieces   []*piece // by span
	memory   *draftMemory
	workers  int
	mu       sync.Mutex // guards memory.pieces and memory.dicts while runs are read at once
	kept     map[[16]byte]*piece
	words    map[*table.Dict]int64 // guarded by mu: the memory of dictionaries, as far as it was taken
}

// draftMemory is what a draft leaves for its next load.
type draftMemory struct {
	identity string
	nulls    string // the further spellings of the empty cell under which the pieces were read
	spans    []Span
	pieces   map[[16]byte]*piece
	dicts    map[columnID]*table.Dict
	plain    map[columnID]bool            // text columns that gave their dictionary up
	tallies  map[string]map[string]*tally // by sheet and column
}

// newDraftMemory returns what a load begins with. Codes stay what they are whatever happens to the file; runs only
// under the same way of reading them. old is nil at first.
func newDraftMemory(identity string, nulls []string, old *draftMemory) *draftMemory {
	m := &draftMemory{identity: identity, nulls: fmt.Sprintf("%q", nulls), pieces: map[[16]byte]*piece{}}
	if old == nil {
		m.dicts, m.plain, m.tallies = map[columnID]*table.Dict{}, map[columnID]bool{}, map[string]map[string]*tally{}
		return m
	}
	m.dicts, m.plain, m.tallies = old.dicts, old.plain, old.tallies
	overgrown := old.overgrown()
	for id, d := range m.dicts {
		if overgrown[d] {
			delete(m.dicts, id)
		}
	}
	// What was read with a dictionary that is given up is read once more.
	if old.identity == identity && old.nulls == m.nulls && len(overgrown) == 0 {
		m.pieces = old.pieces
	}
	return m
}

// A dictionary keeps the texts of every load, so that codes stay what they are. It is given up for a new one when it
// holds so many times more of them than the column has cells now, and so many beyond that.
const (
	dictShare = 4
	dictSpare = 4096
)

// overgrown lists the dictionaries that hold far more texts than what was loaded last needs.
func (m *draftMemory) overgrown() map[*table.Dict]bool {
	large := false
	for _, d := range m.dicts {
		large = large || d.Len() > dictSpare
	}
	if !large {
		return nil
	}
	cells := map[*table.Dict]int64{}
	for _, p := range m.pieces {
		for _, g := range p.grids {
			for i := range g.cols {
				cells[g.cols[i].dict] += g.cols[i].cells
			}
		}
	}
	all := map[*table.Dict]bool{}
	for _, d := range m.dicts {
		if int64(d.Len()) > dictShare*cells[d]+dictSpare {
			all[d] = true
		}
	}
	return all
}

// tally returns the counts of a sheet's columns.
func (m *draftMemory) tally(sheet string) map[string]*tally {
	if m.tallies[sheet] == nil {
		m.tallies[sheet] = map[string]*tally{}
	}
	return m.tallies[sheet]
}

// visit calls f for the runs, several at once. f gets the piece locked, and a function that reads the run's cells; its
// grids stand in the order of the piece's.
func (s *settler) visit(ctx context.Context, runs []int, f func(run int, p *piece, w *worker, grids func() ([]Grid, error)) error) error {
	return parallel(ctx, s.workers, len(runs), func(ctx context.Context, w *worker, k int) error {
		i := runs[k]
		fetched, parsed := false, false
		p := s.pieces[i]
		if p == nil {
			if hash := s.spans[i].Hash; hash != ([16]byte{}) {
				p = s.piece(i, hash, false)
			}
			if p == nil {
				if err := s.draft.Rows.Fetch(i, &w.block); err != nil {
					return err
				}
				fetched = true
				p = s.piece(i, w.block.Hash, true)
			}
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		grids := func() ([]Grid, error) {
			if parsed {
				return w.block.Grids, nil
			}
			if !fetched {
				if err := s.draft.Rows.Fetch(i, &w.block); err != nil {
					return nil, err
				}
				if w.block.Hash != p.hash {
					return nil, errChanged
				}
			}
			parsed = true
			err := s.draft.Rows.Parse(i, &w.block)
			if err == nil && len(s.nulls) > 0 {
				for g := range w.block.Grids {
					w.block.Grids[g].empty(s.nulls)
				}
			}
			return w.block.Grids, err
		}
		if !p.parsed {
			read, err := grids()
			if err != nil {
				return err
			}
			s.keep(p, read)
		}
		return f(i, p, w, grids)
	})
}

// piece finds or makes the piece of a hash and gives it to a run.
func (s *settler) piece(run int, hash [16]byte, create bool) *piece {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.kept[hash]
	if p == nil {
		p = s.memory.pieces[hash]
	}
	if p == nil {
		if !create {
			return nil
		}
		p = &piece{hash: hash}
	}
	s.kept[hash] = p
	s.pieces[run] = p
	s.spans[run].Hash = hash
	return p
}

// keep copies what outlives the block.
func (s *settler) keep(p *piece, grids []Grid) {
	p.grids = p.grids[:0]
	for i := range grids {
		g := &grids[i]
		names := g.Names
		if names == nil {
			names = s.draft.Names
		}
		gp := &gridPiece{sheet: g.Sheet, names: names, rows: g.Rows, notes: append([]Note(nil), g.Notes...), cols: make([]columnPiece, len(names))}
		if g.Lines != nil {
			gp.lines = append([]int32(nil), g.Lines...)
		}
		p.height = g.Height
		p.grids = append(p.grids, gp)
	}
	p.parsed = true
}

func (s *settler) allRuns() []int {
	runs := make([]int, len(s.spans))
	for i := range runs {
		runs[i] = i
	}
	return runs
}

// sampleRuns are the first run, the middle one and the last.
func (s *settler) sampleRuns() []int {
	n := len(s.spans)
	switch {
	case n == 0:
		return nil
	case n <= 3:
		return s.allRuns()
	}
	return []int{0, n / 2, n - 1}
}

// sample looks at the first rows of some runs.
func (s *settler) sample(ctx context.Context) error {
	return s.visit(ctx, s.sampleRuns(), func(_ int, p *piece, _ *worker, grids func() ([]Grid, error)) error {
		for i, g := range p.grids {
			for c := range g.cols {
				if g.cols[c].sample != nil {
					continue
				}
				read, err := grids()
				if err != nil {
					return err
				}
				grid, cells := read[i].column(c)
				g.cols[c].sample = gather(grid, cells[:min(g.rows, sampleRows)])
				g.cols[c].sample.countWords(grid, cells[:min(g.rows, sampleRows)])
				if g.rows <= sampleRows {
					g.cols[c].full = g.cols[c].sample
				}
			}
		}
		return nil
	})
}

// profile looks at all values of the chosen columns.
func (s *settler) profile(ctx context.Context, chosen func(columnID) bool) error {
	return s.visit(ctx, s.allRuns(), func(_ int, p *piece, _ *worker, grids func() ([]Grid, error)) error {
		for i, g := range p.grids {
			for c := range g.cols {
				if g.cols[c].full != nil || !chosen(columnID{g.sheet, g.names[c]}) {
					continue
				}
				read, err := grids()
				if err != nil {
					return err
				}
				grid, values := read[i].column(c)
				g.cols[c].full = gather(grid, values)
			}
		}
		return nil
	})
}

func gather(g *Grid, cells []Ref) *evidence {
	e := newEvidence()
	for r, c := range cells {
		e.look(c.Kind(), c.In(g.Text), g.Line(r))
	}
	return e
}

// build reads the columns whose decisions are known into arrays.
func (s *settler) build(ctx context.Context, decided func(columnID) (decision, bool)) error {
	return s.visit(ctx, s.allRuns(), func(run int, p *piece, w *worker, grids func() ([]Grid, error)) error {
		defer s.progress.read(s.spans[run].Rows)
		held := int64(0)
		for i, g := range p.grids {
			for c := range g.cols {
				id := columnID{g.sheet, g.names[c]}
				d, ok := decided(id)
				col := &g.cols[c]
				if !ok || col.built && col.by == d {
					continue
				}
				read, err := grids()
				if err != nil {
					return err
				}
				var dict *table.Dict
				if d.typ.Textual() && !d.plain {
					dict = s.dict(id)
				}
				grid, values := read[i].column(c)
				data, bad := w.builder.column(grid, values, &d, dict)
				cells := int64(0)
				for _, ref := range values {
					if !ref.Empty() {
						cells++
					}
				}
				*col = columnPiece{sample: col.sample, full: col.full, built: true, by: d, dict: dict, data: data, bad: bad, cells: cells}
				held += data.Bytes() + s.grown(dict) + columnOverhead
			}
		}
		return s.share.take(held)
	})
}

// columnOverhead is about what a column of a run takes beside its values.
const columnOverhead = 512

// grown returns by how many bytes a dictionary grew since it was asked for last.
func (s *settler) grown(d *table.Dict) int64 {
	if d == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := dictBytes(d)
	more := n - s.words[d]
	s.words[d] = n
	return more
}

func dictBytes(d *table.Dict) int64 { return d.Bytes() + int64(d.Len())*dictEntry }

// dictEntry is about what a text takes in a dictionary beside its bytes.
const dictEntry = 64

// dict returns the dictionary of a column; it stays the same over reloads.
func (s *settler) dict(id columnID) *table.Dict {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.words == nil {
		s.words = map[*table.Dict]int64{}
	}
	d := s.memory.dicts[id]
	if d == nil {
		d = table.NewDict()
		s.memory.dicts[id] = d
	}
	if _, known := s.words[d]; !known {
		s.words[d] = dictBytes(d) // counted with the table of the last load
	}
	return d
}
