package manifest

import (
	"math"

	"github.com/dashira/dashira/table/view"
)

// candidate is a panel that could be shown, with what decides whether it is.
type candidate struct {
	Panel
	rule     string   // the template it comes from
	base     float64  // of the template, 0 to 100
	quality  float64  // of the columns, 0 to 1
	interest float64  // of the values, 0.7 to 1.3
	uses     []string // dimensions, cycles and numbers, for the novelty of what follows
	measure  string
	reasons  []Reason
}

func (c *candidate) score() float64 { return c.base * c.quality * c.interest }

// interesting maps a figure from 0, dull, to 1, telling, to the factor of a score. The range is narrow so that the
// order of the templates stays in charge.
func interesting(x float64) float64 { return 0.7 + 0.6*math.Max(0, math.Min(1, x)) }

// unknown is the interest of a chart whose values could not be looked at.
const unknown = 0.9

// quality is the share of rows in which all columns are filled, by the confidence in their roles.
func (s *study) quality(columns ...int) float64 {
	q := 1.0
	for _, c := range columns {
		if c < 0 {
			continue
		}
		p := &s.profiles[c]
		q *= s.fields[c].Confidence * float64(p.Rows-p.Nulls) / math.Max(1, float64(p.Rows))
	}
	return q
}

// candidates returns every panel that could stand below the main trend.
func (s *study) candidates(main *candidate) []candidate {
	var all []candidate
	if s.rows < 5 {
		return nil
	}
	all = append(all, s.trends(main)...)
	all = append(all, s.seasons()...)
	all = append(all, s.bars()...)
	all = append(all, s.histograms()...)
	all = append(all, s.scatters()...)
	all = append(all, s.matrices()...)
	all = append(all, s.boxes()...)
	kept := all[:0]
	for _, c := range all {
		if main == nil || c.Name != main.Name {
			kept = append(kept, c)
		}
	}
	return kept
}

// trend is a line of a measure along the axis, split by a column or whole (−1).
func (s *study) trend(m *scored, split int) candidate {
	c := candidate{rule: "T2", base: 92, interest: 1, measure: m.Name, quality: s.quality(s.axis, m.column)}
	c.Panel = Panel{Mark: "line", Measure: m.Measure, Zero: m.additive()}
	if !s.timed {
		c.Dimension = s.fields[s.axis].Name
	}
	c.reasons = []Reason{because("axis", "column", s.fields[s.axis].Label), m.why}
	if split >= 0 {
		c.Color = s.fields[split].Name
		c.Limit = min(6, int(s.profiles[split].Distinct))
		if split != s.series {
			// That a series has a line for each of its parts is nothing new wherever it happens.
			c.uses = append(c.uses, c.Color)
		}
		c.quality *= s.quality(split)
		c.rule = "T4"
		each := "lines"
		if n := s.profiles[split].Distinct; n > mostLines && n <= mostMinis {
			// So many lines lie over one another: each gets a small chart of its own, all of one scale.
			c.Facet, c.Color, c.Limit = c.Color, "", 0
			each = "minis"
		}
		c.reasons = append(c.reasons, because(each, "column", s.called(split)))
	}
	s.entitle(&c.Panel)
	c.Name = Slug(c.Title)
	return c
}

// The lines that are told apart in one chart, and the small charts that more of them become.
const (
	mostLines = 4
	mostMinis = 9
)

// trending is the measure of the main trend: the best one, but for tables of named things, of which the average says
// less over time than how many there are of a time.
func (s *study) trending() *scored {
	m := &s.measures[0]
	if s.events && s.caption >= 0 && !m.additive() {
		for i := range s.measures {
			if s.measures[i].column < 0 {
				return &s.measures[i]
			}
		}
	}
	return m
}

