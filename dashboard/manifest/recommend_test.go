package manifest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table/view"
)

// recommend makes the dashboard of CSV text.
func recommend(t *testing.T, name, text string) *manifest.Dashboard {
	t.Helper()
	data := lines(t, text)
	d := manifest.Recommend(name, "", profile(data), data)
	check(t, d)
	return d
}

// mainPanel returns the first chart.
func mainPanel(t *testing.T, d *manifest.Dashboard) manifest.Panel {
	t.Helper()
	if len(d.Rows) < 3 {
		t.Fatalf("no charts: %s", describe(d))
	}
	return d.Rows[1].Panels[0]
}

func titles(d *manifest.Dashboard) []string {
	var all []string
	for _, row := range d.Rows {
		for _, p := range row.Panels {
			all = append(all, p.Mark+": "+p.Title)
		}
	}
	return all
}

func date(i int) string {
	return time.Date(2023, 1, 1+i, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
}

func TestASeriesHasALineForEachOfItsThings(t *testing.T) {
	d := recommend(t, "sensors", repeat("day,device_id,temperature_c", 400, func(i int) string {
		return fmt.Sprintf("%s,dev-%d,%d.5", date(i/4), i%4, 15+i*i%13)
	}))
	p := mainPanel(t, d)
	if p.Mark != "line" || p.Color != "device_id" || p.Measure.Column != "temperature_c" || p.Measure.Op != view.Mean {
		t.Errorf("main panel %+v", p)
	}
	if first := d.Rows[0].Panels[0]; first.Measure.Op == view.Count {
		t.Error("the number of rows of a regular series comes first")
	}
}

func TestWhatCameOfAPlanComesBeforeThePlan(t *testing.T) {
	d := recommend(t, "budget", repeat("month,budget_eur,actual_eur", 24, func(i int) string {
		return fmt.Sprintf("%d-%02d-01,%d000,%d500.50", 2023+i/12, i%12+1, 50+i*7%30, 45+i*5%40)
	}))
	if p := mainPanel(t, d); p.Measure.Column != "actual_eur" {
		t.Errorf("main panel %+v", p)
	}
}

func TestNamedThingsAreCountedOverTime(t *testing.T) {
	d := recommend(t, "employees", repeat("name,department,salary,hired_on", 120, func(i int) string {
		return fmt.Sprintf("Person number %d,%s,%d,%s", i, []string{"Sales", "Finance", "Support"}[i*i%3], 30_000+i*7919%50_000, date(i*i%1500))
	}))
	if p := mainPanel(t, d); p.Measure.Op != view.Count || p.Title[:9] != "Employees" {
		t.Errorf("main panel %+v", p)
	}
	for _, title := range titles(d) {
		if title == "ranked: Average salary by name" {
			t.Error("people are ranked by what they earn")
		}
	}
}

func TestAQuestionnaireHasAColumnChartForEachQuestion(t *testing.T) {
	answers := []string{"Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"}
	d := recommend(t, "answers", repeat("respondent,age_group,easy,useful", 300, func(i int) string {
		return fmt.Sprintf("Q%d,%s,%s,%s", i, []string{"18-24", "25-34", "35-54", "55+"}[i*7%11%4], answers[i*i%5], answers[i*3%7%5])
	}))
	for _, want := range []string{"column: Answers by easy", "column: Answers by useful", "column: Answers by age group"} {
		if !slices.Contains(titles(d), want) {
			t.Errorf("no %q among %q", want, titles(d))
		}
	}
}

func TestAmountsThatAreMostlyZeroStepBack(t *testing.T) {
	d := recommend(t, "strikes", repeat("at,cost_total", 500, func(i int) string {
		cost := 0
		if i%20 == 0 {
			cost = 1000 + i*i
		}
		return fmt.Sprintf("%s,%d", date(i*i%900), cost)
	}))
	if p := mainPanel(t, d); p.Measure.Op != view.Count || p.Title != "Strikes over time" {
		t.Errorf("main panel %+v", p)
	}
}

func TestLevelsAreTakenAtTheEndOfAPeriod(t *testing.T) {
	d := recommend(t, "inventory", repeat("date,sku,stock", 600, func(i int) string {
		return fmt.Sprintf("%s,S-%d,%d", date(i/6), i%6, 10+i*i%97)
	}))
	m := mainPanel(t, d).Measure
	if m.Op != view.Last || !m.LastPerPeriod || m.Entity != "sku" || m.Format != "integer" {
		t.Errorf("measure %+v", m)
	}
}

func TestTwinsAppearOnceByTheirReadableName(t *testing.T) {
	names := []string{"France", "Germany", "Spain", "Italy", "Poland"}
	d := recommend(t, "visits", repeat("country_code,country,minutes", 300, func(i int) string {
		n := names[i*i%7%5]
		return fmt.Sprintf("%s,%s,%d.5", n[:2], n, i*31%200)
	}))
	for _, row := range d.Rows {
		for _, p := range row.Panels {
			if p.Dimension == "country_code" || p.Second == "country_code" || p.Color == "country_code" {
				t.Errorf("%q groups by the code of the country", p.Title)
			}
		}
	}
}

func TestATableWithoutTimeIsComparedAndNotTimed(t *testing.T) {
	d := recommend(t, "products", repeat("product,category,price,weight_kg", 200, func(i int) string {
		return fmt.Sprintf("Thing number %d,%s,%d.90,%d.25", i, []string{"A", "B", "C", "D"}[i%4], 5+i*7%90, 1+i*7%90/9+i*13%7)
	}))
	if d.Time != "" {
		t.Errorf("time %q", d.Time)
	}
	if p := mainPanel(t, d); p.Mark != "scatter" {
		t.Errorf("main panel %q of %q", p.Title, titles(d))
	}
}
