package view

import "encoding/binary"

// fillLimit is how many groups a query is filled up with; where more are missing, none comes.
const fillLimit = 100_000

// fill adds the calendar buckets between the first and the last that have no rows: each with every combination of the
// other groups' keys that there is.
func (p *plan) fill(part *partial) *partial {
	g, set := &p.groups[0], &part.keys[0]
	scale := int64(1)
	if g.kind == keyDay {
		scale = microsPerDay
	}
	have := make(map[int64]bool, set.len())
	var first, last int64
	for i, v := range set.vals {
		if int32(i) == set.null {
			continue
		}
		if len(have) == 0 {
			first, last = v, v
		}
		first, last = min(first, v), max(last, v)
		have[v] = true
	}
	if len(have) < 2 || !g.buckets() {
		return part
	}
	combos := p.combinations(part)
	var missing []int64
	for t := first * scale; ; {
		b := g.cal.bucket(t)
		v := floorDiv(b.value, scale)
		if v >= last {
			break
		}
		if !have[v] {
			if missing = append(missing, v); len(missing)*len(combos) > fillLimit {
				return part
			}
		}
		if b.end <= t {
			return part // the calendar ends with the 64 bits
		}
		t = b.end
	}
	if len(missing) == 0 {
		return part
	}
	b := newBuilder(p)
	b.absorb(part)
	for _, v := range missing {
		code := b.keys[0].int(v)
		for _, combo := range combos {
			group := []uint32{code}
			for i := range b.levels {
				b.levels[i].pair(group, []uint32{part.ids[i+1][combo]})
			}
		}
	}
	b.groups = b.keys[0].set.len()
	if n := len(b.levels); n > 0 {
		b.groups = len(b.levels[n-1].group)
	}
	b.grow()
	return b.partial()
}

// combinations returns one group for each combination of keys of the columns after the first.
func (p *plan) combinations(part *partial) []uint32 {
	if len(p.groups) == 1 {
		return []uint32{0}
	}
	var out []uint32
	seen := map[string]bool{}
	var key []byte
	for g := range part.groups {
		key = key[:0]
		for _, ids := range part.ids[1:] {
			key = binary.LittleEndian.AppendUint32(key, ids[g])
		}
		if !seen[string(key)] {
			seen[string(key)] = true
			out = append(out, uint32(g))
		}
	}
	return out
}
