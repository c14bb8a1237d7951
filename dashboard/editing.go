package dashboard

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table/view"
)

// BadSpec says what is wrong with a dashboard that somebody wants to write.
type BadSpec struct{ Problems []manifest.Problem }

// Error returns the first problem, with its place where it has one, and how many more there are.
func (e *BadSpec) Error() string {
	text := e.Problems[0].Error()
	if n := len(e.Problems) - 1; n > 0 {
		text += fmt.Sprintf(" (And %d more.)", n)
	}
	return text
}

// Spec returns a dashboard as a person would write it.
func (m *Model) Spec(slug string) (*wire.DashboardSpec, error) {
	state := m.State()
	d := state.Dashboard(slug)
	if d == nil {
		return nil, ErrNoDashboard
	}
	c := state.written.inForce
	spec := c.Spec(d)
	w := &wire.DashboardSpec{
		Slug: slug, Title: spec.Title, Table: spec.Table, Written: d.Written, Rows: []wire.SpecRow{},
		Measures: c.Measures(d.Over), Aggregates: manifest.Aggregates(), Marks: manifest.Marks(),
	}
	for _, row := range spec.Rows {
		r := wire.SpecRow{Height: row.Height, Items: []wire.SpecItem{}}
		for _, item := range row.Items {
			r.Items = append(r.Items, wire.SpecItem(item))
		}
		w.Rows = append(w.Rows, r)
	}
	return w, nil
}

// Draft returns what a panel of a dashboard would show under a selection. The error is a [*BadSpec] where the item
// makes no sense.
func (m *Model) Draft(ctx context.Context, slug string, s Selection, item wire.SpecItem) (*wire.Draft, error) {
	state := m.State()
	d := state.Dashboard(slug)
	if d == nil {
		return nil, ErrNoDashboard
	}
	t := state.Table(d.Table)
	panel, derivation, problems := state.written.inForce.Draft(m.subject(t, state.tables), d.Over, manifest.Item(item))
	if len(problems) > 0 {
		return nil, &BadSpec{problems}
	}
	under := *d
	under.Derive = derivation
	a, err := newAsking(ctx, m, Scope{}, state, t, &under, s, view.NoGrain)
	if err != nil {
		return nil, err
	}
	f := a.answer(panel, t.Revision, m.options.Logger)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return &wire.Draft{Item: itemWire(d, panel), Frame: f.wire()}, nil
}

// Rewrite returns the text of a dashira.yaml with a dashboard written into it, or taken out of it where the edit is
// nil. What would not be understood, or not fit the tables, is a [*BadSpec]: no file that is written here is ever one
// that is then complained of.
func (m *Model) Rewrite(text []byte, slug string, edit *wire.DashboardEdit) ([]byte, error) {
	var next []byte
	var problems []manifest.Problem
	if edit == nil {
		next, problems = manifest.Remove(text, slug)
	} else {
		spec := manifest.Spec{Title: strings.TrimSpace(edit.Title), Table: edit.Table}
		if d := m.State().Dashboard(slug); d != nil {
			spec.Opening, spec.Annotations, spec.Filters = d.Opening, d.Annotations, d.Filters // the page has no say in them, and what a person wrote stays
		}
		for _, row := range edit.Rows {
			r := manifest.SpecRow{Height: row.Height}
			for _, item := range row.Items {
				r.Items = append(r.Items, manifest.Item(item))
			}
			spec.Rows = append(spec.Rows, r)
		}
		next, problems = manifest.Write(text, slug, spec)
	}
	if len(problems) > 0 {
		return nil, &BadSpec{problems}
	}
	config, problems := manifest.Parse(next)
	if len(problems) > 0 {
		return nil, &BadSpec{problems}
	}
	state := m.State()
	for _, t := range state.Tables() {
		next := *t
		m.over(config, &next, state.tables)
		problems = append(problems, next.problems...)
	}
	problems = append(problems, state.edit().unknown(config)...)
	if len(problems) > 0 {
		slices.SortFunc(problems, manifest.Problem.Compare)
		return nil, &BadSpec{problems}
	}
	return next, nil
}
