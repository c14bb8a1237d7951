package main

import (
	"bufio"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/wire"
)

// stream opens a stream of the built program.
func stream(t *testing.T, url string, header ...string) (*http.Response, *sse.Reader) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response, sse.NewReader(bufio.NewReader(response.Body), "")
}

// awaitEvent reads to the next event of a type; "" is the end of the stream.
func awaitEvent(t *testing.T, r *sse.Reader, event string) sse.Event {
	t.Helper()
	for {
		e, err := r.Next()
		if err != nil {
			if event != "" {
				t.Fatalf("no %s before %v", event, err)
			}
			return e
		}
		if e.Type == event {
			return e
		}
	}
}

func TestTheFlagsOfTheStreamReachIt(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "orders.csv"), "id,amount\n1,2.5\n")
	s := serveFolder(t, dir, "--heartbeat", "150ms", "--streams-per-address", "2", "--stream-gzip=false", "--transport", "generic", "--stream-age", "24h")
	address := s.url + "api/v1/events"
	response, first := stream(t, address, "Accept-Encoding", "gzip")
	if response.Header.Get("Content-Encoding") != "" {
		t.Error("it is compressed")
	}
	if len(response.TransferEncoding) == 0 {
		t.Error("the generic transport was asked for")
	}
	awaitEvent(t, first, wire.EventHeartbeat)
	awaitEvent(t, first, wire.EventHeartbeat)
	_, second := stream(t, address)
	awaitEvent(t, second, wire.EventSource)
	_, third := stream(t, address)
	if e := awaitEvent(t, third, wire.EventGoodbye); !strings.Contains(string(e.Data), `"overload"`) {
		t.Errorf("the third stream of an address gets %s", e.Data)
	}
	awaitEvent(t, third, "")
	if metrics, err := fetch(t.Context(), s.url+"metrics"); err != nil || !strings.Contains(metrics, "\ndashira_streams_refused_total 1\n") ||
		!strings.Contains(metrics, "\ndashira_streams 2\n") {
		t.Errorf("the metrics do not say so: %v", err)
	}

	direct := serveFolder(t, dir, "--stream-age", "1s", "--streams-per-address", "0")
	response, short := stream(t, direct.url+"api/v1/events", "Accept-Encoding", "gzip")
	if runtime.GOOS == "linux" && (len(response.TransferEncoding) > 0 || !response.Close) {
		t.Error("sockets are not written to directly")
	}
	if response.Header.Get("Content-Encoding") != "gzip" {
		t.Error("it is not compressed")
	}
	_, plain := stream(t, direct.url+"api/v1/events")
	awaitEvent(t, plain, "") // its age has come
	_ = short
}

func TestASecondSignalIsNotNeeded(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("windows has no signal that asks a program to end")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "orders.csv"), "id,amount\n1,2.5\n")
	s := serveFolder(t, dir)
	_, events := stream(t, s.url+"api/v1/tables/orders/events")
	awaitEvent(t, events, wire.EventReset)
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if e := awaitEvent(t, events, wire.EventGoodbye); !strings.Contains(string(e.Data), `"shutdown"`) {
		t.Errorf("it says %s", e.Data)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("it ends with %v\n%s", err, s.log)
	}
}
