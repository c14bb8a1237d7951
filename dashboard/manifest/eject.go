package manifest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/dashira/dashira/table/derive"
	"github.com/dashira/dashira/table/view"
)

// Eject writes dashboards as a dashira.yaml, a start for one's own: read back over the same tables it gives the same
// panels. Why a panel was chosen stands above it as a comment.
func Eject(dashboards ...*Dashboard) []byte {
	var b strings.Builder
	b.WriteString("# Written by dashira. Every key may be left out; without this file the dashboards are made from the tables.\nversion: 1\n")
	if len(dashboards) > 0 {
		b.WriteString("\ntables:\n")
	}
	seen := map[string]bool{}
	for _, d := range dashboards {
		if seen[d.Over] {
			continue
		}
		seen[d.Over] = true
		var same []*Dashboard
		for _, o := range dashboards {
			if o.Over == d.Over {
				same = append(same, o)
			}
		}
		ejectTable(&b, d, same)
	}
	if len(dashboards) > 0 {
		b.WriteString("\ndashboards:\n")
	}
	for _, d := range dashboards {
		ejectDashboard(&b, d)
	}
	return []byte(b.String())
}

// ejectTable writes the time axis and the measures of a table.
func ejectTable(b *strings.Builder, d *Dashboard, same []*Dashboard) {
	fmt.Fprintf(b, "  %s:\n", quote(d.Over))
	if d.Over != d.Table {
		fmt.Fprintf(b, "    from: %s\n", quote(d.Table))
	}
	if d.Time != "" {
		fmt.Fprintf(b, "    time: %s\n", quote(d.Time))
		if d.Smallest != view.NoGrain {
			fmt.Fprintf(b, "    smallest_grain: %s\n", grainWord(d.Smallest))
		}
	}
	if d.StaleAfter > 0 {
		fmt.Fprintf(b, "    stale_after: %s\n", ageText(d.StaleAfter))
	}
	if d.Derive != nil {
		ejectDerived(b, d.Derive.Spec())
	}
	b.WriteString("    measures:\n")
	seen := map[string]bool{}
	for _, d := range same {
		for _, row := range d.Rows {
			for _, p := range row.Panels {
				for _, p := range append([]Panel{p}, p.Tabs...) {
					for _, m := range p.measures() {
						if m.Name != "" && !seen[m.Name] {
							seen[m.Name] = true
							ejectMeasure(b, m)
						}
					}
				}
			}
		}
	}
}

// ejectDerived writes joins, fields and the condition of a table.
func ejectDerived(b *strings.Builder, spec derive.Spec) {
	if len(spec.Lookups) > 0 {
		b.WriteString("    join:\n")
		for _, l := range spec.Lookups {
			key := ""
			if l.Key != "" {
				key = ", key: " + quote(l.Key)
			}
			fmt.Fprintf(b, "      - {table: %s, on: %s%s}\n", quote(l.Table), quote(l.On), key)
		}
	}
	if spec.Where != "" {
		fmt.Fprintf(b, "    where: %s\n", quote(spec.Where))
	}
	written := false
	for _, f := range spec.Fields {
		if f.Hidden {
			continue
		}
		if !written {
			b.WriteString("    fields:\n")
			written = true
		}
		fmt.Fprintf(b, "      %s: {value: %s", quote(f.Name), quote(f.Expr))
		if f.Label != "" {
			fmt.Fprintf(b, ", label: %s", quote(f.Label))
		}
		if f.Unit != "" {
			fmt.Fprintf(b, ", unit: %s", quote(f.Unit))
		}
		b.WriteString("}\n")
	}
}

func ejectMeasure(b *strings.Builder, m Measure) {
	fmt.Fprintf(b, "      %s: {value: %s, label: %s", quote(m.Name), quote(textOf(m)), quote(m.Label))
	if m.Format != "" {
		fmt.Fprintf(b, ", format: %s", quote(m.Format))
	}
	if m.Unit != "" {
		fmt.Fprintf(b, ", unit: %s", quote(m.Unit))
	}
	if m.Noun != "" {
		fmt.Fprintf(b, ", noun: %s", quote(m.Noun))
	}
	if m.Entity != "" {
		fmt.Fprintf(b, ", entity: %s", quote(m.Entity))
	}
	if m.Said && m.Lower != nil {
		fmt.Fprintf(b, ", lower_is_better: %v", *m.Lower)
	}
	b.WriteString("}\n")
}

func ejectDashboard(b *strings.Builder, d *Dashboard) {
	fmt.Fprintf(b, "  %s:\n    title: %s\n    table: %s\n", quote(d.Slug), quote(d.Title), quote(d.Over))
	d.Opening.text(b)
	offersText(b, d.Filters)
	annotationsText(b, d.Annotations)
	b.WriteString("    rows:\n")
	for _, row := range d.Rows {
		fmt.Fprintf(b, "      - height: %s\n        items:\n", row.Height)
		for _, p := range row.Panels {
			if p.Why != "" && p.Mark != "kpi" && p.Mark != "table" {
				fmt.Fprintf(b, "          # %s\n", strings.Join(strings.Fields(p.Why), " "))
			}
			text, _ := itemOf(d, p, func(m Measure) string { return m.Name }).text() // a panel is made of texts, numbers and truths alone
			fmt.Fprintf(b, "          - %s\n", text)
		}
	}
}

// text writes what a dashboard begins with, as far as anybody said it.
func (o Opening) text(b *strings.Builder) {
	for _, one := range []struct{ key, value string }{{"range", o.Range}, {"grain", o.Grain}, {"compare", o.Compare}} {
		if one.value != "" {
			fmt.Fprintf(b, "    %s: %s\n", one.key, quote(one.value))
		}
	}
}

func quoteList(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// quote writes a text as YAML has it: plain where nothing in it can be taken for something else, in double quotes
// with the escapes of JSON, which YAML has too, where it can.
func quote(text string) string {
	plain := text != ""
	for i, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		inner := r >= '0' && r <= '9' || r == ' ' || r == '.' || r == '(' || r == ')' || r == '-'
		if !letter && (i == 0 || !inner) {
			plain = false
		}
	}
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf":
		plain = false
	}
	if plain && !strings.HasSuffix(text, " ") {
		return text
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(text) != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
