//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/dashira/dashira/dashboard/hub/sse"
)

// world is the folder, everybody who changes it, and the server that shows it.
type world struct {
	o          options
	dir, aside string
	server     *server
	judge      *judge
	flooded    []*saver
	operator   *operator  // nil: none
	lives      [][]sample // of the server, the sampler's own

	mu sync.RWMutex // read by whoever changes a file, written by whoever wants the world to stand still
}

// step runs one change to its end, when the world is not at rest.
func (w *world) step(do func() error) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return do()
}

// runner changes files until the end.
type runner interface {
	run(ctx context.Context, w *world, end time.Time) error
}

// run saves and judges, and returns the number of faults.
func run(ctx context.Context, o options) (int, error) {
	base, err := os.MkdirTemp("", "dashira-soak-")
	if err != nil {
		return 0, err
	}
	w := &world{o: o, dir: filepath.Join(base, "data"), aside: filepath.Join(base, "aside")}
	if err := steps(mkdir(w.dir), mkdir(w.aside)); err != nil {
		return 0, err
	}
	log, err := os.Create(filepath.Join(base, "log"))
	if err != nil {
		return 0, err
	}
	defer log.Close()
	stateDir := filepath.Join(base, "state")
	if o.user >= 0 {
		if err := steps(func() error { return os.Chmod(base, 0o755) }, mkdir(stateDir), func() error { return os.Chown(stateDir, o.user, o.user) }); err != nil {
			return 0, err
		}
	}
	runners, truths, err := w.people()
	if err != nil {
		return 0, err
	}
	w.judge = newJudge(fmt.Sprintf("http://localhost:%d/", o.port), truths)
	w.server = &server{o: o, dir: w.dir, state: stateDir, log: log,
		fault: func(what string) { w.judge.fault(nil, "%s", what) }}
	w.judge.rise()
	if err := w.server.start(); err != nil {
		return 0, err
	}
	defer func() { _ = w.server.end(syscall.SIGTERM) }() // it is gone already, or it goes
	w.judge.up()
	if err := w.judge.ready(ctx, truths); err != nil {
		return 0, err
	}
	if err := w.live(ctx, runners); err != nil {
		return 0, err
	}
	w.flat()
	faults := w.report()
	if faults > 0 || o.keep {
		fmt.Println("the files and the server's log are in", base)
		return faults, nil
	}
	return 0, os.RemoveAll(base)
}

// people makes the files that are there from the start, and everybody who is going to change them.
func (w *world) people() ([]runner, []*truth, error) {
	var all []runner
	var truths []*truth
	random := func(n int) *rand.Rand { return rand.New(rand.NewPCG(w.o.seed, uint64(n))) }
	for i := range w.o.files {
		format, dir := formats[i%len(formats)], ""
		if i%3 == 2 {
			dir = "below/"
		}
		s := newSaver(w.dir, w.aside, fmt.Sprintf("%sfile%02d.%s", dir, i, format), format, random(i))
		truths, all = append(truths, s.truth), append(all, s)
		if err := mkdir(s.dir())(); err != nil {
			return nil, nil, err
		}
		if err := s.first(); err != nil {
			return nil, nil, err
		}
	}
	for i, format := range []string{"csv", "ndjson", "csv", "ndjson"} {
		l := growing(w.dir, w.aside, fmt.Sprintf("log%d.%s", i, format), format, random(100+i))
		truths, all = append(truths, l.truth), append(all, l)
		if err := l.fresh(rewritten, 5); err != nil {
			return nil, nil, err
		}
		l.finish()
	}
	for i := range 2 {
		m := newMover(w.dir, w.aside, fmt.Sprintf("folder%d", i), []string{"a.csv", "b.json", "c.xlsx"}, random(200+i))
		truths, all = append(truths, m.truths()...), append(all, m)
	}
	k := newSwapper(w.dir, "configmap", random(300))
	if err := k.swap(firstGeneration); err != nil {
		return nil, nil, err
	}
	if w.o.programs {
		w.operator = newOperator(w.dir, w.aside, w.o.seed)
		if err := mkdir(filepath.Join(w.dir, "programs"))(); err != nil {
			return nil, nil, err
		}
		for _, p := range w.operator.all {
			if err := p.first(); err != nil {
				return nil, nil, err
			}
			truths = append(truths, p.truth)
		}
		all = append(all, w.operator)
	}
	w.flooded = w.floods()
	for _, s := range w.flooded {
		truths = append(truths, s.truth)
	}
	return append(all, k), append(truths, k.truth), nil
}

