package dashboard

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// sheetOf makes a load of rows of text cells; a column whose name ends with # holds numbers.
func sheetOf(path, header string, rows ...string) *ingest.Load {
	var fields []table.Field
	for name := range strings.SplitSeq(header, ",") {
		f := table.Field{Name: strings.TrimSuffix(name, "#"), Type: table.String}
		if strings.HasSuffix(name, "#") {
			f.Type = table.Float
		}
		fields = append(fields, f)
	}
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	for _, r := range rows {
		var cells []table.Value
		for i, text := range strings.Split(r, ",") {
			v, err := fields[i].Parse(text)
			if err != nil {
				panic(err)
			}
			cells = append(cells, v)
		}
		b.Append(cells...)
	}
	var columns []ingest.Column
	for _, f := range fields {
		columns = append(columns, ingest.Column{Field: f})
	}
	return &ingest.Load{Path: path, Format: "csv", Sheets: []ingest.Sheet{{Table: b.Table(), Columns: columns}}}
}

const derivedConfig = `
tables:
  orders:
    join: {table: customers, on: customer}
    fields: {margin: amount - cost}
    measures:
      revenue: sum(amount)
      margin_rate: {value: sum(margin) / revenue, format: percent}
      home: {value: "sum(if(country == \"FR\", amount, 0)) / revenue"}
dashboards:
  today:
    table: orders
    rows:
      - items:
          - {mark: kpi, y: margin_rate, name: rate}
          - {mark: kpi, y: home, name: home}
          - {mark: bar, x: margin_rate, y: country, name: by-country}
      - items:
          - {mark: table, columns: [customer, country, margin], name: rows}
`

// derivedModel is a model of orders and customers whose first dashboard is written.
func derivedModel(t *testing.T) (*Model, *manifest.Dashboard) {
	t.Helper()
	m := New(Options{Hub: hub.New(hub.Options{})})
	m.Prepare(sheetOf("orders.csv", "customer,amount#,cost#", "a,100,60", "b,50,50", "a,50,20"), false)()
	m.Prepare(sheetOf("customers.csv", "customer,country", "a,FR", "b,DE"), false)()
	m.SetReady()
	m.PrepareWritten([]byte(derivedConfig), time.Time{})()
	if e := m.State().SourceAt(WrittenFile).Error; e != nil {
		t.Fatal(e)
	}
	d := m.State().Dashboard("today")
	if d == nil {
		t.Fatal("there is no such dashboard")
	}
	return m, d
}

// shown writes a frame's rows.
func shown(f *frame) string {
	if f.err != "" {
		return f.err
	}
	var b strings.Builder
	for r := range f.data.Rows() {
		for c := range f.data.Schema().Len() {
			fmt.Fprintf(&b, "%s ", f.data.Schema().Field(c).Format(f.data.Value(r, c)))
		}
		b.WriteString("/ ")
	}
	return strings.TrimSpace(b.String())
}

func TestPanelsOverDerivedColumns(t *testing.T) {
	m, d := derivedModel(t)
	s, err := ParseSelection(nil)
	if err != nil {
		t.Fatal(err)
	}
	before, err := m.draw(t.Context(), Scope{}, d.Slug, s, m.State(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"rate": "0.35 /", "home": "0.75 /", "by-country": "FR 0.4666666666666667 / DE 0 /", "rows": "a FR 40 / b DE 0 / a FR 30 /"} {
		if got := shown(before.frames[name]); got != want {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}

	// A change in the looked-up table is a change of the panels that it concerns, and of no other.
	m.Prepare(sheetOf("customers.csv", "customer,country", "a,FR", "b,FR"), false)()
	after, err := m.draw(t.Context(), Scope{}, d.Slug, s, m.State(), before)
	if err != nil {
		t.Fatal(err)
	}
	for name, changes := range map[string]bool{"rate": false, "home": true, "by-country": true, "rows": true} {
		patch := difference(name, before.frames[name], after.frames[name])
		if (patch != nil) != changes {
			t.Errorf("%s: the patch is %+v", name, patch)
		}
		if patch != nil && patch.Revision <= patch.Base {
			t.Errorf("%s: the patch goes from revision %d to %d", name, patch.Base, patch.Revision)
		}
	}
	if got := shown(after.frames["home"]); got != "1 /" {
		t.Errorf("home is %s", got)
	}

	// The state of before is still to be had, with the customers of then.
	then, err := m.draw(t.Context(), Scope{}, d.Slug, s, before.state, nil)
	if err != nil {
		t.Fatal(err)
	}
	if shown(then.frames["home"]) != "0.75 /" {
		t.Errorf("before the change home was %s", shown(then.frames["home"]))
	}

	// The rows of the table have the written columns and not those that only serve a measure.
	for want, q := range map[string]RowsQuery{
		"customer amount cost":                {Selection: s},
		"customer amount cost country margin": {Selection: s, Dashboard: "today"},
		"margin":                              {Selection: s, Columns: []string{"margin"}, Sort: "-margin"},
	} {
		rows, err := m.Rows(t.Context(), Scope{}, "orders", q)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range rows.Schema.Fields() {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("the rows have the columns %q, not %q", got, want)
		}
	}

	// Without the other file its columns are empty; the figures that do not need them stay.
	m.Gone("customers.csv")
	gone, err := m.draw(t.Context(), Scope{}, d.Slug, s, m.State(), after)
	if err != nil {
		t.Fatal(err)
	}
	if shown(gone.frames["rate"]) != "0.35 /" || shown(gone.frames["home"]) != "0 /" {
		t.Errorf("without customers: %s, %s", shown(gone.frames["rate"]), shown(gone.frames["home"]))
	}
}

func TestLookupsSayWhatTheyCameUpon(t *testing.T) {
	m := New(Options{Hub: hub.New(hub.Options{})})
	m.Prepare(sheetOf("orders.csv", "customer,amount#,cost#", "a,100,60", "b,50,50", "x,50,20"), false)()
	m.Prepare(sheetOf("customers.csv", "customer,country", "a,FR", "a,IT", "b,DE"), false)()
	m.SetReady()
	m.PrepareWritten([]byte(derivedConfig), time.Time{})()
	var all []string
	for _, d := range m.State().SourceAt(WrittenFile).Diagnostics {
		all = append(all, string(d.Severity)+": "+d.Message)
	}
	want := []string{
		`warning: customers has several rows for 1 of its keys, such as "a"; the first of them counts.`,
		`warning: One row has a customer that customers does not have, such as "x"; what it looks up is empty.`,
	}
	if !slices.Equal(all, want) {
		t.Errorf("the diagnostics are %q", all)
	}
	if s := m.State().SourceAt(WrittenFile); s.State != "ok" || s.Counts.Warning != 2 {
		t.Errorf("the source is %s with %d warnings", s.State, s.Counts.Warning)
	}
}
