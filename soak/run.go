//go:build unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// server is the binary under test, over one folder.
type server struct {
	o     options
	dir   string
	state string
	log   *os.File
	cmd   *exec.Cmd
	ended chan struct{}

	planned atomic.Bool // it is to end
	judge   *judge
}

func (s *server) start() error {
	s.cmd = exec.Command(s.o.binary, "serve", s.dir, "--no-open", "--port", strconv.Itoa(s.o.port), "--state-dir", s.state)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.planned.Store(false)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	cmd, ended := s.cmd, make(chan struct{})
	s.ended = ended
	go func() {
		err := cmd.Wait()
		if !s.planned.Load() {
			s.judge.fault(nil, fmt.Sprintf("the server ended by itself: %v", err))
		}
		close(ended)
	}()
	return nil
}

// end ends the server on purpose and waits until it is gone.
func (s *server) end(signal os.Signal) error {
	s.planned.Store(true)
	if err := s.cmd.Process.Signal(signal); err != nil {
		return err
	}
	<-s.ended
	return nil
}

// resources reads what the server holds: memory in MiB, descriptors, threads.
func (s *server) resources() (mib float64, descriptors, threads int) {
	body, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, 0, 0
	}
	for line := range strings.Lines(string(body)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		n, _ := strconv.Atoi(fields[1])
		switch fields[0] {
		case "VmRSS:":
			mib = float64(n) / 1024
		case "Threads:":
			threads = n
		}
	}
	if list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid)); err == nil {
		descriptors = len(list)
	}
	return mib, descriptors, threads
}

// run saves and judges, and returns the number of faults.
func run(ctx context.Context, o options) (int, error) {
	base, err := os.MkdirTemp("", "dashira-soak-")
	if err != nil {
		return 0, err
	}
	s := &server{o: o, dir: filepath.Join(base, "data"), state: filepath.Join(base, "state")}
	if err := os.Mkdir(s.dir, 0o755); err != nil {
		return 0, err
	}
	if s.log, err = os.Create(filepath.Join(base, "log")); err != nil {
		return 0, err
	}
	defer s.log.Close()
	j := &judge{base: fmt.Sprintf("http://localhost:%d/", o.port), more: map[string]int{}}
	s.judge = j
	for i := range o.files {
		format := formats[i%len(formats)]
		h := &history{path: fmt.Sprintf("file%02d.%s", i, format), format: format, seenAt: map[int]time.Time{}}
		if err := os.WriteFile(filepath.Join(s.dir, h.path), content(format, 0, 20), 0o644); err != nil {
			return 0, err
		}
		j.files = append(j.files, h)
	}
	if err := s.start(); err != nil {
		return 0, err
	}
	defer func() { _ = s.end(syscall.SIGTERM) }() // it is gone already, or it goes
	j.up()
	if err := j.ready(ctx); err != nil {
		return 0, err
	}
	before, beforeFDs, _ := s.resources()

	watching, stopWatching := context.WithCancel(ctx)
	var judging, saving sync.WaitGroup
	judging.Go(func() { j.watch(watching) })
	end := time.Now().Add(o.duration)
	var failed error
	var once sync.Once
	for i, h := range j.files {
		saving.Go(func() {
			if err := h.keepSaving(ctx, s.dir, rand.New(rand.NewPCG(o.seed, uint64(i))), end); err != nil {
				once.Do(func() { failed = err })
			}
		})
	}
	if err := s.disturb(ctx, j, end); err != nil {
		failed = err
	}
	saving.Wait()
	pending := j.settle(ctx)
	stopWatching()
	judging.Wait()
	if failed != nil {
		return 0, failed
	}
	after, afterFDs, threads := s.resources()
	fmt.Printf("memory %.0f MiB, then %.0f; descriptors %d, then %d; %d threads\n", before, after, beforeFDs, afterFDs, threads)
	for _, h := range pending {
		j.fault(h, "the last save never came")
	}
	faults := j.report()
	if faults > 0 {
		fmt.Println("the files and the server's log are in", base)
		return faults, nil
	}
	return 0, os.RemoveAll(base)
}

// keepSaving saves one file by random patterns until the end.
func (h *history) keepSaving(ctx context.Context, dir string, r *rand.Rand, end time.Time) error {
	path := filepath.Join(dir, h.path)
	for generation := 1; time.Now().Before(end) && ctx.Err() == nil; generation++ {
		rows := []int{5, 50, 400, 2000}[r.IntN(4)]
		body := content(h.format, generation, rows)
		p := patterns[r.IntN(len(patterns))]
		h.mu.Lock()
		h.saves = append(h.saves, saved{generation: generation, rows: rows, pattern: p.name, begun: time.Now()})
		h.mu.Unlock()
		if err := p.save(r, path, body); err != nil {
			return fmt.Errorf("%s, %s: %w", h.path, p.name, err)
		}
		h.mu.Lock()
		h.saves[len(h.saves)-1].end = time.Now()
		h.mu.Unlock()
		pause(r, 1600*time.Millisecond)
	}
	return nil
}

