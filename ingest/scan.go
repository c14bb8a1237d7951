package ingest

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// errNotEven says that a file cannot be cut by counting quotation marks: the slower way decides.
var errNotEven = errors.New("quotation marks do not decide the rows")

// Irregular is returned by Parse when a run has a quotation mark that the counting of marks took for another one than
// it is. The load is tried again, reading cell by cell to find the rows.
type Irregular struct{}

// Error says so.
func (Irregular) Error() string { return "a quotation mark inside a cell" }

// Careful says that rows must be found by reading cells: an earlier attempt met an [Irregular] run.
func (in *Input) Careful() bool { return in.careful }

// scanSlack is how far behind its block a goroutine looks for the end of a row.
const scanSlack = 64 << 10

// blockScan is what one goroutine found in one block: the rows that begin in it.
type blockScan struct {
	rows int
	cuts []cutPoint
	end  int64 // where the last of them ends
}

// cutPoint is a row behind which a run may end.
type cutPoint struct {
	row int // counted from the block's first, 1-based
	end int64
}

// CutEven is Cut for text whose rows end at every line end outside quotation marks. Blocks are looked at by several
// goroutines: each counts its marks, learns from its left neighbour whether it begins inside a cell, and tells its
// right one. split sees the unfinished end only. quote is 0 for text without them.
func (in *Input) CutEven(ctx context.Context, identity string, from, to int64, eol, quote byte, split Split) ([]Span, error) {
	if in.careful {
		return in.Cut(ctx, identity, from, to, split)
	}
	parts, err := in.stretches(ctx, identity, from, to)
	if err != nil {
		return nil, err
	}
	if in.workers > 1 && in.known != nil && len(in.known.spans) > 0 && in.known.spans[0].Even {
		if err := in.cutBetween(ctx, parts, eol, quote); err != nil {
			return nil, err
		}
	}
	return in.join(parts, to, func(from, to int64, last bool) ([]Span, int64, error) {
		if in.workers < 2 || to-from < 2*int64(in.block) {
			return in.cutRows(ctx, from, to, last, split)
		}
		spans, end, err := in.cutBlocks(ctx, from, to, last, eol, quote, split)
		if errors.Is(err, errNotEven) {
			return in.cutRows(ctx, from, to, last, split)
		}
		return spans, end, err
	})
}

