package dashboard

import (
	"fmt"
	"hash/fnv"
	"path"
	"strings"
	"sync"
)

// Name is what a source, a table or a dashboard is called: in addresses, in the API, and in the links that people have.
type Name struct {
	Kind  string `json:"kind"`  // source, table, dashboard
	Thing string `json:"thing"` // what it names: a path, a path and a sheet, a table
	Name  string `json:"name"`
}

// names gives names that are unique among their kind. A name once given belongs to its thing for good, in later runs
// too where they are told of it: a link to one file's dashboard must never come to show another's.
type names struct {
	mu     sync.Mutex
	taken  map[named]bool
	given  map[named]string
	stems  map[string]map[string]bool // the paths that would like the same name
	onName func(Name)
}

// named is a thing that has a name, or a name that is taken, among one kind of things.
type named struct{ kind, text string }

func newNames(earlier []Name, onName func(Name)) *names {
	n := &names{taken: map[named]bool{}, given: map[named]string{}, stems: map[string]map[string]bool{}, onName: onName}
	for _, e := range earlier {
		n.taken[named{e.Kind, e.Name}], n.given[named{e.Kind, e.Thing}] = true, e.Name
	}
	return n
}

// Announce says that a file is there, before anything is read. Of files that differ only in their ending none gets the
// plain name: which of them was read first would decide, and that is chance.
func (m *Model) Announce(file string) {
	m.names.mu.Lock()
	defer m.names.mu.Unlock()
	stem := stemOf(file)
	if m.names.stems[stem] == nil {
		m.names.stems[stem] = map[string]bool{}
	}
	m.names.stems[stem][file] = true
}

// file returns the name of a kind of thing that is made from a file, with a suffix for one of its sheets.
func (n *names) file(kind, file, thing, suffix string) string {
	stem := stemOf(file)
	long := stem + "_" + strings.TrimPrefix(path.Ext(file), ".")
	n.mu.Lock()
	contested, alike := len(n.stems[stem]) > 1, 0
	for other := range n.stems[stem] {
		if path.Ext(other) == path.Ext(file) {
			alike++
		}
	}
	n.mu.Unlock()
	switch {
	case alike > 1: // north/orders.csv beside north_orders.csv
		return n.of(kind, thing, mark(long+suffix, thing, 0))
	case contested:
		return n.of(kind, thing, long+suffix)
	}
	return n.of(kind, thing, stem+suffix, long+suffix)
}

// of returns the name of a thing: the first of the wishes that nothing else of its kind has, else the last with a mark
// made from the thing, so that it does not depend on who came first.
func (n *names) of(kind, thing string, wishes ...string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if name, ok := n.given[named{kind, thing}]; ok {
		return name
	}
	var name string
	for _, name = range wishes {
		if !n.taken[named{kind, name}] {
			break
		}
	}
	for i := 0; n.taken[named{kind, name}]; i++ {
		name = mark(wishes[len(wishes)-1], thing, i)
	}
	n.taken[named{kind, name}], n.given[named{kind, thing}] = true, name
	if n.onName != nil {
		n.onName(Name{kind, thing, name})
	}
	return name
}

// mark makes a name different by something that comes from the thing alone.
func mark(name, thing string, i int) string {
	h := fnv.New32a()
	fmt.Fprint(h, thing, i)
	return fmt.Sprintf("%s_%04x", name, h.Sum32()&0xffff)
}
