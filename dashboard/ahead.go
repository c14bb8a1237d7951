package dashboard

import (
	"slices"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
)

// ahead is what a configuration makes of tables. It is found out before the writer's lock is taken, as far as that can be,
// because to know the columns that are computed all of their rows have to be looked at; and it is kept as long as some
// table contradicts the configuration, so that a change looks anew only at what changed.
type ahead struct {
	config *manifest.Config
	tables map[string]foreseen // once the configuration is in the state, the writer's
}

// foreseen is what is made of one table, as long as it and those that are joined to it stay what they are.
type foreseen struct {
	of     *Table
	joined []*table.Table
	names  []string // of all tables, where one that is to be joined is not among them
	made   Table    // whose dashboards and problems count
}

// foresee finds out what a configuration makes of the tables of now.
func (m *Model) foresee(c *manifest.Config) *ahead {
	state := m.State()
	a := &ahead{config: c, tables: map[string]foreseen{}}
	for _, t := range state.tables.all() {
		m.overAhead(a, c, t, state.tables)
	}
	return a
}

// overAhead is over, of a copy of a table, with what is known where that still holds. What is found out is noted, unless
// a is nil or of another configuration.
func (m *Model) overAhead(a *ahead, c *manifest.Config, t *Table, tables ordered[*Table]) *Table {
	next := *t
	if a == nil || a.config != c {
		m.over(c, &next, tables)
		return &next
	}
	now := foreseen{of: t, joined: joinedData(c, t.Name, tables)}
	if slices.Contains(now.joined, nil) {
		for name := range tables.all() {
			now.names = append(now.names, name)
		}
	}
	f, ok := a.tables[t.Name]
	if !ok || f.of != t || !slices.Equal(f.joined, now.joined) || !slices.Equal(f.names, now.names) {
		f, f.made = now, *t
		m.over(c, &f.made, tables)
		a.tables[t.Name] = f
	}
	next.Dashboard, next.Dashboards, next.problems, next.joined = f.made.Dashboard, slices.Clone(f.made.Dashboards), f.made.problems, f.made.joined
	return &next
}

// forget drops what is known of tables that are gone.
func (a *ahead) forget(tables ordered[*Table]) {
	for name := range a.tables {
		if tables.get(name) == nil {
			delete(a.tables, name)
		}
	}
}

// joinedData returns the rows of the tables that are joined to one, nil for a table that is not there.
func joinedData(c *manifest.Config, name string, tables ordered[*Table]) []*table.Table {
	var all []*table.Table
	for _, other := range c.Joins(name) {
		var data *table.Table
		if o := tables.get(other); o != nil {
			data = o.Data
		}
		all = append(all, data)
	}
	return all
}
