package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestThePageIsBornInItsTheme: the theme script runs before the state is read, so the root element says which theme
// somebody wrote.
func TestThePageIsBornInItsTheme(t *testing.T) {
	s := start(t, nil)
	s.orders(20)
	s.model.SetReady()
	root := func() string {
		t.Helper()
		r, err := http.Get(s.base + "/")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		page, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		from := strings.Index(string(page), "<html")
		if from < 0 {
			t.Fatalf("no root element in %.200s", page)
		}
		tag, _, _ := strings.Cut(string(page)[from:], ">")
		return tag
	}
	if got := root(); got != `<html lang="en"` {
		t.Errorf("without a word of it the root is %s", got)
	}
	for _, mode := range []string{"dark", "light"} {
		s.model.PrepareWritten([]byte("theme: {mode: "+mode+"}\n"), time.Time{})()
		if got := root(); got != `<html lang="en" data-mode="`+mode+`"` {
			t.Errorf("with the mode %s the root is %s", mode, got)
		}
	}
	s.model.PrepareWritten([]byte("theme: {mode: auto}\n"), time.Time{})()
	if got := root(); got != `<html lang="en"` {
		t.Errorf("with the viewer's own mode the root is %s", got)
	}
}
