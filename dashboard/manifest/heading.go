package manifest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dashira/dashira/table/view"
)

// Heading is what the title of a panel is made of that nobody wrote one for. Its text is the title in English; a page in
// another language puts the same parts together in its own way.
type Heading struct {
	What  string // "" the first term, share of it, distribution of it, against: it against the second, and: both; price, rows, note
	Terms []Term
	By    []Term // what it is parted by, in the order in which it is read
	Each  *Term  // what has a small chart for each of its values, beside a colour
	Time  bool   // it goes along the time axis
}

// Term is a part of a heading: a label of the file's or a person's own, or what a word makes of one.
type Term struct {
	Word   string  // average, median, lowest, highest, percentile, different, rows, running, moving, difference, change, share; of the time axis: month, weekday, hour, hour of the day, day, year, …
	Label  string  // what the word is about, where it is not about another term
	Of     *Term   // what a word is about that goes along another measure
	P      float64 // percentile: 95
	Window int     // moving, difference, change: how many buckets
	Year   bool    // difference, change: from the year before
}

// String is the term in English.
func (t Term) String() string {
	low, of := within(t.Label), ""
	if t.Of != nil {
		of = t.Of.String()
	}
	text := t.Label
	switch t.Word {
	case "average":
		text = "Average " + low
	case "median":
		text = "Median " + low
	case "lowest":
		text = "Lowest " + low
	case "highest":
		text = "Highest " + low
	case "percentile":
		text = fmt.Sprintf("%s, %gth percentile", t.Label, t.P)
	case "different":
		text = plural(t.Label)
	case "rows":
		text = "Rows"
	case "running":
		text = "Running total of " + within(of)
	case "moving":
		return fmt.Sprintf("%s, mean of %d", of, t.Window)
	case "difference":
		text = of + ", difference"
	case "change":
		text = of + ", change"
	case "share":
		text = "Share of " + within(of)
	case "":
	default:
		text = t.Word
	}
	if t.Year {
		return text + " from the year before"
	} else if t.Window > 1 {
		return text + fmt.Sprintf(" over %d", t.Window)
	}
	return text
}

// String is the title in English.
func (h Heading) String() string {
	var text string
	terms := make([]string, len(h.Terms))
	for i, t := range h.Terms {
		terms[i] = t.String()
	}
	switch h.What {
	case "share":
		text = "Share of " + within(terms[0])
	case "distribution":
		text = "Distribution of " + within(terms[0])
	case "against":
		text = terms[0] + " against " + within(terms[1])
	case "and":
		text = terms[0] + " and " + within(terms[1])
	case "price":
		text = "Price"
	case "rows":
		text = "Rows"
	case "note":
		text = "Note"
	default:
		text = terms[0]
	}
	for i, t := range h.By {
		text += [...]string{" by ", " and "}[min(i, 1)] + within(t.String())
	}
	if h.Each != nil {
		text += ", each " + within(h.Each.String())
	}
	if h.Time {
		text += " over time"
	}
	return text
}

// entitle gives a panel the title that says what it shows.
func (s *study) entitle(p *Panel) {
	h := s.heading(p)
	p.Heading, p.Title = &h, h.String()
}

// called gives a panel a title of a person's own; one that says the same as that which it had is none.
func (p *Panel) called(title string) {
	if title != p.Title {
		p.Heading, p.Title = nil, title
	}
}

func (s *study) heading(p *Panel) Heading {
	h := Heading{Terms: []Term{p.Measure.Term()}}
	column := func(name string) Term {
		if i := slices.IndexFunc(s.fields, func(f Field) bool { return f.Name == name }); i >= 0 {
			return Term{Label: s.called(i)}
		}
		return Term{Label: name}
	}
	cycle := func(g view.Grain) Term { return Term{Word: cycleWord(g, p.Across != view.NoGrain)} }
	by := func(names ...string) {
		for _, name := range names {
			if name != "" {
				h.By = append(h.By, column(name))
			}
		}
	}
	switch p.Mark {
	case "line", "area", "column", "combo":
		if p.Column != "" {
			h.Terms[0] = column(p.Column)
		}
		if p.Mark == "combo" {
			h.What, h.Terms = "and", append(h.Terms, p.Line.Term())
		} else if p.Mark == "line" && p.Target != nil && p.Target.Value == nil {
			h.What, h.Terms = "and", append(h.Terms, p.Target.Measure.Term())
		} else if p.Stack == "normalize" {
			h.What = "share"
		}
		if p.Cyclic != view.NoGrain {
			h.By = append(h.By, cycle(p.Cyclic))
		} else {
			by(p.Dimension)
			h.Time = p.Dimension == ""
		}
		by(p.Color)
		if p.Facet != "" && p.Color != "" {
			each := column(p.Facet)
			h.Each = &each
		} else {
			by(p.Facet)
		}
	case "bar", "ranked", "donut":
		by(p.Dimension, p.Facet)
	case "histogram":
		h.What, h.Terms[0] = "distribution", column(p.Column)
		by(p.Facet)
	case "box":
		h.Terms[0] = column(p.Column)
		by(p.Dimension, p.Facet)
	case "scatter":
		h.What, h.Terms = "against", []Term{column(p.Second), column(p.Column)}
		by(p.Facet)
	case "heatmap", "pivot":
		if p.Cyclic != view.NoGrain {
			h.By = append(h.By, cycle(p.Cyclic))
		}
		by(p.Second)
		if p.Across != view.NoGrain {
			h.By = append(h.By, cycle(p.Across))
		}
		by(p.Dimension)
	case "calendar":
		h.By = []Term{{Word: "day"}}
	case "candlestick":
		h.What, h.Terms, h.Time = "price", nil, true
	case "table":
		h.What, h.Terms = "rows", nil
	case "text":
		h.What, h.Terms = "note", nil
	}
	return h
}

// cycleWord is what a cycle or a bucket of the time axis is called in a title; beside another one the hour needs no day.
func cycleWord(g view.Grain, beside bool) string {
	switch g {
	case view.MonthOfYear:
		return "month"
	case view.DayOfWeek:
		return "weekday"
	case view.HourOfDay:
		if beside {
			return "hour"
		}
		return "hour of the day"
	}
	return grainWord(g)
}

// Term is what the label of the measure is made of.
func (m *Measure) Term() Term {
	if m.Words != nil {
		return *m.Words
	}
	return Term{Label: m.Label}
}

// say gives the measure the label that a term makes.
func (m *Measure) say(t Term) {
	m.Words, m.Label = &t, t.String()
}

// called gives the measure a label of a person's own; one that says the same as that which it had is none.
func (m *Measure) called(label string) {
	if label != m.Label {
		m.Words, m.Label = nil, label
	}
}

// percentile is a quantile as people write it, with at most one decimal: 0.95 is 95.
func percentile(p float64) float64 { return math.Round(p*1000) / 10 }

// thing is what a column of identifiers identifies: its label without the word for them.
func thing(label string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(label, "ID"), "id"))
}
