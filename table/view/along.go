package view

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/dashira/dashira/table"
)

// resolveAlong finds what each measure that goes along others is made of.
func (p *plan) resolveAlong() error {
	for i, m := range p.query.Measures {
		if m.Op <= Ratio || m.Op == Computed {
			continue
		}
		plan := &p.measures[i]
		j := slices.IndexFunc(p.query.Measures, func(o Measure) bool { return o.Name == m.Of[0] })
		if j < 0 {
			var names []string
			for _, o := range p.query.Measures {
				if o.Op <= Ratio || o.Op == Computed {
					names = append(names, o.Name)
				}
			}
			return &QueryError{Column: m.Of[0], Allowed: nearest(m.Of[0], names), Reason: "there is no such measure to go along"}
		}
		base := p.measures[j]
		switch {
		case base.op > Ratio && base.op != Computed || !base.field.Type.Numeric() && base.field.Type != table.Null:
			return &QueryError{Column: m.Of[0], Reason: "it takes a measure that is a number and does not go along another itself"}
		case m.Window < 0 || m.Window > 1_000_000:
			return &QueryError{Column: m.Name, Reason: fmt.Sprintf("a window of %d rows makes no sense", m.Window)}
		case len(p.groups) == 0 && m.Op != Share:
			return &QueryError{Column: m.Name, Reason: "it needs a group to go along"}
		case m.Year && (m.Op != Difference && m.Op != Change || !p.groups[0].buckets()):
			return &QueryError{Column: m.Name, Reason: "only a difference along buckets of the calendar looks a year back"}
		}
		plan.of[0], plan.back, plan.year, plan.level = j, m.Window, m.Year, m.Level
		plan.field = table.Field{Name: m.Name, Type: base.field.Type, Unit: base.field.Unit}
		switch m.Op {
		case MovingMean:
			if plan.back == 0 {
				plan.back = 3
			}
			if plan.field.Type == table.Int {
				plan.field.Type = table.Float
			}
		case Difference, Change:
			plan.back = max(plan.back, 1)
		}
		if m.Op >= Change {
			plan.field.Type, plan.field.Unit = table.Float, "percent"
		}
	}
	return nil
}

// along returns, for the measures that go along others, the values of all groups, and the schema in which a column whose
// integers do not fit is a Float.
func (p *plan) along(part *partial, ascending []uint32, total *partial, schema *table.Schema, wide []bool) (*table.Schema, [][]table.Value) {
	out := make([][]table.Value, len(p.measures))
	var lines [][]uint32
	for i := range p.measures {
		if p.measures[i].op == Computed {
			out[i] = p.compute(part, i, part.groups, wide)
		}
	}
	for i := range p.measures {
		m := &p.measures[i]
		if m.op <= Ratio || m.op == Computed {
			continue
		}
		base := out[m.of[0]]
		if base == nil {
			base = make([]table.Value, part.groups)
			for g := range base {
				base[g] = p.measure(part, m.of[0], g, wide)
			}
		}
		values := make([]table.Value, part.groups)
		out[i] = values
		if m.op == Share {
			all := p.whole(total, m.of[0])
			for g := range values {
				values[g] = quotient(base[g], all)
			}
			continue
		}
		if lines == nil {
			lines = p.lines(part, ascending)
		}
		if m.level {
			base = leveled(base, p.measures[m.of[0]].field.Type)
		}
		for _, line := range lines {
			if m.year {
				p.yearOverYear(m, part, line, base, values)
			} else {
				m.walk(line, base, values)
			}
		}
		at := len(p.groups) + i
		if schema.Field(at).Type != table.Float && slices.ContainsFunc(values, func(v table.Value) bool { return v.Type() == table.Float }) {
			fields := schema.Fields()
			fields[at].Type = table.Float
			schema = table.NewSchema(fields...)
			for g, v := range values {
				if !v.IsNull() {
					values[g] = table.FloatValue(v.Float())
				}
			}
		}
	}
	return schema, out
}

