package ingest_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
)

// folder is a folder of files that are one table.
type folder struct {
	t     testing.TB
	dir   string
	union *ingest.Union
}

func newFolder(t testing.TB) *folder {
	f := &folder{t: t, dir: t.TempDir()}
	f.union = newLoader().Union("all", func(name string) (*os.File, error) { return os.Open(filepath.Join(f.dir, name)) })
	return f
}

func (f *folder) write(name, content string) {
	f.t.Helper()
	check(f.t, os.WriteFile(filepath.Join(f.dir, name), []byte(content), 0o644))
}

func (f *folder) present() []string {
	entries, err := os.ReadDir(f.dir)
	check(f.t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// load reads the named files again, all that are there where none is named.
func (f *folder) load(changed ...string) *ingest.Load {
	f.t.Helper()
	present := f.present()
	if changed == nil {
		changed = present
	}
	var members []ingest.Member
	for _, name := range changed {
		file, err := os.Open(filepath.Join(f.dir, name))
		check(f.t, err)
		defer file.Close()
		st, err := file.Stat()
		check(f.t, err)
		members = append(members, ingest.Member{Name: name, File: file, Size: st.Size()})
	}
	load, err := f.union.Load(f.t.Context(), members, present, ingest.Options{})
	check(f.t, err)
	return load
}

func (f *folder) fresh() *ingest.Load {
	fresh := &folder{t: f.t, dir: f.dir}
	fresh.union = newLoader().Union("all", func(name string) (*os.File, error) { return os.Open(filepath.Join(f.dir, name)) })
	return fresh.load()
}

func allRows(l *ingest.Load) string {
	var b strings.Builder
	for _, s := range l.Sheets {
		fmt.Fprintf(&b, "%s:", s.Name)
		for _, f := range s.Table.Schema().Fields() {
			fmt.Fprintf(&b, " %s %s", f.Name, f.Type)
		}
		b.WriteString("\n")
		for r := range s.Table.Rows() {
			b.WriteString(rowText(s.Table, r) + "\n")
		}
	}
	return b.String()
}

func wantRows(t *testing.T, l *ingest.Load, want string) {
	t.Helper()
	if l.Damage != nil {
		t.Fatal(l.Damage)
	}
	if got := allRows(l); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFilesAreUnitedByTheNamesOfTheirColumns(t *testing.T) {
	f := newFolder(t)
	f.write("part10.csv", "city,n\nOslo,4\n")
	f.write("part2.csv", "n;day;city\n2,5;2024-01-31;Rome\n3;2024-02-01;Bern\n")
	f.write("part1.csv", "city,n\nParis,1\n")
	wantRows(t, f.load(), `: city string n float day date _file string
"Paris" "1" - "part1.csv"
"Rome" "2.5" "2024-01-31" "part2.csv"
"Bern" "3" "2024-02-01" "part2.csv"
"Oslo" "4" - "part10.csv"
`)
}

func TestFilesOfSeveralFormatsAreOneTable(t *testing.T) {
	f := newFolder(t)
	f.write("a.csv", "id,name\n1,ann\n")
	f.write("b.ndjson", `{"id":2,"name":"bob","more":{"x":true}}`+"\n")
	f.write("c.json", `[{"id":3,"items":[{"k":"v"}]}]`)
	wantRows(t, f.load(), `: id int name string more.x bool _file string
"1" "ann" - "a.csv"
"2" "bob" "true" "b.ndjson"
"3" - - "c.json"
items: parent_id int k string _file string
"3" "v" "c.json"
`)
}

func TestAFileJoinsChangesAndLeaves(t *testing.T) {
	f := newFolder(t)
	big := string(narrowRows(30_000))
	f.write("a.csv", big)
	f.write("b.csv", "id,sensor,value,status\n1,x,1.5,ok\n")
	first := f.load()
	f.write("c.csv", "id,sensor,value,status\n7,y,2,late\n")
	joined := f.load("c.csv")
	if n, all := shared(first.Sheets[0].Table, joined.Sheets[0].Table), len(first.Sheets[0].Table.Chunks()); n != all {
		t.Errorf("%d of %d chunks are shared when a file joins", n, all)
	}
	same(t, joined, f.fresh())
	// What a.csv holds is not looked at when another file changes.
	f.write("b.csv", "id,sensor,value,status\n1,x,1.5,ok\n2,x,2.5,ok\n")
	check(t, os.WriteFile(filepath.Join(f.dir, "a.csv"), []byte("id,sensor\n"), 0o644))
	grown := f.load("b.csv")
	if grown.Sheets[0].Table.Rows() != 30_003 {
		t.Errorf("%d rows after one more", grown.Sheets[0].Table.Rows())
	}
	check(t, os.Remove(filepath.Join(f.dir, "a.csv")))
	left := must(f.union.Load(t.Context(), nil, f.present(), ingest.Options{}))(t)
	wantRows(t, left, `: id int sensor string value float status string _file string
"1" "x" "1.5" "ok" "b.csv"
"2" "x" "2.5" "ok" "b.csv"
"7" "y" "2" "late" "c.csv"
`)
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func TestWhenATypeWidensTheOtherFilesAreReadAgain(t *testing.T) {
	f := newFolder(t)
	f.write("a.csv", "id,n\n1,007\n")
	f.write("b.csv", "id,n\n2,8\n")
	f.write("a.csv", "id,n\n1,7\n")
	f.load()
	f.write("c.csv", "id,n\n3,seven\n4,acht\n")
	wantRows(t, f.load("c.csv"), `: id int n string _file string
"1" "7" "a.csv"
"2" "8" "b.csv"
"3" "seven" "c.csv"
"4" "acht" "c.csv"
`)
}

func TestADamagedFileKeepsItsLastRows(t *testing.T) {
	f := newFolder(t)
	f.write("a.json", `[{"n":1}]`)
	f.write("b.json", `[{"n":2}]`)
	f.load()
	f.write("b.json", `[{"n":3},`)
	load := f.load("b.json")
	wantRows(t, load, `: n int _file string
"1" "a.json"
"2" "b.json"
`)
	i := slices.IndexFunc(load.Diagnostics, func(d ingest.Diagnostic) bool { return d.Code == ingest.BadJSON })
	if i < 0 || load.Diagnostics[i].File != "b.json" || load.Diagnostics[i].Severity != ingest.Error {
		t.Errorf("diagnostics are %+v", load.Diagnostics)
	}
	// The last rows of the damaged file cannot be read as another type any more.
	f.write("a.json", `[{"n":"x"}]`)
	wantRows(t, f.load("a.json"), `: n string _file string
"x" "a.json"
`)
	f.write("b.json", `[{"n":4}]`)
	wantRows(t, f.load("b.json"), `: n string _file string
"x" "a.json"
"4" "b.json"
`)
	f.write("a.json", `{`)
	f.write("b.json", `{`)
	if load := f.fresh(); load.Damage == nil || !strings.HasPrefix(load.Damage.Message, "a.json: ") {
		t.Errorf("damage of two broken files is %v", load.Damage)
	}
}

func TestDiagnosticsOfAUnionNameTheFile(t *testing.T) {
	f := newFolder(t)
	f.write("a.csv", "id,n\n1,2\n2,3\n")
	var b bytes.Buffer
	b.WriteString("title\n\nid,n\n")
	for i := range 300 {
		fmt.Fprintf(&b, "%d,%d\n", i, i)
	}
	f.write("b.csv", b.String()+"7,12o\n8,9,10\n")
	f.write("c.csv", "id,n\n1,\xe9\n2,4\n")
	load := f.load()
	found := map[ingest.Code]string{}
	for _, d := range load.Diagnostics {
		found[d.Code] = fmt.Sprintf("%s:%d", d.File, d.Line)
	}
	for code, want := range map[ingest.Code]string{ingest.PreambleSkipped: "b.csv:1", ingest.RaggedLong: "b.csv:305", ingest.EncodingFallback: "c.csv:2"} {
		if found[code] != want {
			t.Errorf("%s is at %s, want %s", code, found[code], want)
		}
	}
}

func TestHeadersWithoutRowsBringTheirColumns(t *testing.T) {
	f := newFolder(t)
	f.write("a.csv", "x,y\n")
	f.write("b.csv", "y,z\n1,2\n")
	wantRows(t, f.load(), `: x null y int z int _file string
- "1" "2" "b.csv"
`)
}

func TestOwnColumnFileWins(t *testing.T) {
	f := newFolder(t)
	f.write("a.csv", "x,_file\n1,mine\n")
	f.write("b.csv", "x\n2\n")
	wantRows(t, f.load(), `: x int _file string
"1" "mine"
"2" "b.csv"
`)
}

func TestPatternsMatchAsTheyAreMeant(t *testing.T) {
	for _, c := range []struct{ pattern, root, yes, no string }{
		{"orders/*.csv", "orders", "orders/a.csv", "orders/x/a.csv"},
		{"*.csv", "", "a.csv", "a.json"},
		{"data/**/*.csv", "data", "data/a.csv", "data/a.json"},
		{"data/**/*.csv", "data", "data/x/y/a.csv", "a.csv"},
		{"data/**", "data", "data/x/y", "dat/x"},
		{"a/{b,c}/[0-9]?.csv", "a", "a/c/1x.csv", "a/d/1x.csv"},
		{"{a,b{1,2}}.csv", "", "b2.csv", "b3.csv"},
		{"/abs/x*/f.csv", "/abs", "/abs/x1/f.csv", "abs/x1/f.csv"},
	} {
		p, err := ingest.ParsePattern(c.pattern)
		check(t, err)
		if p.Root() != c.root || !p.Match(c.yes) || p.Match(c.no) {
			t.Errorf("%s: root %q, %s %v, %s %v", c.pattern, p.Root(), c.yes, p.Match(c.yes), c.no, p.Match(c.no))
		}
	}
	for _, bad := range []string{"[a", "{a", strings.Repeat("{a,b}", 20)} {
		if _, err := ingest.ParsePattern(bad); err == nil {
			t.Errorf("%q is taken for a pattern", bad)
		}
	}
}

func TestNaturalOrderCounts(t *testing.T) {
	names := []string{"b", "a10", "a2", "a02", "a2b", "a", "a1"}
	slices.SortFunc(names, func(a, b string) int {
		switch {
		case ingest.NaturalLess(a, b):
			return -1
		case ingest.NaturalLess(b, a):
			return 1
		}
		return 0
	})
	if got := strings.Join(names, " "); got != "a a1 a02 a2 a2b a10 b" {
		t.Errorf("got %s", got)
	}
}
