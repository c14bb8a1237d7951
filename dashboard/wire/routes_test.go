package wire_test

import "github.com/dashira/dashira/dashboard/wire"

// route is one address of the server. The test of dashboard/web holds this list to the routes that there are.
type route struct {
	method, path string
	summary      string
	who          who
	params       []param
	body         any // of a request
	status       int // 0: 200
	answer       any // a type of this package, or nil where media says what comes
	media        string
	events       []string // of a stream
	problems     []int    // besides those that every address may answer
}

// who may use an address.
type who int

const (
	owner    who = iota // the owner: a token where the server asks for one
	viewer              // the owner, and under /v/{share} a guest as far as the grant goes
	everyone            // strangers too
	scraper             // the owner, or the scraper's token
)

type param struct {
	name, in, text string
	schema         object
	required       bool
}

func query(name, text string, schema object) param { return param{name, "query", text, schema, false} }

func needed(p param) param {
	p.required = true
	return p
}

var (
	text    = object{"type": "string"}
	natural = object{"type": "integer", "minimum": 0}

	filterParam = query("filters", "One parameter `f.<column>` for each filter value: a cell in its text form, `a..b` for a half-open range, "+
		"`~text` for texts that contain it, and a leading `!` excludes. Values of one column are alternatives.",
		object{"type": "object", "patternProperties": object{"^f\\.": object{"type": "array", "items": text}}, "additionalProperties": false})
	selection = []param{
		query("range", "The time range: `all`, a length such as `90d` or `12mo`, or `2026-01-01..2026-04-01`.", text),
		query("grain", "The buckets of the time axis: `auto`, `hour`, `day`, `week`, `month`, …", text),
		query("compare", "What figures are compared with.", object{"type": "string", "enum": []any{"previous period", "previous year", "target", "none"}}),
		query("width", "How many pixels wide lines through rows are drawn: it is rounded up to 600, 1200 or 2400. Dashboards without such lines do not care.", natural),
		filterParam,
	}
	resume = []param{
		{"Last-Event-ID", "header", "The id of the newest event that the client has: exactly the missed events follow. Browsers send it by themselves.", text, false},
		query("last_event_id", "The same for a client that cannot set headers.", text),
	}
	at = query("at", "A revision to look back at.", object{"type": "integer", "minimum": 1})
)

// streamEvents are those of a dashboard's stream.
func names(list []struct {
	name    string
	payload any
}) []string {
	var all []string
	for _, e := range list {
		all = append(all, e.name)
	}
	return all
}

