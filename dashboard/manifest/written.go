package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// dashboard makes a dashboard as it is written; without rows it is the automatic one under its own title.
func (s *subject) dashboard(spec *dashboardSpec, p *problems) *Dashboard {
	title := Label(spec.name.text)
	if spec.title != nil {
		title = spec.title.text
	}
	proposal := propose(s.study, title)
	proposal.Opening = spec.opening
	proposal.Annotations = s.annotations(spec.annotations, p)
	proposal.Filters = s.offers(spec.offers, p)
	if len(spec.rows) == 0 {
		return proposal
	}
	d := *proposal
	d.Rows = nil
	taken := map[string]bool{}
	for _, row := range spec.rows {
		for _, item := range row.items {
			if n := item.keys["name"]; n != nil {
				if Slug(n.text) != n.text {
					p.at(n, fmt.Sprintf("%q cannot be the name of a panel.", n.text), fmt.Sprintf("Use %q.", Slug(n.text)))
				} else if taken[n.text] {
					p.at(n, fmt.Sprintf("Another panel has the name %q already.", n.text), "")
				}
				taken[n.text] = true
			}
		}
	}
	for _, row := range spec.rows {
		var panels []Panel
		for _, item := range row.items {
			panel, ok := s.panel(item, p)
			if !ok {
				continue
			}
			if item.keys["name"] == nil {
				panel.Name = unique(Slug(panel.Title), "-", taken)
			}
			for i := range panel.Tabs {
				panel.Tabs[i].Name = unique(panel.Tabs[i].Name, "-", taken)
			}
			panels = append(panels, panel)
		}
		if len(panels) > 0 {
			widen(panels, row.at, p)
			height := row.height
			if height == "" {
				height = heightOf(panels)
			}
			d.Rows = append(d.Rows, Row{Height: height, Panels: panels})
		}
		for _, more := range pack(suggestions(proposal, &d, row.auto)) {
			for i := range more {
				more[i].Name = unique(more[i].Name, "-", taken)
			}
			d.Rows = append(d.Rows, Row{Height: "medium", Panels: more})
		}
	}
	return &d
}

// suggestions returns the best charts of the proposal that a dashboard does not show yet.
func suggestions(proposal, d *Dashboard, n int) []Panel {
	shown := map[string]bool{}
	for _, row := range d.Rows {
		for _, p := range row.Panels {
			shown[sameness(p)] = true
		}
	}
	var all []Panel
	for _, row := range proposal.Rows {
		for _, p := range row.Panels {
			if p.Mark != "kpi" && p.Mark != "table" && !shown[sameness(p)] && len(all) < n {
				p.Tabs = nil
				all = append(all, p)
			}
		}
	}
	return all
}

// sameness is equal for panels that show the same.
func sameness(p Panel) string {
	return fmt.Sprintln(p.Mark, p.Measure.Op, p.Measure.Column, p.Dimension, p.Second, p.Column, p.Color, p.Facet, p.Stack, p.Cyclic, p.Across)
}

// heightOf chooses the height of a row by what stands in it.
func heightOf(panels []Panel) string {
	figures := true
	for _, p := range panels {
		if p.Mark == "table" {
			return "table"
		}
		figures = figures && p.Mark == "kpi"
	}
	switch {
	case figures:
		return "small"
	case len(panels) <= 2 && panels[0].Width >= 8:
		return "large"
	}
	return "medium"
}

// widen shares what is left of a row's twelve columns among the panels without a width.
func widen(panels []Panel, at *node, p *problems) {
	left, open := 12, 0
	for _, panel := range panels {
		left -= panel.Width
		if panel.Width == 0 {
			open++
		}
	}
	least := 3
	if len(panels) > 4 {
		least = 2
	}
	if left < open*least {
		p.at(at, fmt.Sprintf("These %d panels are wider than the twelve columns of a row.", len(panels)), "Begin a new row, or give them smaller widths.")
		return
	}
	for i := range panels {
		if panels[i].Width == 0 {
			panels[i].Width = left / open
		}
	}
}

