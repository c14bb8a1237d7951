// Package excel reads workbooks (.xlsx, .xlsm): every visible sheet with a table is a sheet of the load. Values are the
// stored ones; number formats tell dates, percentages and currencies.
package excel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/dashira/dashira/ingest"
	"github.com/xuri/excelize/v2"
)

type format struct{}

// New returns the format of .xlsx and .xlsm files.
func New() ingest.Format { return format{} }

// Name returns "excel".
func (format) Name() string { return "excel" }

// Extensions returns the endings of the names.
func (format) Extensions() []string { return []string{".xlsx", ".xlsm"} }

// Compressed is false: a workbook is an archive itself.
func (format) Compressed() bool { return false }

// Whole returns nil when the archive's directory is there and every part lies inside the file.
func (format) Whole(r io.ReaderAt, size int64) error {
	a, err := openArchive(r, size, ingest.Limits{Parts: 1 << 30, Ratio: 1 << 30, Unpacked: 1 << 40})
	if err != nil {
		if d := (*ingest.Damage)(nil); errors.As(err, &d) && d.Code == ingest.LimitReached {
			return nil
		}
		return err
	}
	for _, f := range a.reader.File {
		at, err := f.DataOffset()
		if err != nil {
			return broken(err)
		}
		if at+int64(f.CompressedSize64) > size {
			return broken(io.ErrUnexpectedEOF)
		}
	}
	return nil
}

// book is an opened workbook.
type book struct {
	archive  *archive
	excel    *excelize.File
	in       *ingest.Input
	from1904 bool
	texts    []byte // the shared texts
	from     []uint32
	rels     map[string]relation // of the workbook
	strange  bool                // the shared texts are written in an unusual way: excelize reads the sheets
	styles   []styleMeaning      // by id, as they are met
	cells    int64
	held     *ingest.Gauge // of the cells and their texts
}

// openBook reads everything of a workbook but its sheets, and lists them. Whoever asks closes the book.
func openBook(in *ingest.Input) (b *book, list []entry, err error) {
	a, err := openArchive(in, in.Size, in.Limits)
	if err != nil {
		return nil, nil, err
	}
	lean, err := a.lean()
	if err != nil {
		if d := (*ingest.Damage)(nil); errors.As(err, &d) {
			return nil, nil, d
		}
		return nil, nil, broken(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(lean.Bytes()), options())
	if err != nil {
		return nil, nil, broken(err)
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	b = &book{archive: a, excel: f, in: in, held: in.Gauge()}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		b.from1904 = *props.Date1904
	}
	if list, err = b.list(); err != nil {
		return nil, nil, broken(err)
	}
	if len(list) > in.Limits.Sheets {
		return nil, nil, ingest.TooMuch(fmt.Sprintf("the workbook has %d sheets, more than %d", len(list), in.Limits.Sheets), "name the sheet to read")
	}
	if err := b.shared(); err != nil {
		if d := (*ingest.Damage)(nil); errors.As(err, &d) {
			return nil, nil, d
		}
		return nil, nil, broken(err)
	}
	return b, list, nil
}

func noSheet(name string, list []entry) *ingest.Damage {
	var names []string
	for _, e := range list {
		names = append(names, e.name)
	}
	return &ingest.Damage{Code: ingest.HiddenSheet, Message: fmt.Sprintf("the workbook has no sheet %s", ingest.QuoteValue(name)), Hint: "its sheets are " + strings.Join(names, ", ")}
}

// Open reads the workbook.
func (format) Open(ctx context.Context, in *ingest.Input) (*ingest.Book, error) {
	b, list, err := openBook(in)
	if err != nil {
		return nil, err
	}
	defer b.excel.Close()
	out := &ingest.Book{Format: "excel"}
	found := false
	for _, e := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if in.Options.Sheet != "" && e.name != in.Options.Sheet {
			continue
		}
		found = true
		if e.hidden && in.Options.Sheet == "" {
			in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.HiddenSheet, Severity: ingest.Info, Sheet: e.name, Message: fmt.Sprintf("the sheet %s is hidden and is not read", ingest.QuoteValue(e.name)), Hint: "name the sheet to read it"})
			continue
		}
		d, err := b.sheet(ctx, e)
		if err != nil {
			return nil, err
		}
		if d != nil {
			out.Drafts = append(out.Drafts, *d)
		} else {
			out.Empty = append(out.Empty, e.name)
		}
	}
	if !found && in.Options.Sheet != "" {
		return nil, noSheet(in.Options.Sheet, list)
	}
	if len(out.Drafts) == 0 {
		in.Diagnoses.Add(ingest.Diagnostic{Code: ingest.EmptyFile, Severity: ingest.Warning, Message: "no visible sheet of the workbook holds a cell", Hint: "fill a sheet, or name a hidden one"})
	}
	return out, nil
}

