package view

import "github.com/dashira/dashira/table"

// ExactDistinct is how many different values of a group are counted exactly; above it a HyperLogLog estimates.
const ExactDistinct = 10_000

// distinct keeps the different values of each group: by codes as long as all of them have one coding, and else by 64-bit
// hashes, one to one for everything but text (of which two of ten thousand collide once in 10^11 groups). What it says
// follows from the values alone, whichever way they are kept.
type distinct struct {
	column int
	groups int
	coding coding
	codes  int       // how many there may be
	coded  []codeSet // of each group, while there is a coding
	hashed bool      // values are kept by their hashes
	sets   []hashSet // of each group, where some are; while there is a coding they are sketches or empty
	loose  bool      // some group is estimated
}

// sketchBytes is the memory of the sketch that takes the place of a set which has become too large: bits that take no more
// stay, and are put into a sketch when the answer is wanted.
const sketchBytes = 1 << 14

func (s *distinct) grow(groups int) {
	s.groups = max(s.groups, groups)
	if s.coding != (coding{}) {
		s.coded = grown(s.coded, s.groups)
	}
	if s.hashed || s.sets != nil {
		s.sets = grown(s.sets, s.groups)
	}
}

// use prepares for values with so many codes of a coding, or with none. It says whether they are kept by their codes.
func (s *distinct) use(k coding, codes int) bool {
	if !s.hashed && k != (coding{}) && (k == s.coding || s.coding == (coding{})) {
		s.coding, s.codes = k, max(s.codes, codes)
		s.grow(s.groups)
		return true
	}
	s.rehash()
	return false
}

// rehash keeps values by their hashes from now on.
func (s *distinct) rehash() {
	if s.hashed {
		return
	}
	s.hashed = true
	s.grow(s.groups)
	for g := range s.coded {
		s.coded[g].each(func(code uint32) { s.sets[g].add(s.coding.hash(code)) })
	}
	s.coded, s.coding = nil, coding{}
}

// code adds a code to a group.
func (s *distinct) code(g uint32, code uint32) {
	if s.sets != nil && s.sets[g].sketch != nil {
		s.sets[g].sketch.Insert(s.coding.hash(code))
		return
	}
	set := &s.coded[g]
	if !set.add(code, s.codes) {
		return
	}
	if set.sketch != nil {
		set.sketch.Insert(s.coding.hash(code))
	}
	if set.n > ExactDistinct {
		s.over(g)
	}
}

// over notes that a group has more values than are counted exactly.
func (s *distinct) over(g uint32) {
	if s.loose = true; words(s.codes)*8 > sketchBytes {
		s.condense(g)
	}
}

// condense puts the codes of a group into a sketch.
func (s *distinct) condense(g uint32) {
	if s.sets == nil {
		s.sets = make([]hashSet, s.groups)
	}
	if s.sets[g].sketch != nil {
		return
	}
	s.sets[g].sketch = s.sketched(&s.coded[g])
	s.coded[g] = codeSet{}
}

// sketched returns a sketch of the values of a set, which keeps it.
func (s *distinct) sketched(set *codeSet) *table.Cardinality {
	if set.sketch == nil {
		set.sketch = table.NewCardinality(14)
		set.each(func(code uint32) { set.sketch.Insert(s.coding.hash(code)) })
	}
	return set.sketch
}

func (s *distinct) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := c.Column(s.column)
	if col.Nulls() == col.Len() {
		return
	}
	if !s.hashed && s.use(codingOf(col)) && s.scanCodes(col, ids, rows) {
		return
	}
	s.rehash() // a value may have had no code: those before it are in the set twice, which is once
	add := func(g uint32, h uint64) { s.loose = s.sets[g].add(h) || s.loose }
	switch {
	case col.Ints() != nil:
		v := col.Ints()
		each(col, ids, rows, func(g uint32, r int) { add(g, scramble(uint64(v[r]))) })
	case col.Floats() != nil:
		v := col.Floats()
		each(col, ids, rows, func(g uint32, r int) { add(g, hashFloat(v[r])) })
	case col.Codes() != nil:
		codes, dict := col.Codes(), col.Dict()
		known := map[uint32]uint64{}
		each(col, ids, rows, func(g uint32, r int) {
			h, ok := known[codes[r]]
			if !ok {
				h = table.HashText(dict.Value(codes[r]))
				known[codes[r]] = h
			}
			add(g, h)
		})
	case col.Type().Textual():
		each(col, ids, rows, func(g uint32, r int) { add(g, table.HashText(col.Text(r))) })
	default:
		each(col, ids, rows, func(g uint32, r int) { add(g, scramble(uint64(col.Value(r).Int()))) })
	}
}

// scanCodes adds codes of the coding in use. It returns false where a value has none.
func (s *distinct) scanCodes(col *table.Column, ids []uint32, rows []int32) bool {
	if len(s.coded) == 1 && len(ids) > words(s.codes) && (s.sets == nil || s.sets[0].sketch == nil) {
		s.coded[0].dense(s.codes)
	}
	switch {
	case col.Codes() != nil:
		v := col.Codes()
		return scanCoded(s, col, ids, rows, func(r int) (uint32, bool) { return v[r], true })
	case col.Days() != nil:
		v := col.Days()
		return scanCoded(s, col, ids, rows, func(r int) (uint32, bool) { return whole(int64(v[r])), true })
	case col.Ints() != nil:
		v := col.Ints()
		return scanCoded(s, col, ids, rows, func(r int) (uint32, bool) { return whole(v[r]), true })
	}
	v, scale := col.Floats(), s.coding.scale
	return scanCoded(s, col, ids, rows, func(r int) (uint32, bool) { return decimal(v[r], scale) })
}

