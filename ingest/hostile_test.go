package ingest_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/ingest/csv"
	"github.com/dashira/dashira/ingest/excel"
	"github.com/dashira/dashira/ingest/json"
	"github.com/dashira/dashira/ingest/parquet"
	"github.com/klauspost/compress/zstd"
)

// hostile is a file made to do harm: what it is called, how it is written, and the code and a part of the message with
// which it is refused. With an empty code it is read.
type hostile struct {
	name  string
	write func(t testing.TB, w io.Writer)
	code  ingest.Code
	says  string
}

// text writes strings in turn, each a number of times.
func repeated(parts ...any) func(testing.TB, io.Writer) {
	return func(t testing.TB, w io.Writer) {
		for i := 0; i < len(parts); i += 2 {
			piece, times := parts[i].(string), parts[i+1].(int)
			block := strings.Repeat(piece, max(1, min(times, 1<<16/len(piece))))
			n := len(block) / len(piece)
			for ; times >= n; times -= n {
				put(t, w, block)
			}
			put(t, w, strings.Repeat(piece, times))
		}
	}
}

func put(t testing.TB, w io.Writer, s string) {
	t.Helper()
	_, err := io.WriteString(w, s)
	check(t, err)
}

// packed writes a workbook out of parts; what is not named is made up. A part may be a string or a writer.
func packed(parts map[string]any) func(testing.TB, io.Writer) {
	return func(t testing.TB, w io.Writer) {
		z := zip.NewWriter(w)
		all := map[string]any{}
		for name, part := range plainBook {
			all[name] = part
		}
		for name, part := range parts {
			all[name] = part
		}
		for name, part := range all {
			if part == nil {
				continue
			}
			p, err := z.Create(name)
			check(t, err)
			if write, ok := part.(func(testing.TB, io.Writer)); ok {
				write(t, p)
				continue
			}
			put(t, p, part.(string))
		}
		check(t, z.Close())
	}
}

const (
	xmlns   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relns   = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	reltype = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	opens   = `<worksheet ` + xmlns + `><sheetData>`
	closes  = `</sheetData></worksheet>`
	sheet1  = "xl/worksheets/sheet1.xml"
)

var plainBook = map[string]any{
	"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`,
	"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + reltype + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
	"xl/workbook.xml":     `<workbook ` + xmlns + ` ` + relns + `><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
	"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + reltype + `/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="` + reltype + `/styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + reltype + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
	"xl/styles.xml": `<styleSheet ` + xmlns + `><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>`,
	sheet1:          opens + `<row r="1"><c r="A1" t="str"><v>n</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>` + closes,
}

