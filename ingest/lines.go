package ingest

import (
	"path"
	"strings"
)

// Lines says by its name whether a file's rows are lines, so that the complete ones of a file that is still being
// written are worth reading. A compressed file has no lines to count on.
func (l *Loader) Lines(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv", ".txt", ".ndjson", ".jsonl":
		return l.Accept(name)
	}
	return false
}
