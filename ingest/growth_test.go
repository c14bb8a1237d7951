package ingest_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// disk is a file that changes between loads of one loader.
type disk struct {
	t      testing.TB
	path   string
	loader *ingest.Loader
}

func newDisk(t testing.TB, name string) *disk {
	return &disk{t: t, path: filepath.Join(t.TempDir(), name), loader: newLoader()}
}

func (d *disk) load(content []byte) *ingest.Load {
	d.t.Helper()
	if err := os.WriteFile(d.path, content, 0o644); err != nil {
		d.t.Fatal(err)
	}
	return loadFile(d.t, d.loader, d.path, ingest.Options{})
}

func narrowRows(n int) []byte {
	var b bytes.Buffer
	b.WriteString("id,sensor,value,status\n")
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		fmt.Fprintf(&b, "%d,sensor-%03d,%.3f,%s\n", i, r.IntN(500), r.NormFloat64()*5+20, []string{"ok", "warn", "error"}[r.IntN(3)])
	}
	return b.Bytes()
}

func lineRows(n int) []byte {
	var b bytes.Buffer
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		fmt.Fprintf(&b, "{\"id\":%d,\"sensor\":\"sensor-%03d\",\"value\":%.3f,\"loc\":{\"lat\":%.2f}}\n", i, r.IntN(500), r.NormFloat64()*5+20, r.Float64())
	}
	return b.Bytes()
}

// shared counts how many chunks of the new table were chunks of the old one.
func shared(old, now *table.Table) int {
	known := map[*table.Chunk]bool{}
	for _, c := range old.Chunks() {
		known[c] = true
	}
	n := 0
	for _, c := range now.Chunks() {
		if known[c] {
			n++
		}
	}
	return n
}

// same fails unless two loads say the same but for what a reload adds.
func same(t testing.TB, got, want *ingest.Load) {
	t.Helper()
	g, w := describe(got), describe(want)
	if g != w {
		t.Fatalf("the reload differs from a fresh load:\n%s\nfresh:\n%s", g, w)
	}
	for i := range want.Sheets {
		a, b := got.Sheets[i].Table, want.Sheets[i].Table
		for r := range b.Rows() {
			for c := range b.Schema().Len() {
				if !a.Value(r, c).Equal(b.Value(r, c)) {
					t.Fatalf("row %d: %s, fresh %s", r, rowText(a, r), rowText(b, r))
				}
			}
		}
	}
}

func TestChunksThatDidNotChangeAreTheSameChunks(t *testing.T) {
	for name, content := range map[string][]byte{"a.csv": narrowRows(60_000), "a.ndjson": lineRows(60_000)} {
		t.Run(name, func(t *testing.T) {
			d := newDisk(t, name)
			first := d.load(content)
			chunks := len(first.Sheets[0].Table.Chunks())
			if chunks < 4 {
				t.Fatalf("%d chunks", chunks)
			}
			lines := bytes.SplitAfter(content, []byte("\n"))
			for change, c := range map[string]struct {
				content []byte
				kept    int // at least
			}{
				"rewritten": {content, chunks},
				"appended":  {append(bytes.Clone(content), lines[len(lines)-2]...), chunks - 1},
				"inserted":  {bytes.Join(append([][]byte{lines[0], lines[5]}, lines[1:]...), nil), chunks - 2},
				"deleted":   {bytes.Join(append([][]byte{lines[0]}, lines[20:]...), nil), chunks - 2},
				"one cell":  {bytes.Replace(content, []byte("sensor-001"), []byte("sensor-777"), 1), chunks - 2},
				"shortened": {bytes.Join(lines[:30_000], nil), chunks/2 - 2},
			} {
				d := newDisk(t, name)
				first := d.load(content)
				again := d.load(c.content)
				if n := shared(first.Sheets[0].Table, again.Sheets[0].Table); n < c.kept {
					t.Errorf("%s: %d of %d chunks are shared, want at least %d", change, n, chunks, c.kept)
				}
				same(t, again, newDisk(t, name).load(c.content))
			}
		})
	}
}

