package manifest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

var update = flag.Bool("update", false, "write the golden files anew; read the difference")

// TestRecommendPublicData holds the dashboards of real files as a person would read them.
func TestRecommendPublicData(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		if ext := filepath.Ext(name); ext != ".csv" && ext != ".json" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			golden(t, strings.TrimSuffix(name, filepath.Ext(name)), read(t, name))
		})
	}
}

// TestRecommendOrders holds the dashboard of the table that most people try first.
func TestRecommendOrders(t *testing.T) { golden(t, "orders", orders(t)) }

// TestRecommendQuotes holds the dashboard of a regular series of several things at once.
func TestRecommendQuotes(t *testing.T) { golden(t, "quotes", quotes(t)) }

// golden compares the dashboard of a table with the one that was read and found good.
func golden(t *testing.T, name string, data *table.Table) {
	t.Helper()
	d := manifest.Recommend(name, "", profile(data), data)
	check(t, d)
	got, path := describe(d), filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("%s differs; run with -update and read the difference:\n%s", path, got)
	}
}

// describe writes a dashboard down, one line for each thing.
func describe(d *manifest.Dashboard) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s), time %q by %s\n\n", d.Title, d.Slug, d.Time, grainName(d.Smallest))
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	b.WriteString("\n")
	for _, f := range d.Fields {
		unit := ""
		if f.Unit != "" {
			unit = " [" + f.Unit + "]"
		}
		fmt.Fprintf(&b, "%-28s %-9s %-12s %.2f  %s%s: %s\n", f.Name, f.Type, f.Role, f.Confidence, f.Label, unit, f.Reason)
	}
	for _, row := range d.Rows {
		fmt.Fprintf(&b, "\n-- %s\n", row.Height)
		for _, p := range row.Panels {
			fmt.Fprintf(&b, "%2d %-9s %s  {%s}\n", p.Width, p.Mark, p.Title, p.Name)
			if p.Mark != "table" {
				fmt.Fprintf(&b, "             %s\n", encoding(p))
			}
			for _, t := range p.Tabs {
				fmt.Fprintf(&b, "             tab %s {%s}\n", t.Title, t.Name)
			}
			if p.Mark == "table" {
				fmt.Fprintf(&b, "             %s sort %q\n", strings.Join(p.Columns, ", "), p.Sort)
			}
			fmt.Fprintf(&b, "             %s\n", p.Why)
		}
	}
	return b.String()
}

func encoding(p manifest.Panel) string {
	var parts []string
	add := func(channel, value string) {
		if value != "" && value != "none" {
			parts = append(parts, channel+"="+value)
		}
	}
	if p.Measure.Name != "" {
		m := p.Measure
		text := fmt.Sprintf("%s(%s)", opName(m.Op), m.Column)
		if m.LastPerPeriod {
			text += " per " + m.Entity
		}
		if m.Lower != nil {
			text += map[bool]string{true: " lower is better", false: " higher is better"}[*m.Lower]
		}
		add("measure", fmt.Sprintf("%s %s as %s, %s", m.Name, text, m.Format, m.Noun))
	}
	add("dimension", p.Dimension)
	add("second", p.Second)
	add("column", p.Column)
	add("color", p.Color)
	add("stack", p.Stack)
	add("cyclic", grainName(p.Cyclic))
	add("across", grainName(p.Across))
	if p.Limit > 0 {
		add("limit", fmt.Sprint(p.Limit))
	}
	return strings.Join(parts, " ")
}

func grainName(g view.Grain) string {
	return [...]string{"none", "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "month of year", "day of week", "hour of day"}[g]
}

func opName(a view.Aggregate) string {
	return [...]string{"count", "present", "sum", "mean", "min", "max", "median", "quantile", "stddev", "distinct", "first", "last", "ratio"}[a]
}

// check holds what is true of every dashboard.
func check(t *testing.T, d *manifest.Dashboard) {
	t.Helper()
	columns := map[string]bool{"": true}
	for _, f := range d.Fields {
		columns[f.Name] = true
		if f.Reason == "" || f.Confidence <= 0 || f.Confidence > 1 || f.Role == "" {
			t.Errorf("column %q: role %q, confidence %v, reason %q", f.Name, f.Role, f.Confidence, f.Reason)
		}
	}
	names := map[string]bool{}
	var panel func(p manifest.Panel, tab bool)
	panel = func(p manifest.Panel, tab bool) {
		if names[p.Name] || manifest.Slug(p.Name) != p.Name {
			t.Errorf("panel name %q is taken or no slug", p.Name)
		}
		names[p.Name] = true
		if p.Why == "" || p.Title == "" {
			t.Errorf("panel %q: title %q, why %q", p.Name, p.Title, p.Why)
		}
		for _, c := range append([]string{p.Dimension, p.Second, p.Column, p.Color, p.Measure.Column, strings.TrimPrefix(p.Sort, "-")}, p.Columns...) {
			if !columns[c] {
				t.Errorf("panel %q names no column: %q", p.Name, c)
			}
		}
		if p.Dimension != "" && (p.Dimension == p.Color || p.Dimension == p.Second || p.Dimension == p.Column || p.Dimension == p.Measure.Column) {
			t.Errorf("panel %q uses %q twice", p.Name, p.Dimension)
		}
		if p.Measure.Name != "" && p.Measure.Name != p.Measure.Column && columns[p.Measure.Name] {
			t.Errorf("measure %q has the name of another column", p.Measure.Name)
		}
		for _, tab := range p.Tabs {
			panel(tab, true)
		}
	}
	for _, row := range d.Rows {
		width := 0
		for _, p := range row.Panels {
			panel(p, false)
			width += p.Width
		}
		if width > 12 || len(row.Panels) == 0 {
			t.Errorf("a row of %d panels is %d wide", len(row.Panels), width)
		}
	}
	if len(d.Rows) < 2 || d.Rows[0].Panels[0].Mark != "kpi" || d.Rows[len(d.Rows)-1].Panels[0].Mark != "table" {
		t.Errorf("figures do not come first or rows not last")
	}
	if !slices.ContainsFunc(d.Rows[0].Panels, func(p manifest.Panel) bool { return p.Measure.Op == view.Count }) {
		t.Errorf("no figure counts the rows")
	}
}
