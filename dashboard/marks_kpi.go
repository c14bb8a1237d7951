package dashboard

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// sparkPoints bounds the points of a KPI's sparkline.
const sparkPoints = 60

// kpi answers one figure over the selection, and beside it the comparison of the last complete period with the one
// before: a period that is not over would always look worse.
func (a *asking) kpi(p manifest.Panel) (*frame, error) {
	field, value, rows, err := a.single(a.where(""), p.Measure)
	if err != nil {
		return nil, err
	}
	field.Name, field.Unit = p.Measure.Name, p.Measure.Unit
	b := table.NewBuilder(table.NewSchema(field), nil)
	b.Append(value)
	f := &frame{data: b.Table(), facts: &wire.Facts{Rows: rows}}
	if f.facts.Target, err = a.target(p); err != nil || a.axis == nil {
		return f, err
	}
	err = a.compare(f.facts, p)
	if p.NoSparkline {
		f.facts.Spark, f.facts.SparkPrior = nil, nil
	}
	return f, err
}

// period is a length of comparison: its word, its span, and the grain its sparkline is drawn at.
type period struct {
	word  string
	span  manifest.Span
	grain view.Grain
}

// periods are tried from the longest; the first that fits twice into the data is compared.
var periods = []period{
	{"12mo", manifest.Span{Months: 12}, view.Month},
	{"3mo", manifest.Span{Months: 3}, view.Week},
	{"30d", manifest.Span{Days: 30}, view.Day},
	{"7d", manifest.Span{Days: 7}, view.Day},
	{"24h", manifest.Span{Clock: 24 * time.Hour}, view.Hour},
	{"1h", manifest.Span{Clock: time.Hour}, view.Minute},
	{"10min", manifest.Span{Clock: 10 * time.Minute}, view.Minute},
	{"1min", manifest.Span{Clock: time.Minute}, view.Second},
}

func (a *asking) compare(facts *wire.Facts, p manifest.Panel) error {
	m := p.Measure
	x := a.axis
	smallest := a.dashboard.Smallest
	var from, to, before time.Time
	var grain view.Grain
	switch {
	case x.all:
		var chosen *period
		for i := range periods {
			one := &periods[i]
			if one.grain < smallest {
				continue
			}
			to = x.complete(one.grain, smallest)
			from = one.span.Before(to)
			before = one.span.Before(from)
			if !before.Before(x.first(x.min, one.grain)) {
				chosen = one
				break
			}
		}
		if chosen == nil {
			return a.sparkOfAll(facts, m)
		}
		facts.Period, grain = chosen.word, chosen.grain
		if grain == view.Week {
			grain = view.Day // three months from the last complete week, drawn by day
		}
	default:
		from, to = x.from, x.to
		if newest := x.newest(smallest); newest.Before(to) {
			to = newest
		}
		before = from.Add(-to.Sub(from))
		facts.Period, grain = spanWord(to.Sub(from)), x.grain
	}
	compared := cmp.Or(p.Compare, a.selection.Compare)
	if compared == "previous year" {
		before = from.AddDate(-1, 0, 0)
	}
	previousTo := before.Add(to.Sub(from))
	if compared != "previous year" {
		previousTo = from
	}
	where := a.whereAnyTime("")
	in := func(from, to time.Time) []view.Filter {
		return append(where[:len(where):len(where)], x.filter(from, to))
	}

	_, current, _, err := a.single(in(from, to), m)
	if err != nil {
		return err
	}
	facts.Current = figure(current)
	facts.CurrentFrom, facts.CurrentTo = x.text(from), x.text(to)
	if facts.Spark, err = a.spark(in(from, to), m, from, to, grain); err != nil {
		return err
	}
	adds := m.Op == view.Count || m.Op == view.Sum
	if compared == "none" || compared == "target" && p.Target != nil || before.Before(x.first(x.min, grain)) {
		if adds {
			facts.Spark, _ = evened(facts.Spark, nil)
		}
		return nil // nothing to compare with is said as such, never as 0 %
	}
	_, previous, _, err := a.single(in(before, previousTo), m)
	if err != nil {
		return err
	}
	facts.Previous, facts.PreviousFrom = figure(previous), x.text(before)
	facts.SparkPrior, err = a.spark(in(before, previousTo), m, before, previousTo, grain)
	if adds {
		facts.Spark, facts.SparkPrior = evened(facts.Spark, facts.SparkPrior)
	}
	return err
}

