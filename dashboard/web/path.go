package web

import (
	"net/url"
	"strings"
)

// plainPath says whether a path is written in its one plain spelling. No route of this server needs another, and every
// trick to get past a check by path needs one: empty and dotted segments, backslashes, NULs, encoded slashes.
func plainPath(u *url.URL) bool {
	if strings.ContainsAny(u.Path, "\\\x00\r\n") || !strings.HasPrefix(u.Path, "/") {
		return false
	}
	raw := strings.ToLower(u.EscapedPath())
	for _, code := range []string{"%2f", "%5c", "%00", "%2e"} {
		if strings.Contains(raw, code) {
			return false
		}
	}
	rest := strings.TrimSuffix(u.Path[1:], "/")
	if rest == "" {
		return u.Path == "/"
	}
	for _, segment := range strings.Split(rest, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return false
		}
	}
	return true
}
