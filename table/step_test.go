package table_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/dashira/dashira/table"
)

// growing returns tables of which each has a row more than the one before.
func growing(n int) []*table.Table {
	dict := table.NewDict()
	rows := func(n int) *table.Table {
		b := table.NewBuilder(orders, []*table.Dict{nil, dict, nil})
		for i := range n {
			o := anOrder(int64(i), fmt.Sprint("city ", i%3), float64(i))
			if i%5 == 4 {
				o[2] = table.Value{}
			}
			b.Append(o...)
		}
		return b.Table()
	}
	all := []*table.Table{rows(1000)}
	for i := range n {
		all = append(all, table.Diff(all[i], rows(1001+i), nil).Next())
	}
	return all
}

func TestARevisionHoldsItsOwnRowsAlone(t *testing.T) {
	all := growing(400)
	var before, beside int64
	for i, tb := range all[1:] {
		step := tb.Step()
		if step == nil || step.From() != all[i] || len(step.Added) != 1 || !step.Appends(all[i].Rows()) {
			t.Fatalf("table %d does not know that it has a row more: %+v", i+1, step)
		}
		before += all[i].Bytes()
		beside += all[i].Chunks()[0].BytesBeside(tb.Chunks()[0])
		for r := range tb.Rows() {
			if null := r%5 == 4; tb.Value(r, 0).Int() != r || tb.Value(r, 1).Text() != fmt.Sprint("city ", r%3) || tb.Value(r, 2).IsNull() != null {
				t.Fatalf("table %d, row %d: %v %v %v", i+1, r, tb.Value(r, 0), tb.Value(r, 1), tb.Value(r, 2))
			}
		}
	}
	if beside > before/20 {
		t.Errorf("beside the next revision 400 tables hold %d of %d bytes", beside, before)
	}
	runtime.KeepAlive(all)
}

// TestTwoWaysOnDoNotMeet: of two tables that go on from one, each has its own rows, whoever came first into the memory
// behind it, and readers of the one before notice nothing.
func TestTwoWaysOnDoNotMeet(t *testing.T) {
	base := growing(3)[3]
	grown := func(city string) *table.Table {
		b := table.NewBuilder(orders, []*table.Dict{nil, base.Chunks()[0].Column(1).Dict(), nil})
		for r := range base.Rows() {
			b.Append(base.Value(r, 0), base.Value(r, 1), base.Value(r, 2))
		}
		for i := range int64(50) {
			b.Append(anOrder(base.Rows()+i, city, float64(i))...)
		}
		return table.Diff(base, b.Table(), nil).Next()
	}
	var wg sync.WaitGroup
	ways := make([]*table.Table, 4)
	for i := range ways {
		wg.Go(func() { ways[i] = grown(fmt.Sprint("way ", i)) })
		wg.Go(func() {
			for r := range base.Rows() {
				if base.Value(r, 0).Int() != r {
					t.Errorf("row %d of the table before is %v", r, base.Value(r, 0))
				}
			}
		})
	}
	wg.Wait()
	for i, w := range ways {
		for r := base.Rows(); r < w.Rows(); r++ {
			if got := w.Value(r, 1).Text(); got != fmt.Sprint("way ", i) {
				t.Fatalf("row %d of way %d is of %s", r, i, got)
			}
		}
	}
}
