//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/wire"
)

// listener hears of every change by the owner's stream, and reads what each event announces at the revision that it
// names.
type listener struct {
	judge *judge

	mu    sync.Mutex // guards what follows
	names map[string]*truth
	epoch string                 // of the server's life that is heard
	last  map[string]wire.Source // by name, in this epoch
	queue chan announcement
	lost  int // revisions that history did not hold any more
}

// announcement is one event that told of other data.
type announcement struct {
	truth  *truth
	source wire.Source
	epoch  string // revisions are those of one life: the next one counts them anew, and often alike
	at     time.Time
}

// heard is the last announcement of a file that was judged.
type heard struct {
	epoch    string
	revision uint64
}

func newListener(j *judge) *listener {
	return &listener{judge: j, names: map[string]*truth{}, last: map[string]wire.Source{}, queue: make(chan announcement, 100_000)}
}

// truthOf finds the file behind a source's name: a name once given stays the file's, in later lives too.
func (l *listener) truthOf(ctx context.Context, name string) *truth {
	l.mu.Lock()
	t := l.names[name]
	l.mu.Unlock()
	if t != nil {
		return t
	}
	var list wire.Sources
	if err := l.judge.get(ctx, "api/v1/sources", &list); err != nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range list.Sources {
		if t := l.judge.truths[s.Path]; t != nil {
			l.names[s.Name] = t
		}
	}
	return l.names[name]
}

// event takes one event of the stream.
func (l *listener) event(ctx context.Context, event sse.Event, at time.Time) {
	switch event.Type {
	case wire.EventHello:
		var hello wire.Hello
		if json.Unmarshal(event.Data, &hello) == nil && !hello.Resumed {
			l.mu.Lock()
			clear(l.last)
			l.epoch = hello.Epoch
			l.mu.Unlock()
		}
		return
	case wire.EventSource:
	default:
		return
	}
	var s wire.Source
	if err := json.Unmarshal(event.Data, &s); err != nil {
		l.judge.fault(nil, "source: %v", err)
		return
	}
	t := l.truthOf(ctx, s.Name)
	if t == nil {
		return
	}
	l.mu.Lock()
	before, known := l.last[s.Name]
	l.last[s.Name] = s
	epoch := l.epoch
	l.mu.Unlock()
	if known && s.Revision > 0 && s.Revision < before.Revision { // 0: it is new, and being read
		l.judge.fault(t, "an event of revision %d after one of %d", s.Revision, before.Revision)
	}
	if known && s.State == before.State && s.Revision == before.Revision && s.Partial == before.Partial && s.Diagnostics == before.Diagnostics && s.Writing == before.Writing && s.RenamedFrom == before.RenamedFrom {
		l.judge.fault(t, "an event that says nothing new: %s", event.Data)
	}
	select {
	case l.queue <- announcement{t, s, epoch, at}:
	default:
		l.judge.fault(nil, "the soak program itself is too slow")
	}
}

// read judges what was announced, until the context ends.
func (l *listener) read(ctx context.Context) {
	done := map[*truth]heard{}
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-l.queue:
			l.judgeOne(ctx, a, done)
		}
	}
}

// past reports whether an epoch is that of an earlier life.
func (l *listener) past(epoch string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return epoch != l.epoch
}

func (l *listener) judgeOne(ctx context.Context, a announcement, done map[*truth]heard) {
	t, j := a.truth, l.judge
	switch a.source.State {
	case wire.StateMissing:
		delete(done, t)
		j.lacking(t, a.at, a.at)
		return
	case wire.StateError:
		t.mu.Lock()
		legal := mayLack(t.emptied, drought, a.at, a.at)
		t.mu.Unlock()
		if !legal {
			j.fault(t, "an error: %s", a.source.Error.Message)
		}
		return
	case wire.StateReading:
		return
	}
	this := heard{a.epoch, a.source.Revision}
	if len(a.source.Tables) == 0 || done[t] == this || l.past(a.epoch) {
		return
	}
	done[t] = this
	j.owner(t, this)
	r, err := j.rows(ctx, a.source.Tables[0].Name, a.source.Revision)
	switch {
	case errors.Is(err, errNone):
		l.mu.Lock()
		l.lost++
		l.mu.Unlock()
		t.unread(true)
	case errors.Is(err, errDown):
		t.unread(true)
	case err != nil:
		j.fault(t, "at revision %d: %v", a.source.Revision, err)
	default:
		if r.revision == a.source.Revision {
			t.unread(false)
			j.check(t, a.source.Tables[0].Name, r, &t.told, a.at, time.Now(), a.at)
		}
	}
}

// owner holds that every revision is the change of one file.
func (j *judge) owner(t *truth, revision heard) {
	j.mu.Lock()
	old := j.owners[revision]
	if j.owners != nil {
		j.owners[revision] = t.path
	}
	j.mu.Unlock()
	if old != "" && old != t.path {
		j.fault(t, "revision %d is that of %s too", revision.revision, old)
	}
}
