package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
)

// paper is a dashira.yaml in memory.
type paper struct {
	text []byte
	full bool
}

func (p *paper) Read() ([]byte, error) { return p.text, nil }

func (p *paper) Write(text []byte) error {
	if p.full {
		return errors.New("no space left")
	}
	p.text = text
	return nil
}

func decoded[T any](t *testing.T, body string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

func TestADashboardIsChangedFromThePage(t *testing.T) {
	file := &paper{text: []byte("# ours\ntitle: Shop\n")}
	s := start(t, func(o *web.Options) { o.Written = file })
	s.orders(30)
	s.model.SetReady()
	const at = "/api/v1/dashboards/orders"

	spec := decoded[wire.DashboardSpec](t, s.get(at+"/spec").body)
	if spec.Written || !spec.Writable || spec.Table != "orders" || len(spec.Rows) < 3 || spec.Rows[0].Items[0]["mark"] != "kpi" || len(spec.Marks["bar"]) == 0 {
		t.Fatalf("%+v", spec)
	}

	// A draft shows what a panel would be, and changes nothing.
	item := wire.SpecItem{"mark": "bar", "x": "sum(amount)", "y": "region", "title": "By region"}
	a := s.do(http.MethodPost, at+"/draft?f.region=North", wire.DraftRequest{Item: item}, nil)
	draft := decoded[wire.Draft](t, a.body)
	if a.status != 200 || draft.Item.Title != "By region" || draft.Item.Encoding.Y != "region" || len(draft.Frame.Values) == 0 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for item, says := range map[string]wire.SpecItem{
		`Did you mean \"region\"?`: {"mark": "bar", "x": "count()", "y": "regoin"},
		"is not a mark":            {"mark": "pie"},
	} {
		if a := s.do(http.MethodPost, at+"/draft", wire.DraftRequest{Item: says}, nil); a.status != 422 || !strings.Contains(a.body, item) {
			t.Errorf("%d %s", a.status, a.body)
		}
	}

	// What is written comes over the stream, and stands in the file beside what was there.
	events, end := s.events(at+"/events", nil)
	defer end()
	s.next(events)
	edit := wire.DashboardEdit{Title: "Mine", Table: "orders", Rows: []wire.SpecRow{{Items: []wire.SpecItem{item}}}}
	if a := s.do(http.MethodPut, at, edit, nil); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for e := s.next(events); e.name != wire.EventLayout; e = s.next(events) {
	}
	if text := string(file.text); !strings.HasPrefix(text, "# ours\ntitle: Shop\n") || !strings.Contains(text, "{mark: bar, x: sum(amount), y: region, title: By region}") {
		t.Errorf("written:\n%s", text)
	}
	spec = decoded[wire.DashboardSpec](t, s.get(at+"/spec").body)
	if !spec.Written || spec.Title != "Mine" || len(spec.Rows) != 1 {
		t.Errorf("%+v", spec)
	}

	// A second dashboard over the same table, and a wrong one, which leaves everything as it is.
	if a := s.do(http.MethodPut, "/api/v1/dashboards/more", edit, nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	before := string(file.text)
	for says, wrong := range map[string]wire.DashboardEdit{
		"is not a column of orders":  {Table: "orders", Rows: []wire.SpecRow{{Items: []wire.SpecItem{{"mark": "bar", "x": "count()", "y": "nothing"}}}}},
		"is not the name of a table": {Table: "nothing"},
	} {
		if a := s.do(http.MethodPut, at, wrong, nil); a.status != 422 || !strings.Contains(a.body, says) {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if string(file.text) != before {
		t.Errorf("changed:\n%s", file.text)
	}
	if list := decoded[wire.Dashboards](t, s.get("/api/v1/dashboards").body); len(list.Dashboards) != 2 {
		t.Errorf("%+v", list)
	}

	// Back to automatic, one after the other.
	for _, slug := range []string{"more", "orders"} {
		if a := s.do(http.MethodDelete, "/api/v1/dashboards/"+slug, nil, nil); a.status != http.StatusNoContent {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if spec := decoded[wire.DashboardSpec](t, s.get(at+"/spec").body); spec.Written {
		t.Errorf("%+v", spec)
	}

	file.full = true
	if a := s.do(http.MethodPut, at, edit, nil); a.status != http.StatusConflict {
		t.Errorf("%d %s", a.status, a.body)
	}
	if spec := decoded[wire.DashboardSpec](t, s.get(at+"/spec").body); spec.Written {
		t.Error("what could not be written is shown")
	}
}

func TestOnlyTheOwnerWritesDashboards(t *testing.T) {
	file := &paper{}
	s := start(t, func(o *web.Options) { o.Auth, o.Written = true, file })
	s.orders(30)
	edit := wire.DashboardEdit{Table: "orders"}
	for _, c := range []struct{ method, path string }{
		{http.MethodPut, ""}, {http.MethodDelete, ""}, {http.MethodPost, "/draft"}, {http.MethodGet, "/spec"},
	} {
		if a := s.do(c.method, "/api/v1/dashboards/orders"+c.path, edit, nil); a.status != http.StatusUnauthorized {
			t.Errorf("%s %s: %d", c.method, c.path, a.status)
		}
	}
	owner := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+s.shares.OwnerToken()) }
	if a := s.do(http.MethodPut, "/api/v1/dashboards/orders", edit, func(r *http.Request) {
		owner(r)
		r.Header.Set("Origin", "https://elsewhere.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	}); a.status != http.StatusForbidden || file.text != nil {
		t.Errorf("%d %s", a.status, a.body)
	}
	nowhere := start(t, nil)
	nowhere.orders(30)
	if a := nowhere.do(http.MethodPut, "/api/v1/dashboards/orders", edit, nil); a.status != http.StatusConflict {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestEveryMarkIsAnswered asks each mark of the language over one table: none may be written that nothing answers.
func TestEveryMarkIsAnswered(t *testing.T) {
	s := start(t, func(o *web.Options) { o.Written = &paper{} })
	fields := []table.Field{{Name: "on", Type: table.Date}, {Name: "town", Type: table.String}, {Name: "kind", Type: table.String}}
	for _, name := range []string{"open", "high", "low", "close", "pieces"} {
		fields = append(fields, table.Field{Name: name, Type: table.Float})
	}
	b := table.NewBuilder(table.NewSchema(fields...), nil)
	for i := range 80 {
		x := float64(i % 17)
		b.Append(table.IntValue(table.Date, int64(20_000+i)), table.TextValue(table.String, []string{"Ulm", "Bonn", "Jena"}[i%3]), table.TextValue(table.String, []string{"a", "b"}[i%2]),
			table.FloatValue(x), table.FloatValue(x+3), table.FloatValue(x-2), table.FloatValue(x+1), table.FloatValue(float64(i%5)))
	}
	s.load("x.csv", b.Table())
	s.model.SetReady()
	spec := decoded[wire.DashboardSpec](t, s.get("/api/v1/dashboards/x/spec").body)
	items := map[string]wire.SpecItem{
		"kpi": {"y": "sum(pieces)"}, "line": {"x": "on", "y": "sum(pieces)", "color": "town"}, "area": {"x": "on", "y": "count()"},
		"column": {"x": "town", "y": "avg(pieces)"}, "bar": {"y": "town", "x": "count()"}, "ranked": {"y": "town", "x": "count()"},
		"donut": {"y": "town", "x": "count()"}, "histogram": {"x": "close"}, "box": {"x": "close", "y": "town"},
		"scatter": {"x": "open", "y": "close"}, "heatmap": {"x": "town", "y": "kind", "color": "count()"},
		"pivot": {"x": "town", "y": "kind", "color": "sum(pieces)"}, "calendar": {"color": "count()"},
		"table": {"columns": []string{"on", "town"}}, "candlestick": {}, "combo": {"x": "on", "y": "sum(pieces)", "line": "avg(close)"},
		"text": {"text": "About this: \"all\" of it."},
	}
	for mark := range spec.Marks {
		item, ok := items[mark]
		if !ok {
			t.Errorf("no test asks the mark %q", mark)
			continue
		}
		item["mark"] = mark
		a := s.do(http.MethodPost, "/api/v1/dashboards/x/draft?grain=week", wire.DraftRequest{Item: item}, nil)
		if a.status != 200 {
			t.Errorf("%s: %d %s", mark, a.status, a.body)
			continue
		}
		draft := decoded[wire.Draft](t, a.body)
		if draft.Item.Mark != mark || draft.Frame.Error != "" || len(draft.Frame.Values) == 0 || len(draft.Frame.Values[0]) == 0 {
			t.Errorf("%s: %s", mark, a.body)
		}
		switch mark {
		case "candlestick":
			// By week: the first open, the highest, the lowest, the last close.
			f := draft.Frame
			if f.Columns[1].Name != "open" || f.Values[0][1] != "2024-10-06" || f.Values[1][1] != 2.0 || f.Values[2][1] != 11.0 || f.Values[3][1] != 0.0 || f.Values[4][1] != 9.0 {
				t.Errorf("candles: %s", a.body)
			}
		case "combo":
			if e := draft.Item.Encoding; e.Line == "" || e.Line != draft.Frame.Columns[2].Name || len(draft.Frame.Values[2]) != len(draft.Frame.Values[0]) {
				t.Errorf("combo: %s", a.body)
			}
		case "text":
			if draft.Frame.Values[0][0] != item["text"] {
				t.Errorf("text: %s", a.body)
			}
		}
		// What was drafted can be written, and comes back in the same words.
		edit := wire.DashboardEdit{Title: "T", Table: "x", Rows: []wire.SpecRow{{Items: []wire.SpecItem{item}}}}
		if a := s.do(http.MethodPut, "/api/v1/dashboards/x", edit, nil); a.status != http.StatusNoContent {
			t.Errorf("%s cannot be written: %d %s", mark, a.status, a.body)
			continue
		}
		back := decoded[wire.DashboardSpec](t, s.get("/api/v1/dashboards/x/spec").body).Rows[0].Items[0]
		for key, value := range item {
			if fmt.Sprint(back[key]) != fmt.Sprint(value) {
				t.Errorf("%s: %s came back as %v", mark, key, back[key])
			}
		}
	}
}
