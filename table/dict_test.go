package table_test

import (
	"strconv"
	"testing"

	"github.com/dashira/dashira/table"
)

// Every text is found again under its code, over all borders of pages, however many follow.
func TestDictKeepsEveryText(t *testing.T) {
	d := table.NewDict()
	const texts = 5000
	for n := range uint32(texts) {
		if code := d.Intern(strconv.Itoa(int(n))); code != n {
			t.Fatalf("text %d got the code %d", n, code)
		}
		if d.Value(n) != strconv.Itoa(int(n)) {
			t.Fatalf("text %d reads %q as soon as it is there", n, d.Value(n))
		}
	}
	for n := range uint32(texts) {
		code, ok := d.Lookup(strconv.Itoa(int(n)))
		if !ok || code != n || d.Value(n) != strconv.Itoa(int(n)) {
			t.Fatalf("text %d: code %d, %v, value %q", n, code, ok, d.Value(n))
		}
	}
	if d.Len() != texts {
		t.Errorf("%d texts, want %d", d.Len(), texts)
	}
}
