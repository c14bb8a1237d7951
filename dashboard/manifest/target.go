package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// Target is what a measure is held against: a number, or another measure over the same rows, or one of another table
// over the rows of the same time and the same values of the columns that both have.
type Target struct {
	Value   *float64 // nil: the measure
	Measure Measure
	Table   string // of the measure; empty: that of the panel
	Text    string // as written, where it is of another table
}

// Label names the target in a word, such as "Plan"; "target" where it is a number.
func (t *Target) Label() string {
	if t.Value != nil {
		return "target"
	}
	return t.Measure.Label
}

// Bound is a value at which a measure needs attention.
type Bound struct {
	Level string // "bad", "warn"
	Op    string // "<", "<=", ">", ">="
	Value float64
}

// Betters returns "more" or "less" where a person said which of them is better, of the panel or of its measure, and ""
// where nobody did: a word in a column's name is no reason to paint a figure red.
func (p *Panel) Betters() string {
	switch {
	case p.Better == "neither":
		return ""
	case p.Better != "":
		return p.Better
	case !p.Measure.Said || p.Measure.Lower == nil:
		return ""
	case *p.Measure.Lower:
		return "less"
	}
	return "more"
}

// measures lists what a panel measures in its own table.
func (p *Panel) measures() []Measure {
	all := []Measure{p.Measure, p.Line}
	if p.Target != nil && p.Target.Value == nil && p.Target.Table == "" {
		all = append(all, p.Target.Measure)
	}
	return all
}

var directions = []string{"more", "less", "neither"}

// aims reads what a panel's measure is held against: target, better and thresholds.
func (s *subject) aims(panel *Panel, item itemSpec, p *problems) {
	if n := item.keys["target"]; n != nil {
		if panel.Color != "" {
			p.at(n, "A target goes on a chart without \"color\": each of its parts would need one of its own.", "Remove \"color\" or \"target\".")
		}
		panel.Target = s.target(n, p)
		if t := panel.Target; t != nil && t.Table != "" && item.mark != "kpi" {
			p.at(n, "The target of a "+item.mark+" is a number or a measure of its own table.", "Only a kpi takes one of another table.")
		}
		if t := panel.Target; t != nil && t.Table == "" && t.Value == nil && t.Measure.Name == panel.Measure.Name {
			p.at(n, "This target is the measure itself.", "Write a number, or another measure.")
		}
	}
	if n := item.keys["better"]; n != nil {
		if panel.Better = p.scalar(n); !slices.Contains(directions, panel.Better) {
			p.unknown(n, panel.Better, "a direction", directions)
		}
	}
	if n := item.keys["thresholds"]; n != nil {
		level := func(name string) key {
			return key{name, func(n *node) {
				b, ok := readBound(p.scalar(n))
				if !ok {
					p.at(n, fmt.Sprintf("%q is not a threshold.", n.text), "Write a comparison with a number, such as \"< 0.2\".")
				}
				b.Level = name
				panel.Bounds = append(panel.Bounds, b)
			}}
		}
		p.mapping(n, "thresholds", []key{level("warn"), level("bad")})
		slices.SortStableFunc(panel.Bounds, func(a, b Bound) int { return strings.Compare(a.Level, b.Level) }) // bad before warn
	}
}

// readBound reads "< 0.2".
func readBound(text string) (Bound, bool) {
	text = strings.TrimSpace(text)
	for _, op := range []string{"<=", ">=", "<", ">"} {
		if rest, ok := strings.CutPrefix(text, op); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			return Bound{Op: op, Value: v}, err == nil && v-v == 0
		}
	}
	return Bound{}, false
}

// target reads a number, a measure of the table at hand, or "plan.revenue" of another one; nil where it is none.
func (s *subject) target(n *node, p *problems) *Target {
	text := p.scalar(n)
	if v, err := strconv.ParseFloat(text, 64); err == nil && v-v == 0 {
		return &Target{Value: &v}
	}
	_, named := s.named[text]
	if name, what, ok := strings.Cut(text, "."); ok && !named && s.index(text) < 0 && !strings.ContainsAny(text, "()+*/") {
		return s.elsewhere(n, name, what, p)
	}
	m, ok := s.measure(n, p)
	if !ok {
		return nil
	}
	return &Target{Measure: m}
}

