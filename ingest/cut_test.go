package ingest_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/csv"
	"github.com/dashira/dashira/ingest/json"
)

// TestRowsAreTheSameHoweverManyWorkersLookForThem reads files of several blocks with one goroutine, which reads cell by
// cell, and with three, which count quotation marks.
func TestRowsAreTheSameHoweverManyWorkersLookForThem(t *testing.T) {
	var quoted, stray bytes.Buffer
	quoted.WriteString("id,text,n\n")
	stray.WriteString("id,text,n\n")
	for i := range 20_000 {
		fmt.Fprintf(&quoted, "%d,\"line %d\nand \"\"more\"\", %d\",%d\n", i, i%777, i%13, i%101)
		mark := ""
		if i == 10_003 {
			mark = `5" pipe`
		}
		fmt.Fprintf(&stray, "%d,some longer text of row %d %s,%d\n", i, i%777, mark, i%101)
	}
	for name, content := range map[string][]byte{"plain.csv": narrowRows(25_000), "quoted.csv": quoted.Bytes(), "stray.csv": stray.Bytes(), "lines.ndjson": lineRows(10_000)} {
		t.Run(name, func(t *testing.T) {
			const block = 128 << 10
			if len(content) < 5*block {
				t.Fatalf("%d bytes are one block only", len(content))
			}
			var loads []*ingest.Load
			for _, workers := range []int{1, 3} {
				d := newDisk(t, name)
				d.loader = ingest.NewLoader(ingest.LoaderOptions{Workers: workers, Block: block}, csv.New(), json.New())
				loads = append(loads, d.load(content))
			}
			a, b := loads[0].Sheets[0].Table, loads[1].Sheets[0].Table
			if describe(loads[0]) != describe(loads[1]) {
				t.Errorf("one goroutine:\n%s\nthree:\n%s", describe(loads[0]), describe(loads[1]))
			}
			if len(a.Chunks()) != len(b.Chunks()) {
				t.Fatalf("%d and %d chunks", len(a.Chunks()), len(b.Chunks()))
			}
			for i := range a.Chunks() {
				if a.Chunks()[i].Hash() != b.Chunks()[i].Hash() {
					t.Fatalf("chunk %d differs", i)
				}
			}
		})
	}
}
