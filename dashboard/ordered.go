package dashboard

import "iter"

// ordered is an immutable map from names to values, in the order of the names: setting or deleting gives another one
// that shares all but a few nodes with the first, so that a state costs what it changed and not what it holds. The zero
// value is empty. It is a treap (Seidel and Aragon, "Randomized search trees", 1996) whose priorities are hashes of the
// names: equal content has equal shape, however it came about.
type ordered[V any] struct {
	root  *node[V]
	count int
}

type node[V any] struct {
	key         string
	priority    uint32
	value       V
	left, right *node[V]
}

// len is the number of names.
func (o ordered[V]) len() int { return o.count }

// get returns the value of a name, the zero value where there is none.
func (o ordered[V]) get(key string) V {
	for n := o.root; n != nil; {
		switch {
		case key < n.key:
			n = n.left
		case key > n.key:
			n = n.right
		default:
			return n.value
		}
	}
	var none V
	return none
}

func (o ordered[V]) has(key string) bool {
	n := o.root
	for n != nil && n.key != key {
		if key < n.key {
			n = n.left
		} else {
			n = n.right
		}
	}
	return n != nil
}

// set returns the map in which a name has this value.
func (o ordered[V]) set(key string, value V) ordered[V] {
	count := o.count
	if !o.has(key) {
		count++
	}
	return ordered[V]{put(o.root, key, value), count}
}

// delete returns the map without a name.
func (o ordered[V]) delete(key string) ordered[V] {
	if !o.has(key) {
		return o
	}
	return ordered[V]{cut(o.root, key), o.count - 1}
}

// all yields every name and its value, in order.
func (o ordered[V]) all() iter.Seq2[string, V] { return o.from("") }

// from yields those that are not before a name.
func (o ordered[V]) from(key string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) { walk(o.root, key, yield) }
}

func walk[V any](n *node[V], from string, yield func(string, V) bool) bool {
	if n == nil {
		return true
	}
	if n.key < from {
		return walk(n.right, from, yield)
	}
	return walk(n.left, from, yield) && yield(n.key, n.value) && walk(n.right, from, yield)
}

// put copies the path to key. Of two nodes the one of higher priority is above.
func put[V any](n *node[V], key string, value V) *node[V] {
	if n == nil {
		return &node[V]{key: key, priority: hash(key), value: value}
	}
	c := *n
	switch {
	case key < n.key:
		if l := put(n.left, key, value); l.priority > n.priority {
			c.left, l.right = l.right, &c
			return l // it is as new as c
		} else {
			c.left = l
		}
	case key > n.key:
		if r := put(n.right, key, value); r.priority > n.priority {
			c.right, r.left = r.left, &c
			return r
		} else {
			c.right = r
		}
	default:
		c.value = value
	}
	return &c
}

// cut copies the path to key, which is there, and joins what was below it.
func cut[V any](n *node[V], key string) *node[V] {
	c := *n
	switch {
	case key < n.key:
		c.left = cut(n.left, key)
	case key > n.key:
		c.right = cut(n.right, key)
	default:
		return join(n.left, n.right)
	}
	return &c
}

// join makes one tree of two, of which all names of the first are before those of the second.
func join[V any](a, b *node[V]) *node[V] {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.priority > b.priority:
		c := *a
		c.right = join(a.right, b)
		return &c
	}
	c := *b
	c.left = join(a, b.left)
	return &c
}

// hash is FNV-1a, its bits mixed once more, since names that differ in their last letter would differ in few.
func hash(key string) uint32 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return uint32(h >> 32)
}
