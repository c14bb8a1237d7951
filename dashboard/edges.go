package dashboard

import (
	"math"
	"strconv"
	"sync"

	"github.com/dashira/dashira/table"
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

// bins returns the edges for a column of the asked table: so many at most, or as many as its values suggest, where most is
// 0.
func (e *edges) bins(a *asking, column string, most int) (bins, error) {
	key := a.dashboard.Slug + "\x00" + column + "\x00" + strconv.Itoa(most)
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
	if most > 0 {
		whole := a.data.Schema().Field(a.data.Schema().Index(column)).Type == table.Int
		chosen = chosen.parted(most, whole)
	}
	outside, err := a.outside(chosen, column)
	if err != nil {
		return bins{}, err
	}
	e.kept[key] = keptBins{chosen, outside}
	return chosen, nil
}

// parted returns bins of a round width over the same stretch, as many as fit into most.
func (b bins) parted(most int, whole bool) bins {
	low, high := b.origin, b.origin+b.width*float64(b.n)
	target := (high - low) / float64(most)
	power := math.Pow(10, math.Floor(math.Log10(target)))
	for {
		for _, digit := range [...]float64{1, 2, 2.5, 5} {
			width := digit * power
			if width < target*(1-1e-9) || whole && width != math.Trunc(width) {
				continue
			}
			origin := math.Floor(low/width+1e-9) * width
			if n := int(math.Ceil((high-origin)/width - 1e-9)); n <= most {
				return bins{origin: origin, width: width, n: max(1, n)}
			}
		}
		power *= 10
	}
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
