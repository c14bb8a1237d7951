package ingest_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/parquet"
	"github.com/dashira/dashira/table"
	"github.com/klauspost/compress/zstd"
)

var everyType = table.NewSchema(
	table.Field{Name: "ok", Type: table.Bool},
	table.Field{Name: "n", Type: table.Int},
	table.Field{Name: "x", Type: table.Float, Unit: "EUR"},
	table.Field{Name: "a, b", Type: table.String},
	table.Field{Name: "d", Type: table.Date},
	table.Field{Name: "t", Type: table.Time},
	table.Field{Name: "at", Type: table.Timestamp, Instant: true},
	table.Field{Name: "civil", Type: table.Timestamp},
	table.Field{Name: "took", Type: table.Duration},
	table.Field{Name: "list", Type: table.Nested},
)

func everyTable() *table.Table {
	b := table.NewBuilder(everyType, nil)
	text := func(s string) table.Value { return table.TextValue(table.String, s) }
	b.Append(table.BoolValue(true), table.IntValue(table.Int, 9007199254740993), table.FloatValue(0.1), text("=cmd|' /C calc'!A0"), table.IntValue(table.Date, 19000),
		table.IntValue(table.Time, 36_000_500_000), table.IntValue(table.Timestamp, 1_700_000_000_123_456), table.IntValue(table.Timestamp, -1), table.IntValue(table.Duration, 1_500_000), table.TextValue(table.Nested, `[1,"a"]`))
	b.Append(make([]table.Value, everyType.Len())...)
	b.Append(table.BoolValue(false), table.IntValue(table.Int, -5), table.FloatValue(-2), text("line\n\"two\""), table.IntValue(table.Date, -1),
		table.IntValue(table.Time, 0), table.IntValue(table.Timestamp, 0), table.IntValue(table.Timestamp, 0), table.IntValue(table.Duration, 0), table.TextValue(table.Nested, `{"k":null}`))
	return b.Table()
}

func TestCSVIsDefusedForSpreadsheetsOnly(t *testing.T) {
	for _, defuse := range []bool{false, true} {
		var b bytes.Buffer
		if err := ingest.WriteCSV(&b, everyTable(), ingest.CSVOptions{Defuse: defuse}); err != nil {
			t.Fatal(err)
		}
		want := "ok,n,x,\"a, b\",d,t,at,civil,took,list\r\n" +
			"true,9007199254740993,0.1,=cmd|' /C calc'!A0,2022-01-08,10:00:00.5,2023-11-14T22:13:20.123456Z,1969-12-31T23:59:59.999999,1.5,\"[1,\"\"a\"\"]\"\r\n" +
			",,,,,,,,,\r\n" +
			"false,-5,-2,\"line\n\"\"two\"\"\",1969-12-31,00:00:00,1970-01-01T00:00:00Z,1970-01-01T00:00:00,0,\"{\"\"k\"\":null}\"\r\n"
		if defuse {
			want = strings.Replace(want, "=cmd", "'=cmd", 1)
		}
		if b.String() != want {
			t.Errorf("defuse %v: got %q, want %q", defuse, b.String(), want)
		}
	}
	for _, text := range []string{"=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\x00x", "＝1", "＋1", "－1", "＠x"} {
		if ingest.Defused(text) != "'"+text {
			t.Errorf("%q is not defused", text)
		}
	}
	if ingest.Defused("a=1") != "a=1" || ingest.Defused("") != "" {
		t.Error("plain text was changed")
	}
}

func TestNDJSONKeepsEveryDigit(t *testing.T) {
	var b bytes.Buffer
	if err := ingest.WriteNDJSON(&b, everyTable()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines", len(lines))
	}
	want := `{"ok":true,"n":9007199254740993,"x":0.1,"a, b":"=cmd|' /C calc'!A0","d":"2022-01-08","t":"10:00:00.5","at":"2023-11-14T22:13:20.123456Z","civil":"1969-12-31T23:59:59.999999","took":1.5,"list":[1,"a"]}`
	if lines[0] != want {
		t.Errorf("got %s, want %s", lines[0], want)
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("%s is no JSON", line)
		}
	}
}

