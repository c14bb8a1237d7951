package dashboard

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// Reading says that a source is being read. A source that has rows keeps them.
func (m *Model) Reading(file, format string) {
	m.commit(file, false, func(e *edit) {
		s := m.sourceOf(e.sources.get(file), file, format)
		s.State, s.progress = wire.StateReading, nil
		e.setSource(s)
	})
}

// Progress says how far the reading of a source is, which [Model.Reading] announced: bytes that were read and
// understood, of all.
func (m *Model) Progress(file string, bytes, total int64) {
	m.commit(file, false, func(e *edit) {
		old := e.sources.get(file)
		if old == nil || old.State != wire.StateReading {
			return
		}
		s := *old
		s.progress = &wire.Progress{Bytes: bytes, Total: total}
		e.setSource(&s)
	})
}

// sourceOf returns a copy of a source to change, or a new one.
func (m *Model) sourceOf(old *Source, file, format string) *Source {
	if old != nil {
		s := *old
		if format != "" {
			s.Format = format
		}
		return &s
	}
	if format == "" {
		format = formatByName(file)
	}
	return &Source{Name: m.names.file("source", file, file, ""), Path: file, Format: format, State: wire.StateReading}
}

// formatByName is what a file that could not be opened yet claims to be.
func formatByName(file string) string {
	for _, part := range strings.Split(strings.ToLower(path.Base(file)), ".")[1:] {
		switch part {
		case "csv", "tsv", "txt":
			return "csv"
		case "ndjson", "jsonl":
			return "ndjson"
		case "xlsx", "xlsm":
			return "excel"
		case "json", "parquet", "arrow":
			return part
		}
	}
	return ""
}

// stemOf makes a name of a path: "north/orders.csv.gz" is "north_orders".
func stemOf(file string) string {
	if strings.ContainsAny(file, "*?") {
		file = patternStem(file)
	}
	dir, base := path.Split(file)
	base, _, _ = strings.Cut(strings.TrimLeft(base, "."), ".")
	if base == "" {
		base = "file"
	}
	return strings.ReplaceAll(dir, "/", "_") + base
}

// patternStem takes what stands for any name out of the pattern of a union: "orders/*.csv" is orders, "sales-*.csv" sales.
func patternStem(pattern string) string {
	var kept []string
	for _, name := range strings.Split(pattern, "/") {
		if strings.ContainsAny(name, "*?") {
			name, _, _ = strings.Cut(name, ".")
			name = strings.Trim(strings.NewReplacer("*", "", "?", "").Replace(name), "-_ ")
		}
		if name != "" {
			kept = append(kept, name)
		}
	}
	if len(kept) == 0 {
		return "files"
	}
	return strings.Join(kept, "/")
}

// Writing says since when somebody has had a file open for writing, zero that nobody has any more, and whether that makes
// what is shown of it doubtful.
func (m *Model) Writing(file string, since time.Time, stale bool) {
	old := m.State().sources.get(file)
	if old == nil {
		return // it has never been finished: there is nothing yet that could be doubted
	}
	state := old.State
	switch {
	case stale && state == wire.StateOK:
		state = wire.StateStale
	case !stale && state == wire.StateStale:
		state = wire.StateOK
	}
	if state == old.State && old.Writing.Equal(since) {
		return
	}
	m.commit(file, false, func(e *edit) {
		old := e.sources.get(file)
		if old == nil {
			return
		}
		s := *old
		s.Writing = since
		if s.State == wire.StateOK || s.State == wire.StateStale {
			s.State = state
		}
		e.setSource(&s)
	})
}

// Fail says that a file cannot be read. The last good rows stay.
func (m *Model) Fail(file, format string, e wire.LoadError, load *ingest.Load) {
	m.commit(file, false, func(ed *edit) {
		s := m.sourceOf(ed.sources.get(file), file, format)
		s.State, s.Error = wire.StateError, &e
		if load != nil {
			s.Diagnostics, s.Counts = load.Diagnostics, load.Counts
			if !s.loaded {
				s.Bytes, s.Modified = load.Bytes, load.Modified
			}
		}
		ed.setSource(s)
	})
}

// Gone says that a file is not there any more: its tables and dashboards go with it.
func (m *Model) Gone(file string) {
	old := m.State().sources.get(file)
	if old == nil {
		return
	}
	m.commit(file, len(old.Tables) > 0, func(e *edit) { m.dropSource(e, file) })
}

