package ingest

import (
	"strings"
	"sync"
	"unicode"
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
	if counted[n.Code] {
		// Runs of one file are read apart from each other; a person wants to hear it once.
		for i := range d.kept {
			if k := &d.kept[i]; k.Code == n.Code && k.Sheet == n.Sheet && k.Column == n.Column && k.Message == n.Message {
				if k.Count += n.Count; n.Line > 0 && n.Line < k.Line {
					k.Line, k.Value = n.Line, n.Value
				}
				return
			}
		}
	}
	if len(d.kept) < keptDiagnostics {
		d.kept = append(d.kept, n)
	}
}

// amend changes the first diagnostic of a code on a line.
func (d *Diagnoses) amend(code Code, file, sheet string, line int, change func(*Diagnostic)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.kept {
		if n := &d.kept[i]; n.Code == code && n.File == file && n.Sheet == sheet && n.Line == line {
			change(n)
			return
		}
	}
}

// counted are the codes that say the same of every place: the first one is shown, with how many there are.
var counted = map[Code]bool{RaggedShort: true, TrailingDelimiter: true, CommentSkipped: true, NulByte: true, DuplicateKey: true}

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

// visible makes a sign of what has none.
func visible(r rune) rune {
	switch {
	case r == '\n':
		return '⏎'
	case r == '\t':
		return '⇥'
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError:
		return '�'
	}
	return r
}

// QuoteValue shows a text of the file inside a sentence.
func QuoteValue(text string) string {
	if utf8.RuneCountInString(text) > 60 {
		text = string([]rune(text)[:60]) + "…"
	}
	return "“" + strings.Map(visible, text) + "”"
}
