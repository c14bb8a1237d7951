package ingest

import (
	"io"
	"math"
	"sync/atomic"
)

// Progress is told how far the reading of a file has come: bytes of it that were read and understood, of all. It is
// called from several goroutines, at most some hundred times for a file; where they overtake each other, a smaller number
// may follow a larger one.
type Progress func(path string, bytes, total int64)

// progress turns the two halves of a load into bytes of the file: finding out how it is written, which reads it for the
// first time, and reading its cells. It is nil where nobody asks.
type progress struct {
	tell   func(bytes, total int64)
	total  int64
	open   float64      // the share of the work that opening is
	before atomic.Int64 // the furthest byte that was read
	said   atomic.Int64
}

// steps is how often a progress is told at most.
const steps = 400

// The shares of opening: rows of text are only told apart, a document or workbook is read whole.
const (
	openLines = 0.6
	openWhole = 0.8
)

func newProgress(tell Progress, path string, total int64, lines bool) *progress {
	if tell == nil || total <= 0 {
		return nil
	}
	p := &progress{tell: func(bytes, total int64) { tell(path, bytes, total) }, total: total, open: openWhole}
	if lines {
		p.open = openLines
	}
	return p
}

// reader counts what is read of a file.
func (p *progress) reader(r io.ReaderAt) io.ReaderAt {
	if p == nil {
		return r
	}
	return &gauge{r, p}
}

type gauge struct {
	io.ReaderAt
	*progress
}

// ReadAt reads and tells how far that is.
func (g *gauge) ReadAt(b []byte, at int64) (int, error) {
	n, err := g.ReaderAt.ReadAt(b, at)
	// The end of a file is looked at before the rest of it: only what follows the known counts, a block at most.
	const stride = 32 << 20
	for end := at + int64(n); ; {
		was := g.before.Load()
		if end <= was || at > was+stride {
			return n, err
		}
		if g.before.CompareAndSwap(was, end) {
			g.say(g.open * float64(end) / float64(g.total))
			return n, err
		}
	}
}

// opened tells that it was found out how so many bytes are written.
func (p *progress) opened(bytes int64) {
	if p != nil {
		p.say(p.open * float64(bytes) / float64(p.total))
	}
}

// say tells a share of the work, if that is news.
func (p *progress) say(share float64) {
	bytes := int64(math.Min(share, 1) * float64(p.total))
	for {
		was := p.said.Load()
		if bytes-was < max(p.total/steps, 1) && (bytes != p.total || was == bytes) {
			return
		}
		if p.said.CompareAndSwap(was, bytes) {
			p.tell(bytes, p.total)
			return
		}
	}
}

// tableProgress is the progress of one table among several of a file, while its cells are read.
type tableProgress struct {
	*progress
	from, to float64 // the share of the work before and behind it
	rows     int64
	done     atomic.Int64
}

// table returns the progress of the i-th of n tables.
func (p *progress) table(i, n int, spans []Span) *tableProgress {
	if p == nil {
		return nil
	}
	each := (1 - p.open) / float64(n)
	r := &tableProgress{progress: p, from: p.open + each*float64(i)}
	r.to = r.from + each
	for _, s := range spans {
		r.rows += int64(s.Rows)
	}
	return r
}

// read counts the rows of a run.
func (r *tableProgress) read(rows int) {
	if r == nil || r.rows == 0 {
		return
	}
	done := min(r.done.Add(int64(rows)), r.rows)
	r.say(r.from + (r.to-r.from)*float64(done)/float64(r.rows))
}