// scanCoded adds the codes of rows. Most of them are there already.
func scanCoded(s *distinct, col *table.Column, ids []uint32, rows []int32, of func(r int) (uint32, bool)) bool {
	coded := s.coded
	full := col.Validity() == nil
	for i, g := range ids {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		if !full && col.IsNull(r) {
			continue
		}
		code, ok := of(r)
		if !ok {
			return false
		}
		set := &coded[g]
		if w := int(code >> 6); w < len(set.bits) && set.bits[w]>>(code&63)&1 != 0 {
			continue
		}
		s.code(g, code)
	}
	return true
}

func (s *distinct) merge(o state, _ int64, ids []uint32) {
	x := o.(*distinct)
	s.loose = s.loose || x.loose
	byCode := false
	if x.hashed || x.coding != (coding{}) {
		byCode = s.use(x.coding, x.codes)
	}
	for i := range x.coded {
		from, g := &x.coded[i], ids[i]
		switch {
		case g == skip || from.n == 0:
		case byCode && (s.sets == nil || s.sets[g].sketch == nil):
			set := &s.coded[g]
			if set.sketch != nil {
				from.each(func(code uint32) { s.code(g, code) })
			} else if set.union(from, s.codes); set.n > ExactDistinct {
				s.over(g)
			}
		case byCode:
			from.each(func(code uint32) { s.sets[g].sketch.Insert(s.coding.hash(code)) })
		default:
			from.each(func(code uint32) { s.loose = s.sets[g].add(x.coding.hash(code)) || s.loose })
		}
	}
	for i := range x.sets {
		from, g := &x.sets[i], ids[i]
		switch {
		case g == skip || from.sketch == nil && from.len() == 0:
		case byCode: // what is kept by codes is hashed only in sketches
			s.condense(g)
			s.sets[g].sketch.Merge(from.sketch)
		default:
			s.loose = s.sets[g].union(from) || s.loose
		}
	}
}

func (s *distinct) result(_ *measurePlan, g int) table.Value {
	return table.IntValue(table.Int, s.count(g))
}

func (s *distinct) count(g int) int64 {
	switch {
	case s.hashed, s.sets != nil && s.sets[g].sketch != nil:
		return s.sets[g].len()
	case s.coding == coding{}:
		return 0
	}
	set := &s.coded[g]
	if set.n <= ExactDistinct {
		return int64(set.n)
	}
	return s.sketched(set).Estimate()
}

func (s *distinct) approx() bool { return s.loose }

func (s *distinct) bytes() int64 {
	n := int64(len(s.sets)) * 48
	for i := range s.coded {
		n += s.coded[i].bytes()
	}
	for i := range s.sets {
		n += int64(len(s.sets[i].slots)) * 8
		if s.sets[i].sketch != nil {
			n += sketchBytes
		}
	}
	return n
}

// hashSet is a set of hashes, exact while it is small.
type hashSet struct {
	slots  []uint64 // open addressing, a power of two; 0: free
	n      int
	zero   bool // the hash 0 is in it
	sketch *table.Cardinality
}

// add adds a hash and says whether the set is a sketch.
func (s *hashSet) add(h uint64) bool {
	if s.sketch != nil {
		s.sketch.Insert(h)
		return true
	}
	if h == 0 {
		s.zero = true
		return false
	}
	if 4*s.n >= 3*len(s.slots) {
		s.rehash()
	}
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case h:
			return false
		case 0:
			s.slots[i] = h
			s.n++
			return s.spill()
		}
	}
}

func (s *hashSet) rehash() {
	old := s.slots
	size := max(4, 2*len(old))
	if len(old) >= 1024 {
		size = 4 * len(old) // a set that has so many mostly has many more
	}
	s.slots = make([]uint64, size)
	mask := uint64(len(s.slots) - 1)
	for _, h := range old {
		if h == 0 {
			continue
		}
		i := h & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = h
	}
}

// spill turns a set that has become too large into a sketch. The sketch is dense at once, so what it says depends only
// on what was put in and not on the order.
func (s *hashSet) spill() bool {
	if s.n <= ExactDistinct {
		return false
	}
	sketch := table.NewCardinality(14)
	for _, h := range s.slots {
		if h != 0 {
			sketch.Insert(h)
		}
	}
	if s.zero {
		sketch.Insert(0)
	}
	*s = hashSet{sketch: sketch}
	return true
}

// union adds the values of another set, which it leaves as it is.
func (s *hashSet) union(o *hashSet) bool {
	if o.sketch != nil {
		if s.sketch == nil {
			s.n = ExactDistinct + 1
			s.spill()
		}
		s.sketch.Merge(o.sketch)
		return true
	}
	for _, h := range o.slots {
		if h != 0 {
			s.add(h)
		}
	}
	if o.zero {
		s.add(0)
	}
	return s.sketch != nil
}

func (s *hashSet) len() int64 {
	switch {
	case s.sketch != nil:
		return s.sketch.Estimate()
	case s.zero:
		return int64(s.n) + 1
	}
	return int64(s.n)
}

// scramble is the finaliser of SplitMix64 (Steele, Lea, Flood 2014), which maps 64 bits one to one.
func scramble(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
