//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/wire"
)

// A server counts its revisions anew in every life, so that a file which nobody saves has the same one again: it is
// announced, read and judged again nevertheless.
func TestTheSameRevisionIsHeardInEveryLife(t *testing.T) {
	f := newTruth("f.csv", "csv")
	f.begin(state{generation: firstGeneration, rows: 5, pattern: "p"})
	f.finish()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/sources") {
			_ = json.NewEncoder(w).Encode(wire.Sources{Sources: []wire.SourceDetail{{Name: "f", Path: f.path}}})
			return
		}
		w.Header().Set("Dashira-Revision", "7")
		for _, one := range readingOf(firstGeneration, 5, 5).rows {
			line, _ := json.Marshal(one)
			fmt.Fprintf(w, "%s\n", line)
		}
	}))
	defer server.Close()
	j := newJudge(server.URL+"/", []*truth{f})
	l := newListener(j)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan struct{})
	go func() { l.read(ctx); close(done) }()
	for _, epoch := range []string{"first", "second"} {
		j.rise()
		j.up()
		for _, event := range []struct {
			name string
			data any
		}{
			{wire.EventHello, wire.Hello{Epoch: epoch}},
			{wire.EventSource, wire.Source{Name: "f", State: wire.StateOK, Revision: 7, Tables: []wire.TableName{{Name: "f"}}}},
		} {
			data, err := json.Marshal(event.data)
			if err != nil {
				t.Fatal(err)
			}
			l.event(ctx, sse.Event{Type: event.name, Data: data}, time.Now())
		}
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
			f.mu.Lock()
			told := f.told
			f.mu.Unlock()
			if told == (position{firstGeneration, 5}) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("in the %s life the announcement was not read: told of was %+v", epoch, told)
			}
		}
	}
	cancel()
	<-done
	if len(j.faults) > 0 {
		t.Errorf("what is good is a fault: %s", j.faults[0].what)
	}
}
