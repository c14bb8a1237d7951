package watcher

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// NoticeKind says what a notice is about.
type NoticeKind uint8

const (
	Skipped      NoticeKind = iota // something that is no source although its name looks like one
	Polling                        // events cannot be relied on somewhere
	LimitReached                   // there is more than the limits allow
	RootLost                       // the folder is away
	Trouble                        // a file cannot be read
)

func (k NoticeKind) String() string {
	return [...]string{"skipped", "polling", "limit", "lost", "trouble"}[k]
}

// Notice is something that a person should know, said once until it is over.
type Notice struct {
	Kind NoticeKind
	Path string // what it is about, relative to the root; "." for all of it
	Text string // for people
	At   time.Time
}

// noticeMost bounds how many notices wait to be delivered, and how many things are remembered as said.
const noticeMost = 10_000

// notices collects what is said and delivers it in order, apart from whoever said it.
type notices struct {
	mu    sync.Mutex
	said  map[string]string // text by key
	queue []Notice
	wake  chan struct{}
}

func (n *notices) init() {
	n.said = map[string]string{}
	n.wake = make(chan struct{}, 1)
}

// say has x delivered, unless it has been said already. key names what it is about, so that it can be forgotten: a
// path, or one of the words below, which are no paths.
func (n *notices) say(key string, x Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.said[key] == x.Text || len(n.queue) >= noticeMost || len(n.said) >= noticeMost {
		return
	}
	n.said[key] = x.Text
	x.At = time.Now()
	n.queue = append(n.queue, x)
	signal(n.wake)
}

// The keys of what concerns the whole folder.
const (
	aboutRoot   = "//root"
	aboutFiles  = "//files"
	aboutDirs   = "//dirs"
	aboutIgnore = "//ignore"
)

// forget makes what was said worth saying again.
func (n *notices) forget(key string) {
	n.mu.Lock()
	delete(n.said, key)
	n.mu.Unlock()
}

// deliver hands on what was said until ctx ends.
func (n *notices) deliver(ctx context.Context, to func(Notice), log *slog.Logger) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-n.wake:
		}
		n.mu.Lock()
		queue := n.queue
		n.queue = nil
		n.mu.Unlock()
		for _, x := range queue {
			log.Warn(x.Text, "path", x.Path, "kind", x.Kind.String())
			to(x)
		}
	}
}
