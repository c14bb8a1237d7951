package manifest

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// study is what is known of a table when its panels are chosen: which columns can do what, best first.
type study struct {
	name     string
	fields   []Field
	profiles []view.ColumnProfile
	sample   *sample
	said     *wishes
	rows     int64

	axis     int        // the column that rows follow each other in, −1: none
	timed    bool       // the axis is a Date or Timestamp, which grain and range apply to
	smallest view.Grain // of a timed axis
	span     time.Duration

	events  bool // rows are things that happened or are there, so their number says something
	series  int  // the column whose values each have a row for every point of the axis, −1: none
	caption int  // the text that names each row, −1: none
	candles bool // open, high, low and close

	measures   []scored
	dimensions []dimension
}

// dimension is a column to group by and how good it is at that.
type dimension struct {
	column int
	score  float64 // for a few marks of different colour or place
	list   float64 // for a ranked list, where many values are welcome
	even   float64 // evenness of the counts, 0 to 1
}

// byList orders dimensions by how good a list they make, then as the file has them.
func byList(a, b dimension) int { return cmp.Or(cmp.Compare(b.list, a.list), a.column-b.column) }

// most is how many measures and dimensions take part in the choice; a table of hundreds of columns is judged by its
// best.
const most = 12

// newStudy studies a table; what a person said of it, if anything, goes before what the rules say.
func newStudy(name string, profiles []view.ColumnProfile, data *table.Table, said *wishes) *study {
	s := &study{name: name, profiles: profiles, fields: Classify(profiles), sample: newSample(data), said: said, axis: -1, series: -1, caption: -1}
	said.apply(s.fields)
	for i := range profiles {
		s.rows = max(s.rows, profiles[i].Rows)
	}
	s.findAxis()
	names := map[string]bool{}
	for i := range s.fields {
		for _, w := range words(s.fields[i].Name) {
			names[w] = true
		}
	}
	s.candles = names["open"] && names["high"] && names["low"] && names["close"]
	s.findShape()
	if s.timed && said != nil && said.smallest != view.NoGrain {
		s.smallest = said.smallest
	}
	s.findCaption()
	s.rankDimensions()
	s.rankMeasures()
	if len(s.measures) > most {
		s.measures = s.measures[:most]
	}
	return s
}

// findAxis chooses the column of the time axis: dates and timestamps by name, order and completeness; a column of
// years where there is none of those.
func (s *study) findAxis() {
	best := math.Inf(-1)
	for i := range s.fields {
		f, p := &s.fields[i], &s.profiles[i]
		if f.Role != RoleTime || p.Distinct < 2 {
			continue
		}
		if f.Type.Temporal() && (p.Min.IsNull() || p.Max.IsNull()) {
			continue
		}
		w := words(f.Name)
		score := 1 - float64(p.Nulls)/math.Max(1, float64(p.Rows)) - 0.2*float64(i)/float64(len(s.fields))
		if timeWords[last(w)] || timeWords[first(w)] {
			score += 0.3
		}
		if p.Distinct > 10 {
			score += 0.2
		}
		if has(notNowWords, w) {
			score--
		}
		if !f.Type.Temporal() {
			score -= 0.6
		}
		if score > best && score > 0 {
			best, s.axis = score, i
		}
	}
	if s.said != nil && s.said.time != "" {
		s.axis = slices.IndexFunc(s.fields, func(f Field) bool { return f.Name == s.said.time })
	}
	if s.axis < 0 {
		return
	}
	p := &s.profiles[s.axis]
	if s.timed = p.Field.Type.Temporal() && !p.Min.IsNull() && !p.Max.IsNull(); s.timed {
		s.smallest = p.Grain
		s.span = instant(p.Max).Sub(instant(p.Min))
	}
}

