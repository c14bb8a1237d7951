//go:build linux

package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dashira/dashira/dashboard/wire"
)

// ready waits for the tables of everything that is there at the start.
func (j *judge) ready(ctx context.Context, truths []*truth) error {
	want := 0
	for _, t := range truths {
		if len(t.states) > 0 {
			want++
		}
	}
	for range 1000 {
		var list wire.Tables
		if err := j.get(ctx, "api/v1/tables", &list); err == nil && len(list.Tables) == want {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("the server did not show all files within twenty seconds")
}

// settle waits until every file shows its last state, and returns those that do not within the bound.
func (j *judge) settle(ctx context.Context, bound time.Duration) []*truth {
	var pending []*truth
	for until := time.Now().Add(bound); ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		pending = nil
		for _, t := range j.truths {
			if s, i := t.last(); i >= 0 && !t.shows(i, s) {
				pending = append(pending, t)
			}
		}
		if len(pending) == 0 || time.Now().After(until) {
			return pending
		}
	}
	return nil
}

// shows says whether the state of index i is what is shown in this life of the server, by HTTP and by events.
func (t *truth) shows(i int, s state) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s.gone || s.rows == 0 {
		_, seen := t.seen[i]
		return seen
	}
	if t.mayWait(i) {
		return true
	}
	p := position{s.generation, s.rows}
	return t.polled == p && (t.told == p || t.missed)
}

// due faults every state that was the last for longer than its bound and was not shown, and returns how long the
// others took, by pattern, where nothing disturbed the server.
func (j *judge) due(now time.Time) (latencies map[string][]time.Duration, counts map[string]int) {
	latencies, counts = map[string][]time.Duration{}, map[string]int{}
	for _, t := range j.truths {
		for i, s := range t.states {
			if s.end.Before(j.began) { // before there was a server, or still under way
				continue
			}
			counts[s.pattern]++
			until := now
			if i+1 < len(t.states) {
				until = t.states[i+1].begun
			}
			bound, disturbed := j.bound(s)
			at, seen := t.seen[i]
			if seen && !disturbed {
				latencies[s.pattern] = append(latencies[s.pattern], max(0, at.Sub(s.end)))
			}
			if !seen && until.Sub(s.end) > bound && !t.mayWait(i) {
				j.fault(t, "%v was not shown although it was the last for %.1f s", s, until.Sub(s.end).Seconds())
			}
			if seen && at.Sub(s.end) > bound {
				j.fault(t, "%v was shown after %.1f s", s, at.Sub(s.end).Seconds())
			}
		}
	}
	return latencies, counts
}

// bound is how soon after its end a state must be shown, given what was done to the server meanwhile.
func (j *judge) bound(s state) (bound time.Duration, disturbed bool) {
	bound = s.bound + j.pressure.between(s.end, s.end.Add(s.bound))
	for _, start := range j.starts {
		if s.held && s.end.After(start) && s.end.Before(start.Add(unannounced)) {
			bound = max(bound, start.Add(unannounced).Sub(s.end))
		}
	}
	for _, d := range j.disturbances {
		if d.name != "nothing" && d.from.Before(s.end.Add(s.bound)) && d.to.After(s.begun.Add(-time.Second)) {
			bound, disturbed = max(bound, d.to.Sub(s.end)+unannounced+starting), true
		}
	}
	return bound, disturbed
}

// idle is the share of waiting below which a machine counts as idle.
const idle = 0.1

// promised is within which 95 of 100 saves are shown on an idle machine.
const promised = 250 * time.Millisecond

// responsive is within what the page has to come while the server is flooded.
const responsive = 200 * time.Millisecond

