package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
)

// TestLongFootersAreFound puts notes behind a table that are longer than what is looked at first.
func TestLongFootersAreFound(t *testing.T) {
	for _, length := range []int{10, 20_000, 60_000} {
		var b strings.Builder
		b.WriteString("id,amount\n")
		for i := range 3000 {
			fmt.Fprintf(&b, "%d,%d\n", i, i*7)
		}
		b.WriteString("\nSource: ledger " + strings.Repeat("x", length) + "\nNote: " + strings.Repeat("y", length) + "\n")
		load := newDisk(t, "a.csv").load([]byte(b.String()))
		s := load.Sheets[0]
		if s.Table.Rows() != 3000 || s.Columns[1].Type.String() != "int" {
			t.Errorf("footers of %d bytes: %d rows, %s", length, s.Table.Rows(), s.Columns[1].Type)
		}
		if len(load.Diagnostics) != 1 || load.Diagnostics[0].Code != ingest.FooterSkipped || load.Diagnostics[0].Count != 2 {
			t.Errorf("footers of %d bytes: %+v", length, load.Diagnostics)
		}
	}
}
