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
	Path string // what it is about, relative to the root
	Text string // a sentence, or what the path "is"
	At   time.Time
}

// noticeMost bounds how many notices wait to be delivered, and how many things are remembered as said.
const noticeMost = 10_000

// notices collects what is said and delivers it in order, apart from whoever said it.
type notices struct {
	mu    sync.Mutex
	said  map[string]string // text by path
	queue []Notice
	wake  chan struct{}
}

func (n *notices) init() {
	n.said = map[string]string{}
	n.wake = make(chan struct{}, 1)
}

// say has x delivered, unless it has been said already.
func (n *notices) say(x Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.said[x.Path] == x.Text || len(n.queue) >= noticeMost || len(n.said) >= noticeMost {
		return
	}
	n.said[x.Path] = x.Text
	x.At = time.Now()
	n.queue = append(n.queue, x)
	signal(n.wake)
}

// forget makes what was said about a path worth saying again.
func (n *notices) forget(path string) {
	n.mu.Lock()
	delete(n.said, path)
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
