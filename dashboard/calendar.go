package dashboard

import (
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// The words of the grains, finest first.
var grains = []struct {
	word  string
	grain view.Grain
}{
	{"millisecond", view.Millisecond}, {"second", view.Second}, {"minute", view.Minute}, {"hour", view.Hour},
	{"day", view.Day}, {"week", view.Week}, {"month", view.Month}, {"quarter", view.Quarter}, {"year", view.Year},
}

func grainOf(word string) (view.Grain, bool) {
	for _, g := range grains {
		if g.word == word {
			return g.grain, true
		}
	}
	return view.NoGrain, false
}

func grainWord(g view.Grain) string {
	for _, k := range grains {
		if k.grain == g {
			return k.word
		}
	}
	return ""
}

func grainWords() []string {
	words := make([]string, len(grains))
	for i, g := range grains {
		words[i] = g.word
	}
	return words
}

// clock turns the values of a time column into moments and back: civil values live in UTC, where nothing shifts them.
type clock struct {
	field table.Field
	zone  *time.Location
}

func (c clock) moment(v table.Value) time.Time {
	if c.field.Type == table.Date {
		return time.Unix(v.Int()*86_400, 0).UTC()
	}
	return time.UnixMicro(v.Int()).In(c.zone)
}

func (c clock) value(t time.Time) table.Value {
	if c.field.Type == table.Date {
		days := t.Unix() / 86_400
		if t.Unix()%86_400 < 0 {
			days--
		}
		return table.IntValue(table.Date, days)
	}
	return table.IntValue(table.Timestamp, t.UnixMicro())
}

func (c clock) text(t time.Time) string { return c.field.Format(c.value(t)) }
