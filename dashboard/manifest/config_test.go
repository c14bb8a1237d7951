package manifest_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

func subjectOf(name string, data *table.Table) manifest.Subject {
	return manifest.Subject{Name: name, Profiles: profile(data), Data: data}
}

// over puts a configuration to every table.
func over(c *manifest.Config, subjects []manifest.Subject) (all []*manifest.Dashboard, problems []manifest.Problem) {
	var names []string
	for _, s := range subjects {
		names = append(names, s.Name)
	}
	problems = c.Unknown(names, names)
	for _, s := range subjects {
		s.Other = func(name string) *table.Table {
			for _, o := range subjects {
				if o.Name == name {
					return o.Data
				}
			}
			return nil
		}
		s.Names = func() []string { return slices.Clone(names) }
		made, wrong := c.Over(s)
		all, problems = append(all, made...), append(problems, wrong...)
	}
	return all, problems
}

// made reads a dashira.yaml over tables and wants no problem.
func made(t *testing.T, text string, subjects ...manifest.Subject) []*manifest.Dashboard {
	t.Helper()
	c, problems := manifest.Parse([]byte(text))
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	all, problems := over(c, subjects)
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	for _, d := range all {
		sound(t, d)
	}
	return all
}

// sound holds what is true of every dashboard, written ones too.
func sound(t *testing.T, d *manifest.Dashboard) {
	t.Helper()
	names := map[string]bool{}
	for _, row := range d.Rows {
		width := 0
		for _, p := range row.Panels {
			width += p.Width
			for _, p := range append([]manifest.Panel{p}, p.Tabs...) {
				if p.Name == "" || names[p.Name] || p.Title == "" || p.Why == "" {
					t.Errorf("panel %q: title %q, why %q", p.Name, p.Title, p.Why)
				}
				names[p.Name] = true
			}
		}
		if width > 12 || width < 8 {
			t.Errorf("a row is %d columns wide", width)
		}
	}
}

func TestAnEmptyFileMeansTheAutomaticDashboards(t *testing.T) {
	shop := subjectOf("orders", orders(t))
	want := manifest.Recommend("orders", "", shop.Profiles, shop.Data)
	for _, text := range []string{"", "{}", "# nothing\n", "version: 1", "version: 1\ndashboards:\n", "tables: {}"} {
		got := made(t, text, shop)
		if len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("%q does not give the automatic dashboard", text)
		}
	}
}

// plain takes from a dashboard what a file does not say.
func plain(d *manifest.Dashboard) []manifest.Row {
	var rows []manifest.Row
	for _, row := range d.Rows {
		r := manifest.Row{Height: row.Height}
		for _, p := range row.Panels {
			p.Why, p.Reasons, p.Score = "", nil, 0
			var tabs []manifest.Panel
			for _, tab := range p.Tabs {
				tab.Why, tab.Reasons, tab.Score, tab.Width = "", nil, 0, 0
				tabs = append(tabs, tab)
			}
			p.Tabs = tabs
			r.Panels = append(r.Panels, p)
		}
		rows = append(rows, r)
	}
	return rows
}

func TestEjectedDashboardsComeBackAsTheyWere(t *testing.T) {
	tables := map[string]*table.Table{"orders": orders(t), "quotes": quotes(t), "penguins": read(t, "penguins.json"), "seattle-weather": read(t, "seattle-weather.csv"), "disasters": read(t, "disasters.csv")}
	for name, text := range shapes() {
		tables[name] = lines(t, text)
	}
	for name, data := range tables {
		t.Run(name, func(t *testing.T) {
			s := subjectOf(name, data)
			d := manifest.Recommend(name, "", s.Profiles, s.Data)
			text := manifest.Eject(d)
			got := made(t, string(text), s)
			if len(got) != 1 || got[0].Slug != d.Slug || got[0].Title != d.Title || got[0].Time != d.Time || got[0].Smallest != d.Smallest {
				t.Fatalf("another dashboard came back from\n%s", text)
			}
			a, b := plain(d), plain(got[0])
			for i := range a {
				for k := range a[i].Panels {
					if i >= len(b) || k >= len(b[i].Panels) || !reflect.DeepEqual(a[i].Panels[k], b[i].Panels[k]) {
						t.Fatalf("row %d panel %d:\n%+v\n%+v\nfrom\n%s", i, k, a[i].Panels[k], b[i].Panels[k], text)
					}
				}
			}
			if !reflect.DeepEqual(a, b) {
				t.Errorf("other rows came back from\n%s", text)
			}
		})
	}
}

