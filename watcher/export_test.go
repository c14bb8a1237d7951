package watcher

import (
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// WithEvents has a watcher take its events from where a test can reach them: what the system announces passes through
// unless keep says no, and more is sent to the channels it gives. add may refuse a watch.
func WithEvents(o Options, f *FakeEvents) Options {
	o.notify = func() (notifier, error) {
		if f.Refuse != nil {
			return nil, f.Refuse
		}
		f.Sent, f.Errs = make(chan fsnotify.Event), make(chan error)
		return f, nil
	}
	return o
}

// FakeEvents is a notifier that announces only what the test sends.
type FakeEvents struct {
	Refuse error                   // to give events at all
	OnAdd  func(name string) error // nil accepts
	Sent   chan fsnotify.Event
	Errs   chan error

	mu      sync.Mutex
	watches map[string]bool
}

func (f *FakeEvents) Add(name string) error {
	if f.OnAdd != nil {
		if err := f.OnAdd(name); err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.watches == nil {
		f.watches = map[string]bool{}
	}
	f.watches[name] = true
	return nil
}

func (f *FakeEvents) Remove(name string) error {
	f.Drop(name)
	return nil
}

// Drop ends a watch.
func (f *FakeEvents) Drop(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.watches, name)
}

// Watches reports whether a directory is watched.
func (f *FakeEvents) Watches(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.watches[name]
}

func (f *FakeEvents) WatchList() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.watches))
}

func (f *FakeEvents) Close() error                  { return nil }
func (f *FakeEvents) events() <-chan fsnotify.Event { return f.Sent }
func (f *FakeEvents) errors() <-chan error          { return f.Errs }

// WithKind has every directory lie on one kind of file system.
func WithKind(o Options, name string, poll, blind, deaf bool) Options {
	o.kind = func(string) fsKind { return fsKind{name, poll, blind, deaf} }
	return o
}

// WithProbe has writers found by a test: "free", "writing" or "unknown".
func WithProbe(o Options, f func(path string) string) Options {
	o.probe = func(path string, _ *os.File) writer {
		return map[string]writer{"free": free, "writing": writing, "unknown": unknown}[f(path)]
	}
	return o
}

// WithClock has the wall's clock and the monotonic one read elsewhere.
func WithClock(o Options, f func() (wall, mono time.Time)) Options {
	o.clock = f
	return o
}

// IgnoresBelow reports whether ignore files, by their directories, leave a path out.
func IgnoresBelow(texts map[string]string, rel string) bool {
	return compileRules(texts).ignoredBelow(rel)
}

// Ignores reports whether an ignore file with this text leaves a path out.
func Ignores(text, rel string, dir bool) bool {
	r := compileRules(map[string]string{".": text})
	if dir {
		return r.ignored(rel, true) || rel != "." && r.ignoredBelow(rel+"/x")
	}
	return r.ignoredBelow(rel)
}