// fewestEvened is how many points a sparkline keeps at least when it is drawn in longer steps.
const fewestEvened = 8

// evened draws what adds up in steps of several buckets where many buckets are empty and the steps are all about alike:
// readings every two minutes, counted by the minute, are no comb but a level. Both periods take the same steps; those at
// the beginning that fill none are left out.
func evened(spark, prior []float64) (longer, before []float64) {
	empty := 0
	for _, v := range spark {
		if v == 0 {
			empty++
		}
	}
	if 4*empty <= len(spark) {
		return spark, prior
	}
	for step := 2; len(spark)/step >= fewestEvened; step++ {
		longer = summed(spark, step)
		if low, high := slices.Min(longer), slices.Max(longer); low > 0 && high <= 1.25*low {
			return longer, summed(prior, step)
		}
	}
	return spark, prior
}

// summed adds up every so many values, counted from the end.
func summed(values []float64, step int) []float64 {
	var all []float64
	for at := len(values) % step; at+step <= len(values); at += step {
		sum := 0.0
		for _, v := range values[at : at+step] {
			sum += v
		}
		all = append(all, sum)
	}
	return all
}

// sparkOfAll draws the whole stretch where the data is too short to compare.
func (a *asking) sparkOfAll(facts *wire.Facts, m manifest.Measure) error {
	x := a.axis
	var err error
	facts.Spark, err = a.spark(a.where(""), m, x.start(x.min), x.next(x.max, x.grain), x.grain)
	if m.Op == view.Count || m.Op == view.Sum {
		facts.Spark, _ = evened(facts.Spark, nil)
	}
	return err
}

// spark answers one value per bucket of [from, to). Buckets without rows are 0 for what adds up, and take the value
// before them otherwise: a sparkline has no room for gaps.
func (a *asking) spark(where []view.Filter, m manifest.Measure, from, to time.Time, g view.Grain) ([]float64, error) {
	for a.axis.buckets(from, to, g, sparkPoints) > sparkPoints && g < view.Year {
		g++
	}
	answer, err := a.figure(where, m, a.axis.group(bucketColumn, g))
	if err != nil {
		return nil, err
	}
	byStart := map[int64]float64{}
	for r := range answer.Table.Rows() {
		if v := answer.Table.Value(r, 1); !v.IsNull() && !answer.Table.Value(r, 0).IsNull() {
			byStart[a.axis.moment(answer.Table.Value(r, 0)).UnixMicro()] = v.Float()
		}
	}
	var points []float64
	last := math.NaN()
	for t := a.axis.first(from, g); t.Before(to) && len(points) < 4*sparkPoints; t = a.axis.next(t, g) {
		v, ok := byStart[t.UnixMicro()]
		if !ok {
			v = last
			if additive(m) {
				v = 0
			}
		}
		last = v
		if !math.IsNaN(v) {
			points = append(points, v)
		}
	}
	return points, nil
}

// additive says whether no rows mean nothing, as for a sum, and not that nothing is known, as for a mean.
func additive(m manifest.Measure) bool {
	return !m.LastPerPeriod && (m.Op == view.Count || m.Op == view.Present || m.Op == view.Sum || m.Op == view.Distinct)
}

func figure(v table.Value) *float64 {
	if v.IsNull() {
		return nil
	}
	x := v.Float()
	return &x
}

func spanWord(d time.Duration) string {
	switch hours := d.Hours(); {
	case hours >= 48:
		return fmt.Sprintf("%dd", int(math.Round(hours/24)))
	case hours >= 2:
		return fmt.Sprintf("%dh", int(math.Round(hours)))
	case hours >= 1.0/30:
		return fmt.Sprintf("%dmin", int(math.Round(hours*60)))
	}
	return fmt.Sprintf("%ds", int(math.Round(d.Seconds())))
}
