package web_test

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
)

// strict compiles a document, with fields that it does not name forbidden: what the server sends must all be described,
// although a client must bear more.
func strict(t *testing.T, text []byte, at string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var forbid func(any)
	forbid = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			_, open := v["additionalProperties"]
			if _, struct_ := v["properties"]; struct_ && !open && v["type"] == "object" {
				v["additionalProperties"] = false
			}
			for _, below := range v {
				forbid(below)
			}
		case []any:
			for _, below := range v {
				forbid(below)
			}
		}
	}
	forbid(doc)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("http://dashira.test/doc.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("http://dashira.test/doc.json" + at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func check(t *testing.T, s *jsonschema.Schema, what, text string) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("%s: %v\n%.600s", what, err, text)
	}
}

// asTold is an event as `dashira tail --json` prints it.
func asTold(e event) string {
	id := ""
	if e.id != "" {
		id = `"id":"` + e.id + `",`
	}
	return `{"event":"` + e.name + `",` + id + `"data":` + e.data + `}`
}

func TestEveryEventFitsTheSchemaThatIsServed(t *testing.T) {
	s := start(t, nil)
	s.orders(30)
	s.model.SetReady()
	a := s.get("/api/v1/events.schema.json")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/schema+json" {
		t.Fatalf("the schema is %d %s", a.status, a.header.Get("Content-Type"))
	}
	schema := strict(t, []byte(a.body), "")
	seen := map[string]int{}
	follow := func(path string) (func() event, func()) {
		events, cancel := s.events(path, nil)
		return func() event {
			t.Helper()
			e := s.next(events)
			seen[e.name]++
			if e.name == "end" {
				return e
			}
			check(t, schema, path, asTold(e))
			return e
		}, cancel
	}
	dashboard, cancel := follow("/api/v1/dashboards/orders/events?range=90d&f.region=North&f.region=West")
	defer cancel()
	sources, cancel := follow("/api/v1/events")
	defer cancel()
	rows, cancel := follow("/api/v1/tables/orders/events")
	defer cancel()
	for _, next := range []func() event{dashboard, dashboard, sources, sources, rows, rows, rows} {
		next()
	}
	s.orders(36)
	for sources().name != wire.EventSource {
	}
	for rows().name != wire.EventAppend {
	}
	for dashboard().name != wire.EventPatch {
	}
	s.orders(3) // rows go, and with them the panels that so few do not fill
	for rows().name != wire.EventDelete {
	}
	s.model.Fail("orders.csv", "csv", wire.LoadError{Message: "Line 3 is cut off.", Line: 3, Hint: "Save it again."}, nil)
	for e := sources(); !strings.Contains(e.data, `"error":{`); e = sources() {
	}
	b := table.NewBuilder(table.NewSchema(table.Field{Name: "n", Type: table.Int}), nil)
	b.Append(table.IntValue(table.Int, 1<<60))
	s.load("orders.csv", b.Table())
	for rows().name != wire.EventReset {
	}
	for dashboard().name != wire.EventLayout {
		if seen["end"] > 0 {
			break // the filter's column is gone, and the stream with it
		}
	}
	s.model.Gone("orders.csv")
	for rows().name != wire.EventGoodbye {
	}
	for _, name := range []string{wire.EventHello, wire.EventSnapshot, wire.EventPatch, wire.EventSource, wire.EventSchema, wire.EventReset, wire.EventAppend, wire.EventDelete, wire.EventGoodbye} {
		if seen[name] == 0 {
			t.Errorf("no %s was seen", name)
		}
	}
	for _, wrong := range []string{
		`{"event":"confetti","data":{}}`, `{"event":"hello","data":{}}`, `{"event":"reset","data":{"revision":-1,"rows":3}}`,
		`{"event":"viewers","id":"E-1","data":{"count":1}}`, `{"event":"viewers","data":{"count":"1"}}`, `{"event":"viewers"}`,
	} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(v) == nil {
			t.Errorf("%s fits", wrong)
		}
	}
}

func TestOpenAPIDescribesTheAnswers(t *testing.T) {
	s := start(t, nil)
	s.orders(30)
	s.model.SetReady()
	s.do(http.MethodPost, "/api/v1/shares", wire.ShareRequest{Dashboards: []string{"orders"}}, nil)
	a := s.get("/api/v1/openapi.json")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/json" {
		t.Fatalf("it is %d %s", a.status, a.header.Get("Content-Type"))
	}
	if again := s.do(http.MethodGet, "/api/v1/openapi.json", nil, func(r *http.Request) { r.Header.Set("If-None-Match", a.header.Get("ETag")) }); again.status != http.StatusNotModified {
		t.Errorf("whoever has it gets it again: %d", again.status)
	}
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Responses   map[string]struct {
				Content map[string]struct{ Schema map[string]any }
			}
		}
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("it is OpenAPI %s", doc.OpenAPI)
	}
	ids := map[string]bool{}
	checked := 0
	for path, item := range doc.Paths {
		for method, op := range item {
			if ids[op.OperationID] || op.OperationID == "" {
				t.Errorf("%s %s has the id %q, which is not its own", method, path, op.OperationID)
			}
			ids[op.OperationID] = true
			ref, _ := op.Responses["200"].Content["application/json"].Schema["$ref"].(string)
			if method != "get" || ref == "" || strings.HasPrefix(path, "/v/") {
				continue
			}
			address := strings.NewReplacer("{slug}", "orders", "{table}", "orders", "{source}", "orders", "{panel}", "amount-by-region").Replace(path)
			if strings.HasSuffix(path, "/values") {
				address += "?column=region"
			}
			answer := s.get(address)
			if answer.status != http.StatusOK {
				t.Errorf("%s: %d", address, answer.status)
				continue
			}
			check(t, strict(t, []byte(a.body), ref), address, answer.body)
			checked++
		}
	}
	if checked < 10 {
		t.Errorf("only %d answers were checked", checked)
	}
	check(t, strict(t, []byte(a.body), "#/components/schemas/Problem"), "a problem", s.get("/api/v1/tables/nothing").body)
}

func TestOpenAPINamesEveryRoute(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h := hub.New(hub.Options{})
	shares, err := share.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	server, err := web.New(web.Options{
		Model: dashboard.New(dashboard.Options{Hub: h}), Hub: h, Shares: shares, Dist: dist, Lan: true, Metrics: http.NotFoundHandler(),
	}, l)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Paths map[string]map[string]any }
	if err := json.Unmarshal(wire.OpenAPI, &doc); err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for path, item := range doc.Paths {
		for method := range item {
			described[strings.ToUpper(method)+" "+path] = true
		}
	}
	served, used := server.Routes(), map[string]bool{}
	for _, r := range served {
		method, path, _ := strings.Cut(r, " ")
		if method == http.MethodHead {
			if !slices.Contains(served, "GET "+path) {
				t.Errorf("%s has no GET", r)
			}
			continue
		}
		segments := strings.Split(path, "/")
		for i, s := range segments {
			if name, ok := strings.CutPrefix(s, ":"); ok {
				segments[i] = "{" + name + "}"
			}
		}
		name := method + " " + strings.Join(segments, "/")
		if !described[name] {
			t.Errorf("%s is not in openapi.json; add it to dashboard/wire/routes_test.go", name)
		}
		used[name] = true
	}
	for name := range described {
		if !used[name] {
			t.Errorf("openapi.json names %s, which there is not", name)
		}
	}
}
