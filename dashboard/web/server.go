// Package web is the door for HTTP: the page, the streams, the API, and who may use which of them. It knows no files
// and no YAML; errors become statuses in one table, in problem.go.
package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/wire"
)

// Options configures a [Server]. Model, Hub, Shares and Dist are required.
type Options struct {
	Model  *dashboard.Model
	Hub    *hub.Hub
	Shares *share.Store
	Dist   fs.FS // the built page: index.html, assets/…, each with .gz and .br beside it

	Version    string
	Title      string   // of the folder, for people
	Root       string   // the folder as it was given on the command line
	Extensions []string // what is watched, for the empty page
	Auth       bool     // the owner needs a token: always with Lan
	Lan        bool     // listening beyond this machine
	Hosts      []string // further names under which the server may be addressed
	Watching   func() wire.Watching
	Written    Written           // where dashboards are written down; nil: nowhere
	Writers    map[string]Writer // of formats of files in which rows can be had, by name
	Metrics    http.Handler      // answers /metrics; nil: there is none
	// MaxConnections bounds the connections that are no streams; 0: no limit.
	MaxConnections int
	// Rate is how many requests a second one address may make with Lan, and five times as many at once; 0: 20.
	Rate   float64
	Logger *slog.Logger // nil: none
}

// Server answers HTTP on one listener.
type Server struct {
	o        Options
	http     *http.Server
	listener net.Listener
	echo     *echo.Echo
	assets   *assets
	hosts    *hosts
	attempts *attempts
	others   connections // that are no streams
	writing  sync.Mutex  // held while the dashira.yaml is read and written
}

// shutdownTime bounds the drain of requests that are under way.
const shutdownTime = 1500 * time.Millisecond

// New returns a server for a listener, which it takes over.
func New(o Options, l net.Listener) (*Server, error) {
	if o.Rate == 0 {
		o.Rate = 20
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Watching == nil {
		o.Watching = func() wire.Watching {
			return wire.Watching{Notes: []string{}, Skipped: []string{}, Trees: []wire.WatchedTree{}, Writing: []wire.WritingFile{}}
		}
	}
	a, err := readAssets(o.Dist)
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, listener: l, assets: a, hosts: newHosts(l.Addr(), o.Hosts), attempts: newAttempts(), others: connections{most: int64(o.MaxConnections)}}
	s.http = &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second, // a stream takes its own off
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ConnState:         s.others.state,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			o.Hub.Accepted(c)
			return ctx
		},
		ErrorLog: slog.NewLogLogger(o.Logger.Handler(), slog.LevelDebug),
	}
	return s, nil
}

// Run serves until the context ends, then lets the streams say goodbye and ends within two seconds.
func (s *Server) Run(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	s.o.Hub.Close()
	if err := s.http.Shutdown(end); err != nil {
		s.http.Close()
	}
	if err := <-failed; err != nil && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// handler is the whole HTTP surface.
func (s *Server) handler() http.Handler {
	e := echo.New()
	s.echo = e
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = s.problem
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{
		DisablePrintStack: true, LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
			s.o.Logger.Error("a request panicked", "route", c.Path(), "error", err, "stack", string(stack))
			return err
		},
	}))
	if s.o.Lan {
		e.Use(middleware.RateLimiterWithConfig(middleware.RateLimiterConfig{
			Store: middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
				Rate: rate.Limit(s.o.Rate), Burst: int(5*s.o.Rate) + 1, ExpiresIn: 3 * time.Minute,
			}),
			DenyHandler: func(echo.Context, string, error) error { return errTooMany },
		}))
	}
	e.Use(middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024, Skipper: func(c echo.Context) bool { return isStream(c) || isAsset(c) }}))

	// Everybody, a stranger too.
	get(e, "/healthz", s.health)
	get(e, "/readyz", s.ready)
	if s.o.Metrics != nil {
		get(e, "/metrics", s.metrics)
	}
	for path := range s.assets.files {
		get(e, path, s.asset)
	}
	get(e, "/s", s.sessionPage)
	e.POST("/api/v1/session", s.openSession)
	get(e, "/api/v1/openapi.json", fixed("application/json", wire.OpenAPI))
	get(e, "/api/v1/events.schema.json", fixed("application/schema+json", wire.EventsSchema))

	owner := e.Group("", s.ownerOnly)
	get(owner, "/", s.page)
	get(owner, "/d/:slug", s.page)
	api := owner.Group("/api/v1")
	s.viewing(api)
	get(api, "/events", s.sourceEvents)
	get(api, "/dashboards", s.dashboards)
	get(api, "/tables", s.tables)
	get(api, "/tables/:table", s.table)
	get(api, "/tables/:table/events", s.tableEvents)
	get(api, "/sources", s.sources)
	get(api, "/sources/:source/diagnostics", s.diagnostics)
	get(api, "/shares", s.shares)
	api.POST("/shares", s.createShare)
	api.DELETE("/shares/:id", s.revokeShare)
	api.POST("/launch", s.launch)
	get(api, "/dashboards/:slug/spec", s.spec)
	api.POST("/dashboards/:slug/draft", s.draft)
	api.PUT("/dashboards/:slug", s.writeDashboard)
	api.DELETE("/dashboards/:slug", s.removeDashboard)

	guest := e.Group("/v/:share", s.guestOnly)
	get(guest, "/", s.page)
	get(guest, "/d/:slug", s.page)
	guestAPI := guest.Group("/api/v1")
	s.viewing(guestAPI)
	get(guestAPI, "/dashboards", s.dashboards)
	return s.guard(e)
}

// viewing are the routes that owners and guests share; what they show is decided by the scope.
func (s *Server) viewing(g *echo.Group) {
	get(g, "/dashboards/:slug", s.dashboard)
	get(g, "/dashboards/:slug/events", s.dashboardEvents)
	get(g, "/dashboards/:slug/snapshot", s.snapshot)
	get(g, "/dashboards/:slug/values", s.values)
	get(g, "/dashboards/:slug/profile", s.profile)
	get(g, "/dashboards/:slug/panels/:panel", s.listed)
	get(g, "/tables/:table/rows", s.rows)
	get(g, "/history", s.history)
}

// router is what an echo instance and a group have in common.
type router interface {
	GET(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route
	HEAD(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route
}

func get(r router, path string, h echo.HandlerFunc) {
	r.GET(path, h)
	r.HEAD(path, h)
}
