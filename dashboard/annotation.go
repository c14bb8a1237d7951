package dashboard

import (
	"slices"
	"strings"

	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table/view"
)

// mostNotes bounds what stands on one chart; the newest stay.
const mostNotes = 50

// notes lists what was written of moments within the range in sight. A grant's lock on a column that the table of notes
// does not have lets none through.
func (a *asking) notes() ([]wire.Note, error) {
	var all []wire.Note
	for _, n := range a.dashboard.Annotations {
		t := a.state.tables.get(n.Table)
		if t == nil {
			continue
		}
		schema := t.Data.Schema()
		at, text := schema.Index(n.Time), schema.Index(n.Text)
		where, err := a.scope.filters(schema)
		if err != nil || at < 0 || text < 0 || !schema.Field(at).Type.Temporal() {
			continue
		}
		x := a.axisIn(schema.Field(at))
		where = append(where, x.filter(onClock(a.axis.from, x.zone), onClock(a.axis.to, x.zone)))
		v, err := a.views.get(schema, view.Query{Where: where, Columns: []string{n.Time, n.Text}, Order: []view.Order{{Column: n.Time, Desc: true}}, Limit: mostNotes})
		if err != nil {
			return nil, err
		}
		answer, err := v.Answer(a.ctx, t.Data)
		if err != nil {
			return nil, err
		}
		for r := range answer.Table.Rows() {
			when, said := answer.Table.Value(r, 0), answer.Table.Value(r, 1)
			if !when.IsNull() && !said.IsNull() {
				// On the chart's own clock, whatever that of the notes is.
				moment := onClock(x.moment(when), a.axis.zone)
				all = append(all, wire.Note{At: a.axis.text(moment), Text: schema.Field(text).Format(said)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b wire.Note) int { return strings.Compare(a.At, b.At) })
	return all[max(0, len(all)-mostNotes):], nil
}
