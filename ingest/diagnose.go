package ingest

import (
	"strconv"
	"sync"
	"unicode/utf8"
)

// Note is a diagnostic whose line is counted from the first line of a run.
type Note = Diagnostic

// keptDiagnostics is how many diagnostics a load keeps; all are counted.
const keptDiagnostics = 1000

// Diagnoses collects what is noticed during one load. It may be used by several goroutines.
type Diagnoses struct {
	mu     sync.Mutex
	kept   []Diagnostic
	counts Counts
}

// Add takes a diagnostic; a Count of zero is one.
func (d *Diagnoses) Add(n Diagnostic) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n.Count = max(n.Count, 1)
	n.Value = Excerpt(n.Value)
	switch n.Severity {
	case Info:
		d.counts.Info += n.Count
	case Warning:
		d.counts.Warning += n.Count
	default:
		d.counts.Error += n.Count
	}
	if len(d.kept) < keptDiagnostics {
		d.kept = append(d.kept, n)
	}
}

// Excerpt cuts a text to 200 characters.
func Excerpt(text string) string {
	if len(text) <= 200 {
		return text
	}
	n := 0
	for i := range text {
		if n++; n > 200 {
			return text[:i] + "…"
		}
	}
	return text
}

// QuoteValue shows a text of the file inside a sentence.
func QuoteValue(text string) string {
	if utf8.RuneCountInString(text) > 60 {
		text = string([]rune(text)[:60]) + "…"
	}
	return strconv.Quote(text)
}
