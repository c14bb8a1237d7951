package dashboard

import (
	"fmt"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// State is the whole model at one moment. It is immutable: the model's writer replaces it, everyone else reads it.
type State struct {
	Version  uint64 // counts every change of state, those without a difference in data too
	Revision uint64 // counts the changes of data of this run
	Ready    bool   // everything that was there at the start has been read, or has failed

	sources ordered[*Source]             // by path
	tables  ordered[*Table]              // by name
	slugs   ordered[*manifest.Dashboard] // by slug
	changes ordered[*Source]             // by the version in which they last changed
	lists   *lists
	gone    ordered[*Source] // vanished lately, by the version in which they did
	written written
}

// Source is one file as the model knows it. Its rows and revision are those of the last good load.
type Source struct {
	Name     string // unique, made from the path
	Path     string // relative to the folder, slash separated
	Format   string
	State    string // as wire.StateOK and its siblings
	Tables   []string
	Bytes    int64
	Modified time.Time
	Revision uint64
	Updated  time.Time // when the shown rows were read
	Took     time.Duration
	Rows     int64

	Added, Removed, Changed int64 // by the last change

	Diagnostics []ingest.Diagnostic
	Counts      ingest.Counts
	Error       *wire.LoadError
	Partial     bool
	Writing     time.Time      // since when somebody has had it open for writing; zero: nobody has
	Aged        bool           // it is older than a dashira.yaml wants its tables to be, which is why it is stale
	From        string         // the path that this very file had before it was renamed, or empty
	progress    *wire.Progress // of the reading that is under way
	loaded      bool           // some version of it could be read

	version uint64 // of the state in which it last changed
}

// Progress returns how far the source is read while that takes long, else nil.
func (s *Source) Progress() *wire.Progress {
	if s.State != wire.StateReading {
		return nil
	}
	return s.progress
}

// Readable says whether some version of the source could be read.
func (s *Source) Readable() bool { return s.loaded }

// Table is one table as the model knows it.
type Table struct {
	Name     string // unique, made from the path and the sheet
	Label    string // "orders.csv", "plan.xlsx / 2026"
	Source   *Source
	Data     *table.Table
	Key      []string
	Revision uint64 // at which it last changed
	Updated  time.Time
	Columns  []ingest.Column

	Dashboard  *manifest.Dashboard   // the first of Dashboards
	Dashboards []*manifest.Dashboard // at least one: those that people wrote, else the automatic one

	file     string               // its source's path
	profiles []view.ColumnProfile // of the rows that its dashboards were chosen from
	joined   []*table.Schema      // of the tables that its dashboards take columns from
	problems []manifest.Problem   // what is written of it and cannot be meant
}

// MayBeSeen says whether some dashboard of the table lies within a scope.
func (t *Table) MayBeSeen(scope Scope) bool {
	return slices.ContainsFunc(t.Dashboards, func(d *manifest.Dashboard) bool { return scope.May(d.Slug) })
}

// Table returns the named table, nil if there is none.
func (s *State) Table(name string) *Table { return s.tables.get(name) }

// lists are what is in a state, in the order in which people see it. They are made when somebody asks, which is far more
// seldom than something changes.
type lists struct {
	once       sync.Once
	sources    []*Source
	tables     []*Table
	dashboards []*manifest.Dashboard
}

func (s *State) list() *lists {
	l := s.lists
	if l == nil { // the first state of all, and an edit
		l = &lists{}
	}
	l.once.Do(func() {
		l.sources = make([]*Source, 0, s.sources.len())
		l.tables = make([]*Table, 0, s.tables.len())
		for _, src := range s.sources.all() {
			l.sources = append(l.sources, src)
			for _, name := range src.Tables {
				if t := s.tables.get(name); t != nil {
					l.tables = append(l.tables, t)
					l.dashboards = append(l.dashboards, t.Dashboards...)
				}
			}
		}
		slices.SortStableFunc(l.dashboards, func(a, b *manifest.Dashboard) int { return a.Place - b.Place })
	})
	return l
}

// Sources lists every source, by path.
func (s *State) Sources() []*Source { return s.list().sources }

// Tables lists every table, in the order of their sources.
func (s *State) Tables() []*Table { return s.list().tables }

// Dashboards lists every dashboard: those that people wrote first, in their order.
func (s *State) Dashboards() []*manifest.Dashboard { return s.list().dashboards }

// Source returns the source with this name, nil if there is none.
func (s *State) Source(name string) *Source {
	for _, src := range s.sources.all() {
		if src.Name == name {
			return src
		}
	}
	return nil
}

// SourceAt returns the source with this path, nil if there is none.
func (s *State) SourceAt(path string) *Source { return s.sources.get(path) }

// Dashboard returns the dashboard with this slug, nil if there is none.
func (s *State) Dashboard(slug string) *manifest.Dashboard { return s.slugs.get(slug) }

// edit is a state in the making.
type edit struct {
	state   State
	data    bool // it has a revision of its own
	sources ordered[*Source]
	tables  ordered[*Table]
	touched map[string]bool // names of tables that came, went, or are others now
}

// touch gives the edit a revision of its own: what viewers see differs.
func (e *edit) touch() {
	if !e.data {
		e.data = true
		e.state.Revision++
	}
}

func (s *State) edit() *edit {
	e := &edit{state: *s, sources: s.sources, tables: s.tables, touched: map[string]bool{}}
	e.state.Version++
	return e
}

// changeKey orders sources by the version in which they changed.
func changeKey(version uint64, path string) string { return fmt.Sprintf("%016x %s", version, path) }

func (e *edit) setSource(s *Source) {
	e.forgetChange(s.Path)
	s.version = e.state.Version
	e.sources = e.sources.set(s.Path, s)
	e.state.changes = e.state.changes.set(changeKey(s.version, s.Path), s)
}

func (e *edit) removeSource(path string) {
	e.forgetChange(path)
	e.sources = e.sources.delete(path)
}

func (e *edit) forgetChange(path string) {
	if old := e.sources.get(path); old != nil {
		e.state.changes = e.state.changes.delete(changeKey(old.version, path))
	}
}

func (e *edit) setTable(t *Table) {
	e.removeTable(t.Name)
	e.tables = e.tables.set(t.Name, t)
	for _, d := range t.Dashboards {
		e.state.slugs = e.state.slugs.set(d.Slug, d)
	}
}

func (e *edit) removeTable(name string) {
	e.touched[name] = true
	old := e.tables.get(name)
	if old == nil {
		return
	}
	e.tables = e.tables.delete(name)
	for _, d := range old.Dashboards {
		if e.state.slugs.get(d.Slug) == d { // else another table has it by now
			e.state.slugs = e.state.slugs.delete(d.Slug)
		}
	}
}

func (e *edit) seal() *State {
	s := e.state
	s.sources, s.tables, s.lists = e.sources, e.tables, &lists{}
	return &s
}

// wireSource describes a source to a viewer of a dashboard. An owner also learns its tables and format.
func (s *State) wireSource(src *Source, scope Scope) wire.Source {
	w := wire.Source{
		Name: src.Name, State: src.State, Revision: src.Revision, Rows: src.Rows,
		Added: src.Added, Removed: src.Removed, Changed: src.Changed,
		Bytes: src.Bytes, Updated: instant(src.Updated), Ms: milliseconds(src.Took),
		Diagnostics: wire.Counts{Info: src.Counts.Info, Warning: src.Counts.Warning, Error: src.Counts.Error},
		Error:       src.Error, Partial: src.Partial,
	}
	if src.Aged && src.State == wire.StateStale {
		w.Unchanged = instant(src.Modified)
	}
	if scope.Guest {
		// What broke is the owner's business: a guest learns that the data is not current, and no more.
		w.Diagnostics = wire.Counts{}
		w.Bytes = 0
		if len(scope.Lock) > 0 {
			// How many rows there are beside those of the lock is nothing that the lock lets through.
			w.Rows, w.Added, w.Removed, w.Changed = 0, 0, 0, 0
		}
		if w.Error != nil {
			w.Error = &wire.LoadError{Code: "not-read", Message: "The newest version of this file could not be read."}
		}
		return w
	}
	w.Label, w.Format, w.Writing, w.Progress = path.Base(src.Path), src.Format, instant(src.Writing), src.Progress()
	if src.From != "" {
		w.RenamedFrom = path.Base(src.From)
	}
	for _, name := range src.Tables {
		if t := s.tables.get(name); t != nil {
			w.Tables = append(w.Tables, wire.TableName{Name: t.Name, Label: t.Label, Rows: t.Data.Rows(), Dashboard: t.Dashboard.Slug})
		}
	}
	return w
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()/10) / 100
}
