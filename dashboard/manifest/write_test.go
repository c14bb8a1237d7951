package manifest_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/manifest"
)

var newSpec = manifest.Spec{Title: "New: \"one\"", Table: "orders", Rows: []manifest.SpecRow{
	{Height: "small", Items: []manifest.Item{{"mark": "kpi", "y": "count()"}}},
	{Items: []manifest.Item{{"mark": "bar", "x": "sum(amount_eur)", "y": "region", "limit": float64(5), "zero": true}}},
}}

func TestWriteTouchesNothingElse(t *testing.T) {
	const block = `sales:
    title: "New: \"one\""
    table: orders
    rows:
      - height: small
        items:
          - {mark: kpi, y: count()}
      - items:
          - {mark: bar, x: sum(amount_eur), y: region, limit: 5, zero: true}
`
	for _, c := range []struct{ name, text, want string }{
		{"an empty file", "", "version: 1\n\ndashboards:\n  " + block},
		{"a comment alone", "# mine\n", "# mine\nversion: 1\n\ndashboards:\n  " + block},
		{"no dashboards", "title: Shop", "title: Shop\n\ndashboards:\n  " + block},
		{"no dashboard", "dashboards: # to come\ntitle: Shop\n", "dashboards: # to come\n  " + block + "title: Shop\n"},
		{"another one", "dashboards:\n  a: {table: orders} # mine\n\n# the tables\ntables: {}\n", "dashboards:\n  a: {table: orders} # mine\n  " + block + "\n# the tables\ntables: {}\n"},
		{"the same one", "dashboards:\n  # first\n  sales: # old\n    title: Old\n    # inside\n    rows: []\n\n  # second\n  b:\n    table: orders\n", "dashboards:\n  # first\n  " + block + "\n  # second\n  b:\n    table: orders\n"},
		{"the last one", "dashboards:\n  b: {table: orders}\n  sales:\n    table: orders\n", "dashboards:\n  b: {table: orders}\n  " + block},
		{"another depth", "dashboards:\n    b: {table: orders}\n", "dashboards:\n    b: {table: orders}\n    " + strings.ReplaceAll(block[:len(block)-1], "\n", "\n  ") + "\n"},
	} {
		got, problems := manifest.Write([]byte(c.text), "sales", newSpec)
		if len(problems) > 0 || string(got) != c.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", c.name, problems, got, c.want)
			continue
		}
		again, problems := manifest.Write(got, "sales", newSpec)
		if len(problems) > 0 || string(again) != string(got) {
			t.Errorf("%s, again: %v\n%s", c.name, problems, again)
		}
		if _, problems := manifest.Parse(got); len(problems) > 0 {
			t.Errorf("%s: %v", c.name, problems)
		}
		gone, problems := manifest.Remove(got, "sales")
		if len(problems) > 0 || strings.Contains(string(gone), "sales") {
			t.Errorf("%s, removed: %v\n%s", c.name, problems, gone)
		}
	}
	for _, text := range []string{"dashboards: {a: {table: orders}}", "{title: Shop}", "dashboards: [", "a: &x b", "- a"} {
		if got, problems := manifest.Write([]byte(text), "sales", newSpec); len(problems) == 0 {
			t.Errorf("%q became\n%s", text, got)
		}
	}
}

// What the automatic dashboard is, written down and read again, is the automatic dashboard.
func TestASpecGivesItsDashboardBack(t *testing.T) {
	for _, s := range []manifest.Subject{subjectOf("orders", orders(t)), subjectOf("quotes", quotes(t)), subjectOf("penguins", read(t, "penguins.json"))} {
		var none *manifest.Config
		all, _ := none.Over(s)
		spec := none.Spec(all[0])
		// It travels as JSON.
		body, err := json.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		var travelled manifest.Spec
		if err := json.Unmarshal(body, &travelled); err != nil {
			t.Fatal(err)
		}
		text, problems := manifest.Write(nil, "mine", travelled)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		c, problems := manifest.Parse(text)
		if len(problems) > 0 {
			t.Fatalf("%v\n%s", problems, text)
		}
		again, problems := c.Over(s)
		if len(problems) > 0 || len(again) != 1 {
			t.Fatalf("%v\n%s", problems, text)
		}
		if got := c.Spec(again[0]); !reflect.DeepEqual(got, spec) {
			t.Errorf("%+v\nwant\n%+v", got, spec)
		}
		for i, row := range spec.Rows {
			for k, item := range row.Items {
				panel, _, problems := none.Draft(s, s.Name, item)
				if len(problems) > 0 || panel.Title != again[0].Rows[i].Panels[k].Title || panel.Mark != item["mark"] {
					t.Errorf("%v: %+v, %v", item, panel, problems)
				}
			}
		}
	}
}

func TestADraftSaysWhatIsWrong(t *testing.T) {
	s := subjectOf("orders", orders(t))
	var none *manifest.Config
	for _, c := range []struct {
		item manifest.Item
		says string
	}{
		{manifest.Item{"mark": "bar", "x": "count()", "y": "regoin"}, `Did you mean "region"?`},
		{manifest.Item{"mark": "pie"}, "is not a mark"},
		{manifest.Item{"mark": "kpi", "y": map[string]any{"a": nil}}, "cannot be written down"},
		{manifest.Item{"mark": "kpi", "y": []any{"a"}}, "A value is expected"},
		{manifest.Item{}, "does not say what it draws"},
	} {
		_, _, problems := none.Draft(s, s.Name, c.item)
		if len(problems) == 0 || !strings.Contains(problems[0].Error(), c.says) || problems[0].Line != 0 {
			t.Errorf("%v: %v", c.item, problems)
		}
	}
}

func FuzzWrite(f *testing.F) {
	for _, seed := range []string{"", "# a\n", "dashboards:\n  sales: {table: a}\n  b:\n    rows:\n      - auto: 2\n", "title: |\n  dashboards:\n   sales:\n", "dashboards:\n- a", "dashboards:\n  \"sales\" :\n    title: >\n  a\n", "\tdashboards:", "dashboards:\r\n  a: b\r\n"} {
		f.Add(seed, "sales", "Sales", "region")
	}
	f.Fuzz(func(t *testing.T, text, slug, title, column string) {
		if slug = manifest.Slug(slug); len(slug) > 50 {
			return
		}
		spec := manifest.Spec{Title: title, Table: "orders", Rows: []manifest.SpecRow{{Items: []manifest.Item{{"mark": "bar", "x": "count()", "y": column}}}}}
		next, problems := manifest.Write([]byte(text), slug, spec)
		if len(problems) > 0 {
			return
		}
		// The same once more changes nothing, and taking it out leaves what was there.
		again, problems := manifest.Write(next, slug, spec)
		if len(problems) > 0 || string(again) != string(next) {
			t.Fatalf("%v: %q\n%q", problems, next, again)
		}
		if _, problems := manifest.Remove(next, slug); len(problems) > 0 {
			t.Fatalf("%v: %q", problems, next)
		}
	})
}
