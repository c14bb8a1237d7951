package csv

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dashira/dashira/ingest"
)

// memory is what is kept of a file for its next load.
type memory struct {
	weights weights
	odd     *oddities
}

// oddities are what all of a file was read for, as its sample promised something else: how its cells are quoted, and how
// its lines end. When the file has grown, only what is new is read for it again.
type oddities struct {
	careful bool       // a run of rows was not what the sample promised
	size    int64      // up to where the file was read
	marks   [][16]byte // hashes of its blocks up to there
	lone    *returns   // carriage returns alone were looked for up to there, and not found; nil: they were not looked for
	trials  map[tried]verdict
}

// tried is a way of quoting that was tried on the rows of a number of columns.
type tried struct {
	dialect
	columns int
}

// verdict is what speaks against a way of quoting in the rows up to a place.
type verdict struct {
	at      int64
	against int
}

const markBlock = 4 << 20

// recall returns what the last load left of this file, if all that it read is still there; else nil.
func (o *opening) recall(ctx context.Context) (*oddities, error) {
	if o.recalled {
		return o.known, nil
	}
	o.recalled = true
	m, _ := o.in.Before.(*memory)
	if m == nil || m.odd == nil || m.odd.size > o.fileSize {
		return nil, nil
	}
	marks, err := o.marks(ctx, nil, m.odd.size)
	if err != nil {
		return nil, err
	}
	for i, mark := range marks {
		if mark != m.odd.marks[i] {
			return nil, nil
		}
	}
	o.known = m.odd
	return o.known, nil
}

// marks returns the hashes of the file's blocks up to a size; the first ones may be known.
func (o *opening) marks(ctx context.Context, known [][16]byte, size int64) ([][16]byte, error) {
	marks := known[:len(known):len(known)]
	buf := make([]byte, min(markBlock, size))
	for at := int64(len(marks)) * markBlock; at < size; at += markBlock {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b := buf[:min(markBlock, size-at)]
		if n, err := o.file.ReadAt(b, at); n < len(b) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, fmt.Errorf("look whether the file is what it was: %w", err)
		}
		marks = append(marks, ingest.HashOf(b))
	}
	return marks, nil
}

// remember leaves for the next load what this one had to read everything for.
func (o *opening) remember(ctx context.Context) error {
	m, _ := o.in.Leave.(*memory)
	if m == nil || !o.in.Careful() && !o.verified {
		return nil
	}
	var whole [][16]byte // blocks that are as they were, and cannot become longer
	if o.known != nil {
		whole = o.known.marks[:o.known.size/markBlock]
	}
	marks, err := o.marks(ctx, whole, o.fileSize)
	if err != nil {
		return err
	}
	m.odd = &oddities{careful: o.in.Careful(), size: o.fileSize, marks: marks}
	if !o.held {
		m.odd.lone, m.odd.trials = o.lone, o.trials
	}
	return nil
}
