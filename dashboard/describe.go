package dashboard

import (
	"strings"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
)

// Describe is a table as the API tells of it.
func (t *Table) Describe() wire.Table {
	w := wire.Table{
		Name: t.Name, Label: t.Label, Source: t.Source.Path, State: t.Source.State, Revision: t.Revision, Rows: t.Data.Rows(),
		Updated: instant(t.Updated), Columns: []wire.TableColumn{}, Key: t.Key,
	}
	if w.Key == nil {
		w.Key = []string{}
	}
	roles := map[string]manifest.Field{}
	for _, f := range t.Dashboard.Fields {
		roles[f.Name] = f
	}
	for _, col := range t.Columns {
		f := roles[col.Name]
		w.Columns = append(w.Columns, wire.TableColumn{
			Name: col.Name, Label: f.Label, Type: col.Type.String(), Unit: col.Unit, Role: string(f.Role), Nulls: col.Nulls,
			Distinct: col.Distinct, Instant: col.Instant, Reason: strings.TrimSpace(col.Reason + " " + f.Reason),
		})
	}
	return w
}
