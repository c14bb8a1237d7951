package web

import "net/http"

// Routes lists the routes as "GET /d/:slug"; the files of the page come under one name.
func (s *Server) Routes() []string {
	var all []string
	for _, r := range s.echo.Routes() {
		path := r.Path
		if s.assets.files[path] != nil {
			path = "/assets/:file"
		}
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodPost || r.Method == http.MethodPut ||
			r.Method == http.MethodPatch || r.Method == http.MethodDelete {
			all = append(all, r.Method+" "+path)
		}
	}
	return all
}