// options bound what excelize unpacks. Parts of any size stay in memory: it would put larger ones into files, which a
// killed process leaves behind.
func options() excelize.Options {
	return excelize.Options{UnzipSizeLimit: mostOpened, UnzipXMLSizeLimit: mostOpened, RawCellValue: true}
}

const (
	mostOpened  = 256 << 20 // bytes that excelize may unpack
	placedBytes = 12        // of a cell beside its text
)

// entry is a sheet in the workbook's list.
type entry struct {
	name   string
	part   string
	hidden bool
}

// list returns the sheets in their order with the parts that hold them.
func (b *book) list() ([]entry, error) {
	root, err := b.archive.relations("")
	if err != nil {
		return nil, err
	}
	main := "xl/workbook.xml"
	for _, r := range root {
		if r.kind == "officeDocument" {
			main = r.target
		}
	}
	rels, err := b.archive.relations(main)
	if err != nil {
		return nil, err
	}
	b.rels = rels
	var x struct {
		Sheets struct {
			Sheet []struct {
				Name string `xml:"name,attr"`
				ID   string `xml:"id,attr"`
			} `xml:"sheet"`
		} `xml:"sheets"`
	}
	if err := b.archive.decode(main, &x); err != nil {
		return nil, err
	}
	var out []entry
	for _, s := range x.Sheets.Sheet {
		r := rels[s.ID]
		if r.kind != "worksheet" {
			continue // charts and dialogs hold no cells
		}
		visible, err := b.excel.GetSheetVisible(s.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, entry{name: s.Name, part: r.target, hidden: !visible})
	}
	return out, nil
}

// shared reads the texts that cells refer to.
func (b *book) shared() error {
	name := "xl/sharedStrings.xml"
	for _, r := range b.rels {
		if r.kind == "sharedStrings" {
			name = r.target
		}
	}
	if b.archive.parts[strings.ToLower(name)] == nil {
		return nil
	}
	if f := b.archive.parts[strings.ToLower(name)]; f != nil {
		if err := b.in.Reserve(2 * int64(f.UncompressedSize64)); err != nil {
			return err
		}
	}
	part, err := b.archive.read(name)
	if err != nil {
		return err
	}
	if b.texts, b.from, err = sharedTexts(part); errors.Is(err, errUnknown) {
		b.strange, err = true, nil
	}
	return err
}

// styleMeaning is a meaning once it is known.
type styleMeaning struct {
	known bool
	meaning
}

// mostStyles is how many cell formats Excel allows a workbook.
const mostStyles = 1 << 16

// style returns what a cell's style makes of its number.
func (b *book) style(id int) meaning {
	if id < len(b.styles) && b.styles[id].known {
		return b.styles[id].meaning
	}
	var m meaning
	if id >= mostStyles {
		return m
	}
	if st, err := b.excel.GetStyle(id); err == nil {
		if st.CustomNumFmt != nil {
			m = meaningOf(*st.CustomNumFmt)
		} else {
			m, _ = builtin(st.NumFmt)
		}
	}
	for len(b.styles) <= id {
		b.styles = append(b.styles, styleMeaning{})
	}
	b.styles[id] = styleMeaning{true, m}
	return m
}

// cellsOf reads the cells of one sheet.
func (b *book) cellsOf(ctx context.Context, e entry) (*sheet, error) {
	s, err := (*sheet)(nil), errUnknown
	if !b.strange {
		s, err = b.scan(ctx, e)
	}
	if errors.Is(err, errUnknown) {
		s, err = b.slow(ctx, e)
	}
	if err != nil {
		var d *ingest.Damage
		if errors.As(err, &d) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return nil, err
		}
		return nil, broken(fmt.Errorf("sheet %s: %w", ingest.QuoteValue(e.name), err))
	}
	return s, nil
}

// sheet reads one sheet into a draft; nil when it is empty.
func (b *book) sheet(ctx context.Context, e entry) (*ingest.Draft, error) {
	s, err := b.cellsOf(ctx, e)
	if err != nil {
		return nil, err
	}
	if len(s.rows) == 0 {
		return nil, nil
	}
	p, err := b.plan(s, e)
	if err != nil {
		return nil, err
	}
	return s.draft(p, b.in)
}