// report prints what was saved and seen, and returns the number of faults.
func (w *world) report() int {
	j := w.judge
	latencies, counts := j.due(time.Now())
	fmt.Printf("\n%-44s %7s %7s %9s %9s %9s\n", "saved by", "saves", "seen", "p50", "p95", "most")
	names := slices.Clone(growths)
	for _, p := range patterns {
		names = append(names, p.name)
	}
	names = append(append(names, foldings...), linkSwapped, flooded)
	if w.operator != nil {
		for _, p := range w.operator.all {
			if p.runs > 0 {
				names = append(names, "by "+p.program.name)
			}
		}
	}
	var all, tellable []time.Duration
	total := 0
	for _, name := range names {
		l := latencies[name]
		total += counts[name]
		all = append(all, l...)
		silent := slices.ContainsFunc(patterns, func(p pattern) bool { return p.name == name && p.silent })
		if !silent && !slices.Contains(foldings, name) && name != appendAttached {
			tellable = append(tellable, l...)
		}
		line(name, counts[name], l)
	}
	line("all", total, all)
	line("announced saves of single files", 0, tellable)
	if w.operator != nil {
		w.operator.report()
	}
	disturbed := false
	fmt.Printf("\n%-44s %7s %9s %9s %9s\n", "until all was right after", "times", "p50", "p95", "most")
	took := map[string][]time.Duration{}
	for _, d := range j.disturbances {
		disturbed = disturbed || d.name != "nothing"
		took[d.name] = append(took[d.name], d.took)
	}
	for name, l := range took {
		line(name, -1, l)
	}
	line("the page, while all this went on", -1, j.ui)
	if len(j.uiFlood) > 0 {
		line("the page, during the flood", -1, j.uiFlood)
		if at, ok := quantile(j.uiFlood, 0.95); ok && at > responsive && j.pressure.share() < idle {
			j.fault(nil, "the page took %v during the flood", at)
		}
	}
	fmt.Printf("%d tables and events read\n", j.seen)
	busy := j.pressure.share()
	fmt.Printf("for %.0f %% of the time somebody on this machine waited for a processor or the disk\n", 100*busy)
	if at, ok := quantile(tellable, 0.95); ok && !disturbed && !w.o.poll && at > promised {
		if busy < idle {
			j.fault(nil, "95 of 100 saves took %v and not %v", at, promised)
		} else {
			fmt.Printf("95 of 100 saves took %v: the machine was too busy to judge that by the %v of an idle one\n", at, promised)
		}
	}
	return j.printFaults()
}

func (j *judge) printFaults() int {
	fmt.Printf("\n%d faults\n", len(j.faults))
	for i, f := range j.faults {
		if i == 40 {
			fmt.Printf("… and %d more\n", len(j.faults)-i)
			break
		}
		if f.truth == nil {
			fmt.Printf("%s %s (%d times)\n", f.at.Format("15:04:05.000"), f.what, j.more[f.what])
			continue
		}
		fmt.Printf("%s %s: %s (%d times)\n", f.at.Format("15:04:05.000"), f.truth.path, f.what, j.more[f.truth.path+f.what])
		for _, s := range f.truth.states {
			if d := f.at.Sub(s.begun); d > -time.Second && d < 5*time.Second {
				fmt.Printf("    %v: begun %.3f s before, finished %.3f s before\n", s, d.Seconds(), f.at.Sub(s.end).Seconds())
			}
		}
	}
	for _, d := range j.disturbances {
		if len(j.faults) > 0 && d.name != "nothing" {
			fmt.Printf("%s to %s %s\n", d.from.Format("15:04:05.000"), d.to.Format("15:04:05.000"), d.name)
		}
	}
	return len(j.faults)
}

func quantile(l []time.Duration, q float64) (time.Duration, bool) {
	if len(l) == 0 {
		return 0, false
	}
	l = slices.Clone(l)
	slices.Sort(l)
	return l[int(q*float64(len(l)-1))], true
}

// line prints one row of a table; saves are left out where they are negative.
func line(name string, saves int, l []time.Duration) {
	fmt.Printf("%-44s", name)
	if saves >= 0 {
		fmt.Printf(" %7d", saves)
	}
	fmt.Printf(" %7d", len(l))
	for _, q := range []float64{0.5, 0.95, 1} {
		if d, ok := quantile(l, q); ok {
			fmt.Printf(" %6d ms", d.Milliseconds())
		}
	}
	fmt.Println()
}