// elsewhere reads the target that a column or a measure of another table is.
func (s *subject) elsewhere(n *node, name, what string, p *problems) *Target {
	other := s.other(name)
	if other == nil || name == s.base {
		var names []string
		if s.Names != nil {
			names = slices.DeleteFunc(s.Names(), func(o string) bool { return o == s.base })
		}
		p.unknown(n, name, "the name of another table here", names)
		return nil
	}
	schema := other.Schema()
	m := Measure{Name: identifier(what), Label: Label(what), Op: view.Sum, Column: what}
	if at, ok := s.config.measureOf(name, what); ok {
		c, simple := parseCall(at.value.text)
		op, known := aggregateNames[c.name]
		if !simple || !known {
			p.at(n, fmt.Sprintf("The measure %q of %s is more than one aggregate of a column, which a target cannot be.", what, name), "Name a column, or a measure such as sum(revenue).")
			return nil
		}
		m.Op, m.Column, m.P = op, c.column, c.p
		if at.label != nil {
			m.Label = at.label.text
		}
	}
	if m.Op != view.Count {
		i := schema.Index(m.Column)
		if i < 0 {
			names := make([]string, schema.Len())
			for k := range names {
				names[k] = schema.Field(k).Name
			}
			p.unknown(n, what, "a column or a measure of "+name, names)
			return nil
		}
		if f := schema.Field(i); !f.Type.Numeric() && m.Op != view.Distinct || f.Type == table.Null {
			p.at(n, fmt.Sprintf("%q holds %s values, and a target is a number.", m.Column, f.Type), "")
			return nil
		}
	}
	return &Target{Measure: m, Table: name, Text: n.text}
}

// measureOf returns what is written of a measure of a table.
func (c *Config) measureOf(tableName, name string) (measureSpec, bool) {
	if c == nil {
		return measureSpec{}, false
	}
	for _, t := range c.tables {
		if t.name.text == tableName {
			for _, m := range t.measures {
				if m.name.text == name {
					return m, true
				}
			}
		}
	}
	return measureSpec{}, false
}

// besides lists the tables that the dashboards written over a table, or over one made of it, take targets and
// annotations from. A file may go by its name with and without its ending.
func (c *Config) besides(name string) []string {
	over := append(c.views(name), name)
	var all []string
	for i := range c.dashboards {
		if d := &c.dashboards[i]; slices.Contains(over, d.over().text) {
			for _, a := range d.annotations {
				all = append(all, a.file.text, tableOf(a.file.text))
			}
			for _, row := range d.rows {
				for _, item := range row.items {
					if n := item.keys["target"]; n != nil {
						if table, _, ok := strings.Cut(n.text, "."); ok {
							all = append(all, table)
						}
					}
				}
			}
		}
	}
	return all
}

// Besides lists the other tables that a dashboard takes targets and annotations from.
func (d *Dashboard) Besides() []string {
	var all []string
	for _, a := range d.Annotations {
		if !slices.Contains(all, a.Table) {
			all = append(all, a.Table)
		}
	}
	for _, row := range d.Rows {
		for _, p := range row.Panels {
			if p.Target != nil && p.Target.Table != "" && !slices.Contains(all, p.Target.Table) {
				all = append(all, p.Target.Table)
			}
		}
	}
	return all
}

// itemAims writes target, better and thresholds into an item.
func itemAims(item Item, p Panel, word func(Measure) string) {
	if t := p.Target; t != nil {
		switch {
		case t.Value != nil:
			item["target"] = *t.Value
		case t.Table != "":
			item["target"] = t.Text
		default:
			item["target"] = word(t.Measure)
		}
	}
	if p.Better != "" {
		item["better"] = p.Better
	}
	if len(p.Bounds) > 0 {
		bounds := map[string]any{}
		for _, b := range p.Bounds {
			bounds[b.Level] = b.Op + " " + strconv.FormatFloat(b.Value, 'f', -1, 64)
		}
		item["thresholds"] = bounds
	}
}
