package manifest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// scored is a measure and what speaks for it.
type scored struct {
	Measure
	column int // in the table; −1: the rows themselves
	score  float64
	why    Reason // the role and the aggregate, for the sentence under a panel
}

// additive says whether the values of parts add up to that of the whole, so that they may be stacked.
func (m *scored) additive() bool { return m.Op == view.Count || m.Op == view.Sum }

// rank finds the measures of a table, best first, with the row count among them.
func (s *study) rankMeasures() {
	taken := map[string]bool{}
	for _, f := range s.fields {
		taken[f.Name] = true
	}
	all := []scored{s.countRows(taken)}
	for i := range s.fields {
		m, ok := s.measure(i)
		if !ok {
			continue
		}
		own := identifier(m.Name)
		if own == s.fields[i].Name {
			m.Name = own
		} else {
			m.Name = unique(own, "_", taken)
		}
		// A file's author puts first what matters most.
		m.score -= math.Min(1.5, 0.15*float64(len(all)-1))
		all = append(all, m)
	}
	all = s.said.prefer(all)
	slices.SortStableFunc(all, func(a, b scored) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	s.measures = all
}

func (s *study) countRows(taken map[string]bool) scored {
	m := scored{Measure: Measure{Op: view.Count, Format: "integer"}, column: -1, score: 2.6, why: because("rows")}
	m.say(Term{Word: "rows"})
	if n := noun(s.name); n != "" && s.events {
		m.called(n)
	}
	m.Noun = within(m.Label)
	m.Name = unique("rows", "_", taken)
	switch {
	case !s.events:
		m.score = 0.2
	case s.attribute():
		m.score = 0.6
	}
	return m
}

// measure says how the values of a column become one, and what speaks for showing it.
func (s *study) measure(i int) (scored, bool) {
	f, p := &s.fields[i], &s.profiles[i]
	w := words(f.Name)
	m := scored{column: i, Measure: Measure{Column: f.Name, Unit: f.Unit, Label: f.Label}}
	filled := float64(p.Rows - p.Nulls)
	if filled == 0 {
		return m, false
	}
	switch f.Role {
	case RoleCurrency:
		m.score, m.Op = 3, view.Sum
		if has(unitPrice, w) || s.axis < 0 && has(set("income"), w) {
			m.score, m.Op = 0.5, view.Mean
		}
	case RoleCount:
		m.score, m.Op = 2, view.Sum
	case RoleBytes:
		m.score, m.Op = 0.5, view.Sum
	case RoleDuration:
		m.score, m.Op = 0.4, view.Mean
		if has(totalWords, w) && !has(timeLong, w) {
			m.Op = view.Sum
		}
	case RolePercentage:
		m.score, m.Op = 0.1, view.Mean
	case RoleNumber:
		m.score, m.Op = 0, view.Mean
		switch {
		case has(averageWords, w) || p.Negatives > 0:
		case has(countWords, w) && f.Unit == "":
			m.score, m.Op = 1.5, view.Sum
		case s.events && p.Integers && f.Unit == "" && len(last(w)) > 4 && strings.HasSuffix(last(w), "s") && !strings.HasSuffix(last(w), "ss"):
			m.score, m.Op = 0.8, view.Sum
		case s.events && math.Abs(p.Skew) > 1.5:
			m.Op = view.Median
		}
	case RoleOrdinal:
		if !has(scoreWords, w) {
			return m, false
		}
		m.score, m.Op = 0.5, view.Mean
	case RoleBoolean:
		if f.Type != table.Bool && f.Type != table.Int || p.Distinct < 2 {
			return m, false
		}
		m.score, m.Op = -0.2, view.Mean
		m.Format, m.Unit = "percent", "percent"
	case RoleID:
		if p.Distinct < 2 || float64(p.Distinct) > 0.9*filled || has(set("zip zipcode postcode plz postal phone code no nr number"), w) || len(w) < 2 {
			return m, false
		}
		m.score, m.Op = 0.4, view.Distinct
		if !s.events {
			m.score = -2 // every point in time has all of them
		}
	default:
		return m, false
	}
	s.finishMeasure(&m, f, p, w)
	return m, true
}

// finishMeasure names and formats a measure and adds to its score what is the same for all roles.
func (s *study) finishMeasure(m *scored, f *Field, p *view.ColumnProfile, w []string) {
	rows := math.Max(1, float64(p.Rows))
	nulls, zeros := float64(p.Nulls)/rows, float64(p.Zeros)/rows
	switch {
	case nulls < 0.05:
		m.score++
	case nulls > 0.5:
		m.score -= 2
	}
	switch {
	case zeros > 0.9:
		m.score -= 5
	case zeros > 0.5:
		m.score -= 3
	}
	if m.Op == view.Distinct || f.Role == RoleBoolean || p.StdDev > 0.02*math.Abs(p.Mean) {
		m.score++
	}
	if has(richWords, w) && m.Op == view.Sum {
		m.score += 2
	}
	if has(rankWords, w) {
		m.score -= 3
	}
	if s.candles && has(set("open high low adjusted"), w) {
		m.score -= 3
	} else if s.candles && has(set("close"), w) {
		m.score += 3
	}
	if has(planWords, w) && s.planned(f.Name) {
		m.score -= 1.5 // what was meant to be comes after what is
	}
	switch {
	case !has(stockWords, w) || s.axis < 0:
	case s.timed:
		if entity := s.entity(); entity != "" || !s.events {
			m.Op, m.LastPerPeriod, m.Entity = view.Last, true, entity
		} else {
			m.Op = view.Sum // counted once: what lies on one shelf and on the next adds up
		}
	default:
		m.Op = view.Mean // the same people of every year do not add up
	}
	s.nameMeasure(m, f, p, w)
}

// nameMeasure gives a measure of a column the label, the noun and the format that it has unless a person says
// otherwise.
func (s *study) nameMeasure(m *scored, f *Field, p *view.ColumnProfile, w []string) {
	if has(worseWords, w) {
		m.Lower = ptr(true)
	} else if has(betterWords, w) {
		m.Lower = ptr(false)
	}

	m.Name = f.Label
	switch m.Op {
	case view.Mean, view.Median:
		word := "average"
		if m.Op == view.Median {
			word = "median"
		}
		if f.Role == RoleBoolean {
			m.Label = question(f.Label)
		} else if s.events && !has(set("average avg mean median"), w) {
			m.say(Term{Word: word, Label: f.Label})
		}
		m.Name = m.Label
	case view.Min:
		m.say(Term{Word: "lowest", Label: f.Label})
		m.Name = m.Label
	case view.Max:
		m.say(Term{Word: "highest", Label: f.Label})
		m.Name = m.Label
	case view.Quantile:
		m.say(Term{Word: "percentile", Label: f.Label, P: percentile(m.P)})
		m.Name = fmt.Sprintf("%s p%g", f.Label, percentile(m.P))
	case view.Distinct:
		m.say(Term{Word: "different", Label: thing(f.Label)})
		m.Name = m.Label
		m.Unit = ""
	}
	m.Noun = within(m.Label)
	if m.Unit != "" && m.Unit != "percent" {
		m.Noun = m.Unit
	}
	if m.Format == "" {
		m.Format = format(m.Op, f, p)
	}
	m.why = because("measured", "column", f.Label, "role", string(f.Role), "aggregate", aggregateWord(m.Op, m.LastPerPeriod))
}

// format chooses how a measure is written out, by what it is and by how large its values are.
func format(op view.Aggregate, f *Field, p *view.ColumnProfile) string {
	switch {
	case op == view.Distinct || op == view.Count:
		return "integer"
	case f.Unit == "percent", f.Role == RolePercentage && f.Unit == "" && p.Quantiles[4] <= 1 && p.Quantiles[0] >= -1:
		return "percent"
	case f.Role == RoleCurrency && f.Unit != "":
		return "currency"
	case f.Role == RoleCurrency && !p.Integers && math.Abs(p.Mean) < 1000:
		return "decimal(2)"
	case f.Type == table.Duration:
		return "duration"
	case f.Role == RoleBytes && (f.Unit == "" || f.Unit == "bytes" || f.Unit == "B"):
		return "bytes"
	}
	typical := math.Max(math.Abs(p.Quantiles[2]), math.Abs(p.Mean))
	switch {
	case (op == view.Sum || op == view.Last) && p.Integers, typical >= 1000:
		return "integer"
	case typical >= 10 || op == view.Sum:
		return "decimal(1)"
	case typical >= 1:
		return "decimal(2)"
	}
	return "decimal(3)"
}

// question turns the label of a yes-or-no column into that of the share of yes.
func question(label string) string {
	for _, prefix := range [...]string{"Is ", "Was ", "Can ", "Has "} {
		if rest, ok := strings.CutPrefix(label, prefix); ok && rest != "" {
			if prefix == "Has " {
				return "With " + within(capitalise(rest))
			}
			return capitalise(rest)
		}
	}
	return label
}

func ptr[T any](v T) *T { return &v }
