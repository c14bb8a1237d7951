package watcher

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// directory is one directory that is watched.
type directory struct {
	path   string
	id     id
	poll   bool   // events cannot be relied on
	reason string // why
	kind   fsKind
	subs   map[string]bool // directories below, by path
	links  map[string]bool // sources in it that are links, by path
}

// tree is the set of watched directories. The keeper changes it; the pump and Status read it.
type tree struct {
	notifier notifier // nil: no events at all; set before Run's goroutines begin
	noEvents string   // why

	// The keeper's own.
	rescan   bool                // everything is to be compared
	ignoring map[string]ignoring // what was read of the ignore files, by directory
	nextWalk time.Time
	mayWalk  time.Time // not before, however often it is asked for
	pollTook time.Duration

	mu        sync.Mutex
	dirs      map[string]*directory
	ids       map[id]string
	kinds     map[uint64]fsKind // by device
	overflows int
	lost      string // why there is no root, or empty
	walkedAt  time.Time
	walkTook  time.Duration
}

func (t *tree) init() {
	t.dirs, t.ids, t.kinds, t.ignoring = map[string]*directory{}, map[id]string{}, map[uint64]fsKind{}, map[string]ignoring{}
}

func (t *tree) has(rel string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dirs[rel] != nil
}

func (t *tree) get(rel string) *directory {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dirs[rel]
}

// linksIn gives the sources in one directory that are links.
func (t *tree) linksIn(rel string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	d := t.dirs[rel]
	if d == nil || len(d.links) == 0 {
		return nil
	}
	links := make([]string, 0, len(d.links))
	for l := range d.links {
		links = append(links, l)
	}
	return links
}

// unlink forgets which sources of a directory are links: they are about to be listed.
func (t *tree) unlink(rel string) {
	t.mu.Lock()
	if d := t.dirs[rel]; d != nil && len(d.links) > 0 {
		d.links = map[string]bool{}
	}
	t.mu.Unlock()
}

func (t *tree) overflowed() {
	t.mu.Lock()
	t.overflows++
	t.mu.Unlock()
}

// noEvents takes note that the system gives no events at all, and why.
func (w *Watcher) noEvents(err error) {
	w.tree.noEvents = limitReason(err)
}

// walk surveys the directory at rel and everything below it: first the watch, then the listing, so that nothing falls
// between. Errands whose time has come are run between two directories.
func (w *Watcher) walk(rel string, first bool) {
	stack := []string{rel}
	for len(stack) > 0 {
		d := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !w.join(d) {
			continue
		}
		subs, ok := w.list(d, first)
		if !ok {
			continue
		}
		w.leaveMissing(d, subs)
		for i := len(subs) - 1; i >= 0; i-- {
			stack = append(stack, subs[i])
		}
		if !first {
			w.runErrands()
		}
	}
}

// join makes rel a watched directory, or renews its watch, and reports whether it is one.
func (w *Watcher) join(rel string) bool {
	if rel != "." && !w.tree.has(path.Dir(rel)) {
		return false // what is above it has its own turn, and may be ignored
	}
	fi, err := w.root.Load().Stat(filepath.FromSlash(rel))
	if err != nil || !fi.IsDir() {
		if w.tree.has(rel) && rel != "." {
			w.leave(rel)
		}
		return false
	}
	me := fingerprintOf(fi).id()
	d := w.tree.get(rel)
	if d != nil && d.id != me {
		w.leave(rel) // another directory by the same name
		d = nil
	}
	if d == nil {
		if d = w.enter(rel, me); d == nil {
			return false
		}
		w.closes.follow(w.path(rel))
	}
	w.arm(d)
	return true
}

// enter adds a new directory to the tree, unless a limit or a circle forbids it.
func (w *Watcher) enter(rel string, me id) *directory {
	if depth := strings.Count(rel, "/") + 1; rel != "." && depth > w.o.MaxDepth {
		w.skipped(rel, fmt.Sprintf("is more than %d directories deep", w.o.MaxDepth))
		return nil
	}
	if me != (id{}) {
		w.tree.mu.Lock()
		other, taken := w.tree.ids[me]
		w.tree.mu.Unlock()
		if taken && other != rel {
			fi, err := w.root.Load().Stat(filepath.FromSlash(other))
			if err == nil && fingerprintOf(fi).id() == me {
				w.skipped(rel, fmt.Sprintf("is the same directory as %s", other))
				return nil
			}
			w.leave(other) // it was renamed to rel: its watches bear the old names
		}
	}
	w.tree.mu.Lock()
	kind, ok := w.tree.kinds[me.dev]
	w.tree.mu.Unlock()
	if !ok || me.dev == 0 {
		kind = w.o.kind(w.path(rel)) // without the lock: the file system may be slow to answer
	}
	w.tree.mu.Lock()
	defer w.tree.mu.Unlock()
	w.tree.kinds[me.dev] = kind
	if len(w.tree.dirs) >= w.o.MaxDirs {
		w.notices.say(aboutDirs, Notice{Kind: LimitReached, Path: ".",
			Text: fmt.Sprintf("more than %d directories: those beyond are not looked at", w.o.MaxDirs)})
		return nil
	}
	d := &directory{path: rel, id: me, kind: kind, subs: map[string]bool{}, links: map[string]bool{}}
	w.tree.dirs[rel] = d
	if me != (id{}) {
		w.tree.ids[me] = rel
	}
	if up := w.tree.dirs[path.Dir(rel)]; up != nil && rel != "." {
		up.subs[rel] = true
	}
	return d
}

