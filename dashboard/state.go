package dashboard

import (
	"path"
	"sort"
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// State is the whole model at one moment. It is immutable: the model's writer replaces it, everyone else reads it.
type State struct {
	Version  uint64 // counts every change of state, those without a difference in data too
	Revision uint64 // counts the changes of data of this run
	Ready    bool   // everything that was there at the start has been read, or has failed

	Sources    []*Source // by path
	Tables     []*Table  // in the order of their sources
	Dashboards []*manifest.Dashboard

	sources map[string]*Source // by path
	tables  map[string]*Table
	slugs   map[string]*manifest.Dashboard
	gone    []*Source // vanished lately, oldest first
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
	loaded      bool // some version of it could be read

	version uint64 // of the state in which it last changed
}

// Readable says whether some version of the source could be read.
func (s *Source) Readable() bool { return s.loaded }

// Table is one table as the model knows it.
type Table struct {
	Name      string // unique, made from the path and the sheet
	Label     string // "orders.csv", "plan.xlsx / 2026"
	Source    *Source
	Data      *table.Table
	Key       []string
	Revision  uint64 // at which it last changed
	Updated   time.Time
	Columns   []ingest.Column
	Dashboard *manifest.Dashboard
}

// Table returns the named table, nil if there is none.
func (s *State) Table(name string) *Table { return s.tables[name] }

// Source returns the source with this name, nil if there is none.
func (s *State) Source(name string) *Source {
	for _, src := range s.Sources {
		if src.Name == name {
			return src
		}
	}
	return nil
}

// Dashboard returns the dashboard with this slug, nil if there is none.
func (s *State) Dashboard(slug string) *manifest.Dashboard { return s.slugs[slug] }

// edit is a state in the making.
type edit struct {
	state   State
	sources map[string]*Source
	tables  map[string]*Table
}

func (s *State) edit() *edit {
	e := &edit{state: *s, sources: map[string]*Source{}, tables: map[string]*Table{}}
	for k, v := range s.sources {
		e.sources[k] = v
	}
	for k, v := range s.tables {
		e.tables[k] = v
	}
	e.state.Version++
	return e
}

func (e *edit) setSource(s *Source) {
	s.version = e.state.Version
	e.sources[s.Path] = s
}

func (e *edit) seal() *State {
	s := e.state
	s.sources, s.tables = e.sources, e.tables
	s.Sources, s.Tables, s.Dashboards = nil, nil, nil
	s.slugs = map[string]*manifest.Dashboard{}
	for _, src := range s.sources {
		s.Sources = append(s.Sources, src)
	}
	sort.Slice(s.Sources, func(i, j int) bool { return s.Sources[i].Path < s.Sources[j].Path })
	for _, src := range s.Sources {
		for _, name := range src.Tables {
			t := s.tables[name]
			if t == nil {
				continue
			}
			s.Tables = append(s.Tables, t)
			s.Dashboards = append(s.Dashboards, t.Dashboard)
			s.slugs[t.Dashboard.Slug] = t.Dashboard
		}
	}
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
	if scope.Guest {
		// What broke is the owner's business: a guest learns that the data is not current, and no more.
		w.Diagnostics = wire.Counts{}
		w.Bytes = 0
		if len(scope.Lock) > 0 {
			// How many rows there are beside those of the lock is nothing that the lock lets through.
			w.Rows, w.Added, w.Removed, w.Changed = 0, 0, 0, 0
		}
		if w.Error != nil {
			w.Error = &wire.LoadError{Message: "The newest version of this file could not be read."}
		}
		return w
	}
	w.Label, w.Format = path.Base(src.Path), src.Format
	for _, name := range src.Tables {
		if t := s.tables[name]; t != nil {
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
