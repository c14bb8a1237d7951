package parquet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

type arrowFormat struct{}

// NewArrow returns the format of .arrow and .feather files, and of Arrow streams.
func NewArrow() ingest.Format { return arrowFormat{} }

// Name returns "arrow".
func (arrowFormat) Name() string { return "arrow" }

// Extensions returns the endings of the names.
func (arrowFormat) Extensions() []string { return []string{".arrow", ".feather", ".arrows"} }

// Compressed is false: batches are compressed inside.
func (arrowFormat) Compressed() bool { return false }

var arrowMagic = []byte("ARROW1")

// Whole returns nil when a file ends with Arrow's mark; a stream may end anywhere.
func (arrowFormat) Whole(r io.ReaderAt, size int64) error {
	head, tail := make([]byte, 6), make([]byte, 6)
	if size < 12 {
		return brokenArrow(io.ErrUnexpectedEOF)
	}
	if _, err := r.ReadAt(head, 0); err != nil {
		return fmt.Errorf("read Arrow: %w", err)
	}
	if _, err := r.ReadAt(tail, size-6); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read Arrow: %w", err)
	}
	if bytes.Equal(head, arrowMagic) && !bytes.Equal(tail, arrowMagic) {
		return brokenArrow(io.ErrUnexpectedEOF)
	}
	return nil
}

func brokenArrow(err error) error {
	return ingest.Broken("Arrow file", err)
}

// Open reads the whole file.
func (arrowFormat) Open(ctx context.Context, in *ingest.Input) (book *ingest.Book, err error) {
	bounded := &bounded{in: in, Allocator: memory.DefaultAllocator}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *ingest.Damage:
			book, err = nil, r
		default: // the library panics over files that do not hold together
			book, err = nil, brokenArrow(fmt.Errorf("%v", r))
		}
	}()
	if err := soundArrow(in, in.Size); err != nil {
		return nil, brokenArrow(err)
	}
	r := io.NewSectionReader(in, 0, in.Size)
	head := make([]byte, min(in.Size, 6))
	if _, err := in.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read Arrow: %w", err)
	}
	var schema *arrow.Schema
	var next func() (arrow.RecordBatch, error)
	if bytes.Equal(head, arrowMagic) {
		f, err := ipc.NewFileReader(r, ipc.WithAllocator(bounded))
		if err != nil {
			return nil, brokenArrow(err)
		}
		defer f.Close()
		i := 0
		schema, next = f.Schema(), func() (arrow.RecordBatch, error) {
			if i == f.NumRecords() {
				return nil, io.EOF
			}
			i++
			return f.RecordBatch(i - 1)
		}
	} else {
		s, err := ipc.NewReader(r, ipc.WithAllocator(bounded))
		if err != nil {
			return nil, brokenArrow(err)
		}
		defer s.Release()
		schema, next = s.Schema(), func() (arrow.RecordBatch, error) {
			if !s.Next() {
				if err := s.Err(); err != nil {
					return nil, err
				}
				return nil, io.EOF
			}
			return s.RecordBatch(), nil
		}
	}
	columns := spots(schema.Fields(), nil, "")
	if n := len(columns); n > in.Limits.Columns {
		return nil, ingest.TooMuch(fmt.Sprintf("the file has %d columns, more than %d", n, in.Limits.Columns), "write fewer columns")
	}
	fields := make([]table.Field, len(columns))
	for i, c := range columns {
		fields[i] = c.field
	}
	values, around := make([]arrow.Array, len(columns)), make([][]arrow.Array, len(columns))
	w := newWhole(len(fields), in)
	cells := int64(0)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		batch, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, brokenArrow(err)
		}
		if cells += batch.NumRows() * int64(len(columns)); cells > in.Limits.Cells {
			return nil, ingest.TooMuch(fmt.Sprintf("the file has more than %d cells", in.Limits.Cells), "split the file")
		}
		for i := range columns {
			values[i], around[i] = columns[i].of(batch)
		}
		for r := range int(batch.NumRows()) {
			for c, a := range values {
				if a.IsNull(r) || slices.ContainsFunc(around[c], func(a arrow.Array) bool { return a.IsNull(r) }) {
					continue
				}
				w.cell(c, kindOf(fields[c].Type), func(buf []byte) ([]byte, bool) { return columns[c].append(buf, a, r) })
			}
			if err := w.end(); err != nil {
				return nil, err
			}
		}
	}
	d, err := w.draft(fields, in)
	if err != nil {
		return nil, err
	}
	return &ingest.Book{Format: "arrow", Drafts: []ingest.Draft{*d}}, nil
}

// bounded gives Arrow the memory it asks for as long as a load may have it. The library knows no refusal, so one is a
// panic with the damage, which Open recovers.
type bounded struct {
	memory.Allocator
	in   *ingest.Input
	held int64
}

// Allocate returns size bytes.
func (b *bounded) Allocate(size int) []byte {
	b.ask(size)
	return b.Allocator.Allocate(size)
}

// Reallocate returns size bytes that begin with those of old.
func (b *bounded) Reallocate(size int, old []byte) []byte {
	b.ask(size - len(old))
	return b.Allocator.Reallocate(size, old)
}

// Free takes bytes back.
func (b *bounded) Free(old []byte) {
	b.held -= int64(len(old))
	b.Allocator.Free(old)
}

func (b *bounded) ask(more int) {
	if b.held += int64(more); more > 0 && b.held > b.in.Limits.Unpacked {
		panic(ingest.TooMuch(fmt.Sprintf("a part of the file unpacks to more than %d MiB", b.in.Limits.Unpacked>>20), "write smaller batches, or raise the limit"))
	}
}