// panel makes a panel of what is written.
func (s *subject) panel(item itemSpec, p *problems) (Panel, bool) {
	before := len(p.all)
	panel := Panel{Mark: item.mark}
	panel.explain(because("written", "line", item.at.line))
	if n := item.keys["name"]; n != nil {
		panel.Name = n.text
	}
	if n := item.keys["width"]; n != nil {
		width, err := strconv.Atoi(p.scalar(n))
		if err != nil || width < 2 || width > 12 {
			p.at(n, fmt.Sprintf("%q is not a width.", n.text), "Write a number of columns from 3 to 12.")
		}
		panel.Width = width
	}
	if n := item.keys["limit"]; n != nil {
		limit, err := strconv.Atoi(p.scalar(n))
		if err != nil || limit < 1 || limit > 100 {
			p.at(n, fmt.Sprintf("%q is not a limit.", n.text), "Write a number from 1 to 100.")
		}
		panel.Limit = limit
	}
	if n := item.keys["stack"]; n != nil {
		stacks := []string{"zero", "normalize"}
		if panel.Stack = p.scalar(n); !slices.Contains(stacks, panel.Stack) {
			p.unknown(n, panel.Stack, "a way to stack", stacks)
		}
	}
	switch item.mark {
	case "kpi":
		s.measureKey(&panel, item, "y", p)
	case "line", "area", "column":
		s.series(&panel, item, p)
	case "bar", "ranked", "donut":
		s.ranking(&panel, item, p)
	case "histogram":
		panel.Column, panel.Facet = s.numberKey(item, "x", p), s.optional(item, "facet", p)
	case "box":
		panel.Column, panel.Dimension, panel.Facet = s.numberKey(item, "x", p), s.columnKey(item, "y", p), s.optional(item, "facet", p)
	case "scatter":
		panel.Column, panel.Second = s.numberKey(item, "x", p), s.numberKey(item, "y", p)
		panel.Color, panel.Facet = s.optional(item, "color", p), s.optional(item, "facet", p)
	case "heatmap", "pivot":
		s.matrix(&panel, item, p)
	case "candlestick":
		s.pricesOf(&panel, item, p)
	case "combo":
		s.combo(&panel, item, p)
	case "text":
		if n := item.keys["text"]; n != nil {
			panel.Text = p.scalar(n)
		} else {
			p.at(item.at, "This text says nothing.", "Add \"text\".")
		}
	case "calendar":
		s.measureKey(&panel, item, "color", p)
		if !s.study.timed {
			p.at(item.at, fmt.Sprintf("A calendar needs a time axis, and %s has none.", s.Name), "")
		}
	case "table":
		s.rows(&panel, item, p)
	}
	s.aims(&panel, item, p)
	s.options(&panel, item, p)
	panel.Zero = panel.Mark == "histogram" || panel.Mark == "bar" || panel.Mark == "ranked" || adds(panel.Measure)
	if n := item.keys["zero"]; n != nil {
		panel.Zero, _ = p.truth(n)
	}
	s.study.entitle(&panel)
	if n := item.keys["title"]; n != nil {
		panel.called(p.scalar(n))
	}
	s.goesAlong(&panel, item, p)
	used := []string{panel.Dimension, panel.Second, panel.Column, panel.Color, panel.Facet}
	for i, column := range used {
		if column != "" && slices.Contains(used[:i], column) {
			p.at(item.at, fmt.Sprintf("This %s uses %q twice.", item.mark, column), "A column goes on one channel of a panel.")
		}
	}
	return panel, len(p.all) == before
}

