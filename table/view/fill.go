package view

import "encoding/binary"

// fillLimit is how many groups a query is filled up with; where more are missing, none comes.
const fillLimit = 100_000

// fill adds what is missing between the first calendar bucket and the last: every bucket with every combination of the
// other groups' keys that some bucket has.
func (p *plan) fill(part *partial) *partial {
	g, set := &p.groups[0], &part.keys[0]
	scale := int64(1)
	if g.kind == keyDay {
		scale = microsPerDay
	}
	if !g.buckets() {
		return part
	}
	known := false
	var first, last int64
	for i, v := range set.vals {
		switch {
		case int32(i) == set.null:
		case !known:
			known, first, last = true, v, v
		default:
			first, last = min(first, v), max(last, v)
		}
	}
	combos := p.combinations(part)
	if !known || first == last && len(combos) < 2 {
		return part
	}
	there := 0
	for _, k := range part.ids[0] {
		if int32(k) != set.null {
			there++
		}
	}
	var all []int64
	for t := first * scale; ; {
		b := g.cal.bucket(t)
		v := floorDiv(b.value, scale)
		if v > last {
			break
		}
		if all = append(all, v); len(all)*len(combos)-there > fillLimit {
			return part
		}
		if b.end <= t {
			return part // the calendar ends with the 64 bits
		}
		t = b.end
	}
	if len(all)*len(combos) == there {
		return part
	}
	b := newBuilder(p)
	b.absorb(part)
	for _, v := range all {
		code := b.keys[0].int(v)
		for _, combo := range combos {
			group, groups := []uint32{code}, b.keys[0].set.len()
			for i := range b.levels {
				b.levels[i].pair(group, []uint32{part.ids[i+1][combo]}, groups, b.keys[i+1].set.len())
				groups = len(b.levels[i].group)
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

// combinations returns one group for each combination of keys of the columns after the first that stands in a bucket; the
// empty key is a key as others are.
func (p *plan) combinations(part *partial) []uint32 {
	if len(p.groups) == 1 {
		return []uint32{0}
	}
	var out []uint32
	seen := map[string]bool{}
	var key []byte
	for g := range part.groups {
		if int32(part.ids[0][g]) == part.keys[0].null {
			continue
		}
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
