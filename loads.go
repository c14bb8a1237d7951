package main

import (
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard"
)

// slowLoads tells of loads that take so long that somebody wonders: the page that a source is being read and how far it
// is, the terminal, at the start, with a bar. A nil one tells nobody.
type slowLoads struct {
	model *dashboard.Model
	bar   *bar // nil: no terminal

	mu    sync.Mutex // guards what follows
	loads map[string]*slowLoad
}

// slowLoad is one load under way.
type slowLoad struct {
	told  bool // the page knows that it is under way
	last  time.Time
	bytes int64
	total int64
}

const (
	// slowAfter is how long a load may take before the page is told that one is under way.
	slowAfter = 300 * time.Millisecond
	// tellEvery is how often the page is told how far it is.
	tellEvery = 250 * time.Millisecond
)

func newSlowLoads(b *bar) *slowLoads {
	return &slowLoads{bar: b, loads: map[string]*slowLoad{}}
}

// begin notes that a file's load begins; end must be called before its result is published.
func (s *slowLoads) begin(path string) (end func()) {
	if s == nil {
		return func() {}
	}
	load := &slowLoad{}
	s.mu.Lock()
	s.loads[path] = load
	s.mu.Unlock()
	page := time.AfterFunc(slowAfter, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.loads[path] == load {
			load.told = true
			s.model.Reading(path, "")
		}
	})
	// What follows the reading, comparing and choosing charts, tells nothing: the bar is drawn for it all the same.
	shown := time.AfterFunc(patience, func() {
		s.mu.Lock()
		bytes, total := load.bytes, load.total
		here := s.loads[path] == load
		s.mu.Unlock()
		if here && total > 0 {
			s.bar.tell(path, bytes, total)
		}
	})
	return func() {
		page.Stop()
		shown.Stop()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.loads, path)
	}
}

// tell is the loader's progress.
func (s *slowLoads) tell(path string, bytes, total int64) {
	s.bar.tell(path, bytes, total)
	s.mu.Lock()
	defer s.mu.Unlock()
	load := s.loads[path]
	if load == nil || bytes < load.bytes {
		return
	}
	load.bytes, load.total = bytes, total
	if now := time.Now(); load.told && (bytes == total || now.Sub(load.last) >= tellEvery) {
		load.last = now
		s.model.Progress(path, bytes, total)
	}
}