func TestWrittenDashboard(t *testing.T) {
	shop, prices := subjectOf("orders", orders(t)), subjectOf("quotes", quotes(t))
	all := made(t, `
version: 1
title: Shop
timezone: Europe/Paris
week_start: sunday
sources:
  orders:
    columns:
      unit_price_eur: {role: quantitative}
tables:
  orders:
    time: ordered_at
    smallest_grain: hour
    dimensions:
      channel: {label: Way of sale, order: [web, shop, phone]}
    measures:
      revenue: {value: sum(amount_eur), label: Revenue}
      orders: count()
      dear: {value: "p(amount_eur, 0.95)", format: integer}
dashboards:
  sales:
    title: Sales today
    table: orders
    rows:
      - items:
          - {mark: kpi, y: revenue}
          - {mark: kpi, y: orders}
          - {mark: kpi, y: dear}
          - {mark: kpi, y: avg(is_gift)}
          - {mark: kpi, y: distinct(customer_id)}
      - items:
          - {mark: line, y: revenue, color: channel, width: 8}
          - {mark: ranked, y: region, x: revenue, tabs: [product, status], sort: -x}
      - items:
          - {mark: heatmap, x: hour_of_day(ordered_at), y: day_of_week(ordered_at), color: orders}
          - {mark: histogram, x: amount_eur, bins: auto}
          - {mark: column, x: month_of_year(ordered_at), y: revenue, title: Seasons}
      - auto: 2
      - items:
          - {mark: table, columns: [ordered_at, region, amount_eur], sort: -amount_eur}
  again: {table: orders}
`, shop, prices)
	if len(all) != 3 || all[0].Slug != "sales" || all[1].Slug != "again" || all[2].Slug != "quotes" {
		t.Fatalf("dashboards: %v", all)
	}
	d := all[0]
	if d.Title != "Sales today" || d.Table != "orders" || d.Time != "ordered_at" || d.Smallest != view.Hour || len(d.Rows) != 5 {
		t.Errorf("dashboard %+v", d)
	}
	var titles []string
	for _, row := range d.Rows {
		titles = append(titles, row.Height+":")
		for _, p := range row.Panels {
			titles = append(titles, p.Title)
		}
	}
	want := "small: Revenue Orders Dear Gift Customers large: Revenue by way of sale over time Revenue by region " +
		"medium: Orders by weekday and hour Distribution of amount Seasons medium: "
	if got := strings.Join(titles, " "); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "table: Rows") {
		t.Errorf("titles %q", got)
	}
	if row := d.Rows[3]; len(row.Panels) != 2 || row.Panels[0].Mark == "kpi" {
		t.Errorf("suggestions %+v", row)
	}
	m := d.Rows[0].Panels[2].Measure
	if m.Op != view.Quantile || m.P != 0.95 || m.Column != "amount_eur" || m.Format != "integer" || m.Unit != "EUR" {
		t.Errorf("measure %+v", m)
	}
	if gift := d.Rows[0].Panels[3].Measure; gift.Op != view.Mean || gift.Format != "percent" {
		t.Errorf("measure %+v", gift)
	}
	for _, f := range d.Fields {
		if f.Name == "channel" && (f.Label != "Way of sale" || f.Role != manifest.RoleCyclic || len(f.Order) != 3) {
			t.Errorf("field %+v", f)
		}
		if f.Name == "unit_price_eur" && f.Role != manifest.RoleNumber {
			t.Errorf("field %+v", f)
		}
	}
	if again := all[1]; again.Rows[0].Panels[0].Title != "Orders" || again.Rows[1].Panels[0].Measure.Name != "revenue" {
		t.Errorf("the named measures do not lead the automatic dashboard: %+v", again.Rows[1].Panels[0])
	}
}

