//go:build linux

package main

import (
	"context"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// pressure remembers for how long somebody on this machine has waited for a processor or for the disk, as the kernel
// counts it (Documentation/accounting/psi.rst). A bound is about an idle machine: on one that others use, the time that
// was waited is added to it.
type pressure struct {
	mu     sync.Mutex // guards samples
	beats  []beat
	absent bool // the kernel does not count
}

// beat is how much had been waited in all at a moment.
type beat struct {
	at     time.Time
	waited time.Duration
}

// feel takes samples until the context ends.
func (p *pressure) feel(ctx context.Context) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		cpu, ok := waited("cpu")
		disk, okDisk := waited("io")
		p.mu.Lock()
		p.absent = !ok || !okDisk
		p.beats = append(p.beats, beat{time.Now(), cpu + disk})
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// waited reads how long some task has waited for a resource since the machine was started.
func waited(resource string) (time.Duration, bool) {
	body, err := os.ReadFile("/proc/pressure/" + resource)
	if err != nil {
		return 0, false
	}
	line, _, _ := strings.Cut(string(body), "\n")
	_, total, _ := strings.Cut(line, "total=")
	n, err := strconv.ParseInt(total, 10, 64)
	return time.Duration(n) * time.Microsecond, err == nil
}

// between is how long was waited from one moment to another.
func (p *pressure) between(from, to time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(0, p.total(to)-p.total(from))
}

// total is what had been waited by the first sample at a moment or after it. The caller holds the lock.
func (p *pressure) total(at time.Time) time.Duration {
	low, high := 0, len(p.beats)
	for low < high {
		if middle := (low + high) / 2; p.beats[middle].at.Before(at) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == len(p.beats) {
		low--
	}
	if low < 0 {
		return 0
	}
	return p.beats[low].waited
}

// share is the part of the whole time in which somebody waited.
func (p *pressure) share() float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.beats) < 2 {
		return 0
	}
	first, last := p.beats[0], p.beats[len(p.beats)-1]
	return float64(last.waited-first.waited) / float64(last.at.Sub(first.at))
}
