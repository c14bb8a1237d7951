package web

import (
	"net"
	"net/http"
	"net/netip"
	"sort"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/wire"
)

// shares lists the links, without their tokens: those are shown once and kept nowhere.
func (s *Server) shares(c echo.Context) error {
	w := wire.Shares{Shares: []wire.Share{}, Reach: s.Reach()}
	for _, g := range s.o.Shares.List() {
		w.Shares = append(w.Shares, s.describeShare(g))
	}
	return sendJSON(c, http.StatusOK, w)
}

func (s *Server) describeShare(g share.Grant) wire.Share {
	w := wire.Share{
		ID: g.ID, Label: g.Label, Dashboards: g.Dashboards, Allow: g.Allow, Locked: []string{}, Created: timestamp(g.Created),
		Expires: timestamp(g.Expires), LastUsed: timestamp(g.LastUsed), Revoked: g.Revoked, Password: g.HasPassword,
		Viewers: s.o.Shares.Viewers(g.ID),
	}
	for column := range g.Lock {
		w.Locked = append(w.Locked, column)
	}
	sort.Strings(w.Locked)
	if w.Allow == nil {
		w.Allow = []string{}
	}
	return w
}

func (s *Server) createShare(c echo.Context) error {
	var r wire.ShareRequest
	if err := decode(c, &r); err != nil {
		return err
	}
	state := s.o.Model.State()
	for _, slug := range r.Dashboards {
		d := state.Dashboard(slug)
		if d == nil {
			return dashboard.ErrNoDashboard
		}
		for column := range r.Lock {
			if schema := state.Table(d.Table).Data.Schema(); schema.Index(column) < 0 {
				var names []string
				for _, f := range schema.Fields() {
					names = append(names, f.Name)
				}
				return &dashboard.BadSelection{Parameter: "lock", Reason: "there is no such column in " + slug, Allowed: names}
			}
		}
	}
	expires, err := share.ParseExpiry(r.Expires, time.Now())
	if err != nil {
		return &dashboard.BadSelection{Parameter: "expires", Reason: err.Error()}
	}
	request := share.Request{Label: r.Label, Dashboards: r.Dashboards, Lock: r.Lock, Allow: r.Allow, Expires: expires}
	if r.Password != nil {
		request.Password = *r.Password
	}
	grant, token, err := s.o.Shares.Create(request)
	if err != nil {
		return err
	}
	reach := s.Reach()
	return sendJSON(c, http.StatusCreated, wire.ShareCreated{
		ID: grant.ID, URL: reach.URLs[0] + "s#" + token, Token: token, Expires: timestamp(grant.Expires), Reach: reach,
	})
}

func (s *Server) revokeShare(c echo.Context) error {
	if err := s.o.Shares.Revoke(c.Param("id")); err != nil {
		if err == share.ErrUnknown {
			return errNoShare
		}
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// Reach says who can open the server's addresses.
func (s *Server) Reach() wire.Reach {
	scheme := "http://"
	address, ok := s.listener.Addr().(*net.TCPAddr)
	if !ok {
		return wire.Reach{Local: true, URLs: []string{scheme + s.listener.Addr().String() + "/"}}
	}
	port := strconv.Itoa(address.Port)
	if address.IP.IsLoopback() {
		return wire.Reach{
			Local: true, URLs: []string{scheme + "localhost:" + port + "/"},
			Hint: "Only this machine can open this address. Start dashira with --lan to let colleagues in.",
		}
	}
	r := wire.Reach{URLs: []string{}}
	for _, a := range reachable(address.IP) {
		r.URLs = append(r.URLs, scheme+net.JoinHostPort(a.String(), port)+"/")
	}
	for _, name := range s.o.Hosts {
		r.URLs = append([]string{scheme + net.JoinHostPort(name, port) + "/"}, r.URLs...)
	}
	if len(r.URLs) == 0 {
		r.Local, r.URLs = true, []string{scheme + "localhost:" + port + "/"}
		r.Hint = "This machine has no network address that others could reach."
	}
	return r
}

// reachable lists the addresses of this machine that others can use, IPv4 before IPv6.
func reachable(bound net.IP) []netip.Addr {
	if !bound.IsUnspecified() {
		a, _ := netip.AddrFromSlice(bound)
		return []netip.Addr{a.Unmap()}
	}
	var own []netip.Addr
	for _, a := range ownAddresses() {
		if !a.IsLoopback() && !a.IsLinkLocalUnicast() && a.IsValid() {
			own = append(own, a)
		}
	}
	sort.SliceStable(own, func(i, j int) bool { return own[i].Is4() && !own[j].Is4() })
	return own
}

func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
