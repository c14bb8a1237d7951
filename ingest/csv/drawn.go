package csv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/dashira/dashira/ingest"
)

// undraw makes plain rows, in memory, of a table that a program drew for people: with bars between the cells and rules
// around the header, as psql, mysql, DuckDB, SAP and Markdown draw them. Every line stays where it is.
func (o *opening) undraw(ctx context.Context) error {
	if d := o.in.Options.Delimiter; d != "" && d != "|" || !drawn(o.sample.head) {
		return nil
	}
	text, err := o.all()
	if err != nil {
		return err
	}
	text = barred(fixedWidth(text))
	outer := outerBars(text)
	rules, line := remarks{}, 1
	var footer remarks
	for at := 0; at < len(text); line++ {
		end := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		switch row := bytes.TrimRight(text[at:end], "\r \t"); {
		case ruled(row):
			rules.add(line, row)
			blank(row)
		case rowCount.Match(row):
			footer.add(line, row)
			blank(row)
		case outer:
			if row = bytes.TrimLeft(row, " \t"); len(row) > 1 && row[0] == '|' {
				row[0] = ' '
				if row[len(row)-1] == '|' {
					row[len(row)-1] = ' '
				}
			}
		}
		at = end + 1
	}
	if rules.n > 0 {
		o.in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.FrameSkipped, Severity: ingest.Info, Line: rules.line, Value: rules.text, Count: rules.n,
			Message: "lines that are drawn around the table are left out", Hint: "nothing to do; a program that writes CSV keeps every value as it is"})
	}
	if footer.n > 0 {
		o.in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.FooterSkipped, Severity: ingest.Info, Line: footer.line, Value: footer.text, Count: footer.n,
			Message: "lines behind the table are left out", Hint: "nothing to do: it is the number of rows"})
	}
	return o.hold(ctx, text)
}

// all reads the text from where it starts.
func (o *opening) all() ([]byte, error) {
	text := make([]byte, o.in.Size-o.start)
	if n, err := o.in.ReadAt(text, o.start); n < len(text) {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("read text: %w", err)
	}
	return text, nil
}

// hold replaces the file by a text in memory and takes the sample from there.
func (o *opening) hold(ctx context.Context, text []byte) error {
	o.in.Hold(text)
	o.start, o.end, o.held = 0, o.in.Size, true
	return o.read(ctx, headBytes)
}

// remarks are lines that are left out: the first of them, and how many.
type remarks struct {
	n, line int
	text    string
}

func (r *remarks) add(line int, text []byte) {
	if r.n++; r.n == 1 {
		r.line, r.text = line, string(text)
	}
}

// rowCount is what databases write behind a table.
var rowCount = regexp.MustCompile(`^(\(\d+ rows?\)|\d+ rows? in set.*|\(\d+ rows? affected\))$`)

// drawnLines is how many lines are looked at for the first rule.
const drawnLines = 40

// drawn says whether one of the first lines is a rule beside a row with bars.
func drawn(head []byte) bool {
	if ruleOfColumns(head) != nil {
		return true
	}
	var before []byte
	rule := false
	for range drawnLines {
		line, rest, more := bytes.Cut(head, []byte("\n"))
		line = bytes.TrimRight(line, "\r \t")
		switch bars := bytes.IndexByte(line, '|') >= 0 || bytes.Contains(line, []byte("│")) || bytes.Contains(line, []byte("┃")) || bytes.Contains(line, []byte("║")); {
		case len(line) == 0:
		case ruled(line):
			if before != nil {
				return true
			}
			rule = true
			head = rest
			continue
		case bars && rule:
			return true
		case bars:
			before = line
		default:
			before = nil
		}
		if rule = false; !more {
			return false
		}
		head = rest
	}
	return false
}

// ruled says whether a line is drawn: dashes, at least three of them side by side, and what stands where they cross.
func ruled(line []byte) bool {
	run, longest := 0, 0
	for _, c := range string(line) {
		switch {
		case c == '-' || c == '=' || c >= '─' && c <= '╿' && c != '│' && c != '┃' && c != '║':
			run++
			longest = max(longest, run)
			continue
		case c == '+' || c == '|' || c == ':' || c == ' ' || c == '│' || c == '┃' || c == '║':
		default:
			return false
		}
		run = 0
	}
	return longest >= 3
}

// barred writes the bars of frames as the one of ASCII, with blanks behind it where it took more bytes.
func barred(text []byte) []byte {
	for _, bar := range []string{"│", "┃", "║"} {
		text = bytes.ReplaceAll(text, []byte(bar), []byte("|  "))
	}
	return text
}

// outerBars says whether rows begin with a bar that separates nothing: the first row beside a rule does.
func outerBars(text []byte) bool {
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		if line = bytes.TrimSpace(line); !ruled(line) && bytes.IndexByte(line, '|') >= 0 {
			return line[0] == '|'
		}
		text = rest
	}
	return false
}

func blank(b []byte) {
	for i := range b {
		b[i] = ' '
	}
}
