package ingest_test

import (
	"bytes"
	"fmt"
	"testing"
)

// TestDictionariesDoNotGrowForEver saves a file whose texts are others each time, as identifiers and hashes are, and holds
// that what is kept of them does not grow with the number of saves.
func TestDictionariesDoNotGrowForEver(t *testing.T) {
	d := newDisk(t, "data.csv")
	const rows = 500
	most := 0
	for save := range 60 {
		var b bytes.Buffer
		b.WriteString("id,hash,kind\n")
		for i := range rows {
			fmt.Fprintf(&b, "%d,h%d-%d,%s\n", i, save, i, []string{"a", "b"}[i%2])
		}
		text := b.Bytes()
		load := d.load(text)
		column := load.Sheets[0].Table.Chunks()[0].Column(1)
		most = max(most, column.Dict().Len())
		if got := column.Value(rows - 1).Text(); got != fmt.Sprintf("h%d-%d", save, rows-1) {
			t.Fatalf("save %d ends with %q", save, got)
		}
	}
	if limit := 8 * 1024; most > limit {
		t.Errorf("a dictionary held %d texts of a column of %d rows", most, rows)
	}
}
