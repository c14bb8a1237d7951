package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestTailComesBackWhereItWas(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("Last-Event-ID"))
		w.Header().Set("Content-Type", "text/event-stream")
		if len(asked) == 1 {
			fmt.Fprint(w, "event: hello\ndata: {}\n\nevent: source\nid: e-1\ndata: {\"name\":\"orders\"}\n\nevent: source\nid: e-2\ndata: {\"na")
			return // in the middle of an event
		}
		fmt.Fprint(w, "event: source\nid: e-2\ndata: {\"name\":\"stock\"}\n\nevent: goodbye\ndata: {\"reason\":\"revoked\",\"retry\":0}\n\n")
	}))
	defer server.Close()
	out, err := command(t, "tail", server.URL, "--json")
	if !errors.Is(err, errEnded) {
		t.Errorf("it ended with %v", err)
	}
	want := `{"event":"hello","data":{}}
{"event":"source","id":"e-1","data":{"name":"orders"}}
{"event":"source","id":"e-2","data":{"name":"stock"}}
{"event":"goodbye","id":"e-2","data":{"reason":"revoked","retry":0}}
`
	if out != want {
		t.Errorf("printed\n%s", out)
	}
	if len(asked) != 2 || asked[0] != "" || asked[1] != "e-1" {
		t.Errorf("asked with %q", asked)
	}
}

func TestTailSaysWhyItCannotFollow(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	if _, err := command(t, "tail", server.URL); err == nil {
		t.Error("a server that is not dashira's is followed")
	}
}
