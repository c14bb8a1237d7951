package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/watcher"
)

// once reads folders and files as serve does, until everything that is there has been read or has failed, and returns
// the state that viewers would see.
func once(ctx context.Context, o serveOptions) (*dashboard.State, error) {
	limitMemory()
	log := slog.New(slog.DiscardHandler)
	dir, err := stateDir(o)
	if err != nil {
		return nil, err
	}
	slow := newSlowLoads(nil)
	loader := ingest.NewLoader(ingest.LoaderOptions{Logger: log, Memory: memoryBudget()}, readers()...)
	events := hub.New(hub.Options{Logger: log})
	model := dashboard.New(dashboard.Options{Hub: events, Logger: log, Zone: localZone(), WeekStart: time.Monday, Names: openNames(dir).earlier()})
	watched, err := openRoots(o, loader, model, func(watcher.Notice) {})
	if err != nil {
		return nil, err
	}
	slow.model = model
	line := &pipeline{loader: loader, model: model, log: log, slow: slow, loaded: func(string, time.Duration, bool) {}}
	line.firstWritten(watched.roots)
	line.unions = newUnions(line, watched)

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, running := errgroup.WithContext(ctx)
	g.Go(func() error { return events.Run(running) })
	g.Go(func() error { return model.Run(running) })
	g.Go(func() error { return line.unions.Run(running) })
	for _, w := range watched.roots {
		g.Go(func() error { return w.Run(running, line.load(w)) })
	}
	ready := true
	for _, w := range watched.roots {
		select {
		case <-running.Done():
			ready = false
		case <-w.Ready():
		}
	}
	select {
	case <-running.Done():
		ready = false
	case <-line.unions.settled():
	}
	if ready {
		model.SetReady()
	}
	cancel()
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return nil, err
	}
	if !ready {
		return nil, context.Cause(ctx)
	}
	return model.State(), nil
}
