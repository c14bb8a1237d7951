package ingest

import (
	"fmt"
	"sync"
)

// budget is the memory that the tables of a loader, and its loads that are under way, may take together. The garbage
// collector's limit does not bound what is alive; this does.
type budget struct {
	most int64 // bytes; 0: no end

	mu     sync.Mutex // guards what follows
	tables map[string]int64
	taken  int64 // by tables and loads
}

func newBudget(most int64) *budget { return &budget{most: most, tables: map[string]int64{}} }

// share is what one load has taken so far, beside the table that its path had before.
type share struct {
	of    *budget
	path  string
	taken int64 // guarded by of.mu
}

func (b *budget) begin(path string) *share { return &share{of: b, path: path} }

// take asks for more bytes; without them the load cannot go on.
func (s *share) take(n int64) error {
	if s == nil || n <= 0 {
		return nil
	}
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	if most := s.of.most; most > 0 && s.of.taken+n > most {
		others := s.of.taken - s.taken
		return TooMuch(fmt.Sprintf("reading needs more than %s of memory; %s of %s are taken", mebibytes(s.taken+n), mebibytes(others), mebibytes(most)),
			"serve fewer or smaller files, or give dashira more memory with GOMEMLIMIT")
	}
	s.of.taken += n
	s.taken += n
	return nil
}

// end gives back what the load took and, of a load that went well, writes down what its tables keep.
func (s *share) end(ok bool, tables int64) {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.of.taken -= s.taken
	s.taken = 0
	if ok {
		s.of.taken += tables - s.of.tables[s.path]
		s.of.tables[s.path] = tables
	}
}

// room says whether so many bytes more could be taken now.
func (b *budget) room(bytes int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.most <= 0 || b.taken+bytes <= b.most
}

func (b *budget) forget(path string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken -= b.tables[path]
	delete(b.tables, path)
}

// tableBytes is what the tables of a load keep in memory.
func tableBytes(load *Load) int64 {
	n := int64(0)
	for i := range load.Sheets {
		n += load.Sheets[i].Table.Bytes()
	}
	return n
}

// Reserve asks for memory that the load will hold while it reads; an error ends the load. It is given back with the
// load's end.
func (in *Input) Reserve(bytes int64) error { return in.share.take(bytes) }

// Gauge asks for memory in steps, so that small pieces can be counted one by one. It belongs to one goroutine.
type Gauge struct {
	in      *Input
	pending int64
}

// Gauge returns a new gauge.
func (in *Input) Gauge() *Gauge { return &Gauge{in: in} }

const gaugeStep = 1 << 20

// Add counts bytes that are about to be held.
func (g *Gauge) Add(bytes int) error {
	if g.pending += int64(bytes); g.pending < gaugeStep {
		return nil
	}
	n := g.pending
	g.pending = 0
	return g.in.Reserve(n)
}
