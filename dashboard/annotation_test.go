package dashboard

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/wire"
)

func TestNotesStandOnTheChartsOverTime(t *testing.T) {
	m := aimedModel(t)
	note := func(rows ...string) { m.Prepare(dated("notes.csv", "at,said$,region$", rows...), false)() }
	note("2026-02-10,A fair,N", "2026-03-05,A storm,S", "2025-01-01,Long ago,N")
	m.PrepareWritten([]byte(strings.Replace(aimedConfig, "    rows:", "    annotations:\n      - {file: notes.csv, time: at, text: said}\n    rows:", 1)), time.Time{})()
	if e := m.State().SourceAt(WrittenFile).Error; e != nil {
		t.Fatal(e)
	}
	p := drawn(t, m, "", Scope{}, nil)
	said := func(p *picture) string { return fmt.Sprint(p.frames["trend"].facts.Notes) }
	if got := said(p); got != "[{2026-02-10 A fair} {2026-03-05 A storm}]" {
		t.Errorf("the notes are %s", got)
	}
	if got := said(drawn(t, m, "range=all", Scope{}, nil)); strings.Contains(got, "Long ago") {
		t.Errorf("a note of before the first row stands on the chart: %s", got)
	}
	guest := Scope{Guest: true, Dashboards: []string{"today"}, Lock: map[string][]string{"region": {"S"}}}
	if got := said(drawn(t, m, "", guest, nil)); got != "[{2026-03-05 A storm}]" {
		t.Errorf("whoever may see the south reads %s", got)
	}
	guest.Lock = map[string][]string{"amount": {"40"}}
	if got := said(drawn(t, m, "", guest, nil)); got != "[]" {
		t.Errorf("a lock that the notes do not know lets %s through", got)
	}
	// A new note is a change of the charts, and editing in the page keeps what is written of them.
	note("2026-02-10,A fair,N", "2026-03-05,A storm,S", "2026-03-20,A strike,S")
	next := drawn(t, m, "", Scope{}, p)
	if patch := difference("trend", p.frames["trend"], next.frames["trend"]); patch == nil || patch.Revision <= patch.Base {
		t.Errorf("the patch is %+v", patch)
	}
	text, err := m.Rewrite([]byte(aimedConfig), "today", &wire.DashboardEdit{Title: "Now", Table: "sales", Rows: []wire.SpecRow{{Items: []wire.SpecItem{{"mark": "kpi", "y": "revenue"}}}}})
	if err != nil || !strings.Contains(string(text), "annotations:\n      - {file: notes, time: at, text: said}") {
		t.Errorf("%v\n%s", err, text)
	}
	m.Gone("notes.csv")
	if got := said(drawn(t, m, "", Scope{}, next)); got != "[]" {
		t.Errorf("without the file the notes are %s", got)
	}
}
