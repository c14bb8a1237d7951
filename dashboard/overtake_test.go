package dashboard

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
)

// TestANewerRevisionOvertakesALongAnswer: a picture that takes long is given up for a newer state, but not for ever; one
// that is quick never is.
func TestANewerRevisionOvertakesALongAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rest := func(d time.Duration) { time.Sleep(d); synctest.Wait() }
		m := New(Options{Hub: hub.New(hub.Options{})})
		t.Cleanup(func() { m.cancel(); m.running.Wait() })
		rows := rowsOf(60)
		change := func() {
			rows = append(rows, rows[0])
			m.Prepare(sheetOf("orders.csv", "customer,amount#,cost#", rows...), false)()
		}
		m.Prepare(sheetOf("orders.csv", "customer,amount#,cost#", rows...), false)()
		m.SetReady()
		selection, err := ParseSelection(nil)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := m.Open(t.Context(), Scope{}, m.State().Dashboards()[0].Slug, selection)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		rest(time.Second)

		takes := time.Second
		var begun, given int
		draw := stream.draw
		stream.draw = func(ctx context.Context, state *State, before *picture) (*picture, error) {
			begun++
			select {
			case <-ctx.Done():
				given++
				return nil, ctx.Err()
			case <-time.After(takes):
			}
			return draw(ctx, state, before)
		}
		shown := func() int64 { return stream.picture.Load().table.Data.Rows() }

		// Two changes while the first is drawn for a second: at a quarter of it the newer one takes over.
		change()
		rest(100 * time.Millisecond)
		change()
		rest(1300 * time.Millisecond)
		if begun != 2 || given != 1 || shown() != 62 {
			t.Errorf("%d begun, %d given up, %d rows shown", begun, given, shown())
		}

		// Changes that never stop: some pictures are finished all the same.
		rest(time.Second)
		begun, given = 0, 0
		before := shown()
		for range 40 {
			change()
			rest(100 * time.Millisecond)
		}
		if given == 0 || given > 3*(begun-given) || shown() == before {
			t.Errorf("%d begun, %d given up, %d rows shown", begun, given, shown())
		}
		rest(3 * time.Second)
		if want := int64(102); shown() != want {
			t.Errorf("%d rows in the end, want %d", shown(), want)
		}

		// What is quick is finished.
		takes, begun, given = 200*time.Millisecond, 0, 0
		change()
		rest(150 * time.Millisecond)
		change()
		rest(time.Second)
		if begun != 2 || given != 0 {
			t.Errorf("%d begun, %d given up", begun, given)
		}

		// A stream that ends while it draws is gone at once.
		takes = time.Hour
		change()
		rest(10 * time.Millisecond)
		stream.Close()
		m.streamsMu.Lock()
		m.end(stream.key, stream)
		m.streamsMu.Unlock()
		synctest.Wait()
		if given != 1 {
			t.Errorf("%d given up", given)
		}
	})
}
