package view

import (
	"time"

	"github.com/dashira/dashira/table"
)

const (
	microsPerSecond = 1_000_000
	microsPerMinute = 60 * microsPerSecond
	microsPerHour   = 60 * microsPerMinute
	microsPerDay    = 24 * microsPerHour
)

// calendar cuts the time line into buckets of one grain: half-open intervals of microseconds without gaps. Its zone is
// UTC for civil times, which makes a day 24 hours; in another zone a day may have 23 or 25 of them.
type calendar struct {
	grain     Grain
	zone      *time.Location // nil: UTC
	weekStart time.Weekday
}

func newCalendar(g Group, f table.Field) calendar {
	c := calendar{grain: g.Grain, weekStart: g.WeekStart}
	if f.Instant && g.Zone != nil && g.Zone != time.UTC {
		c.zone = g.Zone
	}
	return c
}

// Bucket returns the bounds of the calendar bucket that holds a moment, in the moment's own zone; end is exclusive and
// is the start of the next bucket. It cuts the time line exactly as a [Group] of that grain does.
func Bucket(t time.Time, g Grain, weekStart time.Weekday) (start, end time.Time) {
	zone := t.Location()
	c := newCalendar(Group{Grain: g, Zone: zone, WeekStart: weekStart}, table.Field{Type: table.Timestamp, Instant: true})
	b := c.bucket(t.UnixMicro())
	return time.UnixMicro(b.start).In(zone), time.UnixMicro(b.end).In(zone)
}

// bucket is an interval of the time line and the value that stands for it: its start, or the number of a cyclic grain.
type bucket struct {
	start, end int64 // end is exclusive
	value      int64
}

func (b bucket) holds(t int64) bool { return b.start <= t && t < b.end }

// bucket returns the bucket that holds the moment t.
func (c calendar) bucket(t int64) bucket {
	switch c.grain {
	case Millisecond:
		return c.fixed(t, 1000)
	case Second:
		return c.fixed(t, microsPerSecond)
	case Minute:
		return c.clock(t, microsPerMinute)
	case Hour:
		return c.clock(t, microsPerHour)
	case HourOfDay:
		b := c.clock(t, microsPerHour)
		b.value = floorMod(c.civil(t), microsPerDay) / microsPerHour
		return b
	}
	civil := c.civil(t)
	day := floorDiv(civil, microsPerDay)
	first, next := c.period(day)
	start, end := c.dayStart(first), c.dayStart(next)
	// A zone that changes across midnight may read the evening before again: the moment still belongs to one interval.
	if t < start {
		end = start
		first, _ = c.period(first - 1)
		start = c.dayStart(first)
	} else if t >= end {
		start = end
		first = next
		_, next = c.period(next)
		end = c.dayStart(next)
	}
	b := bucket{start: start, end: end, value: start}
	switch c.grain {
	case MonthOfYear:
		_, month, _ := dateOfDay(first)
		b.value = int64(month)
	case DayOfWeek:
		b.value = floorMod(first+3, 7) + 1 // 1970-01-01 was a Thursday
	}
	return b
}

// period returns the first day of the bucket that holds a day and the first day after it.
func (c calendar) period(day int64) (first, next int64) {
	year, month, _ := dateOfDay(day)
	switch c.grain {
	case Week:
		weekday := floorMod(day+4, 7) // 0 is Sunday
		first = day - floorMod(weekday-int64(c.weekStart), 7)
		return first, first + 7
	case Month:
		return dayOfDate(year, month), dayOfDate(year, month+1)
	case Quarter:
		month = (month-1)/3*3 + 1
		return dayOfDate(year, month), dayOfDate(year, month+3)
	case Year:
		return dayOfDate(year, 1), dayOfDate(year+1, 1)
	}
	return day, day + 1 // Day, DayOfWeek; MonthOfYear too, for which any piece within a month will do
}

