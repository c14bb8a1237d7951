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

func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTheFirstThousandDiagnosticsAreKeptAndAllCounted sets 1500 rows aside.
func TestTheFirstThousandDiagnosticsAreKeptAndAllCounted(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,v\n")
	for i := range 20_000 {
		if i%13 == 5 && i < 1500*13 {
			fmt.Fprintf(&b, "%d,1,too long\n", i)
		} else {
			fmt.Fprintf(&b, "%d,1\n", i)
		}
	}
	load := loadFile(t, newLoader(), written(t, "a.csv", b.String()), ingest.Options{})
	if len(load.Diagnostics) != 1000 || load.Counts.Error != 1500 || load.Sheets[0].Table.Rows() != 18_500 {
		t.Errorf("%d kept, %d errors counted, %d rows", len(load.Diagnostics), load.Counts.Error, load.Sheets[0].Table.Rows())
	}
	if d := load.Diagnostics[0]; d.Code != ingest.RaggedLong || d.Line != 7 || d.Value != "5,1,too long" {
		t.Errorf("%+v", d)
	}
}

// TestALateByteDecodesTheWholeFileAgain puts the only byte that is no UTF-8 behind a megabyte of text.
func TestALateByteDecodesTheWholeFileAgain(t *testing.T) {
	var content strings.Builder
	content.WriteString("id,name\n")
	for i := range 90_000 {
		name := "cafe"
		if i == 89_990 {
			name = "caf\xe9"
		}
		fmt.Fprintf(&content, "%d,%s\n", i, name)
	}
	load := loadFile(t, newLoader(), written(t, "a.csv", content.String()), ingest.Options{})
	if load.Encoding != "windows-1252" || load.Sheets[0].Table.Rows() != 90_000 {
		t.Fatalf("%s, %d rows", load.Encoding, load.Sheets[0].Table.Rows())
	}
	if got := load.Sheets[0].Table.Value(89_990, 1).Text(); got != "café" {
		t.Errorf("%q", got)
	}
	d := load.Diagnostics[0]
	if len(load.Diagnostics) != 1 || d.Code != ingest.EncodingFallback || d.Line != 89_992 || d.Column != "" || d.Value != "89990,café" {
		t.Errorf("%+v", load.Diagnostics)
	}
}

// TestTheLocaleDecidesWhatNothingElseDoes reads numbers and dates that can be read two ways.
func TestTheLocaleDecidesWhatNothingElseDoes(t *testing.T) {
	path := written(t, "a.csv", "n,day\n\"1,234\",03/04/2026\n\"2,345\",05/06/2026\n")
	for locale, want := range map[string]struct {
		typ table.Type
		day string
	}{"": {table.Int, "2026-04-03"}, "en-US": {table.Int, "2026-03-04"}, "en-GB": {table.Int, "2026-04-03"}, "de": {table.Float, "2026-04-03"}, "de-CH": {table.Int, "2026-04-03"}, "fr_FR": {table.Float, "2026-04-03"}} {
		l := ingest.NewLoader(ingest.LoaderOptions{Locale: locale}, formats()...)
		load := loadFile(t, l, path, ingest.Options{})
		s := load.Sheets[0]
		if s.Columns[0].Type != want.typ || s.Columns[1].Examples[0] != want.day || load.Counts.Warning != 2 {
			t.Errorf("%q: %s, %s, %+v", locale, s.Columns[0].Type, s.Columns[1].Examples[0], load.Counts)
		}
	}
}

// TestFilesOfOtherFormatsSayWhatToSaveThemAs looks at names that are not read, and at what is often behind them.
func TestFilesOfOtherFormatsSayWhatToSaveThemAs(t *testing.T) {
	for _, c := range []struct{ name, content, message, hint string }{
		{"a.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00", "old binary .xls", "save it as .xlsx"},
		{"a.xls", "PK\x03\x04\x14\x00", "newer workbook", "rename it to .xlsx"},
		{"a.xls", "<html><body><table><tr><td>1</td></tr></table>", "web page", "save it as .xlsx"},
		{"a.xls", "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", "Excel 2003", "save it as .xlsx"},
		{"a.xls", "größe\tn\n1\t2\n", "text", "rename it to .csv"},
		{"a.xls", "", "old binary", "save it as .xlsx"},
		{"a.ods", "PK", "OpenDocument", ".xlsx or .csv"},
		{"a.numbers", "PK", "Numbers", "export"},
		{"a.xlsb", "PK", ".xlsb", "save it as .xlsx"},
		{"a.zip", "PK", ".zip archives", "unpack"},
		{"a.doc", "x", "a.doc is of no format", "CSV, JSON or .xlsx"},
	} {
		load := loadFile(t, newLoader(), written(t, c.name, c.content), ingest.Options{})
		if d := load.Damage; d == nil || !strings.Contains(d.Message, c.message) || !strings.Contains(d.Hint, c.hint) || load.Counts.Error != 1 {
			t.Errorf("%s %.20q: %+v", c.name, c.content, load.Damage)
		}
	}
}

// TestATextMayBeginAsOtherFilesDo reads texts that begin with the letters of other formats.
func TestATextMayBeginAsOtherFilesDo(t *testing.T) {
	for _, content := range []string{"PAR1,BZ\x05\n1,2\n", "GIF8,n\n1,2\n", "BZh,n\x01\n1,2\n"} {
		load := loadFile(t, newLoader(), written(t, "a.csv", content), ingest.Options{})
		if load.Damage != nil || load.Sheets[0].Table.Rows() != 1 {
			t.Errorf("%q: %+v", content, load.Damage)
		}
	}
	load := loadFile(t, newLoader(), written(t, "a.csv", "PAR1\x15\x04\x15\x00\xff"), ingest.Options{})
	if load.Damage == nil || !strings.Contains(load.Damage.Message, "Parquet") {
		t.Errorf("%+v", load.Damage)
	}
}

// TestADatasetThatContradictsItselfIsOneRow reads JSON-stat whose index names more categories than its size says.
func TestADatasetThatContradictsItselfIsOneRow(t *testing.T) {
	content := `{"class":"dataset","id":["geo","time"],"size":[2,3],"dimension":{"geo":{"category":{"index":["AT","BE","BG"]}},"time":{"category":{"index":["2020","2021","2022"]}}},"value":{"0":5.1}}`
	load := loadFile(t, newLoader(), written(t, "a.json", content), ingest.Options{})
	if load.Damage != nil || load.Sheets[0].Table.Rows() != 1 {
		t.Errorf("%+v", load.Damage)
	}
}

// TestAnObjectOfColumnsIsFoundByItsPath reads the second of two tables below keys.
func TestAnObjectOfColumnsIsFoundByItsPath(t *testing.T) {
	load := loadFile(t, newLoader(), filepath.Join("testdata", "json", "meteo2.json"), ingest.Options{Records: "daily"})
	if load.Damage != nil || len(load.Sheets) != 1 || load.Sheets[0].Records != "daily" || load.Sheets[0].Columns[1].Name != "s" {
		t.Errorf("%+v %+v", load.Damage, load.Sheets)
	}
}
