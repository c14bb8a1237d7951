package manifest_test

import (
	"fmt"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
)

// figures lists the panels of a dashboard's first two rows: mark, title, target and line.
func figures(d *manifest.Dashboard) []string {
	var all []string
	for _, row := range d.Rows[:min(2, len(d.Rows))] {
		for _, p := range row.Panels {
			text := p.Mark + " " + p.Title
			if p.Target != nil {
				text += " against " + p.Target.Label()
			}
			if p.Line.Name != "" {
				text += " with " + p.Line.Label
			}
			all = append(all, text)
		}
	}
	return all
}

func TestWhatBecameIsShownAgainstThePlan(t *testing.T) {
	monthly := func(header string) string {
		return repeat(header, 24, func(i int) string {
			return fmt.Sprintf("%d-%02d-01,%d,%d", 2024+i/12, i%12+1, 1000+i*i%89, 1100+i*10)
		})
	}
	for _, c := range []struct{ name, text, first, main string }{
		{"by name", monthly("month,revenue,revenue_target"), "kpi Revenue against Revenue target", "combo Revenue and revenue target over time with Revenue target"},
		{"actual", monthly("month,Actual sales,Budget sales"), "kpi Actual sales against Budget sales", "combo Actual sales and budget sales over time with Budget sales"},
		{"daily", repeat("day,revenue,revenue_plan", 300, func(i int) string {
			return fmt.Sprintf("2024-%02d-%02d,%d,%d", i/28+1, i%28+1, 1000+i*i%89, 1100+i*10)
		}), "kpi Revenue against Revenue plan", "line Revenue and revenue plan over time against Revenue plan"},
	} {
		d := recommend(t, c.name, c.text)
		got := figures(d)
		if len(got) < 3 || got[0] != c.first {
			t.Errorf("%s: %q", c.name, got)
		}
		found := false
		for _, panel := range got {
			found = found || panel == c.main
		}
		if !found {
			t.Errorf("%s: there is no %q in %q", c.name, c.main, got)
		}
	}
	// A budget that nothing became of is a measure like any other.
	d := recommend(t, "films", monthly("released,budget,gross"))
	for _, row := range d.Rows {
		for _, p := range row.Panels {
			if p.Target != nil || p.Mark == "combo" {
				t.Errorf("%s is held against something", p.Title)
			}
		}
	}
}
