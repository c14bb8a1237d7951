package manifest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// Subject is a table that dashboards can be over: what [Recommend] is given for it.
type Subject struct {
	Name     string
	Source   string // the name of the source it comes from; empty: that of the table
	Title    string // of its automatic dashboard; empty: made from the name
	Profiles []view.ColumnProfile
	Data     *table.Table // to tell telling charts from dull ones; nil: by the profiles alone

	Zone  *time.Location                 // in which instants fall into days unless the file says so; nil: UTC
	Other func(name string) *table.Table // the table of a name, for joins; nil: there is none
	Names func() []string                // of all tables, to suggest one; nil: not known
	Made  []*Dashboard                   // what was made of the table before: where nothing differs, what is derived stays
}

// Over returns the dashboards that are written for one table, in the order of the file, and where there is none the
// automatic one, which heeds what is written of the table and its columns. Slugs are the names in the file; the
// automatic dashboard's is made from the table's name. A name that the table does not have is a problem, and a
// dashboard with a problem is left out. A nil configuration says nothing.
func (c *Config) Over(subj Subject) ([]*Dashboard, []Problem) {
	p := &problems{}
	all, covered := c.under(subj, subj.Name, p)
	for _, name := range c.views(subj.Name) {
		more, some := c.under(subj, name, p)
		all, covered = append(all, more...), covered || some
	}
	if !covered {
		s := c.subject(subj, subj.Name, p)
		all = append(all, s.finish([]*Dashboard{propose(s.study, subj.Title)}, p)...)
	}
	return all, p.all
}

// under returns the dashboards that are written for a table under one of its names, and whether there are any.
func (c *Config) under(subj Subject, name string, p *problems) (all []*Dashboard, covered bool) {
	if c == nil {
		return nil, false
	}
	var s *subject
	for i := range c.dashboards {
		d := &c.dashboards[i]
		if d.over().text != name {
			continue
		}
		if !covered {
			covered = true
			s = c.subject(subj, name, p)
		}
		before := len(p.all)
		made := s.dashboard(d, p)
		if len(p.all) == before {
			made.Slug, made.Written, made.Place = d.name.text, true, i-len(c.dashboards)
			all = append(all, made)
		}
	}
	if covered {
		all = s.finish(all, p)
	} else if name != subj.Name {
		c.subject(subj, name, p) // what is written of it is checked all the same
	}
	return all, covered
}

// subject returns what is said and known of a table under one of its names.
func (c *Config) subject(subj Subject, name string, p *problems) *subject {
	s := &subject{Subject: subj, base: subj.Name, raw: subj.Data, config: c}
	s.Name = name
	zone := subj.Zone
	if c != nil {
		s.spec = c.of(s.Subject)
		if c.Zone != nil {
			zone = c.Zone
		}
	}
	s.derive(zone, p)
	s.resolve(p)
	return s
}

// views lists the names under which the file speaks of a table beside its own.
func (c *Config) views(name string) []string {
	var all []string
	if c != nil {
		for _, t := range c.tables {
			if t.from != nil && t.from.text == name && t.name.text != name {
				all = append(all, t.name.text)
			}
		}
	}
	return all
}

// Joins lists the tables that those written of a table take columns from, or targets.
func (c *Config) Joins(name string) []string {
	var all []string
	if c != nil {
		all = c.besides(name)
		for _, t := range c.tables {
			if t.name.text == name || t.from != nil && t.from.text == name {
				for _, j := range t.joins {
					all = append(all, j.table.text)
				}
			}
		}
	}
	return all
}

// over is the name of the table that a dashboard is over: its own where it says none.
func (d *dashboardSpec) over() *node {
	if d.table != nil {
		return d.table
	}
	return d.name
}

// of returns what is said of a table, of itself and as the columns of its source; nil: nothing.
func (c *Config) of(subj Subject) *tableSpec {
	if subj.Source == "" {
		subj.Source = subj.Name
	}
	var spec *tableSpec
	if i := slices.IndexFunc(c.tables, func(t tableSpec) bool { return t.name.text == subj.Name }); i >= 0 {
		own := c.tables[i]
		own.columns = slices.Clone(own.columns)
		spec = &own
	}
	i := slices.IndexFunc(c.sources, func(s sourceSpec) bool { return s.name.text == subj.Source })
	if i < 0 || len(c.sources[i].columns) == 0 {
		return spec
	}
	if spec == nil {
		spec = &tableSpec{name: c.sources[i].name}
	}
	for _, said := range c.sources[i].columns {
		// A workbook's sheets share what is said of its columns: each takes what it has.
		if !slices.ContainsFunc(subj.Profiles, func(p view.ColumnProfile) bool { return p.Field.Name == said.name.text }) && subj.Source != subj.Name {
			continue
		}
		col := spec.column(said.name)
		if said.label != nil && col.label == nil {
			col.label = said.label
		}
		if said.role != nil && col.role == nil {
			col.role = said.role
		}
		if said.unit != nil && col.unit == nil {
			col.unit = said.unit
		}
	}
	return spec
}

// Taken returns the problem of a dashboard whose name is the address of another one already.
func (c *Config) Taken(slug string) Problem {
	p := &problems{}
	for _, d := range c.dashboards {
		if d.name.text == slug {
			p.at(d.name, fmt.Sprintf("%q is the address of another table's dashboard already, and people may have links to it.", slug), "Choose another name.")
		}
	}
	return p.all[0]
}

// Unknown returns a problem for every name of a table or a source in the file that none of those given has. It is
// asked when everything has been read.
func (c *Config) Unknown(tables, sources []string) []Problem {
	p := &problems{}
	files := tables
	for i := range c.tables {
		switch t := &c.tables[i]; {
		case t.from != nil && slices.Contains(files, t.name.text) && t.from.text != t.name.text:
			p.at(t.name, fmt.Sprintf("There is a table %q already.", t.name.text), "Give this one another name.")
		case t.from != nil && !slices.Contains(files, t.from.text):
			p.unknown(t.from, t.from.text, "the name of a table here", files)
		case t.from != nil:
			tables = append(slices.Clip(tables), t.name.text)
		case !slices.Contains(files, t.name.text):
			p.unknown(t.name, t.name.text, "the name of a table here", files)
		}
	}
	for i := range c.sources {
		if n := c.sources[i].name; !slices.Contains(sources, n.text) {
			p.unknown(n, n.text, "the name of a source here", sources)
		}
	}
	for i := range c.dashboards {
		d := &c.dashboards[i]
		switch n := d.over(); {
		case slices.Contains(tables, n.text):
		case d.table != nil:
			p.unknown(n, n.text, "the name of a table here", tables)
		default:
			p.at(n, fmt.Sprintf("The dashboard %q does not say which table it is over.", n.text), "Add \"table:\" with one of "+strings.TrimPrefix(suggest("", tables), "Allowed: "))
		}
	}
	return p.all
}