// series reads a line, an area or columns.
func (s *subject) series(panel *Panel, item itemSpec, p *problems) {
	if y := item.keys["y"]; y != nil && panel.Mark != "column" && s.named[y.text] == nil && s.numeric(y.text) {
		s.rowsLine(panel, item, p)
		return
	}
	s.measureKey(panel, item, "y", p)
	panel.Color = s.optional(item, "color", p)
	panel.Facet = s.optional(item, "facet", p)
	x := item.keys["x"]
	switch {
	case panel.Mark == "column" && x == nil:
		p.at(item.at, "This column chart does not say what stands along it.", "Add \"x\" with a column, or with a cycle such as day_of_week(ordered_at).")
	case x == nil && s.study.axis < 0:
		p.at(item.at, fmt.Sprintf("This %s has no x, and %s has no time axis to stand in for it.", panel.Mark, s.Name), "Add \"x\" with a column.")
	case x == nil && !s.study.timed:
		panel.Dimension = s.study.fields[s.study.axis].Name
	case x == nil || s.study.timed && x.text == s.study.fields[s.study.axis].Name && panel.Mark != "column":
	default:
		if g, ok := s.cycle(x, p); ok {
			if panel.Mark != "column" || g < view.MonthOfYear {
				p.at(x, fmt.Sprintf("%q does not go on this mark.", x.text), "A column chart takes month_of_year, day_of_week or hour_of_day; lines and areas follow the grain that the viewer chooses.")
			}
			panel.Cyclic = g
		} else {
			panel.Dimension = s.columnKey(item, "x", p)
		}
	}
}

// rowsLine reads a line or an area through the rows themselves: y is a column of numbers, and each row is a point.
func (s *subject) rowsLine(panel *Panel, item itemSpec, p *problems) {
	panel.Column = item.keys["y"].text
	panel.Color = s.optional(item, "color", p)
	panel.Facet = s.optional(item, "facet", p)
	if n := item.keys["stack"]; n != nil {
		p.at(n, "Points of rows cannot be stacked.", "Write a measure as \"y\", such as sum("+panel.Column+").")
	}
	switch x := item.keys["x"]; {
	case x != nil && !(s.study.timed && x.text == s.study.fields[s.study.axis].Name):
		if panel.Dimension = s.columnKey(item, "x", p); panel.Dimension != "" {
			if t := s.Profiles[s.index(panel.Dimension)].Field.Type; !t.Numeric() && !t.Temporal() && t != table.Time {
				p.at(x, fmt.Sprintf("%q holds %s values, along which no row has a place.", panel.Dimension, t), "Points need a time or a number as x; a measure such as avg("+panel.Column+") goes along anything.")
			}
		}
	case !s.study.timed:
		p.at(item.at, fmt.Sprintf("This %s has no x, and %s has no time axis to stand in for it.", panel.Mark, s.Name), "Add \"x\" with a column.")
	}
}

// ranking reads bars, a ranked list or a donut.
func (s *subject) ranking(panel *Panel, item itemSpec, p *problems) {
	s.measureKey(panel, item, "x", p)
	panel.Dimension = s.columnKey(item, "y", p)
	panel.Facet = s.optional(item, "facet", p)
	if n := item.keys["sort"]; n != nil && p.scalar(n) != "-x" {
		p.at(n, fmt.Sprintf("The order %q is not supported yet on this mark.", n.text), "Only \"-x\", the largest first, is, which is also what happens without it.")
	}
	if n := item.keys["tabs"]; n != nil {
		for _, tab := range p.list(n) {
			if !s.has(tab, p.scalar(tab), p) {
				continue
			}
			t := *panel
			t.Dimension, t.Tabs = tab.text, nil
			s.study.entitle(&t)
			t.Name = Slug(t.Title)
			t.Zero = true
			panel.Tabs = append(panel.Tabs, t)
		}
	}
}

// combo reads columns with a line over them.
func (s *subject) combo(panel *Panel, item itemSpec, p *problems) {
	s.measureKey(panel, item, "line", p)
	panel.Line = panel.Measure
	s.measureKey(panel, item, "y", p)
	switch x := item.keys["x"]; {
	case x == nil && !s.study.timed:
		p.at(item.at, fmt.Sprintf("This combo has no x, and %s has no time axis to stand in for it.", s.Name), "Add \"x\" with a column.")
	case x == nil || s.study.timed && x.text == s.study.fields[s.study.axis].Name:
	default:
		panel.Dimension = s.columnKey(item, "x", p)
	}
	if panel.Line.Name == panel.Measure.Name {
		p.at(item.at, "This combo has the same measure as columns and as a line.", "Write another one as \"line\", or use the mark column.")
	}
}

