package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/web"
	"github.com/dashira/dashira/dashboard/wire"
)

func TestReadinessKnowsOldSources(t *testing.T) {
	for _, auth := range []bool{false, true} {
		s := start(t, func(o *web.Options) { o.Auth = auth })
		s.orders(3) // written in November 2023
		owner := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+s.shares.OwnerToken()) }
		if a := s.get("/readyz"); a.status != http.StatusServiceUnavailable || a.body != "reading\n" {
			t.Errorf("before everything was read it answers %d %q", a.status, a.body)
		}
		s.model.SetReady()
		if a := s.get("/healthz"); a.status != http.StatusOK || a.body != "ok\n" {
			t.Errorf("health is %d %q", a.status, a.body)
		}
		for path, want := range map[string]int{
			"/readyz": 200, "/readyz?max_age=36500d": 200, "/readyz?max_age=999999999d": 200, "/readyz?max_age=1h30m": 503, "/readyz?max_age=60": 503,
			"/readyz?max_age=0": 400, "/readyz?max_age=-1h": 400, "/readyz?max_age=soon": 400, "/readyz?max_age=1e400d": 400,
		} {
			if a := s.get(path); a.status != want {
				t.Errorf("%s is %d and not %d: %s", path, a.status, want, a.body)
			}
		}
		stranger, known := s.get("/readyz?max_age=1h"), s.do(http.MethodGet, "/readyz?max_age=1h", nil, owner)
		if auth && stranger.body != "stale\n" {
			t.Errorf("a stranger learns %q", stranger.body)
		}
		if !strings.Contains(known.body, "orders was written ") {
			t.Errorf("the owner does not learn which: %q", known.body)
		}
		s.model.Fail("broken.csv", "csv", wire.LoadError{Message: "x"}, nil)
		if a := s.do(http.MethodGet, "/readyz?max_age=36500d", nil, owner); a.status != http.StatusServiceUnavailable || a.body != "stale\nbroken was never readable\n" {
			t.Errorf("a source without any rows passes for fresh: %d %q", a.status, a.body)
		}
	}
}

func TestOnlyTheOwnerAndAScraperSeeMetrics(t *testing.T) {
	figures := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("figures")) })
	open := start(t, func(o *web.Options) { o.Metrics = figures })
	if a := open.get("/metrics"); a.status != http.StatusOK || a.body != "figures" {
		t.Errorf("on this machine alone: %d %q", a.status, a.body)
	}
	s := start(t, func(o *web.Options) { o.Auth, o.Metrics = true, figures })
	with := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	for name, c := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"a stranger": {nil, 401}, "an empty token": {with(""), 401}, "a wrong token": {with("x"), 401},
		"a scraper": {with(s.shares.ScrapeToken()), 200}, "the owner": {with(s.shares.OwnerToken()), 200},
		"somebody who claims to be near": {func(r *http.Request) { r.Header.Set("X-Forwarded-For", "127.0.0.1") }, 401},
	} {
		if a := s.do(http.MethodGet, "/metrics", nil, c.change); a.status != c.want {
			t.Errorf("%s gets %d and not %d", name, a.status, c.want)
		}
	}
	for _, path := range []string{"/api/v1/sources", "/api/v1/events", "/api/v1/shares"} {
		if a := s.do(http.MethodGet, path, nil, with(s.shares.ScrapeToken())); a.status != http.StatusUnauthorized {
			t.Errorf("a scraper gets %d from %s", a.status, path)
		}
	}
	before := s.shares.ScrapeToken()
	if err := s.shares.RotateOwner(); err != nil {
		t.Fatal(err)
	}
	if a := s.do(http.MethodGet, "/metrics", nil, with(before)); a.status != http.StatusUnauthorized {
		t.Errorf("a scraper of before the rotation gets %d", a.status)
	}
	if none := start(t, nil).get("/metrics"); none.status != http.StatusNotFound {
		t.Errorf("without metrics it is %d", none.status)
	}
}
