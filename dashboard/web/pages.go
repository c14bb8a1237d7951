package web

import (
	"cmp"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/wire"
)

// page sends the dashboard that the address names, or the first one.
func (s *Server) page(c echo.Context) error {
	scope := scopeOf(c)
	state := s.o.Model.State()
	boot := wire.Boot{
		Version: s.o.Version, Title: cmp.Or(state.Title(), s.o.Title), Root: s.o.Root, Base: "/", Dashboards: s.entries(state, scope),
		Sources: []wire.Source{}, Extensions: s.o.Extensions, Lan: s.o.Lan, Dashboard: c.Param("slug"),
	}
	if scope.Guest {
		boot.Guest, boot.Base, boot.Root, boot.Title, boot.Extensions = true, "/v/"+scope.ID+"/", "", "", []string{}
	} else {
		boot.Sources, _ = s.o.Model.SourcesSnapshot()
	}
	if boot.Dashboard == "" && len(boot.Dashboards) > 0 {
		boot.Dashboard = boot.Dashboards[0].Slug
	}
	selection, err := dashboard.ParseSelection(c.QueryParams())
	if err != nil {
		// An address that means nothing still opens the page, which says what is wrong.
		return s.sendPage(c, http.StatusOK, boot)
	}
	status := http.StatusOK
	if boot.Dashboard != "" {
		snapshot, err := s.o.Model.SnapshotAt(c.Request().Context(), scope, boot.Dashboard, selection, 0)
		if err == nil {
			// The picture in the page stands at no position of the stream: the page opens the stream without an id, and
			// the stream's own snapshot replaces it.
			boot.Snapshot = snapshot
		} else if p, known := describe(err); !known {
			s.o.Logger.Error("a page failed", "route", c.Path(), "error", err)
		} else if p.Status == http.StatusNotFound {
			status = http.StatusNotFound
		}
	}
	return s.sendPage(c, status, boot)
}

// entries lists the dashboards that a scope may see.
func (s *Server) entries(state *dashboard.State, scope dashboard.Scope) []wire.DashboardEntry {
	list := []wire.DashboardEntry{}
	for _, d := range state.Dashboards() {
		if !scope.May(d.Slug) {
			continue
		}
		panels := 0
		for _, row := range d.Rows {
			panels += len(row.Panels)
		}
		entry := wire.DashboardEntry{Slug: d.Slug, Title: d.Title, Table: d.Table, Panels: panels, Written: d.Written}
		list = append(list, entry)
	}
	return list
}

// sessionPage is where a link leads: the page takes the token from the fragment and exchanges it.
func (s *Server) sessionPage(c echo.Context) error {
	return s.sendPage(c, http.StatusOK, wire.Boot{
		Version: s.o.Version, Base: "/", Guest: true, Dashboards: []wire.DashboardEntry{}, Sources: []wire.Source{}, Extensions: []string{},
	})
}

// strangerPage says that there is nothing to see, in the same words whatever is behind the address.
func (s *Server) strangerPage(c echo.Context) error {
	return s.sendPage(c, http.StatusUnauthorized, wire.Boot{
		Version: s.o.Version, Base: "/", Guest: true, Dashboards: []wire.DashboardEntry{}, Sources: []wire.Source{}, Extensions: []string{},
	})
}