func manySheets(n int) map[string]any {
	var list, rels strings.Builder
	for i := range n {
		fmt.Fprintf(&list, `<sheet name="s%d" sheetId="%d" r:id="rId%d"/>`, i, i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet1.xml"/>`, i+1, reltype)
	}
	return map[string]any{
		"xl/workbook.xml":            `<workbook ` + xmlns + ` ` + relns + `><sheets>` + list.String() + `</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels.String() + `</Relationships>`,
	}
}

func manyParts(n int) map[string]any {
	parts := map[string]any{}
	for i := range n {
		parts[fmt.Sprintf("xl/x%d.xml", i)] = ""
	}
	return parts
}

func gzipped(write func(testing.TB, io.Writer)) func(testing.TB, io.Writer) {
	return func(t testing.TB, w io.Writer) {
		z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
		check(t, err)
		write(t, z)
		check(t, z.Close())
	}
}

func zstandard(write func(testing.TB, io.Writer), o ...zstd.EOption) func(testing.TB, io.Writer) {
	return func(t testing.TB, w io.Writer) {
		z, err := zstd.NewWriter(w, o...)
		check(t, err)
		write(t, z)
		check(t, z.Close())
	}
}

// lying writes an archive whose directory says another size of a part than it has.
func lying(name string, size uint32, parts map[string]any) func(testing.TB, io.Writer) {
	return func(t testing.TB, w io.Writer) {
		var b bytes.Buffer
		packed(parts)(t, &b)
		all := b.Bytes()
		for at := 0; at+46 < len(all); at++ {
			if binary.LittleEndian.Uint32(all[at:]) == 0x02014b50 && strings.HasPrefix(string(all[at+46:]), name) {
				binary.LittleEndian.PutUint32(all[at+24:], size)
			}
		}
		_, err := w.Write(all)
		check(t, err)
	}
}

func distinctKeys(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

const laughs = `<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>`

// hostiles are small enough for every test run; each is beyond a limit all the same.
func hostiles() []hostile {
	limit, damaged := ingest.LimitReached, ingest.DamagedArchive
	return []hostile{
		{"long-line.csv", repeated("a,b\n1,", 1, "x", 18<<20, "\n", 1), limit, "longer than 16 MiB"},
		{"open-quote.csv", repeated("a,b\n1,\"", 1, "x\n", 9<<20), "", ""},
		{"long-quote.csv", repeated("a,b\n", 1, "1,2\n", 1000, "1,\"", 1, "x\n", 9<<20, "\"\n", 1), limit, "longer than 16 MiB"},
		{"million-columns.csv", repeated("x,", 100_000, "x\n", 1, "1,", 100_000, "1\n", 1), limit, "columns"},
		{"wide-and-short.csv", repeated("x,", 4_000, "x\n", 1, "1\n", 30_000), "", ""},
		{"nul.csv", repeated("\x00", 4<<20), "", ""},
		{"only-quotes.csv", repeated("\"", 1<<20), "", ""},
		{"only-delimiters.csv", repeated(",,,,,,,\n", 100_000), "", ""},
		{"only-returns.csv", repeated("\r", 1<<20), "", ""},
		{"bomb.csv.gz", gzipped(repeated("0,0,0,0,0,0,0,0\n", 1<<19)), limit, "unpacks to more than"},
		{"twice.csv.gz", gzipped(gzipped(repeated("a,b\n", 10))), damaged, "packed with gzip"},
		{"bomb.csv.zst", zstandard(repeated("0,0,0,0,0,0,0,0\n", 1<<19)), limit, "unpacks to more than"},
		{"window.csv.zst", zstandard(repeated("0123456789abcdef\n", 1<<20), zstd.WithWindowSize(256<<20), zstd.WithSingleSegment(false)), limit, "window"},
		{"deep.json", repeated("[", 1_000_000), limit, "nested too deeply"},
		{"deep-objects.json", repeated(`{"a":`, 1_000_000), limit, "nested too deeply"},
		{"deep.ndjson", repeated(`{"a":1}`+"\n", 1, "[", 1_000_000, "\n", 1), "", ""},
		{"long-text.json", repeated(`[{"a":"`, 1, "x", 17<<20, `"}]`, 1), limit, "longer than 16 MiB"},
		{"long-number.json", repeated(`[{"a":`, 1, "1", 17<<20, `}]`, 1), limit, "longer than 16 MiB"},
		{"long-line.ndjson", repeated(`{"a":"`, 1, "x", 18<<20, `"}`+"\n", 1, `{"a":"b"}`+"\n", 9), limit, "longer than 16 MiB"},
		{"million-keys.json", repeated("[{"+distinctKeys(20_000, `"k%d":1`)+"}]", 1), limit, "different keys"},
		{"million-lists.json", repeated(`[{"id":1,`+distinctKeys(5_000, `"k%d":[{"a":1}]`)+"}]", 1), limit, "different keys"},
		{"new-keys.ndjson", repeated(strings.ReplaceAll(distinctKeys(5_000, `{"k%d":1}`), "},", "}\n")+"\n", 1), limit, "different keys"},
		{"wide-rows.json", repeated("[[", 1, "1,", 100_000, "1]]", 1), limit, "more than 4096 cells"},
		{"million-columns.json", repeated("{"+distinctKeys(5_000, `"k%d":[1,2]`)+"}", 1), limit, "columns"},
		{"bomb.xlsx", packed(map[string]any{sheet1: repeated(opens, 1, " ", 16<<20, closes, 1)}), limit, "times its size"},
		{"unused-bomb.xlsx", packed(map[string]any{"xl/unused.xml": repeated(" ", 16<<20)}), limit, "times its size"},
		{"styles-bomb.xlsx", packed(map[string]any{"xl/styles.xml": repeated(`<styleSheet `+xmlns+`><cellXfs>`, 1, `<xf numFmtId="0"/>`, 2<<20, `</cellXfs></styleSheet>`, 1)}), limit, ""},
		{"laughs.xlsx", packed(map[string]any{"xl/workbook.xml": laughs + plainBook["xl/workbook.xml"].(string)}), damaged, "document type"},
		{"laughs-sheet.xlsx", packed(map[string]any{sheet1: laughs + opens + `<row r="1"><c r="A1" t="str"><v>&d;</v></c></row>` + closes}), damaged, "document type"},
		{"laughs-texts.xlsx", packed(map[string]any{"xl/sharedStrings.xml": laughs + `<sst ` + xmlns + `><si><t>&d;</t></si></sst>`}), damaged, "document type"},
		{"laughs-styles.xlsx", packed(map[string]any{"xl/styles.xml": laughs + plainBook["xl/styles.xml"].(string)}), damaged, "document type"},
		{"million-sheets.xlsx", packed(manySheets(5000)), limit, "sheets"},
		{"million-parts.xlsx", packed(manyParts(10_100)), limit, "parts"},
		{"no-text.xlsx", packed(map[string]any{sheet1: opens + `<row r="1"><c r="A1" t="s"><v>7</v></c></row>` + closes}), damaged, "shared text"},
		{"huge-text.xlsx", packed(map[string]any{sheet1: opens + `<row r="1"><c r="A1" t="s"><v>99999999999999999999</v></c></row>` + closes}), damaged, "shared text"},
		{"negative-text.xlsx", packed(map[string]any{sheet1: opens + `<row r="1"><c r="A1" t="s"><v>-1</v></c></row>` + closes}), damaged, "shared text"},
		{"far-column.xlsx", packed(map[string]any{sheet1: opens + `<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>` + closes}), limit, "columns"},
		{"far-cells.xlsx", packed(map[string]any{sheet1: farCells}), limit, "spans"},
		{"no-column.xlsx", packed(map[string]any{sheet1: opens + `<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>` + closes}), damaged, "cell reference"},
		{"no-row.xlsx", packed(map[string]any{sheet1: opens + `<row r="99999999999"><c><v>1</v></c></row>` + closes}), damaged, "row number"},
		{"long-cell.xlsx", packed(map[string]any{sheet1: repeated(opens+`<row r="1"><c r="A1" t="str"><v>`, 1, "abcdefghij0123456789", 1<<20, `</v></c></row>`+closes, 1)}), limit, ""},
		{"endless-row.xlsx", packed(map[string]any{sheet1: opens + `<row r="1">` + strings.ReplaceAll(distinctKeys(100_000, "<c><v>%d</v></c>"), ",", "")}), damaged, ""},
		{"cut-sheet.xlsx", packed(map[string]any{sheet1: opens + `<row r="1"><c r="A1"><v>1</v></c></row>`}), damaged, ""},
		{"small-lie.xlsx", lying(sheet1, 10, nil), damaged, ""},
		{"large-lie.xlsx", lying(sheet1, 900_000, nil), damaged, ""},
		{"circle.xlsx", packed(map[string]any{"xl/_rels/workbook.xml.rels": strings.ReplaceAll(plainBook["xl/_rels/workbook.xml.rels"].(string), "worksheets/sheet1.xml", "../../../../etc/passwd")}), damaged, "missing"},
		{"not-a-book.xlsx", repeated("PK\x03\x04", 1000), damaged, ""},
		{"old.xlsx", repeated("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 1, "\x00", 4096), damaged, "encrypted"},
		{"merges.xlsx", packed(map[string]any{sheet1: manyMerges}), "", ""},
		{"styles.xlsx", packed(map[string]any{sheet1: opens + `<row r="1"><c r="A1" s="4000000000"><v>1</v></c></row>` + closes}), "", ""},
		{"not.parquet", repeated("PAR1", 1000), damaged, ""},
		{"not.arrow", repeated("ARROW1", 1000), damaged, ""},
		{"short.arrows", repeated("\xff\xff\xff\xff\xff\xff\xff\x7f", 1), damaged, ""},
	}
}

// farCells is a sheet with a cell in each of many rows and two far to the right.
func farCells(t testing.TB, w io.Writer) {
	put(t, w, opens)
	for r := 1; r <= 100_000; r++ {
		far := ""
		if r == 1 || r == 100_000 {
			far = fmt.Sprintf(`<c r="DZZ%d"><v>1</v></c>`, r)
		}
		put(t, w, fmt.Sprintf(`<row r="%d"><c r="A%d"><v>%d</v></c>%s</row>`, r, r, r, far))
	}
	put(t, w, closes)
}

func manyMerges(t testing.TB, w io.Writer) {
	put(t, w, opens+`<row r="1">`)
	for c := range 2000 {
		put(t, w, fmt.Sprintf(`<c r="%s1" t="str"><v>x%d</v></c>`, letters(c), c))
	}
	put(t, w, `</row><row r="2"><c r="A2"><v>1</v></c></row></sheetData><mergeCells>`)
	for range 50_000 {
		put(t, w, `<mergeCell ref="A1:BXX4"/>`)
	}
	put(t, w, `</mergeCells></worksheet>`)
}

func letters(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// TestHostileFilesAreRefusedInTime writes each hostile file and reads it with the product's own limits. With
// DASHIRA_HOSTILE the files are left in that folder, to be measured with the binary.
func TestHostileFilesAreRefusedInTime(t *testing.T) {
	kept := os.Getenv("DASHIRA_HOSTILE")
	for _, h := range hostiles() {
		t.Run(h.name, func(t *testing.T) {
			dir := t.TempDir()
			if kept != "" {
				dir = kept
			}
			path := filepath.Join(dir, h.name)
			f, err := os.Create(path)
			check(t, err)
			h.write(t, f)
			check(t, f.Close())
			start := time.Now()
			load := loadFile(t, everything(), path, ingest.Options{})
			t.Logf("read in %v", time.Since(start).Round(time.Millisecond))
			if h.code == "" {
				if load.Damage != nil {
					t.Errorf("damage is %s: %s", load.Damage.Code, load.Damage.Message)
				}
				return
			}
			if load.Damage == nil {
				t.Fatal("it is read")
			}
			if load.Damage.Code != h.code || !strings.Contains(load.Damage.Message, h.says) {
				t.Errorf("damage is %s: %s; want %s with %q", load.Damage.Code, load.Damage.Message, h.code, h.says)
			}
			if load.Damage.Hint == "" {
				t.Error("there is no hint")
			}
			if len(load.Diagnostics) == 0 {
				t.Error("there is no diagnostic")
			}
		})
	}
}

// everything is a loader of all formats.
func everything() *ingest.Loader {
	return ingest.NewLoader(ingest.LoaderOptions{Limits: patient}, everyFormat()...)
}

func everyFormat() []ingest.Format {
	return []ingest.Format{csv.New(), json.New(), excel.New(), parquet.New(), parquet.NewArrow()}
}
