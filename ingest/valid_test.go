package ingest_test

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	"github.com/dashira/dashira/ingest"
)

// slowInvalid is the obvious way.
func slowInvalid(b []byte) int {
	for at := 0; at < len(b); {
		r, size := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

func TestInvalidUTF8(t *testing.T) {
	letters := []string{"a", "plain text of some length ", "é", "東", "\U0001F600", "\uFFFD", "\uD7FF", "\uE000", "\uFFFF", "\U0010FFFF", "\x00", "\x7f",
		"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x80\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xed\xa0\x80", "\xee\x80", "\xf0\x80\x80\x80", "\xf4\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5", "\xff"}
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		var b []byte
		good := r.IntN(3) > 0
		for range r.IntN(40) {
			n := len(letters)
			if good {
				n = 12
			}
			b = append(b, letters[r.IntN(n)]...)
		}
		if got, want := ingest.InvalidUTF8(b), slowInvalid(b); got != want {
			t.Fatalf("%q: %d, want %d", b, got, want)
		}
	}
}

// FuzzInvalidUTF8 holds the fast way to the obvious one.
func FuzzInvalidUTF8(f *testing.F) {
	f.Add([]byte("a plain text, été, 東京\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, want := ingest.InvalidUTF8(b), slowInvalid(b); got != want {
			t.Fatalf("%q: %d, want %d", b, got, want)
		}
	})
}
