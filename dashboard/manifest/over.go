package manifest

import (
	"fmt"
	"slices"
	"strings"

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
}

// Over returns the dashboards that are written for one table, in the order of the file, and where there is none the
// automatic one, which heeds what is written of the table and its columns. Slugs are the names in the file; the
// automatic dashboard's is made from the table's name. A name that the table does not have is a problem, and a
// dashboard with a problem is left out. A nil configuration says nothing.
func (c *Config) Over(subj Subject) ([]*Dashboard, []Problem) {
	p := &problems{}
	s := &subject{Subject: subj}
	if c != nil {
		s.spec = c.of(subj)
	}
	s.resolve(p)
	var all []*Dashboard
	covered := false
	if c != nil {
		for i := range c.dashboards {
			d := &c.dashboards[i]
			if d.over().text != subj.Name {
				continue
			}
			covered = true
			before := len(p.all)
			made := s.dashboard(d, p)
			if len(p.all) == before {
				made.Slug, made.Written, made.Place = d.name.text, true, i-len(c.dashboards)
				all = append(all, made)
			}
		}
	}
	if !covered {
		all = append(all, propose(s.study, subj.Title))
	}
	return all, p.all
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
	for i := range c.tables {
		if n := c.tables[i].name; !slices.Contains(tables, n.text) {
			p.unknown(n, n.text, "the name of a table here", tables)
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
