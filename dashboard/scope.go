package dashboard

import (
	"fmt"
	"slices"
	"sort"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// Scope is what a viewer may see. The zero Scope is the owner's: everything. A guest's comes from a grant; it is
// checked here, below the queries, so that no handler can forget it.
type Scope struct {
	Guest      bool
	ID         string // of the grant: part of the name of every stream, so that scopes never share one
	Dashboards []string
	Lock       map[string][]string // column to the only values that exist for this viewer
	Allow      []string            // filters, rows, history
}

// May says whether the scope allows a dashboard.
func (s Scope) May(dashboard string) bool {
	return !s.Guest || slices.Contains(s.Dashboards, dashboard)
}

// may says whether the scope allows an interaction.
func (s Scope) may(what string) bool { return !s.Guest || slices.Contains(s.Allow, what) }

// MayRows says whether raw rows beyond those in a panel may be read.
func (s Scope) MayRows() bool { return s.may("rows") }

// MayFilter says whether the viewer may choose filters, ranges and grains.
func (s Scope) MayFilter() bool { return s.may("filters") }

// MayHistory says whether past revisions may be looked at.
func (s Scope) MayHistory() bool { return s.may("history") }

// allowed lists what the viewer may do, for the page.
func (s Scope) allowed() []string {
	if !s.Guest {
		return []string{"filters", "rows", "history", "share"}
	}
	if s.Allow == nil {
		return []string{}
	}
	return s.Allow
}

// filters returns the grant's locked filters. A lock on a column that the table does not have, or on values that it
// cannot hold, lets nothing through: a lock that cannot be applied fails closed.
func (s Scope) filters(schema *table.Schema) ([]view.Filter, error) {
	var filters []view.Filter
	columns := make([]string, 0, len(s.Lock))
	for column := range s.Lock {
		columns = append(columns, column)
	}
	sort.Strings(columns)
	for _, column := range columns {
		i := schema.Index(column)
		if i < 0 {
			return nil, ErrLocked
		}
		f := view.Filter{Column: column, Op: view.In}
		for _, text := range s.Lock[column] {
			v, err := schema.Field(i).Parse(text)
			if err != nil {
				return nil, ErrLocked
			}
			f.Values = append(f.Values, v)
		}
		filters = append(filters, f)
	}
	return filters, nil
}

// ErrLocked says that a grant's locked filter cannot be applied to the table as it is now, so the grant shows nothing.
var ErrLocked = fmt.Errorf("this link cannot be shown: a column that it is limited to is not there")
