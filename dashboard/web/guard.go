package web

import (
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"

	"github.com/labstack/echo/v4"
)

// The bounds of a request.
const (
	maxQuery = 16 << 10
	maxBody  = 1 << 20
)

// policy is the page's content security policy: nothing inline, nothing evaluated, nothing from elsewhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'"

// guard stands before the routes: it knows the names the server goes by, refuses requests that other sites make, and
// puts the headers on every answer that keep it where it belongs.
func (s *Server) guard(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, problemOf(http.StatusForbidden, "cross-origin", "Requests from other sites are refused", ""))
	}))
	next = sameOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if r.TLS != nil || isLoopback(r.Host) {
			// Over plain HTTP from elsewhere a browser ignores it and complains.
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
		}
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Add("Vary", "Origin")
		switch {
		case !s.hosts.allow(r.Host):
			writeProblem(w, problemOf(http.StatusMisdirectedRequest, "unknown-host", "This server does not go by that name",
				"Use the address that dashira printed, or start it with --host NAME."))
		case r.Method == http.MethodOptions:
			h.Set("Allow", "GET, HEAD, POST, PUT, DELETE")
			writeProblem(w, problemOf(http.StatusMethodNotAllowed, "method", "OPTIONS is not answered", ""))
		case len(r.URL.RawQuery) > maxQuery:
			writeProblem(w, problemOf(http.StatusRequestURITooLong, "too-long", "The query is longer than 16 KiB", ""))
		case r.Header.Get("Content-Encoding") != "":
			writeProblem(w, problemOf(http.StatusUnsupportedMediaType, "content-encoding", "Compressed requests are not read", ""))
		case !plainPath(r.URL):
			writeProblem(w, problemOf(http.StatusBadRequest, "path", "This is not a path of this server", ""))
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			next.ServeHTTP(w, r)
		}
	})
}

// hosts knows the names and addresses under which requests may come. Anything else is a name that somebody else points
// at this machine, to read it through the owner's browser.
type hosts struct {
	names map[string]bool
	bound []netip.Addr // the addresses the listener can be reached at; empty: every one of this machine
}

func newHosts(addr net.Addr, more []string) *hosts {
	h := &hosts{names: map[string]bool{"localhost": true}}
	for _, name := range more {
		h.names[strings.ToLower(strings.TrimSuffix(name, "."))] = true
	}
	if name, err := os.Hostname(); err == nil {
		name = strings.ToLower(name)
		short, _, _ := strings.Cut(name, ".")
		h.names[name], h.names[short], h.names[short+".local"] = true, true, true
	}
	if tcp, ok := addr.(*net.TCPAddr); ok && !tcp.IP.IsUnspecified() {
		if a, ok := netip.AddrFromSlice(tcp.IP); ok {
			h.bound = append(h.bound, a.Unmap())
		}
	}
	return h
}

func (h *hosts) allow(host string) bool {
	name := host
	if n, port, err := net.SplitHostPort(host); err == nil {
		for _, r := range port {
			if r < '0' || r > '9' {
				return false
			}
		}
		name = n
	}
	if name == "" {
		return false
	}
	if addr, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return h.allowAddr(addr.Unmap())
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return h.names[name] || strings.HasSuffix(name, ".localhost")
}

// isLoopback says whether a Host header names this machine itself.
func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return addr.IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func (h *hosts) allowAddr(addr netip.Addr) bool {
	if addr.IsLoopback() {
		return true
	}
	for _, a := range h.bound {
		if a == addr {
			return true
		}
	}
	if len(h.bound) > 0 {
		return false
	}
	for _, a := range ownAddresses() {
		if a == addr {
			return true
		}
	}
	return false
}

// ownAddresses lists the addresses of this machine's interfaces, as they are now.
func ownAddresses() []netip.Addr {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var own []netip.Addr
	for _, a := range all {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil {
			own = append(own, prefix.Addr().Unmap())
		}
	}
	return own
}

// isStream says whether a request is for a stream, which does its own compression and has no end.
func isStream(c echo.Context) bool { return strings.HasSuffix(c.Path(), "/events") }
