package wire_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/wire"
)

var inPath = regexp.MustCompile(`\{([a-z]+)\}`)

// pathParams say what the parts of a path are.
var pathParams = map[string]string{
	"slug": "The dashboard's name in addresses.", "table": "The table's name.", "source": "The source's name.", "id": "The link's id.",
	"share": "The share's id.", "file": "The file's name, which holds a hash of its content.",
}

func TestOpenAPIIsWhatTheGoTypesSay(t *testing.T) {
	held(t, "openapi.json", wire.OpenAPI, openAPI(t))
}

func openAPI(t *testing.T) object {
	s := &schemas{comments: readComments(t), prefix: "#/components/schemas/", defs: object{}}
	paths := object{}
	add := func(path string, r route, operation object) {
		method := r.method
		if method == "" {
			method = "get"
		}
		item, ok := paths[path].(object)
		if !ok {
			item = object{}
			paths[path] = item
		}
		item[method] = operation
	}
	for _, r := range routes {
		add(r.path, r, operation(s, r, ""))
		if r.who == viewer {
			add("/v/{share}"+r.path, r, operation(s, r, "share"))
		}
	}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title":   "dashira",
			"version": "1",
			"description": "Every address of a dashira server. Errors are application/problem+json with a stable type. Documents carry an ETag, " +
				"and HEAD works wherever GET does. Streams are Server-Sent Events; /api/v1/events.schema.json describes what they carry.",
		},
		"servers": []any{object{"url": "/"}},
		"paths":   paths,
		"components": object{
			"schemas": s.defs,
			"securitySchemes": object{
				"owner":       object{"type": "http", "scheme": "bearer", "description": "The owner's token; only asked for with --auth or --lan."},
				"ownerCookie": object{"type": "apiKey", "in": "cookie", "name": "dashira_owner", "description": "What a launch link was exchanged for."},
				"guest":       object{"type": "apiKey", "in": "cookie", "name": "dashira_<share>", "description": "What a share link was exchanged for."},
				"scraper":     object{"type": "http", "scheme": "bearer", "description": "The token that `dashira metrics --scrape-config` prints."},
			},
		},
	}
}

func operation(s *schemas, r route, guest string) object {
	o := object{"summary": r.summary}
	path, id := r.path, r.method
	if id == "" {
		id = "get"
	}
	if guest != "" {
		path, id = "/v/{share}"+path, "guest_"+id
	}
	o["operationId"] = strings.Trim(id+regexp.MustCompile(`[^a-z]+`).ReplaceAllString("/"+r.path, "_"), "_")
	params := []any{}
	for _, m := range inPath.FindAllStringSubmatch(path, -1) {
		params = append(params, object{"name": m[1], "in": "path", "required": true, "description": pathParams[m[1]], "schema": text})
	}
	for _, p := range r.params {
		one := object{"name": p.name, "in": p.in, "description": p.text, "schema": p.schema}
		if p.required {
			one["required"] = true
		}
		if p.schema["type"] == "object" {
			one["style"], one["explode"] = "form", true
		}
		params = append(params, one)
	}
	if len(params) > 0 {
		o["parameters"] = params
	}
	if r.body != nil {
		o["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": s.of(reflect.TypeOf(r.body))}}}
	}
	status := 200
	if r.status != 0 {
		status = r.status
	}
	success := object{"description": r.summary}
	switch {
	case r.answer != nil:
		success["content"] = object{"application/json": object{"schema": s.of(reflect.TypeOf(r.answer))}}
	case r.events != nil:
		success["description"] = "Events of these types: " + strings.Join(r.events, ", ") + "."
		refs := []any{}
		for _, e := range append(events[:len(events):len(events)], rowEvents...) {
			for _, name := range r.events {
				if e.name == name {
					refs = append(refs, object{"event": name, "data": s.of(reflect.TypeOf(e.payload))})
				}
			}
		}
		success["content"] = object{sse: object{"schema": text, "x-events": refs}}
	case r.media != "":
		success["content"] = object{r.media: object{}}
	}
	if strings.HasSuffix(r.path, "/rows") {
		success["headers"] = object{"Dashira-Revision": object{"description": "The revision of the rows.", "schema": natural}}
		success["content"] = object{
			"application/json":     object{"schema": object{"type": "array", "items": object{"type": "object"}}},
			"application/x-ndjson": object{}, "text/csv": object{},
		}
	}
	problem := object{"description": "What is wrong.", "content": object{"application/problem+json": object{"schema": s.of(reflect.TypeOf(wire.Problem{}))}}}
	responses := object{strconv.Itoa(status): success, "default": problem}
	for _, code := range r.problems {
		responses[fmt.Sprint(code)] = problem
	}
	switch {
	case guest != "":
		o["security"] = []any{object{"guest": []any{}}}
		responses["404"] = problem
	case r.who == scraper:
		o["security"] = []any{object{}, object{"scraper": []any{}}, object{"owner": []any{}}, object{"ownerCookie": []any{}}}
		responses["401"] = problem
	case r.who == everyone:
		o["security"] = []any{}
	default:
		o["security"] = []any{object{}, object{"owner": []any{}}, object{"ownerCookie": []any{}}}
		responses["401"] = problem
	}
	if r.media == plain && r.path == "/readyz" {
		responses["503"] = object{"description": "Not ready, or stale.", "content": object{plain: object{}}}
	}
	o["responses"] = responses
	return o
}
