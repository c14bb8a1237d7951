//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/dashira/dashira/dashboard/wire"
)

// disturb does what the options ask for, one thing after the other, and after each lets everyone rest until all is
// right again.
func (w *world) disturb(ctx context.Context, end time.Time) error {
	all := []struct {
		on   bool
		name string
		do   func() error
	}{
		{true, "nothing", func() error { return nil }},
		{w.o.stop, "stopped for a while", w.stop},
		{w.o.kill, "killed, started again", w.kill},
		{w.o.storm, "queue of events overflowed", w.storm},
		{w.o.move, "folder renamed, returned", w.moveRoot},
	}
	for turn := 0; ctx.Err() == nil; turn++ {
		d := all[turn%len(all)]
		if !d.on {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(6 * time.Second):
		}
		if time.Until(end) < 5*time.Second {
			return nil
		}
		from := time.Now()
		if err := d.do(); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		to := time.Now()
		if d.name == "nothing" {
			from = to
		}
		w.judge.mu.Lock()
		w.judge.disturbances = append(w.judge.disturbances, disturbance{name: d.name, from: from, to: to})
		i := len(w.judge.disturbances) - 1
		w.judge.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
		w.rest(ctx, i)
	}
	return nil
}

// rest keeps everyone from saving until everything that was saved is shown, or the bound is over.
func (w *world) rest(ctx context.Context, disturbance int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	begun := time.Now()
	pending := w.judge.settle(ctx, unannounced+starting)
	for _, t := range pending {
		s, _ := t.last()
		w.judge.fault(t, "while everybody rested the last state was not shown: %v; %s", s, t.shown())
	}
	w.judge.mu.Lock()
	defer w.judge.mu.Unlock()
	w.judge.disturbances[disturbance].took = time.Since(begun)
}

func (w *world) stop() error {
	if err := w.server.signal(syscall.SIGSTOP); err != nil {
		return err
	}
	time.Sleep(1500 * time.Millisecond)
	return w.server.signal(syscall.SIGCONT)
}

func (w *world) kill() error {
	w.judge.down()
	if err := w.server.end(syscall.SIGKILL); err != nil {
		return err
	}
	time.Sleep(100 * time.Millisecond)
	w.judge.rise()
	if err := w.server.start(); err != nil {
		return err
	}
	w.judge.up()
	return nil
}

// queueLength is how many events the kernel keeps for one program.
func queueLength() int {
	body, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	if err != nil {
		return 16384
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(body)))
	if err != nil {
		return 16384
	}
	return n
}

// storm makes more events than fit into the kernel's queue while the server is stopped; savers save on, and nobody will
// be told of what they did. The events are those of a name that is no data.
func (w *world) storm() error {
	before, err := w.overflows()
	if err != nil {
		return err
	}
	if err := w.server.signal(syscall.SIGSTOP); err != nil {
		return err
	}
	scratch := []string{filepath.Join(w.dir, ".storm-1"), filepath.Join(w.dir, ".storm-2")}
	for i := range queueLength() + 1000 { // two alike in a row are told as one
		f, err := os.OpenFile(scratch[i%2], os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if err != nil {
			return err
		}
		if _, err := f.Write([]byte("x")); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	time.Sleep(2 * time.Second)
	if err := w.server.signal(syscall.SIGCONT); err != nil {
		return err
	}
	for range 1000 { // the word of it comes after all that the queue did hold
		if after, err := w.overflows(); err != nil {
			return err
		} else if after > before {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !w.o.poll {
		w.judge.fault(nil, "the queue of events was overflowed, and the server does not say so")
	}
	return nil
}

// overflows is how often the server says that events were lost.
func (w *world) overflows() (int, error) {
	var list wire.Sources
	err := w.judge.get(context.Background(), "api/v1/sources", &list)
	return list.Watching.Overflows, err
}

// moveRoot takes the whole folder away for a moment, and brings it back.
func (w *world) moveRoot() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	away := w.dir + "-away"
	if err := os.Rename(w.dir, away); err != nil {
		return err
	}
	time.Sleep(2500 * time.Millisecond)
	return os.Rename(away, w.dir)
}
