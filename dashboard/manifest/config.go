package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Config is what a dashira.yaml says, checked as far as it can be without the tables that it speaks of.
// [Config.Over] and [Config.Unknown] check the rest, and the former makes the dashboards.
type Config struct {
	Title     string         // of the whole; empty: not said
	Zone      *time.Location // in which instants fall into days; nil: not said
	WeekStart *time.Weekday  // nil: not said
	Look      *Look          // nil: nothing said

	sources    []sourceSpec
	tables     []tableSpec
	dashboards []dashboardSpec
}

// tableSpec is what is said of one table.
type tableSpec struct {
	name     *node
	time     *node
	smallest *node
	from     *node // the table it is a view of; nil: the one of its name
	where    *node
	joins    []joinSpec
	fields   []fieldSpec
	columns  []columnSpec
	measures []measureSpec

	staleAfter time.Duration // 0: not said
}

// columnSpec is what is said of one column; nil: nothing.
type columnSpec struct {
	name, label, role, unit *node
	order                   []string
}

// measureSpec is a named measure.
type measureSpec struct {
	name, value, label, format, unit, noun, entity *node
	lower                                          *bool
}

// dashboardSpec is a dashboard as written.
type dashboardSpec struct {
	name, title, table *node
	opening            Opening
	annotations        []annotationSpec
	offers             []offerSpec // nil: nothing is said of filters
	rows               []rowSpec
}

// rowSpec is a row of panels, or the wish for the best automatic ones.
type rowSpec struct {
	at     *node
	height string
	items  []itemSpec
	auto   int
}

// itemSpec is a panel as written: its keys and their values.
type itemSpec struct {
	at   *node
	mark string
	keys map[string]*node
}

// key is a key that a mapping may have. One without a reader is known to the language but does nothing yet.
type key struct {
	name string
	read func(*node)
}

// Parse reads a dashira.yaml. Every key may be missing: an empty file means the automatic dashboards. What is wrong
// comes back as problems; the configuration is nil where there is any.
func Parse(data []byte) (*Config, []Problem) {
	p := &problems{}
	c := &Config{}
	if root := document(data, p); root != nil {
		c.read(root, p)
	}
	if len(p.all) > 0 {
		return nil, p.all
	}
	return c, nil
}

func (c *Config) read(root *node, p *problems) {
	p.mapping(root, "the file", []key{
		{"version", func(n *node) {
			if v := p.scalar(n); v != "1" && v != "" {
				p.at(n, fmt.Sprintf("Version %s is not known here.", v), "This is version 1.")
			}
		}},
		{"title", func(n *node) { c.Title = p.scalar(n) }},
		{"timezone", func(n *node) {
			zone, err := time.LoadLocation(p.scalar(n))
			if err != nil || n.text == "" || n.text == "Local" {
				p.at(n, fmt.Sprintf("%q is not a time zone.", n.text), "Write a name such as \"Europe/Paris\" or \"UTC\".")
				return
			}
			c.Zone = zone
		}},
		{"week_start", func(n *node) {
			days := []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
			i := slices.Index(days, strings.ToLower(p.scalar(n)))
			if i < 0 {
				p.unknown(n, n.text, "a day of the week", days)
				return
			}
			day := time.Weekday(i)
			c.WeekStart = &day
		}},
		{"sources", func(n *node) { p.entries(n, func(name, value *node) { c.readSource(name, value, p) }) }},
		{"tables", func(n *node) { p.entries(n, func(name, value *node) { c.readTable(c.table(name), value, p) }) }},
		{"dashboards", func(n *node) { p.entries(n, func(name, value *node) { c.readDashboard(name, value, p) }) }},
		{"locale", func(n *node) { c.readLocale(n, p) }},
		{"theme", func(n *node) { c.readTheme(n, p) }},
		{"shares", nil}, {"history", nil},
	})
}

// table returns what is said of a table so far.
func (c *Config) table(name *node) *tableSpec {
	for i := range c.tables {
		if c.tables[i].name.text == name.text {
			return &c.tables[i]
		}
	}
	c.tables = append(c.tables, tableSpec{name: name})
	return &c.tables[len(c.tables)-1]
}

// column returns what is said of a column so far.
func (t *tableSpec) column(name *node) *columnSpec {
	for i := range t.columns {
		if t.columns[i].name.text == name.text {
			return &t.columns[i]
		}
	}
	t.columns = append(t.columns, columnSpec{name: name})
	return &t.columns[len(t.columns)-1]
}

