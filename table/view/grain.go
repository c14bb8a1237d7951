package view

import "github.com/dashira/dashira/table"

// grainFacts find the finest calendar unit in which the moments of a column differ: Rill's rule.
type grainFacts struct {
	known                            bool
	sub, second, minute, hour        int64 // of the first moment
	subs, seconds, minutes, hours    bool  // another moment has another one
	day                              int64 // the last that was looked at
	firstDay                         int64
	days, weekdays, notFirst, notEnd bool // several days, weekdays; one that does not begin (end) a month
	notQuarter, notYear              bool // one that does not begin a quarter, a year
}

func (g *grainFacts) scan(c *table.Column) {
	if days := c.Days(); days != nil {
		for i, d := range days {
			if !c.IsNull(i) {
				g.onDay(int64(d))
				g.known = true
			}
		}
		return
	}
	if g.subs {
		return // nothing is finer
	}
	for i, t := range c.Ints() {
		if c.IsNull(i) {
			continue
		}
		day := floorDiv(t, microsPerDay)
		rest := t - day*microsPerDay
		sub, second, minute, hour := rest%microsPerSecond, rest/microsPerSecond%60, rest/microsPerMinute%60, rest/microsPerHour
		if !g.known {
			g.sub, g.second, g.minute, g.hour = sub, second, minute, hour
		}
		g.subs = g.subs || sub != g.sub
		g.seconds = g.seconds || second != g.second
		g.minutes = g.minutes || minute != g.minute
		g.hours = g.hours || hour != g.hour
		g.onDay(day)
		g.known = true
	}
}

func (g *grainFacts) onDay(day int64) {
	if g.known && day == g.day {
		return
	}
	g.day = day
	if !g.known {
		g.firstDay = day
	}
	g.days = g.days || day != g.firstDay
	g.weekdays = g.weekdays || floorMod(day-g.firstDay, 7) != 0
	_, month, date := dateOfDay(day)
	_, _, tomorrow := dateOfDay(day + 1)
	g.notFirst = g.notFirst || date != 1
	g.notEnd = g.notEnd || tomorrow != 1
	g.notQuarter = g.notQuarter || month%3 != 1
	g.notYear = g.notYear || month != 1
}

func (g *grainFacts) grain() Grain {
	switch {
	case g.subs:
		return Millisecond
	case g.seconds:
		return Second
	case g.minutes:
		return Minute
	case g.hours:
		return Hour
	case !g.days:
		return Day
	case !g.notFirst && !g.notYear:
		return Year
	case !g.notFirst && !g.notQuarter:
		return Quarter
	case !g.notFirst || !g.notEnd:
		return Month
	case !g.weekdays:
		return Week
	}
	return Day
}
