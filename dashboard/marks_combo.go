package dashboard

import (
	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// combo answers two measures over one axis: the time, or a dimension in its natural order. The first is drawn as
// columns, the second as a line.
func (a *asking) combo(p manifest.Panel) (*frame, error) {
	x := view.Group{Column: p.Dimension, Name: p.Dimension}
	facts := &wire.Facts{}
	where := a.where("")
	onTime := p.Dimension == "" && a.axis != nil
	if onTime {
		x = a.axis.group(bucketColumn, a.axis.grain)
		if start, ok := a.axis.partial(a.dashboard.Smallest); ok {
			facts.PartialFrom = a.axis.text(start)
		}
		if a.axis.all {
			where = append(where, a.axis.filter(a.axis.from, a.axis.to))
		}
	}
	if x.Column == "" {
		return emptyFrame(bucketColumn, p.Measure), nil
	}
	var sides [2]*table.Table
	for i, m := range []manifest.Measure{p.Measure, p.Line} {
		answer, err := a.measured(where, m, x)
		if err != nil {
			return nil, err
		}
		sides[i] = withUnit(answer.Table, m)
		if onTime && additive(m) {
			sides[i] = a.fill(sides[i], 1)
		}
		facts.Rows = answer.Rows
	}
	data := beside(sides[0], sides[1], p.Line.Name)
	if !onTime {
		data = a.natural(data, p.Dimension)
	}
	return &frame{data: data, key: []string{x.Name}, facts: facts}, nil
}

// beside joins two answers of one group each, which ascend by it; where one has no row its measure is empty.
func beside(left, right *table.Table, name string) *table.Table {
	fields := left.Schema().Fields()
	second := right.Schema().Field(1)
	second.Name = name
	b := table.NewBuilder(table.NewSchema(append(fields[:2:2], second)...), nil)
	l, r := int64(0), int64(0)
	for l < left.Rows() || r < right.Rows() {
		order := 0
		switch {
		case l == left.Rows():
			order = 1
		case r == right.Rows():
			order = -1
		default:
			order = left.Value(l, 0).Compare(right.Value(r, 0))
		}
		x, y, z := table.Value{}, table.Value{}, table.Value{}
		if order <= 0 {
			x, y = left.Value(l, 0), left.Value(l, 1)
			l++
		}
		if order >= 0 {
			x, z = right.Value(r, 0), right.Value(r, 1)
			r++
		}
		b.Append(x, y, z)
	}
	return b.Table()
}

// note answers a text panel: what is written in it.
func note(p manifest.Panel) *frame {
	b := table.NewBuilder(table.NewSchema(table.Field{Name: "text", Type: table.String}), nil)
	b.Append(table.TextValue(table.String, p.Text))
	return &frame{data: b.Table(), facts: &wire.Facts{}}
}
