package ingest_test

import (
	"golang.org/x/text/encoding/unicode"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
)

// A sheet of cells in XML, and the shared texts of a book.
func sheetXML(rows ...string) string { return opens + strings.Join(rows, "") + closes }

func textsXML(items ...string) string {
	return `<sst ` + xmlns + `>` + strings.Join(items, "") + `</sst>`
}

// stylesXML has cell formats with these number formats, of which those from 164 on are given by their codes.
func stylesXML(ids []string, codes map[string]string) string {
	var b strings.Builder
	b.WriteString(`<styleSheet ` + xmlns + `><numFmts>`)
	for id, code := range codes {
		b.WriteString(`<numFmt numFmtId="` + id + `" formatCode="` + strings.NewReplacer(`"`, "&quot;", "&", "&amp;").Replace(code) + `"/>`)
	}
	b.WriteString(`</numFmts><cellXfs>`)
	for _, id := range ids {
		b.WriteString(`<xf numFmtId="` + id + `" applyNumberFormat="1"/>`)
	}
	b.WriteString(`</cellXfs></styleSheet>`)
	return b.String()
}

func relsXML(targets ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := 0; i < len(targets); i += 3 {
		b.WriteString(`<Relationship Id="` + targets[i] + `" Type="` + reltype + "/" + targets[i+1] + `" Target="` + targets[i+2] + `"/>`)
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

// utf16XML is a part in UTF-16 with its mark.
func utf16XML(text string, order unicode.Endianness) string {
	out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(`<?xml version="1.0" encoding="UTF-16"?>` + text)
	if err != nil {
		panic(err)
	}
	return out
}

const strictNS = `http://purl.oclc.org/ooxml/spreadsheetml/main`

// rawBooks are workbooks as other programs write them, part by part; what is expected of them stands in
// testdata/excel.
var rawBooks = map[string]map[string]any{
	// The strict form of the standard, with dates as ISO 8601.
	"strict": {
		"_rels/.rels":                strings.ReplaceAll(plainBook["_rels/.rels"].(string), reltype, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
		"xl/_rels/workbook.xml.rels": strings.ReplaceAll(plainBook["xl/_rels/workbook.xml.rels"].(string), reltype, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
		"xl/workbook.xml":            `<workbook xmlns="` + strictNS + `" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships" conformance="strict"><workbookPr dateCompatibility="0"/><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/styles.xml":              strings.ReplaceAll(stylesXML([]string{"0", "14"}, nil), xmlns, `xmlns="`+strictNS+`"`),
		"xl/sharedStrings.xml":       strings.ReplaceAll(textsXML("<si><t>day</t></si>", "<si><t>n</t></si>"), xmlns, `xmlns="`+strictNS+`"`),
		sheet1: strings.ReplaceAll(sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`,
			`<row r="2"><c r="A2" s="1" t="d"><v>2024-01-31</v></c><c r="B2"><v>1</v></c></row>`, `<row r="3"><c r="A3" s="1" t="d"><v>2024-02-29</v></c><c r="B3"><v>2</v></c></row>`), xmlns, `xmlns="`+strictNS+`"`),
	},
	// A backslash in where a part is, and a column that holds nothing but errors.
	"targets": {
		"xl/_rels/workbook.xml.rels": relsXML("rId1", "worksheet", `worksheets\sheet1.xml`),
		sheet1: sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>n</t></is></c><c r="B1" t="inlineStr"><is><t>share</t></is></c></row>`,
			`<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#DIV/0!</v></c></row>`, `<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="e"><v>#DIV/0!</v></c></row>`),
	},
	// A prefix before every element, as the Open XML SDK writes.
	"prefixed": {
		"xl/workbook.xml":      `<x:workbook xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` + relns + `><x:sheets><x:sheet name="Data" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>`,
		"xl/sharedStrings.xml": `<x:sst xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:si><x:t>name</x:t></x:si><x:si><x:r><x:t>rich </x:t></x:r><x:r><x:t>text</x:t></x:r></x:si></x:sst>`,
		sheet1: `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" t="inlineStr"><x:is><x:t>n</x:t></x:is></x:c></x:row>` +
			`<x:row r="2"><x:c r="A2" t="s"><x:v>1</x:v></x:c><x:c r="B2"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
	},
	// Texts in the cells, rich ones, with readings that are no text and with Excel's escapes.
	"texts": {
		"xl/sharedStrings.xml": textsXML(`<si><t>shared</t></si>`, `<si><r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> and not</t></r></si>`,
			`<si><t>課きく</t><rPh sb="0" eb="1"><t>カ</t></rPh><phoneticPr fontId="1"/></si>`, `<si><t>two_x000D_
lines</t></si>`, `<si><t>_x005F_x0041_</t></si>`, `<si><t>&lt;a &amp; b&gt; &#233;</t></si>`, `<si><t/></si>`, `<si/>`),
		sheet1: sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>in</t></is></c></row>`,
			`<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>`,
			`<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" t="str"><v>x_x0009_y</v></c></row>`, `<row r="4"><c r="A4" t="s"><v>3</v></c><c r="B4" t="str"><v>02138</v></c></row>`,
			`<row r="5"><c r="A5" t="s"><v>4</v></c><c r="B5" t="str"><v> blanks </v></c></row>`, `<row r="6"><c r="A6" t="s"><v>5</v></c><c r="B6" t="s"><v>6</v></c></row>`, `<row r="7"><c r="A7" t="s"><v>7</v></c><c r="B7" t="str"><v>end</v></c></row>`),
	},
	// Days from 1904 on.
	"epoch1904": {
		"xl/workbook.xml": `<workbook ` + xmlns + ` ` + relns + `><workbookPr date1904="1"/><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/styles.xml":   stylesXML([]string{"0", "14", "22"}, nil),
		sheet1: sheetXML(`<row r="1"><c r="A1" t="str"><v>day</v></c><c r="B1" t="str"><v>at</v></c></row>`,
			`<row r="2"><c r="A2" s="1"><v>0</v></c><c r="B2" s="2"><v>0.5</v></c></row>`, `<row r="3"><c r="A3" s="1"><v>43860</v></c><c r="B3" s="2"><v>43860.25</v></c></row>`),
	},
	// The 29 February 1900 that was not, and formats of all kinds.
	"formats": {
		"xl/styles.xml": stylesXML([]string{"0", "14", "164", "165", "166", "46", "20", "10", "167", "168", "169", "11"},
			map[string]string{"164": "dd.mm.yyyy", "165": "[$-409]d-mmm-yy;@", "166": "yyyy\\-mm\\-dd\\ hh:mm:ss", "167": `#,##0.00 "€"`, "168": "[$$-409]#,##0.00", "169": "0.0E+00"}),
		sheet1: sheetXML(`<row r="1">`+cellsXML(1, "", "leap", "german", "month", "stamp", "lapse", "clock", "share", "euro", "dollar", "science", "zip")+`</row>`,
			`<row r="2"><c r="A2" s="1"><v>59</v></c><c r="B2" s="2"><v>45322</v></c><c r="C2" s="3"><v>45351</v></c><c r="D2" s="4"><v>45322.5</v></c><c r="E2" s="5"><v>1.5</v></c><c r="F2" s="6"><v>0.25</v></c><c r="G2" s="7"><v>0.125</v></c><c r="H2" s="8"><v>9.99</v></c><c r="I2" s="9"><v>5</v></c><c r="J2" s="10"><v>1.5E-3</v></c><c r="K2"><v>2138</v></c></row>`,
			`<row r="3"><c r="A3" s="1"><v>61</v></c><c r="B3" s="2"><v>45323</v></c><c r="C3" s="3"><v>45352</v></c><c r="D3" s="4"><v>45322.999988425923</v></c><c r="E3" s="5"><v>0.5</v></c><c r="F3" s="6"><v>0.999988425925926</v></c><c r="G3" s="7"><v>1</v></c><c r="H3" s="8"><v>-10</v></c><c r="I3" s="9"><v>6.5</v></c><c r="J3" s="10"><v>12</v></c><c r="K3"><v>10115</v></c></row>`),
	},
	// Nothing says where a cell stands; relations with absolute targets; parts elsewhere and in other spelling.
	"elsewhere": {
		"_rels/.rels":                relsXML("rId1", "officeDocument", "/xl/workbook22.xml"),
		"xl/workbook.xml":            nil,
		"xl/_rels/workbook.xml.rels": nil,
		sheet1:                       nil,
		"xl/workbook22.xml":          plainBook["xl/workbook.xml"],
		"xl/_rels/workbook22.xml.rels": relsXML("rId1", "worksheet", "/xl/sheets/One.xml", "rId2", "styles", "/xl/styles.xml",
			"rId3", "sharedStrings", "/xl/strings.xml"),
		"xl/strings.xml": textsXML("<si><t>a</t></si>", "<si><t>x</t></si>"),
		"xl/Sheets/one.xml": sheetXML(`<row><c t="s"><v>0</v></c><c t="str"><v>b</v></c></row>`, `<row><c t="s"><v>1</v></c><c><v>1</v></c></row>`,
			`<row><c/><c><v>2</v></c></row>`),
	},
	// Names with a backslash, as some old libraries for .NET write.
	"backslash": {
		sheet1:                       nil,
		`xl\worksheets\sheet1.xml`:   plainBook[sheet1],
		`xl\workbook.xml`:            plainBook["xl/workbook.xml"],
		"xl/workbook.xml":            nil,
		`xl\_rels\workbook.xml.rels`: plainBook["xl/_rels/workbook.xml.rels"],
		"xl/_rels/workbook.xml.rels": nil,
	},
	// Formulas: with a value, shared, with an error, without a value; truth as words; values between blanks.
	"formulas": {
		sheet1: sheetXML(`<row r="1">`+cellsXML(1, "", "n", "twice", "word", "ok", "none")+`</row>`,
			`<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f t="shared" ref="B2:B4" si="0">A2*2</f><v>2</v></c><c r="C2" t="str"><f>"x"&amp;A2</f><v>x1</v></c><c r="D2" t="b"><f>A2&gt;0</f><v>1</v></c><c r="E2"><f>A2</f></c></row>`,
			`<row r="3"><c r="A3"><v>2</v></c><c r="B3"><f t="shared" si="0"/><v>4</v></c><c r="C3" t="str"><f>"x"&amp;A3</f><v>x2</v></c><c r="D3" t="b"><v>false</v></c><c r="E3"><f>A3</f><v></v></c></row>`,
			`<row r="4"><c r="A4"><v>3</v></c><c r="B4" t="e"><f t="shared" si="0"/><v>#DIV/0!</v></c><c r="C4" t="str"><f>"x"&amp;A4</f><v>x3</v></c><c r="D4" t="b"><v>true</v></c><c r="E4"><f>A4</f><v/></c></row>`),
	},
	// As openpyxl and pandas write: an index without a name, empty values, a style on every cell.
	"pandas": {
		sheet1: sheetXML(`<row r="1"><c r="B1" s="1" t="inlineStr"><is><t>city</t></is></c><c r="C1" s="1" t="inlineStr"><is><t>n</t></is></c></row>`,
			`<row r="2"><c r="A2" s="1" t="n"><v>0</v></c><c r="B2" t="inlineStr"><is><t>Rome</t></is></c><c r="C2" t="n"><v>1.5</v></c></row>`,
			`<row r="3"><c r="A3" s="1" t="n"><v>1</v></c><c r="B3" t="inlineStr"><is><t>Bern</t></is></c><c r="C3" t="n"><v /></c></row>`,
			`<row r="4"><c r="A4" s="1" t="n"><v>2</v></c><c r="B4" t="n"/><c r="C4" t="n"><v>2</v></c></row>`),
	},
	// Comments and other content between the cells, which the slow reader takes.
	"unusual": {
		sheet1: sheetXML(`<!-- made by hand --><row r="1"><c r="A1" t="str"><v>a</v></c></row>`, `<row r="2"><!-- one --><c r="A2"><v>1</v></c></row>`, `<row r="3"><c r="A3"><v>2</v></c></row>`),
	},
	// Parts in UTF-16 of both kinds and in what they declare; the one with a comment is read by excelize.
	"utf16": {
		"[Content_Types].xml":        utf16XML(plainBook["[Content_Types].xml"].(string), unicode.LittleEndian),
		"_rels/.rels":                utf16XML(plainBook["_rels/.rels"].(string), unicode.BigEndian),
		"xl/workbook.xml":            utf16XML(strings.ReplaceAll(plainBook["xl/workbook.xml"].(string), "Data", "Größe"), unicode.LittleEndian),
		"xl/_rels/workbook.xml.rels": utf16XML(plainBook["xl/_rels/workbook.xml.rels"].(string), unicode.BigEndian),
		"xl/styles.xml":              utf16XML(stylesXML([]string{"0", "14"}, nil), unicode.LittleEndian),
		"xl/sharedStrings.xml":       utf16XML(textsXML("<si><t>Maß</t></si>", "<si><t>日本</t></si>"), unicode.BigEndian),
		sheet1: utf16XML(sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Tag</t></is></c></row>`,
			`<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>45322</v></c></row>`, `<row r="3"><c r="A3" t="str"><v>😀</v></c><c r="B3" s="1"><v>45323</v></c></row>`), unicode.LittleEndian),
	},
	"utf16_unusual": {
		sheet1: utf16XML(sheetXML(`<!-- by hand --><row r="1"><c r="A1" t="str"><v>ä</v></c></row>`, `<row r="2"><c r="A2"><v>1</v></c></row>`), unicode.BigEndian),
	},
	"latin": {
		sheet1: "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + sheetXML("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>gr\xf6\xdfe</v></c></row>", `<row r="2"><c r="A2"><v>1</v></c></row>`),
	},
	// Places in small letters.
	"lower": {
		sheet1: strings.Replace(sheetXML(`<row r="1"><c r="a1" t="str"><v>a</v></c><c r="b1" t="str"><v>b</v></c></row>`, `<row r="2"><c r="a2"><v>1</v></c><c r="b2"><v>3</v></c></row>`, `<row r="3"><c r="a3"><v>2</v></c><c r="b3"><v>4</v></c></row>`),
			"</sheetData>", `</sheetData><mergeCells count="1"><mergeCell ref="a5:b5"/></mergeCells>`, 1),
	},
	// Dates of ISO 8601 with a zone, which a workbook does not know, as SheetJS writes.
	"iso_zone": {
		"xl/styles.xml": stylesXML([]string{"0", "14"}, nil),
		sheet1: sheetXML(`<row r="1"><c r="A1" t="str"><v>day</v></c><c r="B1" t="str"><v>at</v></c></row>`, `<row r="2"><c r="A2" s="1" t="d"><v>2026-01-31T00:00:00.000Z</v></c><c r="B2" s="1" t="d"><v>2026-01-31T10:30:00.000Z</v></c></row>`,
			`<row r="3"><c r="A3" s="1" t="d"><v>2026-02-01T00:00:00Z</v></c><c r="B3" s="1" t="d"><v>2026-02-01T00:00:00Z</v></c></row>`),
	},
	// A defined table with a row of sums whose formulas have no stored value.
	"sums": {
		sheet1: strings.Replace(sheetXML(`<row r="1"><c r="A1" t="str"><v>day</v></c><c r="B1" t="str"><v>n</v></c></row>`, `<row r="2"><c r="A2" t="str"><v>mon</v></c><c r="B2"><v>1</v></c></row>`,
			`<row r="3"><c r="A3" t="str"><v>tue</v></c><c r="B3"><v>2</v></c></row>`, `<row r="4"><c r="A4" t="str"><v>Total</v></c><c r="B4"><f>SUM(B2:B3)</f></c></row>`),
			"</sheetData>", `</sheetData><tableParts count="1"><tablePart `+relns+` r:id="rId1"/></tableParts>`, 1),
		"xl/worksheets/_rels/sheet1.xml.rels": relsXML("rId1", "table", "../tables/table1.xml"),
		"xl/tables/table1.xml":                `<table ` + xmlns + ` id="1" name="Days" displayName="Days" ref="A1:B4" totalsRowCount="1"><tableColumns count="2"><tableColumn id="1" name="day"/><tableColumn id="2" name="n"/></tableColumns></table>`,
	},
	// Rows out of order, cells out of order, a cell twice.
	"disorder": {
		sheet1: sheetXML(`<row r="3"><c r="B3"><v>4</v></c><c r="A3"><v>3</v></c></row>`, `<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>`, `<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>`),
	},
	// Several sheets: hidden in both ways, a chart, one without cells, names that need care.
	"kinds": {
		"xl/workbook.xml": `<workbook ` + xmlns + ` ` + relns + `><sheets><sheet name="A &amp; B" sheetId="1" r:id="rId1"/><sheet name="Hidden" sheetId="2" state="hidden" r:id="rId4"/>` +
			`<sheet name="Very" sheetId="3" state="veryHidden" r:id="rId5"/><sheet name="Chart" sheetId="4" r:id="rId6"/><sheet name="Empty" sheetId="5" r:id="rId7"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": relsXML("rId1", "worksheet", "worksheets/sheet1.xml", "rId4", "worksheet", "worksheets/sheet1.xml", "rId5", "worksheet", "worksheets/sheet1.xml",
			"rId6", "chartsheet", "chartsheets/sheet1.xml", "rId7", "worksheet", "worksheets/sheet2.xml"),
		"xl/worksheets/sheet2.xml":  `<worksheet ` + xmlns + `><sheetData/></worksheet>`,
		"xl/chartsheets/sheet1.xml": `<chartsheet ` + xmlns + `/>`,
	},
	// A row of sums at the end, rows without a cell in between, a note beside the table.
	"report": {
		sheet1: sheetXML(`<row r="1"><c r="A1" t="str"><v>Quarterly report</v></c></row>`, `<row r="3">`+cellsXML(3, "", "region", "q1", "q2")+`</row>`,
			`<row r="4"><c r="A4" t="str"><v>north</v></c><c r="B4"><v>1</v></c><c r="C4"><v>2</v></c><c r="F4" t="str"><v>checked by ann</v></c></row>`,
			`<row r="5"><c r="A5" t="str"><v>south</v></c><c r="B5"><v>3</v></c><c r="C5"><v>4</v></c></row>`, `<row r="6" ht="3"/>`,
			`<row r="7"><c r="A7" t="str"><v>west</v></c><c r="B7"><v>5</v></c><c r="C7"><v>6</v></c></row>`, `<row r="9"><c r="A9" t="str"><v>Source: ledger</v></c></row>`),
	},
}

// cellsXML are cells of text in a row.
func cellsXML(row int, style string, texts ...string) string {
	var b strings.Builder
	for i, text := range texts {
		b.WriteString(`<c r="` + letters(i) + string(rune('0'+row)) + `"` + style + ` t="str"><v>` + text + `</v></c>`)
	}
	return b.String()
}

// TestBooksOfOtherProgramsReadAsTheirWantFilesSay reads workbooks that are put together part by part.
func TestBooksOfOtherProgramsReadAsTheirWantFilesSay(t *testing.T) {
	for name, parts := range rawBooks {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name+".xlsx")
			f, err := os.Create(path)
			check(t, err)
			packed(parts)(t, f)
			check(t, f.Close())
			got := describe(loadFile(t, newLoader(), path, ingest.Options{}))
			want := filepath.Join("testdata", "excel", name+".want")
			if *update {
				check(t, os.WriteFile(want, []byte(got), 0o644))
				return
			}
			b, err := os.ReadFile(want)
			check(t, err)
			if got != string(b) {
				t.Errorf("got\n%s\nwant\n%s", got, b)
			}
		})
	}
}
