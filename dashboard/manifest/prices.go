package manifest

import (
	"fmt"
	"strings"
)

// priceWords are the prices of a candle, in the order in which a panel's columns have them.
var priceWords = []string{"open", "high", "low", "close"}

// prices returns the columns of the prices of a candle, nil where there are not exactly four numbers so named.
func (s *study) prices() []string {
	columns := make([]string, len(priceWords))
	for i := range s.fields {
		f := &s.fields[i]
		if !f.Type.Numeric() {
			continue
		}
		for k, word := range priceWords {
			if w := words(f.Name); len(w) == 1 && w[0] == word {
				if columns[k] != "" {
					return nil
				}
				columns[k] = f.Name
			}
		}
	}
	for _, c := range columns {
		if c == "" {
			return nil
		}
	}
	return columns
}

// candlestick is the chart of the prices of one thing over time; nil where there are none, of several things, whose
// prices in one candle would be nobody's, or of things that happened and carry prices beside much else.
func (s *study) candlestick() *candidate {
	columns := s.prices()
	if columns == nil || !s.timed || s.series >= 0 || s.events || s.rows < 3 {
		return nil
	}
	c := candidate{rule: "T14", base: 95, interest: 1, quality: s.quality(s.axis), uses: columns, measure: columns[3]}
	c.Panel = Panel{Mark: "candlestick", Columns: columns, Width: 8}
	s.entitle(&c.Panel)
	c.Name = Slug(c.Title)
	c.reasons = []Reason{because("prices", "columns", strings.Join(columns, ", ")), because("axis", "column", s.fields[s.axis].Label)}
	return &c
}

// pricesOf reads the four columns of a written candlestick; those that are not said are found by their names.
func (s *subject) pricesOf(panel *Panel, item itemSpec, p *problems) {
	if !s.study.timed {
		p.at(item.at, fmt.Sprintf("A candlestick needs a time axis, and %s has none.", s.Name), "")
	}
	found := s.study.prices()
	panel.Columns = make([]string, len(priceWords))
	for i, word := range priceWords {
		switch {
		case item.keys[word] != nil:
			panel.Columns[i] = s.numberKey(item, word, p)
		case found != nil:
			panel.Columns[i] = found[i]
		default:
			p.at(item.at, fmt.Sprintf("This candlestick does not say which column is %q, and none is called so.", word), fmt.Sprintf("Add %q with a column of numbers.", word))
			return
		}
	}
}
