package dashboard_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/table"
)

// textOf writes a table out, so that two can be compared.
func textOf(t *table.Table) string {
	var b strings.Builder
	for row := range t.Rows() {
		for column := range t.Schema().Len() {
			fmt.Fprint(&b, t.Value(row, column), " ")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestARevisionStandsForTheSameRowsForGood changes several files at once, and holds that revisions go forward by one in
// the order in which they are told, that whoever is told of one can ask for it, and that what is read at one is what
// was read at it before, however much has changed since.
func TestARevisionStandsForTheSameRowsForGood(t *testing.T) {
	const files, saves = 4, 60
	first := map[uint64]string{}
	path := map[uint64]string{}
	var last uint64
	var m *dashboard.Model
	read := func(revision uint64) string {
		state := m.At(revision)
		if state == nil {
			t.Fatalf("revision %d cannot be looked at", revision)
		}
		return textOf(state.Table(state.SourceAt(path[revision]).Tables[0]).Data)
	}
	m = dashboard.New(dashboard.Options{Hub: hub.New(hub.Options{}), OnChange: func(c dashboard.Change) {
		r := c.Source.Revision
		if r != last+1 {
			t.Errorf("revision %d after %d", r, last)
		}
		last, path[r] = r, c.Source.Path
		first[r] = read(r)
	}})
	var writers sync.WaitGroup
	for i := range files {
		writers.Go(func() {
			for n := range saves {
				loadAt(m, fmt.Sprintf("f%d.csv", i), fmt.Sprintf("%d-%d", i, n), false, "")
			}
		})
	}
	writers.Wait()
	if len(first) != files*saves {
		t.Errorf("%d revisions of %d saves", len(first), files*saves)
	}
	for r, text := range first {
		if now := read(r); now != text {
			t.Errorf("revision %d was %q and is %q", r, text, now)
		}
	}
}