// cutBetween cuts the short stretches of text between known runs, several at once. What does not end with a row is left
// for the slower way.
func (in *Input) cutBetween(ctx context.Context, parts []stretch, eol, quote byte) error {
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range min(in.workers, len(parts)-1) {
		g.Go(func() error {
			s := scanner{in: in, eol: eol, quote: quote}
			var buf []byte
			for {
				i := int(next.Add(1)) - 1
				if i >= len(parts)-1 {
					return nil
				}
				p := &parts[i]
				if p.spans != nil || p.to-p.from > 2*int64(in.block) {
					continue
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if n := int(p.to - p.from); n > cap(buf) {
					buf = make([]byte, n+n/4)
				}
				b := buf[:p.to-p.from]
				if err := readFull(in, b, p.from); err != nil {
					return err
				}
				c := cutter{start: p.from, at: p.from, even: true, most: in.mostRows()}
				at := 0
				for at < len(b) {
					end := s.rowEnd(b, at, false)
					if end < 0 {
						break
					}
					c.row(b[at:end])
					at = end
				}
				if at == len(b) {
					p.spans = closed(c.finish(), c.most)
				}
			}
		})
	}
	return g.Wait()
}

// cutBlocks is the work of CutEven on a long text. errNotEven says that it cannot be done so.
func (in *Input) cutBlocks(ctx context.Context, from, to int64, final bool, eol, quote byte, split Split) ([]Span, int64, error) {
	blocks := int((to - from + int64(in.block) - 1) / int64(in.block))
	scans := make([]blockScan, blocks)
	inside := make([]chan bool, blocks+1)
	for i := range inside {
		inside[i] = make(chan bool, 1)
	}
	inside[0] <- false
	var next atomic.Int64
	g, gctx := errgroup.WithContext(ctx)
	for range min(in.workers, blocks) {
		g.Go(func() error {
			s := scanner{in: in, from: from, to: to, eol: eol, quote: quote}
			for {
				k := int(next.Add(1)) - 1
				if k >= blocks {
					return nil
				}
				if err := s.scan(gctx, k, inside[k], inside[k+1], &scans[k]); err != nil {
					return err
				}
			}
		})
	}
	if err := g.Wait(); err != nil {
		return nil, 0, err
	}
	if <-inside[blocks] {
		return nil, 0, errNotEven
	}
	c := cutter{start: from, at: from, even: true, most: in.mostRows()}
	last := from
	for i := range scans {
		b := &scans[i]
		before := 0
		for _, p := range b.cuts {
			c.rows += p.row - before
			before = p.row
			c.at = p.end
			if c.rows >= leastRows {
				if c.rows > c.most || c.at-c.start > mostBytes {
					return nil, 0, errNotEven
				}
				c.cut(true)
			}
		}
		c.rows += b.rows - before
		if b.rows > 0 {
			last = b.end
		}
	}
	if c.rows >= c.most || last-c.start >= mostBytes {
		return nil, 0, errNotEven
	}
	c.at = last
	if final && last < to {
		// The text does not end with a line's end.
		rest := make([]byte, to-last)
		if err := readFull(in, rest, last); err != nil {
			return nil, 0, err
		}
		begin := 0
		for _, end := range split(rest, true, nil) {
			c.row(rest[begin:end])
			begin = end
		}
	}
	end := c.at
	return c.finish(), end, nil
}

// scanner looks for the rows of blocks; it belongs to one goroutine.
type scanner struct {
	in         *Input
	from, to   int64
	eol, quote byte
	buf        []byte
}

func (s *scanner) scan(ctx context.Context, k int, before <-chan bool, after chan<- bool, out *blockScan) error {
	begin := s.from + int64(k)*int64(s.in.block)
	end := min(begin+int64(s.in.block), s.to)
	have := min(end+min(scanSlack, int64(s.in.block)), s.to)
	if s.buf == nil {
		s.buf = make([]byte, s.in.block+scanSlack)
	}
	b := s.buf[:have-begin]
	if err := readFull(s.in, b, begin); err != nil {
		return err
	}
	size := int(end - begin)
	marks := 0
	if s.quote != 0 {
		marks = bytes.Count(b[:size], []byte{s.quote})
	}
	var in bool
	select {
	case in = <-before:
	case <-ctx.Done():
		return ctx.Err()
	}
	after <- in != (marks%2 == 1)
	// The row that runs into the block belongs to the left neighbour.
	p := 0
	if k > 0 {
		var one [1]byte
		if err := readFull(s.in, one[:], begin-1); err != nil {
			return err
		}
		if in || one[0] != s.eol {
			p = s.rowEnd(b, 0, in)
			if p < 0 {
				if have < s.to || s.quote != 0 {
					return errNotEven // a row longer than a block
				}
				return nil
			}
		}
	}
	plain := marks == 0 && (s.quote == 0 || bytes.IndexByte(b[size:], s.quote) < 0)
	for p < size {
		var next int
		if !plain {
			next = s.rowEnd(b, p, false)
		} else if next = p + bytes.IndexByte(b[p:], s.eol) + 1; next == p {
			next = -1
		}
		if next < 0 {
			if have == s.to {
				return nil // the unfinished end of the text
			}
			return errNotEven
		}
		out.rows++
		out.end = begin + int64(next)
		if cutsAfter(b[p:next]) {
			out.cuts = append(out.cuts, cutPoint{row: out.rows, end: out.end})
		}
		p = next
	}
	return nil
}

// rowEnd returns where the row ends that goes on at p, inside a quotation mark or not; -1 when it goes on behind b.
func (s *scanner) rowEnd(b []byte, p int, in bool) int {
	for {
		i := bytes.IndexByte(b[p:], s.eol)
		if i < 0 {
			return -1
		}
		if s.quote != 0 && bytes.Count(b[p:p+i], []byte{s.quote})%2 == 1 {
			in = !in
		}
		p += i + 1
		if !in {
			return p
		}
	}
}