// dropSource takes a source and its tables out of the state.
func (m *Model) dropSource(e *edit, file string) {
	s := *e.sources.get(file)
	s.State, s.version = wire.StateMissing, e.state.Version
	s.Removed, s.Added, s.Changed, s.Rows = s.Rows, 0, 0, 0
	for _, name := range s.Tables {
		e.removeTable(name)
	}
	s.Tables = nil
	e.removeSource(file)
	e.state.gone = e.state.gone.set(changeKey(s.version, file), &s)
	for oldest := range e.state.gone.all() {
		if e.state.gone.len() <= maxGone {
			break
		}
		e.state.gone = e.state.gone.delete(oldest)
	}
}

// maxGone is how many vanished sources are remembered for streams that have not heard of it yet: as many as the watcher
// takes files, for they may all go at once.
const maxGone = 10_000

// Prepare compares a load with what the model has and returns the function that publishes it. Preparing is the long
// part and runs on the caller's goroutine; publishing is short. Loads of one file must be prepared and published in
// turn.
func (m *Model) Prepare(load *ingest.Load, partial bool) (publish func()) {
	return m.PrepareRenamed(load, partial, "")
}

// PrepareRenamed is Prepare for a file that had another path a moment ago, or "".
func (m *Model) PrepareRenamed(load *ingest.Load, partial bool, from string) (publish func()) {
	started := m.options.Now()
	if load.Damage != nil {
		return func() { m.Fail(load.Path, load.Format, DamageError(load.Damage), load) }
	}
	state := m.State()
	old := state.sources.get(load.Path)
	p := &prepared{load: load, partial: partial, from: from, config: state.written.inForce}
	for i := range load.Sheets {
		if load.Sheets[i].Hidden {
			continue
		}
		p.sheets = append(p.sheets, i)
	}
	for _, i := range p.sheets {
		p.tables = append(p.tables, m.prepareTable(state, p, i))
	}
	if old != nil {
		for _, name := range old.Tables {
			if !slices.ContainsFunc(p.tables, func(t *Table) bool { return t.Name == name }) {
				p.dropped = append(p.dropped, name)
				p.removed += state.tables.get(name).Data.Rows()
				p.moved = true
			}
		}
	}
	p.moved = p.moved || old == nil || !old.loaded
	p.took = load.Took + m.options.Now().Sub(started)
	return func() { m.publish(p) }
}

// prepared is a load that was compared with the state before it.
type prepared struct {
	load                    *ingest.Load
	partial                 bool
	from                    string           // its path before it was renamed
	config                  *manifest.Config // that the dashboards were made from
	took                    time.Duration    // of reading and comparing
	sheets                  []int
	tables                  []*Table // Revision 0: changed, it gets the next one
	dropped                 []string
	added, removed, changed int64
	moved                   bool // some row or column differs
}

func (m *Model) prepareTable(state *State, p *prepared, i int) *Table {
	sheet := &p.load.Sheets[i]
	t := &Table{Label: fileLabel(p.load), file: p.load.Path, Data: sheet.Table, Key: sheet.Key, Columns: sheet.Columns}
	thing, suffix := p.load.Path, ""
	if sheet.Name != "" && (len(p.sheets) > 1 || p.load.Format != "excel") {
		t.Label += " / " + sheet.Name
		thing += "\x00" + sheet.Name
		suffix = "_" + strings.ReplaceAll(sheet.Name, "/", "_")
	}
	t.Name = m.names.file("table", p.load.Path, thing, suffix)
	old := state.tables.get(t.Name)
	if old == nil || old.Source.Path != p.load.Path {
		m.propose(p.config, t, state.tables)
		p.added += t.Data.Rows()
		p.moved = true
		return t
	}
	t.Dashboard, t.Dashboards, t.profiles, t.problems = old.Dashboard, old.Dashboards, old.profiles, old.problems
	delta := table.Diff(old.Data, t.Data, t.Key)
	if delta.Empty() {
		// The same rows: the old chunks stay, and with them every answer that was made from them.
		t.Data, t.Revision, t.Updated = old.Data, old.Revision, old.Updated
		return t
	}
	p.moved = true
	t.Data = delta.Next()
	if delta.Reshaped != nil {
		p.added += max(0, t.Data.Rows()-old.Data.Rows())
		p.removed += max(0, old.Data.Rows()-t.Data.Rows())
		if m.propose(p.config, t, state.tables); len(t.problems) > 0 && old.Dashboard.Written {
			// A panel whose column went says so; the others go on, and so does the address.
			t.Dashboard, t.Dashboards = old.Dashboard, old.Dashboards
		}
		return t
	}
	p.added += delta.AddedRows
	p.removed += delta.RemovedRows
	p.changed += delta.ChangedRows
	if !t.Dashboard.Written && t.Dashboard.Stale(t.Data.Schema(), t.Data.Rows()) {
		m.propose(p.config, t, state.tables)
	}
	return t
}

