package main

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strconv"
)

// The parts of a workbook beside its cells: one sheet, and three styles (plain, date, timestamp).
const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	mainXML  = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	officeID = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	openPack = `http://schemas.openxmlformats.org/package/2006/`
	mimeHead = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
)

var bookParts = [][2]string{
	{"[Content_Types].xml", xmlHead + `<Types xmlns="` + openPack + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + mimeHead + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + mimeHead + `worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="` + mimeHead + `styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="` + mimeHead + `sharedStrings+xml"/></Types>`},
	{"_rels/.rels", xmlHead + `<Relationships xmlns="` + openPack + `relationships"><Relationship Id="rId1" Type="` + officeID + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", xmlHead + `<workbook xmlns="` + mainXML + `" xmlns:r="` + officeID + `"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="` + openPack + `relationships"><Relationship Id="rId1" Type="` + officeID + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + officeID + `/styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + officeID + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
	{"xl/styles.xml", xmlHead + `<styleSheet xmlns="` + mainXML + `"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`},
}

// shared collects the texts of cells, as Excel does.
type shared struct {
	index map[string]int
	list  []string
}

func (s *shared) of(text string) int {
	i, ok := s.index[text]
	if !ok {
		i = len(s.list)
		s.index[text], s.list = i, append(s.list, text)
	}
	return i
}

// book is a workbook of ten columns, written as Excel writes: id, date, category, country, quantity, price, discount
// (a fifth of them missing), note, flag, timestamp.
func book(out *bufio.Writer, r *random, rows int) error {
	z := zip.NewWriter(out)
	for _, part := range bookParts {
		w, err := z.Create(part[0])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, part[1]); err != nil {
			return err
		}
	}
	texts := &shared{index: map[string]int{}}
	part, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(part, 1<<20)
	fmt.Fprintf(w, `%s<worksheet xmlns="%s"><dimension ref="A1:J%d"/><sheetData><row r="1">`, xmlHead, mainXML, rows+1)
	for c, name := range []string{"id", "date", "category", "country", "qty", "price", "discount", "note", "flag", "updated"} {
		fmt.Fprintf(w, `<c r="%c1" t="s"><v>%d</v></c>`, 'A'+c, texts.of(name))
	}
	w.WriteString(`</row>`)
	b := make([]byte, 0, 1024)
	for i := range rows {
		number := strconv.Itoa(i + 2)
		b = append(append(append(b[:0], `<row r="`...), number...), `">`...)
		cell := func(column byte, attributes, value string) {
			b = append(append(append(append(b, `<c r="`...), column), number...), '"')
			b = append(append(append(append(b, attributes...), `><v>`...), value...), `</v></c>`...)
		}
		text := func(column byte, s string) { cell(column, ` t="s"`, strconv.Itoa(texts.of(s))) }
		cell('A', "", strconv.Itoa(i+1))
		cell('B', ` s="1"`, strconv.Itoa(44_000+r.below(2000)))
		text('C', kinds[[]int{0, 1, 2, 4}[r.below(4)]])
		text('D', countries[r.below(len(countries))])
		cell('E', "", strconv.Itoa(r.below(100)))
		cell('F', "", strconv.FormatFloat(r.share()*1000, 'f', 2, 64))
		if r.below(5) > 0 {
			cell('G', "", strconv.FormatFloat(r.share()*0.5, 'f', 3, 64))
		}
		text('H', r.word()+" "+strconv.Itoa(r.below(50_000)))
		cell('I', ` t="b"`, strconv.Itoa(r.below(2)))
		cell('J', ` s="2"`, strconv.FormatFloat(44_000+r.share()*2000, 'f', 6, 64))
		b = append(b, `</row>`...)
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	w.WriteString(`</sheetData></worksheet>`)
	if err := w.Flush(); err != nil {
		return err
	}
	if part, err = z.Create("xl/sharedStrings.xml"); err != nil {
		return err
	}
	w.Reset(part)
	fmt.Fprintf(w, `%s<sst xmlns="%s" uniqueCount="%d">`, xmlHead, mainXML, len(texts.list))
	for _, s := range texts.list {
		w.WriteString(`<si><t>`)
		w.WriteString(s)
		w.WriteString(`</t></si>`)
	}
	w.WriteString(`</sst>`)
	if err := w.Flush(); err != nil {
		return err
	}
	return z.Close()
}
