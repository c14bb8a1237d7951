package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dashira/dashira/table/derive"
	"github.com/dashira/dashira/table/view"
)

// Spec is a dashboard as a person edits it: what stands in a dashira.yaml.
type Spec struct {
	Title string
	Table string
	Opening
	Annotations []Annotation
	Filters     []Offer
	Rows        []SpecRow
}

// Opening is what a dashboard begins with, in the words of the language; empty: as every dashboard does.
type Opening struct {
	Range   string // "90d", "month to date", "2026-01-01..2026-04-01"
	Grain   string // "auto", "month"
	Compare string // "previous period", "previous year", "target", "none"
}

// SpecRow is a row of panels.
type SpecRow struct {
	Height string // small, medium, large, table; empty: by what stands in it
	Items  []Item
}

// Item is a panel in the words of the language: its keys, and values that are texts, numbers, truths, or lists and
// mappings of them, as JSON decodes to.
type Item map[string]any

// Spec returns what would have to be written to get a dashboard. Measures that the configuration has a name for are
// called by it, the others are written out.
func (c *Config) Spec(d *Dashboard) Spec {
	s := Spec{Title: d.Title, Table: d.Over, Opening: d.Opening, Annotations: d.Annotations, Filters: d.Filters}
	for _, row := range d.Rows {
		r := SpecRow{Height: row.Height}
		for _, p := range row.Panels {
			item := itemOf(d, p, func(m Measure) string {
				if c.names(d.Over, m.Name) {
					return m.Name
				}
				return textOf(m)
			})
			if p.Heading != nil {
				delete(item, "title") // it follows from the rest, in the language of whoever reads it
			}
			r.Items = append(r.Items, item)
		}
		s.Rows = append(s.Rows, r)
	}
	return s
}

// names says whether a measure of a table has this name in the file.
func (c *Config) names(table, measure string) bool {
	if c == nil {
		return false
	}
	return slices.ContainsFunc(c.tables, func(t tableSpec) bool {
		return t.name.text == table && slices.ContainsFunc(t.measures, func(m measureSpec) bool { return m.name.text == measure })
	})
}

// Measures lists the names of the measures that the file has for a table.
func (c *Config) Measures(table string) []string {
	all := []string{}
	if c == nil {
		return all
	}
	for _, t := range c.tables {
		if t.name.text == table {
			for _, m := range t.measures {
				all = append(all, m.name.text)
			}
		}
	}
	return all
}

// Marks returns the marks that can be written, each with the keys that it has beside title, name, width and zero.
func Marks() map[string][]string {
	all := map[string][]string{}
	for mark, keys := range markKeys {
		all[mark] = slices.Clone(keys)
	}
	return all
}

// Aggregates lists the words for them.
func Aggregates() []string { return sorted(aggregateNames) }

// Draft makes the panel that an item describes, over a table. The places of problems are 0: an item is of no file.
// The table goes by the name under which the dashboard is over it; the derivation is what the panel is asked of, nil
// where that is the table itself.
func (c *Config) Draft(subj Subject, over string, item Item) (Panel, *derive.Derivation, []Problem) {
	p := &problems{}
	s := c.subject(subj, over, &problems{}) // what is wrong elsewhere in the file is said elsewhere
	var panel Panel
	if text, err := item.text(); err != nil {
		p.at(&node{}, fmt.Sprintf("This panel cannot be written down: %v.", err), "")
	} else if root := document([]byte(text), p); root != nil {
		if spec, ok := p.readItem(root); ok {
			panel, _ = s.panel(spec, p)
		}
	}
	if panel.Width == 0 {
		panel.Width = 6
	}
	if panel.Name == "" {
		panel.Name = Slug(panel.Title)
	}
	for i := range p.all {
		p.all[i].Line, p.all[i].Column = 0, 0
	}
	s.finish(nil, p)
	return panel, s.made, p.all
}

// textOf writes a measure out.
func textOf(m Measure) string {
	if m.Text != "" {
		return m.Text
	}
	return callOf(m).String()
}

// callOf writes an aggregate of a column out.
func callOf(m Measure) call {
	c := call{column: m.Column, p: m.P}
	for word, op := range aggregateNames {
		if op == m.Op {
			c.name = word
		}
	}
	return c
}

