package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
)

// everything has a column of every type and of every trap: whole numbers beyond what a double holds, text that looks
// like a formula or spans lines, empty cells in each column.
const everything = `{"id":9007199254740993,"small":-9223372036854775808,"price":0.1,"ok":true,"note":"=1+1","day":"2026-01-31","at":"2026-01-31T09:12:40.117Z","list":[1,"a",{"k":null}],"zip":"02138"}
{"id":9223372036854775807,"small":0,"price":-2.5e-7,"ok":false,"note":"two\nlines, \"quoted\"","day":"1969-12-31","at":"1969-12-31T23:59:59Z","list":[],"zip":"00501"}
{"id":1,"small":null,"price":null,"ok":null,"note":null,"day":null,"at":null,"list":null,"zip":null}
{"id":2,"small":7,"price":1e21,"ok":true,"note":" Zürich 東京 ","day":"2026-02-01","at":"2026-02-01T00:00:00Z","list":{"a":[]},"zip":"10115"}
`

// typed is what CSV alone can say: units, percentages, times, durations and civil timestamps.
const typed = "price,share,start,took,civil,first\n$1.50,12.5%,09:12,30:00:00,2026-01-31 09:12:40,1\n$2.25,50%,23:59:59,00:01:30,2026-02-01 00:00:00,2\n,,,,,3\n"

// schemaOf is what inspect says of the columns, without what a format cannot carry: reasons.
func schemaOf(t *testing.T, path string) string {
	t.Helper()
	out, said, status := execute(t, "inspect", "--json", path)
	if status != exitOK {
		t.Fatalf("inspect %s: %s", path, said)
	}
	var r ingest.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	for i := range r.Columns {
		r.Columns[i].Reason, r.Columns[i].Confidence = "", 0
	}
	text, err := json.MarshalIndent(r.Columns, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func rowsOf(t *testing.T, path string) string {
	t.Helper()
	out, said, status := execute(t, "convert", path, "--to", "ndjson")
	if status != exitOK {
		t.Fatalf("convert %s: %s", path, said)
	}
	return out
}

// TestConvertAndBackIsTheSameTable holds what is written to what was read: schema, units and every cell.
func TestConvertAndBackIsTheSameTable(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"everything.ndjson": everything, "typed.csv": typed, "empty.csv": "a,b\n"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{"parquet", "arrow"} {
			out := filepath.Join(dir, name+"."+format)
			if _, said, status := execute(t, "convert", path, "-o", out); status != exitOK {
				t.Fatalf("%s to %s: %s", name, format, said)
			}
			if got, want := schemaOf(t, out), schemaOf(t, path); got != want {
				t.Errorf("%s through %s: columns\n%s\nwant\n%s", name, format, got, want)
			}
			if got, want := rowsOf(t, out), rowsOf(t, path); got != want {
				t.Errorf("%s through %s: rows\n%s\nwant\n%s", name, format, got, want)
			}
		}
	}
	// Text formats carry values and no types: rows are the same, and the exact integers.
	path := filepath.Join(dir, "everything.ndjson")
	for _, format := range []string{"csv", "ndjson"} {
		out := filepath.Join(dir, "back."+format)
		if _, said, status := execute(t, "convert", path, "--to", format, "-o", out); status != exitOK {
			t.Fatal(said)
		}
		written, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		for _, exact := range []string{"9007199254740993", "9223372036854775807", "-9223372036854775808", "02138"} {
			if !bytes.Contains(written, []byte(exact)) {
				t.Errorf("%s has no %s:\n%s", format, exact, written)
			}
		}
	}
	if got, want := rowsOf(t, filepath.Join(dir, "back.ndjson")), rowsOf(t, path); got != want {
		t.Errorf("through ndjson:\n%s\nwant\n%s", got, want)
	}
	if got, want := rowsOf(t, filepath.Join(dir, "back.csv")), rowsOf(t, path); strings.Count(got, "\n") != strings.Count(want, "\n") || !strings.Contains(got, "9007199254740993") || !strings.Contains(got, ` Zürich 東京 `) {
		t.Errorf("through csv:\n%s\nwant\n%s", got, want)
	}
}

func TestConvertRoundTripsTheExamples(t *testing.T) {
	for _, path := range []string{"examples/shop/orders.csv", "examples/trouble/merged-headers.xlsx", "examples/trouble/decimal-commas.csv", "examples/trouble/damaged-line.ndjson"} {
		for _, format := range []string{"parquet", "arrow", "ndjson", "csv"} {
			out := filepath.Join(t.TempDir(), "out."+format)
			if _, said, status := execute(t, "convert", path, "--to", format, "-o", out); status != exitOK {
				t.Fatalf("%s: %s", path, said)
			}
			if got, want := rowsOf(t, out), rowsOf(t, path); got != want {
				t.Errorf("%s through %s is another table", path, format)
			}
		}
	}
}

// TestConvertRawWritesTheCellsAsFound compares with what stands in the files, ragged as it is.
func TestConvertRawWritesTheCellsAsFound(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ path, to, want string }{
		{write("a.csv", "Report\n\n# net\nid;amount\n007;1.355,90\n2\n3;4;5\n\"x;y\";\"a \"\"b\"\"\"\n9;\"open"), "ndjson",
			"[\"Report\"]\n[\"# net\"]\n[\"id\",\"amount\"]\n[\"007\",\"1.355,90\"]\n[\"2\"]\n[\"3\",\"4\",\"5\"]\n[\"x;y\",\"a \\\"b\\\"\"]\n[\"9\",\"\\\"open\"]\n"},
		{write("b.csv", "a,b\n1.50,\n"), "csv", "a,b\r\n1.50,\r\n"},
		{write("c.csv", "n\nM\xfcller\n"), "csv", "n\r\nMüller\r\n"},
		{write("d.ndjson", "{\"a\":1.50,\"b\":\"x\"}\n{oops\n{\"c\":[1, 2],\"a\":1e3}\n"), "ndjson", "[\"a\",\"b\",\"c\"]\n[\"1.50\",\"x\",\"\"]\n[\"{oops\"]\n[\"1e3\",\"\",\"[1, 2]\"]\n"},
		{"examples/trouble/merged-headers.xlsx", "csv", "Regional sales\r\n,2025,,2026\r\nRegion,Units,Revenue,Units,Revenue\r\nNorth,120,4100.5,131,4420.25\r\nSouth,130,4400.5,140,4730.25\r\nWest,140,4700.5,149,5040.25\r\nEast,150,5000.5,158,#DIV/0!\r\n"},
	} {
		out, said, status := execute(t, "convert", c.path, "--raw", "--to", c.to)
		if status != exitOK || out != c.want {
			t.Errorf("%s: status %d %s\n%q\nwant\n%q", c.path, status, said, out, c.want)
		}
	}
	if _, said, status := execute(t, "convert", "examples/trouble/cut-short.xlsx", "--raw"); status != exitFailure || !strings.Contains(said, "cut off") {
		t.Errorf("status %d, %s", status, said)
	}
}

