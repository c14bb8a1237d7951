package dashboard

import (
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table/view"
)

// axis is a dashboard's time axis, resolved for one selection and one revision.
type axis struct {
	clock
	column   string
	label    string
	min, max time.Time // of the rows the viewer may see; both inclusive
	from, to time.Time // the range; to is exclusive
	all      bool      // the range is everything: rows without a time belong to it
	grain    view.Grain
	allowed  []view.Grain
	week     time.Weekday
}

// resolve turns a selection's range and grain into bounds. It returns nil where the table has no time axis or no row
// with a time.
func resolve(d *manifest.Dashboard, a *asking) (*axis, error) {
	i := a.data.Schema().Index(d.Time)
	if d.Time == "" || i < 0 {
		return nil, nil
	}
	x := &axis{column: d.Time, week: a.weekStart, all: true}
	x.field = a.data.Schema().Field(i)
	x.label = labelOf(d, d.Time)
	x.zone = time.UTC
	if x.field.Instant {
		x.zone = a.zone
	}
	answer, err := a.ask(view.Query{Where: a.locked, Measures: []view.Measure{
		{Name: "min", Op: view.Min, Column: d.Time}, {Name: "max", Op: view.Max, Column: d.Time},
	}})
	if err != nil {
		return nil, err
	}
	if answer.Table.Rows() == 0 || answer.Table.Value(0, 0).IsNull() {
		return nil, nil
	}
	x.min, x.max = x.moment(answer.Table.Value(0, 0)), x.moment(answer.Table.Value(0, 1))

	wanted, err := manifest.ParseRange(a.selection.Range)
	if err != nil {
		return nil, &BadSelection{Parameter: "range", Reason: err.Error()}
	}
	x.from, x.to = x.min, x.max
	switch {
	case wanted.All:
	case wanted.Low != "":
		x.all = false
		low, err := x.field.Parse(wanted.Low)
		if err != nil {
			return nil, &BadSelection{Parameter: "range", Reason: err.Error()}
		}
		high, err := x.field.Parse(wanted.High)
		if err != nil {
			return nil, &BadSelection{Parameter: "range", Reason: err.Error()}
		}
		x.from, x.to = x.moment(low), x.moment(high)
		if x.to.Before(x.from) {
			x.from, x.to = x.to, x.from
		}
	case wanted.ToDate != view.NoGrain:
		x.all = false
		x.from, x.to = x.first(x.max, wanted.ToDate), x.newest(d.Smallest)
	default:
		// A relative range ends at the newest row and not at now: yesterday's file is still worth looking at.
		x.all = false
		x.to = x.newest(d.Smallest)
		x.from = wanted.Relative.Before(x.to)
	}
	length := x.to.Sub(x.from)
	x.allowed = manifest.Grains(length, d.Smallest)
	x.grain = manifest.DefaultGrain(x.from, x.to, d.Smallest)
	if g, ok := grainOf(a.selection.Grain); ok {
		x.grain = nearest(x.allowed, g, x.grain)
	} else if a.before != view.NoGrain && x.fits(a.before) {
		x.grain = a.before
	}
	if wanted.All {
		x.from, x.to = x.start(x.min), x.next(x.max, x.grain)
	}
	return x, nil
}

// mostBuckets is how many buckets a chart that is on screen may grow to before its grain is chosen anew.
const mostBuckets = 400

// fits says whether the grain that a chart has may stay while its data grows: a chart that changes its grain because
// one more day came in is a chart that jumps.
func (x *axis) fits(g view.Grain) bool {
	n := x.buckets(x.from, x.to, g, mostBuckets)
	return n <= mostBuckets && (n > 1 || g == x.grain)
}

// buckets counts the buckets of a grain in [from, to), and stops when there are more than most.
func (x *axis) buckets(from, to time.Time, g view.Grain, most int) int {
	n := 0
	for t := from; t.Before(to) && n <= most; t = x.next(t, g) {
		n++
	}
	return n
}

// newest returns the end of the finest bucket that the newest row lies in.
func (x *axis) newest(smallest view.Grain) time.Time {
	if smallest == view.NoGrain {
		smallest = view.Second
	}
	return x.next(x.max, smallest)
}

// nearest returns the wanted grain if it is allowed, else the allowed one that is closest to it.
func nearest(allowed []view.Grain, wanted, fallback view.Grain) view.Grain {
	best, distance := fallback, 1<<10
	for _, g := range allowed {
		d := int(g) - int(wanted)
		if d < 0 {
			d = -d
		}
		if d < distance {
			best, distance = g, d
		}
	}
	return best
}

// start returns the start of the axis' bucket that holds t.
func (x *axis) start(t time.Time) time.Time { return x.first(t, x.grain) }

// first and next return the bounds of the bucket of a grain that holds t.
func (x *axis) first(t time.Time, g view.Grain) time.Time {
	start, _ := view.Bucket(t, g, x.week)
	return start
}

func (x *axis) next(t time.Time, g view.Grain) time.Time {
	_, end := view.Bucket(t, g, x.week)
	return end
}

// filter keeps the rows of a stretch of time.
func (x *axis) filter(from, to time.Time) view.Filter {
	return view.Filter{Column: x.column, Op: view.Range, Low: x.value(from), High: x.value(to)}
}

// group puts rows into the axis' buckets.
func (x *axis) group(name string, g view.Grain) view.Group {
	return view.Group{Column: x.column, Name: name, Grain: g, Zone: x.zone, WeekStart: x.week}
}

// partial returns the start of the last bucket where the newest row does not complete it; ok is false where it does,
// as for a bucket no longer than the file's own step.
func (x *axis) partial(smallest view.Grain) (time.Time, bool) {
	start := x.start(x.max)
	end := x.next(start, x.grain)
	if !start.Before(x.to) || x.grain <= smallest {
		return time.Time{}, false
	}
	return start, x.newest(smallest).Before(end)
}

// complete returns the end of the last complete bucket of a grain.
func (x *axis) complete(g, smallest view.Grain) time.Time {
	return x.first(x.newest(smallest), g)
}

func (x *axis) wire() *wire.TimeAxis {
	if x == nil {
		return nil
	}
	w := &wire.TimeAxis{
		Column: x.column, Label: x.label, Type: x.field.Type.String(), Instant: x.field.Instant, Zone: x.zone.String(),
		Min: x.text(x.min), Max: x.text(x.max), From: x.text(x.from), To: x.text(x.to), Week: int(x.week), Grain: grainWord(x.grain), Grains: []string{},
	}
	for _, g := range x.allowed {
		w.Grains = append(w.Grains, grainWord(g))
	}
	return w
}

func labelOf(d *manifest.Dashboard, column string) string {
	for _, f := range d.Fields {
		if f.Name == column && f.Label != "" {
			return f.Label
		}
	}
	return column
}
