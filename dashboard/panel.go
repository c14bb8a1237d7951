package dashboard

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// answer makes the frame of one panel. A question that the table cannot answer any more, as when its column is gone,
// becomes a frame that says so; the page keeps the last good picture beside it.
func (a *asking) answer(p manifest.Panel, revision uint64, log *slog.Logger) *frame {
	f, err := a.frame(p)
	if err != nil {
		f = &frame{data: table.New(table.NewSchema()), facts: &wire.Facts{}, err: "internal error"}
		var asked *view.QueryError
		if errors.As(err, &asked) {
			f.err = asked.Error()
		} else if a.ctx.Err() == nil {
			log.Error("answering a panel", "panel", p.Name, "error", err)
		}
	}
	f.revision = revision
	f.labels, f.units = map[string]string{}, map[string]string{}
	roles := map[string]string{}
	for _, field := range a.dashboard.Fields {
		f.labels[field.Name], f.units[field.Name], roles[field.Name] = field.Label, field.Unit, string(field.Role)
	}
	for name, role := range f.roles {
		roles[name] = role // what the mark knows better
	}
	f.roles = roles
	measures := []manifest.Measure{p.Measure, p.Line}
	if p.Target != nil {
		measures = append(measures, p.Target.Measure)
	}
	for _, m := range measures {
		if m.Name != "" {
			f.labels[m.Name] = m.Label
		}
	}
	return f
}

func (a *asking) frame(p manifest.Panel) (*frame, error) {
	switch p.Mark {
	case "kpi":
		return a.kpi(p)
	case "line", "area":
		return a.series(p)
	case "column":
		return a.columnChart(p)
	case "bar", "ranked", "donut":
		return a.ranking(p)
	case "histogram":
		return a.histogram(p)
	case "box":
		return a.boxes(p)
	case "heatmap", "pivot":
		return a.heatmap(p)
	case "candlestick":
		return a.candles(p)
	case "combo":
		return a.combo(p)
	case "text":
		return note(p), nil
	case "calendar":
		return a.calendar(p)
	case "scatter":
		return a.scatter(p)
	case "table":
		return a.rows(p)
	}
	return nil, fmt.Errorf("panel %q has the mark %q, which nothing here answers", p.Name, p.Mark)
}

// itemWire describes a panel to the page: which of the frame's columns stands behind which channel.
func itemWire(d *manifest.Dashboard, p manifest.Panel) wire.Item {
	w := wire.Item{
		Panel: p.Name, Mark: p.Mark, Title: p.Title, Width: p.Width, Noun: p.Measure.Noun, Format: p.Measure.Format,
		Zero: p.Zero, Stack: p.Stack, Why: p.Why, Words: wordsWire(p), Better: p.Betters(), Thresholds: bounds(p),
	}
	switch p.Mark {
	case "kpi":
		w.Encoding = wire.Encoding{Y: p.Measure.Name}
	case "line", "area":
		w.Encoding = wire.Encoding{X: bucketColumn, Y: p.Measure.Name, Color: p.Color, Facet: p.Facet}
		w.Time = p.Dimension == ""
		w.Filter = p.Color
		if !w.Time {
			w.Encoding.X = p.Dimension
		}
		if p.Column != "" {
			w.Points = true
			w.Encoding.Y = p.Column
			if w.Time {
				w.Encoding.X = d.Time
			}
		}
	case "column":
		w.Encoding = wire.Encoding{X: p.Dimension, Y: p.Measure.Name, Color: p.Color, Facet: p.Facet}
		w.Filter = p.Dimension
		if p.Cyclic != view.NoGrain {
			w.Encoding.X, w.Filter = cyclicColumn(p.Cyclic), ""
		}
	case "bar", "ranked", "donut":
		w.Encoding = wire.Encoding{X: p.Measure.Name, Y: p.Dimension, Facet: p.Facet}
		w.Filter = p.Dimension
	case "histogram":
		w.Encoding = wire.Encoding{X: "start", Y: "count", Facet: p.Facet}
		w.Filter = p.Column
	case "box":
		w.Encoding = wire.Encoding{Y: p.Dimension, X: p.Column, Facet: p.Facet}
		w.Filter = p.Dimension
	case "candlestick":
		w.Encoding = wire.Encoding{X: bucketColumn, Y: "close"}
		w.Time = true
	case "combo":
		w.Encoding = wire.Encoding{X: bucketColumn, Y: p.Measure.Name, Line: p.Line.Name}
		w.LineFormat = p.Line.Format
		w.Time, w.Filter = p.Dimension == "", p.Dimension
		if !w.Time {
			w.Encoding.X = p.Dimension
		}
	case "heatmap", "pivot":
		w.Encoding = wire.Encoding{X: "x", Y: "y", Color: p.Measure.Name}
		w.Filter = p.Dimension
		w.Zero = additive(p.Measure)
	case "calendar":
		w.Encoding = wire.Encoding{X: bucketColumn, Color: p.Measure.Name}
		w.Zero = additive(p.Measure)
	case "scatter":
		w.Encoding = wire.Encoding{X: p.Column, Y: p.Second, Color: p.Color, Facet: p.Facet}
		w.Filter = p.Color
	case "table":
		w.Encoding = wire.Encoding{Columns: p.Columns}
	}
	if p.Format != "" {
		w.Format = p.Format
	}
	w.Compare = p.Compare
	if p.NoHighlight {
		w.Highlight = "none"
	}
	if t := p.Target; t != nil {
		w.Target = t.Label()
		if p.Mark != "kpi" && t.Value == nil {
			w.Encoding.Target = t.Measure.Name
		}
	}
	if len(p.Tabs) > 0 {
		w.Title = p.Measure.Label + " by" // the tabs say by what
		if w.Words == nil {
			w.Words = &wire.Words{}
		}
		w.Words.Title = &wire.Heading{Terms: []wire.Term{termWire(p.Measure.Term())}, Open: true}
		for _, t := range append([]manifest.Panel{p}, p.Tabs...) {
			w.Tabs = append(w.Tabs, wire.Tab{Panel: t.Name, Title: labelOf(d, t.Dimension), Filter: t.Dimension})
		}
	}
	return w
}

