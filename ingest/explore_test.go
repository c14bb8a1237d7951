package ingest_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/parquet"
)

// seedsOf returns the files of testdata with these endings, and of the formats that are not text small ones made here.
func seedsOf(t testing.TB, endings []string) [][]byte {
	var out [][]byte
	for _, ending := range endings {
		files, err := filepath.Glob(filepath.Join("testdata", "*", "*"+ending))
		check(t, err)
		slices.Sort(files)
		for _, path := range files {
			b, err := os.ReadFile(path)
			check(t, err)
			out = append(out, b)
		}
		switch ending {
		case ".xlsx":
			for _, parts := range []map[string]any{nil, {"xl/sharedStrings.xml": `<sst ` + xmlns + `><si><t>a</t></si><si><r><t>b</t></r></si></sst>`,
				sheet1: opens + `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>45000.5</v></c><c r="B2" t="b"><v>1</v></c></row>` + closes}} {
				var b bytes.Buffer
				packed(parts)(t, &b)
				out = append(out, b.Bytes())
			}
		case ".parquet", ".arrow", ".arrows":
			out = append(out, typedFile(t, ending))
		}
	}
	return out
}

// typedFile is a small table of all types as a file.
func typedFile(t testing.TB, ending string) []byte {
	load := loadBytes(t, newLoader(), t.TempDir(), "a.csv", []byte("id,x,day,at,ok,name\n1,0.5,2024-01-31,2024-01-31T10:00:00Z,true,ann\n2,,2024-02-29,2024-02-29T23:59:59Z,false,\n3,1e9,2024-03-01,2024-03-01T00:00:00Z,true,bob\n"), ingest.Options{})
	var b bytes.Buffer
	var err error
	switch ending {
	case ".parquet":
		err = parquet.Write(&b, load.Sheets[0].Table)
	default:
		err = ingest.WriteArrow(&b, load.Sheets[0].Table)
	}
	check(t, err)
	return b.Bytes()
}

func checkBook(t testing.TB, content []byte)    { onlyRead(t, "a.xlsx", content) }
func checkParquet(t testing.TB, content []byte) { onlyRead(t, "a.parquet", content) }
func checkArrow(t testing.TB, content []byte)   { onlyRead(t, "a.arrow", content) }

// onlyRead reads a file that may be damaged: anything but a panic will do.
func onlyRead(t testing.TB, name string, content []byte) {
	if len(content) > mostFuzzed {
		return
	}
	loader := ingest.NewLoader(ingest.LoaderOptions{Limits: ingest.Limits{Cells: 1 << 20, Seconds: 5}, Memory: 256 << 20}, everyFormat()...)
	loadBytes(t, loader, t.TempDir(), name, content, ingest.Options{})
}

// TestParsersHoldUnderRandomChanges reads files that were changed at random and holds them to the oracles of the fuzz
// targets. The seed is fixed, so every run goes the same way; DASHIRA_EXPLORE says for how long, and without it the way
// is short. It is the part of fuzzing that cannot come out differently from one run to the next.
func TestParsersHoldUnderRandomChanges(t *testing.T) {
	span, err := time.ParseDuration(os.Getenv("DASHIRA_EXPLORE"))
	if err != nil {
		span = 0
	}
	for _, p := range parsers {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			seeds := seedsOf(t, p.seeds)
			r := rand.New(rand.NewPCG(1, 2))
			start, n := time.Now(), 0
			for ; n < 40 || n < p.most && time.Since(start) < span; n++ {
				content := changed(r, seeds)
				p.check(&named{TB: t, content: content, n: n}, content)
			}
			t.Logf("%d files in %v", n, time.Since(start).Round(time.Second))
		})
	}
}

// named is a test that says on which content it failed.
type named struct {
	testing.TB
	content []byte
	n       int
}

func (n *named) Fatalf(format string, args ...any) {
	n.TB.Helper()
	n.TB.Fatalf("content %d is %q: %s", n.n, n.content, fmt.Sprintf(format, args...))
}

func (n *named) Fatal(args ...any) {
	n.TB.Helper()
	n.TB.Fatalf("content %d is %q: %s", n.n, n.content, fmt.Sprint(args...))
}

// pieces are what parsers look for.
var pieces = []string{",", ";", "\t", "|", "\"", "'", "\\", "\n", "\r\n", "\r", "\"\"", "\"\n", ",\"", " ", "\x00", "\xef\xbb\xbf", "\xff\xfe", "é", "\xe9", "#", "//", "sep=;\n",
	"1,5", "1.5", "01", "-0", "+5", "1e9", "9223372036854775808", "12%", "€", "2024-02-30", "31/12/2024", "12:60", "n/a", "NaN", "true",
	"{", "}", "[", "]", ":", "null", `{"a":1}`, `\u00e9`, `\ud800`, "{\"a\":[{\"b\":1}]}\n", "[[1],[2]]"}

// changed makes a new content of one or two seeds.
func changed(r *rand.Rand, seeds [][]byte) []byte {
	b := bytes.Clone(seeds[r.IntN(len(seeds))])
	if len(b) > 4096 {
		at := r.IntN(len(b) - 4096)
		b = b[at : at+4096]
	}
	for range 1 + r.IntN(4) {
		at, size := 0, 0
		if len(b) > 0 {
			at = r.IntN(len(b))
			size = r.IntN(min(len(b)-at, 1+r.IntN(32)) + 1)
		}
		switch r.IntN(8) {
		case 0, 1: // put a piece in
			b = slices.Insert(b, at, []byte(pieces[r.IntN(len(pieces))])...)
		case 2: // take some out
			b = slices.Delete(b, at, at+size)
		case 3: // another byte
			if len(b) > 0 {
				b[at] = byte(r.IntN(256))
			}
		case 4: // repeat some
			b = slices.Insert(b, at, bytes.Repeat(bytes.Clone(b[at:at+size]), 1+r.IntN(5))...)
		case 5: // cut off
			b = b[:at]
		case 6: // a part of another seed
			o := seeds[r.IntN(len(seeds))]
			if len(o) > 0 {
				from := r.IntN(len(o))
				b = slices.Insert(b, at, o[from:min(len(o), from+1+r.IntN(200))]...)
			}
		default: // over one another
			if len(b) > 0 {
				copy(b[r.IntN(len(b)):], bytes.Clone(b[at:at+size]))
			}
		}
	}
	return b
}
