package dashboard

import (
	"strings"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
)

// derived returns the table that a dashboard's panels ask of the one that is read, and the revision at which either it
// or one that it looks up last changed.
func (s *State) derived(t *Table, d *manifest.Dashboard) (*table.Table, uint64, error) {
	if d.Derive == nil {
		return t.Data, t.Revision, nil
	}
	revision := t.Revision
	other := func(name string) *table.Table {
		if o := s.tables.get(name); o != nil {
			return o.Data
		}
		return nil
	}
	for _, name := range d.Derive.Tables() {
		if o := s.tables.get(name); o != nil {
			revision = max(revision, o.Revision)
		}
	}
	data, _, err := d.Derive.Apply(t.Data, other)
	return data, revision, err
}

// visible returns the names of the columns that are not there for a measure's sake alone.
func visible(schema *table.Schema) []string {
	var names []string
	for _, f := range schema.Fields() {
		if !strings.HasPrefix(f.Name, "\x00") {
			names = append(names, f.Name)
		}
	}
	return names
}
