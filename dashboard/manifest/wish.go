package manifest

import (
	"slices"

	"github.com/dashira/dashira/table/view"
)

// wishes are what a person said of a table. They go before what the rules find; nil says nothing.
type wishes struct {
	columns  map[string]wish
	time     string // the column of the time axis; empty: not said; a name that no column has: none
	smallest view.Grain
	measures []scored // best first
}

// wish is what a person said of a column; empty parts say nothing.
type wish struct {
	label, unit string
	role        Role
	order       []string
}

// apply puts what was said of the columns in place of what was found.
func (w *wishes) apply(fields []Field) {
	if w == nil {
		return
	}
	for i := range fields {
		f := &fields[i]
		c, ok := w.columns[f.Name]
		if !ok {
			continue
		}
		if c.label != "" {
			f.Label = c.label
		}
		if c.unit != "" {
			f.Unit = c.unit
		}
		if c.role != "" {
			f.Role, f.Confidence = c.role, 1
			f.because(because("said"))
		}
		if len(c.order) > 0 {
			f.Order = c.order
			if c.role == "" && (f.Role == RoleNominal || f.Role == RoleText) {
				f.Role, f.Confidence = RoleCyclic, 1
				f.because(because("said-order"))
			}
		}
	}
}

// prefer puts the named measures before the others, of which those of the same column and aggregate go.
func (w *wishes) prefer(found []scored) []scored {
	if w == nil || len(w.measures) == 0 {
		return found
	}
	same := func(a, b Measure) bool { return a.Op == b.Op && a.Column == b.Column && a.P == b.P }
	all := make([]scored, 0, len(found)+len(w.measures))
	for i, m := range w.measures {
		m.score = 20 - 0.1*float64(i)
		all = append(all, m)
	}
	for _, m := range found {
		if !slices.ContainsFunc(w.measures, func(o scored) bool { return same(o.Measure, m.Measure) }) {
			all = append(all, m)
		}
	}
	return all
}
