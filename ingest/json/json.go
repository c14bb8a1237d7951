// Package json reads JSON documents, NDJSON and concatenated documents as tables: it finds the records, flattens what is
// nested, makes tables of nested lists of objects, and says line and column of what is no JSON.
package json

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/dashira/dashira/ingest"
)

type format struct{}

// New returns the format of .json, .ndjson, .jsonl and .geojson files; which of the shapes a file has is told by its
// content.
func New() ingest.Format { return format{} }

// Name returns "json".
func (format) Name() string { return "json" }

// Extensions returns the endings of the names.
func (format) Extensions() []string { return []string{".json", ".ndjson", ".jsonl", ".geojson"} }

// Compressed is true: JSON is often packed.
func (format) Compressed() bool { return true }

// Whole returns nil for a complete document, and for lines of records.
func (format) Whole(r io.ReaderAt, size int64) error {
	b, err := readAll(r, 0, size)
	if err != nil {
		return err
	}
	b = bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))
	if len(b) > 1 && (b[0] == 0 || b[1] == 0 || b[0] >= 0xFE) {
		return nil // UTF-16: to be judged when it is read
	}
	if lines(b) {
		return nil
	}
	for p := space(b, 0); ; p = space(b, p) {
		end, f := skip(b, p, 1000)
		if f != nil {
			return f.damage(b)
		}
		if p = space(b, end); p == len(b) {
			return nil
		}
	}
}

func readAll(r io.ReaderAt, from, to int64) ([]byte, error) {
	b := make([]byte, to-from)
	if n, err := r.ReadAt(b, from); n < len(b) {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	return b, nil
}

// lines says whether the text is one value per line: the first line is a value, and another one begins on a later line.
func lines(head []byte) bool {
	p := space(head, 0)
	end := bytes.IndexByte(head[p:], '\n')
	if end < 0 {
		return false
	}
	line := head[p : p+end]
	next, f := skip(line, 0, 1000)
	if f != nil || space(line, next) != len(line) {
		return false
	}
	rest := space(head, p+end)
	return rest < len(head) && (head[rest] == '{' || line[0] == '{' || line[0] == '[' && head[rest] == '[')
}

const headBytes = 1 << 20

// Open finds the shape of the file.
func (format) Open(ctx context.Context, in *ingest.Input) (*ingest.Book, error) {
	encoding, start, err := in.Decode()
	if err != nil {
		return nil, err
	}
	head, err := readAll(in, start, min(in.Size, start+headBytes))
	if err != nil {
		return nil, err
	}
	ext := strings.ToLower(path.Ext(in.Path))
	ndjson := ext == ".ndjson" || ext == ".jsonl"
	if len(head) > 0 && space(head, 0) == len(head) && int64(len(head)) == in.Size-start || len(head) == 0 {
		if !ndjson {
			return nil, &ingest.Damage{Code: ingest.EmptyFile, Line: 1, Column: 1, Message: "the file is empty, and an empty file is no JSON", Hint: "write [] for no records; the file may not be complete yet"}
		}
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.EmptyFile, Severity: ingest.Warning, Message: "the file holds no records", Hint: "write one record per line"})
	}
	if in.Options.Records == "" && (ndjson && !document(head) || lines(head)) {
		return openLines(ctx, in, encoding, start, head)
	}
	return openDocument(ctx, in, encoding, start)
}

// document says whether a file that is named as lines is a document all the same: its first line is no value.
func document(head []byte) bool {
	p := space(head, 0)
	if p == len(head) || head[p] != '[' && head[p] != '{' {
		return false
	}
	end := bytes.IndexByte(head[p:], '\n')
	if end < 0 {
		end = len(head) - p
	}
	line := bytes.TrimSpace(head[p : p+end])
	if len(line) <= 1 {
		return true
	}
	_, f := skip(line, 0, 1000)
	if f == nil || f.at < len(line) {
		return line[0] == '[' && f == nil && space(head, p+end) == len(head) && bytes.HasPrefix(bytes.TrimLeft(line[1:], " "), []byte("{"))
	}
	// The first line ends inside a value: a document over several lines, if it is one.
	_, f = skip(head, p, 1000)
	return f == nil || f.at == len(head)
}

// keyField chooses the field whose value is carried into the tables of nested lists: the first that is named like an
// identifier, else the first scalar.
func keyField(b []byte, p int) string {
	first, named := "", ""
	if p >= len(b) || b[p] != '{' {
		return ""
	}
	members(b, p, func(key, end, escaped, value int) (int, *fault) {
		name := b[key:end]
		if escaped == 1 {
			name = unescape(nil, name)
		}
		if value < len(b) && (b[value] == '"' || b[value] == '-' || b[value]-'0' <= 9) {
			if first == "" {
				first = string(name)
			}
			if named == "" && ingest.KeyLike(string(name)) {
				named = string(name)
			}
		}
		return skip(b, value, 1000)
	})
	if named != "" {
		return named
	}
	return first
}

