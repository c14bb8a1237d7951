package watcher_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dashira/dashira/watcher"
)

// publication is what a consumer was given for one path.
type publication struct {
	text string // the content; "gone" or "failed: why" when it is none
	kind string // whole, partial, gone, failed
	from string
	at   time.Time
}

func (p publication) String() string { return fmt.Sprintf("%s %q", p.kind, p.text) }

// recorder is a consumer that keeps everything it was given, by path and in order. A publication that repeats the one
// before it is not kept: the same content again is no news.
type recorder struct {
	w *watcher.Watcher

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at each publication
	loading  map[string]bool
	most     int // loads at once
	twice    bool
	queue    map[string][]publication
	last     map[string]publication
	notices  []watcher.Notice
	slow     func(path string) // runs in the middle of a load
	failWith func(path, text string) error
}

// record starts a watcher over root and stops it when the test ends.
func record(t *testing.T, root string, o watcher.Options) *recorder {
	t.Helper()
	r := &recorder{changed: make(chan struct{}), loading: map[string]bool{}, queue: map[string][]publication{},
		last: map[string]publication{}}
	o.Notices = func(n watcher.Notice) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.notices = append(r.notices, n)
	}
	w, err := watcher.New(root, o)
	if err != nil {
		t.Fatal(err)
	}
	r.w = w
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- w.Run(ctx, r.load) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if r.twice {
			t.Error("two loads of one path at once")
		}
		if r.most > 2 {
			t.Errorf("%d loads at once", r.most)
		}
	})
	return r
}

func (r *recorder) load(_ context.Context, c watcher.Change) (func(), error) {
	r.mu.Lock()
	r.twice = r.twice || r.loading[c.Path]
	r.loading[c.Path] = true
	r.most = max(r.most, len(r.loading))
	slow, failWith := r.slow, r.failWith
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.loading, c.Path)
		r.mu.Unlock()
	}()
	p := publication{kind: "whole", from: c.From}
	switch {
	case c.Gone:
		p.kind = "gone"
	case c.Err != nil:
		p.kind, p.text = "failed", c.Err.Error()
	default:
		if c.Partial {
			p.kind = "partial"
		}
		f, err := r.w.Open(c.Path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if slow != nil {
			slow(c.Path)
		}
		b, err := io.ReadAll(io.LimitReader(f, c.Size))
		if err != nil {
			return nil, err
		}
		p.text = string(b)
		if failWith != nil {
			if err := failWith(c.Path, p.text); err != nil {
				return func() { r.add(c.Path, publication{kind: "failed", text: err.Error()}) }, err
			}
		}
	}
	return func() { r.add(c.Path, p) }, nil
}

func (r *recorder) add(path string, p publication) {
	p.at = time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.last[path]; l.kind == p.kind && l.text == p.text {
		return
	}
	r.last[path] = p
	r.queue[path] = append(r.queue[path], p)
	close(r.changed)
	r.changed = make(chan struct{})
}

// next gives the next publication of a path.
func (r *recorder) next(path string, within time.Duration) (publication, error) {
	timeout := time.After(within)
	for {
		r.mu.Lock()
		if q := r.queue[path]; len(q) > 0 {
			r.queue[path] = q[1:]
			r.mu.Unlock()
			return q[0], nil
		}
		changed := r.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-timeout:
			return publication{}, fmt.Errorf("%s: nothing was published within %v; %v", path, within, r.left())
		}
	}
}

// left tells what nobody has asked for.
func (r *recorder) left() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for path, q := range r.queue {
		for _, p := range q {
			all = append(all, fmt.Sprintf("%s: %v", path, p))
		}
	}
	if len(all) == 0 {
		return nil
	}
	return errors.New("also published: " + strings.Join(all, "; "))
}

// expect fails the test unless the next publication of path is the one wanted.
func (r *recorder) expect(t *testing.T, path, kind, text string) publication {
	t.Helper()
	p, err := r.next(path, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if p.kind != kind || !(p.text == text || kind == "failed" && strings.Contains(p.text, text)) {
		t.Fatalf("%s: published %v, want %s %q", path, p, kind, text)
	}
	return p
}

// byEvents has change change something and see it published, until no comparison with the disk came in between that
// might have found it: then it was found by an event, however slow the machine is.
func (r *recorder) byEvents(t *testing.T, change func(turn int)) {
	t.Helper()
	for turn := range 10 {
		before := r.w.Status().LastScan
		change(turn)
		if r.w.Status().LastScan.Equal(before) {
			return
		}
	}
	t.Error("found only by comparing with the disk")
}

// nothingElse fails the test if anything was published that nobody asked for.
func (r *recorder) nothingElse(t *testing.T) {
	t.Helper()
	if err := r.left(); err != nil {
		t.Fatal(err)
	}
}

// mustNotice fails the test unless a notice with such words is given, soon if not yet: they come apart from the rest.
func (r *recorder) mustNotice(t *testing.T, words string) {
	t.Helper()
	var all []watcher.Notice
	for range 3000 {
		r.mu.Lock()
		all = slices.Clone(r.notices)
		r.mu.Unlock()
		for _, n := range all {
			if strings.Contains(n.Text, words) {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("no notice says %q: %v", words, all)
}

// write makes a file in one go.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
