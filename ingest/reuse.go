package ingest

import (
	"context"
	"io"
	"slices"
	"sync/atomic"

	"github.com/zeebo/xxh3"
	"golang.org/x/sync/errgroup"
)

// stretch is a part of a text from one row's begin to another's: runs that are known from the last load, or text in
// which nobody has looked for rows yet.
type stretch struct {
	from, to int64
	spans    []Span // nil: to be cut
}

// stretches divides a text into what the last load knew, if it read the file in the same way, and the rest. A run is
// known again by the hash of its bytes, where it stood before or moved by as much as the file became longer or shorter:
// whatever was done in one place, what stands before it and behind it is found without looking for a single row.
func (in *Input) stretches(ctx context.Context, identity string, from, to int64) ([]stretch, error) {
	k := in.known
	if k == nil || k.identity != identity || len(k.spans) == 0 || k.spans[0].Start != from {
		return []stretch{{from: from, to: to}}, nil
	}
	runs := k.spans
	closed := len(runs)
	if !runs[closed-1].closed {
		closed-- // it ended with the file and not by its content
	}
	if ok, err := in.trusts(ctx, runs[:closed], to); err != nil {
		return nil, err
	} else if ok {
		return arrange(from, to, known{runs[:closed], 0}), nil
	}
	moved := to - runs[len(runs)-1].End
	if moved == 0 {
		same, err := in.matching(ctx, len(runs), false, func(i int) (Span, int64) { return runs[i], 0 })
		if err != nil {
			return nil, err
		}
		var all []known
		for i := 0; i < len(runs); {
			j := i
			for j < len(runs) && same[j] == same[i] {
				j++
			}
			if same[i] {
				all = append(all, known{runs[i:j], 0})
			}
			i = j
		}
		return arrange(from, to, all...), nil
	}
	before := closed
	for before > 0 && runs[before-1].End > to {
		before--
	}
	same, err := in.matching(ctx, before, true, func(i int) (Span, int64) { return runs[i], 0 })
	if err != nil {
		return nil, err
	}
	before = leading(same)
	end := from
	if before > 0 {
		end = runs[before-1].End
	}
	behind := len(runs) - before
	for behind > 0 && runs[len(runs)-behind].Start+moved < end {
		behind--
	}
	if same, err = in.matching(ctx, behind, true, func(i int) (Span, int64) { return runs[len(runs)-1-i], moved }); err != nil {
		return nil, err
	}
	behind = leading(same)
	return arrange(from, to, known{runs[:before], 0}, known{runs[len(runs)-behind:], moved}), nil
}

// known are runs of the last load that are still there, moved by a number of bytes.
type known struct {
	runs  []Span
	moved int64
}

// arrange returns the stretches of a text that known runs, which ascend, and what lies between them make.
func arrange(from, to int64, all ...known) []stretch {
	var out []stretch
	at := from
	gap := func(until int64) {
		if at < until {
			out = append(out, stretch{from: at, to: until})
		}
	}
	for _, k := range all {
		if len(k.runs) == 0 {
			continue
		}
		spans := slices.Clone(k.runs)
		for i := range spans {
			spans[i].Start += k.moved
			spans[i].End += k.moved
		}
		gap(spans[0].Start)
		at = spans[len(spans)-1].End
		out = append(out, stretch{from: spans[0].Start, to: at, spans: spans})
	}
	gap(to)
	return out
}

func leading(same []bool) int {
	if n := slices.Index(same, false); n >= 0 {
		return n
	}
	return len(same)
}

// matching says of n runs whether their bytes stand where they are looked for, moved by a number of bytes. With stop, what
// comes behind the first that does not is not looked at and counts as not found.
func (in *Input) matching(ctx context.Context, n int, stop bool, run func(i int) (Span, int64)) ([]bool, error) {
	same := make([]bool, n)
	var next, first atomic.Int64
	first.Store(int64(n))
	g, ctx := errgroup.WithContext(ctx)
	for range min(max(in.workers, 1), n) {
		g.Go(func() error {
			var h spanHasher
			for {
				i := next.Add(1) - 1
				if i >= int64(n) || stop && i > first.Load() {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				s, moved := run(int(i))
				hash, err := h.hash(in, s.Start+moved, s.End+moved)
				if err != nil {
					return err
				}
				if same[i] = hash == s.Hash; same[i] || !stop {
					continue
				}
				for {
					was := first.Load()
					if i >= was || first.CompareAndSwap(was, i) {
						break
					}
				}
			}
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return same, nil
}

// spanHasher hashes parts of a file; it belongs to one goroutine.
type spanHasher struct {
	buf []byte
	sum *xxh3.Hasher
}

// hashBlock is how much is read at once: what the processor's own memory holds, so that it is hashed from there.
const hashBlock = 512 << 10

func (h *spanHasher) hash(r io.ReaderAt, from, to int64) ([16]byte, error) {
	if h.buf == nil {
		h.buf = make([]byte, hashBlock)
	}
	if n := to - from; n <= hashBlock {
		b := h.buf[:n]
		if err := readFull(r, b, from); err != nil {
			return [16]byte{}, err
		}
		return HashOf(b), nil
	}
	if h.sum == nil {
		h.sum = xxh3.New()
	}
	h.sum.Reset()
	for from < to {
		b := h.buf[:min(hashBlock, to-from)]
		if err := readFull(r, b, from); err != nil {
			return [16]byte{}, err
		}
		_, _ = h.sum.Write(b) // never fails
		from += int64(len(b))
	}
	return h.sum.Sum128().Bytes(), nil
}

// join puts the runs of stretches together; cut finds those of text that is not known, and where its last row ends.
func (in *Input) join(parts []stretch, to int64, cut func(from, to int64, last bool) ([]Span, int64, error)) ([]Span, error) {
	var out []Span
	for i, p := range parts {
		if p.spans != nil {
			out = append(out, p.spans...)
			continue
		}
		last := i == len(parts)-1
		spans, end, err := cut(p.from, p.to, last)
		if err != nil {
			return nil, err
		}
		if !last && end != p.to {
			// A row goes on into what seemed to be known: an opened quotation mark, a line's end that was taken out.
			spans, _, err = cut(p.from, to, true)
			return append(out, spans...), err
		}
		if !last {
			spans = closed(spans, in.mostRows())
		}
		out = append(out, spans...)
	}
	return out, nil
}

// closed ends the last of the runs where known ones follow. Too short a rest goes with the run before it, or runs would
// become ever smaller as rows are put in.
func closed(spans []Span, most int) []Span {
	n := len(spans)
	if n == 0 {
		return spans
	}
	spans[n-1].closed = true
	if n > 1 && spans[n-1].Rows < leastRows {
		a, b := &spans[n-2], spans[n-1]
		if a.Rows+b.Rows <= most && b.End-a.Start <= mostBytes {
			a.End, a.Rows = b.End, a.Rows+b.Rows
			return spans[:n-1]
		}
	}
	return spans
}
