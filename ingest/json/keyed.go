package json

import (
	"bytes"

	"github.com/dashira/dashira/ingest"
)

// mostMembers is how many objects an object may have that are one record: those of more are records of their own.
const mostMembers = 64

// keyed returns where the values of the object at p end when they are many objects, and nothing else: records that are
// found by their keys. It is nil for other values.
func keyed(b []byte, p, depth int) []int {
	if b[p] != '{' {
		return nil
	}
	var ends []int
	objects, alike := true, true
	var first []byte
	members(b, p, func(_, _, _, value int) (int, *fault) {
		end, f := skip(b, value, depth)
		objects = objects && b[value] == '{'
		if ends = append(ends, end); f == nil && objects && alike && len(ends) <= mostMembers {
			keys := flatKeys(b, value)
			if len(ends) == 1 {
				first = keys
			}
			alike = len(keys) > 0 && bytes.Equal(keys, first)
		}
		return end, f
	})
	if !objects || len(ends) <= mostMembers && (!alike || len(ends) < leastAlike) {
		return nil
	}
	return ends
}

// leastAlike is how many objects with the very same keys are records, found by their own keys.
const leastAlike = 3

// flatKeys returns the keys of the object at p as one text; nil when there are less than two, or a value is an object or a
// list.
func flatKeys(b []byte, p int) []byte {
	var keys []byte
	n, flat := 0, true
	members(b, p, func(key, end, _, value int) (int, *fault) {
		flat = flat && b[value] != '{' && b[value] != '['
		keys = append(append(keys, b[key:end]...), '"')
		n++
		return skip(b, value, 2)
	})
	if n < 2 || !flat {
		return nil
	}
	return keys
}

// keyedRows reads the members of an object as records.
func keyedRows(in *ingest.Input, b []byte, first int, ends []int) *ingest.Draft {
	d := elementRows(in, b, first, ends, "")
	r := d.Rows.(*rows)
	r.plan.keyed, r.plan.key = true, keyColumn
	d.Identity += " keyed"
	return d
}