// disturb stops and kills the server in turn, as the options say.
func (s *server) disturb(ctx context.Context, j *judge, end time.Time) error {
	for turn := 0; time.Until(end) > 10*time.Second && ctx.Err() == nil; turn++ {
		select {
		case <-ctx.Done():
		case <-time.After(6 * time.Second):
		}
		switch {
		case s.o.kill && (turn%2 == 1 || !s.o.stop):
			j.down()
			if err := s.end(syscall.SIGKILL); err != nil {
				return err
			}
			if err := s.start(); err != nil {
				return err
			}
			j.up()
		case s.o.stop:
			if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
				return err
			}
			time.Sleep(1500 * time.Millisecond)
			if err := s.cmd.Process.Signal(syscall.SIGCONT); err != nil {
				return err
			}
		}
	}
	return nil
}

// down and up tell the judge that the server went on purpose, and that it is back with a memory of its own.
func (j *judge) down() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.alive = time.Time{}
}

func (j *judge) up() {
	for _, h := range j.files {
		h.mu.Lock()
		h.seen = 0
		h.mu.Unlock()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.alive = time.Now()
}

func (j *judge) ready(ctx context.Context) error {
	for range 500 {
		if names, err := j.tables(ctx); err == nil && len(names) == len(j.files) {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("the server did not show all files within ten seconds")
}

// settling is how long after the last save the last states may take: what has no event is found by comparing.
const settling = 20 * time.Second

// settle waits until every file shows its last save, and returns those that do not.
func (j *judge) settle(ctx context.Context) []*history {
	var pending []*history
	for end := time.Now().Add(settling); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		pending = nil
		for _, h := range j.files {
			h.mu.Lock()
			if n := len(h.saves); n > 0 && h.seen != h.saves[n-1].generation {
				pending = append(pending, h)
			}
			h.mu.Unlock()
		}
		if len(pending) == 0 {
			break
		}
	}
	return pending
}

// report prints what was saved and seen, and returns the number of faults.
func (j *judge) report() int {
	count := map[string]int{}
	total := 0
	latencies := map[string][]time.Duration{}
	for _, h := range j.files {
		for _, s := range h.saves {
			count[s.pattern]++
			total++
			if at, ok := h.seenAt[s.generation]; ok {
				// The rows of a rename are there before the program that renamed has noticed.
				latencies[s.pattern] = append(latencies[s.pattern], max(0, at.Sub(s.end)))
			}
		}
	}
	fmt.Printf("%-44s %7s %7s %9s %9s %9s\n", "saved by", "saves", "seen", "p50", "p95", "most")
	var all []time.Duration
	for _, p := range patterns {
		l := latencies[p.name]
		all = append(all, l...)
		line(p.name, count[p.name], l)
	}
	line("all", total, all)
	fmt.Printf("%d faults\n", len(j.faults))
	for i, f := range j.faults {
		if i == 20 {
			fmt.Printf("… and %d more\n", len(j.faults)-i)
			break
		}
		if f.file == nil {
			fmt.Printf("%s %s (%d times)\n", f.at.Format("15:04:05.000"), f.what, j.more[f.what])
			continue
		}
		fmt.Printf("%s %s: %s (%d times)\n", f.at.Format("15:04:05.000"), f.file.path, f.what, j.more[f.file.path+f.what])
		for _, s := range f.file.saves {
			if d := f.at.Sub(s.begun); d > -time.Second && d < 4*time.Second {
				fmt.Printf("    generation %d, %d rows, %s: begun %.3f s before, finished %.3f s before\n", s.generation, s.rows, s.pattern, d.Seconds(), f.at.Sub(s.end).Seconds())
			}
		}
	}
	return len(j.faults)
}

func line(name string, saves int, l []time.Duration) {
	if len(l) == 0 {
		fmt.Printf("%-44s %7d %7d\n", name, saves, 0)
		return
	}
	sort.Slice(l, func(a, b int) bool { return l[a] < l[b] })
	at := func(q float64) string { return fmt.Sprintf("%d ms", l[int(q*float64(len(l)-1))].Milliseconds()) }
	fmt.Printf("%-44s %7d %7d %9s %9s %9s\n", name, saves, len(l), at(0.5), at(0.95), at(1))
}