var roleWords = []string{string(RoleBoolean), string(RoleTime), string(RoleCyclic), string(RoleID), string(RoleGeo), string(RolePercentage), string(RoleCurrency),
	string(RoleDuration), string(RoleBytes), string(RoleCount), string(RoleOrdinal), string(RoleNumber), string(RoleNominal), string(RoleText)}

// columnKeys are what can be said of a column wherever it comes from.
func (p *problems) columnKeys(col *columnSpec) []key {
	return []key{
		{"role", func(n *node) {
			if !slices.Contains(roleWords, p.scalar(n)) {
				p.unknown(n, n.text, "a role", roleWords)
			}
			col.role = n
		}},
		{"unit", func(n *node) { p.scalar(n); col.unit = n }},
		{"label", func(n *node) { p.scalar(n); col.label = n }},
	}
}

func (c *Config) readTable(t *tableSpec, n *node, p *problems) {
	p.mapping(n, "a table", []key{
		{"time", func(n *node) { p.scalar(n); t.time = n }},
		{"smallest_grain", func(n *node) {
			if _, ok := grainNames[p.scalar(n)]; !ok {
				p.unknown(n, n.text, "a grain", grainWords)
			}
			t.smallest = n
		}},
		{"dimensions", func(n *node) {
			p.entries(n, func(name, value *node) {
				col := t.column(name)
				p.mapping(value, "a dimension", []key{
					{"label", func(n *node) { p.scalar(n); col.label = n }},
					{"order", func(n *node) {
						for _, item := range p.list(n) {
							col.order = append(col.order, p.scalar(item))
						}
					}},
				})
			})
		}},
		{"measures", func(n *node) {
			p.entries(n, func(name, value *node) {
				if identifier(name.text) != name.text {
					p.at(name, fmt.Sprintf("%q cannot be the name of a measure.", name.text), fmt.Sprintf("Use lower-case letters, digits and underscores, as in %q.", identifier(name.text)))
				}
				m := measureSpec{name: name}
				if value.kind == scalar {
					m.value = value
				} else {
					p.readMeasure(&m, value)
				}
				if m.value == nil {
					p.at(name, fmt.Sprintf("The measure %q does not say what it measures.", name.text), "Add \"value: sum(column)\".")
					return
				}
				t.measures = append(t.measures, m)
			})
		}},
		{"from", func(n *node) { p.scalar(n); t.from = n }},
		{"where", func(n *node) { p.scalar(n); t.where = n }},
		{"join", func(n *node) {
			items := []*node{n}
			if n.kind != mapping {
				items = p.list(n)
			}
			for _, item := range items {
				if j, ok := p.readJoin(item); ok {
					t.joins = append(t.joins, j)
				}
			}
		}},
		{"fields", func(n *node) {
			p.entries(n, func(name, value *node) {
				if f, ok := p.readField(name, value); ok {
					t.fields = append(t.fields, f)
				}
			})
		}},
		{"stale_after", func(n *node) {
			age, ok := parseAge(p.scalar(n))
			if !ok {
				p.at(n, fmt.Sprintf("%q is no length of time.", n.text), "Write a number with s, min, h, d or w, such as 2h or 3d.")
			}
			t.staleAfter = age
		}},
	})
}

func (p *problems) readMeasure(m *measureSpec, n *node) {
	p.mapping(n, "a measure", []key{
		{"value", func(n *node) { p.scalar(n); m.value = n }},
		{"label", func(n *node) { p.scalar(n); m.label = n }},
		{"unit", func(n *node) { p.scalar(n); m.unit = n }},
		{"noun", func(n *node) { p.scalar(n); m.noun = n }},
		{"entity", func(n *node) { p.scalar(n); m.entity = n }},
		{"format", func(n *node) {
			if !validFormat(p.scalar(n)) {
				p.unknown(n, n.text, "a format", formats)
			}
			m.format = n
		}},
		{"lower_is_better", func(n *node) {
			if b, ok := p.truth(n); ok {
				m.lower = &b
			}
		}},
	})
}

