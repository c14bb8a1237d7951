package view

import (
	"math"
	"slices"
	"strings"

	"github.com/dashira/dashira/table"
)

// keySet is the different keys of one group column, by code. Text has codes of a dictionary in vals, or, where chunks
// do not share one, stands in texts.
type keySet struct {
	vals  []int64
	dict  *table.Dict
	texts []string
	null  int32 // the code of the empty key; -1: there is none
}

func (s *keySet) len() int { return len(s.vals) }

func (s *keySet) text(code uint32) string {
	if s.dict != nil {
		return s.dict.Value(uint32(s.vals[code]))
	}
	return s.texts[code]
}

func (s *keySet) bytes() int64 {
	n := int64(len(s.vals))*8 + int64(len(s.texts))*16
	for _, t := range s.texts {
		n += int64(len(t))
	}
	return n
}

// value returns the cell that a key stands for in the answer.
func (s *keySet) value(g *groupPlan, code uint32) table.Value {
	if int32(code) == s.null {
		return table.Value{}
	}
	v := s.vals[code]
	switch g.kind {
	case keyText:
		return table.TextValue(g.field.Type, s.text(code))
	case keyFloat:
		return table.FloatValue(math.Float64frombits(uint64(v)))
	case keyBin:
		return table.FloatValue(g.origin + math.Float64frombits(uint64(v))*g.bin)
	}
	if g.field.Type == table.Bool {
		return table.BoolValue(v != 0)
	}
	return table.IntValue(g.field.Type, v)
}

// compare orders two keys as [table.Value.Compare] orders their cells, the empty key last.
func (s *keySet) compare(g *groupPlan, a, b uint32) int {
	if n := s.null; n >= 0 && (a == uint32(n) || b == uint32(n)) {
		switch {
		case a == b:
			return 0
		case a == uint32(n):
			return 1
		}
		return -1
	}
	switch g.kind {
	case keyText:
		return strings.Compare(s.text(a), s.text(b))
	case keyFloat, keyBin:
		x, y := math.Float64frombits(uint64(s.vals[a])), math.Float64frombits(uint64(s.vals[b]))
		if x < y {
			return -1
		} else if x > y {
			return 1
		}
		return 0
	}
	if s.vals[a] < s.vals[b] {
		return -1
	} else if s.vals[a] > s.vals[b] {
		return 1
	}
	return 0
}

// sorted returns the codes by their keys, the empty one last.
func (s *keySet) sorted(g *groupPlan) []uint32 {
	codes := make([]uint32, s.len())
	for i := range codes {
		codes[i] = uint32(i)
	}
	slices.SortFunc(codes, func(a, b uint32) int { return s.compare(g, a, b) })
	return codes
}

// ranks returns the place of each code among the sorted.
func (s *keySet) ranks(g *groupPlan) []uint32 {
	ranks := make([]uint32, s.len())
	for rank, code := range s.sorted(g) {
		ranks[code] = uint32(rank)
	}
	return ranks
}

// keyIndex collects a keySet.
type keyIndex struct {
	set   keySet
	ints  intTable
	dense []uint32          // of small codes of a dictionary: the code here plus one; 0: none yet
	texts map[string]uint32 // once chunks without one common dictionary were seen
}

func newKeyIndex() keyIndex { return keyIndex{set: keySet{null: -1}} }

func (k *keyIndex) empty() uint32 {
	if k.set.null < 0 {
		k.set.null = int32(k.set.len())
		k.set.vals = append(k.set.vals, 0)
		if k.texts != nil {
			k.set.texts = append(k.set.texts, "")
		}
	}
	return uint32(k.set.null)
}

func (k *keyIndex) int(v int64) uint32 {
	code, fresh := k.ints.code(uint64(v), uint32(len(k.set.vals)))
	if fresh {
		k.set.vals = append(k.set.vals, v)
	}
	return code
}

// denseCodes is how many codes of a dictionary are looked up in an array; those above go through the hash table.
const denseCodes = 1 << 14

// code returns the key of a code of the dictionary in use.
func (k *keyIndex) code(v uint32) uint32 {
	if int(v) < len(k.dense) && k.dense[v] != 0 {
		return k.dense[v] - 1
	}
	if v >= denseCodes {
		return k.int(int64(v))
	}
	if int(v) >= len(k.dense) {
		k.dense = append(k.dense, make([]uint32, max(64, int(v)+1)*2-len(k.dense))...)
	}
	k.set.vals = append(k.set.vals, int64(v))
	k.dense[v] = uint32(len(k.set.vals))
	return k.dense[v] - 1
}

// use prepares for keys that are codes of a dictionary, nil for plain text. It returns false when from now on texts
// are the keys.
func (k *keyIndex) use(dict *table.Dict) bool {
	if k.texts != nil {
		return false
	}
	if dict != nil && k.set.dict == nil && (k.set.len() == 0 || k.set.len() == 1 && k.set.null == 0) {
		k.set.dict = dict
	}
	if dict != nil && k.set.dict == dict {
		return true
	}
	k.texts = make(map[string]uint32, k.set.len())
	k.set.texts = make([]string, k.set.len())
	for code := range k.set.vals {
		if int32(code) == k.set.null {
			continue
		}
		text := k.set.dict.Value(uint32(k.set.vals[code]))
		k.set.texts[code] = text
		k.texts[text] = uint32(code)
		k.set.vals[code] = 0
	}
	k.set.dict, k.dense = nil, nil
	return false
}

// text returns the key of a text. A text that is cut from a chunk is copied, so that it does not keep the chunk alive.
func (k *keyIndex) text(s string, cut bool) uint32 {
	if code, ok := k.texts[s]; ok {
		return code
	}
	if cut {
		s = strings.Clone(s)
	}
	code := uint32(k.set.len())
	k.set.vals = append(k.set.vals, 0)
	k.set.texts = append(k.set.texts, s)
	k.texts[s] = code
	return code
}

// absorb adds the keys of another set and returns their codes here.
func (k *keyIndex) absorb(o *keySet, kind keyKind) []uint32 {
	codes := make([]uint32, o.len())
	byCode := false
	if kind == keyText && (o.len() > 1 || o.len() == 1 && o.null < 0) {
		byCode = k.use(o.dict)
	}
	if kind != keyText {
		k.ints.reserve(o.len())
	}
	for i, v := range o.vals {
		switch {
		case int32(i) == o.null:
			codes[i] = k.empty()
		case kind != keyText:
			codes[i] = k.int(v)
		case byCode:
			codes[i] = k.code(uint32(v))
		default:
			codes[i] = k.text(o.text(uint32(i)), false)
		}
	}
	return codes
}
