package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/csv"
	"github.com/dashira/dashira/ingest/json"
)

// TestProgressOnlyGrowsAndArrives loads files of several formats and looks at what was told on the way.
func TestProgressOnlyGrowsAndArrives(t *testing.T) {
	var lines, records strings.Builder
	lines.WriteString("id,name\n")
	for i := range 60_000 {
		fmt.Fprintf(&lines, "%d,name %d\n", i, i%100)
		fmt.Fprintf(&records, "{\"id\":%d,\"name\":\"name %d\"}\n", i, i%100)
	}
	files := map[string]string{"a.csv": lines.String(), "a.ndjson": records.String(), "a.json": "[" + strings.ReplaceAll(strings.TrimSpace(records.String()), "\n", ",\n") + "]"}
	for name, content := range files {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		told := 0
		furthest := int64(0)
		l := ingest.NewLoader(ingest.LoaderOptions{Progress: func(p string, bytes, total int64) {
			mu.Lock()
			defer mu.Unlock()
			told++
			furthest = max(furthest, bytes)
			if filepath.Base(p) != name || total != int64(len(content)) || bytes < 0 || bytes > total {
				t.Errorf("%s: told %s %d of %d", name, p, bytes, total)
			}
		}}, csv.New(), json.New())
		if load := loadFile(t, l, path, ingest.Options{}); load.Sheets[0].Table.Rows() != 60_000 {
			t.Fatalf("%s: %d rows", name, load.Sheets[0].Table.Rows())
		}
		if told < 3 || told > 1000 || furthest < int64(len(content))*99/100 {
			t.Errorf("%s: told %d times, up to %d of %d", name, told, furthest, len(content))
		}
	}
}

// TestProgressOfManyFilesAsOneTable loads a union and looks at what was told on the way.
func TestProgressOfManyFilesAsOneTable(t *testing.T) {
	dir := t.TempDir()
	var names []string
	size := int64(0)
	for k := range 5 {
		var b strings.Builder
		b.WriteString("id,name\n")
		for i := range 20_000 {
			fmt.Fprintf(&b, "%d,name %d\n", 100_000*k+i, i%100)
		}
		name := fmt.Sprintf("part-%d.csv", k)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
		size += int64(b.Len())
	}
	var mu sync.Mutex
	told, furthest := 0, int64(0)
	l := ingest.NewLoader(ingest.LoaderOptions{Progress: func(p string, bytes, total int64) {
		mu.Lock()
		defer mu.Unlock()
		told++
		furthest = max(furthest, bytes)
		if p != "part-*.csv" || total != size || bytes < 0 || bytes > total {
			t.Errorf("told %s %d of %d", p, bytes, total)
		}
	}}, csv.New())
	u := l.Union("part-*.csv", func(name string) (*os.File, error) { return os.Open(filepath.Join(dir, name)) })
	var changed []ingest.Member
	for _, name := range names {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		st, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		changed = append(changed, ingest.Member{Name: name, File: f, Size: st.Size()})
	}
	load, err := u.Load(t.Context(), changed, names, ingest.Options{})
	if err != nil || load.Damage != nil || load.Sheets[0].Table.Rows() != 100_000 {
		t.Fatal(err, load.Damage)
	}
	if told < 5 || told > 1000 || furthest < size*99/100 {
		t.Errorf("told %d times, up to %d of %d", told, furthest, size)
	}
}