// TestTypedFilesComeBack writes Arrow and Parquet and reads them again.
func TestTypedFilesComeBack(t *testing.T) {
	in := everyTable()
	write := map[string]func(f *os.File) error{
		"a.arrow":   func(f *os.File) error { return ingest.WriteArrow(f, in) },
		"a.parquet": func(f *os.File) error { return parquet.Write(f, in) },
	}
	l := ingest.NewLoader(ingest.LoaderOptions{}, parquet.New(), parquet.NewArrow())
	for name, w := range write {
		path := filepath.Join(t.TempDir(), name)
		f, err := os.Create(path)
		check(t, err)
		check(t, w(f))
		check(t, f.Close())
		load := loadFile(t, l, path, ingest.Options{})
		if load.Damage != nil {
			t.Fatalf("%s: %v", name, load.Damage)
		}
		out := load.Sheets[0].Table
		if out.Rows() != in.Rows() {
			t.Fatalf("%s: %d rows", name, out.Rows())
		}
		for c, f := range in.Schema().Fields() {
			got := out.Schema().Field(c)
			if got.Name != f.Name || got.Instant != f.Instant || got.Type != f.Type && !(name == "a.parquet" && f.Type == table.Duration) {
				t.Errorf("%s: column %d is %+v, want %+v", name, c, got, f)
			}
			if got.Type != f.Type {
				continue
			}
			for r := range in.Rows() {
				if a, b := out.Value(r, c), in.Value(r, c); !a.Equal(b) {
					t.Errorf("%s: row %d, %s: %q, want %q", name, r, f.Name, got.Format(a), f.Format(b))
				}
			}
		}
		b, err := os.ReadFile(path)
		check(t, err)
		for n := range len(b) {
			check(t, os.WriteFile(path, b[:n], 0o644))
			if load := loadFile(t, l, path, ingest.Options{}); load.Damage == nil {
				t.Fatalf("%s cut to %d of %d bytes is read", name, n, len(b))
			} else if strings.Contains(load.Damage.Message, "fault in dashira") && name == "a.arrow" {
				t.Logf("%s cut to %d bytes: %s", name, n, load.Damage.Message)
			}
		}
	}
}

func TestPackedFilesAreRead(t *testing.T) {
	content := narrowRows(3000)
	var gz bytes.Buffer
	z := gzip.NewWriter(&gz)
	z.Write(content)
	z.Close()
	e, err := zstd.NewWriter(nil)
	check(t, err)
	for name, packed := range map[string][]byte{"a.csv.gz": gz.Bytes(), "a.csv.zst": e.EncodeAll(content, nil)} {
		t.Run(name, func(t *testing.T) {
			d := newDisk(t, name)
			if load := d.load(packed); load.Damage != nil || load.Sheets[0].Table.Rows() != 3000 {
				t.Fatalf("%+v", load.Damage)
			}
			whole := func(b []byte) error {
				check(t, os.WriteFile(d.path, b, 0o644))
				f, err := os.Open(d.path)
				check(t, err)
				defer f.Close()
				return d.loader.Whole(d.path, f, int64(len(b)))
			}
			check(t, whole(packed))
			for _, n := range []int{0, 5, len(packed) / 2, len(packed) - 1} {
				if whole(packed[:n]) == nil {
					t.Errorf("%d of %d bytes are whole", n, len(packed))
				}
				if load := d.load(packed[:n]); load.Damage == nil || load.Damage.Code != ingest.DamagedArchive {
					t.Errorf("%d of %d bytes: damage %v", n, len(packed), load.Damage)
				}
			}
		})
	}
	var bomb bytes.Buffer
	z = gzip.NewWriter(&bomb)
	z.Write(make([]byte, 4<<20))
	z.Close()
	if load := newDisk(t, "b.csv.gz").load(bomb.Bytes()); load.Damage == nil || load.Damage.Code != ingest.LimitReached {
		t.Errorf("a bomb gives %v", load.Damage)
	}
}
