package web_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/dashboard/wire"
)

func TestAViewerWhoComesTooEarlyIsToldToComeBack(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{"/api/v1/dashboards/orders/events", "/api/v1/tables/orders/events"} {
		events, cancel := s.events(path, nil) // with 404 a browser's EventSource would never come back
		s.next(events)
		e := s.next(events)
		cancel()
		var g wire.Goodbye
		if err := json.Unmarshal([]byte(e.data), &g); err != nil || e.name != wire.EventGoodbye || g.Reason != "starting" || g.Retry <= 0 {
			t.Errorf("%s: %s %s", path, e.name, e.data)
		}
	}
	s.model.SetReady()
	for _, path := range []string{"/api/v1/dashboards/orders/events", "/api/v1/tables/orders/events"} {
		if a := s.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s is %d once everything was read", path, a.status)
		}
	}
}

func TestRowEventsAreTheOwners(t *testing.T) {
	s := start(t, nil)
	s.orders(30)
	s.model.SetReady()
	made, guest := s.share(wire.ShareRequest{Dashboards: []string{"orders"}, Allow: []string{"rows", "filters"}})
	if a := s.do(http.MethodGet, "/v/"+made.ID+"/api/v1/tables/orders/events", nil, guest); a.status != http.StatusNotFound {
		t.Errorf("a guest gets %d", a.status)
	}
	locked := start(t, func(o *web.Options) { o.Auth = true })
	locked.orders(3)
	if a := locked.get("/api/v1/tables/orders/events"); a.status != http.StatusUnauthorized {
		t.Errorf("a stranger gets %d", a.status)
	}
}

func TestARowStreamStandsAtTheRowsOfItsReset(t *testing.T) {
	s := start(t, nil)
	s.orders(30)
	events, cancel := s.events("/api/v1/tables/orders/events", nil)
	defer cancel()
	if e := s.next(events); e.name != wire.EventHello {
		t.Fatalf("%s came first", e.name)
	}
	if e := s.next(events); e.name != wire.EventSchema || e.id != "" {
		t.Fatalf("%s %s came second", e.name, e.id)
	}
	e := s.next(events)
	var reset wire.RowsReset
	if err := json.Unmarshal([]byte(e.data), &reset); err != nil || e.name != wire.EventReset || e.id == "" || reset.Rows != 30 {
		t.Fatalf("%s %q %s came third", e.name, e.id, e.data)
	}
	a := s.get("/api/v1/tables/orders/rows?format=json&at=1")
	var rows []map[string]any
	if err := json.Unmarshal([]byte(a.body), &rows); err != nil || len(rows) != 30 || a.header.Get("Dashira-Revision") != "1" {
		t.Errorf("%d rows at revision %s, %v", len(rows), a.header.Get("Dashira-Revision"), err)
	}
	s.orders(32)
	next := s.next(events)
	var added wire.RowsAppend
	if err := json.Unmarshal([]byte(next.data), &added); err != nil || next.name != wire.EventAppend || added.Base != reset.Revision || len(added.Values[0]) != 2 {
		t.Fatalf("%s %s", next.name, next.data)
	}
	// Whoever was away for that gets exactly that.
	again, cancel := s.events("/api/v1/tables/orders/events?last_event_id="+e.id, nil)
	defer cancel()
	s.next(again)
	if missed := s.next(again); missed != next {
		t.Errorf("after a reconnect %+v came, and not %+v", missed, next)
	}
}
