package ingest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// TestAnyColumnMayBeAskedForAsAnyType reads the columns of every case file as types that take turns: nothing panics, the
// column has the type, and every cell that was there is a value or is reported.
func TestAnyColumnMayBeAskedForAsAnyType(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.*")
	if err != nil {
		t.Fatal(err)
	}
	types := []table.Type{table.Bool, table.Int, table.Float, table.String, table.Date, table.Time, table.Timestamp, table.Duration, table.Nested}
	for _, path := range files {
		if strings.HasSuffix(path, ".want") || !newLoader().Accept(path) {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		plain := loadBytes(t, newLoader(), t.TempDir(), filepath.Base(path), content, ingest.Options{})
		if plain.Damage != nil || plain.Main() == nil {
			continue
		}
		for turn := 0; turn < len(types); turn += 2 {
			columns := map[string]ingest.ColumnOptions{}
			for i, c := range plain.Main().Columns {
				columns[c.Name] = ingest.ColumnOptions{Type: types[(i+turn)%len(types)]}
			}
			load := loadBytes(t, newLoader(), t.TempDir(), filepath.Base(path), content, ingest.Options{Columns: columns})
			if load.Damage != nil {
				t.Errorf("%s, turn %d: %v", path, turn, load.Damage)
				continue
			}
			for i, c := range load.Main().Columns {
				typ := columns[c.Name].Type
				if got := load.Main().Table.Schema().Field(i).Type; got != typ || c.Type != typ {
					t.Errorf("%s as %s: column %s is %s", path, typ, c.Name, got)
				}
				bad := 0
				for _, d := range load.Diagnostics {
					if d.Column == c.Name && (d.Code == ingest.BadValue || d.Code == ingest.UnclosedQuote) {
						bad++
					}
				}
				was := &plain.Main().Columns[i]
				if typ != table.String && c.Nulls > was.Nulls && bad == 0 && load.Counts.Error < 1000 && was.Type != table.String {
					t.Errorf("%s as %s: %s lost %d cells and says nothing", path, typ, c.Name, c.Nulls-was.Nulls)
				}
			}
			// What is held must be writable: JSON text is JSON, columns are of their types.
			var out strings.Builder
			if err := ingest.WriteNDJSON(&out, load.Main().Table); err != nil {
				t.Errorf("%s, turn %d: %v", path, turn, err)
			}
		}
	}
}
