package ingest_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// rowOf is a line: an id, a word, and columns of few numbers, truths and fractions.
func rowOf(r *rand.Rand, id int, word string) []byte {
	return fmt.Appendf(nil, "%d,%s,%d,%v,%.1f\n", id, word, r.IntN(300), r.IntN(2) > 0, float64(r.IntN(20_000))/10)
}

// edits are what people and programs do to the lines of a file. Line 0 is a header that stays.
var edits = []func(r *rand.Rand, lines [][]byte) [][]byte{
	func(r *rand.Rand, lines [][]byte) [][]byte { // one cell, as long as before
		at := 1 + r.IntN(len(lines)-1)
		lines[at] = bytes.Clone(lines[at])
		lines[at][0] = '1' + byte(r.IntN(9))
		return lines
	},
	func(r *rand.Rand, lines [][]byte) [][]byte { // cells all over, as long as before
		for range 5 + r.IntN(20) {
			at := 1 + r.IntN(len(lines)-1)
			lines[at] = bytes.Clone(lines[at])
			lines[at][0] = '1' + byte(r.IntN(9))
		}
		return lines
	},
	func(r *rand.Rand, lines [][]byte) [][]byte { // cells all over, longer and shorter
		for range 1 + r.IntN(20) {
			lines[1+r.IntN(len(lines)-1)] = rowOf(r, r.IntN(1_000_000), string(bytes.Repeat([]byte("w"), r.IntN(9))))
		}
		return lines
	},
	func(r *rand.Rand, lines [][]byte) [][]byte { // rows put in
		rows := make([][]byte, 1+r.IntN(3)*r.IntN(2000))
		for i := range rows {
			rows[i] = rowOf(r, r.IntN(1_000_000), "new")
		}
		return slices.Insert(lines, 1+r.IntN(len(lines)), rows...)
	},
	func(r *rand.Rand, lines [][]byte) [][]byte { // rows taken out
		n := 1 + r.IntN(3)*r.IntN(2000)
		if len(lines) < n+10_000 {
			return lines
		}
		at := 1 + r.IntN(len(lines)-n)
		return slices.Delete(lines, at, at+n)
	},
	func(r *rand.Rand, lines [][]byte) [][]byte { // rows appended
		for range 1 + r.IntN(2000) {
			lines = append(lines, rowOf(r, r.IntN(1_000_000), "tail"))
		}
		return lines
	},
	func(r *rand.Rand, lines [][]byte) [][]byte { // a cell of several lines
		lines[1+r.IntN(len(lines)-1)] = rowOf(r, 7, "\"a\nb\"")
		return lines
	},
	func(r *rand.Rand, lines [][]byte) [][]byte { // an end of a line taken out
		at := 1 + r.IntN(len(lines)-2)
		lines[at] = bytes.TrimSuffix(bytes.Clone(lines[at]), []byte("\n"))
		return lines
	},
	func(r *rand.Rand, lines [][]byte) [][]byte { // a mark that is never closed
		lines[1+r.IntN(len(lines)-1)] = rowOf(r, 8, "\"open")
		return lines
	},
	func(r *rand.Rand, lines [][]byte) [][]byte { // a part moved elsewhere
		n := len(lines) / 4
		at := 1 + r.IntN(len(lines)-1-n)
		part := slices.Clone(lines[at : at+n])
		lines = slices.Delete(lines, at, at+n)
		return slices.Insert(lines, 1+r.IntN(len(lines)), part...)
	},
}

// checkRewrites changes a file as each byte of steps says, and holds each reload to a fresh load.
func checkRewrites(t testing.TB, seed uint64, steps []byte) {
	r := rand.New(rand.NewPCG(seed, 3))
	o := ingest.LoaderOptions{Limits: patient, Workers: 2, Block: 4 << 10 << (seed % 6)}
	path := filepath.Join(t.TempDir(), "a.csv")
	lines := [][]byte{[]byte("id,word,few,is,value\n")}
	for i := range 14_000 {
		lines = append(lines, rowOf(r, i, fmt.Sprint("w", r.IntN(50))))
	}
	l := ingest.NewLoader(o, formats()...)
	load := func(l *ingest.Loader) *ingest.Load {
		if err := os.WriteFile(path, bytes.Join(lines, nil), 0o600); err != nil {
			t.Fatal(err)
		}
		return loadFile(t, l, path, ingest.Options{})
	}
	load(l)
	for i, step := range steps {
		lines = edits[int(step)%len(edits)](r, lines)
		got := load(l)
		want := load(ingest.NewLoader(o, formats()...))
		// What a reload says about the one before is not in a fresh load.
		got.Diagnostics = without(got.Diagnostics, ingest.TypeWidened, ingest.SchemaChanged)
		got.Counts, want.Counts = ingest.Counts{}, ingest.Counts{}
		if a, b := describe(got), describe(want); a != b {
			t.Fatalf("seed %d, step %d of %v: the reload differs from a fresh load:\n%s\nfresh:\n%s", seed, i, steps, a, b)
		}
		for s := range want.Sheets {
			if at := differ(got.Sheets[s].Table, want.Sheets[s].Table); at != "" {
				t.Fatalf("seed %d, step %d of %v: %s", seed, i, steps, at)
			}
		}
	}
}

// differ says where two tables differ, "" nowhere.
func differ(a, b *table.Table) string {
	if !a.Schema().Equal(b.Schema()) {
		return fmt.Sprintf("columns %v, fresh %v", a.Schema(), b.Schema())
	}
	if a.Rows() != b.Rows() {
		return fmt.Sprintf("%d rows, fresh %d", a.Rows(), b.Rows())
	}
	for r := range b.Rows() {
		for c := range b.Schema().Len() {
			if x, y := a.Value(r, c), b.Value(r, c); !x.Equal(y) {
				return fmt.Sprintf("row %d: %v, fresh %v", r, x, y)
			}
		}
	}
	return ""
}

func TestRewritesInStepsEqualOneLoad(t *testing.T) {
	const seed = 0 // FuzzRewrites begins with further ones
	steps := make([]byte, len(edits))
	for i, k := range rand.New(rand.NewPCG(seed, 9)).Perm(len(edits)) {
		steps[i] = byte(k)
	}
	checkRewrites(t, seed, steps)
}

// FuzzRewrites holds a file that is changed in steps to a fresh load of each of its states.
func FuzzRewrites(f *testing.F) {
	f.Add(uint64(1), []byte{0, 1, 2})
	f.Add(uint64(2), []byte{3, 4, 5, 9})
	f.Add(uint64(3), []byte{6, 7, 8, 0})
	f.Fuzz(func(t *testing.T, seed uint64, steps []byte) { checkRewrites(t, seed, steps[:min(len(steps), 8)]) })
}
