package main

import (
	"context"
	"fmt"
	"path"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/wire"
)

// watching says how changes reach the server, over all roots.
func (w *watched) watching() wire.Watching {
	all := wire.Watching{Notes: []string{}, Skipped: []string{}, Trees: []wire.WatchedTree{}, Writing: []wire.WritingFile{}}
	events, polling := false, false
	for _, r := range w.roots {
		s := r.Status()
		all.Files += s.Files
		all.Folders += s.Dirs
		all.Overflows += s.Overflows
		all.Compared, all.CompareMs = instant(s.LastScan), float64(s.ScanTook.Microseconds()/10)/100
		if s.Lost != "" {
			all.Lost = s.Lost
			all.Notes = append(all.Notes, s.Lost)
		}
		for _, sub := range s.Subtrees {
			tree := wire.WatchedTree{Path: path.Join(r.prefix, sub.Path), Mode: "events", Reason: sub.Reason, Folders: sub.Dirs}
			if sub.Poll {
				tree.Mode, polling = "polling", true
				all.Notes = append(all.Notes, tree.Path+": "+sub.Reason)
			} else {
				events = true
			}
			all.Trees = append(all.Trees, tree)
		}
		for _, f := range s.Writing {
			all.Writing = append(all.Writing, wire.WritingFile{Path: r.prefix + f.Path, Since: instant(f.Since), Stale: f.Stale})
		}
		all.Notes = append(all.Notes, s.Limits...)
		for _, skipped := range s.Skipped {
			all.Skipped = append(all.Skipped, r.prefix+skipped.Path+": "+skipped.Reason)
		}
		if s.More > 0 {
			all.Skipped = append(all.Skipped, fmt.Sprintf("and %d more", s.More))
		}
	}
	all.Mode = "events"
	if polling {
		all.Mode = "polling"
		if events {
			all.Mode = "mixed"
		}
	}
	return all
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// How often the model is told which files are being written, and for how long one must have been for that to be worth
// a word: nearly every save is over by then.
const (
	writersEvery = time.Second
	writersLeast = time.Second
)

// writers keeps the model told of files that somebody has had open for writing for a while, until the context ends.
func (w *watched) writers(ctx context.Context, model *dashboard.Model) error {
	tick := time.NewTicker(writersEvery)
	defer tick.Stop()
	told := map[string]bool{}
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			told = w.tellWriters(now, model, told)
		}
	}
}

// tellWriters tells of those who write now, and of those in told that they do not any more.
func (w *watched) tellWriters(now time.Time, model *dashboard.Model, told map[string]bool) map[string]bool {
	writing := map[string]bool{}
	for _, r := range w.roots {
		for _, f := range r.Writing() {
			if now.Sub(f.Since) < writersLeast {
				continue
			}
			writing[r.prefix+f.Path] = true
			model.Writing(r.prefix+f.Path, f.Since, f.Stale)
		}
	}
	for file := range told {
		if !writing[file] {
			model.Writing(file, time.Time{}, false)
		}
	}
	return writing
}
