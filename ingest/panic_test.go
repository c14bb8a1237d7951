package ingest_test

import (
	"context"
	"io"

	"github.com/dashira/dashira/ingest"
)

// panicking is a format with a fault.
type panicking struct{}

func (panicking) Name() string                   { return "boom" }
func (panicking) Extensions() []string           { return []string{".boom"} }
func (panicking) Compressed() bool               { return false }
func (panicking) Whole(io.ReaderAt, int64) error { return nil }
func (panicking) Open(context.Context, *ingest.Input) (*ingest.Book, error) {
	panic("index out of range")
}
