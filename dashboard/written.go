package dashboard

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// WrittenFile is the name of the file, at the top of the folder, in which people write what dashboards show.
const WrittenFile = "dashira.yaml"

// FormatWritten is the format of that source: it has no rows.
const FormatWritten = "dashira"

// codeJoin is the code of what a lookup in another table came upon.
const codeJoin ingest.Code = "join"

// codeWritten is the code of everything that is wrong in a dashira.yaml.
const codeWritten ingest.Code = "bad-dashboard"

// written is what people wrote, in the state.
type written struct {
	inForce *manifest.Config   // nil: nobody wrote anything, or nothing yet that can be meant
	newest  *manifest.Config   // not in force because of some table; nil: there is none
	ahead   *ahead             // what the newest makes of the tables; nil: nothing is known. The writer's
	unread  []manifest.Problem // of a newest text that could not be read at all
	title   string
	zone    *time.Location
	week    time.Weekday
}

// Title is the title of the whole as people wrote it, empty where they did not.
func (s *State) Title() string { return s.written.title }

// ReadAs returns how a file is to be read. What is written counts as soon as it can be understood, even while its
// dashboards do not fit the tables: perhaps they will, once the file is read as it says.
func (m *Model) ReadAs(file string) ingest.Options {
	return m.State().written.reading().Reading(m.sourceName(file))
}

// Unions returns the sources that people made of many files.
func (m *Model) Unions() []manifest.Union { return m.State().written.reading().Unions() }

func (w *written) reading() *manifest.Config {
	if w.newest != nil {
		return w.newest
	}
	return w.inForce
}

// reread tells of the files that two states have read in different ways.
func (m *Model) reread(before, now *State) {
	if m.options.OnReading == nil || before.written.reading() == now.written.reading() {
		return
	}
	var files []string
	for _, s := range now.Sources() {
		if s.Format != FormatWritten && !before.written.reading().ReadsLike(now.written.reading(), s.Name) {
			files = append(files, s.Path)
		}
	}
	if len(files) > 0 {
		m.options.OnReading(files)
	}
}

func (m *Model) sourceName(file string) string { return m.names.file("source", file, file, "") }

// PrepareWritten reads the text of a dashira.yaml and returns what puts it in force. A text with a problem leaves
// everything as it is and becomes the error of its source; a later change of the tables that mends it does so by
// itself. Of two texts prepared, the one published last counts.
func (m *Model) PrepareWritten(text []byte, modified time.Time) (publish func()) {
	started := m.options.Now()
	config, problems := manifest.Parse(text)
	took := m.options.Now().Sub(started)
	var found *ahead
	if config != nil {
		found = m.foresee(config)
	}
	return func() {
		before := m.State()
		m.commit(WrittenFile, false, func(e *edit) {
			e.state.written.ahead = found
			s := m.sourceOf(e.sources.get(WrittenFile), WrittenFile, FormatWritten)
			s.Bytes, s.Modified, s.Took, s.Updated = int64(len(text)), modified, took, m.options.Now()
			e.setSource(s)
			e.state.written.unread, e.state.written.newest = problems, nil
			if config != nil {
				m.adopt(e, config)
			}
		})
		m.reread(before, m.State())
	}
}

// WrittenGone says that there is no dashira.yaml any more: every table gets its automatic dashboard.
func (m *Model) WrittenGone() {
	if m.State().sources.get(WrittenFile) == nil {
		return
	}
	before, found := m.State(), m.foresee(nil)
	m.commit(WrittenFile, false, func(e *edit) {
		e.state.written.ahead = found
		e.state.written.unread, e.state.written.newest = nil, nil
		m.adopt(e, nil)
		m.dropSource(e, WrittenFile)
	})
	m.reread(before, m.State())
}