// arm asks the system for events of d, again if it was asked before, and decides whether they can be relied on.
func (w *Watcher) arm(d *directory) {
	poll, reason := false, ""
	switch {
	case w.o.Poll:
		poll, reason = true, "asked for"
	case w.tree.notifier == nil:
		poll, reason = true, w.tree.noEvents
	default:
		if d.kind.poll {
			poll, reason = true, fmt.Sprintf("changes on %s are not all announced", d.kind.name)
		}
		// Asked for even where they are not complete: those that come are quicker than the next comparison.
		err := w.tree.notifier.Add(w.path(d.path))
		// A directory that may not be read is no matter of events: listing it says so.
		if err != nil && !d.kind.poll && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			poll, reason = true, limitReason(err)
		}
	}
	w.tree.mu.Lock()
	changed := d.poll != poll || d.reason != reason
	d.poll, d.reason = poll, reason
	up := w.tree.dirs[path.Dir(d.path)]
	told := up != nil && up != d && up.poll == poll && up.reason == reason
	w.tree.mu.Unlock()
	if changed && !told && poll {
		w.notices.say(d.path, Notice{Kind: Polling, Path: d.path,
			Text: fmt.Sprintf("looking at %s every %v: %s", shown(d.path), w.o.Interval, reason)})
	} else if changed && !poll {
		w.notices.forget(d.path)
	}
}

// shown is a path for people.
func shown(rel string) string {
	if rel == "." {
		return "the folder"
	}
	return rel
}

// limitReason puts the system's refusal of events into a sentence that says what to do.
func limitReason(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "the system's limit of watched directories is reached; raise it with: sudo sysctl fs.inotify.max_user_watches=524288"
	case errors.Is(err, syscall.EMFILE):
		return "the system's limit of watching programs is reached; raise it with: sudo sysctl fs.inotify.max_user_instances=512"
	case errors.Is(err, syscall.ENFILE):
		return "the system has too many open files; raise the limit with: sudo sysctl fs.file-max=1000000"
	}
	return fmt.Sprintf("the system gives no events: %v", err)
}

// leave forgets rel and everything below it: the watches first, since they bear names that are not true any more. The
// sources below are looked at.
func (w *Watcher) leave(rel string) {
	w.tree.mu.Lock()
	var gone []*directory
	stack := []string{rel}
	for len(stack) > 0 {
		d := w.tree.dirs[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		if d == nil {
			continue
		}
		gone = append(gone, d)
		for s := range d.subs {
			stack = append(stack, s)
		}
		delete(w.tree.dirs, d.path)
		if w.tree.ids[d.id] == d.path {
			delete(w.tree.ids, d.id)
		}
	}
	if up := w.tree.dirs[path.Dir(rel)]; up != nil {
		delete(up.subs, rel)
	}
	w.tree.mu.Unlock()
	for _, d := range gone {
		if w.tree.notifier != nil {
			// Asked for even if the last Add failed: an earlier one may have left a watch that bears the old name, and would
			// keep the new one from being watched. An error says that there is none, which is what is wanted.
			w.tree.notifier.Remove(w.path(d.path))
		}
		w.notices.forget(d.path)
		if _, had := w.tree.ignoring[d.path]; had {
			delete(w.tree.ignoring, d.path)
			w.rules.Store(w.tree.compile())
		}
	}
	now := time.Now()
	w.mu.Lock()
	for _, d := range gone {
		w.m.nudgeIn(now, d.path)
	}
	w.mu.Unlock()
	signal(w.due)
}

// leaveMissing forgets the directories below rel that its listing did not show.
func (w *Watcher) leaveMissing(rel string, subs []string) {
	d := w.tree.get(rel)
	if d == nil {
		return
	}
	w.tree.mu.Lock()
	var missing []string
	if len(d.subs) > 0 {
		there := make(map[string]bool, len(subs))
		for _, s := range subs {
			there[s] = true
		}
		for s := range d.subs {
			if !there[s] {
				missing = append(missing, s)
			}
		}
	}
	w.tree.mu.Unlock()
	for _, s := range missing {
		w.leave(s)
	}
}