// validFormat says whether a word names a way to write numbers; decimals go from 0 to 9.
func validFormat(word string) bool {
	switch word {
	case "integer", "compact", "percent", "currency", "duration", "bytes", "id":
		return true
	}
	return len(word) == len("decimal(2)") && strings.HasPrefix(word, "decimal(") && word[8] >= '0' && word[8] <= '9' && word[9] == ')'
}

func (c *Config) readDashboard(name, n *node, p *problems) {
	d := dashboardSpec{name: name}
	if Slug(name.text) != name.text {
		p.at(name, fmt.Sprintf("%q cannot be the name of a dashboard, which is part of its address.", name.text), fmt.Sprintf("Use %q and put the rest into its title.", Slug(name.text)))
	}
	p.mapping(n, "a dashboard", []key{
		{"title", func(n *node) { p.scalar(n); d.title = n }},
		{"table", func(n *node) { p.scalar(n); d.table = n }},
		{"rows", func(n *node) {
			for _, item := range p.list(n) {
				if r, ok := p.readRow(item); ok {
					d.rows = append(d.rows, r)
				}
			}
		}},
		{"range", func(n *node) {
			d.opening.Range = SpellRange(p.scalar(n))
			if _, err := ParseRange(d.opening.Range); err != nil {
				p.at(n, capitalise(err.Error())+".", "Write \"all\", \"last 90 days\", \"month to date\", or two dates such as 2026-01-01/2026-03-31.")
			}
		}},
		{"grain", func(n *node) {
			if d.opening.Grain = p.scalar(n); d.opening.Grain != "auto" && !slices.Contains(grainWords, d.opening.Grain) {
				p.unknown(n, d.opening.Grain, "a grain", append([]string{"auto"}, grainWords...))
			}
		}},
		{"compare", func(n *node) {
			if d.opening.Compare = p.scalar(n); !slices.Contains(comparisons, d.opening.Compare) {
				p.unknown(n, d.opening.Compare, "a comparison", comparisons)
			}
		}},
		{"annotations", func(n *node) {
			for _, item := range p.list(n) {
				if a, ok := p.readAnnotation(item); ok {
					d.annotations = append(d.annotations, a)
				}
			}
		}},
		{"filters", func(n *node) {
			d.offers = []offerSpec{}
			for _, item := range p.list(n) {
				if o, ok := p.readOffer(item); ok {
					d.offers = append(d.offers, o)
				}
			}
		}},
		{"alerts", nil},
	})
	c.dashboards = append(c.dashboards, d)
}

func (p *problems) readRow(n *node) (rowSpec, bool) {
	r := rowSpec{at: n}
	p.mapping(n, "a row", []key{
		{"height", func(n *node) {
			heights := []string{"small", "medium", "large", "table"}
			if r.height = p.scalar(n); !slices.Contains(heights, r.height) {
				p.unknown(n, r.height, "a height", heights)
			}
		}},
		{"items", func(n *node) {
			for _, item := range p.list(n) {
				if i, ok := p.readItem(item); ok {
					r.items = append(r.items, i)
				}
			}
		}},
		{"auto", func(n *node) {
			count, err := strconv.Atoi(p.scalar(n))
			if err != nil || count < 1 || count > 12 {
				p.at(n, fmt.Sprintf("%q is not a number of panels.", n.text), "Write a number from 1 to 12.")
			}
			r.auto = count
		}},
	})
	if n.kind == mapping && r.auto == 0 && len(r.items) == 0 && len(p.all) == 0 {
		p.at(n, "This row has no panels.", "Give it \"items\", or \"auto: 3\" for the three best suggestions.")
	}
	return r, n.kind == mapping
}

// markKeys are the marks and the keys that each may have beside those of every panel.
var markKeys = map[string][]string{
	"kpi":    {"y", "target", "better", "thresholds", "compare", "sparkline", "format", "highlight"},
	"line":   {"x", "y", "color", "facet", "stack", "limit", "target", "thresholds", "format", "highlight"},
	"area":   {"x", "y", "color", "facet", "stack", "limit", "format", "highlight"},
	"column": {"x", "y", "color", "facet", "stack", "limit", "target", "thresholds", "format", "highlight"},
	"bar":    {"x", "y", "facet", "sort", "limit", "other", "format", "highlight"}, "ranked": {"x", "y", "sort", "limit", "tabs", "other", "format", "highlight"},
	"donut": {"x", "y", "sort", "limit", "other", "format", "highlight"}, "histogram": {"x", "facet", "bins", "highlight"}, "box": {"x", "y", "facet", "limit", "highlight"},
	"scatter": {"x", "y", "color", "facet", "highlight"}, "heatmap": {"x", "y", "color", "format", "highlight"}, "calendar": {"color", "format", "highlight"},
	"table": {"columns", "sort", "highlight"}, "candlestick": {"open", "high", "low", "close", "highlight"}, "combo": {"x", "y", "line", "format", "highlight"},
	"pivot": {"x", "y", "color", "format", "highlight"}, "text": {"text"},
}

