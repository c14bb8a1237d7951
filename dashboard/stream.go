package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// Stream is one dashboard under one selection within one scope: a log of events, and the picture they add up to.
// Everyone who looks at the same follows the same stream.
type Stream struct {
	model     *Model
	scope     Scope
	slug      string
	selection Selection
	key       string
	log       *hub.Log
	wake      chan struct{}
	draw      func(ctx context.Context, state *State, before *picture) (*picture, error)
	again     bool // of the goroutine that runs it: it was woken while it drew

	picture atomic.Pointer[picture]

	// Guarded by the model's streams mutex.
	users int
	idle  time.Time // since when nobody uses it
}

// picture is what a viewer who applied every event up to a position of the log has on screen. It is immutable.
type picture struct {
	state     *State
	table     *Table
	data      *table.Table   // that the panels ask: the table's, or what is derived of it
	besides   []*table.Table // others that it takes targets and annotations from
	revision  uint64         // at which one of them last changed
	dashboard *manifest.Dashboard
	axis      *wire.TimeAxis
	frames    map[string]*frame
	at        uint64 // position in the log

	encode sync.Once
	json   []byte
	err    error
}

// ErrNoDashboard says that there is no dashboard with a slug, or none that the scope may see.
var ErrNoDashboard = errors.New("there is no such dashboard")

// patchInterval is the least time between two rounds of patches of a stream: the first change goes out at once, a
// storm becomes at most twenty a second, each with the newest state.
const patchInterval = 50 * time.Millisecond

// draw answers every panel of a dashboard. Frames of the picture before are kept where the table did not change.
func (m *Model) draw(ctx context.Context, scope Scope, slug string, s Selection, state *State, before *picture) (*picture, error) {
	d := state.Dashboard(slug)
	if d == nil || !scope.May(slug) {
		return nil, ErrNoDashboard
	}
	t := state.Table(d.Table)
	data, revision, err := state.derived(t, d)
	if err != nil {
		return nil, err
	}
	p := &picture{state: state, table: t, dashboard: d, data: data, revision: revision}
	var beside uint64
	p.besides, beside = state.besides(d)
	p.revision = max(revision, beside)
	if before != nil && before.data == data && before.dashboard == d && slices.Equal(before.besides, p.besides) {
		p.axis, p.frames = before.axis, before.frames
		return p, nil
	}
	grain := view.NoGrain
	if before != nil && before.dashboard == d && before.axis != nil {
		grain, _ = grainOf(before.axis.Grain)
	}
	a, err := newAsking(ctx, m, scope, state, t, d, s, grain)
	if err != nil {
		return nil, err
	}
	if before != nil && before.dashboard == d {
		a.standing = map[string]map[string]*standing{}
		for name, f := range before.frames {
			a.standing[name] = f.standing
		}
	}
	p.axis = a.axis.wire()
	all := panels(d)
	frames := make([]*frame, len(all))
	var group errgroup.Group
	group.SetLimit(2)
	for i, panel := range all {
		group.Go(func() error {
			frames[i] = a.answer(panel, p.revision, m.options.Logger)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.frames = make(map[string]*frame, len(all))
	for i, panel := range all {
		p.frames[panel.Name] = frames[i]
	}
	return p, nil
}

// run follows the model until the context ends: it draws, publishes what differs, and only then replaces the picture.
func (s *Stream) run(ctx context.Context) {
	viewers := time.NewTicker(time.Second)
	defer viewers.Stop()
	watched := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-viewers.C:
			if n := s.model.Viewers(s.slug); n != watched {
				watched = n
				s.publish(wire.EventViewers, wire.Viewers{Count: n})
				s.replace(s.picture.Load())
			}
		case _, open := <-s.wake:
			if !open {
				return
			}
			for s.again = true; s.again; {
				s.again = false
				started := time.Now()
				if !s.update(ctx) {
					return
				}
				if rest := patchInterval - time.Since(started); rest > 0 {
					select {
					case <-ctx.Done():
						return
					case <-time.After(rest):
					}
				}
			}
		}
	}
}

// update brings the stream to the model's newest state. It returns false when the stream has ended or the dashboard is
// gone.
func (s *Stream) update(ctx context.Context) bool {
	before := s.picture.Load()
	started := time.Now()
	drawn, ended := s.drawNewest(ctx, before)
	state, next, err := drawn.state, drawn.picture, drawn.err
	switch {
	case ended:
		return false
	case ctx.Err() != nil || state == before.state:
		return true
	}
	if err != nil {
		// The dashboard went, or its columns did and the selection means nothing any more: whoever watches is told, and
		// learns more by asking again.
		s.log.Close("gone")
		s.model.drop(s)
		return false
	}
	if s.model.options.OnAnswer != nil && next.table.Data != before.table.Data {
		s.model.options.OnAnswer(false, time.Since(started))
	}
	moved := next.dashboard != before.dashboard || !sameGrid(next.axis, before.axis)
	if moved {
		s.publish(wire.EventLayout, s.layout(next))
	} else {
		s.patches(before, next)
	}
	for _, src := range state.changedSince(before.state) {
		if s.scope.Guest && src.Path != next.table.Source.Path {
			continue
		}
		s.publish(wire.EventSource, state.wireSource(src, s.scope))
	}
	s.replace(next)
	return true
}

// patches publishes what differs between two pictures of one layout; where nothing does, the frame before stays, and
// with it the revision that the next patch is based on.
func (s *Stream) patches(before, next *picture) {
	frames := make(map[string]*frame, len(next.frames))
	for _, panel := range panels(next.dashboard) {
		old, now := before.frames[panel.Name], next.frames[panel.Name]
		frames[panel.Name] = now
		if old == now {
			continue
		}
		patch := difference(panel.Name, old, now)
		if patch == nil {
			same := *old
			same.standing = now.standing // a challenger's wait goes on
			frames[panel.Name] = &same
			continue
		}
		s.publish(wire.EventPatch, patch)
	}
	next.frames = frames
}

// sameGrid says whether two axes put rows into the same buckets; that the newest row moved is no news.
func sameGrid(a, b *wire.TimeAxis) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Column == b.Column && a.Grain == b.Grain
}

