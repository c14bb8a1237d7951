package dashboard

import (
	"strings"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table/view"
)

// tableRows is how many rows a table's frame holds; scrolling reads the rest.
const tableRows = 100

// rows answers the first rows of the table in the panel's order.
func (a *asking) rows(p manifest.Panel) (*frame, error) {
	q := view.Query{Where: a.where(""), Columns: p.Columns, Limit: tableRows, Order: ParseSort(p.Sort)}
	answer, err := a.ask(q)
	if err != nil {
		return nil, err
	}
	total := answer.Rows
	return &frame{data: answer.Table, key: keyWithin(a.key, p.Columns), facts: &wire.Facts{Rows: answer.Rows, Total: &total, Sort: p.Sort}}, nil
}

// ParseSort reads "-ordered_at,region": columns by comma, a minus for descending.
func ParseSort(text string) []view.Order {
	var order []view.Order
	for _, part := range strings.Split(text, ",") {
		if part == "" {
			continue
		}
		name, desc := strings.CutPrefix(part, "-")
		order = append(order, view.Order{Column: name, Desc: desc})
	}
	return order
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