// panels lists every panel of a dashboard, those behind tabs too.
func panels(d *manifest.Dashboard) []manifest.Panel {
	var all []manifest.Panel
	for _, row := range d.Rows {
		for _, p := range row.Panels {
			all = append(all, p)
			all = append(all, p.Tabs...)
		}
	}
	return all
}

// layout describes the rows of a dashboard to the page.
func layout(d *manifest.Dashboard) []wire.Row {
	rows := []wire.Row{}
	for _, r := range d.Rows {
		w := wire.Row{Height: r.Height, Items: []wire.Item{}}
		for _, p := range r.Panels {
			w.Items = append(w.Items, itemWire(d, p))
		}
		rows = append(rows, w)
	}
	return rows
}

// look is how the page is to look.
func look(d *manifest.Dashboard) *wire.Look {
	if d.Look == nil {
		return nil
	}
	w := wire.Look(*d.Look)
	return &w
}

// fields lists the columns that a viewer may filter by: not those the grant locks. Those that are offered come first, in
// the order in which somebody wrote them; a guest is not told of the others.
func fields(d *manifest.Dashboard, scope Scope) []wire.Field {
	all := []wire.Field{}
	if !scope.may("filters") {
		return all
	}
	for _, f := range d.Fields {
		if _, locked := scope.Lock[f.Name]; locked || f.Role == manifest.RoleEmpty {
			continue
		}
		all = append(all, wire.Field{Name: f.Name, Label: f.Label, Type: f.Type.String(), Unit: f.Unit, Role: string(f.Role), Distinct: int(f.Distinct)})
	}
	if d.Filters == nil {
		return all
	}
	place := func(f wire.Field) int {
		return slices.IndexFunc(d.Filters, func(o manifest.Offer) bool { return o.Column == f.Name })
	}
	for i := range all {
		if at := place(all[i]); at >= 0 {
			all[i].Control = d.Filters[at].Control
		} else {
			all[i].Hidden = true
		}
	}
	if scope.Guest {
		all = slices.DeleteFunc(all, func(f wire.Field) bool { return f.Hidden })
	}
	slices.SortStableFunc(all, func(a, b wire.Field) int {
		// −1, which is of what is not offered, goes to the end.
		return cmp.Compare(uint(place(a)), uint(place(b)))
	})
	return all
}
