package dashboard

import (
	"slices"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
)

// ahead is what a configuration makes of tables, found out before the writer's lock is taken: to know the columns that are
// computed, all of their rows have to be looked at.
type ahead struct {
	config *manifest.Config
	tables map[string]foreseen
}

// foreseen is what is made of one table, as long as it and those that are joined to it stay what they are.
type foreseen struct {
	of     *Table
	joined []*table.Table
	made   Table // whose dashboards and problems count
}

// foresee finds out what a configuration makes of the tables of now.
func (m *Model) foresee(c *manifest.Config) *ahead {
	state := m.State()
	a := &ahead{config: c, tables: map[string]foreseen{}}
	for name, t := range state.tables.all() {
		f := foreseen{of: t, joined: joinedData(c, name, state.tables), made: *t}
		m.over(c, &f.made, state.tables)
		a.tables[name] = f
	}
	return a
}

// overAhead is over, of a copy of a table, with what was found out before where that still holds. A nil a knows nothing.
func (m *Model) overAhead(a *ahead, c *manifest.Config, t *Table, tables ordered[*Table]) *Table {
	next := *t
	if a != nil && a.config == c {
		if f, ok := a.tables[t.Name]; ok && f.of == t && slices.Equal(f.joined, joinedData(c, t.Name, tables)) {
			next.Dashboard, next.Dashboards, next.problems, next.joined = f.made.Dashboard, slices.Clone(f.made.Dashboards), f.made.problems, f.made.joined
			return &next
		}
	}
	m.over(c, &next, tables)
	return &next
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
