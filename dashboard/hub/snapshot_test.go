package hub_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/hub"
)

func TestAnyOtherIDGetsASnapshot(t *testing.T) {
	eachTransport(t, func(t *testing.T, direct bool, header []string) {
		h := open(t, hub.Options{Direct: direct, Epoch: "abc"})
		other := h.NewLog("another selection")
		other.Publish("patch", []byte("x"))
		h.publish(10, "")
		for _, id := range []string{
			"zzz-5", "abc-999", "abc-", "-", "-5", "abc", "5", "abc-05", "abc-+5", "abc-5x", "abc--5", "abc-5-5", "ABC-5",
			"abc-18446744073709551615", "abc-18446744073709551616", "abc-99999999999999999999999", "héllo",
			strings.Repeat("a", 5000), other.ID(other.Head()),
		} {
			c := dial(t, h.url, id, header...)
			if e := c.must(t); string(e.Data) != `{"resumed":false}` {
				t.Fatalf("%q: %s", id, e.Data)
			}
			if e := c.must(t); e.Type != "snapshot" || string(e.Data) != "10" {
				t.Fatalf("%q: %+v", id, e)
			}
			c.close()
		}
	})
}

func TestANewEpochGetsOneSnapshotAndGoesOn(t *testing.T) {
	old := open(t, hub.Options{Epoch: "one"})
	old.publish(5, "")
	id, _, err := dial(t, old.url, "").follow(5)
	if err != nil {
		t.Fatal(err)
	}
	restarted := open(t, hub.Options{Epoch: "two"})
	restarted.publish(5, "") // the same number, another history
	c := dial(t, restarted.url, id)
	restarted.publish(9, "")
	if _, snapshots, err := c.follow(9); err != nil || snapshots != 1 {
		t.Fatalf("%d snapshots, %v", snapshots, err)
	}
}

func TestASnapshotThatFailsSaysSo(t *testing.T) {
	h := open(t, hub.Options{})
	boom := errors.New("boom")
	h.stream = func(*http.Request) hub.Stream {
		return hub.Stream{Snapshot: func(context.Context) ([]hub.Encoded, uint64, error) { return nil, 0, boom }}
	}
	c := dial(t, h.url, "")
	c.must(t)
	if e := c.must(t); e.Type != "goodbye" || string(e.Data) != hub.ReasonError {
		t.Fatalf("%+v", e)
	}
	await(t, "the error", func() bool { return len(h.errors()) == 1 })
	if !errors.Is(h.errors()[0], boom) {
		t.Fatal(h.errors())
	}
}

// A snapshot made so slowly that the log moved on is made again, and one that
// claims a place in the future is refused.
func TestASnapshotMustStandInTheLog(t *testing.T) {
	h := open(t, hub.Options{SegmentBytes: 256, Segments: 2})
	h.publish(100, "")
	tries := 0
	h.stream = func(*http.Request) hub.Stream {
		return hub.Stream{Snapshot: func(ctx context.Context) ([]hub.Encoded, uint64, error) {
			if tries++; tries == 1 {
				return []hub.Encoded{{Data: []byte("old")}}, h.log.Head() - 99, nil
			}
			return h.snapshot(ctx)
		}}
	}
	if id, snapshots, err := dial(t, h.url, "").follow(100); err != nil || snapshots != 1 || id != h.log.ID(h.log.Head()) {
		t.Fatal(id, snapshots, err)
	}
	h.stream = func(*http.Request) hub.Stream {
		return hub.Stream{Snapshot: func(context.Context) ([]hub.Encoded, uint64, error) {
			return []hub.Encoded{{Data: []byte("early")}}, h.log.Head() + 1, nil
		}}
	}
	c := dial(t, h.url, "")
	c.must(t)
	if e := c.must(t); string(e.Data) != hub.ReasonError {
		t.Fatalf("%+v", e)
	}
}

func TestASnapshotInPartsCarriesItsIDLast(t *testing.T) {
	h := open(t, hub.Options{})
	h.publish(3, "")
	h.stream = func(*http.Request) hub.Stream {
		return hub.Stream{Snapshot: func(context.Context) ([]hub.Encoded, uint64, error) {
			return []hub.Encoded{{"schema", []byte("a\r\nb\rc\n")}, {"reset", nil}}, h.log.Head(), nil
		}}
	}
	c := dial(t, h.url, "")
	c.must(t)
	if e := c.must(t); e.Type != "schema" || string(e.Data) != "a\nb\nc\n" || e.ID != "" {
		t.Fatalf("%+v", e)
	}
	if e := c.must(t); e.Type != "reset" || len(e.Data) != 0 || e.ID != h.log.ID(h.log.Head()) {
		t.Fatalf("%+v", e)
	}
}

// A compressed viewer that resumes gets the frames before compression began
// deflated for itself, and then the shared ones: none is lost or repeated where
// the two meet, even if events come in between.
func TestCompressionBeginsInTheMiddleOfALog(t *testing.T) {
	for _, direct := range []bool{false, true} {
		h := open(t, hub.Options{Direct: direct})
		h.publish(100, "")
		id := h.log.ID(h.log.Head() - 50)
		for round := range 3 {
			for before := range 2 { // the second viewer finds the shared frames made
				c := dialWith(t, h, id, func() { h.publish(h.number()+10, "") })
				want := 51
				for ; want <= 100+(2*round+before+1)*10; want++ {
					if e := c.must(t); e.Type != "patch" || string(e.Data) != strconv.Itoa(want) {
						t.Fatalf("want %d, got %+v", want, e)
					}
				}
				if before == 1 {
					c.close()
				}
			}
			if s := h.Stats(); s.Packed != 1 {
				t.Fatalf("%+v", s)
			}
		}
	}
}
