package dashboard

import (
	"slices"
	"strings"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
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
		f, i := roles[col.Name], t.Data.Schema().Index(col.Name)
		column := wire.TableColumn{
			Name: col.Name, Label: f.Label, Type: col.Type.String(), Unit: col.Unit, Role: string(f.Role), Nulls: col.Nulls,
			Distinct: col.Distinct, Instant: col.Instant, Exact: col.Type == table.Int && i >= 0 && beyond(t.Data, i), Reason: reasons(col.Reason, f.Reason),
		}
		if f.Because.Code != "" {
			column.Because = &wire.Reason{Code: f.Because.Code, Values: f.Because.Values}
		}
		w.Columns = append(w.Columns, column)
	}
	return w
}

// beyond says whether some integer of a column would be changed by a double. The bounds of a chunk are found once, so
// that this costs next to nothing for chunks that were there before.
func beyond(t *table.Table, column int) bool {
	for _, chunk := range t.Chunks() {
		if s := chunk.Column(column).Stats(); Exact(s.Min) || Exact(s.Max) {
			return true
		}
	}
	return false
}

// reasons puts what is known of a column's values and of its part in a chart into one line.
func reasons(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), "; ")
}
