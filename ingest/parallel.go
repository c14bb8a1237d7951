package ingest

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// worker is what one goroutine uses again for run after run.
type worker struct {
	block   Block
	builder *builder
}

// panicked is a panic inside a load, on its way to become damage of the file.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic while reading: %v", p.value) }

// parallel calls f for 0 to n-1 on several goroutines, in order as they become free, and waits for all. A panic of f
// comes back as an error.
func parallel(ctx context.Context, workers, n int, f func(ctx context.Context, w *worker, i int) error) error {
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range min(workers, n) {
		g.Go(func() (err error) {
			defer func() {
				if r := recover(); r != nil {
					err = &panicked{value: r, stack: debug.Stack()}
				}
			}()
			w := &worker{builder: newBuilder()}
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := f(ctx, w, i); err != nil {
					return err
				}
			}
		})
	}
	return g.Wait()
}
