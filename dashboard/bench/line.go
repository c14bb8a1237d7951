package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/csv"
	"github.com/dashira/dashira/table"
)

// pipe is the whole line of serve but the watcher: a loader, a model, and one viewer of one dashboard.
type pipe struct {
	loader *ingest.Loader
	model  *dashboard.Model
	hub    *hub.Hub
	path   string
	events *sse.Reader
	panels int
	close  []func()
}

// phases is where the time of a change went.
type phases struct {
	read, compare, publish, all time.Duration
	least                       *phases // of several: each the least, which a busy machine disturbs less than the median
}

func newPipe(ctx context.Context) *pipe {
	ctx, cancel := context.WithCancel(ctx)
	p := &pipe{loader: ingest.NewLoader(ingest.LoaderOptions{}, csv.New()), hub: hub.New(hub.Options{BatchInterval: -1})}
	p.model = dashboard.New(dashboard.Options{Hub: p.hub, MemoBytes: 2 << 30})
	done := make(chan struct{}, 2)
	go func() { _ = p.hub.Run(ctx); done <- struct{}{} }()
	go func() { _ = p.model.Run(ctx); done <- struct{}{} }()
	p.close = append(p.close, func() { cancel(); <-done; <-done })
	return p
}

// Close ends everything, the last begun first.
func (p *pipe) Close() {
	for i := len(p.close) - 1; i >= 0; i-- {
		p.close[i]()
	}
}

// load reads the file as it is now.
func (p *pipe) load(ctx context.Context) (*ingest.Load, error) {
	f, err := os.Open(p.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	load, err := p.loader.Load(ctx, filepath.Base(p.path), f, info.Size(), ingest.Options{})
	if err == nil && load.Damage != nil {
		err = load.Damage
	}
	return load, err
}

// beside loads a file here and into DuckDB, which the caller closes.
func (p *pipe) beside(ctx context.Context, c config, path string) (*ingest.Load, *peer, error) {
	p.path = path
	load, err := p.load(ctx)
	if err != nil {
		return nil, nil, err
	}
	duck, err := openPeer(ctx, c, path)
	return load, duck, err
}

// serve loads a file and opens its dashboard for one viewer.
func (p *pipe) serve(ctx context.Context, path string) error {
	p.path = path
	load, err := p.load(ctx)
	if err != nil {
		return err
	}
	p.model.Prepare(load, false)()
	p.loader.Trust(load)
	d := p.model.State().Dashboards()[0]
	for _, row := range d.Rows {
		for _, panel := range row.Panels {
			p.panels += 1 + len(panel.Tabs)
		}
	}
	selection, err := dashboard.ParseSelection(url.Values{})
	if err != nil {
		return err
	}
	stream, err := p.model.Open(ctx, dashboard.Scope{}, d.Slug, selection)
	if err != nil {
		return err
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = stream.Log().Serve(w, r, hub.Stream{Snapshot: func(context.Context) ([]hub.Encoded, uint64, error) {
			data, at, err := stream.Snapshot()
			return []hub.Encoded{{Event: wire.EventSnapshot, Data: data}}, at, err
		}})
	}))
	ctx, cancel := context.WithCancel(ctx)
	p.close = append(p.close, server.Close, stream.Close, cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	p.close = append(p.close, func() { response.Body.Close() })
	p.events = sse.NewReader(response.Body, "")
	return p.until(wire.EventSnapshot, nil)
}

// until reads events up to one of a kind that the test accepts.
func (p *pipe) until(event string, accept func([]byte) bool) error {
	for {
		e, err := p.events.Next()
		if err != nil {
			return fmt.Errorf("wait for %s: %w", event, err)
		}
		if e.Type == event && (accept == nil || accept(e.Data)) {
			return nil
		}
	}
}

// change runs the line for a file that was changed, until the viewer has the event that ends the round of patches.
func (p *pipe) change(ctx context.Context) (phases, error) {
	var t phases
	started := time.Now()
	load, err := p.load(ctx)
	if err != nil {
		return t, err
	}
	t.read = time.Since(started)
	publish := p.model.Prepare(load, false)
	t.compare = time.Since(started) - t.read
	publish()
	revision := p.model.State().Revision
	err = p.until(wire.EventSource, func(data []byte) bool {
		var s wire.Source
		return json.Unmarshal(data, &s) == nil && s.Revision == revision && s.State == wire.StateOK
	})
	t.all = time.Since(started)
	t.publish = t.all - t.read - t.compare
	p.loader.Trust(load)
	// The next change shall find the stream at rest: patches go out at most twenty times a second.
	time.Sleep(100 * time.Millisecond)
	return t, err
}

// data is the table as it is.
func (p *pipe) data() *table.Table { return p.model.State().Tables()[0].Data }

// medians returns the middle of each phase, and the least.
func medians(all []phases) phases {
	m := pick(all, median[time.Duration])
	least := pick(all, slices.Min[[]time.Duration])
	m.least = &least
	return m
}

// pick chooses one of the measurements of each phase.
func pick(all []phases, choose func([]time.Duration) time.Duration) phases {
	of := func(f func(phases) time.Duration) time.Duration {
		var list []time.Duration
		for _, p := range all {
			list = append(list, f(p))
		}
		return choose(list)
	}
	return phases{
		read: of(func(p phases) time.Duration { return p.read }), compare: of(func(p phases) time.Duration { return p.compare }),
		publish: of(func(p phases) time.Duration { return p.publish }), all: of(func(p phases) time.Duration { return p.all }),
	}
}

func (t phases) String() string {
	text := fmt.Sprintf("read %s, compare %s, patches %s", milliseconds(t.read), milliseconds(t.compare), milliseconds(t.publish))
	if t.least == nil {
		return text
	}
	return fmt.Sprintf(" (%s; least %s: %s)", text, milliseconds(t.least.all), t.least)
}
