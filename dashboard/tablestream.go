package dashboard

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
	"github.com/dashira/dashira/table"
)

// TableStream is the log of one table's differences, row by row. Everyone who follows the table follows the same one.
// It compares what it told last with what is there now, so a storm of changes becomes fewer, larger steps.
type TableStream struct {
	model *Model
	name  string
	log   *hub.Log
	wake  chan struct{}
	told  atomic.Pointer[told]

	// Guarded by the model's streams mutex.
	users int
	idle  time.Time // since when nobody uses it
}

// told is the table as whoever applied every event up to a position of the log has it. It is immutable.
type told struct {
	table    *Table
	revision uint64 // of the newest event: the base of the next
	at       uint64 // position in the log
}

// OpenTable returns the stream of a table, a new one if nobody follows it yet. The caller closes it. It fails with
// ErrNoTable.
func (m *Model) OpenTable(name string) (*TableStream, error) {
	m.streamsMu.Lock()
	defer m.streamsMu.Unlock()
	if s, ok := m.tableStreams[name]; ok {
		s.users++
		return s, nil
	}
	t := m.State().Table(name)
	if t == nil {
		return nil, ErrNoTable
	}
	s := &TableStream{model: m, name: name, log: m.hub.NewLog("rows of " + name), wake: make(chan struct{}, 1), users: 1}
	s.told.Store(&told{table: t, revision: t.Revision, at: s.log.Head()})
	s.wake <- struct{}{} // the model may have moved on since its state was read
	m.tableStreams[name] = s
	m.start(s.run)
	return s, nil
}

// Close says that one user of the stream is done with it. It goes on for a while, for whoever comes back.
func (s *TableStream) Close() {
	s.model.streamsMu.Lock()
	defer s.model.streamsMu.Unlock()
	s.users--
	if s.users == 0 {
		s.idle = s.model.options.Now()
	}
	s.model.prune()
}

// Log is the stream's log of events.
func (s *TableStream) Log() *hub.Log { return s.log }

// Snapshot returns what somebody who knows nothing is told, the columns and which rows to read, and the position of the
// log it stands at.
func (s *TableStream) Snapshot() ([]hub.Encoded, uint64, error) {
	t := s.told.Load()
	schema, err := json.Marshal(rowsSchema(t.table, t.revision))
	if err != nil {
		return nil, 0, fmt.Errorf("encode the columns of %s: %w", s.name, err)
	}
	reset, err := json.Marshal(wire.RowsReset{Revision: t.revision, Rows: t.table.Data.Rows()})
	if err != nil {
		return nil, 0, fmt.Errorf("encode the rows of %s: %w", s.name, err)
	}
	return []hub.Encoded{{Event: wire.EventSchema, Data: schema}, {Event: wire.EventReset, Data: reset}}, t.at, nil
}

// run follows the model until the context ends or nobody uses the stream any more.
func (s *TableStream) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-s.wake:
			if !open {
				return
			}
			started := time.Now()
			if !s.update() {
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

// update tells what differs. It returns false when the table is gone.
func (s *TableStream) update() bool {
	before, now := s.told.Load(), s.model.State().Table(s.name)
	switch {
	case now == nil:
		s.model.streamsMu.Lock()
		if s.model.tableStreams[s.name] == s {
			delete(s.model.tableStreams, s.name) // before its log ends: whoever comes now opens another
		}
		s.model.streamsMu.Unlock()
		s.log.Close("gone")
		return false
	case now == before.table:
		return true
	default:
		if !sameColumns(before.table, now) {
			s.publish(wire.EventSchema, rowsSchema(now, now.Revision))
		}
		delta := table.Diff(before.table.Data, now.Data, now.Key)
		if delta.Empty() {
			// Whoever has the rows of the older revision has these.
			s.told.Store(&told{table: now, revision: before.revision, at: s.log.Head()})
			return true
		}
		events, ok := rowEvents(delta, now.Key, before.revision, now.Revision)
		if !ok {
			reset, err := json.Marshal(wire.RowsReset{Revision: now.Revision, Rows: now.Data.Rows()})
			if err != nil {
				s.model.options.Logger.Error("encoding an event", "event", wire.EventReset, "error", err)
				return true
			}
			events = []hub.Encoded{{Event: wire.EventReset, Data: reset}}
		}
		// The events come first and then the state, so that a reader of the old state finds all that is newer in the log.
		for _, e := range events {
			s.log.Publish(e.Event, e.Data)
		}
		s.told.Store(&told{table: now, revision: now.Revision, at: s.log.Head()})
	}
	return true
}

func (s *TableStream) publish(event string, payload any) {
	data, err := json.Marshal(payload)
	if err != nil {
		s.model.options.Logger.Error("encoding an event", "event", event, "error", err)
		return
	}
	s.log.Publish(event, data)
}

func rowsSchema(t *Table, revision uint64) wire.RowsSchema {
	d := t.Describe()
	return wire.RowsSchema{Table: d.Name, Revision: revision, Columns: d.Columns, Key: d.Key}
}

// sameColumns says whether two states of a table are described alike, but for figures that come with the rows.
func sameColumns(a, b *Table) bool {
	x, y := a.Describe(), b.Describe()
	return slices.Equal(x.Key, y.Key) && slices.EqualFunc(x.Columns, y.Columns, func(c, d wire.TableColumn) bool {
		c.Nulls, c.Distinct, c.Reason, c.Because = d.Nulls, d.Distinct, d.Reason, d.Because
		return c == d
	})
}