// matrix reads a heatmap or a pivot table over two columns, or over cycles and buckets of the time axis.
func (s *subject) matrix(panel *Panel, item itemSpec, p *problems) {
	s.measureKey(panel, item, "color", p)
	x, y := item.keys["x"], item.keys["y"]
	if x == nil || y == nil {
		p.at(item.at, fmt.Sprintf("A %s needs both x and y.", item.mark), "Each is a column, or a part of the time axis such as month_of_year(ordered_at).")
		return
	}
	if g, ok := s.cycle(y, p); ok {
		if g < view.MonthOfYear {
			p.at(y, fmt.Sprintf("%q is not a cycle.", y.text), "y takes month_of_year, day_of_week or hour_of_day.")
		}
		panel.Cyclic = g
	} else {
		panel.Second = s.columnKey(item, "y", p)
	}
	if g, ok := s.cycle(x, p); ok {
		if panel.Cyclic == view.NoGrain {
			p.at(x, "Where x is a part of the time axis, y must be a cycle of it.", "Swap them, or write y as month_of_year(…), day_of_week(…) or hour_of_day(…).")
		}
		panel.Across = g
	} else {
		panel.Dimension = s.columnKey(item, "x", p)
	}
}

// rows reads a table.
func (s *subject) rows(panel *Panel, item itemSpec, p *problems) {
	panel.Columns = s.study.table().Columns
	if n := item.keys["columns"]; n != nil {
		panel.Columns = nil
		for _, c := range p.list(n) {
			if s.has(c, p.scalar(c), p) {
				panel.Columns = append(panel.Columns, c.text)
			}
		}
	}
	if n := item.keys["sort"]; n != nil {
		panel.Sort = p.scalar(n)
		column := strings.TrimPrefix(panel.Sort, "-")
		if s.index(panel.Sort) < 0 {
			s.has(n, column, p)
		}
	}
}

// measureKey reads the measure under a key.
func (s *subject) measureKey(panel *Panel, item itemSpec, key string, p *problems) {
	n := item.keys[key]
	if n == nil {
		p.at(item.at, fmt.Sprintf("This %s does not say what it measures.", item.mark), fmt.Sprintf("Add %q with a measure, such as count() or sum(amount).", key))
		return
	}
	panel.Measure, _ = s.measure(n, p)
}

// columnKey reads the column under a key, which must be there.
func (s *subject) columnKey(item itemSpec, key string, p *problems) string {
	if item.keys[key] == nil {
		p.at(item.at, fmt.Sprintf("This %s needs %q.", item.mark, key), "It names a column.")
		return ""
	}
	return s.optional(item, key, p)
}

// optional reads the column under a key, "" where there is none.
func (s *subject) optional(item itemSpec, key string, p *problems) string {
	n := item.keys[key]
	if n == nil || !s.has(n, p.scalar(n), p) {
		return ""
	}
	return n.text
}

// numberKey reads the column of numbers under a key.
func (s *subject) numberKey(item itemSpec, key string, p *problems) string {
	column := s.columnKey(item, key, p)
	if column == "" {
		return ""
	}
	if typ := s.Profiles[s.index(column)].Field.Type; !typ.Numeric() {
		p.at(item.keys[key], fmt.Sprintf("%q holds %s values, and numbers are needed here.", column, typ), suggest("", s.numbers()))
		return ""
	}
	return column
}

// numbers lists the columns of numbers.
func (s *subject) numbers() []string {
	var all []string
	for i := range s.Profiles {
		if f := s.Profiles[i].Field; f.Type.Numeric() {
			all = append(all, f.Name)
		}
	}
	return all
}

// adds says whether the values of a measure start at nothing: counts and sums do, and running totals of them.
func adds(m Measure) bool {
	if m.Of != nil {
		return (m.Op == view.Running || m.Op == view.MovingMean || m.Op == view.Share) && adds(*m.Of)
	}
	return m.Name != "" && (m.Op == view.Count || m.Op == view.Sum)
}
