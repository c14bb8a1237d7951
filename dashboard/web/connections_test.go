package web_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/web"
)

func TestConnectionsBeyondTheLimitAreClosed(t *testing.T) {
	s := start(t, func(o *web.Options) { o.MaxConnections = 3 })
	s.orders(10)
	s.model.SetReady()
	events, cancel := s.events("/api/v1/events", nil) // a stream is not counted
	defer cancel()
	s.next(events)
	http.DefaultClient.CloseIdleConnections()
	dial := func() net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	// served asks for something and keeps the connection; one that was closed gets no answer.
	served := func(c net.Conn) bool {
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		if _, err := io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			return false
		}
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		return err == nil && response.StatusCode == http.StatusOK
	}
	var held []net.Conn
	full := false
	for range 20 { // how many the client's own connections take is not known
		c := dial()
		if !served(c) {
			full = true
			break
		}
		held = append(held, c)
	}
	if !full || len(held) > 3 {
		t.Fatalf("%d connections were let in", len(held))
	}
	if len(held) == 0 {
		t.Fatal("nobody was let in")
	}
	_ = held[0].Close()
	for deadline := time.Now().Add(time.Minute); !served(dial()); { // a place is free again, once the server has noticed
		if time.Now().After(deadline) {
			t.Fatal("a place that was given back is not given out")
		}
	}
}
