// Package dashboard is the live model: the revisions of every source, the answer behind every panel under every
// selection that somebody looks at, and the history of both.
//
// One writer at a time changes the model, and it publishes an immutable [State]; readers never lock it. Everything
// that takes long, parsing, comparing, answering, happens before the swap. The package knows no HTTP and no tokens.
package dashboard

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
)

// Options configures a [Model]. The zero value of each field has a sensible meaning.
type Options struct {
	Hub       *hub.Hub
	Zone      *time.Location // of the buckets of instants, by its name in the zone database; nil: UTC
	WeekStart time.Weekday   // Sunday is the zero value; serve asks for Monday
	Logger    *slog.Logger   // nil: none
	Now       func() time.Time
	OnChange  func(Change) // called after each change of data or state, one at a time
	// OnAnswer is called when every panel of a dashboard was answered, for the first time or after a change. Any
	// goroutine may call it.
	OnAnswer func(first bool, took time.Duration)

	// OnReading is told of files that are to be read in another way than before, because of what is written; nil: nobody.
	OnReading func(files []string)

	Names  []Name     // given by earlier runs
	OnName func(Name) // called when a name is given, one at a time

	HistoryRevisions int   // that can be looked at, the newest among them; 0: 500
	HistoryBytes     int64 // held by history alone; 0: 256 MiB
	MaxSelections    int   // streams that are kept alive, those that nobody watches going first; 0: 512
	MemoBytes        int64 // of partial answers; 0: 256 MiB
}

// Model owns the state.
type Model struct {
	options Options
	hub     *hub.Hub
	sources *hub.Log // the owner's stream of sources
	views   *views
	edges   *edges

	writer  sync.Mutex // held while a change is committed
	state   atomic.Pointer[State]
	history *history
	names   *names

	streamsMu    sync.Mutex
	streams      map[string]*Stream
	tableStreams map[string]*TableStream // by table

	running sync.WaitGroup
	ctx     context.Context // ends every stream
	cancel  context.CancelFunc
}

// New returns an empty model. Close ends its goroutines.
func New(o Options) *Model {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.HistoryRevisions == 0 {
		o.HistoryRevisions = 500
	}
	if o.HistoryBytes == 0 {
		o.HistoryBytes = 256 << 20
	}
	if o.MaxSelections == 0 {
		o.MaxSelections = maxSelections
	}
	if o.MemoBytes == 0 {
		o.MemoBytes = 256 << 20
	}
	m := &Model{
		options: o, hub: o.Hub, views: newViews(o.MemoBytes), edges: newEdges(),
		history: newHistory(o.HistoryRevisions, o.HistoryBytes), names: newNames(o.Names, o.OnName), streams: map[string]*Stream{}, tableStreams: map[string]*TableStream{},
	}
	m.ctx, m.cancel = context.WithCancel(context.Background())
	m.sources = o.Hub.NewLog("sources")
	m.state.Store(&State{written: written{zone: o.Zone, week: o.WeekStart}})
	return m
}

// Run keeps the model until the context ends, and returns when every stream's goroutine is gone.
func (m *Model) Run(ctx context.Context) error {
	tick := time.NewTicker(streamGrace / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			m.cancel()
			m.running.Wait()
			return nil
		case <-tick.C:
			m.streamsMu.Lock()
			m.prune()
			m.streamsMu.Unlock()
			m.age()
		}
	}
}

func (m *Model) start(run func(context.Context)) {
	if m.ctx.Err() != nil {
		return
	}
	m.running.Go(func() { run(m.ctx) })
}

// State returns the newest state.
func (m *Model) State() *State { return m.state.Load() }

// Epoch names this run of the server.
func (m *Model) Epoch() string { return m.hub.Epoch() }

// Change says what a commit did, for the terminal.
type Change struct {
	Source *Source
	Before *Source // nil: it is new
	State  *State
	Panels int // of the dashboards that the source's tables have
}

// commit applies an edit under the writer's lock and tells everyone. A data change gets a revision of its own.
func (m *Model) commit(path string, data bool, apply func(*edit)) {
	m.writer.Lock()
	defer m.writer.Unlock()
	before := m.state.Load()
	e := before.edit()
	if data {
		e.touch()
	}
	apply(e)
	m.judge(e)
	next := e.seal()
	changed := next.changedSince(before)
	if e.data {
		m.history.record(before, next, path, e.touched, m.options.Now())
	}
	m.state.Store(next)
	// After the swap, so that whoever is told of a revision can ask for it; a snapshot of the sources is taken under the
	// writer's lock and stands at one position of their log all the same.
	for _, src := range changed {
		m.publishSource(next, src)
	}
	m.notify()
	if m.options.OnChange == nil {
		return
	}
	for _, src := range changed {
		c := Change{Source: src, Before: before.sources.get(src.Path), State: next}
		for _, name := range src.Tables {
			if t := next.tables.get(name); t != nil {
				for _, d := range t.Dashboards {
					c.Panels += len(panels(d))
				}
			}
		}
		m.options.OnChange(c)
	}
}

// SourcesLog is the owner's stream: every change of every source.
func (m *Model) SourcesLog() *hub.Log { return m.sources }

// SourcesSnapshot returns the state of every source and the position of the sources' log it stands at.
func (m *Model) SourcesSnapshot() ([]wire.Source, uint64) {
	m.writer.Lock()
	defer m.writer.Unlock()
	state := m.state.Load()
	all := []wire.Source{}
	for _, src := range state.Sources() {
		all = append(all, state.wireSource(src, Scope{}))
	}
	return all, m.sources.Head()
}

// SetReady says that everything that was there at the start has been read or has failed.
func (m *Model) SetReady() {
	m.commit("", false, func(e *edit) { e.state.Ready = true })
}