// itemOf returns the keys of a panel whose measures are written as words.
func itemOf(d *Dashboard, p Panel, word func(Measure) string) Item {
	measure := ""
	if p.Measure.Name != "" {
		measure = word(p.Measure)
	}
	item := Item{"mark": p.Mark, "width": p.Width, "zero": p.Zero}
	add := func(key, value string) {
		if value != "" {
			item[key] = value
		}
	}
	part := func(g view.Grain) string { return call{name: grainWord(g), column: d.Time}.String() }
	switch p.Mark {
	case "kpi":
		add("y", measure)
	case "line", "area", "column":
		switch {
		case p.Cyclic != view.NoGrain:
			add("x", part(p.Cyclic))
		case p.Dimension != "":
			add("x", p.Dimension)
		default:
			add("x", d.Time)
		}
		add("y", measure)
		add("y", p.Column)
		add("color", p.Color)
		add("facet", p.Facet)
		add("stack", p.Stack)
	case "bar", "ranked", "donut":
		add("y", p.Dimension)
		add("x", measure)
		add("facet", p.Facet)
	case "histogram":
		add("x", p.Column)
		add("facet", p.Facet)
	case "box":
		add("y", p.Dimension)
		add("x", p.Column)
		add("facet", p.Facet)
	case "scatter":
		add("x", p.Column)
		add("y", p.Second)
		add("color", p.Color)
		add("facet", p.Facet)
	case "candlestick":
		for i, word := range priceWords {
			if i < len(p.Columns) {
				add(word, p.Columns[i])
			}
		}
	case "combo":
		x := p.Dimension
		if x == "" {
			x = d.Time
		}
		add("x", x)
		add("y", measure)
		add("line", word(p.Line))
	case "text":
		add("text", p.Text)
	case "heatmap", "pivot":
		x, y := p.Dimension, p.Second
		if p.Across != view.NoGrain {
			x = part(p.Across)
		}
		if p.Cyclic != view.NoGrain {
			y = part(p.Cyclic)
		}
		add("x", x)
		add("y", y)
		add("color", measure)
	case "calendar":
		add("color", measure)
	case "table":
		item["columns"] = p.Columns
		add("sort", p.Sort)
	}
	if len(p.Tabs) > 0 {
		columns := make([]string, len(p.Tabs))
		for i, t := range p.Tabs {
			columns[i] = t.Dimension
		}
		item["tabs"] = columns
	}
	if p.Limit > 0 {
		item["limit"] = p.Limit
	}
	itemAims(item, p, word)
	itemOptions(item, p.Options)
	add("title", p.Title)
	add("name", p.Name)
	return item
}

// itemOrder is the order in which the keys of a panel are written; others follow by name.
var itemOrder = []string{"mark", "x", "y", "line", "open", "high", "low", "close", "color", "facet", "target", "better", "thresholds", "compare", "sparkline", "bins", "format", "other", "text", "stack", "columns", "sort", "tabs", "limit", "highlight", "title", "name", "width", "zero"}

// text writes an item in one line, "{mark: kpi, y: count()}".
func (item Item) text() (string, error) {
	var keys []string
	for _, key := range itemOrder {
		if _, ok := item[key]; ok {
			keys = append(keys, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(item)) {
		if !slices.Contains(itemOrder, key) {
			keys = append(keys, key)
		}
	}
	return mappingText(item, keys)
}

func mappingText(m map[string]any, keys []string) (string, error) {
	parts := make([]string, 0, len(keys))
	for _, key := range keys {
		text, err := flow(m[key])
		if err != nil {
			return "", fmt.Errorf("%s: %w", key, err)
		}
		word := key
		if !slices.Contains(itemOrder, key) {
			word = quote(key) // "y" is a truth to some readers of YAML as a value, and a key to all
		}
		parts = append(parts, word+": "+text)
	}
	return "{" + strings.Join(parts, ", ") + "}", nil
}

// flow writes a value as YAML's flow style has it.
func flow(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return quote(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case []string:
		return quoteList(v), nil
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			var err error
			if parts[i], err = flow(v[i]); err != nil {
				return "", err
			}
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	case map[string]any:
		return mappingText(v, slices.Sorted(maps.Keys(v)))
	}
	return "", fmt.Errorf("%v is no value of the language", v)
}