func TestGrowthInStepsEqualsOneLoad(t *testing.T) {
	widening := narrowRows(20_000)
	widening = append(widening, "x1,sensor-1,nan,ok\n20001,\"a\nb\",1e3,late\n"...)
	for i := range 3000 {
		widening = append(widening, fmt.Sprintf("%d,s,%d,n/k\n", 30_000+i, i)...)
	}
	for name, content := range map[string][]byte{
		"plain.csv": narrowRows(5000), "wide.csv": widening, "lines.ndjson": lineRows(5000),
		"late.ndjson": append(lineRows(3000), `{"id":"x","new":[1,2],"items":[{"a":1}]}`+"\n"...),
	} {
		t.Run(name, func(t *testing.T) {
			d := newDisk(t, name)
			r := rand.New(rand.NewPCG(7, 7))
			for at := 0; at < len(content); {
				at = min(len(content), at+1+r.IntN(len(content)/4))
				got := d.load(content[:at])
				want := newDisk(t, name).load(content[:at])
				// What a reload says about the one before is not in a fresh load.
				got.Diagnostics = without(got.Diagnostics, ingest.TypeWidened, ingest.SchemaChanged)
				got.Counts, want.Counts = ingest.Counts{}, ingest.Counts{}
				same(t, got, want)
			}
		})
	}
}

func without(list []ingest.Diagnostic, codes ...ingest.Code) []ingest.Diagnostic {
	var out []ingest.Diagnostic
	for _, d := range list {
		keep := true
		for _, c := range codes {
			keep = keep && d.Code != c
		}
		if keep {
			out = append(out, d)
		}
	}
	return out
}

func TestCodesStayWhenRowsAreRewritten(t *testing.T) {
	d := newDisk(t, "a.csv")
	first := d.load([]byte("id,name\n1,ann\n2,bob\n"))
	second := d.load([]byte("id,name\n1,bob\n2,cid\n"))
	a, b := first.Sheets[0].Table.Chunks()[0].Column(1), second.Sheets[0].Table.Chunks()[0].Column(1)
	if a.Dict() != b.Dict() || a.Codes()[1] != b.Codes()[0] {
		t.Errorf("bob was %d and is %d", a.Codes()[1], b.Codes()[0])
	}
}

func TestWideningIsReported(t *testing.T) {
	d := newDisk(t, "a.csv")
	d.load([]byte("id,n\n1,2\n2,3\n"))
	load := d.load([]byte("id,n\n1,2\n2,3.5\n"))
	found := false
	for _, x := range load.Diagnostics {
		found = found || x.Code == ingest.TypeWidened && x.Column == "n"
	}
	if !found {
		t.Errorf("no type-widened in %v", load.Diagnostics)
	}
}

func TestUnfinishedRowIsHeldBack(t *testing.T) {
	d := newDisk(t, "a.csv")
	for _, c := range []struct {
		content string
		rows    int64
	}{
		{"a,b\n1,2\n3", 1}, {"a,b\n1,2\n3,", 2}, {"a,b\n1,2\n3,\"x", 1}, {"a,b\n1,2\n3,\"x\ny", 1}, {"a,b\n1,2\n3,\"x\ny\"", 2}, {"a,b\n1,2\n3,4\n", 2},
	} {
		if load := d.load([]byte(c.content)); load.Sheets[0].Table.Rows() != c.rows {
			t.Errorf("%q: %d rows, want %d", c.content, load.Sheets[0].Table.Rows(), c.rows)
		}
	}
}

func TestAPanicBecomesDamage(t *testing.T) {
	l := ingest.NewLoader(ingest.LoaderOptions{}, panicking{})
	path := filepath.Join(t.TempDir(), "a.boom")
	if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if load := loadFile(t, l, path, ingest.Options{}); load.Damage == nil || !strings.Contains(load.Damage.Message, "fault in dashira") {
		t.Errorf("damage is %v", load.Damage)
	}
}
