package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/wire"
)

// Written is the dashira.yaml of the folder.
type Written interface {
	// Read returns its text, nil where there is none.
	Read() ([]byte, error)
	// Write replaces it whole.
	Write(text []byte) error
}

var errUnwritable = errors.New("dashboards cannot be written down here")

// spec describes a dashboard to those who want to change it.
func (s *Server) spec(c echo.Context) error {
	w, err := s.o.Model.Spec(c.Param("slug"))
	if err != nil {
		return err
	}
	w.Writable = s.o.Written != nil
	return sendJSON(c, http.StatusOK, w)
}

// draft answers what a panel would show.
func (s *Server) draft(c echo.Context) error {
	var r wire.DraftRequest
	if err := decode(c, &r); err != nil {
		return err
	}
	selection, err := dashboard.ParseSelection(c.QueryParams())
	if err != nil {
		return err
	}
	w, err := s.o.Model.Draft(c.Request().Context(), c.Param("slug"), selection, r.Item)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, w)
}

func (s *Server) writeDashboard(c echo.Context) error {
	var r wire.DashboardEdit
	if err := decode(c, &r); err != nil {
		return err
	}
	return s.rewrite(c, &r)
}

// removeDashboard brings the automatic dashboard back.
func (s *Server) removeDashboard(c echo.Context) error { return s.rewrite(c, nil) }

// rewrite changes one dashboard in the dashira.yaml and puts it in force. What it shows then comes over the stream, to
// everybody, as it does when a person saves the file.
func (s *Server) rewrite(c echo.Context, edit *wire.DashboardEdit) error {
	if s.o.Written == nil {
		return errUnwritable
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	text, err := s.o.Written.Read()
	if err != nil {
		return err
	}
	if text, err = s.o.Model.Rewrite(text, c.Param("slug"), edit); err != nil {
		return err
	}
	if err := s.o.Written.Write(text); err != nil {
		s.o.Logger.Error("writing the dashira.yaml", "error", err)
		return errUnwritable
	}
	s.o.Model.PrepareWritten(text, time.Now())() // the watcher finds nothing new in it
	return c.NoContent(http.StatusNoContent)
}
