package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/dashboard/wire"
)

// share makes a link and opens it as a browser would.
func (s *served) share(r wire.ShareRequest) (wire.ShareCreated, func(*http.Request)) {
	s.t.Helper()
	a := s.do(http.MethodPost, "/api/v1/shares", r, nil)
	var made wire.ShareCreated
	if err := json.Unmarshal([]byte(a.body), &made); err != nil || a.status != http.StatusCreated {
		s.t.Fatalf("%d %s", a.status, a.body)
	}
	session := s.do(http.MethodPost, "/api/v1/session", wire.SessionRequest{Token: made.Token}, nil)
	if session.status != http.StatusOK {
		s.t.Fatalf("%d %s", session.status, session.body)
	}
	cookie := session.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/v/" + made.ID} {
		if !strings.Contains(cookie, want) {
			s.t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	pair, _, _ := strings.Cut(cookie, ";")
	return made, func(r *http.Request) { r.Header.Set("Cookie", pair) }
}

func TestAGuestSeesOneDashboardAndNothingElse(t *testing.T) {
	s := start(t, func(o *web.Options) { o.Auth = true })
	s.orders(30)
	s.load("secret.csv", s.model.State().Table("orders").Data, "order_id")
	owner := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+s.shares.OwnerToken()) }
	a := s.do(http.MethodPost, "/api/v1/shares", wire.ShareRequest{Dashboards: []string{"orders"}}, owner)
	var made wire.ShareCreated
	if err := json.Unmarshal([]byte(a.body), &made); err != nil {
		t.Fatalf("%d %s", a.status, a.body)
	}
	session := s.do(http.MethodPost, "/api/v1/session", wire.SessionRequest{Token: made.Token}, nil)
	pair, _, _ := strings.Cut(session.header.Get("Set-Cookie"), ";")
	guest := func(r *http.Request) { r.Header.Set("Cookie", pair) }
	v := "/v/" + made.ID

	for path, want := range map[string]int{
		v + "/": 200, v + "/d/orders": 200, v + "/api/v1/dashboards": 200, v + "/api/v1/dashboards/orders": 200,
		v + "/api/v1/dashboards/orders/snapshot": 200,

		v + "/d/secret": 404, v + "/api/v1/dashboards/secret": 404, v + "/api/v1/dashboards/secret/events": 404,
		v + "/api/v1/dashboards/secret/snapshot": 404, v + "/api/v1/tables": 404, v + "/api/v1/tables/orders": 404,
		v + "/api/v1/tables/orders/rows": 404, v + "/api/v1/tables/secret/rows": 404, v + "/api/v1/sources": 404,
		v + "/api/v1/sources/orders/diagnostics": 404, v + "/api/v1/history": 404, v + "/api/v1/shares": 404, v + "/api/v1/events": 404,
		v + "/api/v1/dashboards/orders/snapshot?at=1": 410, v + "/api/v1/dashboards/orders/values?column=region": 400,
		"/": 401, "/d/orders": 401, "/api/v1/tables": 401, "/api/v1/dashboards": 401, "/api/v1/dashboards/orders/snapshot": 401,
		"/api/v1/dashboards/orders/events": 401, "/api/v1/sources": 401, "/api/v1/shares": 401, "/api/v1/history": 401,
		"/api/v1/events": 401, "/api/v1/tables/orders/rows": 401, "/v/another0/": 404, "/v/another0/api/v1/dashboards": 404,
	} {
		if a := s.do(http.MethodGet, path, nil, guest); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		} else if strings.Contains(path, "/api/") && strings.Contains(a.body, "secret") {
			t.Errorf("%s speaks of another table: %s", path, a.body)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		for _, path := range []string{v + "/api/v1/shares", v + "/api/v1/dashboards/orders", "/api/v1/shares", "/api/v1/shares/" + made.ID} {
			if a := s.do(method, path, struct{}{}, guest); a.status < 400 {
				t.Errorf("%s %s: %d", method, path, a.status)
			}
		}
	}
	snapshot := s.do(http.MethodGet, v+"/api/v1/dashboards/orders/snapshot", nil, guest).body
	for _, word := range []string{"secret", "orders.csv", `"fields":[{`} {
		if strings.Contains(snapshot, word) {
			t.Errorf("the guest's snapshot holds %s", word)
		}
	}
	if page := s.do(http.MethodGet, v+"/", nil, guest).body; strings.Contains(page, "secret") || strings.Contains(page, "./data") {
		t.Error("the guest's page speaks of the folder")
	}
}