// yearBefore returns the start of the bucket that holds the same civil moment of the year before; of 29 February that
// of the 28th. A week's is 52 weeks before, so that it holds the same weekdays.
func (c calendar) yearBefore(start int64) int64 {
	civil := c.civil(start)
	day := floorDiv(civil, microsPerDay)
	clock := civil - day*microsPerDay
	if c.grain == Week {
		return c.dayStart(day - 364)
	}
	year, month, date := dateOfDay(day)
	first := dayOfDate(year-1, month)
	before := min(first+int64(date)-1, dayOfDate(year-1, month+1)-1)
	if c.grain >= Day {
		return c.dayStart(before)
	}
	if c.zone == nil {
		return before*microsPerDay + clock
	}
	year, month, date = dateOfDay(before)
	second, sub := int(clock/microsPerSecond), int(clock%microsPerSecond)*1000
	return c.bucket(time.Date(year, time.Month(month), date, 0, 0, second, sub, c.zone).UnixMicro()).start
}

// buckets says whether the group's keys are buckets of the calendar, not of a cycle.
func (g *groupPlan) buckets() bool {
	return (g.kind == keyBucket || g.kind == keyDay) && g.cal.grain < MonthOfYear
}

// yearBefore returns the key of the bucket a year before.
func (g *groupPlan) yearBefore(key int64) int64 {
	if g.kind == keyDay {
		return floorDiv(g.cal.yearBefore(key*microsPerDay), microsPerDay)
	}
	return g.cal.yearBefore(key)
}

// fixed cuts by a length that no zone's offset is finer than.
func (calendar) fixed(t, length int64) bucket {
	start := floorDiv(t, length) * length
	return bucket{start: start, end: start + length, value: start}
}

// clock cuts by what the wall clock shows. A change of the offset ends a bucket: the hour that is read twice is two
// buckets.
func (c calendar) clock(t, length int64) bucket {
	offset := c.civil(t) - t
	start := floorDiv(t+offset, length)*length - offset
	b := bucket{start: start, end: start + length}
	if c.zone != nil {
		from, to := time.UnixMicro(t).In(c.zone).ZoneBounds()
		if !from.IsZero() {
			b.start = max(b.start, from.UnixMicro())
		}
		if !to.IsZero() {
			b.end = min(b.end, to.UnixMicro())
		}
	}
	b.value = b.start
	return b
}

// civil returns what the wall clock shows at a moment, as microseconds since 1970-01-01T00:00:00 of it.
func (c calendar) civil(t int64) int64 {
	if c.zone == nil {
		return t
	}
	_, offset := time.UnixMicro(t).In(c.zone).Zone()
	return t + int64(offset)*microsPerSecond
}

// dayStart returns the first moment of a civil day (days since 1970-01-01), which is not midnight where the clocks go
// forward at midnight.
func (c calendar) dayStart(day int64) int64 {
	want := day * microsPerDay
	if c.zone == nil {
		return want
	}
	year, month, date := dateOfDay(day)
	guess := time.Date(year, time.Month(month), date, 0, 0, 0, 0, c.zone).UnixMicro()
	if shown := c.civil(guess); shown < want {
		guess += want - shown // the guess took the offset of before the change
	}
	from, _ := time.UnixMicro(guess).In(c.zone).ZoneBounds()
	if from.IsZero() {
		return guess
	}
	change := from.UnixMicro()
	before := c.civil(change-1) + 1
	after := c.civil(change)
	switch {
	case guess >= change && before <= want && after >= want && after > before:
		return change // midnight was left out
	case before > want && after <= want && guess >= change:
		return change - (before - want) // midnight was read twice: the first time counts
	}
	return guess
}

// dateOfDay returns the civil date of a day since 1970-01-01 (proleptic Gregorian; Howard Hinnant's days algorithms).
func dateOfDay(day int64) (year, month, date int) {
	z := day + 719_468
	era := floorDiv(z, 146_097)
	doe := z - era*146_097
	yoe := (doe - doe/1460 + doe/36_524 - doe/146_096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	date = int(doy - (153*mp+2)/5 + 1)
	month = int(mp) + 3
	if month > 12 {
		month -= 12
	}
	year = int(yoe + era*400)
	if month <= 2 {
		year++
	}
	return year, month, date
}

// dayOfDate returns the first day of a month, which may lie beyond 12.
func dayOfDate(year, month int) int64 {
	year += (month - 1) / 12
	month = (month-1)%12 + 1
	y := int64(year)
	if month <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := int64((153*((month+9)%12) + 2) / 5)
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146_097 + doe - 719_468
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }
