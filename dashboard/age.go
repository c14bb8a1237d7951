package dashboard

import (
	"time"

	"github.com/dashira/dashira/dashboard/wire"
)

// age finds the sources that are older than a dashira.yaml wants their tables to be, and those that were and are no
// longer. What is shown of them stays; their state says that it is stale.
func (m *Model) age() {
	state := m.State()
	now := m.options.Now()
	for path, src := range state.sources.all() {
		aged := state.tooOld(src, now)
		if aged == src.Aged && (!aged || src.State != wire.StateOK) {
			continue
		}
		m.commit(path, false, func(e *edit) {
			old := e.sources.get(path)
			if old == nil {
				return
			}
			s := *old
			// Something may have come since the state was looked at.
			s.Aged = e.state.tooOld(old, now)
			switch {
			case s.Aged && s.State == wire.StateOK:
				s.State = wire.StateStale
			case !s.Aged && old.Aged && s.State == wire.StateStale && s.Writing.IsZero():
				s.State = wire.StateOK
			}
			if s.Aged != old.Aged || s.State != old.State {
				e.setSource(&s)
			}
		})
	}
}

// tooOld says whether a source has not changed for longer than is wanted of one of its tables.
func (s *State) tooOld(src *Source, now time.Time) bool {
	if src.Modified.IsZero() {
		return false
	}
	for _, name := range src.Tables {
		t := s.tables.get(name)
		if t == nil {
			continue
		}
		for _, d := range t.Dashboards {
			if d.StaleAfter > 0 && now.Sub(src.Modified) > d.StaleAfter {
				return true
			}
		}
	}
	return false
}