func first(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// findShape tells events from regular series. In a table with one row per day, or one per year and country, the
// number of rows says nothing, and a group with many rows is no bigger than another.
func (s *study) findShape() {
	s.events = true
	for i := range s.fields {
		if w := words(s.fields[i].Name); s.fields[i].Role == RoleCount && len(w) == 1 && has(set("count n num frequency freq anzahl"), w) {
			// The rows were counted before: each is a group, and how many groups there are says little.
			s.events = false
		}
	}
	if s.axis < 0 || s.rows < 4 {
		return
	}
	points := float64(s.profiles[s.axis].Distinct)
	if s.timed && !s.regular(points) {
		return
	}
	rows := float64(s.rows)
	if rows <= 1.02*points {
		s.events = false
		return
	}
	// Of two columns that both make a full grid with the axis, the one with more series tells rows apart better.
	var bases []int
	for i := range s.fields {
		if n := s.profiles[i].Distinct; s.groups(i) && n >= 2 && n <= 500 {
			bases = append(bases, i)
		}
	}
	least := 0.7
	if !s.sample.empty() {
		// Rows that can be looked at prove it, so series may begin late and have gaps.
		least = 0.3
	}
	looks := 0
	telling := func(columns ...int) bool {
		looks++
		return looks <= 2*most && s.telling(columns...)
	}
	fit := func(cells float64) bool { return rows >= least*cells && rows <= 1.01*cells }
	for _, i := range bases {
		n := float64(s.profiles[i].Distinct)
		if fit(points*n) && telling(i) {
			s.events, s.series = false, i
			return
		}
	}
	for a, i := range bases {
		for _, j := range bases[a+1:] {
			if fit(points*float64(s.profiles[i].Distinct*s.profiles[j].Distinct)) && telling(i, j) {
				s.events, s.series = false, i
				if s.profiles[j].Distinct < s.profiles[i].Distinct {
					s.series = j
				}
				return
			}
		}
	}
}

// regular says whether the points of a timed axis lie in calendar steps of one length, one in each, and sets the
// smallest grain to it: the first of every month at eight, in summer at seven, is a series by month.
func (s *study) regular(points float64) bool {
	for g := view.Year; g >= view.Second && g >= s.smallest; g-- {
		if share := points / float64(buckets(s.span, g)); share < 0.5 || share > 1.1 {
			continue
		}
		if g == s.smallest {
			return true
		}
		if s.sample.empty() {
			continue
		}
		at, steps := s.sample.group(s.axis), s.sample.step(s.axis, g)
		if float64(steps.n) >= 0.98*float64(at.n) {
			s.smallest = g
			return true
		}
	}
	return false
}

// attribute says whether the axis is a property of the rows more than their moment: few points with about equally many
// rows each, as the model years of a collection of cars.
func (s *study) attribute() bool {
	if s.axis < 0 {
		return false
	}
	p := &s.profiles[s.axis]
	if p.Distinct > 30 || p.Distinct > int64(len(p.Top)) || s.rows < 5*p.Distinct {
		return false
	}
	mean := float64(p.Rows-p.Nulls) / float64(p.Distinct)
	square := 0.0
	for _, v := range p.Top {
		square += (float64(v.Rows) - mean) * (float64(v.Rows) - mean)
	}
	return math.Sqrt(square/float64(p.Distinct)) < 0.35*mean
}

// telling says whether the axis and these columns tell the rows apart. Without rows to look at the counts alone have
// to do.
func (s *study) telling(columns ...int) bool {
	if s.sample.empty() {
		return true
	}
	seen := make(map[[3]int]bool, len(s.sample.rows))
	at := s.sample.group(s.axis)
	repeated := 0
	for i := range s.sample.rows {
		key := [3]int{at.of[i]}
		for k, c := range columns {
			key[k+1] = s.sample.group(c).of[i]
		}
		if seen[key] {
			repeated++
		}
		seen[key] = true
	}
	return float64(repeated) <= 0.01*float64(len(s.sample.rows))
}

// groups says whether rows may be grouped by a column.
func (s *study) groups(i int) bool {
	switch p := &s.profiles[i]; s.fields[i].Role {
	case RoleNominal, RoleCyclic, RoleBoolean, RoleOrdinal:
		return true
	case RoleID:
		// The numbers of a few devices or shops, each on many rows, are what one compares.
		return p.Distinct <= 60 && p.Rows-p.Nulls >= 10*p.Distinct
	}
	return false
}

// findCaption finds the text that names each row, as the title of a film does. Names of people and places come before
// other texts.
func (s *study) findCaption() {
	best := 0.0
	for i := range s.fields {
		f, p := &s.fields[i], &s.profiles[i]
		filled := float64(p.Rows - p.Nulls)
		if f.Type != table.String || f.Role == RoleEmpty || f.Role == RoleConstant || f.Role == RoleID || p.MeanLength > 50 || p.Distinct < 5 || float64(p.Distinct) < 0.8*filled || filled < 0.8*float64(p.Rows) {
			continue
		}
		score := 1 - float64(i)/float64(len(s.fields))
		if has(labelWords, words(f.Name)) {
			score++
		}
		if score > best {
			best, s.caption = score, i
		}
	}
}

// entity returns the column whose last values are added up where a level is measured.
func (s *study) entity() string {
	if s.series >= 0 {
		return s.fields[s.series].Name
	}
	for i := range s.fields {
		p := &s.profiles[i]
		if s.fields[i].Role == RoleID && p.Distinct >= 2 && p.Rows-p.Nulls >= 3*p.Distinct {
			return s.fields[i].Name
		}
	}
	return ""
}

// rankDimensions finds the columns to group by. Of two that say the same, a code and its name, the readable one stays.
func (s *study) rankDimensions() {
	var all []dimension
	for i := range s.fields {
		if d, ok := s.dimension(i); ok {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b dimension) int { return cmp.Compare(b.score, a.score) })
	all = all[:min(len(all), 3*most)]
	for _, d := range all {
		if len(s.dimensions) < most && !slices.ContainsFunc(s.dimensions, func(o dimension) bool { return s.twins(o.column, d.column) }) {
			s.dimensions = append(s.dimensions, d)
		}
	}
	// Of twins the one with the better score came first; the readable one takes its place.
	for k := range s.dimensions {
		for _, d := range all {
			if s.twins(s.dimensions[k].column, d.column) && s.readable(d.column) > s.readable(s.dimensions[k].column) {
				s.dimensions[k] = d
			}
		}
	}
}

func (s *study) dimension(i int) (dimension, bool) {
	f, p := &s.fields[i], &s.profiles[i]
	if !s.groups(i) || p.Distinct < 2 || f.Role == RoleOrdinal && has(scoreWords, words(f.Name)) && p.Distinct > 12 {
		return dimension{}, false
	}
	n := float64(p.Distinct)
	filled := 1 - float64(p.Nulls)/math.Max(1, float64(p.Rows))
	even := evenness(p)
	d := dimension{column: i, even: even}
	d.score = (0.3 + 0.7*even) * math.Pow(0.9, math.Max(0, n-7)) * filled * f.Confidence
	switch {
	case n < 4:
		d.list = 0.5
	case n < 6:
		d.list = 0.75
	case n <= 60:
		d.list = 1
	case n <= 500:
		d.list = 0.85
	default:
		d.list = 0.6
	}
	if n < 3 {
		d.score *= 0.8
		d.list = 0.35
	}
	switch f.Role {
	case RoleOrdinal, RoleBoolean, RoleID:
		d.list *= 0.6
	case RoleCyclic:
		d.list = 0 // what has an order of its own is not put in order of size
	}
	if f.Role == RoleID {
		d.score *= 0.6
	}
	if has(scoreWords, words(f.Name)) {
		d.list = 0
	}
	if len(p.Top) > 0 && float64(p.Top[0].Rows) > 0.9*float64(p.Rows-p.Nulls) {
		d.list *= 0.5
	}
	repeats := float64(p.Rows-p.Nulls) / n
	if repeats < 2 {
		d.list *= 0.5
	}
	d.list *= filled * f.Confidence * (0.7 + 0.3*math.Min(1, 2*(1-even)+0.3)) * (1 - 0.25*float64(i)/float64(len(s.fields)))
	return d, true
}

// evenness is the entropy of the counts of a column over that of equal counts. Values beyond the counted ones are taken
// to share what is left.
func evenness(p *view.ColumnProfile) float64 {
	total := float64(p.Rows - p.Nulls)
	if total <= 0 || p.Distinct < 2 {
		return 0
	}
	h, counted := 0.0, 0.0
	for _, v := range p.Top {
		share := float64(v.Rows) / total
		if share > 0 {
			h -= share * math.Log(share)
		}
		counted += float64(v.Rows)
	}
	if rest := float64(p.Distinct - int64(len(p.Top))); rest > 0 && counted < total {
		share := (total - counted) / total / rest
		h -= rest * share * math.Log(share)
	}
	return math.Max(0, math.Min(1, h/math.Log(float64(p.Distinct))))
}

// twins says whether two columns divide the rows in the same way.
func (s *study) twins(a, b int) bool {
	if a == b || s.sample.empty() {
		return false
	}
	na, nb := float64(s.profiles[a].Distinct), float64(s.profiles[b].Distinct)
	if na > 1.25*nb || nb > 1.25*na || s.rows < 20 {
		return false
	}
	return cramersV(s.sample.group(a), s.sample.group(b)) > 0.95
}

// readable orders twins: names before codes before numbers.
func (s *study) readable(i int) float64 {
	p := &s.profiles[i]
	if !p.Field.Type.Textual() {
		return 0
	}
	return 1 + math.Min(p.MeanLength, 30)
}

// numbers returns the columns whose single values are worth a chart of their own, in the order of their measures.
func (s *study) numbers() []int {
	var all []int
	for i := range s.measures {
		c := s.measures[i].column
		if c < 0 || slices.Contains(all, c) {
			continue
		}
		switch s.fields[c].Role {
		case RoleNumber, RoleCurrency, RolePercentage, RoleDuration, RoleBytes, RoleCount:
			p := &s.profiles[c]
			if s.candles && has(set("open high low adjusted"), words(s.fields[c].Name)) {
				continue
			}
			if p.Distinct >= 8 && p.Quantiles[4] > p.Quantiles[0] && s.measures[i].score > -3 {
				all = append(all, c)
			}
		}
	}
	return all
}

// label returns a column's name for people, inside a sentence.
func (s *study) label(i int) string { return within(s.called(i)) }

// called returns a column's label; that of a yes-or-no column is what yes means.
func (s *study) called(i int) string {
	if s.fields[i].Role == RoleBoolean {
		return question(s.fields[i].Label)
	}
	return s.fields[i].Label
}
