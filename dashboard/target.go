package dashboard

import (
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// target answers what a panel's figure is held against, nil where there is nothing to hold it against: a number, or a
// measure over the rows that the figure itself is made of. A plan that reaches beyond what has happened counts only as
// far as that.
func (a *asking) target(p manifest.Panel) (*float64, error) {
	t := p.Target
	switch {
	case t == nil:
		return nil, nil
	case t.Value != nil:
		return t.Value, nil
	case t.Table != "":
		return a.targetElsewhere(t)
	}
	_, value, _, err := a.single(a.held(a.where(""), p), t.Measure)
	if err != nil {
		return nil, err
	}
	return figure(value), nil
}

// held keeps the rows in which the panel's measure has a value: the plan of a month that is still to come is not held
// against those that are over.
func (a *asking) held(where []view.Filter, p manifest.Panel) []view.Filter {
	if p.Measure.Column == "" || p.Target == nil || p.Target.Measure.Column == "" {
		return where
	}
	return append(where[:len(where):len(where)], view.Filter{Column: p.Measure.Column, Op: view.In, Values: []table.Value{{}}, Not: true})
}

// targetElsewhere answers a measure of another table under the filters on the columns that it has as well, over the
// part of its time axis that the figure spans. A grant's lock on a column that it does not have lets nothing through.
func (a *asking) targetElsewhere(t *manifest.Target) (*float64, error) {
	other := a.state.tables.get(t.Table)
	if other == nil {
		return nil, nil
	}
	schema := other.Data.Schema()
	where, err := a.scope.filters(schema)
	if err != nil {
		return nil, nil
	}
	for column, values := range a.selection.Filters {
		i := schema.Index(column)
		if i < 0 {
			continue
		}
		filters, err := parseFilters(schema.Field(i), values)
		if err != nil {
			return nil, nil // the two columns of one name do not hold the same: there is nothing to compare
		}
		where = append(where, filters...)
	}
	if i := schema.Index(other.Dashboard.Time); a.axis != nil && other.Dashboard.Time != "" && i >= 0 {
		x := a.axisIn(schema.Field(i))
		from, to := x.from, x.to
		if newest := a.axis.newest(a.dashboard.Smallest); newest.Before(to) {
			to = newest
		}
		from, to = onClock(from, x.zone), onClock(to, x.zone)
		// What is planned by the month begins at its first day.
		if g := other.Dashboard.Smallest; g > a.dashboard.Smallest {
			from = x.first(from, g)
		}
		where = append(where, x.filter(from, to))
	}
	v, err := a.views.get(schema, view.Query{Where: where, Measures: []view.Measure{{Name: "target", Op: t.Measure.Op, Column: t.Measure.Column, P: t.Measure.P}}})
	if err != nil {
		return nil, err
	}
	answer, err := v.Answer(a.ctx, other.Data)
	if err != nil || answer.Table.Rows() == 0 {
		return nil, err
	}
	return figure(answer.Table.Value(0, 0)), nil
}

// axisIn is the time axis read in another table's column.
func (a *asking) axisIn(field table.Field) *axis {
	x := *a.axis
	x.column, x.field, x.zone = field.Name, field, time.UTC
	if field.Instant {
		x.zone = a.zone
	}
	return &x
}

// onClock is the moment at which a clock of another zone shows the same.
func onClock(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// withTarget puts what each value is held against beside it: a column where that is a measure, one fact for all where
// it is a number.
func (a *asking) withTarget(f *frame, p manifest.Panel, x view.Group, where []view.Filter, onTime bool) error {
	t := p.Target
	if t == nil || f.data.Schema().Len() != 2 {
		return nil
	}
	if t.Value != nil {
		f.facts.Target = t.Value
		return nil
	}
	answer, err := a.measured(where, t.Measure, x)
	if err != nil {
		return err
	}
	aim := withUnit(answer.Table, t.Measure)
	if onTime && additive(t.Measure) {
		aim = a.fill(aim, 1)
	}
	f.data = beside(f.data, aim, t.Measure.Name)
	return nil
}

// bounds are a panel's thresholds as they travel.
func bounds(p manifest.Panel) []wire.Threshold {
	var all []wire.Threshold
	for _, b := range p.Bounds {
		all = append(all, wire.Threshold{Level: b.Level, Op: b.Op, Value: b.Value})
	}
	return all
}

// besides lists the tables beside a dashboard's own that it takes targets and annotations from, and the revision at which
// one of them last changed.
func (s *State) besides(d *manifest.Dashboard) ([]*table.Table, uint64) {
	var all []*table.Table
	var revision uint64
	for _, name := range d.Besides() {
		if t := s.tables.get(name); t != nil {
			all = append(all, t.Data)
			revision = max(revision, t.Revision)
		}
	}
	return all, revision
}