func TestALockedFilterCannotBeTakenAway(t *testing.T) {
	s := start(t, nil)
	s.orders(30)
	made, guest := s.share(wire.ShareRequest{Dashboards: []string{"orders"}, Lock: map[string][]string{"region": {"North"}}, Allow: []string{"filters", "rows"}})
	v := "/v/" + made.ID + "/api/v1"
	rows := s.do(http.MethodGet, v+"/tables/orders/rows?format=ndjson", nil, guest)
	if n := strings.Count(rows.body, "\n"); n != 10 || strings.Contains(rows.body, "South") {
		t.Errorf("%d rows: %s", n, rows.body)
	}
	for _, path := range []string{
		"/dashboards/orders/snapshot", "/dashboards/orders/snapshot?f.amount=0..100", "/dashboards/orders/values?column=order_id",
	} {
		if a := s.do(http.MethodGet, v+path, nil, guest); a.status != 200 || strings.Contains(a.body, "South") || strings.Contains(a.body, "A-001") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := s.do(http.MethodGet, v+"/dashboards/orders/snapshot?f.region=South", nil, guest); a.status == 200 && strings.Contains(a.body, "A-001") {
		t.Errorf("the lock was taken away: %s", a.body)
	}
	if a := s.do(http.MethodGet, v+"/dashboards/orders/values?column=region", nil, guest); a.status == 200 {
		t.Errorf("the locked column is shown: %s", a.body)
	}
}

func TestRevocationEndsTheStream(t *testing.T) {
	s := start(t, nil)
	s.orders(30)
	made, guest := s.share(wire.ShareRequest{Dashboards: []string{"orders"}})
	events, cancel := s.events("/v/"+made.ID+"/api/v1/dashboards/orders/events", guest)
	defer cancel()
	s.next(events)
	s.next(events)
	s.orders(31)
	if e := s.next(events); e.name != wire.EventPatch {
		t.Fatalf("the guest got %s", e.name)
	}
	for s.next(events).name != wire.EventSource {
	}
	if a := s.do(http.MethodDelete, "/api/v1/shares/"+made.ID, nil, nil); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	e := s.next(events) // how soon it comes, a test of the hub says on a clock that no busy machine slows down
	if e.name != wire.EventGoodbye || !strings.Contains(e.data, `"revoked"`) || !strings.Contains(e.data, `"retry":0`) {
		t.Errorf("the guest got %s %s", e.name, e.data)
	}
	if e := s.next(events); e.name != "end" {
		t.Errorf("after the goodbye came %s", e.name)
	}
	if a := s.do(http.MethodGet, "/v/"+made.ID+"/api/v1/dashboards", nil, guest); a.status != http.StatusNotFound {
		t.Errorf("the cookie still opens: %d", a.status)
	}
	if a := s.do(http.MethodPost, "/api/v1/session", wire.SessionRequest{Token: made.Token}, nil); a.status != http.StatusGone {
		t.Errorf("the token still opens: %d", a.status)
	}
}

func TestGuessesAreSlowedDown(t *testing.T) {
	s := start(t, nil)
	s.orders(30)
	made, guest := s.share(wire.ShareRequest{Dashboards: []string{"orders"}})
	status := 0
	for range 12 {
		status = s.do(http.MethodPost, "/api/v1/session", wire.SessionRequest{Token: "guess"}, nil).status
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the twelfth guess was answered with %d", status)
	}
	if a := s.do(http.MethodGet, "/v/"+made.ID+"/api/v1/dashboards", nil, guest); a.status != 200 {
		t.Errorf("an open link suffered from the guesses: %d", a.status)
	}
}

func TestAFullLinkSendsViewersAwayForAWhile(t *testing.T) {
	s := start(t, nil)
	s.orders(10)
	s.model.SetReady()
	grant, token, err := s.shares.Create(share.Request{Dashboards: []string{"orders"}, MaxViewers: 1, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	session := s.do(http.MethodPost, "/api/v1/session", wire.SessionRequest{Token: token}, nil)
	pair, _, _ := strings.Cut(session.header.Get("Set-Cookie"), ";")
	guest := func(r *http.Request) { r.Header.Set("Cookie", pair) }
	path := "/v/" + grant.ID + "/api/v1/dashboards/orders/events"
	first, leave := s.events(path, guest)
	s.next(first)
	if e := s.next(first); e.name != wire.EventSnapshot {
		t.Fatalf("%+v", e)
	}
	second, cancel := s.events(path, guest) // 200: after any other status an EventSource never comes back
	defer cancel()
	s.next(second)
	var g wire.Goodbye
	if e := s.next(second); e.name != wire.EventGoodbye || json.Unmarshal([]byte(e.data), &g) != nil || g.Reason != "overload" || g.Retry <= 0 {
		t.Errorf("the second viewer gets %+v", e)
	}
	leave()
	for deadline := time.Now().Add(time.Minute); ; { // the place is given out again once the first one's end is noticed
		third, cancel := s.events(path, guest)
		s.next(third)
		e := s.next(third)
		cancel()
		if e.name == wire.EventSnapshot {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the place is not given out again")
		}
	}
}