// lines returns the groups of each combination of the keys after the first, in the order of the first, without those
// whose first key is empty.
func (p *plan) lines(part *partial, ascending []uint32) [][]uint32 {
	var out [][]uint32
	seen := map[string]int{}
	var name []byte
	for _, g := range ascending {
		if part.keys[0].value(&p.groups[0], part.ids[0][g]).IsNull() {
			continue
		}
		name = name[:0]
		for _, ids := range part.ids[1:] {
			name = binary.LittleEndian.AppendUint32(name, ids[g])
		}
		line, ok := seen[string(name)]
		if !ok {
			line = len(out)
			seen[string(name)] = line
			out = append(out, nil)
		}
		out[line] = append(out[line], g)
	}
	return out
}

// walk computes the measure for the groups of one line.
func (m *measurePlan) walk(line []uint32, base, values []table.Value) {
	var sum table.Value
	for i, g := range line {
		v := base[g]
		switch m.op {
		case Running:
			// A row without a value adds nothing, so the line goes on level.
			if sum.IsNull() {
				sum = v
			} else if !v.IsNull() {
				sum = plus(sum, v, 1)
			}
			values[g] = sum
		case MovingMean:
			values[g] = m.mean(line[max(0, i+1-m.back):i+1], base)
		case Difference, Change:
			if i >= m.back {
				values[g] = m.since(v, base[line[i-m.back]])
			}
		}
	}
}

// since returns what a value is more than the one before, or that as a part of it.
func (m *measurePlan) since(v, before table.Value) table.Value {
	if v.IsNull() || before.IsNull() {
		return table.Value{}
	}
	d := plus(v, before, -1)
	if m.op == Change {
		return quotient(d, table.FloatValue(math.Abs(before.Float())))
	}
	return d
}

// yearOverYear computes differences from the bucket a year before for the groups of one line.
func (p *plan) yearOverYear(m *measurePlan, part *partial, line []uint32, base, values []table.Value) {
	g, vals, ids := &p.groups[0], part.keys[0].vals, part.ids[0]
	at := make(map[int64]uint32, len(line))
	for _, n := range line {
		at[vals[ids[n]]] = n
	}
	for _, n := range line {
		if before, ok := at[g.yearBefore(vals[ids[n]])]; ok {
			values[n] = m.since(base[n], base[before])
		}
	}
}

// leveled returns values with 0 in the place of empty ones.
func leveled(values []table.Value, t table.Type) []table.Value {
	zero := table.FloatValue(0)
	if t == table.Int || t == table.Duration {
		zero = table.IntValue(t, 0)
	}
	out := slices.Clone(values)
	for i, v := range out {
		if v.IsNull() {
			out[i] = zero
		}
	}
	return out
}

// mean returns the mean of the values that are there.
func (m *measurePlan) mean(groups []uint32, base []table.Value) table.Value {
	sum, n := 0.0, 0
	for _, g := range groups {
		if v := base[g]; !v.IsNull() {
			sum += v.Float()
			n++
		}
	}
	if n == 0 {
		return table.Value{}
	}
	if m.field.Type == table.Duration {
		return numberOf(table.Duration, sum/float64(n)*1e6)
	}
	return table.FloatValue(sum / float64(n))
}

// plus returns a + sign*b: integers stay integers where the result fits, and are a Float where it does not.
func plus(a, b table.Value, sign int64) table.Value {
	if a.Type() == table.Float || b.Type() == table.Float {
		return table.FloatValue(a.Float() + float64(sign)*b.Float())
	}
	x, y := a.Int(), b.Int()
	sum := x + sign*y
	if sign > 0 && (sum > x) == (y > 0) || sign < 0 && (sum < x) == (y > 0) {
		return table.IntValue(a.Type(), sum)
	}
	return table.FloatValue(a.Float() + float64(sign)*b.Float())
}

// quotient returns a over b, null for nothing and over zero.
func quotient(a, b table.Value) table.Value { return table.FloatValue(a.Float() / b.Float()) }
