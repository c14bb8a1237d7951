package ingest_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/parquet"
)

// wholes are formats that are read whole: rows i from..to as a file of each.
var wholes = map[string]func(t testing.TB, rows []int) []byte{
	"a.json": func(t testing.TB, rows []int) []byte {
		var b bytes.Buffer
		for i, r := range rows {
			fmt.Fprintf(&b, "%c{\"id\":%d,\"v\":%d.5,\"s\":\"w%d\"}", " ,"[min(i, 1)], r, r%977, r%13)
		}
		return []byte("[" + b.String() + "]")
	},
	"a.xlsx": func(t testing.TB, rows []int) []byte {
		var x strings.Builder
		x.WriteString(opens + `<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>v</v></c></row>`)
		for i, r := range rows {
			fmt.Fprintf(&x, `<row r="%d"><c><v>%d</v></c><c><v>%d.5</v></c></row>`, i+2, r, r%977)
		}
		var b bytes.Buffer
		packed(map[string]any{sheet1: x.String() + closes})(t, &b)
		return b.Bytes()
	},
	"a.parquet": func(t testing.TB, rows []int) []byte {
		var csv bytes.Buffer
		csv.WriteString("id,v\n")
		for _, r := range rows {
			fmt.Fprintf(&csv, "%d,%d.5\n", r, r%977)
		}
		load := loadBytes(t, newLoader(), t.TempDir(), "a.csv", csv.Bytes(), ingest.Options{})
		var b bytes.Buffer
		check(t, parquet.Write(&b, load.Sheets[0].Table))
		return b.Bytes()
	},
}

// TestFilesThatAreReadWholeKeepTheChunksThatDidNotChange changes rows of formats that cannot be read in parts.
func TestFilesThatAreReadWholeKeepTheChunksThatDidNotChange(t *testing.T) {
	const n = 40_000
	all := make([]int, n)
	for i := range all {
		all[i] = i * 3
	}
	changes := map[string]func() []int{
		"rewritten": func() []int { return all },
		"appended":  func() []int { return append(all[:n:n], 7) },
		"inserted":  func() []int { return append([]int{all[0], 7}, all[1:]...) },
		"deleted":   func() []int { return all[10:] },
	}
	for name, write := range wholes {
		t.Run(name, func(t *testing.T) {
			content := write(t, all)
			d := newDisk(t, name)
			d.loader = everything()
			for change, rows := range changes {
				first := d.load(content).Sheets[0].Table // takes over what the last change left
				chunks := len(first.Chunks())
				changed := write(t, rows())
				again := d.load(changed)
				lost := 2
				if change == "rewritten" {
					lost = 0
				}
				if kept := shared(first, again.Sheets[0].Table); chunks < 3 || kept < chunks-lost {
					t.Errorf("%s: %d of %d chunks are shared", change, kept, chunks)
				}
				if got, want := again.Sheets[0].Table.Rows(), len(rows()); got != int64(want) {
					t.Errorf("%s: %d rows of %d", change, got, want)
				}
			}
		})
	}
}