// adopt puts a configuration in force, unless that of now has to stay because some table contradicts the new one.
// While the first files are being read there is no "now" to keep.
func (m *Model) adopt(e *edit, c *manifest.Config) {
	w := &e.state.written
	w.newest = c
	if w.ahead == nil || w.ahead.config != c {
		w.ahead = &ahead{config: c, tables: map[string]foreseen{}}
	}
	w.ahead.forget(e.tables)
	tables := make([]*Table, 0, e.tables.len())
	wrong := len(e.unknown(c)) > 0
	for _, t := range e.tables.all() {
		next := m.overAhead(w.ahead, c, t, e.tables)
		wrong = wrong || len(next.problems) > 0
		tables = append(tables, next)
	}
	if wrong && e.state.Ready {
		return
	}
	before := *w
	w.inForce, w.newest, w.ahead = c, nil, nil
	w.title, w.zone, w.week = "", m.options.Zone, m.options.WeekStart
	if c != nil {
		w.title = c.Title
		if c.Zone != nil {
			w.zone = c.Zone
		}
		if c.WeekStart != nil {
			w.week = *c.WeekStart
		}
	}
	calendar := before.zone != w.zone || before.week != w.week
	moved := calendar || before.title != w.title
	for _, t := range tables {
		old := e.tables.get(t.Name)
		if !calendar && slices.EqualFunc(old.Dashboards, t.Dashboards, sameDashboard) {
			continue // viewers of what did not change are not disturbed
		}
		moved = true
		for i, d := range t.Dashboards {
			if j := slices.IndexFunc(old.Dashboards, func(o *manifest.Dashboard) bool { return sameDashboard(o, d) }); j >= 0 && !calendar {
				t.Dashboards[i] = old.Dashboards[j]
			}
		}
		t.Dashboard = t.Dashboards[0]
		e.setTable(t)
	}
	if moved {
		e.touch()
		if old := e.sources.get(WrittenFile); old != nil {
			s := *old
			s.Revision = e.state.Revision
			e.setSource(&s)
		}
	}
}

func sameDashboard(a, b *manifest.Dashboard) bool { return a.Same(b) }

// over makes the dashboards of a table.
func (m *Model) over(c *manifest.Config, t *Table, tables ordered[*Table]) {
	subject := m.subject(t, tables)
	t.joined = joined(c, t.Name, tables)
	all, problems := c.Over(subject)
	auto := m.names.of("dashboard", t.Name, manifest.Slug(t.Name))
	t.Dashboards, t.problems = nil, problems
	for _, d := range all {
		switch written := d.Slug; {
		case !d.Written || written == auto:
			d.Slug = auto
		default:
			d.Slug = m.names.of("dashboard", WrittenFile+"/"+written, written)
			if d.Slug != written {
				t.problems = append(t.problems, c.Taken(written))
				continue
			}
		}
		t.Dashboards = append(t.Dashboards, d)
	}
	if len(t.Dashboards) == 0 {
		d := manifest.Recommend(t.Name, subject.Title, t.profiles, t.Data)
		d.Slug = auto
		t.Dashboards = []*manifest.Dashboard{d}
	}
	t.Dashboard = t.Dashboards[0]
}

func (m *Model) subject(t *Table, tables ordered[*Table]) manifest.Subject {
	return manifest.Subject{
		Name: t.Name, Source: m.sourceName(t.file), Title: title(t), Profiles: t.profiles, Data: t.Data, Zone: m.options.Zone, Made: t.Dashboards,
		Other: func(name string) *table.Table {
			if o := tables.get(name); o != nil {
				return o.Data
			}
			return nil
		},
		Names: func() []string {
			var names []string
			for name := range tables.all() {
				names = append(names, name)
			}
			return names
		},
	}
}

// joined returns the columns of the tables that are joined to one, nil for a table that is not there.
func joined(c *manifest.Config, name string, tables ordered[*Table]) []*table.Schema {
	var all []*table.Schema
	for _, other := range c.Joins(name) {
		var schema *table.Schema
		if o := tables.get(other); o != nil {
			schema = o.Data.Schema()
		}
		all = append(all, schema)
	}
	return all
}

