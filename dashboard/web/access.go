package web

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dashira/dashira/dashboard"
)

const (
	ownerCookie = "dashira_owner"
	scopeKey    = "scope"
)

// ownerOnly lets the owner through. Without --auth everybody who can reach a loopback address is.
func (s *Server) ownerOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.o.Auth && !s.isOwner(c.Request()) {
			if wantsPage(c) {
				return s.strangerPage(c)
			}
			return errStranger
		}
		c.Set(scopeKey, dashboard.Scope{})
		return next(c)
	}
}

func (s *Server) isOwner(r *http.Request) bool {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return s.o.Shares.IsOwner(token)
	}
	cookie, err := r.Cookie(ownerCookie)
	return err == nil && s.o.Shares.OwnerSession(cookie.Value)
}

// guestOnly lets a guest through whose cookie belongs to the link in the address.
func (s *Server) guestOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Param("share")
		cookie, err := c.Cookie(guestCookie(id))
		if err != nil {
			return s.noGuest(c)
		}
		grant, err := s.o.Shares.Session(cookie.Value)
		if err != nil || grant.ID != id {
			return s.noGuest(c)
		}
		c.Set(scopeKey, dashboard.Scope{Guest: true, ID: grant.ID, Dashboards: grant.Dashboards, Lock: grant.Lock, Allow: grant.Allow})
		return next(c)
	}
}

// noGuest answers alike for a link that ended, that never was, and that is somebody else's.
func (s *Server) noGuest(c echo.Context) error {
	if wantsPage(c) {
		return s.strangerPage(c)
	}
	return errNoShare
}

func guestCookie(id string) string {
	if len(id) > 8 {
		id = id[:8]
	}
	return "dashira_" + id
}

func scopeOf(c echo.Context) dashboard.Scope {
	scope, ok := c.Get(scopeKey).(dashboard.Scope)
	if !ok {
		return dashboard.Scope{Guest: true} // no guard let this request in: it sees nothing
	}
	return scope
}

// wantsPage says whether a person's browser asks for a page.
func wantsPage(c echo.Context) bool {
	return !strings.Contains(c.Request().URL.Path, "/api/") && strings.Contains(c.Request().Header.Get("Accept"), "text/html")
}

// attempts counts wrong tokens and passwords by address: ten in a minute, then that address waits. The owner's cookie
// and links that are open already are not touched by it.
type attempts struct {
	mu      sync.Mutex
	wrong   map[string]window
	cleaned time.Time
}

type window struct {
	since time.Time
	n     int
}

const (
	maxAttempts   = 10
	attemptWindow = time.Minute
)

func newAttempts() *attempts { return &attempts{wrong: map[string]window{}} }

// blocked says whether an address has to wait.
func (a *attempts) blocked(address string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	w := a.wrong[address]
	return w.n >= maxAttempts && now.Sub(w.since) < attemptWindow
}

// failed notes a wrong attempt.
func (a *attempts) failed(address string, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w := a.wrong[address]
	if now.Sub(w.since) >= attemptWindow {
		w = window{since: now}
	}
	w.n++
	a.wrong[address] = w
	if now.Sub(a.cleaned) < attemptWindow {
		return
	}
	a.cleaned = now
	for address, w := range a.wrong {
		if now.Sub(w.since) >= attemptWindow {
			delete(a.wrong, address)
		}
	}
}
