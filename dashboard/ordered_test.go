package dashboard

import (
	"maps"
	"slices"
	"testing"
)

// FuzzOrdered lets a script of bytes set and delete names, and holds the map, and one kept from the middle of it, to
// what a map of Go's says.
func FuzzOrdered(f *testing.F) {
	f.Add([]byte("abcABCaabbcc"))
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 129, 130, 131, 5, 6})
	f.Fuzz(func(t *testing.T, script []byte) {
		var o, kept ordered[int]
		want, then := map[string]int{}, map[string]int{}
		for i, b := range script {
			key := string('a' + rune(b&0x7f))
			if b >= 0x80 {
				o = o.delete(key)
				delete(want, key)
			} else {
				o = o.set(key, i)
				want[key] = i
			}
			if i == len(script)/2 {
				kept, then = o, maps.Clone(want)
			}
		}
		same(t, o, want)
		same(t, kept, then)
	})
}

func same(t *testing.T, o ordered[int], want map[string]int) {
	t.Helper()
	keys := slices.Sorted(maps.Keys(want))
	var got []string
	for key, value := range o.all() {
		got = append(got, key)
		if value != want[key] || o.get(key) != value || !o.has(key) {
			t.Errorf("%s is %d, want %d", key, value, want[key])
		}
	}
	if !slices.Equal(got, keys) || o.len() != len(keys) {
		t.Errorf("%d names %q, want %q", o.len(), got, keys)
	}
	if len(keys) == 0 {
		return
	}
	middle := keys[len(keys)/2]
	for key := range o.from(middle) {
		if key != middle {
			t.Errorf("from %s comes %s first", middle, key)
		}
		break
	}
}
