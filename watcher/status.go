package watcher

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"sync"
	"time"
)

// Status is what is watched and how, at one moment. It is a copy: nobody changes it any more.
type Status struct {
	Root      string
	Lost      string // why the root cannot be reached, or empty
	Files     int    // sources known
	Dirs      int    // directories watched
	Subtrees  []Subtree
	Writing   []Writing // files that somebody is writing
	Skipped   []SkippedItem
	More      int      // skipped and not listed
	Limits    []string // limits that are reached, as sentences
	Overflows int      // times that the system lost events
	LastScan  time.Time
	ScanTook  time.Duration
}

// Subtree is a directory from which on everything below, up to the next Subtree, is watched in one way.
type Subtree struct {
	Path   string
	Poll   bool   // compared every interval; otherwise by events and a comparison now and then
	Reason string // why not by events
	Dirs   int
}

// Writing is a file that somebody has open for writing.
type Writing struct {
	Path  string
	Since time.Time
	Stale bool // for so long that what is shown is worth a doubt
}

// SkippedItem is something that is no source although its name looks like one.
type SkippedItem struct{ Path, Reason string }

const (
	statusMost  = 1000      // of each list of a Status
	refusedMost = 1_000_000 // sources beyond the limit that are still counted
)

// skips remembers what is skipped, and why.
type skips struct {
	mu      sync.Mutex
	reasons map[string]string
	more    int
	refused map[string]bool // sources beyond MaxFiles, counted since the last reconciliation
	over    int             // the count of the last complete one
}

// skipped takes note that p is left out, for a reason that reads on after its name; an empty one takes it back.
func (w *Watcher) skipped(p, reason string) {
	w.skips.mu.Lock()
	if reason == "" {
		delete(w.skips.reasons, p)
		w.skips.mu.Unlock()
		return
	}
	if w.skips.reasons == nil {
		w.skips.reasons = map[string]string{}
	}
	old, known := w.skips.reasons[p]
	if !known && len(w.skips.reasons) >= noticeMost {
		w.skips.more++
		w.skips.mu.Unlock()
		return
	}
	w.skips.reasons[p] = reason
	w.skips.mu.Unlock()
	if old != reason {
		w.notices.forget(p)
		w.notices.say(p, Notice{Kind: Skipped, Path: p, Text: fmt.Sprintf("%s %s", p, reason)})
	}
}

// refused counts a source that is one too many.
func (w *Watcher) refused(p string) {
	w.skips.mu.Lock()
	if w.skips.refused == nil {
		w.skips.refused = map[string]bool{}
	}
	if len(w.skips.refused) < refusedMost {
		w.skips.refused[p] = true
	}
	w.skips.mu.Unlock()
	w.notices.say(aboutFiles, Notice{Kind: LimitReached, Path: ".",
		Text: fmt.Sprintf("more than %d sources: those beyond are not loaded", w.o.MaxFiles)})
}

// recount begins a new count of the refused.
func (w *Watcher) recount() {
	w.skips.mu.Lock()
	w.skips.over = len(w.skips.refused)
	clear(w.skips.refused)
	w.skips.mu.Unlock()
}

// announce tells people about a file that could not be read, and takes it back when it could.
func (w *Watcher) announce(j *job, r result) {
	switch {
	case r.kind == published && j.kind != tellFailed:
		w.notices.forget(j.change.Path)
	case r.kind == published || r.kind == failed:
		err := r.err
		if j.change.Err != nil {
			err = j.change.Err
		}
		w.notices.say(j.change.Path, Notice{Kind: Trouble, Path: j.change.Path, Text: fmt.Sprintf("%s: %v", j.change.Path, err)})
	}
}

// Writing lists the files that somebody is writing, the longest first. It costs what it lists.
func (w *Watcher) Writing() []Writing {
	now := time.Now()
	var all []Writing
	w.mu.Lock()
	for e := range w.m.held {
		if len(all) < statusMost {
			all = append(all, Writing{e.path, e.busySince, w.m.stale(now, e)})
		}
	}
	w.mu.Unlock()
	slices.SortFunc(all, func(a, b Writing) int { return a.Since.Compare(b.Since) })
	return all
}

// Status tells what is watched and how.
func (w *Watcher) Status() Status {
	s := Status{Root: w.abs}
	w.mu.Lock()
	s.Files = len(w.m.entries)
	w.mu.Unlock()
	s.Writing = w.Writing()

	w.skips.mu.Lock()
	for _, p := range slices.Sorted(maps.Keys(w.skips.reasons)) {
		if len(s.Skipped) == statusMost {
			s.More = len(w.skips.reasons) - statusMost
			break
		}
		s.Skipped = append(s.Skipped, SkippedItem{p, w.skips.reasons[p]})
	}
	s.More += w.skips.more
	if n := max(w.skips.over, len(w.skips.refused)); n > 0 {
		s.Limits = append(s.Limits, fmt.Sprintf("%d sources beyond the limit of %d are not loaded", n, w.o.MaxFiles))
	}
	w.skips.mu.Unlock()

	w.tree.mu.Lock()
	defer w.tree.mu.Unlock()
	s.Lost, s.Dirs, s.Overflows = w.tree.lost, len(w.tree.dirs), w.tree.overflows
	s.LastScan, s.ScanTook = w.tree.walkedAt, w.tree.walkTook
	if s.Dirs >= w.o.MaxDirs {
		s.Limits = append(s.Limits, fmt.Sprintf("directories beyond the limit of %d are not looked at", w.o.MaxDirs))
	}
	heads := map[string]int{} // index of the subtree by path of its directories
	for _, p := range slices.Sorted(maps.Keys(w.tree.dirs)) {
		d := w.tree.dirs[p]
		i, ok := heads[path.Dir(p)]
		if !ok || p == "." || s.Subtrees[i].Poll != d.poll || s.Subtrees[i].Reason != d.reason {
			i = len(s.Subtrees)
			s.Subtrees = append(s.Subtrees, Subtree{Path: p, Poll: d.poll, Reason: d.reason})
		}
		heads[p] = i
		s.Subtrees[i].Dirs++
	}
	if len(s.Subtrees) > statusMost {
		s.Subtrees = s.Subtrees[:statusMost]
	}
	return s
}
