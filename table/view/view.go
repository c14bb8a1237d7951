package view

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/dashira/dashira/table"
)

// View answers one query over the revisions of one table. Any number of goroutines may ask it at once.
type View struct {
	plan *plan
	memo *Memo
	turn turn // held while the live state is used
}

// New returns the view of a query over tables of this schema. What it keeps goes into the memo; nil: it keeps nothing.
// The error is a *[QueryError].
func New(schema *table.Schema, q Query, memo *Memo) (*View, error) {
	p, err := newPlan(schema, q)
	if err != nil {
		return nil, err
	}
	return &View{plan: p, memo: memo}, nil
}

// Query returns the question that the view answers.
func (v *View) Query() Query { return v.plan.query }

// Schema returns the columns of the answers. A sum of integers that do not fit makes its column a Float in the answer.
func (v *View) Schema() *table.Schema { return v.plan.answer }

// Close lets the memo forget what it keeps for the view. The view can still answer.
func (v *View) Close() { v.memo.forget(v.plan) }

// Answer returns what the query says of a table, which must have the view's schema.
func (v *View) Answer(ctx context.Context, t *table.Table) (*Answer, error) {
	if !t.Schema().Equal(v.plan.schema) {
		return nil, fmt.Errorf("answer a query: the table's columns are not those the query was made for")
	}
	if v.plan.rows {
		return v.selectRows(ctx, t)
	}
	if v.memo == nil {
		b, err := v.build(ctx, t)
		if err != nil {
			return nil, err
		}
		return v.plan.answerOf(b.partial(), nil), nil
	}
	if err := v.turn.take(ctx); err != nil {
		return nil, err
	}
	defer v.turn.give()
	l := v.follow(t)
	if l == nil {
		b, err := v.build(ctx, t)
		if err != nil {
			return nil, err
		}
		l = &live{of: weak.Make(t), b: b}
	}
	if l.answer == nil {
		l.answer = v.plan.answerOf(l.partial(), l)
		l.before, l.touched = l.answer, nil
		if v.plan.follows() {
			v.memo.putLive(v.plan, l)
		}
	}
	return l.answer, nil
}

const (
	runChunks    = 16 // chunks whose partials are merged into one that is kept, on average
	runChunksMax = 64 // at most
	serialRows   = 1 << 16
	tinyPartial  = 1 << 10 // bytes; smaller ones are kept whatever they were made of
)

// runs cuts chunks into runs. Where chunks have a content hash it decides where a run ends, so that a chunk inserted or
// removed moves no other run.
func runs(chunks []*table.Chunk) [][]*table.Chunk {
	var out [][]*table.Chunk
	start := 0
	for i, c := range chunks {
		h := c.Hash()
		ends := h[0]%runChunks == 0
		if h == [16]byte{} {
			ends = (i+1)%runChunks == 0
		}
		if ends || i-start+1 == runChunksMax || i == len(chunks)-1 {
			out = append(out, chunks[start:i+1])
			start = i + 1
		}
	}
	return out
}

// build returns the state of the whole table: that of all runs but the last, which an appended row leaves as it is, and
// of the last run.
func (v *View) build(ctx context.Context, t *table.Table) (*builder, error) {
	cut := runs(t.Chunks())
	b := newBuilder(v.plan)
	if len(cut) <= 1 {
		all, err := v.merge(ctx, cut)
		if err != nil {
			return nil, err
		}
		b.absorb(all)
		return b, nil
	}
	last := cut[len(cut)-1]
	chunks := t.Chunks()[:len(t.Chunks())-len(last)]
	head := v.memo.get(v.plan, ofHead, chunks)
	if head == nil {
		var err error
		if head, err = v.merge(ctx, cut[:len(cut)-1]); err != nil {
			return nil, err
		}
		// There is one of these and it saves the merging of all others: it may be as large as what it is made from.
		var read int64
		for _, c := range chunks {
			read += v.source(c)
		}
		if head.bytes() <= max(read, tinyPartial) {
			v.memo.put(v.plan, ofHead, chunks, head)
		}
	}
	tail, err := v.merge(ctx, cut[len(cut)-1:])
	if err != nil {
		return nil, err
	}
	b.absorb(head)
	b.absorb(tail)
	return b, nil
}

// merge returns the partial of neighbouring runs.
func (v *View) merge(ctx context.Context, cut [][]*table.Chunk) (*partial, error) {
	parts := make([]*partial, len(cut))
	missing := int64(0)
	var todo []int
	for i, run := range cut {
		if parts[i] = v.memo.get(v.plan, ofRun, run); parts[i] == nil {
			todo = append(todo, i)
			for _, c := range run {
				missing += int64(c.Rows())
			}
		}
	}
	err := parallel(ctx, len(todo), missing, func(n int) error {
		i := todo[n]
		var err error
		parts[i], err = v.run(ctx, cut[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	b := newBuilder(v.plan)
	b.expect(parts)
	for _, p := range parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.absorb(p)
	}
	return b.partial(), nil
}

// run returns the partial of neighbouring chunks. From the first chunk on whose own partial is not worth keeping, rows go
// straight into the run's. What the memo holds decides nothing: sums of squares depend, in their last digits, on
// what was merged with what, and the same chunks must give the same answer whatever was asked before.
func (v *View) run(ctx context.Context, chunks []*table.Chunk) (*partial, error) {
	b := newBuilder(v.plan)
	b.memo, b.scratch = v.memo, v.memo.borrow()
	defer v.memo.giveBack(b.scratch)
	var read int64
	dear := false
	for _, c := range chunks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		one := []*table.Chunk{c}
		source := v.source(c)
		read += source
		if dear {
			b.scan(c)
			continue
		}
		p := v.memo.get(v.plan, ofChunk, one)
		if p == nil {
			single := newBuilder(v.plan)
			single.memo, single.scratch = v.memo, b.scratch
			single.scan(c)
			p = single.partial()
			if dear = !worth(p, source); !dear {
				v.memo.put(v.plan, ofChunk, one, p)
			}
		}
		b.absorb(p)
	}
	b.finish()
	p := b.partial()
	if worth(p, read) {
		v.memo.put(v.plan, ofRun, chunks, p)
	}
	return p, nil
}

// worth says whether a partial is small enough against the columns it was made from to be kept.
func worth(p *partial, source int64) bool {
	return p.bytes() <= tinyPartial || p.bytes() <= source/4
}

// source returns the bytes of a chunk's columns that the plan reads.
func (v *View) source(c *table.Chunk) int64 {
	var n int64
	for _, i := range v.plan.used {
		n += c.Column(i).Bytes()
	}
	return n
}

// parallel calls f for 0 to n-1 on every core, or in order on the caller's goroutine where the rows are few. It returns
// when all calls have.
func parallel(ctx context.Context, n int, rows int64, f func(i int) error) error {
	workers := min(runtime.GOMAXPROCS(0), n)
	if rows < serialRows || workers <= 1 {
		for i := range n {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := f(i); err != nil {
				return err
			}
		}
		return nil
	}
	var (
		wg   sync.WaitGroup
		next atomic.Int64
		once sync.Once
		err  error
		stop atomic.Bool
	)
	for range workers {
		wg.Go(func() {
			for !stop.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				e := ctx.Err()
				if e == nil {
					e = f(i)
				}
				if e != nil {
					once.Do(func() { err = e })
					stop.Store(true)
				}
			}
		})
	}
	wg.Wait()
	return err
}
