package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// reported inspects a file of this content under flags.
func reported(t *testing.T, name, content string, flags ...string) ingest.Report {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return reportedFile(t, path, flags...)
}

func reportedFile(t *testing.T, path string, flags ...string) ingest.Report {
	t.Helper()
	out, said, status := execute(t, append([]string{"inspect", "--json", path}, flags...)...)
	if status != exitOK {
		t.Fatalf("%v: status %d, %s%s", flags, status, out, said)
	}
	var r ingest.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// summary is what a flag may change, in one line.
func summary(r ingest.Report) string {
	parts := []string{}
	for _, c := range r.Columns {
		text := c.Name + ":" + c.Type
		if c.Unit != "" {
			text += ":" + c.Unit
		}
		if len(c.Examples) > 0 {
			text += "=" + c.Examples[0]
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

// TestEveryGuessHasAFlag reads one file with and without each flag.
func TestEveryGuessHasAFlag(t *testing.T) {
	const dates = "day,n\n03/04/2026,1\n05/06/2026,2\n"
	for _, c := range []struct {
		file, content string
		flags         []string
		guessed, want string
	}{
		{"a.csv", "a;b,c\n1;2,3\n", []string{"--delimiter", ","}, "a:int=1 b,c:float=2.3", "a;b:string=1;2 c:int=3"},
		{"a.csv", "a;b\n1;2\n", []string{"--delimiter", "semicolon"}, "a:int=1 b:int=2", "a:int=1 b:int=2"},
		{"a.csv", "a,b\n!x!,1\n", []string{"--quote", "!"}, "a:string=!x! b:int=1", "a:string=x b:int=1"},
		{"a.csv", "a,b\n\"x\",1\n", []string{"--quote", "none"}, "a:string=x b:int=1", `a:string="x" b:int=1`},
		{"a.csv", "a,b\n\"x\\\"y\",1\n", []string{"--escape", "double"}, `a:string=x"y b:int=1`, `a:string=x\"y b:int=1`},
		{"a.csv", "%a,b\n%x,1\ny,2\n", []string{"--comment", "%"}, "%a:string=%x b:int=1", "column_1:string=y column_2:int=2"},
		{"a.csv", "# made by hand\na,b\n1,2\n", []string{"--comment", "none"}, "a:int=1 b:int=2", "a:int=1 b:int=2"},
		{"a.csv", "a,b\n\xa4,1\n", []string{"--encoding", "iso-8859-15"}, "a:string=¤ b:int=1", "a:string=€ b:int=1"},
		{"a.csv", "a,b\n\"1,234\",x\n\"2,345\",y\n", []string{"--decimal", ","}, "a:int=1234 b:string=x", "a:float=1.234 b:string=x"},
		{"a.csv", dates, []string{"--dates", "month-first"}, "day:date=2026-04-03 n:int=1", "day:date=2026-03-04 n:int=1"},
		{"a.csv", dates, []string{"--locale", "en-US"}, "day:date=2026-04-03 n:int=1", "day:date=2026-03-04 n:int=1"},
		{"a.csv", dates, []string{"--column", "day=date:%m/%d/%Y"}, "day:date=2026-04-03 n:int=1", "day:date=2026-03-04 n:int=1"},
		{"a.csv", dates, []string{"--column", "day=string", "--column", "n=float:EUR"}, "day:date=2026-04-03 n:int=1", "day:string=03/04/2026 n:float:EUR=1"},
		{"a.csv", "a=b,n\n007,1\n008,2\n", []string{"--column", "a=b=int"}, "a=b:string=007 n:int=1", "a=b:int=7 n:int=1"},
		{"a.csv", "t\n20260131 0930\n20260201 1000\n", []string{"--column", "t=timestamp:%Y%m%d %H%M"}, "t:string=20260131 0930", "t:timestamp=2026-01-31T09:30:00"},
		{"a.csv", "d,n\n31/01/2026,1\n01/31/2026,2\n", []string{"--column", "d=date"}, "d:string=31/01/2026 n:int=1", "d:date=2026-01-31 n:int=1"},
		{"a.csv", "ok,n\n1,1\n0,2\n", []string{"--column", "ok=bool"}, "ok:int=1 n:int=1", "ok:bool=true n:int=1"},
		{"a.csv", "seen,n\n1767225600,1\n1767225601,2\n", []string{"--column", "seen=timestamp"}, "seen:int=1767225600 n:int=1", "seen:timestamp=2026-01-01T00:00:00Z n:int=1"},
		{"a.csv", "at,n\n2026-01-31T09:12:40Z,1\n", []string{"--column", "at=date"}, "at:timestamp=2026-01-31T09:12:40Z n:int=1", "at:date=2026-01-31 n:int=1"},
		{"a.csv", "secs,n\n1.5,1\n90,2\n", []string{"--column", "secs=duration"}, "secs:float=1.5 n:int=1", "secs:duration=1.5 n:int=1"},
		{"a.csv", "t,n\n9:05,1\n30:00,2\n", []string{"--column", "t=time"}, "t:duration=32700 n:int=1", "t:time=09:05:00 n:int=1"},
		{"a.csv", "j,n\n\"[1,2]\",1\nno,2\n", []string{"--column", "j=nested"}, "j:string=[1,2] n:int=1", "j:nested=[1,2] n:int=1"},
		{"a.json", `[{"a":"12","b":"x"},{"a":"7","b":"y"}]`, []string{"--column", "a=int"}, "a:string=12 b:string=x", "a:int=12 b:string=x"},
		{"a.csv", "a,b\n1,2\n3,4\n", []string{"--header-rows", "0"}, "a:int=1 b:int=2", "column_1:string=a column_2:string=b"},
		{"a.csv", "1,2\n3,4\n", []string{"--header-rows", "1"}, "column_1:int=1 column_2:int=2", "1:int=3 2:int=4"},
		{"a.csv", "x,y\nu,v\na,b\n1,2\n3,4\n", []string{"--skip", "2"}, "x:string=u y:string=v", "a:int=1 b:int=2"},
		{"a.csv", "a,b\n1,x\nn/k,y\n", []string{"--null", "n/k"}, "a:string=1 b:string=x", "a:int=1 b:string=x"},
		{"a.csv", "a,b\n\"none, sorry\",1\nx,2\n", []string{"--null", "none, sorry"}, "a:string=none, sorry b:int=1", "a:string=x b:int=1"},
		{"a.json", `{"a":[{"x":1}],"b":[{"y":2}]}`, []string{"--records", "b"}, "x:int=1", "y:int=2"},
		{"a.json", `[{"id":1,"items":[{"sku":"s"}]}]`, []string{"--sheet", "items"}, "id:int=1", "parent_id:int=1 sku:string=s"},
	} {
		name := strings.Join(c.flags, " ")
		if got := summary(reported(t, c.file, c.content)); got != c.guessed {
			t.Errorf("without %s: %s, want %s", name, got, c.guessed)
		}
		if got := summary(reported(t, c.file, c.content, c.flags...)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		// convert takes the same flags.
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, said, status := execute(t, append([]string{"convert", path, "--to", "csv"}, c.flags...)...); status != exitOK {
			t.Errorf("convert %s: status %d, %s", name, status, said)
		}
	}
}

func TestAWorkbookHasFlagsOfItsOwn(t *testing.T) {
	const book = "examples/trouble/merged-headers.xlsx"
	if r := reportedFile(t, book, "--sheet", "notes"); len(r.Sheets) != 1 || r.Sheets[0].Name != "notes" {
		t.Errorf("the hidden sheet: %+v", r.Sheets)
	}
	if r := reportedFile(t, book, "--range", "A4:C6"); len(r.Columns) != 3 || r.Rows != 2 {
		t.Errorf("the range: %d columns, %d rows: %s", len(r.Columns), r.Rows, summary(r))
	}
}

func TestAKeyMayHoldACommaAndSeveralColumns(t *testing.T) {
	const content = "\"a, b\",c,n\n1,1,1\n1,2,1\n"
	if r := reported(t, "a.csv", content, "--key", "a, b", "--key", "c"); strings.Join(r.Key, "|") != "a, b|c" {
		t.Errorf("%q", r.Key)
	}
}

// TestAFlagThatMakesNoSenseIsAUsageError looks for status 2 and one sentence that says what is allowed.
func TestAFlagThatMakesNoSenseIsAUsageError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("day,n\n2026-01-01,1\n2026-01-02,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		flags []string
		want  string
	}{
		{[]string{"--delimiter", ";;"}, "one character"},
		{[]string{"--delimiter", "x"}, "one character"},
		{[]string{"--delimiter", "é"}, "one character"},
		{[]string{"--quote", "ab"}, "or none"},
		{[]string{"--quote", ",", "--delimiter", ","}, "or none"},
		{[]string{"--escape", "triple"}, "double or backslash"},
		{[]string{"--comment", "a\nb"}, "or none"},
		{[]string{"--decimal", "x"}, `"." or ","`},
		{[]string{"--decimal", ",", "--delimiter", ","}, "another mark than the delimiter"},
		{[]string{"--dates", "us"}, "day-first or month-first"},
		{[]string{"--header-rows", "-5"}, "from 0 to 100"},
		{[]string{"--header-rows", "two"}, "a whole number"},
		{[]string{"--skip", "-1"}, "from 0 to 100"},
		{[]string{"--encoding", "utf-9"}, "windows-1252"},
		{[]string{"--range", "A3-H40"}, "A3:H40"},
		{[]string{"--range", "H40:A3"}, "A3:H40"},
		{[]string{"--locale", "english please"}, "en-US"},
		{[]string{"--column", "day"}, "name=type"},
		{[]string{"--column", "day=datum"}, "timestamp"},
		{[]string{"--column", "day=date:%Q"}, "%d/%m/%Y"},
		{[]string{"--column", "n=bool:EUR"}, "for date and timestamp only"},
		{[]string{"--column", "dya=date"}, "there are day, n"},
		{[]string{"--key", "id"}, "there are day, n"},
		{[]string{"--nonsense"}, "nonsense"},
	} {
		for _, command := range [][]string{{"inspect"}, {"convert", "--to", "csv"}} {
			_, said, status := execute(t, append(append(command, path), c.flags...)...)
			if status != exitUsage || !strings.Contains(said, c.want) || !strings.Contains(said, "Try: dashira "+command[0]+" --help") {
				t.Errorf("%s %v: status %d, %s", command[0], c.flags, status, said)
			}
			if first, _, _ := strings.Cut(said, "\n"); strings.Contains(first, "strconv") || strings.Contains(first, "invalid argument") {
				t.Errorf("%v: %s", c.flags, first)
			}
		}
	}
}

func TestAFlagOfAnotherFormatIsNamed(t *testing.T) {
	_, said, status := execute(t, "inspect", "examples/trouble/utf16.csv", "--range", "A1:B2", "--records", "data", "--delimiter", ",")
	if status != exitOK || !strings.Contains(said, "of no effect on files of this kind: --range, --records\n") {
		t.Errorf("status %d, %s", status, said)
	}
}

// TestHelpFitsATerminal looks at the width of what --help prints of the commands that read files.
func TestHelpFitsATerminal(t *testing.T) {
	for _, name := range []string{"inspect", "convert"} {
		out, _, _ := execute(t, name, "--help")
		for line := range strings.Lines(out) {
			if n := columns(strings.TrimSuffix(line, "\n")); n > 100 {
				t.Errorf("%s: %d columns: %s", name, n, line)
			}
		}
	}
}

func TestParseColumnTakesEveryType(t *testing.T) {
	for _, typ := range []table.Type{table.Bool, table.Int, table.Float, table.String, table.Date, table.Time, table.Timestamp, table.Duration, table.Nested} {
		name, c, err := ingest.ParseColumn("a column=" + typ.String())
		if err != nil || name != "a column" || c.Type != typ {
			t.Errorf("%s: %q %+v %v", typ, name, c, err)
		}
	}
	if _, _, err := ingest.ParseColumn("a=null"); err == nil {
		t.Error("null is the type of a column without values and cannot be asked for")
	}
}

// Who stands in a folder and serves "." sees the folder's name; everything else is called as it was given.
func TestAFolderThatOneStandsInHasItsName(t *testing.T) {
	above := t.TempDir()
	inside := filepath.Join(above, "sales", "daily")
	if err := os.MkdirAll(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(inside)
	got := named([]string{".", "./", "..", "./x", "../lab", "/data/shop"})
	want := []string{"daily", "daily", "sales", "./x", "../lab", "/data/shop"}
	if !slices.Equal(got, want) {
		t.Errorf("named: %q, want %q", got, want)
	}
}
