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
