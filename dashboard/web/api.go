package web

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/zeebo/xxh3"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/wire"
)

var errNoSource = errors.New("there is no such source")

// sendJSON answers with a document and its tag; whoever has it already is told so.
func sendJSON(c echo.Context, status int, document any) error {
	body, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	sum := xxh3.Hash128(body).Bytes()
	tag := `W/"` + hex.EncodeToString(sum[:8]) + `"`
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	if status == http.StatusOK && strings.Contains(c.Request().Header.Get("If-None-Match"), strings.TrimPrefix(tag, "W/")) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(status, "application/json", append(body, '\n'))
}

func (s *Server) dashboards(c echo.Context) error {
	return sendJSON(c, http.StatusOK, wire.Dashboards{Dashboards: s.entries(s.o.Model.State(), scopeOf(c))})
}

func (s *Server) dashboard(c echo.Context) error {
	for _, e := range s.entries(s.o.Model.State(), scopeOf(c)) {
		if e.Slug == c.Param("slug") {
			return sendJSON(c, http.StatusOK, e)
		}
	}
	return dashboard.ErrNoDashboard
}

// revision reads the number of one, 0 where there is none.
func revision(c echo.Context, name string) (uint64, error) {
	text := c.QueryParam(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, &dashboard.BadSelection{Parameter: name, Reason: "this is not the number of a revision"}
	}
	return n, nil
}

// question is what a dashboard is asked: under which selection, at which revision.
func question(c echo.Context) (selection dashboard.Selection, at uint64, err error) {
	if selection, err = dashboard.ParseSelection(c.QueryParams()); err != nil {
		return selection, 0, err
	}
	at, err = revision(c, "at")
	return selection, at, err
}

// answered sends what a question led to.
func answered[T any](c echo.Context, answer T, err error) error {
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, answer)
}

func (s *Server) snapshot(c echo.Context) error {
	selection, at, err := question(c)
	if err != nil {
		return err
	}
	w, err := s.o.Model.SnapshotAt(c.Request().Context(), scopeOf(c), c.Param("slug"), selection, at)
	return answered(c, w, err)
}

func (s *Server) values(c echo.Context) error {
	selection, err := dashboard.ParseSelection(c.QueryParams())
	if err != nil {
		return err
	}
	w, err := s.o.Model.Values(c.Request().Context(), scopeOf(c), c.Param("slug"), selection, c.QueryParam("column"), c.QueryParam("q"))
	return answered(c, w, err)
}

// listed answers one list, or the small charts of one panel, with as many categories as limit= says.
func (s *Server) listed(c echo.Context) error {
	selection, at, err := question(c)
	if err != nil {
		return err
	}
	limit, err := count(c, "limit")
	if err != nil {
		return err
	}
	w, err := s.o.Model.Listed(c.Request().Context(), scopeOf(c), c.Param("slug"), selection, c.Param("panel"), limit, at)
	return answered(c, w, err)
}

func (s *Server) profile(c echo.Context) error {
	selection, at, err := question(c)
	if err != nil {
		return err
	}
	var columns []string
	if text := c.QueryParam("columns"); text != "" {
		columns = dashboard.SplitList(text)
	}
	w, err := s.o.Model.Profile(c.Request().Context(), scopeOf(c), c.Param("slug"), selection, columns, at)
	return answered(c, w, err)
}

func (s *Server) history(c echo.Context) error {
	if !scopeOf(c).MayHistory() {
		return errNoShare
	}
	after, err := revision(c, "after")
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, s.o.Model.History(after))
}

func (s *Server) tables(c echo.Context) error {
	w := wire.Tables{Epoch: s.o.Model.Epoch(), Tables: []wire.Table{}}
	for _, t := range s.o.Model.State().Tables() {
		w.Tables = append(w.Tables, t.Describe())
	}
	return sendJSON(c, http.StatusOK, w)
}

func (s *Server) table(c echo.Context) error {
	t := s.o.Model.State().Table(c.Param("table"))
	if t == nil {
		return dashboard.ErrNoTable
	}
	return sendJSON(c, http.StatusOK, t.Describe())
}

func (s *Server) sources(c echo.Context) error {
	w := wire.Sources{Epoch: s.o.Model.Epoch(), Root: s.o.Root, Sources: []wire.SourceDetail{}, Watching: s.o.Watching()}
	for _, src := range s.o.Model.State().Sources() {
		tables := src.Tables
		if tables == nil {
			tables = []string{}
		}
		w.Sources = append(w.Sources, wire.SourceDetail{
			Name: src.Name, Path: src.Path, Format: src.Format, State: src.State, Tables: tables, Bytes: src.Bytes,
			Modified: timestamp(src.Modified), Revision: src.Revision, Ms: float64(src.Took.Microseconds()/10) / 100,
			Diagnostics: counts(src), Error: src.Error, Watched: watchedHow(w.Watching, src.Path), Writing: timestamp(src.Writing),
			Partial: src.Partial, RenamedFrom: src.From, Progress: src.Progress(),
		})
	}
	return sendJSON(c, http.StatusOK, w)
}

// watchedHow finds the nearest folder above a file that says how it is watched.
func watchedHow(w wire.Watching, file string) string {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		for _, t := range w.Trees {
			if t.Path == dir {
				return t.Mode
			}
		}
		if dir == "." || dir == "/" {
			return ""
		}
	}
}

func counts(src *dashboard.Source) wire.Counts {
	return wire.Counts{Info: src.Counts.Info, Warning: src.Counts.Warning, Error: src.Counts.Error}
}

func (s *Server) diagnostics(c echo.Context) error {
	src := s.o.Model.State().Source(c.Param("source"))
	if src == nil {
		return errNoSource
	}
	w := wire.Diagnostics{Source: src.Name, Diagnostics: []wire.Diagnostic{}, Counted: counts(src)}
	for _, d := range src.Diagnostics {
		w.Diagnostics = append(w.Diagnostics, dashboard.Describe(d))
	}
	return sendJSON(c, http.StatusOK, w)
}
