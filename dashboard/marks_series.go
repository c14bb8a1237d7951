package dashboard

import (
	"slices"
	"strconv"
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

const (
	bucketColumn = "bucket"
	// OtherName stands for the colours beyond a chart's limit; the page shows it in its own words.
	OtherName = "\u2026"
	colours   = 6
)

// series answers a line or an area: one row per bucket of the time axis (or value of a dimension) and colour.
func (a *asking) series(p manifest.Panel) (*frame, error) {
	if p.Column != "" {
		return a.points(p)
	}
	x := view.Group{Column: p.Dimension, Name: p.Dimension}
	facts := &wire.Facts{}
	onTime := p.Dimension == "" && a.axis != nil
	if onTime {
		x = a.axis.group(bucketColumn, a.axis.grain)
		if start, ok := a.axis.partial(a.dashboard.Smallest); ok {
			facts.PartialFrom = a.axis.text(start)
		}
	}
	if x.Column == "" {
		return emptyFrame(bucketColumn, p.Measure), nil
	}
	where := a.where("")
	if onTime && a.axis.all {
		// A row without a time has no place on the axis; it still counts in the figures.
		where = append(where, a.axis.filter(a.axis.from, a.axis.to))
	}
	f, err := a.coloured(p, x, where, facts)
	if err != nil {
		return nil, err
	}
	if onTime && !a.axis.all {
		if err := a.overview(facts, size(p.Measure)); err != nil {
			return nil, err
		}
	}
	if onTime && additive(p.Measure) {
		f.data = a.fill(f.data, len(f.key))
	}
	if onTime {
		if f.facts.Notes, err = a.notes(); err != nil {
			return nil, err
		}
	}
	return f, a.withTarget(f, p, x, where, onTime)
}

// overviewBuckets bounds the buckets of an overview: it is drawn a few pixels high.
const overviewBuckets = 120

// overview answers the measure over the whole time axis, for the strip from which a range is chosen: a page that opens
// with a range must show what lies outside it.
func (a *asking) overview(facts *wire.Facts, m manifest.Measure) error {
	x := a.axis
	g := x.grain
	for x.buckets(x.min, x.max, g, overviewBuckets) > overviewBuckets && g < view.Year {
		g++
	}
	where := append(a.whereAnyTime(""), x.filter(x.first(x.min, g), x.next(x.max, g)))
	answer, err := a.measured(where, m, x.group(bucketColumn, g))
	if err != nil {
		return err
	}
	byStart := map[int64]float64{}
	for r := range answer.Table.Rows() {
		if v := answer.Table.Value(r, 1); !v.IsNull() {
			byStart[x.moment(answer.Table.Value(r, 0)).UnixMicro()] = v.Float()
		}
	}
	for t := x.first(x.min, g); !t.After(x.max) && len(facts.Overview) < maxBuckets; t = x.next(t, g) {
		facts.OverviewAt = append(facts.OverviewAt, x.text(t))
		facts.Overview = append(facts.Overview, byStart[t.UnixMicro()])
	}
	return nil
}

// coloured answers a measure over x, split by the panel's colour into its largest values and the rest, and by its facet
// into the largest of those. The columns are x, the colour, the facet, the measure, as far as the panel has them.
func (a *asking) coloured(p manifest.Panel, x view.Group, where []view.Filter, facts *wire.Facts) (*frame, error) {
	whole := where
	groups := []view.Group{x}
	f := &frame{key: []string{x.Name}, facts: facts, standing: map[string]*standing{}}
	where, err := a.faceted(f, p, where)
	if err != nil {
		return nil, err
	}
	named := where
	others := 0
	var top []table.Value
	if p.Color != "" {
		limit := p.Limit
		if limit == 0 {
			limit = colours
		}
		if top, others, err = a.largest(f, where, p, p.Color, limit); err != nil {
			return nil, err
		}
		facts.OtherCount = others
		named = filtered(where, view.Filter{Column: p.Color, Op: view.In, Values: top})
		groups = append(groups, view.Group{Column: p.Color})
		f.key = append(f.key, p.Color)
	}
	var facet []view.Group
	if p.Facet != "" {
		facet = []view.Group{{Column: p.Facet}}
		f.key = append(f.key, p.Facet)
	}
	answer, err := a.narrowed(named, whole, p.Measure, append(groups, facet...)...)
	if err != nil {
		return nil, err
	}
	facts.Rows = answer.Rows
	f.data, f.approx = answer.Table, approx(answer)
	if others > 0 {
		rest := filtered(where, view.Filter{Column: p.Color, Op: view.In, Values: top, Not: true})
		other, err := a.narrowed(rest, whole, p.Measure, append([]view.Group{x}, facet...)...)
		if err != nil {
			return nil, err
		}
		facts.Rows += other.Rows
		f.data = withOther(f.data, other.Table)
	}
	f.data = withUnit(f.data, p.Measure)
	return f, nil
}

// filtered adds a filter to some, which it leaves as they are.
func filtered(where []view.Filter, f view.Filter) []view.Filter {
	return append(where[:len(where):len(where)], f)
}

// largest returns the values of a column with the largest measure, and how many there are beside them. Who stands among
// them is kept with the frame.
func (a *asking) largest(f *frame, where []view.Filter, p manifest.Panel, column string, limit int) ([]table.Value, int, error) {
	answer, err := a.measured(where, size(p.Measure), view.Group{Column: column})
	if err != nil {
		return nil, 0, err
	}
	order := a.largestOf(f, p, answer.Table, ranked(answer.Table, 1), limit)
	var top []table.Value
	for _, r := range order {
		top = append(top, answer.Table.Value(r, 0))
	}
	return top, max(0, int(answer.Table.Rows())-len(top)), nil
}

// size is the measure by which categories are ranked: of one that goes along another, that other.
func size(m manifest.Measure) manifest.Measure {
	if m.Of != nil {
		return *m.Of
	}
	return m
}

// withOther merges the rows of the rest, which lack the second column of those of the named colours, into them by x;
// within one x the rest comes last.
func withOther(named, rest *table.Table) *table.Table {
	schema := named.Schema()
	colour := schema.Field(1)
	text := colour.Type.Textual()
	fields := schema.Fields()
	if !text {
		fields[1] = table.Field{Name: colour.Name, Label: colour.Label, Type: table.String}
	}
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	r, rows := int64(0), rest.Rows()
	row := make([]table.Value, len(fields))
	add := func() {
		row[0], row[1] = rest.Value(r, 0), table.TextValue(table.String, OtherName)
		for c := 2; c < len(row); c++ {
			row[c] = rest.Value(r, c-1)
		}
		b.Append(row...)
		r++
	}
	for n := range named.Rows() {
		x := named.Value(n, 0)
		for r < rows && rest.Value(r, 0).Compare(x) < 0 {
			add()
		}
		for c := range row {
			row[c] = named.Value(n, c)
		}
		if !text && !row[1].IsNull() {
			row[1] = table.TextValue(table.String, colour.Format(row[1]))
		}
		b.Append(row...)
	}
	for r < rows {
		add()
	}
	return b.Table()
}

// fill gives every bucket without rows a zero, for each combination of the other keys, so that a quiet day is seen as
// one.
func (a *asking) fill(t *table.Table, keys int) *table.Table {
	if t.Rows() == 0 {
		return t
	}
	x := a.axis
	last := x.start(x.max)
	if !x.to.After(last) {
		last = x.start(x.to.Add(-time.Microsecond))
	}
	first := x.start(x.moment(t.Value(0, 0)))
	if !x.all && x.start(x.from).After(x.start(x.min)) {
		first = x.start(x.from)
	}
	type combination [2]table.Value // of a colour and a facet, at most
	of := func(r int64) (c combination) {
		for i := 1; i < keys; i++ {
			c[i-1] = t.Value(r, i)
		}
		return c
	}
	var all []combination
	known := map[combination]bool{}
	for r := range t.Rows() {
		if c := of(r); !known[c] {
			known[c] = true
			all = append(all, c)
		}
	}
	schema := t.Schema()
	b := table.NewBuilder(schema, nil)
	row := make([]table.Value, keys+1)
	r, n := int64(0), 0
	seen := map[combination]bool{}
	for at := first; !at.After(last) && n < maxBuckets; at = x.next(at, x.grain) {
		n++
		clear(seen)
		for r < t.Rows() && !x.moment(t.Value(r, 0)).After(at) {
			for c := range row {
				row[c] = t.Value(r, c)
			}
			b.Append(row...)
			seen[of(r)] = true
			r++
		}
		if len(seen) == len(all) {
			continue
		}
		row[0], row[keys] = x.value(at), number(schema.Field(keys), 0)
		for _, c := range all {
			if !seen[c] {
				copy(row[1:keys], c[:])
				b.Append(row...)
			}
		}
	}
	return b.Table()
}

// maxBuckets bounds what filling a time axis adds; the grains that are offered stay far below it.
const maxBuckets = 20_000

// columnChart answers vertical bars in the natural order of the dimension, or of a cycle of the calendar.
func (a *asking) columnChart(p manifest.Panel) (*frame, error) {
	x := view.Group{Column: p.Dimension, Name: p.Dimension}
	if p.Cyclic != view.NoGrain {
		if a.axis == nil {
			return emptyFrame(cyclicColumn(p.Cyclic), p.Measure), nil
		}
		x = a.axis.group(cyclicColumn(p.Cyclic), p.Cyclic)
	}
	where := a.where(p.Dimension)
	f, err := a.coloured(p, x, where, &wire.Facts{})
	if err != nil {
		return nil, err
	}
	if err := a.withTarget(f, p, x, where, false); err != nil {
		return nil, err
	}
	f.cycle(x.Name, p.Cyclic)
	f.data = a.natural(f.data, p.Dimension)
	return f, nil
}

// natural puts rows into the natural order of their first column where it has one that is not by value: Monday before
// Tuesday, S before M. What the order does not know comes last.
func (a *asking) natural(t *table.Table, column string) *table.Table {
	rank := map[string]int{}
	for _, f := range a.dashboard.Fields {
		if f.Name == column {
			for i, value := range f.Order {
				rank[value] = i
			}
		}
	}
	if len(rank) == 0 {
		return t
	}
	field := t.Schema().Field(0)
	at := func(row int64) int {
		if i, ok := rank[field.Format(t.Value(row, 0))]; ok {
			return i
		}
		return len(rank)
	}
	rows := make([]int64, t.Rows())
	for i := range rows {
		rows[i] = int64(i)
	}
	slices.SortStableFunc(rows, func(x, y int64) int { return at(x) - at(y) })
	b := table.NewBuilder(t.Schema(), nil)
	for _, r := range rows {
		row := make([]table.Value, t.Schema().Len())
		for c := range row {
			row[c] = t.Value(r, c)
		}
		b.Append(row...)
	}
	return b.Table()
}

// cycle notes that a column counts the units of a cycle of the calendar.
func (f *frame) cycle(column string, g view.Grain) {
	word := map[view.Grain]string{view.MonthOfYear: "month", view.DayOfWeek: "weekday", view.HourOfDay: "hour"}[g]
	if word == "" {
		return
	}
	if f.roles == nil {
		f.roles = map[string]string{}
	}
	f.roles[column] = word
}

func cyclicColumn(g view.Grain) string {
	switch g {
	case view.MonthOfYear:
		return "month_of_year"
	case view.DayOfWeek:
		return "day_of_week"
	case view.HourOfDay:
		return "hour_of_day"
	}
	return "cycle_" + strconv.Itoa(int(g))
}

// emptyFrame is the answer of a chart over time where no row has a time.
func emptyFrame(x string, m manifest.Measure) *frame {
	schema := table.NewSchema(table.Field{Name: x, Type: table.Timestamp}, table.Field{Name: m.Name, Type: table.Float, Unit: m.Unit})
	return &frame{data: table.New(schema), key: []string{x}, facts: &wire.Facts{}}
}

// withUnit gives the last column, which is the measure, its unit.
func withUnit(t *table.Table, m manifest.Measure) *table.Table {
	schema := t.Schema()
	fields := schema.Fields()
	last := &fields[len(fields)-1]
	if last.Unit == m.Unit {
		return t
	}
	last.Unit = m.Unit
	return table.New(table.NewSchema(fields...), t.Chunks()...)
}

func approx(a *view.Answer) map[string]bool {
	if len(a.Approx) == 0 {
		return nil
	}
	m := map[string]bool{}
	for _, name := range a.Approx {
		m[name] = true
	}
	return m
}
