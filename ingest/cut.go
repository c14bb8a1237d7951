package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/zeebo/xxh3"
)

// Runs are cut by content: behind a row whose bytes hash to a boundary, on average every 8192 rows. So a row that is
// put in at the top shifts nothing: every later run is found again by its hash.
const (
	leastRows = 1024
	mostRows  = 65_536
	mostBytes = 64 << 20
	cutBits   = 13
	cutBlock  = 4 << 20
)

// Split appends to ends the offset behind each row of b, which begins with a row, and returns them. What follows the
// last end is an unfinished row; last says that nothing follows b.
type Split func(b []byte, last bool, ends []int) []int

// cutsAfter says whether a run ends behind a row of these bytes.
func cutsAfter(row []byte) bool {
	var pad [32]byte
	if len(row) < 32 {
		copy(pad[:], row)
		row = pad[:]
	}
	head, tail := row[:16], row[len(row)-16:]
	h := binary.LittleEndian.Uint64(head)*0x9E3779B97F4A7C15 ^ bits.RotateLeft64(binary.LittleEndian.Uint64(head[8:])*0xD6E8FEB86659FD93, 23)
	h ^= bits.RotateLeft64(binary.LittleEndian.Uint64(tail)*0xC2B2AE3D27D4EB4F, 41) ^ binary.LittleEndian.Uint64(tail[8:])*0x165667B19E3779F9
	h ^= h >> 29
	return h*0xBF58476D1CE4E5B9>>(64-cutBits) == 0
}

// Cut returns the runs of rows between two offsets of the input. Runs that an earlier load of the same file knew under
// the same identity, and that are still there, are taken over without looking for their rows.
func (in *Input) Cut(ctx context.Context, identity string, from, to int64, split Split) ([]Span, error) {
	parts, err := in.stretches(ctx, identity, from, to)
	if err != nil {
		return nil, err
	}
	return in.join(parts, to, func(from, to int64, last bool) ([]Span, int64, error) { return in.cutRows(ctx, from, to, last, split) })
}

// cutRows cuts the text between two offsets and returns where its last row ends. last says that nothing follows.
func (in *Input) cutRows(ctx context.Context, from, to int64, last bool, split Split) ([]Span, int64, error) {
	c := cutter{start: from, at: from, most: in.mostRows()}
	block := in.block
	if block <= 0 {
		block = cutBlock
	}
	buf := make([]byte, min(int64(block), max(to-from, 0)))
	have := 0
	var ends []int
	for pos := from; pos < to; {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		n := int(min(int64(len(buf)-have), to-pos))
		if err := readFull(in, buf[have:have+n], pos); err != nil {
			return nil, 0, err
		}
		pos += int64(n)
		have += n
		ends = split(buf[:have], last && pos == to, ends[:0])
		begin := 0
		for _, end := range ends {
			if end-begin > in.Limits.Line {
				return nil, 0, longRow(c.at, in.Limits)
			}
			c.row(buf[begin:end])
			begin = end
		}
		if have -= begin; have == len(buf) {
			if len(buf) >= in.Limits.Line+block {
				return nil, 0, longRow(pos-int64(have), in.Limits)
			}
			grown := make([]byte, 2*len(buf))
			copy(grown, buf)
			buf = grown
		} else {
			copy(buf, buf[begin:begin+have])
		}
	}
	end := c.at
	return c.finish(), end, nil
}

func longRow(at int64, limits Limits) *Damage {
	return TooMuch(fmt.Sprintf("the row at byte %d is longer than %s", at+1, mebibytes(int64(limits.Line))), "look for a quotation mark that is never closed, or raise the limit")
}

// readFull reads exactly len(b) bytes at an offset; a file that became shorter meanwhile is an unexpected EOF.
func readFull(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read %d bytes at %d: %w", len(b), at, err)
}

// mostRows is how many rows a run may have.
func (in *Input) mostRows() int {
	if in.MostRows <= 0 {
		return mostRows
	}
	return min(max(in.MostRows, leastRows), mostRows)
}

type cutter struct {
	start, at int64
	rows      int
	most      int // rows of a run
	even      bool
	spans     []Span
}

func (c *cutter) row(row []byte) {
	c.at += int64(len(row))
	c.rows++
	if c.rows >= leastRows && cutsAfter(row) || c.rows >= c.most || c.at-c.start >= mostBytes {
		c.cut(true)
	}
}

func (c *cutter) cut(closed bool) {
	c.spans = append(c.spans, Span{Start: c.start, End: c.at, Rows: c.rows, Even: c.even, closed: closed})
	c.start, c.rows = c.at, 0
}

func (c *cutter) finish() []Span {
	if c.at > c.start {
		c.cut(false)
	}
	return c.spans
}

// CutAt returns the runs of rows in a text that is in memory, where the first row begins at from and rows end at ends.
func CutAt(b []byte, from int, ends []int) []Span {
	c := cutter{start: int64(from), at: int64(from), most: mostRows}
	for _, end := range ends {
		c.row(b[from:end])
		from = end
	}
	return c.finish()
}

// HashOf names a content: xxh3 with 128 bits.
func HashOf(b []byte) [16]byte { return xxh3.Hash128(b).Bytes() }

// FileRows reads the bytes of spans of a file; formats embed it and parse.
type FileRows struct {
	In    *Input
	Cuts  []Span
	Check bool // the text must be valid UTF-8
}

// Spans returns the runs.
func (f *FileRows) Spans() []Span { return f.Cuts }

// Fetch reads the bytes of run i. Text that is not valid is a *NotUTF8.
func (f *FileRows) Fetch(i int, b *Block) error {
	s := f.Cuts[i]
	n := int(s.End - s.Start)
	if cap(b.Bytes) < n {
		b.Bytes = make([]byte, n+n/8)
	}
	b.Bytes = b.Bytes[:n]
	if err := readFull(f.In, b.Bytes, s.Start); err != nil {
		return err
	}
	b.Hash = HashOf(b.Bytes)
	if f.Check {
		if at := InvalidUTF8(b.Bytes); at >= 0 {
			return &NotUTF8{Offset: s.Start + int64(at)}
		}
	}
	return nil
}

// Newlines splits at line feeds.
func Newlines(b []byte, last bool, ends []int) []int {
	at := 0
	for at < len(b) {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		ends = append(ends, at)
	}
	if last && at < len(b) {
		ends = append(ends, len(b))
	}
	return ends
}