// TestConvertRawSpansRuns reads a file of many runs: none of its rows is lost or cut where one ends.
func TestConvertRawSpansRuns(t *testing.T) {
	var content strings.Builder
	for i := range 40_000 {
		content.WriteString("\"line\none\",")
		content.WriteString(strings.Repeat("x", i%7))
		content.WriteString("\n")
	}
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte(content.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	out, said, status := execute(t, "convert", path, "--raw")
	if got := strings.ReplaceAll(out, "\r\n", "\n"); status != exitOK || got != content.String() {
		t.Errorf("status %d, %s: %d bytes of %d", status, said, len(got), content.Len())
	}
}

// TestConvertStoppedLeavesNothing ends the context before and while rows are written.
func TestConvertStoppedLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, flags := range [][]string{{}, {"--raw"}} {
		dir := t.TempDir()
		var out, said bytes.Buffer
		status := run(ctx, append([]string{"convert", "examples/shop/orders.csv", "-o", filepath.Join(dir, "out.csv")}, flags...), &out, &said)
		left, err := os.ReadDir(dir)
		if status != exitFailure || err != nil || len(left) != 0 || said.Len() > 0 {
			t.Errorf("%v: status %d, %v, %v, %s", flags, status, left, err, said.String())
		}
	}
	ctx, cancel = context.WithCancel(t.Context())
	var written bytes.Buffer
	w := &counting{Writer: &written, ctx: ctx}
	if _, err := w.Write([]byte("a")); err != nil {
		t.Error(err)
	}
	cancel()
	if _, err := w.Write([]byte("b")); !errors.Is(err, context.Canceled) || written.String() != "a" {
		t.Errorf("%v, %q", err, written.String())
	}
}

func TestConvertRefusesWhatMakesNoSense(t *testing.T) {
	const path = "examples/trouble/ragged-rows.csv"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--to", "xml"}, "csv, ndjson, arrow or parquet"},
		{[]string{"--to", "ndjson", "--spreadsheet"}, "is for csv"},
		{[]string{"--raw", "--to", "parquet"}, "csv or ndjson"},
		{[]string{"--raw", "--column", "id=string"}, "changes nothing"},
		{[]string{"another.csv"}, "name one file"},
	} {
		_, said, status := execute(t, append([]string{"convert", path}, c.args...)...)
		if status != exitUsage || !strings.Contains(said, c.want) {
			t.Errorf("%v: status %d, %s", c.args, status, said)
		}
	}
	out := filepath.Join(t.TempDir(), "none.parquet")
	if _, said, status := execute(t, "convert", "examples/trouble/empty.csv", "-o", out); status != exitFailure || !strings.Contains(said, "no columns") {
		t.Errorf("status %d, %s", status, said)
	}
	if left, err := os.ReadDir(filepath.Dir(out)); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}
