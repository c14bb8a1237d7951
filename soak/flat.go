//go:build linux

package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// sample is what the server held at a moment of its life.
type sample struct {
	at time.Time
	resources
}

// measure takes samples until the context ends; a life is a run of them.
func (w *world) measure(ctx context.Context) {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	pid := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !w.judge.settled() {
			continue
		}
		metrics, _, err := w.judge.read(ctx, "metrics")
		if err != nil {
			metrics = nil
		}
		r, ok := w.server.resources(string(metrics))
		if !ok {
			continue
		}
		if now := w.server.cmd.Process.Pid; now != pid {
			pid = now
			w.lives = append(w.lives, nil)
		}
		life := &w.lives[len(w.lives)-1]
		*life = append(*life, sample{time.Now(), r})
	}
}

// quantity is one of the resources, and how much more of it the last third of a life may have than the third before.
type quantity struct {
	name  string
	of    func(resources) float64
	share float64 // of what there was
	plus  float64
	least int // samples that a life must have to be judged by it
}

// Memory breathes with the collector, and fills its bounded history first; the others only with connections that are
// open at the moment of the sample.
var quantities = []quantity{
	{"memory, MiB", func(r resources) float64 { return r.mib }, 0.10, 16, 150},
	{"descriptors", func(r resources) float64 { return float64(r.descriptors) }, 0, 4, 30},
	{"watches", func(r resources) float64 { return float64(r.watches) }, 0, 4, 30},
	{"goroutines", func(r resources) float64 { return float64(r.goroutines) }, 0, 12, 30},
	{"threads", func(r resources) float64 { return float64(r.threads) }, 0, 4, 30},
}

// flat prints how the resources went in the longest life, and faults what grew.
func (w *world) flat() {
	var life []sample
	for _, l := range w.lives {
		if len(l) > len(life) {
			life = l
		}
	}
	if len(life) < 3 {
		return
	}
	span := life[len(life)-1].at.Sub(life[0].at).Round(time.Second)
	fmt.Printf("\n%-44s %9s %9s %9s   (medians of the thirds of a life of %v)\n", "the server holds", "first", "middle", "last", span)
	third := len(life) / 3
	for _, q := range quantities {
		a, b, c := median(life[:third], q.of), median(life[third:2*third], q.of), median(life[2*third:], q.of)
		if c == 0 {
			fmt.Printf("%-44s the server does not tell\n", q.name)
			continue
		}
		fmt.Printf("%-44s %9.0f %9.0f %9.0f\n", q.name, a, b, c)
		if len(life) >= q.least && c > b*(1+q.share)+q.plus {
			w.judge.fault(nil, "%s grew from %.0f to %.0f", q.name, b, c)
		}
	}
}

func median(life []sample, of func(resources) float64) float64 {
	all := make([]float64, len(life))
	for i, s := range life {
		all[i] = of(s.resources)
	}
	slices.Sort(all)
	return all[len(all)/2]
}
