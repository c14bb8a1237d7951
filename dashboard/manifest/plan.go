package manifest

import (
	"slices"
	"strings"
	"time"
)

// planned says whether beside a plan there is what became of it.
func (s *study) planned(name string) bool {
	return slices.ContainsFunc(s.fields, func(f Field) bool { return f.Type.Numeric() && f.Name != name && becameOf(f.Name, name) })
}

// becameOf says whether a column holds what became of the plan that another holds: it is called actual, or as the plan
// without the word for one.
func becameOf(actual, plan string) bool {
	bare := func(name string) string {
		rest, _ := splitUnit(name)
		var kept []string
		for _, w := range words(rest) {
			if !planWords[w] && !actualWords[w] {
				kept = append(kept, w)
			}
		}
		return strings.Join(kept, " ")
	}
	w := words(actual)
	if has(planWords, w) || !has(planWords, words(plan)) {
		return false
	}
	return has(actualWords, w) && (bare(actual) == "" || bare(plan) == "" || bare(actual) == bare(plan)) || bare(actual) != "" && bare(actual) == bare(plan)
}

// planOf is the measure of what was meant where m is what became of it: of the same unit, and put together in the same
// way. It is nil where there is none.
func (s *study) planOf(m *scored) *scored {
	if m.column < 0 {
		return nil
	}
	for i := range s.measures {
		p := &s.measures[i]
		if p.column >= 0 && p.Op == m.Op && p.Unit == m.Unit && p.LastPerPeriod == m.LastPerPeriod && becameOf(s.fields[m.column].Name, s.fields[p.column].Name) {
			return p
		}
	}
	return nil
}

// isPlan says whether a measure is shown beside what became of it, and so not by itself.
func (s *study) isPlan(p *scored) bool {
	return p.column >= 0 && slices.ContainsFunc(s.measures, func(m scored) bool { return m.column != p.column && s.planOf(&m) == p })
}

// mostColumnsOver is how many columns a line over them still stands out from.
const mostColumnsOver = 31

// against is the main trend where the measure has a plan: columns of what is and a line of what was meant where both add
// up over few buckets, else a line with the plan dashed beside it. It is nil where there is no plan.
func (s *study) against(m *scored) *candidate {
	plan := s.planOf(m)
	if plan == nil || !s.timed || s.series >= 0 {
		return nil
	}
	c := candidate{rule: "T15", base: 88, interest: 1, measure: m.Name, quality: s.quality(s.axis, m.column, plan.column)}
	c.Panel = Panel{Mark: "line", Measure: m.Measure, Zero: m.additive(), Width: 8, Target: &Target{Measure: plan.Measure}}
	if m.additive() && buckets(s.span, DefaultGrain(time.Time{}, time.Time{}.Add(s.span), s.smallest)) <= mostColumnsOver {
		c.Mark, c.Target, c.Line = "combo", nil, plan.Measure
	}
	s.entitle(&c.Panel)
	c.Name = Slug(c.Title)
	c.reasons = []Reason{because("became", "column", m.Label, "other", plan.Label)}
	return &c
}
