package web

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/zeebo/xxh3"

	"github.com/dashira/dashira/dashboard/wire"
)

// assets are the files of the built page, by the exact path under which each is served. There is no other way in.
type assets struct {
	files map[string]*file
	index []byte
}

type file struct {
	kind      string // content type
	plain     []byte
	gzip      []byte // nil: not worth it
	brotli    []byte
	etag      string
	immutable bool // its name holds a hash of its content
}

// bootMark is where the page's first state goes in index.html.
const bootMark = `<script type="application/json" id="boot">`

// rootMark is how index.html begins its root element, and modeMark how it does where somebody wrote light or dark.
const (
	rootMark = `<html lang="en"`
	modeMark = `<html lang="en" data-mode="%s"`
)

func readAssets(dist fs.FS) (*assets, error) {
	a := &assets{files: map[string]*file{}}
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		ext := path.Ext(name)
		switch {
		case name == "index.html":
			a.index = body
			return nil
		case ext == ".gz" || ext == ".br" || strings.HasPrefix(path.Base(name), "."):
			return nil
		}
		f := &file{kind: contentType(ext), plain: body, immutable: strings.HasPrefix(name, "assets/")}
		sum := xxh3.Hash128(body).Bytes()
		f.etag = `"` + hex.EncodeToString(sum[:8]) + `"`
		if gz, err := fs.ReadFile(dist, name+".gz"); err == nil {
			f.gzip = gz
		}
		if br, err := fs.ReadFile(dist, name+".br"); err == nil {
			f.brotli = br
		}
		a.files["/"+name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	if !bytes.Contains(a.index, []byte(bootMark)) || !bytes.Contains(a.index, []byte(rootMark)) {
		return nil, fmt.Errorf("read the page: index.html has no place for the first state; was the page built?")
	}
	return a, nil
}

func contentType(ext string) string {
	switch ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	if kind := mime.TypeByExtension(ext); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func isAsset(c echo.Context) bool {
	return strings.HasPrefix(c.Path(), "/assets/") || path.Ext(c.Path()) != ""
}

// asset serves one file of the page.
func (s *Server) asset(c echo.Context) error {
	f := s.assets.files[c.Path()]
	h := c.Response().Header()
	h.Set("ETag", f.etag)
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if f.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if c.Request().Header.Get("If-None-Match") == f.etag {
		return c.NoContent(http.StatusNotModified)
	}
	body := f.plain
	accepted := c.Request().Header.Get("Accept-Encoding")
	switch {
	case f.brotli != nil && strings.Contains(accepted, "br"):
		h.Set("Content-Encoding", "br")
		body = f.brotli
	case f.gzip != nil && strings.Contains(accepted, "gzip"):
		h.Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	return c.Blob(http.StatusOK, f.kind, body)
}

// sendPage writes index.html with its first state inside, so that the first paint waits for nothing.
func (s *Server) sendPage(c echo.Context, status int, boot wire.Boot) error {
	state, err := json.Marshal(boot) // escapes <, > and &, so the data cannot end its element
	if err != nil {
		return fmt.Errorf("encode the page's first state: %w", err)
	}
	at := bytes.Index(s.assets.index, []byte(bootMark)) + len(bootMark)
	rest := s.assets.index[at:]
	rest = rest[bytes.Index(rest, []byte("</script>")):]
	page := make([]byte, 0, len(s.assets.index)+len(state)+len(rootMark)+len(modeMark))
	page = append(append(append(page, s.assets.index[:at]...), state...), rest...)
	if snap := boot.Snapshot; snap != nil && snap.Look != nil && snap.Look.Mode != "" {
		// The theme is chosen before anything is painted, and before the state is read.
		page = bytes.Replace(page, []byte(rootMark), fmt.Appendf(nil, modeMark, snap.Look.Mode), 1)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.HTMLBlob(status, page)
}
