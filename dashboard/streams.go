package dashboard

import (
	"context"
	"time"
)

// The bounds of the streams that are kept alive.
const (
	maxSelections = 512              // that are kept alive, unless the options say another number
	streamGrace   = 30 * time.Second // an unused stream goes on for this long
)

// Open returns the stream of a dashboard under a selection, a new one if nobody follows it yet. The caller closes it.
// It fails with ErrNoDashboard, ErrLocked or a *BadSelection.
func (m *Model) Open(ctx context.Context, scope Scope, slug string, s Selection) (*Stream, error) {
	if !scope.MayFilter() {
		s, _ = ParseSelection(nil)
	}
	for column := range s.Filters {
		if _, locked := scope.Lock[column]; locked && scope.Guest {
			return nil, &BadSelection{Parameter: "f." + column, Reason: "there is no such column"}
		}
	}
	s = s.plain(m.State().Dashboard(slug)).sized(m.State().Dashboard(slug))
	key := scope.ID + "\x00" + slug + "\x00" + s.Key()

	m.streamsMu.Lock()
	if stream, ok := m.streams[key]; ok && scope.May(slug) {
		stream.users++
		m.streamsMu.Unlock()
		return stream, nil
	}
	m.streamsMu.Unlock()

	// The first answer may take a while; it is drawn without a lock, by whoever came first, and thrown away by whoever
	// finds the stream made meanwhile. The memo behind the views makes the second drawing cheap.
	started := time.Now()
	p, err := m.draw(ctx, scope, slug, s, m.State(), nil)
	if err != nil {
		return nil, err
	}
	if m.options.OnAnswer != nil {
		m.options.OnAnswer(true, time.Since(started))
	}
	m.streamsMu.Lock()
	defer m.streamsMu.Unlock()
	if stream, ok := m.streams[key]; ok {
		stream.users++
		return stream, nil
	}
	stream := &Stream{
		model: m, scope: scope, slug: slug, selection: s, key: key, log: m.hub.NewLog(slug),
		wake: make(chan struct{}, 1), users: 1,
	}
	stream.draw = func(ctx context.Context, state *State, before *picture) (*picture, error) {
		return m.draw(ctx, scope, slug, s, state, before)
	}
	stream.replace(p)
	stream.wake <- struct{}{} // the model may have moved on while the picture was drawn
	m.streams[key] = stream
	m.prune()
	m.start(func(ctx context.Context) { stream.run(ctx) })
	return stream, nil
}

func (m *Model) release(s *Stream) {
	m.streamsMu.Lock()
	defer m.streamsMu.Unlock()
	s.users--
	if s.users == 0 {
		s.idle = m.options.Now()
	}
	m.prune()
}

// drop forgets a stream whose log is closed.
func (m *Model) drop(s *Stream) {
	m.streamsMu.Lock()
	defer m.streamsMu.Unlock()
	if m.streams[s.key] == s {
		delete(m.streams, s.key)
	}
}

// prune ends the streams that nobody used for the grace time, and the longest unused ones beyond the bound. The caller
// holds streamsMu.
func (m *Model) prune() {
	now := m.options.Now()
	for key, s := range m.streams {
		if s.users == 0 && now.Sub(s.idle) > streamGrace {
			m.end(key, s)
		}
	}
	for name, s := range m.tableStreams {
		if s.users == 0 && now.Sub(s.idle) > streamGrace {
			delete(m.tableStreams, name)
			s.log.Close("idle")
			close(s.wake)
		}
	}
	for len(m.streams) > m.options.MaxSelections {
		var oldest *Stream
		for _, s := range m.streams {
			if s.users == 0 && (oldest == nil || s.idle.Before(oldest.idle)) {
				oldest = s
			}
		}
		if oldest == nil {
			return // all are in use: the hub's limit on connections bounds them
		}
		m.end(oldest.key, oldest)
	}
}

func (m *Model) end(key string, s *Stream) {
	delete(m.streams, key)
	s.log.Close("idle")
	close(s.wake)
}

// Viewers counts who watches a dashboard, under whatever selection.
func (m *Model) Viewers(slug string) int {
	m.streamsMu.Lock()
	defer m.streamsMu.Unlock()
	n := 0
	for _, s := range m.streams {
		if s.slug == slug {
			n += s.log.Subscribers()
		}
	}
	return n
}

// notify tells every stream that the model changed; a stream that is still busy finds the newest state afterwards.
func (m *Model) notify() {
	m.streamsMu.Lock()
	defer m.streamsMu.Unlock()
	for _, s := range m.streams {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
	for _, s := range m.tableStreams {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}