// live lets everybody save and be judged until the time is over and everything is at rest.
func (w *world) live(ctx context.Context, runners []runner) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	var judging, saving sync.WaitGroup
	judging.Go(func() { w.judge.watch(watching) })
	judging.Go(func() { w.measure(watching) })
	judging.Go(func() { w.judge.pressure.feel(watching) })
	l := newListener(w.judge)
	judging.Go(func() { l.read(watching) })
	sources := &follower{judge: w.judge, path: "api/v1/events", r: rand.New(rand.NewPCG(w.o.seed, 400))}
	sources.handle = func(e sse.Event, at time.Time) { l.event(watching, e, at) }
	judging.Go(func() { sources.run(watching) })
	pictures, err := w.pictures(watching, &judging)
	if err != nil {
		return err
	}

	end := time.Now().Add(w.o.duration)
	failed := make([]error, len(runners)+1)
	for i, r := range runners {
		saving.Go(func() { failed[i] = r.run(ctx, w, end) })
	}
	failed[len(runners)] = w.disturb(ctx, end)
	saving.Wait()
	for _, t := range w.judge.settle(ctx, unannounced+starting) {
		s, _ := t.last()
		w.judge.fault(t, "the last state never came: %v; %s", s, t.shown())
	}
	for _, p := range pictures {
		p.compare(ctx)
	}
	if w.o.flood > 0 {
		failed = append(failed, w.flood(ctx, w.flooded))
	}
	stop()
	judging.Wait()
	return errors.Join(failed...)
}

// pictures follows the dashboards of some of the files that are always there.
func (w *world) pictures(ctx context.Context, judging *sync.WaitGroup) ([]*picture, error) {
	var list struct {
		Dashboards []struct{ Slug, Table string }
	}
	if err := w.judge.get(ctx, "api/v1/dashboards", &list); err != nil {
		return nil, err
	}
	var all []*picture
	for i, d := range list.Dashboards {
		if len(all) == 6 || len(d.Table) < 3 || d.Table[:3] != "fil" && d.Table[:3] != "log" {
			continue
		}
		p := newPicture(w.judge, d.Slug)
		f := &follower{judge: w.judge, path: "api/v1/dashboards/" + d.Slug + "/events", r: rand.New(rand.NewPCG(w.o.seed, uint64(500+i))), handle: p.event}
		judging.Go(func() { f.run(ctx) })
		all = append(all, p)
	}
	return all, nil
}

// newSaver makes the saver of one file.
func newSaver(dir, aside, path, format string, r *rand.Rand) *saver {
	return &saver{truth: newTruth(path, format), r: r, file: filepath.Join(dir, path), aside: aside}
}

// first saves the first generation.
func (s *saver) first() error {
	s.begin(state{generation: firstGeneration, rows: 20, pattern: "at the start"})
	defer s.finish()
	return write(s.file, content(s.format, firstGeneration, 20))()
}

// run saves one file by random patterns until the end.
func (s *saver) run(ctx context.Context, w *world, end time.Time) error {
	n := 20
	for generation := firstGeneration + 1; time.Now().Before(end) && ctx.Err() == nil; generation++ {
		p := patterns[s.r.IntN(len(patterns))]
		if p.silent && s.r.IntN(3) > 0 {
			p = patterns[0]
		}
		if !p.length {
			n = []int{5, 50, 400, 2000}[s.r.IntN(4)]
		}
		if err := w.step(func() error { return s.one(p, generation, n) }); err != nil {
			return fmt.Errorf("%s, %s: %w", s.path, p.name, err)
		}
		// Now and then for long enough that the save has to be seen.
		rest := 1600 * time.Millisecond
		if s.r.IntN(8) == 0 {
			rest = 6 * time.Second
		}
		s.pause(rest)
	}
	return nil
}

// one saves one generation.
func (s *saver) one(p pattern, generation, n int) error {
	body := content(s.format, generation, n)
	before := state{generation: generation, rows: n, pattern: p.name}
	if p.silent {
		before.bound = unannounced
	}
	s.begin(before)
	defer s.finish()
	return p.save(s, body)
}
