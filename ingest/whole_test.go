package ingest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/xuri/excelize/v2"
)

func TestWholeKnowsUnfinishedFiles(t *testing.T) {
	book := filepath.Join(t.TempDir(), "b.xlsx")
	f := excelize.NewFile()
	rows(t, f, "Sheet1", "A1", [][]any{{"a"}, {1}})
	check(t, f.SaveAs(book))
	xlsx, err := os.ReadFile(book)
	check(t, err)
	for _, c := range []struct {
		name    string
		content string
		whole   bool
	}{
		{"a.json", `{"a":1}`, true}, {"b.json", `{"a":1`, false}, {"c.json", `[{"a":1},`, false}, {"d.json", "", false},
		{"e.ndjson", "{\"a\":1}\n{\"a\":", true}, {"f.csv", "a,b\n1", true},
		{"g.xlsx", string(xlsx), true}, {"h.xlsx", string(xlsx[:len(xlsx)-30]), false}, {"i.xlsx", "", false}, {"j.xls", "x", false},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		check(t, os.WriteFile(path, []byte(c.content), 0o644))
		f, err := os.Open(path)
		check(t, err)
		if err := newLoader().Whole(path, f, int64(len(c.content))); (err == nil) != c.whole {
			t.Errorf("%s: %v, want whole %v", c.name, err, c.whole)
		}
		check(t, f.Close())
	}
}

func TestOptionsOverrideWhatWouldBeGuessed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	check(t, os.WriteFile(path, []byte("when;n\n01/02/2024;1,234\n03/04/2024;2,345\n"), 0o644))
	load := loadFile(t, newLoader(), path, ingest.Options{Decimal: ".", Columns: map[string]ingest.ColumnOptions{"when": {Format: "%m/%d/%Y"}}})
	if got := rowText(load.Sheets[0].Table, 0); got != `"2024-01-02" "1234"` {
		t.Errorf("got %s", got)
	}
}