func TestProblemsSayWhereAndWhatInstead(t *testing.T) {
	shop, prices := subjectOf("orders", orders(t)), subjectOf("quotes", quotes(t))
	for _, c := range []struct {
		text, place, message string
	}{
		{"titel: Shop", "line 1, column 1", `"titel" is not a key of the file. Did you mean "title"?`},
		{"version: 2", "line 1, column 10", "Version 2 is not known"},
		{"a: [1,\n b", "line 1, column 4", "This is not YAML"},
		{"title: a\ntitle: b", "line 2, column 1", "already defined"},
		{"title:\n\t x", "line 2, column 1", "This is not YAML"},
		{"title: [a]", "line 1, column 8", "A value is expected here, and this is a list."},
		{"tables: &x {}", "line 1", "not supported"},
		{"- a", "line 1, column 1", "expected as a mapping, and this is a list"},
		{"shares: {}", "line 1, column 1", `"shares" in the file is not supported yet.`},
		{"theme: {mode: drak}", "line 1, column 15", `Did you mean "dark"?`},
		{"theme: {accent: blue}", "line 1, column 17", `"blue" is not a colour.`},
		{"theme: {palette: [\"#12345\"]}", "line 1, column 19", `"#12345" is not a colour.`},
		{"locale: english", "line 1, column 9", `"english" is not a locale.`},
		{"tables:\n  order: {}", "line 2, column 3", `"order" is not the name of a table here. Did you mean "orders"?`},
		{"tables:\n  orders:\n    time: region", "line 3, column 11", `"region" holds string values and not dates or timestamps.`},
		{"tables:\n  orders:\n    time: ordered", "line 3, column 11", `Did you mean "ordered_at"?`},
		{"tables: {orders: {smallest_grain: days}}", "line 1, column 35", `Did you mean "day"?`},
		{"tables: {orders: {measures: {aov: {value: revenue / orders}}}}", "line 1, column 43", `"revenue" is not a measure`},
		{"tables: {orders: {measures: {aov: {value: summ(amount_eur)}}}}", "line 1, column 43", `Did you mean "sum"?`},
		{"tables: {orders: {measures: {aov: {value: sum(amount)}}}}", "line 1, column 43", `Did you mean "amount_eur"?`},
		{"tables: {orders: {measures: {aov: {value: sum(region)}}}}", "line 1, column 43", `"region" holds string values`},
		{"tables: {orders: {measures: {region: {value: count()}}}}", "line 1, column 30", "is the name of a column already"},
		{"tables: {orders: {measures: {My Revenue: sum(amount_eur)}}}", "line 1, column 30", `"my_revenue"`},
		{"tables: {orders: {measures: {a: {value: count(), format: money}}}}", "line 1, column 58", "is not a format"},
		{"tables: {orders: {fields: {margin: amount_eur - cots}}}", "line 1, column 49", `"cots" is not a column`},
		{"tables: {orders: {fields: {margin: \"amount_eur * region\"}}}", "line 1, column 48", "cannot be multiplied"},
		{"tables: {orders: {where: status}}", "line 1, column 26", "true or false"},
		{"tables: {orders: {join: [{table: quotes, on: product}]}}", "line 1, column 46", "is not a column of it"},
		{"tables: {orders: {join: [{table: qoutes, on: product}]}}", "line 1, column 34", `Did you mean "quotes"?`},
		{"tables: {orders: {join: {table: prices}}}", "line 1, column 26", "by which column"},
		{"tables: {orders: {join: {table: prices, on: x, type: inner}}}", "line 1, column 54", "every row stays"},
		{"tables: {sales: {from: ordres}}", "line 1, column 24", `Did you mean "orders"?`},
		{"tables: {orders: {measures: {a: sum(amount_eur) / b, b: a + 1}}}", "line 1, column 51", "has a fault of its own"},
		{"tables: {orders: {measures: {aov: sum(amount_er) / count()}}}", "line 1, column 39", `Did you mean "amount_eur"?`},
		{"dashboards: {Sales Today: {}}", "line 1, column 14", `Use "sales-today"`},
		{"dashboards: {sales: {}}", "line 1, column 14", `"sales" does not say which table it is over`},
		{"dashboards: {orders: {annotations: [{file: notes.csv, time: at, text: note}]}}", "line 1, column 44", `"notes.csv" is not a file here.`},
		{"dashboards: {orders: {annotations: [{file: quotes, time: on}]}}", "line 1, column 38", "does not say from which file"},
		{"dashboards: {orders: {annotations: [{file: quotes, time: ticker, text: ticker}]}}", "line 1, column 58", "not dates or timestamps"},
		{"dashboards: {orders: {alerts: []}}", "line 1, column 23", "not supported yet"},
		{"dashboards: {orders: {filters: [regoin]}}", "line 1, column 33", `Did you mean "region"?`},
		{"dashboards: {orders: {filters: [region, {field: region}]}}", "line 1, column 49", "twice among the filters"},
		{"dashboards: {orders: {filters: [{field: region, type: range}]}}", "line 1, column 55", "which have no range"},
		{"dashboards: {orders: {filters: [{field: region, type: slider}]}}", "line 1, column 55", `"slider" is not a kind of filter`},
		{"dashboards: {orders: {filters: [{type: range}]}}", "line 1, column 34", "does not say by which column"},
		{"dashboards: {orders: {range: lately}}", "line 1, column 30", `"lately" is not a range.`},
		{"dashboards: {orders: {grain: fortnight}}", "line 1, column 30", `"fortnight" is not a grain.`},
		{"dashboards: {orders: {compare: previous yaer}}", "line 1, column 32", `Did you mean "previous year"?`},
		{"dashboards:\n  orders:\n    rows:\n      - items:\n          - {mark: pie, y: count()}", "line 5, column 20", `"pie" is not a mark`},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: revenu}]}]}}", "line 1, column 54", `"revenu" is not a measure of orders`},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: amount_eur}]}]}}", "line 1, column 54", `Write "sum(amount_eur)"`},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: count(), compare: 3}]}]}}", "line 1, column 72", `"3" is not a comparison`},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: count(), compare: target}]}]}}", "line 1, column 72", "There is no target to compare"},
		{"dashboards: {orders: {rows: [{items: [{mark: line, y: count(), compare: none}]}]}}", "line 1, column 64", `"compare" is not a key of the mark "line"`},
		{"dashboards: {orders: {rows: [{items: [{mark: line, y: count(), grain: month}]}]}}", "line 1, column 64", "not supported yet"},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: count(), sparkline: no}]}]}}", "line 1, column 74", "not true or false"},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: count(), format: fancy}]}]}}", "line 1, column 71", `"fancy" is not a format`},
		{"dashboards: {orders: {rows: [{items: [{mark: histogram, x: amount_eur, bins: 1}]}]}}", "line 1, column 78", "from 2 to 200"},
		{"dashboards: {orders: {rows: [{items: [{mark: table, highlight: rows}]}]}}", "line 1, column 64", `"rows" is not what lights up`},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: count(), target: plan.revenue}]}]}}", "line 1, column 71", `"plan" is not the name of another table here.`},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: count(), target: amount_eur}]}]}}", "line 1, column 71", `"amount_eur" is a column, and a measure is needed here.`},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: count(), better: bigger}]}]}}", "line 1, column 71", `"bigger" is not a direction.`},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: count(), thresholds: {bad: low}}]}]}}", "line 1, column 81", `"low" is not a threshold.`},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, x: count()}]}]}}", "line 1, column 51", `"x" is not a key of the mark "kpi"`},
		{"dashboards: {orders: {rows: [{items: [{mark: bar, x: count(), y: regoin}]}]}}", "line 1, column 66", `Did you mean "region"?`},
		{"dashboards: {orders: {rows: [{items: [{mark: histogram, x: region}]}]}}", "line 1, column 60", "numbers are needed here"},
		{"dashboards: {orders: {rows: [{items: [{mark: line, y: count(), x: region, color: region}]}]}}", "line 1", `uses "region" twice`},
		{"dashboards: {orders: {rows: [{items: [{mark: heatmap, x: year(ordered_at), y: region, color: count()}]}]}}", "line 1, column 58", "y must be a cycle"},
		{"dashboards: {orders: {rows: [{items: [{mark: kpi, y: count(), width: 8}, {mark: kpi, y: count(), width: 8}]}]}}", "line 1", "wider than the twelve columns"},
		{"dashboards: {orders: {rows: [{auto: many}]}}", "line 1, column 37", "not a number of panels"},
		{strings.Repeat("[", 1000), "line 1", "nested too deeply"},
		{strings.Repeat("- ", 1000), "line 1", "nested too deeply"},
		{"\xff", "", "not UTF-8"},
		{"title: a\n---\ntitle: b", "line 3", "A second document"},
	} {
		config, problems := manifest.Parse([]byte(c.text))
		if len(problems) == 0 {
			_, problems = over(config, []manifest.Subject{shop, prices})
		}
		if len(problems) == 0 {
			t.Errorf("%q: no problem", c.text)
			continue
		}
		if got := problems[0].Error(); !strings.HasPrefix(got, c.place) || !strings.Contains(got, c.message) {
			t.Errorf("%q:\n got %s\nwant %s … %s", c.text, got, c.place, c.message)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "{}", "version: 1\ntables: {orders: {measures: {a: count()}}}", "dashboards: {orders: {rows: [{auto: 2}, {items: [{mark: kpi, y: sum(a)}]}]}}", "a: &x [*x]", "? [a]\n: b", "a: |\n  b", "\"\\u0000\": x"} {
		f.Add(seed)
	}
	data := table.NewBuilder(table.NewSchema(table.Field{Name: "a", Type: table.Int}, table.Field{Name: "b", Type: table.String}, table.Field{Name: "at", Type: table.Date}), nil)
	for i := range int64(30) {
		data.Append(table.IntValue(table.Int, i*i%7), table.TextValue(table.String, string(rune('a'+i%3))), table.IntValue(table.Date, 19000+i))
	}
	s := subjectOf("orders", data.Table())
	f.Fuzz(func(t *testing.T, text string) {
		c, problems := manifest.Parse([]byte(text))
		if (c == nil) != (len(problems) > 0) {
			t.Fatal("neither a configuration nor a problem, or both")
		}
		if c == nil {
			return
		}
		all, problems := over(c, []manifest.Subject{s})
		if len(problems) > 0 {
			return
		}
		// What was understood is written and understood again.
		c, problems = manifest.Parse(manifest.Eject(all...))
		if len(problems) > 0 {
			t.Fatalf("%v in\n%s", problems, manifest.Eject(all...))
		}
		again, problems := over(c, []manifest.Subject{s})
		if len(problems) > 0 || len(again) != len(all) {
			t.Fatalf("%v in\n%s", problems, manifest.Eject(all...))
		}
	})
}
