package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// TestASampleOfWordsProvesNothing reads a column of numbers whose beginning and end are a word for "no value", which is
// all that the sample sees of them, and one of words in which the sample sees nothing but numbers.
func TestASampleOfWordsProvesNothing(t *testing.T) {
	const rows = 120_000
	var b strings.Builder
	b.WriteString("id,late,odd\n")
	for i := range rows {
		late, odd := fmt.Sprint(i%977), "word"
		if i < 9000 || i > rows-30_000 {
			late = "n/k"
		}
		if i%8192 < 40 {
			odd = "7"
		}
		fmt.Fprintf(&b, "%d,%s,%s\n", i, late, odd)
	}
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	load := loadFile(t, newLoader(), path, ingest.Options{})
	late, odd := load.Sheets[0].Columns[1], load.Sheets[0].Columns[2]
	if late.Type != table.Int || late.Nulls != 38_999 || !strings.Contains(late.Reason, "“n/k”") {
		t.Errorf("late: %s, %d empty, %s", late.Type, late.Nulls, late.Reason)
	}
	if odd.Type != table.String || odd.Nulls != 0 {
		t.Errorf("odd: %s, %d empty, %s", odd.Type, odd.Nulls, odd.Reason)
	}
}
