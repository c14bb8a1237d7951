package dashboard

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// dated is a load whose first column holds dates, the others numbers, empty where nothing stands.
func dated(path string, names string, rows ...string) *ingest.Load {
	var fields []table.Field
	for i, name := range strings.Split(names, ",") {
		typ := table.Float
		if i == 0 {
			typ = table.Date
		} else if strings.HasSuffix(name, "$") {
			name, typ = strings.TrimSuffix(name, "$"), table.String
		}
		fields = append(fields, table.Field{Name: name, Type: typ})
	}
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	for _, r := range rows {
		var cells []table.Value
		for i, text := range strings.Split(r, ",") {
			v := table.Value{}
			if text != "" {
				var err error
				if v, err = fields[i].Parse(text); err != nil {
					panic(err)
				}
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

const aimedConfig = `
tables:
  sales:
    time: day
    measures:
      revenue: {value: sum(amount), lower_is_better: false}
  plan:
    time: month
dashboards:
  today:
    table: sales
    range: 2026-02-01/2026-03-31
    rows:
      - items:
          - {mark: kpi, y: revenue, name: number, target: 500, thresholds: {warn: "< 450", bad: "< 100"}}
          - {mark: kpi, y: revenue, name: own, target: sum(wanted), better: neither}
          - {mark: kpi, y: revenue, name: other, target: plan.revenue}
      - items:
          - {mark: line, y: revenue, name: trend, target: sum(wanted)}
          - {mark: line, y: revenue, name: level, target: 40}
`

func aimedModel(t *testing.T) *Model {
	t.Helper()
	m := New(Options{Hub: hub.New(hub.Options{})})
	m.Prepare(dated("sales.csv", "day,amount,wanted,region$", "2026-01-10,100,90,N", "2026-02-03,200,150,N", "2026-03-05,40,60,S", "2026-03-31,,999,S"), false)()
	m.Prepare(dated("plan.csv", "month,revenue,region$", "2026-01-01,110,N", "2026-02-01,210,N", "2026-03-01,70,S", "2026-04-01,80,S"), false)()
	m.SetReady()
	m.PrepareWritten([]byte(aimedConfig), time.Time{})()
	if e := m.State().SourceAt(WrittenFile).Error; e != nil {
		t.Fatal(e)
	}
	return m
}

func drawn(t *testing.T, m *Model, query string, scope Scope, before *picture) *picture {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ParseSelection(q)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.draw(t.Context(), scope, "today", s, m.State(), before)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func target(p *picture, panel string) any {
	if f := p.frames[panel]; f.facts != nil && f.facts.Target != nil {
		return *f.facts.Target
	}
	return nil
}

func TestTargetsAreAskedOverTheRowsOfTheFigure(t *testing.T) {
	m := aimedModel(t)
	p := drawn(t, m, "", Scope{}, nil)
	// The dashboard opens with two months; a row that is planned and has not happened is no part of the target of its own table.
	for panel, want := range map[string]any{"number": 500.0, "own": 210.0, "other": 280.0, "level": 40.0, "trend": nil} {
		if got := target(p, panel); got != want {
			t.Errorf("the target of %s is %v, not %v", panel, got, want)
		}
	}
	if got := target(drawn(t, m, "range=all", Scope{}, nil), "other"); got != 390.0 {
		t.Errorf("over all time the plan is %v", got)
	}
	if got := target(drawn(t, m, "f.region=N", Scope{}, nil), "other"); got != 210.0 {
		t.Errorf("in the north the plan is %v", got)
	}
	guest := Scope{Guest: true, Dashboards: []string{"today"}, Lock: map[string][]string{"region": {"S"}}}
	if got := target(drawn(t, m, "", guest, nil), "other"); got != 70.0 {
		t.Errorf("whoever may see the south sees %v", got)
	}
	guest.Lock = map[string][]string{"amount": {"40"}}
	if got := target(drawn(t, m, "", guest, nil), "other"); got != nil {
		t.Errorf("a lock that the plan does not know lets %v through", got)
	}

	// A change of the plan is a change of the panel that is held against it.
	m.Prepare(dated("plan.csv", "month,revenue,region$", "2026-02-01,300,N"), false)()
	next := drawn(t, m, "", Scope{}, p)
	if got := target(next, "other"); got != 300.0 {
		t.Errorf("the new plan is %v", got)
	}
	patch := difference("other", p.frames["other"], next.frames["other"])
	if patch == nil || patch.Revision <= patch.Base {
		t.Errorf("the patch is %+v", patch)
	}
	if d := difference("number", p.frames["number"], next.frames["number"]); d != nil {
		t.Errorf("a number is no part of the plan, and changed: %+v", d)
	}
	m.Gone("plan.csv")
	if got := target(drawn(t, m, "", Scope{}, next), "other"); got != nil {
		t.Errorf("without a plan the target is %v", got)
	}
}

func TestTargetsAreToldToThePage(t *testing.T) {
	m := aimedModel(t)
	items := map[string]wire.Item{}
	for _, row := range layout(m.State().Dashboard("today")) {
		for _, item := range row.Items {
			items[item.Panel] = item
		}
	}
	if i := items["number"]; i.Target != "target" || i.Better != "more" || len(i.Thresholds) != 2 || i.Thresholds[0] != (wire.Threshold{Level: "bad", Op: "<", Value: 100}) {
		t.Errorf("%+v", i)
	}
	if i := items["own"]; i.Target != "Wanted" || i.Better != "" {
		t.Errorf("%+v", i)
	}
	if i := items["other"]; i.Target != "Revenue" {
		t.Errorf("%+v", i)
	}
	if i := items["trend"]; i.Encoding.Target == "" || i.Encoding.Target == i.Encoding.Y {
		t.Errorf("%+v", i)
	}
	p := drawn(t, m, "grain=month", Scope{}, nil)
	if got := shown(p.frames["trend"]); got != "2026-02-01 200 150 / 2026-03-01 40 1059 /" {
		t.Errorf("the trend beside its target is %s", got)
	}
}

func TestComparingWithATarget(t *testing.T) {
	m := aimedModel(t)
	p := drawn(t, m, "range=2026-03-01..2026-04-01&compare=target", Scope{}, nil)
	if f := p.frames["number"].facts; f.Previous != nil || f.Current == nil {
		t.Errorf("beside a target the period before is no comparison: %+v", f)
	}
	m.PrepareWritten([]byte(strings.ReplaceAll(aimedConfig, ", target: 500", "")), time.Time{})()
	p = drawn(t, m, "range=2026-03-01..2026-04-01&compare=target", Scope{}, nil)
	if f := p.frames["number"].facts; f.Previous == nil {
		t.Error("what has no target is compared with the period before")
	}
}

func TestADashboardBeginsAsWritten(t *testing.T) {
	m := aimedModel(t)
	s, _ := ParseSelection(nil)
	stream, err := m.Open(t.Context(), Scope{}, "today", s)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	p := stream.picture.Load()
	if w := m.snapshot(Scope{}, "today", stream.selection, p, ""); w.Selection.Range != "2026-02-01..2026-04-01" || w.Selection.Grain != "auto" || w.Time.From != "2026-02-01" {
		t.Errorf("it begins with %+v, from %s", w.Selection, w.Time.From)
	}
	// All time is a choice here and none in a dashboard that says nothing.
	for query, want := range map[string]string{"range=all": "range=all", "grain=auto&compare=previous period": ""} {
		q, _ := url.ParseQuery(query)
		s, err := ParseSelection(q)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.plain(m.State().Dashboard("today")).Key(); got != want {
			t.Errorf("%s is %q and not %q", query, got, want)
		}
	}
	// Editing in the page does not lose what the page has no control for.
	text, err := m.Rewrite([]byte(aimedConfig), "today", &wire.DashboardEdit{Title: "Now", Table: "sales", Rows: []wire.SpecRow{{Items: []wire.SpecItem{{"mark": "kpi", "y": "revenue"}}}}})
	if err != nil || !strings.Contains(string(text), `range: "2026-02-01..2026-04-01"`) {
		t.Errorf("%v\n%s", err, text)
	}
}
