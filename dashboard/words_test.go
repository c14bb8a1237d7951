package dashboard_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
)

// english puts the parts of a title together as the server does.
func english(h *wire.Heading) string {
	var term func(t wire.Term) manifest.Term
	term = func(t wire.Term) manifest.Term {
		m := manifest.Term{Word: t.Word, Label: t.Label, P: t.P, Window: t.Window, Year: t.Year}
		if t.Of != nil {
			of := term(*t.Of)
			m.Of = &of
		}
		return m
	}
	m := manifest.Heading{What: h.What, Time: h.Time}
	for _, t := range h.Terms {
		m.Terms = append(m.Terms, term(t))
	}
	for _, t := range h.By {
		m.By = append(m.By, term(t))
	}
	if h.Each != nil {
		each := term(*h.Each)
		m.Each = &each
	}
	if h.Open {
		return m.String() + " by"
	}
	return m.String()
}

func manyOrders() []order {
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]order, 400)
	for i := range all {
		all[i] = newOrder(r, i)
	}
	return all
}

func TestItemsCarryTheWordsOfTheirTitles(t *testing.T) {
	m := modelOf(loadOf(manyOrders()))
	w, err := m.SnapshotAt(t.Context(), dashboard.Scope{}, "orders", selection(t, ""), 0)
	if err != nil {
		t.Fatal(err)
	}
	titled := 0
	for _, row := range w.Rows {
		for _, item := range row.Items {
			if item.Words == nil || len(item.Words.Why) == 0 {
				t.Errorf("%s says nothing of why it is there", item.Panel)
				continue
			}
			if h := item.Words.Title; h == nil {
				if item.Mark != "kpi" {
					t.Errorf("the title %q has no parts", item.Title)
				}
			} else if titled++; english(h) != item.Title {
				t.Errorf("the parts of %q make %q", item.Title, english(h))
			}
			for _, term := range item.Words.Measures {
				found := false
				for _, c := range w.Frames[item.Panel].Columns {
					found = found || c.Name == term.Name
				}
				if !found {
					t.Errorf("%s names %q, which its frame does not have", item.Panel, term.Name)
				}
			}
		}
	}
	if titled < 4 {
		t.Errorf("only %d titles with parts", titled)
	}
}

func TestATitleThatAPersonWroteHasNoParts(t *testing.T) {
	m := modelOf(loadOf(manyOrders()))
	m.PrepareWritten([]byte(`
dashboards:
  orders:
    rows:
      - items:
          - {mark: line, y: avg(amount), name: own, title: What we earn}
          - {mark: line, y: avg(amount), name: made}
          - {mark: line, y: avg(amount), name: same, title: Average amount over time}
          - {mark: ranked, x: avg(amount), y: region, name: list, title: Regions, tabs: [order_id]}
`), time.Time{})()
	if e := m.State().SourceAt(dashboard.WrittenFile).Error; e != nil {
		t.Fatal(e)
	}
	w, err := m.SnapshotAt(t.Context(), dashboard.Scope{}, "orders", selection(t, ""), 0)
	if err != nil {
		t.Fatal(err)
	}
	items := map[string]wire.Item{}
	for _, item := range w.Rows[0].Items {
		items[item.Panel] = item
	}
	if own := items["own"]; own.Title != "What we earn" || own.Words.Title != nil || len(own.Words.Measures) != 1 {
		t.Errorf("its own words: %+v", own.Words)
	}
	for _, name := range []string{"made", "same"} {
		if item := items[name]; item.Title != "Average amount over time" || item.Words.Title == nil {
			t.Errorf("%s: %q, %+v", name, item.Title, item.Words)
		}
	}

	if list := items["list"]; list.Title != "Average amount by" || english(list.Words.Title) != list.Title {
		t.Errorf("tabs that say by what stand behind %q, %+v", list.Title, list.Words)
	}

	// Whoever edits it is given the title that was written, and not those that follow.
	spec, err := m.Spec("orders")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(spec.Rows)
	if s := string(text); !strings.Contains(s, "What we earn") || strings.Contains(s, "over time") {
		t.Errorf("the words of the panels: %s", s)
	}
}
