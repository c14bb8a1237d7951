package view

import (
	"fmt"
	"slices"

	"github.com/dashira/dashira/table"
)

// resolveComputed finds what each computed measure is made of: the columns of its formula are measures of the query.
func (p *plan) resolveComputed() error {
	for i, m := range p.query.Measures {
		if m.Op != Computed {
			continue
		}
		if m.Formula == nil {
			return &QueryError{Column: m.Name, Reason: "a computed measure needs a formula"}
		}
		plan := &p.measures[i]
		for _, f := range m.Formula.Schema().Fields() {
			j := slices.IndexFunc(p.query.Measures, func(o Measure) bool { return o.Name == f.Name })
			if j < 0 {
				var names []string
				for _, o := range p.query.Measures {
					if o.Op <= Ratio {
						names = append(names, o.Name)
					}
				}
				return &QueryError{Column: f.Name, Allowed: nearest(f.Name, names), Reason: "there is no such measure to compute with"}
			}
			if p.measures[j].op > Ratio {
				return &QueryError{Column: f.Name, Reason: "a formula takes measures that are not made of others"}
			}
			if t := p.measures[j].field.Type; t != f.Type && !(t.Numeric() && f.Type == table.Float) && t != table.Null && !(t.Textual() && f.Type.Textual()) {
				return &QueryError{Column: f.Name, Reason: fmt.Sprintf("the formula takes a %s, and the measure is a %s", f.Type, t)}
			}
			plan.parts = append(plan.parts, j)
		}
		plan.field = m.Formula.Field()
		plan.field.Name = m.Name
	}
	return nil
}

// compute returns the values of a computed measure for so many groups of a partial.
func (p *plan) compute(part *partial, i, groups int, wide []bool) []table.Value {
	m, formula := &p.measures[i], p.query.Measures[i].Formula
	schema := formula.Schema()
	columns := make([]*table.Column, len(m.parts))
	for n, j := range m.parts {
		t := schema.Field(n).Type
		b := table.NewColumnBuilder(t, nil)
		for g := range groups {
			b.Append(asPart(p.measure(part, j, g, wide), t))
		}
		columns[n] = b.Column()
	}
	out := make([]table.Value, groups)
	column := formula.Eval(table.NewChunk(groups, columns, [16]byte{}))
	for g := range out {
		out[g] = column.Value(g)
	}
	return out
}

// asPart brings a measure's value into the type that a formula takes: numbers are Floats to it, and a sum of lengths of
// time that became one comes back.
func asPart(v table.Value, t table.Type) table.Value {
	switch {
	case v.IsNull() || v.Type() == t:
		return v
	case t == table.Float:
		return table.FloatValue(v.Float())
	case t == table.Duration && v.Type() == table.Float:
		return numberOf(t, v.Float()*1e6)
	case t.Textual() && v.Type().Textual():
		return table.TextValue(t, v.Text())
	}
	return table.Value{}
}