func openLines(ctx context.Context, in *ingest.Input, encoding string, start int64, head []byte) (*ingest.Book, error) {
	pl := plan{key: keyField(head, space(head, 0))}
	names, header, from := arrayLines(head, in)
	pl.columns = names
	identity := fmt.Sprintf("lines %s %q %q", encoding, pl.key, names)
	split := func(b []byte, last bool, ends []int) []int {
		n := len(ends)
		ends = ingest.Newlines(b, last, ends)
		if last && len(ends) > n && len(b) > 0 && b[len(b)-1] != '\n' {
			begin := 0
			if len(ends) > n+1 {
				begin = ends[len(ends)-2]
			}
			line := b[begin:]
			p := space(line, 0)
			if end, f := skip(line, p, in.Limits.Depth); p < len(line) && (f != nil || space(line, end) < len(line)) {
				in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.PartialLastLine, Severity: ingest.Info, Value: string(line),
					Message: "the last line is no complete record yet, so it is held back until it is", Hint: "wait while the file is being written; else finish its last line"})
				ends = ends[:len(ends)-1]
			}
		}
		return ends
	}
	cuts, err := in.CutEven(ctx, identity, start+int64(from), in.Size, '\n', 0, split)
	if err != nil {
		return nil, err
	}
	r := &rows{FileRows: ingest.FileRows{In: in, Cuts: cuts, Check: encoding == "utf-8"}, plan: pl, lines: true, limits: in.Limits}
	return &ingest.Book{Format: "ndjson", Encoding: encoding, Drafts: []ingest.Draft{{Header: header, Names: names, First: 1 + bytes.Count(head[:from], []byte{'\n'}), Strict: true, Rows: r, Identity: identity}}}, nil
}

// rows reads runs of records: lines, or the elements of an array.
type rows struct {
	ingest.FileRows
	plan   plan
	lines  bool
	limits ingest.Limits
}

// Parse reads the records of what was fetched.
func (r *rows) Parse(_ int, b *ingest.Block) error {
	text := b.Bytes
	rec := &recorder{b: text, block: b, plan: &r.plan, limits: r.limits, depth: r.limits.Depth, main: newSheet("")}
	var notes []ingest.Note
	if r.lines {
		notes = rec.readLines()
	} else if f := rec.readElements(); f != nil {
		return f.damage(text)
	}
	if err := rec.sparse(); err != nil {
		return err
	}
	rec.grids(bytes.Count(text, []byte{'\n'}), notes)
	return nil
}

// readLines reads one record per line; a line that is none is quarantined.
func (r *recorder) readLines() []ingest.Note {
	var notes []ingest.Note
	text := r.b
	for at := 0; at < len(text); r.line++ {
		end := bytes.IndexByte(text[at:], '\n')
		next := at + end + 1
		if end < 0 {
			end, next = len(text)-at, len(text)
		}
		line := text[:at+end]
		p := space(line, at)
		if p == len(line) {
			at = next
			continue
		}
		r.b = line
		for {
			stop, f := r.record(p)
			if f != nil {
				_, column := place(line[at:], f.at-at)
				code, message, hint := f.told()
				note := ingest.Note{Code: code, Severity: ingest.Error, Line: r.line, Column: fmt.Sprint(column), Value: string(bytes.TrimSpace(line[at:])),
					Message: "the line was set aside, as it is no JSON: " + message, Hint: hint}
				switch {
				case f.long:
					note.Code, note.Column, note.Message = ingest.RaggedLong, "", message
				case code != ingest.BadJSON:
					note.Message = "the line was set aside: " + message
				}
				notes = append(notes, note)
				break
			}
			if p = space(line, stop); p == len(line) {
				break
			}
			if line[p] != '{' { // several records on one line are fine, anything else is not
				_, column := place(line[at:], p-at)
				notes = append(notes, ingest.Note{Code: ingest.BadJSON, Severity: ingest.Error, Line: r.line, Column: fmt.Sprint(column), Value: string(bytes.TrimSpace(line[at:])),
					Message: "what follows the record on its line was left out", Hint: "write one record per line"})
				break
			}
		}
		at = next
	}
	r.b = text
	return notes
}

// readElements reads records with commas or nothing but space between them.
func (r *recorder) readElements() *fault {
	at := 0
	for {
		p := space(r.b, at)
		if p < len(r.b) && r.b[p] == ',' {
			p = space(r.b, p+1)
		}
		r.line += bytes.Count(r.b[at:p], []byte{'\n'})
		if p == len(r.b) {
			return nil
		}
		begin := p
		if r.plan.keyed {
			p = r.recordKey(p)
		}
		end, f := r.record(p)
		if f != nil {
			return f
		}
		r.line += bytes.Count(r.b[begin:end], []byte{'\n'})
		at = end
	}
}
