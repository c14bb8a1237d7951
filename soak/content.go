//go:build linux

package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
)

// A file's rows name the generation they belong to and how many there are of it, each with a sum over both, so that
// whatever is published can be judged by itself. A file that grows does not know how many rows it will have: its rows
// say 0. Generations have six digits, so that two of the same number of rows have the same length in every format.
var formats = []string{"csv", "ndjson", "json", "xlsx"}

const firstGeneration = 100_000

func sum(id, generation int) string {
	return fmt.Sprintf("x%08x", crc32.ChecksumIEEE(fmt.Appendf(nil, "%d-%d", id, generation)))
}

const csvHeader = "id,generation,rows,sum\n"

// lines writes the rows from first up to end of a generation in a format of lines, without a header.
func lines(format string, generation, first, end, total int) []byte {
	var b bytes.Buffer
	for i := first; i < end; i++ {
		if format == "csv" {
			fmt.Fprintf(&b, "%d,%d,%d,%s\n", i, generation, total, sum(i, generation))
		} else {
			fmt.Fprintf(&b, `{"id":%d,"generation":%d,"rows":%d,"sum":"%s"}`+"\n", i, generation, total, sum(i, generation))
		}
	}
	return b.Bytes()
}

// content writes the n rows of a generation.
func content(format string, generation, n int) []byte {
	switch format {
	case "csv":
		return append([]byte(csvHeader), lines(format, generation, 0, n, n)...)
	case "ndjson":
		return lines(format, generation, 0, n, n)
	case "json":
		body := bytes.TrimSuffix(lines(format, generation, 0, n, n), []byte("\n"))
		return slices.Concat([]byte("["), bytes.ReplaceAll(body, []byte("\n"), []byte(",\n")), []byte("]"))
	}
	return workbook(generation, n)
}

// workbook is the smallest workbook that holds the rows. Its parts are not compressed.
func workbook(generation, n int) []byte {
	const (
		head    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
		schemas = "http://schemas.openxmlformats.org/"
		office  = schemas + "officeDocument/2006/relationships"
		kind    = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	)
	text := func(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }
	var sheet strings.Builder
	sheet.WriteString(head + `<worksheet xmlns="` + schemas + `spreadsheetml/2006/main"><sheetData><row>`)
	for _, name := range []string{"id", "generation", "rows", "sum"} {
		sheet.WriteString(text(name))
	}
	sheet.WriteString("</row>")
	for i := range n {
		fmt.Fprintf(&sheet, "<row><c><v>%d</v></c><c><v>%d</v></c><c><v>%d</v></c>%s</row>", i, generation, n, text(sum(i, generation)))
	}
	sheet.WriteString("</sheetData></worksheet>")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", head + `<Types xmlns="` + schemas + `package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="` + kind + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + kind + `worksheet+xml"/></Types>`},
		{"_rels/.rels", head + `<Relationships xmlns="` + schemas + `package/2006/relationships"><Relationship Id="r1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", head + `<workbook xmlns="` + schemas + `spreadsheetml/2006/main" xmlns:r="` + office + `"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", head + `<Relationships xmlns="` + schemas + `package/2006/relationships"><Relationship Id="r1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", sheet.String()},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Store})
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
