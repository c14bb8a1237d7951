package view

import (
	"math"
	"math/bits"

	"github.com/dashira/dashira/table"
)

// ExactDistinct is how many different values of a group are counted exactly; above it a HyperLogLog estimates.
const ExactDistinct = 10_000

// distinct keeps the different values of each group: text by its codes as long as all of it is of one dictionary, and
// everything else by 64-bit hashes, one to one for everything but text (of which two of ten thousand collide once in
// 10^11 groups). What it says follows from the values alone, whichever way they are kept.
type distinct struct {
	column int
	groups int
	dict   *table.Dict // of the codes; nil: no value is kept by its code
	coded  []codeSet   // of each group, while there is a dictionary
	hashed bool        // values are kept by their hashes
	sets   []hashSet   // of each group, where some are; while there is a dictionary they are sketches or empty
	loose  bool        // some group is estimated
}

// sketchBytes is the memory of the sketch that takes the place of a set which has become too large: bits of a dictionary
// that take no more stay, and are put into a sketch when the answer is wanted.
const sketchBytes = 1 << 14

// hashOf returns the hash of the text of a code of the dictionary in use.
func (s *distinct) hashOf(code uint32) uint64 { return table.HashText(s.dict.Value(code)) }

func (s *distinct) grow(groups int) {
	s.groups = max(s.groups, groups)
	if s.dict != nil {
		s.coded = grown(s.coded, s.groups)
	}
	if s.hashed || s.sets != nil {
		s.sets = grown(s.sets, s.groups)
	}
}

// use prepares for values that are codes of a dictionary, nil for others. It says whether they are kept by their codes.
func (s *distinct) use(dict *table.Dict) bool {
	switch {
	case s.hashed:
		return false
	case dict != nil && s.dict == nil:
		s.dict = dict
		s.grow(s.groups)
		return true
	case dict != nil && s.dict == dict:
		return true
	}
	s.hashed = true
	s.grow(s.groups)
	for g := range s.coded {
		s.coded[g].each(func(code uint32) { s.sets[g].add(s.hashOf(code)) })
	}
	s.coded, s.dict = nil, nil
	return false
}

// code adds a code of the dictionary in use to a group.
func (s *distinct) code(g uint32, code uint32) {
	if s.sets != nil && s.sets[g].sketch != nil {
		s.sets[g].sketch.Insert(s.hashOf(code))
		return
	}
	set := &s.coded[g]
	if set.add(code, s.dict) && set.n > ExactDistinct {
		s.over(g)
	}
}

// over notes that a group has more values than are counted exactly.
func (s *distinct) over(g uint32) {
	if s.loose = true; words(s.dict)*8 > sketchBytes {
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

// sketched returns a sketch of the texts of codes.
func (s *distinct) sketched(set *codeSet) *table.Cardinality {
	sketch := table.NewCardinality(14)
	set.each(func(code uint32) { sketch.Insert(s.hashOf(code)) })
	return sketch
}

func (s *distinct) scan(c *table.Chunk, _ int64, ids []uint32, rows []int32) {
	col := c.Column(s.column)
	if col.Nulls() == col.Len() {
		return
	}
	if s.use(col.Dict()) {
		s.scanCodes(col, ids, rows)
		return
	}
	add := func(g uint32, h uint64) { s.loose = s.sets[g].add(h) || s.loose }
	switch {
	case col.Ints() != nil && s.groups == 1 && s.scanNear(col, rows):
	case col.Floats() != nil && s.groups == 1 && col.Validity() == nil:
		v, set := col.Floats(), &s.sets[0]
		for i := range ids {
			r := i
			if rows != nil {
				r = int(rows[i])
			}
			set.add(scramble(math.Float64bits(v[r] + 0)))
		}
		s.loose = s.loose || set.sketch != nil
	case col.Ints() != nil:
		v := col.Ints()
		each(col, ids, rows, func(g uint32, r int) { add(g, scramble(uint64(v[r]))) })
	case col.Floats() != nil:
		v := col.Floats()
		each(col, ids, rows, func(g uint32, r int) { add(g, scramble(math.Float64bits(v[r]+0))) })
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

// scanCodes adds codes of the dictionary in use. Most of them are there already.
func (s *distinct) scanCodes(col *table.Column, ids []uint32, rows []int32) {
	codes, coded := col.Codes(), s.coded
	if len(coded) == 1 && len(ids) > words(s.dict) && (s.sets == nil || s.sets[0].sketch == nil) {
		coded[0].dense(s.dict)
	}
	whole := col.Validity() == nil
	for i, g := range ids {
		r := i
		if rows != nil {
			r = int(rows[i])
		}
		if !whole && col.IsNull(r) {
			continue
		}
		code := codes[r]
		set := &coded[g]
		if w := int(code >> 6); w < len(set.bits) && set.bits[w]>>(code&63)&1 != 0 {
			continue
		}
		s.code(g, code)
	}
}

// scanNear adds whole numbers that lie near each other to the only group, each once. It returns false where they do not.
func (s *distinct) scanNear(col *table.Column, rows []int32) bool {
	const reach = 1 << 14
	st := col.Stats()
	low := st.Min.Int()
	if span := uint64(st.Max.Int()) - uint64(low); span >= reach || col.Validity() != nil {
		return false
	}
	var there [reach / 64]uint64
	v := col.Ints()
	if rows == nil {
		for _, x := range v {
			there[uint64(x-low)>>6] |= 1 << (uint64(x-low) & 63)
		}
	}
	for _, r := range rows {
		x := uint64(v[r] - low)
		there[x>>6] |= 1 << (x & 63)
	}
	set := &s.sets[0]
	for w, word := range there {
		for ; word != 0; word &= word - 1 {
			set.add(scramble(uint64(low + int64(w<<6+bits.TrailingZeros64(word)))))
		}
	}
	s.loose = s.loose || set.sketch != nil
	return true
}

func (s *distinct) merge(o state, _ int64, ids []uint32) {
	x := o.(*distinct)
	s.loose = s.loose || x.loose
	byCode := false
	if x.hashed || x.dict != nil {
		byCode = s.use(x.dict)
	}
	for i := range x.coded {
		from, g := &x.coded[i], ids[i]
		switch {
		case g == skip || from.n == 0:
		case byCode && (s.sets == nil || s.sets[g].sketch == nil):
			set := &s.coded[g]
			if set.union(from, s.dict); set.n > ExactDistinct {
				s.over(g)
			}
		case byCode:
			from.each(func(code uint32) { s.sets[g].sketch.Insert(s.hashOf(code)) })
		default:
			from.each(func(code uint32) { s.loose = s.sets[g].add(table.HashText(x.dict.Value(code))) || s.loose })
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
	if s.sets != nil && (s.hashed || s.sets[g].sketch != nil) {
		return s.sets[g].len()
	}
	if s.dict == nil {
		return 0
	}
	set := &s.coded[g]
	if set.n <= ExactDistinct {
		return int64(set.n)
	}
	if set.guessed != set.n {
		set.guessed, set.guess = set.n, s.sketched(set).Estimate()
	}
	return set.guess
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
