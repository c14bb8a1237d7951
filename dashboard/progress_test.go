package dashboard_test

import (
	"math/rand/v2"
	"testing"

	"github.com/dashira/dashira/dashboard/wire"
)

// TestASourceTellsHowFarItIsRead follows a source from the begin of a long reading to its end.
func TestASourceTellsHowFarItIsRead(t *testing.T) {
	m := newModel(t, "test")
	only := func() wire.Source {
		t.Helper()
		all, _ := m.SourcesSnapshot()
		if len(all) != 1 {
			t.Fatalf("%d sources", len(all))
		}
		return all[0]
	}
	m.Progress("orders.csv", 10, 100) // not announced: nobody waits
	if all, _ := m.SourcesSnapshot(); len(all) != 0 {
		t.Errorf("a source out of nothing: %+v", all)
	}
	m.Reading("orders.csv", "")
	if s := only(); s.State != wire.StateReading || s.Progress != nil {
		t.Errorf("%+v", s)
	}
	m.Progress("orders.csv", 25, 100)
	if s := only(); s.State != wire.StateReading || s.Progress == nil || *s.Progress != (wire.Progress{Bytes: 25, Total: 100}) {
		t.Errorf("%+v", s)
	}
	r := rand.New(rand.NewPCG(1, 1))
	m.Prepare(loadOf([]order{newOrder(r, 0), newOrder(r, 1)}), false)()
	m.Progress("orders.csv", 100, 100) // too late
	if s := only(); s.State != wire.StateOK || s.Progress != nil {
		t.Errorf("%+v", s)
	}
	m.Reading("orders.csv", "")
	if s := only(); s.State != wire.StateReading || s.Progress != nil || s.Rows != 2 {
		t.Errorf("the rows stay, the old progress does not: %+v", s)
	}
}