// main returns the trend that stands first: the best measure, split where a column makes few telling lines.
func (s *study) main() *candidate {
	if s.axis < 0 || s.rows < 3 {
		return nil
	}
	if c := s.candlestick(); c != nil {
		return c
	}
	m := s.trending()
	if c := s.against(m); c != nil {
		return c
	}
	split := -1
	if s.series >= 0 {
		if s.profiles[s.series].Distinct <= 12 || s.profiles[s.series].Distinct <= 60 && !m.additive() {
			split = s.series
		}
	} else {
		for _, d := range s.dimensions {
			f, p := &s.fields[d.column], &s.profiles[d.column]
			if f.Role != RoleNominal && (f.Role != RoleCyclic || !f.Type.Textual()) {
				continue
			}
			if p.Distinct >= 2 && p.Distinct <= 4 && d.even >= 0.5 && float64(p.Nulls) < 0.05*float64(p.Rows) && s.rows >= 60 {
				split = d.column
				break
			}
		}
	}
	c := s.trend(m, split)
	if split >= 0 && m.additive() && s.series < 0 {
		c.rule = "T3"
	}
	c.Width = 8
	return &c
}

// trends are lines of the measures after the first, and areas that show what the first is made of.
func (s *study) trends(main *candidate) []candidate {
	if s.axis < 0 {
		return nil
	}
	var all []candidate
	for i := range s.measures {
		m := &s.measures[i]
		if m == s.trending() || s.isPlan(m) || i > 4 || m.column < 0 || s.caption >= 0 && s.events && !m.additive() || m.score < 0.5 || m.Op == view.Distinct {
			continue
		}
		split := s.series
		if split >= 0 && s.profiles[split].Distinct > 7 {
			split = -1
		}
		c := s.trend(m, split)
		c.base = 68
		if !s.events {
			c.base = 82
		}
		all = append(all, c)
	}
	m := s.trending()
	if !m.additive() {
		return all
	}
	for _, d := range s.dimensions {
		f, p := &s.fields[d.column], &s.profiles[d.column]
		if p.Distinct < 2 || p.Distinct > 7 || f.Role == RoleBoolean || f.Name == main.Color && d.column != s.series || m.column >= 0 && s.profiles[m.column].Negatives > 0 {
			continue
		}
		c := s.trend(m, d.column)
		c.rule, c.Mark, c.Stack, c.Zero, c.base = "T3", "area", "normalize", true, 64
		c.Color, c.Facet, c.Limit = f.Name, "", min(6, int(p.Distinct)) // parts of one whole stay one chart
		c.interest = interesting(d.even)
		s.entitle(&c.Panel)
		c.Name = Slug(c.Title)
		c.reasons = []Reason{m.why, because("shares", "column", s.called(d.column), "n", p.Distinct)}
		all = append(all, c)
	}
	return all
}

// seasons are heatmaps and columns of the cycles of the time axis: hour and weekday, month and year.
func (s *study) seasons() []candidate {
	if !s.timed {
		return nil
	}
	m := s.trending()
	type season struct {
		cycle, across view.Grain
		uses          []string
		base          float64
	}
	var plans []season
	switch {
	case s.smallest <= view.Hour && s.span >= 14*day:
		plans = append(plans, season{view.DayOfWeek, view.HourOfDay, []string{"weekday", "hour"}, 76}, season{view.HourOfDay, view.NoGrain, []string{"hour"}, 60})
	case s.smallest <= view.Hour && s.span >= 2*day:
		plans = append(plans, season{view.HourOfDay, view.NoGrain, []string{"hour"}, 64})
	}
	if s.smallest <= view.Month && s.span >= 2*year {
		base := 74.0
		if s.span > 40*year {
			base = 50
		}
		plans = append(plans, season{view.MonthOfYear, view.Year, []string{"season"}, base})
	}
	if s.smallest <= view.Day && s.span >= 60*day {
		plans = append(plans, season{view.DayOfWeek, view.NoGrain, []string{"weekday"}, 56})
	}
	var all []candidate
	for _, p := range plans {
		c := candidate{rule: "T11", base: p.base, quality: s.quality(s.axis, m.column), interest: unknown, measure: m.Name, uses: p.uses}
		c.Panel = Panel{Mark: "heatmap", Measure: m.Measure, Cyclic: p.cycle, Across: p.across}
		if p.across == view.NoGrain {
			c.Mark, c.Zero = "column", m.additive()
		}
		if !s.sample.empty() {
			x := s.spread(m, s.sample.cycle(s.axis, p.cycle))
			if p.across == view.HourOfDay {
				x = math.Max(x, s.spread(m, s.sample.cycle(s.axis, p.across)))
			}
			c.interest = interesting(2 * x)
			if m.additive() {
				// Shares of twelve months or seven days are never far from equal.
				c.interest = interesting(4 * x)
			}
			if x < 0.05 {
				c.base *= 0.6
			}
		}
		s.entitle(&c.Panel)
		c.Name = Slug(c.Title)
		c.reasons = []Reason{because("seasons", "column", s.fields[s.axis].Label)}
		all = append(all, c)
	}
	return all
}

