package view

import "math"

// level pairs the groups of the columns so far with the keys of one more column. Where of all pairs that there could be
// many are, they stand in a grid, and else in a hash table.
type level struct {
	grid   []uint32 // the code of a pair plus one, by group and key; 0: none. nil: the pairs are in the hash table
	stride int      // keys that a row of the grid has room for
	pairs  intTable
	group  []uint32 // of a pair: the group of the columns before
	key    []uint32 // and the code of the key
}

const (
	gridSmall = 1 << 10 // cells that are worth it whatever is in them
	gridWaste = 6       // cells for a pair: a hash table takes as much memory, and four times the time
)

// pair replaces groups by the groups of their pairs with keys, of so many groups and keys in all.
func (l *level) pair(groups, keys []uint32, allGroups, allKeys int) {
	if !l.room(allGroups, allKeys, len(groups)) {
		l.pairHashed(groups, keys)
		return
	}
	grid, stride := l.grid, l.stride
	for i, g := range groups {
		cell := &grid[int(g)*stride+int(keys[i])]
		if *cell == 0 {
			l.group = append(l.group, g)
			l.key = append(l.key, keys[i])
			*cell = uint32(len(l.group))
		}
		groups[i] = *cell - 1
	}
}

// room makes room in the grid for all pairs of so many groups and keys, of which at most so many are new. It returns false
// where they are to stand in the hash table.
func (l *level) room(groups, keys, more int) bool {
	if l.grid == nil && l.pairs.n > 0 {
		return false
	}
	stride := l.stride
	if keys > stride {
		stride = keys
		if l.stride > 0 {
			stride += keys / 4 // they come one after the other
		}
	}
	if cells := groups * stride; cells > gridSmall+gridWaste*(len(l.group)+more) {
		l.hash(more)
		return false
	}
	if stride == l.stride {
		if n := groups * stride; n > len(l.grid) {
			l.grid = append(l.grid, make([]uint32, n-len(l.grid))...)
		}
		return true
	}
	l.grid, l.stride = make([]uint32, groups*stride), stride
	for code, g := range l.group {
		l.grid[int(g)*stride+int(l.key[code])] = uint32(code) + 1
	}
	return true
}

// hash moves the pairs from the grid into the hash table.
func (l *level) hash(more int) {
	l.pairs.reserve(len(l.group) + more)
	if l.grid == nil {
		return
	}
	for code, g := range l.group {
		l.pairs.code(uint64(g)<<32|uint64(l.key[code]), uint32(code))
	}
	l.grid = nil
}

func (l *level) pairHashed(groups, keys []uint32) {
	var last uint64 = math.MaxUint64
	var code uint32
	for i, g := range groups {
		k := uint64(g)<<32 | uint64(keys[i])
		if k != last {
			last = k
			var fresh bool
			if code, fresh = l.pairs.code(k, uint32(len(l.group))); fresh {
				l.group = append(l.group, g)
				l.key = append(l.key, keys[i])
			}
		}
		groups[i] = code
	}
}

func (l *level) bytes() int64 {
	return int64(len(l.grid))*4 + int64(len(l.pairs.slots))*16 + int64(len(l.group))*8
}
