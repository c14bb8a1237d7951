package expr

import (
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/dashira/dashira/table"
)

// wall turns moments into what a wall clock of a zone shows, as microseconds of a civil time. It remembers the stretch
// of one offset: rows mostly follow each other in time.
type wall struct {
	zone     *time.Location // nil: the values are civil already
	from, to int64
	offset   int64
}

// wallOf returns the clock for the values of a node.
func (k *checker) wallOf(x *node) func() *wall {
	zone := k.zone
	if x.typ != table.Timestamp || !x.instant || zone == time.UTC {
		zone = nil
	}
	return func() *wall { return &wall{zone: zone} }
}

func (w *wall) civil(t int64) int64 {
	if w.zone == nil {
		return t
	}
	if t < w.from || t >= w.to {
		at := time.UnixMicro(t).In(w.zone)
		_, seconds := at.Zone()
		w.offset = int64(seconds) * 1e6
		start, end := at.ZoneBounds()
		w.from, w.to = -1<<63, 1<<63-1
		if !start.IsZero() {
			w.from = start.UnixMicro()
		}
		if !end.IsZero() {
			w.to = end.UnixMicro()
		}
	}
	return t + w.offset
}

func needMoment(n ast.Node, x *node) error {
	if !x.typ.Temporal() && x.typ != table.Null {
		return fault(n, "", "A date or a timestamp is needed here, and this is a %s.", x.typ)
	}
	return nil
}

// at returns the civil time at a place, in UTC.
func (v *vector) civil(place int, w *wall) time.Time {
	if v.typ == table.Date {
		return time.Unix(v.ints[place]*86_400, 0).UTC()
	}
	return time.UnixMicro(w.civil(v.ints[place])).UTC()
}

// part is the number of a part of a date: a weekday counts from 1, which is Monday; a week is ISO 8601's.
func part(name string) func(*checker, ast.Node, []*node) (*node, error) {
	of := map[string]func(time.Time) int{
		"year": time.Time.Year, "day": time.Time.Day, "hour": time.Time.Hour, "minute": time.Time.Minute, "second": time.Time.Second,
		"month":   func(t time.Time) int { return int(t.Month()) },
		"quarter": func(t time.Time) int { return (int(t.Month()) + 2) / 3 },
		"weekday": func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 },
		"week":    func(t time.Time) int { _, w := t.ISOWeek(); return w },
	}[name]
	return func(k *checker, n ast.Node, args []*node) (*node, error) {
		x := args[0]
		if x.typ == table.Time && (name == "hour" || name == "minute" || name == "second") {
			return &node{typ: table.Int, eval: func(fr *frame) *vector {
				return each1(x.eval(fr), table.Int, func(out, v *vector, i int) { out.ints[i] = int64(of(time.UnixMicro(v.ints[i]).UTC())) })
			}}, nil
		}
		if err := needMoment(n, x); err != nil {
			return nil, err
		}
		clock := k.wallOf(x)
		return &node{typ: table.Int, eval: func(fr *frame) *vector {
			w := clock()
			return each1(x.eval(fr), table.Int, func(out, v *vector, i int) { out.ints[i] = int64(of(v.civil(i, w))) })
		}}, nil
	}
}

// toDate is the civil date of a moment.
func toDate(k *checker, n ast.Node, args []*node) (*node, error) {
	x := args[0]
	if x.literal != nil && x.typ == table.String {
		v, err := table.Field{Type: table.Date}.Parse(x.literal.Text())
		if err != nil || v.IsNull() {
			return nil, fault(n, "", "%q is not a date.", x.literal.Text())
		}
		return literal(v), nil
	}
	if err := needMoment(n, x); err != nil {
		return nil, err
	}
	clock := k.wallOf(x)
	return &node{typ: table.Date, eval: dateRange(func(fr *frame) *vector {
		w := clock()
		return each1(x.eval(fr), table.Date, func(out, v *vector, i int) {
			if v.typ == table.Date {
				out.ints[i] = v.ints[i]
				return
			}
			t := w.civil(v.ints[i])
			if out.ints[i] = t / dayMicros; t%dayMicros < 0 {
				out.ints[i]--
			}
		})
	})}, nil
}

// dateDiff counts the whole units between two moments: below zero where the first is the later one. Days and longer
// are those of the calendar, so that a day of 23 hours is one.
func dateDiff(k *checker, n ast.Node, args []*node) (*node, error) {
	units := []string{"second", "minute", "hour", "day", "week", "month", "quarter", "year"}
	if args[0].literal == nil || args[0].typ != table.String {
		return nil, fault(n, `Write date_diff("day", from, to).`, "The unit is a word in quotes.")
	}
	unit := args[0].literal.Text()
	seconds := map[string]int64{"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}[unit]
	months := map[string]int{"month": 1, "quarter": 3, "year": 12}[unit]
	if seconds == 0 && months == 0 {
		return nil, unknown(n, unit, "a unit of time", units)
	}
	from, to := args[1], args[2]
	var err error
	if from, to, err = k.readLiteral(n, from, to); err == nil {
		to, from, err = k.readLiteral(n, to, from)
	}
	if err != nil {
		return nil, err
	}
	for _, x := range []*node{from, to} {
		if err := needMoment(n, x); err != nil {
			return nil, err
		}
	}
	clockFrom, clockTo := k.wallOf(from), k.wallOf(to)
	absolute := seconds > 0 && seconds < 86_400 && from.instant && to.instant
	return &node{typ: table.Int, eval: func(fr *frame) *vector {
		w, x := clockFrom(), clockTo()
		return each2(fr, from, to, table.Int, func(out, a, b *vector, i, p, q int) {
			switch {
			case absolute:
				out.ints[i] = (b.ints[q] - a.ints[p]) / (seconds * 1e6)
			case seconds > 0:
				out.ints[i] = (b.civil(q, x).UnixMicro() - a.civil(p, w).UnixMicro()) / (seconds * 1e6)
			default:
				out.ints[i] = int64(wholeMonths(a.civil(p, w), b.civil(q, x)) / months)
			}
		})
	}}, nil
}

// wholeMonths counts the months that have passed from one civil time to another.
func wholeMonths(from, to time.Time) int {
	if to.Before(from) {
		return -wholeMonths(to, from)
	}
	n := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
	rest := func(t time.Time) time.Duration {
		return time.Duration(t.Day())*24*time.Hour + time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	}
	if rest(to) < rest(from) {
		n--
	}
	return n
}
