package hub

import "testing"

// An id is accepted only in the spelling that was given out.
func FuzzParseID(f *testing.F) {
	for _, id := range []string{"e-0", "e-1", "e-01", "e-", "-", "e-18446744073709551615", "e-18446744073709551616", "x-1", "e-1 ", "e--1", "e-+1"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if seq, ok := parseID("e", id); ok && formatID("e", seq) != id {
			t.Fatalf("%q became %d", id, seq)
		}
	})
}
