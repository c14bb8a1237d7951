package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/wire"
)

// retryHint is about how long, in milliseconds, a viewer waits before it comes back; the stream's own retry field gives
// each one a time of its own around it.
const retryHint = 2000

// dashboardEvents streams a dashboard under the selection in the address.
func (s *Server) dashboardEvents(c echo.Context) error {
	scope := scopeOf(c)
	selection, err := dashboard.ParseSelection(c.QueryParams())
	if err != nil {
		return err
	}
	slug := c.Param("slug")
	stream, err := s.o.Model.Open(c.Request().Context(), scope, slug, selection)
	if errors.Is(err, dashboard.ErrNoDashboard) && scope.May(slug) && s.starting() {
		return s.sendAway(c, slug, "starting")
	}
	if _, known := describe(err); err != nil && !known && c.Request().Context().Err() == nil {
		s.o.Logger.Error("a stream failed", "route", c.Path(), "error", err)
		return s.sendAway(c, slug, hub.ReasonError)
	}
	if err != nil {
		return err
	}
	leave := func() {}
	if scope.Guest {
		if leave, err = s.o.Shares.Enter(scope.ID); err != nil {
			stream.Close()
			if errors.Is(err, share.ErrFull) {
				return s.sendAway(c, slug, hub.ReasonOverload)
			}
			return err
		}
	}
	viewer := s.viewer(c, slug)
	viewer.Snapshot = func(context.Context) ([]hub.Encoded, uint64, error) {
		data, at, err := stream.Snapshot()
		return []hub.Encoded{{Event: wire.EventSnapshot, Data: data}}, at, err
	}
	viewer.Ended = func() {
		leave()
		stream.Close()
	}
	if scope.Guest {
		viewer.Done = s.o.Shares.Done(scope.ID)
		viewer.DoneReason = func() string {
			if errors.Is(s.o.Shares.Why(scope.ID), share.ErrExpired) {
				return "expired"
			}
			return "revoked"
		}
	}
	return s.serve(c, stream.Log(), viewer)
}

// tableEvents streams the differences of a table row by row, for the owner's programs.
func (s *Server) tableEvents(c echo.Context) error {
	stream, err := s.o.Model.OpenTable(c.Param("table"))
	if errors.Is(err, dashboard.ErrNoTable) && s.starting() {
		return s.sendAway(c, "", "starting")
	}
	if err != nil {
		return err
	}
	viewer := s.viewer(c, "")
	viewer.Snapshot = func(context.Context) ([]hub.Encoded, uint64, error) { return stream.Snapshot() }
	viewer.Ended = stream.Close
	return s.serve(c, stream.Log(), viewer)
}

// starting says whether files are still being read for the first time.
func (s *Server) starting() bool { return !s.o.Model.State().Ready }

// sendAway ends a stream that cannot be served now, and says when to come back. It does so with status 200: after any
// other a browser's EventSource never comes back.
func (s *Server) sendAway(c echo.Context, slug, reason string) error {
	log := s.o.Hub.NewLog(reason)
	log.Close(reason)
	return s.serve(c, log, s.viewer(c, slug))
}

// sourceEvents streams the state of every source, for the owner.
func (s *Server) sourceEvents(c echo.Context) error {
	viewer := s.viewer(c, "")
	viewer.Snapshot = func(context.Context) ([]hub.Encoded, uint64, error) {
		sources, at := s.o.Model.SourcesSnapshot()
		events := make([]hub.Encoded, 0, len(sources))
		for _, src := range sources {
			data, err := json.Marshal(src)
			if err != nil {
				return nil, 0, fmt.Errorf("encode source: %w", err)
			}
			events = append(events, hub.Encoded{Event: wire.EventSource, Data: data})
		}
		return events, at, nil
	}
	return s.serve(c, s.o.Model.SourcesLog(), viewer)
}

// viewer says hello, lives and goodbye to one connection.
func (s *Server) viewer(c echo.Context, slug string) hub.Stream {
	return hub.Stream{
		Address: c.RealIP(),
		Hello: func(resumed bool) (string, []byte) {
			return encode(wire.EventHello, wire.Hello{Version: s.o.Version, Epoch: s.o.Model.Epoch(), Dashboard: slug, Resumed: resumed, Retry: retryHint})
		},
		Goodbye: func(reason string, retry time.Duration) (string, []byte) {
			g := wire.Goodbye{Reason: reason, Retry: int(retry.Milliseconds())}
			switch reason {
			case "revoked", "expired", "gone":
				g.Retry = 0
			}
			return encode(wire.EventGoodbye, g)
		},
		Heartbeat: func(head string, now time.Time) (string, []byte) {
			return encode(wire.EventHeartbeat, wire.Heartbeat{Head: head, Time: now.UTC().Format("2006-01-02T15:04:05.000Z")})
		},
	}
}

func encode(event string, payload any) (string, []byte) {
	data, err := json.Marshal(payload)
	if err != nil {
		return event, []byte("{}") // structs of strings and numbers always encode
	}
	return event, data
}

func (s *Server) serve(c echo.Context, log *hub.Log, viewer hub.Stream) error {
	w := c.Response()
	if c.Request().Method == http.MethodHead {
		if viewer.Ended != nil {
			viewer.Ended()
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusOK)
		return nil
	}
	// The server's read timeout is for requests; nothing more is read from a stream.
	if err := http.NewResponseController(w).SetReadDeadline(time.Time{}); err != nil {
		s.o.Logger.Debug("taking the read deadline off a stream", "error", err)
	}
	s.others.stream(func() {
		if err := log.Serve(w, c.Request(), viewer); err != nil {
			s.o.Logger.Debug("a stream ended", "route", c.Path(), "error", err)
		}
	})
	return nil
}
