package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// bar shows on a terminal how far the reading of a large file is. It says nothing in the first second, and nothing at
// all in a pipe.
type bar struct {
	*screen
	clock func() time.Time

	mu    sync.Mutex // guards what follows
	since time.Time
	drawn time.Time
	shown bool
	done  bool
	name  string
	most  int64
}

const (
	patience = time.Second            // nobody needs a bar for less
	redraw   = 100 * time.Millisecond // between two looks
)

// newBar returns a bar on a writer, nil where nobody would see it.
func newBar(w io.Writer) *bar {
	if _, ok := terminalOf(w); !ok || !drawable() {
		return nil
	}
	return startBar(newScreen(w), time.Now)
}

func startBar(s *screen, clock func() time.Time) *bar {
	return &bar{screen: s, clock: clock, since: clock()}
}

// tell draws how far a file was read; it is an ingest.Progress.
func (b *bar) tell(name string, bytes, total int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if name != b.name {
		if b.clock().Sub(b.drawn) < patience {
			return // of several files at once, one is followed
		}
		b.name, b.most = name, 0
	}
	if bytes < b.most || !b.due() {
		return
	}
	b.most = bytes
	b.line(readingLine(b.width, plain(name), bytes, total))
}

// wrote draws how much was written; of what is written nobody knows how much it becomes.
func (b *bar) wrote(bytes int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.due() {
		b.line("Writing, " + bytesText(bytes))
	}
}

func (b *bar) due() bool {
	now := b.clock()
	if b.done || now.Sub(b.since) < patience || now.Sub(b.drawn) < redraw {
		return false
	}
	b.drawn = now
	return true
}

func (b *bar) line(text string) {
	b.shown = true
	b.printf("\r%s\x1b[K", shortened(text, b.width-1))
}

// clear takes the bar off the screen, so that a line can be written there.
func (b *bar) clear() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shown {
		b.printf("\r\x1b[K")
		b.shown = false
	}
}

// end clears the bar for good.
func (b *bar) end() {
	if b == nil {
		return
	}
	b.clear()
	b.mu.Lock()
	b.done = true
	b.mu.Unlock()
}

// readingLine is the bar as text: the name, the bar where there is room, the share and the size.
func readingLine(width int, name string, bytes, total int64) string {
	share := 1.0
	if total > 0 {
		share = float64(min(bytes, total)) / float64(total)
	}
	tail := fmt.Sprintf("%3d %%  of %s", int(share*100), bytesText(total))
	room := width - 1 - columns(tail) - 4
	name = "Reading " + shortened(name, max(8, room/2-8))
	cells := min(room-columns(name), 30)
	if cells < 8 {
		return shortened(shortened(name, max(0, room))+"  "+tail, width-1)
	}
	full := int(share * float64(cells))
	return name + "  " + strings.Repeat("█", full) + strings.Repeat("░", cells-full) + "  " + tail
}

// counting tells a bar of what goes through it, until its context ends: whoever gives up in the middle leaves no half
// file behind.
type counting struct {
	io.Writer
	ctx   context.Context
	bar   *bar
	bytes int64
}

func (c *counting) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.Writer.Write(p)
	c.bytes += int64(n)
	c.bar.wrote(c.bytes)
	return n, err
}
