package dashboard_test

import (
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
)

// loadAt is a load of one row from a path.
func loadAt(m *dashboard.Model, path, id string, partial bool, from string) {
	load := loadOf([]order{{id: id, amount: 1}})
	load.Path = path
	m.PrepareRenamed(load, partial, from)()
}

func TestFileBeingWrittenForLongIsStaleUntilItIsRead(t *testing.T) {
	var told []dashboard.Source
	m := dashboard.New(dashboard.Options{Hub: hub.New(hub.Options{}), OnChange: func(c dashboard.Change) { told = append(told, *c.Source) }})
	since := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	m.Writing("a.csv", since, false)
	if m.State().SourceAt("a.csv") != nil {
		t.Error("a file that nobody has finished yet is a source")
	}
	loadAt(m, "a.csv", "1", false, "")
	m.Writing("a.csv", since, false)
	if s := m.State().SourceAt("a.csv"); s.State != wire.StateOK || !s.Writing.Equal(since) {
		t.Errorf("being written: %s since %v", s.State, s.Writing)
	}
	n := len(told)
	m.Writing("a.csv", since, false)
	if len(told) != n {
		t.Error("the same is told twice")
	}
	m.Writing("a.csv", since, true)
	if s := m.State().SourceAt("a.csv"); s.State != wire.StateStale || s.Revision != 1 {
		t.Errorf("after a long time: %s at revision %d", s.State, s.Revision)
	}
	loadAt(m, "a.csv", "2", true, "")
	if s := m.State().SourceAt("a.csv"); s.State != wire.StateOK || !s.Partial || s.Writing.IsZero() {
		t.Errorf("its first rows: %s, partial %v, since %v", s.State, s.Partial, s.Writing)
	}
	m.Writing("a.csv", since, true)
	loadAt(m, "a.csv", "3", false, "")
	if s := m.State().SourceAt("a.csv"); s.State != wire.StateOK || s.Partial || !s.Writing.IsZero() {
		t.Errorf("finished: %s, partial %v, since %v", s.State, s.Partial, s.Writing)
	}
	m.Writing("a.csv", time.Time{}, false)
	if s := told[len(told)-1]; s.State != wire.StateOK || !s.Writing.IsZero() {
		t.Errorf("told last: %+v", s)
	}
}

func TestRenamedFileSaysWhatItWasCalled(t *testing.T) {
	m := dashboard.New(dashboard.Options{Hub: hub.New(hub.Options{})})
	loadAt(m, "old.csv", "1", false, "")
	loadAt(m, "new.csv", "1", false, "old.csv")
	m.Gone("old.csv")
	loadAt(m, "new.csv", "2", false, "")
	all, _ := m.SourcesSnapshot()
	if len(all) != 1 || all[0].Label != "new.csv" || all[0].RenamedFrom != "old.csv" {
		t.Errorf("%+v", all)
	}
}