func join(lists ...[]param) []param {
	var all []param
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

const (
	plain = "text/plain"
	html  = "text/html"
	sse   = "text/event-stream"
)

var routes = []route{
	{path: "/healthz", summary: "Says that the process answers", who: everyone, media: plain},
	{path: "/readyz", summary: "Says whether everything has been read, and with max_age whether it is current", who: everyone, media: plain,
		params: []param{query("max_age", "503 as soon as a source was written longer ago: `90s`, `30m`, `12h`, `2d`, or seconds.", text)}, problems: []int{400, 503}},
	{path: "/metrics", summary: "Figures for Prometheus", who: scraper, media: plain},
	{path: "/s", summary: "Where a share link leads: the page takes the token from the address' fragment", who: everyone, media: html},
	{path: "/assets/{file}", summary: "A file of the page", who: everyone, media: "*/*"},

	{path: "/", summary: "The page of the first dashboard", who: viewer, params: selection, media: html},
	{path: "/d/{slug}", summary: "The page of a dashboard", who: viewer, params: selection, media: html, problems: []int{404}},

	{path: "/api/v1/openapi.json", summary: "This document", who: everyone, media: "application/json"},
	{path: "/api/v1/events.schema.json", summary: "A JSON Schema of every event of every stream", who: everyone, media: "application/schema+json"},
	{method: "post", path: "/api/v1/session", summary: "Exchanges the token of a link for a cookie", who: everyone, body: wire.SessionRequest{}, answer: wire.Session{},
		problems: []int{400, 401, 403, 410, 413, 415, 429}},

	{path: "/api/v1/dashboards", summary: "The dashboards", who: viewer, answer: wire.Dashboards{}},
	{path: "/api/v1/dashboards/{slug}", summary: "One dashboard", who: viewer, answer: wire.DashboardEntry{}, problems: []int{404}},
	{path: "/api/v1/dashboards/{slug}/events", summary: "Streams a dashboard under a selection: one snapshot, then what changes", who: viewer,
		params: join(selection, resume), media: sse, events: names(events), problems: []int{400, 404, 409, 429}},
	{path: "/api/v1/dashboards/{slug}/snapshot", summary: "A whole dashboard under a selection, now or at a revision", who: viewer,
		params: join(selection, []param{at}), answer: wire.Snapshot{}, problems: []int{400, 404, 409, 410}},
	{path: "/api/v1/dashboards/{slug}/values", summary: "What a filter can be set to", who: viewer,
		params: join(selection, []param{needed(query("column", "The column of the filter.", text)), query("q", "Only values that contain this, ignoring case.", text)}),
		answer: wire.Values{}, problems: []int{400, 404, 409}},
	{path: "/api/v1/dashboards/{slug}/profile", summary: "What is in the columns: extents, empty cells, distinct values, a histogram each", who: viewer,
		params: join(selection, []param{query("columns", "Only these, separated by commas.", text), at}), answer: wire.Profile{}, problems: []int{400, 404, 409, 410}},
	{path: "/api/v1/dashboards/{slug}/panels/{panel}", summary: "A ranked list with more of its categories than the dashboard shows", who: viewer,
		params: join(selection, []param{query("limit", "How many categories, 1000 at most; the rest is one figure.", natural), at}), answer: wire.Frame{}, problems: []int{400, 404, 409, 410}},
	{path: "/api/v1/history", summary: "The revisions that can be looked at", who: viewer, params: []param{query("after", "A revision: only what came after it, and what is kept no more since.", object{"type": "integer", "minimum": 1})}, answer: wire.History{}},

	{path: "/api/v1/tables", summary: "The tables and their columns", answer: wire.Tables{}},
	{path: "/api/v1/tables/{table}", summary: "One table", answer: wire.Table{}, problems: []int{404}},
	{path: "/api/v1/tables/{table}/rows", summary: "The rows of a table, streamed", who: viewer,
		params: []param{
			query("format", "How the rows are written; JSON holds 100 000 rows at most.", object{"type": "string", "enum": []any{"json", "ndjson", "csv", "arrow", "parquet"}, "default": "json"}),
			query("offset", "Rows to leave out at the start.", natural), query("limit", "How many rows at most; 0 is all.", natural),
			query("sort", "Columns to order by, `-` for descending: `-ordered_at,region`.", text), query("columns", "Only these, separated by commas.", text),
			query("dashboard", "A dashboard over the table: its calculated columns come too, and its condition counts.", text),
			query("q", "Only rows with a text that contains this.", text), at, filterParam,
		},
		media: "application/json", problems: []int{400, 404, 410}},
	{path: "/api/v1/tables/{table}/events", summary: "Streams the differences of a table row by row", params: resume, media: sse, events: append([]string{"hello"}, append(names(rowEvents), "heartbeat", "goodbye")...),
		problems: []int{404}},
	{path: "/api/v1/events", summary: "Streams the state of every source", params: resume, media: sse, events: []string{"hello", "source", "alert", "heartbeat", "goodbye"}},
	{path: "/api/v1/sources", summary: "The files and how they fare", answer: wire.Sources{}},
	{path: "/api/v1/sources/{source}/diagnostics", summary: "What was noticed while a file was read", answer: wire.Diagnostics{}, problems: []int{404}},
	{path: "/api/v1/dashboards/{slug}/spec", summary: "A dashboard in the words of dashira.yaml, and the words there are", answer: wire.DashboardSpec{}, problems: []int{404}},
	{method: "post", path: "/api/v1/dashboards/{slug}/draft", summary: "What a panel would show, before it is written down", params: selection, body: wire.DraftRequest{}, answer: wire.Draft{}, problems: []int{400, 404, 415, 422}},
	{method: "put", path: "/api/v1/dashboards/{slug}", summary: "Writes a dashboard into the dashira.yaml", body: wire.DashboardEdit{}, status: 204, problems: []int{400, 409, 415, 422}},
	{method: "delete", path: "/api/v1/dashboards/{slug}", summary: "Takes a dashboard out of the dashira.yaml: the automatic one comes back", status: 204, problems: []int{409, 422}},
	{path: "/api/v1/shares", summary: "The links that were made", answer: wire.Shares{}},
	{method: "post", path: "/api/v1/shares", summary: "Makes a view-only link to dashboards; its token is shown this once", body: wire.ShareRequest{}, status: 201, answer: wire.ShareCreated{},
		problems: []int{400, 404, 413, 415, 507}},
	{method: "delete", path: "/api/v1/shares/{id}", summary: "Ends a link at once", status: 204, problems: []int{404}},
	{method: "post", path: "/api/v1/launch", summary: "Makes the owner a link into another browser, which works once", status: 201, answer: wire.Launch{}},
}