func (s *Stream) publish(event string, payload any) {
	data, err := json.Marshal(payload)
	if err != nil {
		s.model.options.Logger.Error("encoding an event", "event", event, "error", err)
		return
	}
	s.log.Publish(event, data)
}

// replace swaps the picture after its events are in the log. An old picture and the events behind it add up to the
// new one; the other way round an event would be applied twice.
func (s *Stream) replace(p *picture) {
	s.picture.Store(&picture{
		state: p.state, table: p.table, data: p.data, besides: p.besides, revision: p.revision, dashboard: p.dashboard, axis: p.axis, frames: p.frames, at: s.log.Head(),
	})
}

func (s *Stream) layout(p *picture) wire.Layout {
	selection := s.selection.under(p.dashboard).Selection
	return wire.Layout{
		Selection: &selection, Look: look(p.dashboard),
		Dashboard: s.slug, Title: p.dashboard.Title, Revision: p.revision, Time: p.axis,
		Fields: fields(p.dashboard, s.scope), Rows: layout(p.dashboard), Frames: wireFrames(p.frames),
	}
}

func wireFrames(frames map[string]*frame) map[string]wire.Frame {
	w := make(map[string]wire.Frame, len(frames))
	for name, f := range frames {
		w[name] = f.wire()
	}
	return w
}

// snapshot describes a picture whole.
func (m *Model) snapshot(scope Scope, slug string, s Selection, p *picture, at string) wire.Snapshot {
	w := wire.Snapshot{
		Dashboard: slug, Title: p.dashboard.Title, Table: p.dashboard.Table, Revision: p.revision,
		Epoch: m.hub.Epoch(), At: at, Selection: s.under(p.dashboard).Selection, Time: p.axis,
		Fields: fields(p.dashboard, scope), Rows: layout(p.dashboard), Frames: wireFrames(p.frames),
		Sources: []wire.Source{}, Look: look(p.dashboard), Viewers: max(1, m.Viewers(slug)), Allow: scope.allowed(),
	}
	for _, src := range p.state.Sources() {
		if scope.Guest && src.Path != p.table.Source.Path {
			continue
		}
		w.Sources = append(w.Sources, p.state.wireSource(src, scope))
	}
	return w
}

// Log is the stream's log of events.
func (s *Stream) Log() *hub.Log { return s.log }

// Snapshot returns the encoded picture and the position of the log it stands at.
func (s *Stream) Snapshot() ([]byte, uint64, error) {
	p := s.picture.Load()
	p.encode.Do(func() {
		p.json, p.err = json.Marshal(s.model.snapshot(s.scope, s.slug, s.selection, p, s.log.ID(p.at)))
	})
	if p.err != nil {
		return nil, 0, fmt.Errorf("encode snapshot: %w", p.err)
	}
	return p.json, p.at, nil
}

// Close says that one user of the stream is done with it. The stream goes on for a while: whoever reloads the page or
// turns a filter back finds it where it was.
func (s *Stream) Close() { s.model.release(s) }

// changedSince lists the sources that changed after an earlier state, those that went included.
func (s *State) changedSince(before *State) []*Source {
	var changed []*Source
	for _, src := range s.gone.from(changeKey(before.Version+1, "")) {
		changed = append(changed, src)
	}
	for _, src := range s.changes.from(changeKey(before.Version+1, "")) {
		if !sameSource(src, before.sources.get(src.Path)) {
			changed = append(changed, src)
		}
	}
	return changed
}

// sameSource says whether a viewer would see no difference between two states of a source.
func sameSource(a, b *Source) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.State == b.State && a.Revision == b.Revision && a.Counts == b.Counts && a.Partial == b.Partial && a.Writing.Equal(b.Writing) && a.From == b.From && reflect.DeepEqual(a.Error, b.Error)
}
