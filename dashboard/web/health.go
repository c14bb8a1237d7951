package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dashira/dashira/dashboard"
)

// health says that the process answers. It is the same word for everybody.
func (s *Server) health(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// ready says whether everything that was there at the start has been read and, with max_age, whether every source was
// written within that time: a dashboard of yesterday's figures answers as well as one of today's, and only its age
// tells them apart. A source that was never readable has no age that would do. Which sources are too old is the
// owner's to know; a stranger gets one word.
func (s *Server) ready(c echo.Context) error {
	state := s.o.Model.State()
	maxAge, err := age(c.QueryParam("max_age"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	if !state.Ready {
		return c.String(http.StatusServiceUnavailable, "reading\n")
	}
	if maxAge == 0 {
		return c.String(http.StatusOK, "ok\n")
	}
	var stale strings.Builder
	now := time.Now()
	for _, src := range state.Sources() {
		switch old := now.Sub(src.Modified); {
		case !src.Readable():
			stale.WriteString(src.Name + " was never readable\n")
		case old > maxAge:
			stale.WriteString(src.Name + " was written " + old.Round(time.Second).String() + " ago\n")
		}
	}
	switch {
	case stale.Len() == 0:
		return c.String(http.StatusOK, "ok\n")
	case s.o.Auth && !s.isOwner(c.Request()):
		return c.String(http.StatusServiceUnavailable, "stale\n")
	}
	return c.String(http.StatusServiceUnavailable, "stale\n"+stale.String())
}

// age reads a time such as "90s", "1h30m", "2d" or "3600", which are seconds; 0 where none is asked for.
func age(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	unit, digits := time.Second, text
	if d, ok := strings.CutSuffix(text, "d"); ok {
		unit, digits = 24*time.Hour, d
	}
	if n, err := strconv.ParseUint(digits, 10, 31); err == nil && n > 0 {
		return time.Duration(n) * min(unit, time.Duration(1<<63-1)/time.Duration(n)), nil
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d, nil
	}
	return 0, &dashboard.BadSelection{Parameter: "max_age", Reason: "this is no time", Allowed: []string{"90s", "30m", "12h", "2d"}}
}

// metrics answers a scrape. Where the owner needs a token a scraper has one of its own, which opens nothing else. That
// a request comes from this machine does not let it in: behind a proxy on the same machine every request does.
func (s *Server) metrics(c echo.Context) error {
	token, _ := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
	if s.o.Auth && !s.o.Shares.IsScraper(token) && !s.isOwner(c.Request()) {
		return errStranger
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	s.o.Metrics.ServeHTTP(c.Response(), c.Request())
	return nil
}
