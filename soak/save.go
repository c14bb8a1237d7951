//go:build unix

package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A file's rows name the generation they belong to and how many there are of it, each with a sum over both, so that
// whatever is published can be judged by itself.
var formats = []string{"csv", "ndjson", "json", "xlsx"}

func sum(id, generation int) string {
	return fmt.Sprintf("x%08x", crc32.ChecksumIEEE(fmt.Appendf(nil, "%d-%d", id, generation)))
}

// content writes n rows of a generation.
func content(format string, generation, n int) []byte {
	var b bytes.Buffer
	switch format {
	case "csv":
		b.WriteString("id,generation,rows,sum\n")
		for i := range n {
			fmt.Fprintf(&b, "%d,%d,%d,%s\n", i, generation, n, sum(i, generation))
		}
	case "ndjson":
		for i := range n {
			fmt.Fprintf(&b, `{"id":%d,"generation":%d,"rows":%d,"sum":"%s"}`+"\n", i, generation, n, sum(i, generation))
		}
	case "json":
		b.WriteString("[")
		for i := range n {
			if i > 0 {
				b.WriteString(",\n")
			}
			fmt.Fprintf(&b, `{"id":%d,"generation":%d,"rows":%d,"sum":"%s"}`, i, generation, n, sum(i, generation))
		}
		b.WriteString("]")
	case "xlsx":
		b.Write(workbook(generation, n))
	}
	return b.Bytes()
}

// workbook is the smallest workbook that holds the rows.
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
		w, err := z.Create(part[0])
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

// pattern is one way in which programs save a file.
type pattern struct {
	name string
	save func(r *rand.Rand, path string, body []byte) error
}

var patterns = []pattern{
	{"rename over", renameOver},
	{"truncate, write", func(_ *rand.Rand, path string, body []byte) error { return os.WriteFile(path, body, 0o644) }},
	{"truncate, write with pauses", slowly},
	{"backup, write anew, as vim", func(_ *rand.Rand, path string, body []byte) error {
		backup := path + "~"
		if err := os.Rename(path, backup); err != nil {
			return err
		}
		if err := os.WriteFile(path, body, 0o644); err != nil {
			return err
		}
		if err := os.Chmod(path, 0o644); err != nil {
			return err
		}
		return os.Remove(backup)
	}},
	{"two renames, as Excel", func(r *rand.Rand, path string, body []byte) error {
		dir, base := filepath.Split(path)
		lock := dir + "~$" + base
		fresh, old := fmt.Sprintf("%s%08X", dir, r.Uint32()), fmt.Sprintf("%s%08X.tmp", dir, r.Uint32())
		if err := os.WriteFile(lock, []byte("x"), 0o644); err != nil {
			return err
		}
		if err := os.WriteFile(fresh, body, 0o644); err != nil {
			return err
		}
		if err := os.Rename(path, old); err != nil {
			return err
		}
		pause(r, 6*time.Millisecond)
		if err := os.Rename(fresh, path); err != nil {
			return err
		}
		if err := os.Remove(old); err != nil {
			return err
		}
		return os.Remove(lock)
	}},
	{"delete, create, as git", func(_ *rand.Rand, path string, body []byte) error {
		if err := os.Remove(path); err != nil {
			return err
		}
		return os.WriteFile(path, body, 0o644)
	}},
	{"over the old content, as rsync --inplace", inPlace},
	{"rename over, dated into the past", func(r *rand.Rand, path string, body []byte) error {
		if err := renameOver(r, path, body); err != nil {
			return err
		}
		past := time.Unix(1_000_000_000, 0)
		return os.Chtimes(path, past, past)
	}},
}

func pause(r *rand.Rand, most time.Duration) {
	time.Sleep(time.Duration(r.Int64N(int64(most)) + 1))
}

func renameOver(r *rand.Rand, path string, body []byte) error {
	dir, base := filepath.Split(path)
	tmp := fmt.Sprintf("%s.%s.%08x", dir, base, r.Uint32())
	if err := os.WriteFile(tmp, body, 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// slowly pauses between its writes, for longer than any quiet time would wait.
func slowly(r *rand.Rand, path string, body []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	n := 2 + r.IntN(5)
	for i := range n {
		if _, err := f.Write(body[len(body)*i/n : len(body)*(i+1)/n]); err != nil {
			return err
		}
		pause(r, 200*time.Millisecond)
	}
	return f.Close()
}

func inPlace(r *rand.Rand, path string, body []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	half := len(body) / 2
	if _, err := f.WriteAt(body[:half], 0); err != nil {
		return err
	}
	pause(r, 80*time.Millisecond)
	if _, err := f.WriteAt(body[half:], int64(half)); err != nil {
		return err
	}
	if err := f.Truncate(int64(len(body))); err != nil {
		return err
	}
	return f.Close()
}