// warnings lists what a person should know of the lookups, each once.
func (e *edit) warnings() []string {
	var all []string
	for _, t := range e.tables.all() {
		for _, d := range t.Dashboards {
			for _, w := range d.Warnings {
				if !slices.Contains(all, w) {
					all = append(all, w)
				}
			}
		}
	}
	return all
}

// rejoin makes the dashboards of tables anew whose joined tables came, went, or have other columns than they had.
func (m *Model) rejoin(e *edit) {
	c := e.state.written.inForce
	for _, t := range e.tables.all() {
		now := joined(c, t.Name, e.tables)
		if slices.EqualFunc(t.joined, now, (*table.Schema).Equal) {
			continue
		}
		next := *t
		m.over(c, &next, e.tables)
		if len(next.problems) > 0 && t.Dashboard.Written {
			// What was there goes on, with empty columns where the other table went.
			next.Dashboard, next.Dashboards = t.Dashboard, t.Dashboards
		}
		e.touch()
		e.setTable(&next)
	}
}

// unknown lists what a configuration says of things that are not there. While files are still being read for the
// first time, everything may come yet.
func (e *edit) unknown(c *manifest.Config) []manifest.Problem {
	if c == nil || !e.state.Ready {
		return nil
	}
	var tables, sources []string
	for name := range e.tables.all() {
		tables = append(tables, name)
	}
	for _, s := range e.sources.all() {
		if s.Format != FormatWritten {
			sources = append(sources, s.Name)
		}
	}
	slices.Sort(tables)
	slices.Sort(sources)
	return c.Unknown(tables, sources)
}

// judge brings the state of the dashira.yaml up to date after a change of anything: a table that it speaks of may have
// come, gone, or lost a column.
func (m *Model) judge(e *edit) {
	old := e.sources.get(WrittenFile)
	if old == nil {
		return
	}
	w := &e.state.written
	if w.newest != nil {
		m.adopt(e, w.newest)
	}
	m.rejoin(e)
	problems := slices.Clone(w.unread)
	if problems == nil {
		c := w.inForce
		if w.newest != nil {
			c = w.newest
		}
		for _, t := range e.tables.all() {
			if w.newest == nil {
				problems = append(problems, t.problems...)
				continue
			}
			problems = append(problems, m.overAhead(w.ahead, c, t, e.tables).problems...)
		}
		problems = append(problems, e.unknown(c)...)
		slices.SortFunc(problems, manifest.Problem.Compare)
	}
	s := *e.sources.get(WrittenFile)
	s.State, s.Error, s.Diagnostics, s.Counts = wire.StateOK, nil, nil, ingest.Counts{}
	for _, p := range problems {
		s.Counts.Error++
		d := ingest.Diagnostic{Code: codeWritten, Severity: ingest.Error, Line: p.Line, Count: 1, Message: p.Message, Hint: p.Hint}
		if p.Column > 0 {
			d.Column = fmt.Sprint(p.Column)
		}
		s.Diagnostics = append(s.Diagnostics, d)
	}
	for _, warning := range e.warnings() {
		s.Counts.Warning++
		s.Diagnostics = append(s.Diagnostics, ingest.Diagnostic{Code: codeJoin, Severity: ingest.Warning, Count: 1, Message: warning})
	}
	if len(problems) > 0 {
		first := problems[0]
		s.State = wire.StateError
		s.Error = &wire.LoadError{Code: string(codeWritten), Message: first.Message, Line: first.Line, Column: first.Column, Hint: first.Hint}
		if n := len(problems) - 1; n > 0 {
			s.Error.Message += fmt.Sprintf(" (And %d more.)", n)
		}
	}
	if s.State != old.State || !reflect.DeepEqual(s.Diagnostics, old.Diagnostics) {
		e.setSource(&s)
	}
}