// laterKeys are keys of panels that the language has and that do nothing yet; a value named here is what the panel
// does anyway and may be written.
var laterKeys = map[string]string{"grain": "auto"}

func (p *problems) readItem(n *node) (itemSpec, bool) {
	item := itemSpec{at: n, keys: map[string]*node{}}
	if n.kind != mapping {
		p.at(n, fmt.Sprintf("A panel is a mapping and not %s.", n.kind), "Write it as {mark: kpi, y: count()}.")
		return item, false
	}
	for _, pair := range n.pairs {
		if pair.key.text == "mark" {
			item.mark = p.scalar(pair.value)
			if _, ok := markKeys[item.mark]; !ok {
				p.unknown(pair.value, item.mark, "a mark", sorted(markKeys))
				return item, false
			}
		}
	}
	if item.mark == "" {
		p.at(n, "This panel does not say what it draws.", suggest("", sorted(markKeys)))
		return item, false
	}
	allowed := append([]string{"mark", "name", "title", "width", "zero"}, markKeys[item.mark]...)
	for _, pair := range n.pairs {
		k := pair.key.text
		only, later := laterKeys[k]
		switch {
		case slices.Contains(allowed, k):
			item.keys[k] = pair.value
		case later && only != "" && pair.value.text == only:
			// What it does anyway.
		case later:
			hint := "Remove it."
			if only != "" {
				hint = fmt.Sprintf("Only %q is, which is also what happens without it.", only)
			}
			p.at(pair.key, fmt.Sprintf("%q on a panel is not supported yet.", k), hint)
		default:
			p.unknown(pair.key, k, fmt.Sprintf("a key of the mark %q", item.mark), allowed)
		}
	}
	return item, true
}

// mapping reads the keys of a mapping. A key that is not known, or is but does nothing yet, is a problem.
func (p *problems) mapping(n *node, what string, keys []key) {
	switch n.kind {
	case nothing:
		return
	case scalar, sequence:
		p.at(n, fmt.Sprintf("Here %s is expected as a mapping, and this is %s.", what, n.kind), "")
		return
	}
	for _, pair := range n.pairs {
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == pair.key.text })
		switch {
		case i < 0:
			var names []string
			for _, k := range keys {
				if k.read != nil {
					names = append(names, k.name)
				}
			}
			p.unknown(pair.key, pair.key.text, "a key of "+what, names)
		case keys[i].read == nil:
			p.at(pair.key, fmt.Sprintf("%q in %s is not supported yet.", pair.key.text, what), "Remove it; the file is read without it.")
		default:
			keys[i].read(pair.value)
		}
	}
}

// entries reads a mapping whose keys are names.
func (p *problems) entries(n *node, read func(name, value *node)) {
	switch n.kind {
	case nothing:
		return
	case scalar, sequence:
		p.at(n, fmt.Sprintf("Here names are expected, each with a mapping, and this is %s.", n.kind), "")
		return
	}
	for _, pair := range n.pairs {
		read(pair.key, pair.value)
	}
}

// list returns the items of a list.
func (p *problems) list(n *node) []*node {
	if n.kind != sequence && n.kind != nothing {
		p.at(n, fmt.Sprintf("A list is expected here, and this is %s.", n.kind), "")
	}
	return n.items
}

// scalar returns the text of a value.
func (p *problems) scalar(n *node) string {
	if n.kind != scalar {
		p.at(n, fmt.Sprintf("A value is expected here, and this is %s.", n.kind), "")
	}
	return n.text
}

// truth returns the value of true or false.
func (p *problems) truth(n *node) (value, ok bool) {
	switch p.scalar(n) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	if n.kind == scalar {
		p.unknown(n, n.text, "true or false", []string{"true", "false"})
	}
	return false, false
}
