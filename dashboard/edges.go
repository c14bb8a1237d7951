package dashboard

import (
	"sync"

	"github.com/dashira/dashira/table/view"
)

// edges remembers the bins of every histogram, so that they stay where they are while rows come and go.
type edges struct {
	mu   sync.Mutex
	kept map[string]keptBins
}

type keptBins struct {
	bins
	outside float64 // the part of the rows that lay outside when the bins were chosen
}

// drift is how much more of the rows may fall outside before the bins are chosen anew.
const drift = 0.02

func newEdges() *edges { return &edges{kept: map[string]keptBins{}} }

// bins returns the edges for a column of the asked table.
func (e *edges) bins(a *asking, column string) (bins, error) {
	key := a.dashboard.Slug + "\x00" + column
	e.mu.Lock()
	defer e.mu.Unlock()
	kept, ok := e.kept[key]
	if ok {
		outside, err := a.outside(kept.bins, column)
		if err != nil {
			return bins{}, err
		}
		if outside <= kept.outside+drift {
			return kept.bins, nil
		}
	}
	chosen := bins{width: 1, n: 1}
	if i := a.data.Schema().Index(column); i >= 0 {
		chosen.origin, chosen.width, chosen.n = view.NiceBins(view.Profile(a.data.Select(i))[0])
	}
	if chosen.n < 1 || chosen.width <= 0 {
		chosen = bins{origin: chosen.origin, width: 1, n: 1}
	}
	outside, err := a.outside(chosen, column)
	if err != nil {
		return bins{}, err
	}
	e.kept[key] = keptBins{chosen, outside}
	return chosen, nil
}

// outside returns the part of a column's values that lies outside the bins.
func (a *asking) outside(b bins, column string) (float64, error) {
	field := a.data.Schema().Field(a.data.Schema().Index(column))
	inside := view.Filter{
		Column: column, Op: view.Range, HighIncl: true,
		Low: number(field, b.origin), High: number(field, b.origin+b.width*float64(b.n)),
	}
	count := []view.Measure{{Name: "n", Op: view.Present, Column: column}}
	all, err := a.ask(view.Query{Measures: count})
	if err != nil {
		return 0, err
	}
	in, err := a.ask(view.Query{Where: []view.Filter{inside}, Measures: count})
	if err != nil {
		return 0, err
	}
	total, within := all.Table.Value(0, 0).Int(), in.Table.Value(0, 0).Int()
	if total == 0 {
		return 0, nil
	}
	return float64(total-within) / float64(total), nil
}
