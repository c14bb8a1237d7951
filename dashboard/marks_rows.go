package dashboard

import (
	"strings"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// tableRows is how many rows a table's frame holds; scrolling reads the rest.
const tableRows = 100

// rows answers the first rows of the table in the panel's order.
func (a *asking) rows(p manifest.Panel) (*frame, error) {
	if len(p.Columns) == 0 {
		p.Columns = visible(a.data.Schema())
	}
	order := ParseSort(p.Sort, a.data.Schema())
	q := view.Query{Where: a.where(""), Columns: p.Columns, Limit: tableRows, Order: order}
	answer, err := a.ask(q)
	if err != nil {
		return nil, err
	}
	total := answer.Rows
	return &frame{data: answer.Table, key: keyWithin(a.key, p.Columns), facts: &wire.Facts{Rows: answer.Rows, Total: &total, Sort: formatSort(order)}}, nil
}

// SplitList reads a list of column names, "ordered_at,region". A comma or a backslash that belongs to a name has a
// backslash before it.
func SplitList(text string) []string {
	var names []string
	var name strings.Builder
	literal := false
	for _, r := range text {
		switch {
		case literal:
			name.WriteRune(r)
			literal = false
		case r == '\\':
			literal = true
		case r == ',':
			names = append(names, name.String())
			name.Reset()
		default:
			name.WriteRune(r)
		}
	}
	return append(names, name.String())
}

var listEscapes = strings.NewReplacer(`\`, `\\`, ",", `\,`)

// ParseSort reads "-ordered_at,region": a list of columns, a minus for descending. The name of a single column of the
// schema may hold commas as they are.
func ParseSort(text string, schema *table.Schema) []view.Order {
	parts := SplitList(text)
	if schema.Index(strings.TrimPrefix(text, "-")) >= 0 {
		parts = []string{text}
	}
	var order []view.Order
	for _, part := range parts {
		if part == "" {
			continue
		}
		name, desc := part, false
		if schema.Index(part) < 0 {
			name, desc = strings.CutPrefix(part, "-")
		}
		order = append(order, view.Order{Column: name, Desc: desc})
	}
	return order
}

// formatSort writes an order as ParseSort reads it.
func formatSort(order []view.Order) string {
	parts := make([]string, len(order))
	for i, o := range order {
		if o.Desc {
			parts[i] = "-"
		}
		parts[i] += listEscapes.Replace(o.Column)
	}
	return strings.Join(parts, ",")
}

// keyWithin returns the key where the shown columns hold all of it.
func keyWithin(key, columns []string) []string {
	if len(columns) == 0 {
		return key
	}
	for _, k := range key {
		found := false
		for _, c := range columns {
			found = found || c == k
		}
		if !found {
			return nil
		}
	}
	return key
}