// spread says from 0 to 1 how far a measure differs between groups.
func (s *study) spread(m *scored, g grouping) float64 {
	switch {
	case m.column < 0:
		return unevenness(totals(nil, g))
	case m.additive():
		return unevenness(totals(s.sample.number(m.column), g))
	case m.Op == view.Distinct || m.Op == view.Last:
		return 0.3
	}
	return correlationRatio(s.sample.number(m.column), g)
}

// bars compare a measure between the values of a column: columns in their natural order, bars by size.
func (s *study) bars() []candidate {
	var all []candidate
	for i := range s.measures {
		m := &s.measures[i]
		if i > 3 || m.score < 0.5 && i > 0 {
			continue
		}
		for _, d := range s.dimensions {
			f, p := &s.fields[d.column], &s.profiles[d.column]
			if p.Distinct > 31 || p.Distinct > 12 && f.Role == RoleNominal || d.column == m.column {
				continue
			}
			c := candidate{rule: "T5", base: 66, interest: unknown, measure: m.Name, quality: s.quality(d.column, m.column), uses: []string{f.Name}}
			c.Panel = Panel{Mark: "bar", Measure: m.Measure, Dimension: f.Name, Limit: 12, Zero: true}
			if f.Role == RoleCyclic || f.Role == RoleOrdinal {
				c.rule, c.Mark, c.Limit, c.base = "T7", "column", 31, 76
			}
			if f.Role == RoleBoolean {
				c.base = 42
			}
			if !m.additive() {
				c.base -= 4
			}
			if !s.sample.empty() {
				x := s.spread(m, s.sample.group(d.column))
				c.interest = interesting(1.5 * x)
				if x < 0.03 && !m.additive() {
					c.base *= 0.6
				}
			}
			s.entitle(&c.Panel)
			c.Name = Slug(c.Title)
			c.reasons = []Reason{m.why, because("values", "column", s.called(d.column), "n", p.Distinct)}
			all = append(all, c)
		}
	}
	return all
}

// histograms show how the values of a number are spread.
func (s *study) histograms() []candidate {
	var all []candidate
	for k, i := range s.numbers() {
		p := &s.profiles[i]
		if k >= 5 || p.Rows-p.Nulls < 20 || p.Quantiles[1] == p.Quantiles[3] {
			continue
		}
		c := candidate{rule: "T8", base: 70, quality: math.Max(0.5, s.quality(i)), uses: []string{s.fields[i].Name}, measure: s.fields[i].Name}
		if !s.events {
			c.base = 52
		}
		skew := math.Abs(p.Skew)
		c.interest = interesting(skew / (1 + skew))
		if skew > 8 {
			c.interest = 0.7
		}
		c.Panel = Panel{Mark: "histogram", Column: s.fields[i].Name, Zero: true}
		s.entitle(&c.Panel)
		c.Name = Slug(c.Title)
		c.reasons = []Reason{because("spread", "column", s.fields[i].Label, "role", string(s.fields[i].Role), "n", p.Distinct)}
		all = append(all, c)
	}
	return all
}

