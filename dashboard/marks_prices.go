package dashboard

import (
	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// candles answers the first, highest, lowest and last price of each bucket of the time axis. The panel's columns are
// open, high, low and close, in this order. A bucket without a price has no candle: a market that was closed is no zero.
func (a *asking) candles(p manifest.Panel) (*frame, error) {
	names := []string{"open", "high", "low", "close"}
	facts := &wire.Facts{}
	if a.axis == nil || len(p.Columns) != len(names) {
		fields := []table.Field{{Name: bucketColumn, Type: table.Timestamp}}
		for _, name := range names {
			fields = append(fields, table.Field{Name: name, Type: table.Float})
		}
		return &frame{data: table.New(table.NewSchema(fields...)), key: []string{bucketColumn}, facts: facts}, nil
	}
	if start, ok := a.axis.partial(a.dashboard.Smallest); ok {
		facts.PartialFrom = a.axis.text(start)
	}
	where := append(a.where(""), a.axis.filter(a.axis.from, a.axis.to))
	ops := []view.Aggregate{view.First, view.Max, view.Min, view.Last}
	q := view.Query{Where: where, Groups: []view.Group{a.axis.group(bucketColumn, a.axis.grain)}}
	for i, name := range names {
		m := view.Measure{Name: name, Op: ops[i], Column: p.Columns[i]}
		if m.Op == view.First || m.Op == view.Last {
			m.By = a.axis.column
		}
		q.Measures = append(q.Measures, m)
	}
	answer, err := a.ask(q)
	if err != nil {
		return nil, err
	}
	facts.Rows = answer.Rows
	fields := answer.Table.Schema().Fields()
	for i := range names {
		fields[i+1].Unit = a.unit(p.Columns[i])
	}
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	row := make([]table.Value, len(fields))
	for r := range answer.Table.Rows() {
		whole := true
		for c := range row {
			row[c] = answer.Table.Value(r, c)
			whole = whole && !row[c].IsNull()
		}
		if whole {
			b.Append(row...)
		}
	}
	return &frame{data: b.Table(), key: []string{bucketColumn}, facts: facts}, nil
}
