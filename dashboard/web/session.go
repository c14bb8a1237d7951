package web

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dashira/dashira/dashboard/share"
	"github.com/dashira/dashira/dashboard/wire"
)

// decode reads a JSON body and nothing else.
func decode(c echo.Context, into any) error {
	if media, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type")); err != nil || media != "application/json" {
		return errMedia
	}
	d := json.NewDecoder(c.Request().Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return err
		}
		return errBody
	}
	if d.More() {
		return errBody
	}
	return nil
}

// openSession exchanges the token of a link for a cookie. The token came in the address' fragment, which no server, no
// log and no preview sees; after this it is not needed any more.
func (s *Server) openSession(c echo.Context) error {
	now := time.Now()
	address := c.RealIP()
	if s.attempts.blocked(address, now) {
		return errTooMany
	}
	var r wire.SessionRequest
	if err := decode(c, &r); err != nil {
		return err
	}
	if value, err := s.o.Shares.RedeemLaunch(r.Token); err == nil {
		c.SetCookie(s.cookie(ownerCookie, value, "/", 0, c))
		return sendJSON(c, http.StatusOK, wire.Session{Path: "/"})
	} else if errors.Is(err, share.ErrExpired) {
		return err
	}
	password := ""
	if r.Password != nil {
		password = *r.Password
	}
	grant, err := s.o.Shares.Redeem(r.Token, password)
	if err != nil {
		// Asking for the password is not a guess; a wrong one is.
		if !errors.Is(err, share.ErrPassword) || password != "" {
			s.attempts.failed(address, now)
		}
		return err
	}
	value, err := s.o.Shares.NewSession(grant.ID)
	if err != nil {
		return err
	}
	path := "/v/" + grant.ID
	c.SetCookie(s.cookie(guestCookie(grant.ID), value, path, int(grant.Expires.Sub(now).Seconds()), c))
	return sendJSON(c, http.StatusOK, wire.Session{Share: grant.ID, Path: path + "/"})
}

// launch makes the owner a link into another browser.
func (s *Server) launch(c echo.Context) error {
	return sendJSON(c, http.StatusCreated, wire.Launch{URL: s.Reach().URLs[0] + "s#" + s.o.Shares.Launch()})
}

func (s *Server) cookie(name, value, path string, age int, c echo.Context) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: c.Request().TLS != nil,
	}
}