// scatters set two numbers of a row against each other.
func (s *study) scatters() []candidate {
	numbers := s.numbers()
	if len(numbers) > 6 {
		numbers = numbers[:6]
	}
	color := ""
	for _, d := range s.dimensions {
		f, p := &s.fields[d.column], &s.profiles[d.column]
		if (f.Role == RoleNominal || f.Role == RoleCyclic) && p.Distinct >= 2 && p.Distinct <= 7 && d.even > 0.3 {
			color = f.Name
			break
		}
	}
	var all []candidate
	for a, y := range numbers {
		for _, x := range numbers[a+1:] {
			c := candidate{rule: "T9", base: 66, interest: unknown, quality: math.Max(0.4, s.quality(x, y)), uses: []string{s.fields[x].Name, s.fields[y].Name}, measure: s.fields[y].Name}
			n := int(min(s.profiles[x].Rows-s.profiles[x].Nulls, s.profiles[y].Rows-s.profiles[y].Nulls))
			relation := because("numbers", "column", s.fields[y].Label, "other", s.called(x))
			if !s.sample.empty() {
				var rho float64
				rho, n = spearman(s.sample.number(x), s.sample.number(y))
				c.interest = interesting(math.Abs(rho))
				relation = because("correlated", "column", s.fields[y].Label, "other", s.called(x), "rank", math.Round(rho*100)/100)
				if math.Abs(rho) > 0.985 {
					c.base *= 0.6
				} else if math.Abs(rho) < 0.1 {
					c.base *= 0.8
				}
			}
			if n < 10 {
				continue
			}
			if !s.events {
				c.base -= 16
			}
			c.Panel = Panel{Mark: "scatter", Column: s.fields[x].Name, Second: s.fields[y].Name, Color: color}
			s.entitle(&c.Panel)
			c.Name = Slug(c.Title)
			c.reasons = []Reason{relation}
			all = append(all, c)
		}
	}
	return all
}

// matrices are heatmaps of the first measure over two columns.
func (s *study) matrices() []candidate {
	if !s.events {
		return nil
	}
	m := &s.measures[0]
	var all []candidate
	for a, d := range s.dimensions {
		for _, e := range s.dimensions[a+1:] {
			x, y := d.column, e.column
			if s.profiles[x].Distinct < s.profiles[y].Distinct {
				x, y = y, x
			}
			nx, ny := s.profiles[x].Distinct, s.profiles[y].Distinct
			if x == m.column || y == m.column || nx > 30 || ny > 20 || nx < 3 || ny < 2 || nx*ny > s.rows {
				continue
			}
			c := candidate{rule: "T10", base: 60, interest: unknown, measure: m.Name, quality: s.quality(x, y, m.column), uses: []string{s.fields[x].Name, s.fields[y].Name}}
			if !s.sample.empty() {
				v := cramersV(s.sample.group(x), s.sample.group(y))
				c.interest = interesting(1.5 * v)
				if v > 0.95 || v < 0.03 {
					c.base *= 0.6
				}
			}
			c.Panel = Panel{Mark: "heatmap", Measure: m.Measure, Dimension: s.fields[x].Name, Second: s.fields[y].Name}
			s.entitle(&c.Panel)
			c.Name = Slug(c.Title)
			c.reasons = []Reason{because("matrix", "column", s.fields[x].Label, "n", nx, "other", s.called(y), "m", ny)}
			all = append(all, c)
		}
	}
	return all
}

// boxes compare the spread of a number between the values of a column.
func (s *study) boxes() []candidate {
	var all []candidate
	for k, i := range s.numbers() {
		p := &s.profiles[i]
		if k >= 4 || p.Rows-p.Nulls < 30 || p.Quantiles[1] == p.Quantiles[3] {
			continue
		}
		for _, d := range s.dimensions {
			f, q := &s.fields[d.column], &s.profiles[d.column]
			if q.Distinct > 12 || (p.Rows-p.Nulls)/q.Distinct < 8 || f.Role == RoleBoolean {
				continue
			}
			c := candidate{rule: "T13", base: 58, interest: unknown, measure: s.fields[i].Name, quality: math.Max(0.5, s.quality(i)) * s.quality(d.column), uses: []string{f.Name, s.fields[i].Name}}
			if !s.sample.empty() {
				x := correlationRatio(s.sample.number(i), s.sample.group(d.column))
				c.interest = interesting(1.5 * x)
				if x < 0.05 {
					c.base *= 0.6
				}
			}
			c.Panel = Panel{Mark: "box", Column: s.fields[i].Name, Dimension: f.Name, Limit: 12}
			s.entitle(&c.Panel)
			c.Name = Slug(c.Title + " spread")
			c.reasons = []Reason{because("boxes", "column", s.fields[i].Label, "n", q.Distinct, "other", s.called(d.column))}
			all = append(all, c)
		}
	}
	return all
}
