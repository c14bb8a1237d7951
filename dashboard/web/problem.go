package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table/view"
)

var (
	errStranger = errors.New("this needs the owner's link")
	errNoShare  = errors.New("there is no such link")
	errTooMany  = errors.New("too many requests")
	errMedia    = errors.New("the body must be JSON")
	errBody     = errors.New("the body is not what this address takes")
)

// problems maps errors to what the world is told of them: a status, a stable type, and fixed words. What is not here
// is ours: it is logged, and the world learns that something is wrong and no more.
var problems = []struct {
	err    error
	status int
	kind   string
	title  string
}{
	{dashboard.ErrNoDashboard, http.StatusNotFound, "no-dashboard", "There is no such dashboard"},
	{dashboard.ErrNoTable, http.StatusNotFound, "no-table", "There is no such table"},
	{dashboard.ErrNoPanel, http.StatusNotFound, "no-panel", "There is no such list among the panels"},
	{dashboard.ErrNoRevision, http.StatusGone, "no-revision", "There is no such revision any more"},
	{dashboard.ErrLocked, http.StatusConflict, "locked", "This link cannot be shown: a column that it is limited to is not there"},
	{errNoSource, http.StatusNotFound, "no-source", "There is no such source"},
	{errNoShare, http.StatusNotFound, "not-found", "There is nothing here"},
	{errStranger, http.StatusUnauthorized, "unauthorized", "This needs the owner's link"},
	{errTooMany, http.StatusTooManyRequests, "too-many", "Too many requests; try again in a minute"},
	{errMedia, http.StatusUnsupportedMediaType, "content-type", "The body must be JSON"},
	{errBody, http.StatusBadRequest, "body", "The body is not what this address takes"},
	{errUnwritable, http.StatusConflict, "unwritable", "Dashboards cannot be written down here: serve one folder, in which dashira may write its dashira.yaml"},
	{errFormat, http.StatusBadRequest, "format", "There is no such format"},
	{share.ErrUnknown, http.StatusUnauthorized, "unknown-link", "This link is not known here"},
	{share.ErrPassword, http.StatusForbidden, "password", "This link needs its password"},
	{share.ErrExpired, http.StatusGone, "expired", "This link has expired"},
	{share.ErrRevoked, http.StatusGone, "revoked", "This link was ended"},
	{share.ErrFull, http.StatusTooManyRequests, "full", "Too many people look at this link"},
	{share.ErrRequest, http.StatusBadRequest, "share", "This link cannot be made"},
	{share.ErrStorage, http.StatusInsufficientStorage, "storage", "The link cannot be stored"},
	{share.ErrBusy, http.StatusServiceUnavailable, "busy", "The links are locked by another process"},
}

func problemOf(status int, kind, title, detail string) wire.Problem {
	return wire.Problem{Type: "/problems/" + kind, Title: title, Status: status, Detail: detail}
}

// describe turns an error into what the world is told; known is false where it is ours.
func describe(err error) (p wire.Problem, known bool) {
	var selection *dashboard.BadSelection
	if errors.As(err, &selection) {
		p = problemOf(http.StatusBadRequest, "selection", "This selection cannot be shown", selection.Error())
		p.Allowed = selection.Allowed
		return p, true
	}
	var spec *dashboard.BadSpec
	if errors.As(err, &spec) {
		return problemOf(http.StatusUnprocessableEntity, "dashboard", "This dashboard cannot be shown", spec.Error()), true
	}
	var query *view.QueryError
	if errors.As(err, &query) {
		p = problemOf(http.StatusBadRequest, "selection", "This selection cannot be shown", query.Error())
		p.Allowed = query.Allowed
		return p, true
	}
	for _, k := range problems {
		if errors.Is(err, k.err) {
			p = problemOf(k.status, k.kind, k.title, "")
			switch {
			case errors.Is(err, share.ErrRequest):
				p.Detail = err.Error()
			case errors.Is(err, errFormat):
				p.Allowed = formats
			}
			return p, true
		}
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return problemOf(http.StatusRequestEntityTooLarge, "too-large", "The body is larger than 1 MiB", ""), true
	}
	var he *echo.HTTPError
	if errors.As(err, &he) {
		switch he.Code {
		case http.StatusNotFound:
			return problemOf(he.Code, "not-found", "There is nothing here", ""), true
		case http.StatusMethodNotAllowed:
			return problemOf(he.Code, "method", "This address does not take that method", ""), true
		case http.StatusTooManyRequests:
			return problemOf(he.Code, "too-many", "Too many requests; try again in a minute", ""), true
		}
	}
	return problemOf(http.StatusInternalServerError, "internal", "Something is wrong in dashira; its log says what", ""), false
}

// problem answers a request that failed.
func (s *Server) problem(err error, c echo.Context) {
	if c.Response().Committed || c.Request().Context().Err() != nil {
		return
	}
	p, known := describe(err)
	if !known {
		s.o.Logger.Error("a request failed", "route", c.Path(), "error", err)
	}
	writeProblem(c.Response(), p)
}

func writeProblem(w http.ResponseWriter, p wire.Problem) {
	body, err := json.Marshal(p)
	if err != nil {
		http.Error(w, http.StatusText(p.Status), p.Status)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // the client is gone: nobody is left to tell
}