// fileLabel is what people call a file: its name, and of a union what its files have in common.
func fileLabel(load *ingest.Load) string {
	if load.Union {
		return path.Base(patternStem(load.Path))
	}
	return path.Base(load.Path)
}

// propose makes the dashboards of a table from what is written and from its columns.
func (m *Model) propose(c *manifest.Config, t *Table, tables ordered[*Table]) {
	t.profiles = view.Profile(t.Data)
	m.over(c, t, tables)
}

// title is a table's name for people: "orders.csv" is Orders, "plan.xlsx / 2026" is Plan 2026.
func title(t *Table) string {
	file, sheet, _ := strings.Cut(t.Label, " / ")
	stem, _, _ := strings.Cut(file, ".")
	words := strings.FieldsFunc(stem+" "+sheet, func(r rune) bool { return r == '_' || r == '-' || r == ' ' })
	text := strings.Join(words, " ")
	if text == "" {
		return t.Name
	}
	first := []rune(text)
	return strings.ToUpper(string(first[:1])) + string(first[1:])
}

func (m *Model) publish(p *prepared) {
	now := m.options.Now()
	m.commit(p.load.Path, p.moved, func(e *edit) {
		s := m.sourceOf(e.sources.get(p.load.Path), p.load.Path, p.load.Format)
		s.State, s.Error, s.Partial, s.loaded = wire.StateOK, nil, p.partial, true
		s.Bytes, s.Modified, s.Updated = p.load.Bytes, p.load.Modified, now
		s.Took = p.took
		s.Diagnostics, s.Counts = p.load.Diagnostics, p.load.Counts
		if !p.partial {
			s.Writing = time.Time{}
		}
		if p.from != "" {
			s.From = p.from
		}
		if p.moved {
			s.Revision = e.state.Revision
			s.Added, s.Removed, s.Changed = p.added, p.removed, p.changed
		}
		for _, name := range p.dropped {
			e.removeTable(name)
		}
		s.Rows, s.Tables = 0, nil
		for _, t := range p.tables {
			t.Source = s
			if p.config != e.state.written.inForce { // another came while this was being read
				m.over(e.state.written.inForce, t, e.tables)
			}
			if t.Revision == 0 {
				t.Revision, t.Updated = e.state.Revision, now
			}
			s.Rows += t.Data.Rows()
			s.Tables = append(s.Tables, t.Name)
			e.setTable(t)
		}
		e.setSource(s)
	})
}

// DamageError is what a viewer is told of a file that is not readable. The place stands beside the message and not in
// it.
func DamageError(d *ingest.Damage) wire.LoadError {
	message := d.Message
	if d.Line > 0 {
		message = strings.TrimPrefix(message, fmt.Sprintf("line %d, ", d.Line))
		message = strings.TrimPrefix(message, fmt.Sprintf("line %d: ", d.Line))
		message = strings.TrimPrefix(message, fmt.Sprintf("column %d: ", d.Column))
	}
	return wire.LoadError{Code: string(d.Code), Message: Sentence(message), Line: d.Line, Column: d.Column, Hint: Sentence(d.Hint)}
}

// Describe writes a diagnostic for people and programs.
func Describe(d ingest.Diagnostic) wire.Diagnostic {
	return wire.Diagnostic{
		Code: string(d.Code), Severity: string(d.Severity), Sheet: d.Sheet, Line: d.Line, Column: d.Column, Value: d.Value,
		Count: d.Count, Message: Sentence(d.Message), Hint: Sentence(d.Hint),
	}
}

// Sentence writes a text of a diagnostic as people read it: with a capital and a full stop.
func Sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	text = string(unicode.ToUpper(first)) + text[size:]
	if last := text[len(text)-1]; last != '.' && last != '?' && last != '!' {
		text += "."
	}
	return text
}

func (m *Model) publishSource(state *State, src *Source) {
	data, err := json.Marshal(state.wireSource(src, Scope{}))
	if err != nil {
		m.options.Logger.Error("encoding a source", "source", src.Name, "error", err)
		return
	}
	m.sources.Publish(wire.EventSource, data)
}
