package manifest

import (
	"math"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// Sizes of a proposal.
const (
	mostKPIs    = 5
	mostCharts  = 6  // below the main row
	mostTabs    = 4  // of the ranked list, the first included
	mostColumns = 40 // of the table
	leastScore  = 34 // what a chart must reach to be shown
)

// Recommend chooses the panels of a table: figures on top, the main trend with a ranked list beside it, then what else
// is worth seeing, and the rows. The name is the table's, from which panels take the word for its rows ("orders"); an
// empty title is made from it. The profiles are those of all columns, in order; data is the table they describe, of
// which a sample is read to tell charts that show something from charts that do not, or nil to go by the profiles.
//
// The choice is a function of its arguments: the same table gives the same dashboard, and every table gives one,
// whatever it holds. It is made for [Dashboard.Signature] and should be kept until [Dashboard.Stale].
func Recommend(name, title string, profiles []view.ColumnProfile, data *table.Table) *Dashboard {
	return propose(newStudy(name, profiles, data, nil), title)
}

// propose makes the dashboard of a study.
func propose(s *study, title string) *Dashboard {
	name := s.name
	if title == "" {
		title = Label(name)
	}
	d := &Dashboard{Slug: Slug(name), Title: title, Table: name, Over: name, Fields: s.fields, Notes: s.notes(), Signature: Signature(s.fields), Basis: s.rows}
	if s.timed {
		d.Time, d.Smallest = s.fields[s.axis].Name, s.smallest
	}
	taken := map[string]bool{}
	add := func(height string, panels ...Panel) {
		if len(panels) == 0 {
			return
		}
		for i := range panels {
			panels[i].Name = unique(panels[i].Name, "-", taken)
			for k := range panels[i].Tabs {
				panels[i].Tabs[k].Name = unique(panels[i].Tabs[k].Name, "-", taken)
			}
		}
		d.Rows = append(d.Rows, Row{Height: height, Panels: panels})
	}
	add("small", s.kpis()...)
	charts := s.charts()
	add("large", charts.first...)
	for _, row := range charts.rest {
		add("medium", row...)
	}
	add("table", s.table())
	return d
}

// kpis are the figures on top: how many rows there are and the best measures.
func (s *study) kpis() []Panel {
	var chosen []*scored
	var count *scored
	for i := range s.measures {
		if s.measures[i].column < 0 {
			count = &s.measures[i]
		}
	}
	if count == nil {
		// Beyond the best dozen in a wide table, and still what every table has.
		m := s.countRows(map[string]bool{})
		count = &m
	}
	names := map[string]bool{}
	yes := 0
	for i := range s.measures {
		m := &s.measures[i]
		if m.column < 0 || s.isPlan(m) || len(chosen) == mostKPIs-1 || m.score < 0.2 && len(chosen) > 0 || names[m.Label] {
			continue
		}
		if s.fields[m.column].Role == RoleBoolean {
			if yes++; yes > 1 {
				continue
			}
		}
		names[m.Label] = true
		chosen = append(chosen, m)
	}
	extras := s.varieties(mostKPIs - 1 - len(chosen))
	for i := range extras {
		chosen = append(chosen, &extras[i])
	}
	if s.events {
		chosen = slices.Insert(chosen, 0, count)
	} else {
		chosen = append(chosen, count)
	}
	panels := make([]Panel, len(chosen))
	for i, m := range chosen {
		panels[i] = Panel{Name: Slug(m.Label), Mark: "kpi", Width: max(2, 12/len(chosen)), Measure: m.Measure, Zero: m.additive(),
			Score: 100}
		s.entitle(&panels[i])
		panels[i].chosen("T1", 100, m.why)
		if plan := s.planOf(m); plan != nil {
			panels[i].Target = &Target{Measure: plan.Measure}
		}
	}
	return panels
}

// varieties count the different values of columns that have many, for tables with few numbers.
func (s *study) varieties(room int) []scored {
	var all []scored
	if !s.events && s.axis >= 0 || room <= 0 {
		return nil
	}
	taken := map[string]bool{}
	for _, f := range s.fields {
		taken[f.Name] = true
	}
	dims := slices.Clone(s.dimensions)
	slices.SortStableFunc(dims, byList)
	for _, d := range dims {
		f, p := &s.fields[d.column], &s.profiles[d.column]
		if f.Role != RoleNominal || p.Distinct < 8 || len(all) >= min(room, 2) {
			continue
		}
		m := scored{column: d.column, Measure: Measure{Name: unique(identifier("different "+f.Label), "_", taken), Op: view.Distinct, Column: f.Name, Format: "integer"}}
		m.say(Term{Word: "different", Label: strings.TrimSuffix(strings.TrimSuffix(f.Label, " name"), " Name")})
		m.Noun = within(m.Label)
		m.why = because("varieties", "column", f.Label)
		all = append(all, m)
	}
	return all
}

// layout is the charts between the figures and the table.
type layout struct {
	first []Panel
	rest  [][]Panel
}

// charts chooses the main row and the rows below it.
func (s *study) charts() layout {
	if s.rows < 2 {
		return layout{}
	}
	main := s.main()
	ranked := s.ranked()
	pool := s.candidates(main)
	if main == nil && ranked == nil {
		// Nothing stands out: the two best charts take the first row.
		picked := s.pick(pool, nil, nil)
		n := min(2, len(picked))
		for i := range picked[:n] {
			picked[i].Width = 12 / n
		}
		return layout{picked[:n], pack(picked[n:])}
	}
	if main == nil {
		if main = s.stand(pool); main != nil {
			main.Width = 8
		}
	}
	var chosen []*candidate
	var first []Panel
	if main != nil {
		main.Score = math.Round(main.score()*10) / 10
		main.chosen(main.rule, main.Score, main.reasons...)
		first = append(first, main.Panel)
		chosen = append(chosen, main)
	}
	if ranked != nil {
		chosen = append(chosen, ranked)
		if main == nil && len(ranked.Tabs) > 0 {
			// Two lists side by side, the second with the other tabs.
			second := ranked.Tabs[0]
			second.Tabs = ranked.Tabs[1:]
			alone := ranked.Panel
			alone.Tabs = nil
			alone.Width, second.Width = 6, 6
			first = append(first, alone, second)
		} else {
			first = append(first, ranked.Panel)
		}
	}
	if len(first) == 1 {
		first[0].Width = 12
	}
	return layout{first, pack(s.pick(pool, chosen, ranked))}
}

// stand returns the candidate that takes the place of the main trend beside a ranked list where there is no time axis,
// nil of none. Bars and the spread of a single number are not worth so much room.
func (s *study) stand(pool []candidate) *candidate {
	var best *candidate
	top := 0.0
	for i := range pool {
		c := &pool[i]
		score := c.score()
		switch c.Mark {
		case "scatter":
			score *= 1.15
		case "bar", "histogram":
			continue
		}
		if score > top && score >= leastScore {
			best, top = c, score
		}
	}
	if best == nil {
		return nil
	}
	c := *best
	return &c
}

// ranked is the list of the largest groups of the best measure, with a tab for each column that it can be grouped by;
// nil where no column groups.
func (s *study) ranked() *candidate {
	m := &s.measures[0]
	dims := slices.Clone(s.dimensions)
	if s.caption >= 0 && m.column >= 0 && m.additive() {
		// Each row has a name: the largest rows are what one asks for first.
		score := 0.8
		if s.series < 0 && s.axis < 0 {
			score = 1.2
		}
		dims = append(dims, dimension{column: s.caption, list: score})
	}
	slices.SortStableFunc(dims, byList)
	var out *candidate
	for _, d := range dims {
		f := &s.fields[d.column]
		if m.column == d.column || s.rows < 5 || d.list < 0.1 || out == nil && d.list < 0.25 || !s.events && m.column < 0 {
			continue
		}
		p := Panel{Mark: "ranked", Measure: m.Measure, Dimension: f.Name, Limit: 10, Zero: true, Width: 4}
		s.entitle(&p)
		p.Name = Slug(p.Title)
		if out == nil {
			out = &candidate{Panel: p, rule: "T6", base: 80, quality: s.quality(d.column, m.column), interest: 1, measure: m.Name, uses: []string{f.Name}}
			out.reasons = []Reason{m.why, because("kind", "column", s.called(d.column), "role", string(f.Role), "n", f.Distinct)}
			out.Score = math.Round(out.score()*10) / 10
			out.chosen(out.rule, out.Score, out.reasons...)
			continue
		}
		if len(out.Tabs) < mostTabs-1 {
			p.Score = math.Round(80*s.quality(d.column, m.column)*10) / 10
			p.chosen("T6", p.Score, because("values", "column", f.Label, "n", f.Distinct))
			out.Tabs = append(out.Tabs, p)
		}
	}
	return out
}

// pick takes the best candidates one by one. What repeats a column, a measure or a mark of those that already stand
// loses, so that the next chart says something new.
func (s *study) pick(pool []candidate, chosen []*candidate, ranked *candidate) []Panel {
	listed := map[string]bool{}
	if ranked != nil {
		listed[ranked.Dimension] = true
		for _, t := range ranked.Tabs {
			listed[t.Dimension] = true
		}
	}
	used := map[string]bool{}
	for _, c := range chosen {
		used[c.Name] = true
	}
	var panels []Panel
	for len(panels) < mostCharts {
		var best *candidate
		top := 0.0
		for i := range pool {
			c := &pool[i]
			if used[c.Name] {
				continue
			}
			score := c.score()
			for _, o := range chosen {
				for _, u := range c.uses {
					if slices.Contains(o.uses, u) {
						score *= 0.6
					}
				}
				if c.measure == o.measure {
					score *= 0.85
				}
				if c.Mark == o.Mark {
					score *= 0.8
				}
			}
			if c.Mark == "bar" && ranked != nil && c.measure == ranked.measure && listed[c.Dimension] {
				score = 0
			}
			if score > top {
				best, top = c, score
			}
		}
		least := float64(leastScore)
		if len(panels) < 2 || ranked == nil && s.axis < 0 {
			least *= 0.6 // a pair fills a row; and where nothing stands above, alike is better than nothing
		}
		if best == nil || top < least {
			break
		}
		used[best.Name] = true
		chosen = append(chosen, best)
		p := best.Panel
		p.Score = math.Round(top*10) / 10
		p.chosen(best.rule, p.Score, best.reasons...)
		panels = append(panels, p)
	}
	return panels
}

// pack lays charts out in rows of three, or of two where that leaves none alone.
func pack(panels []Panel) [][]Panel {
	var rows [][]Panel
	for len(panels) > 0 {
		n := 3
		if len(panels) == 4 || len(panels) == 2 {
			n = 2
		}
		n = min(n, len(panels))
		row := slices.Clone(panels[:n])
		for i := range row {
			row[i].Width = 12 / n
		}
		rows = append(rows, row)
		panels = panels[n:]
	}
	return rows
}

// table is the panel of the rows themselves: columns that differ, in the file's order, newest first.
func (s *study) table() Panel {
	p := Panel{Name: "data", Mark: "table", Width: 12, Score: 20}
	s.entitle(&p)
	for i := range s.fields {
		f := &s.fields[i]
		if f.Role != RoleEmpty && f.Role != RoleConstant && len(p.Columns) < mostColumns {
			p.Columns = append(p.Columns, f.Name)
		}
	}
	if len(p.Columns) == 0 {
		for i := range s.fields[:min(len(s.fields), mostColumns)] {
			p.Columns = append(p.Columns, s.fields[i].Name)
		}
	}
	if s.timed {
		p.Sort = "-" + s.fields[s.axis].Name
	}
	p.chosen("T17", p.Score, because("data"))
	return p
}