// scan reads the cells of a sheet with the streaming scanner.
func (b *book) scan(ctx context.Context, e entry) (*sheet, error) {
	r, size, err := b.archive.open(e.part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	unpacked := readAhead(r)
	defer unpacked.Close()
	s := &sheet{name: e.name, hidden: e.hidden}
	s.text = make([]byte, 0, min(size/4, 64<<20))
	sc := &scanner{cell: func(c *cell) error { return b.take(ctx, s, c) }}
	if err := sc.scan(unpacked, 4*b.in.Limits.Line); err != nil {
		return nil, err
	}
	s.merges = sc.merges
	return s, nil
}

// take turns a cell of the scanner into one of the sheet.
func (b *book) take(ctx context.Context, s *sheet, c *cell) error {
	if b.cells++; b.cells > b.in.Limits.Cells {
		return ingest.TooMuch(fmt.Sprintf("the workbook has more than %d cells", b.in.Limits.Cells), "save the data as CSV")
	}
	if b.cells&0xFFFF == 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if err := b.held.Add(placedBytes + len(c.text)); err != nil {
		return err
	}
	if len(c.text) > b.in.Limits.Line {
		return ingest.TooMuch(fmt.Sprintf("cell %s%d is longer than %d MiB", columnName(c.column), c.row+1, b.in.Limits.Line>>20), "shorten the cell")
	}
	switch c.typ {
	case shared:
		i, ok := digits(c.text)
		if !ok || i+1 >= len(b.from) {
			return fmt.Errorf("cell %s%d refers to the shared text %q, which is not there", columnName(c.column), c.row+1, c.text)
		}
		if ref := s.share(b, i); !ref.Empty() {
			s.add(c.row, c.column, ref)
		}
	case inline:
		if len(c.text) > 0 {
			s.put(c, ingest.Text)
		}
	case truth:
		word := "false"
		if t := string(c.text); t == "1" || t == "true" {
			word = "true"
		}
		at := len(s.text)
		s.text = append(s.text, word...)
		s.add(c.row, c.column, ingest.At(ingest.Truth, at, len(word)))
	case failure:
		s.fail(c)
		s.put(c, ingest.Fault)
	case isoDate:
		c.text = civilText(c.text)
		s.put(c, ingest.Moment)
	case uncached:
		s.uncached.count(c)
	default:
		b.number(s, c)
	}
	return nil
}

// civilText returns a date of ISO 8601 as a workbook means it: it knows no zones, and a day at midnight is a day.
func civilText(text []byte) []byte {
	text = bytes.TrimSuffix(text, []byte("Z"))
	if day, time, ok := bytes.Cut(text, []byte("T")); ok && len(bytes.Trim(time, "0:.")) == 0 {
		return day
	}
	return text
}

// put takes a cell's text as it stands.
func (s *sheet) put(c *cell, kind ingest.Kind) {
	at := len(s.text)
	s.text = append(s.text, c.text...)
	s.add(c.row, c.column, ingest.At(kind, at, len(c.text)))
}

// share copies a shared text into the sheet's own once.
func (s *sheet) share(b *book, i int) ingest.Ref {
	if s.shares == nil {
		s.shares = make([]uint32, len(b.from))
	}
	text := b.texts[b.from[i]:b.from[i+1]]
	if s.shares[i] == 0 {
		s.shares[i] = uint32(len(s.text)) + 1
		s.text = append(s.text, text...)
	}
	return ingest.At(ingest.Text, int(s.shares[i])-1, len(text))
}

func (t *tally) count(c *cell) {
	if t.n == 0 {
		t.row, t.column = c.row, c.column
	}
	t.n++
}

func (s *sheet) fail(c *cell) {
	for i := range s.failures {
		if f := &s.failures[i]; f.column == c.column && f.text == string(c.text) {
			f.n++
			return
		}
	}
	f := failed{text: string(c.text)}
	f.count(c)
	s.failures = append(s.failures, f)
}

// number takes a number by what its format says.
func (b *book) number(s *sheet, c *cell) {
	m := meaning{}
	if c.style > 0 {
		m = b.style(c.style)
	}
	if m.shape == plain {
		s.countUnit(c.column, m.unit)
		s.put(c, ingest.Number)
		return
	}
	serial, ok := plainSerial(c.text)
	if !ok {
		var err error
		if serial, err = strconv.ParseFloat(string(c.text), 64); err != nil {
			s.put(c, ingest.Number)
			return
		}
	}
	at := len(s.text)
	kind := ingest.Moment
	switch ok = true; {
	case m.shape == lapse, m.shape == clock && serial >= 1:
		s.text, kind = appendLapse(s.text, serial), ingest.Lapse
	case m.shape == clock:
		s.text, ok = appendClock(s.text, serial)
		kind = ingest.Clock
	default:
		s.text, ok = appendDate(s.text, serial, m.shape == dayTime, b.from1904)
	}
	if !ok {
		s.put(c, ingest.Number)
		return
	}
	s.add(c.row, c.column, ingest.At(kind, at, len(s.text)-at))
}
