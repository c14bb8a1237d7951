package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// report collects what was measured.
type report struct{ lines []line }

// line is one work: what it cost here, what it cost the peer, and what was aimed at.
type line struct {
	work, ours, peer, ratio, target string
	missed                          bool
}

// took notes a work that only has a time of its own.
func (r *report) took(work string, ours time.Duration, most time.Duration, note string) {
	l := line{work: work, ours: milliseconds(ours) + note}
	if most > 0 {
		l.target, l.missed = "at most "+milliseconds(most), ours > most
	}
	r.add(l)
}

// against notes a work that DuckDB did too; a peer of 0 is not there.
func (r *report) against(work string, ours, peer time.Duration, most float64) {
	l := line{work: work, ours: milliseconds(ours)}
	if most > 0 {
		l.target = fmt.Sprintf("at most %.1fx", most)
	}
	if peer > 0 {
		ratio := float64(ours) / float64(peer)
		l.peer, l.ratio = milliseconds(peer), fmt.Sprintf("%.2fx", ratio)
		l.missed = most > 0 && ratio > most
	}
	r.add(l)
}

// part notes a share of something, such as of a table's memory.
func (r *report) part(work, ours string, ratio, most float64) {
	l := line{work: work, ours: ours, ratio: fmt.Sprintf("%.2fx", ratio)}
	if most > 0 {
		l.target, l.missed = fmt.Sprintf("at most %.1fx", most), ratio > most
	}
	r.add(l)
}

func (r *report) add(l line) {
	r.lines = append(r.lines, l)
	fmt.Printf("  %s: %s %s %s\n", l.work, l.ours, l.peer, l.ratio)
}

// print writes the table as Markdown.
func (r *report) print(w io.Writer) {
	fmt.Fprintln(w, "\n| work | dashira | DuckDB | ratio | target |\n|---|---|---|---|---|")
	for _, l := range r.lines {
		if l.missed {
			l.target = "**missed**: " + l.target
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join([]string{l.work, l.ours, l.peer, l.ratio, l.target}, " | "))
	}
}

func milliseconds(d time.Duration) string {
	ms := float64(d) / 1e6
	switch {
	case ms < 10:
		return fmt.Sprintf("%.2f ms", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// median returns the middle of the measurements.
func median[T cmp.Ordered](list []T) T {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}
