package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
)

var rewrite = flag.Bool("golden", false, "rewrite the files of testdata")

// execute runs a command line as main does.
func execute(t testing.TB, args ...string) (out, said string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(t.Context(), args, &o, &e)
	return o.String(), e.String(), status
}

// inspected are the files whose inspection is read as a user would: every trouble, and a file for each rule that shows.
func inspected(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"examples/trouble/*", "ingest/testdata/dialect/*", "ingest/testdata/header/*", "ingest/testdata/types/*", "ingest/testdata/json/*", "ingest/testdata/lines/*", "ingest/testdata/ragged/*", "ingest/testdata/encoding/*", "ingest/testdata/excel/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if ext := filepath.Ext(f); ext != ".want" && ext != ".md" {
				files = append(files, filepath.ToSlash(f))
			}
		}
	}
	return files
}

// TestInspectReadsAsItsGoldenFilesSay compares what inspect prints for people, and with --json, with testdata/inspect.
func TestInspectReadsAsItsGoldenFilesSay(t *testing.T) {
	for _, f := range inspected(t) {
		name := filepath.Base(filepath.Dir(f)) + "_" + filepath.Base(f)
		t.Run(name, func(t *testing.T) {
			out, said, status := execute(t, "inspect", f)
			for line := range strings.Lines(out) {
				if n := columns(strings.TrimRight(line, "\n")); n > usualWidth {
					t.Errorf("a line is %d columns wide: %s", n, line)
				}
			}
			if strings.Contains(out, "\x1b") {
				t.Error("colours where nobody sees them")
			}
			people := out
			if said != "" {
				people += "--- stderr\n" + said
			}
			golden(t, name+".txt", people+fmt.Sprintf("--- status %d\n", status))

			asJSON, _, jsonStatus := execute(t, "inspect", "--json", f)
			if jsonStatus != status {
				t.Errorf("status %d for people, %d for programs", status, jsonStatus)
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, []byte(asJSON), "", "  "); err != nil {
				t.Fatalf("%v: %s", err, asJSON)
			}
			golden(t, name+".json", indented.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "inspect", name)
	if *rewrite {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

// TestInspectJSONKeepsItsContract decodes without knowing the types of this program: every promised name is there, and
// lists are lists.
func TestInspectJSONKeepsItsContract(t *testing.T) {
	for _, f := range inspected(t) {
		out, _, _ := execute(t, "inspect", "--json", f)
		var report map[string]any
		d := json.NewDecoder(strings.NewReader(out))
		if err := d.Decode(&report); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if _, err := d.Token(); err != io.EOF {
			t.Errorf("%s: more than one object", f)
		}
		hold(t, f, report, "format encoding bytes rows columns dialect sheets records key diagnostics")
		for _, list := range []struct{ name, keys string }{
			{"columns", "name label type unit nulls distinct confidence reason examples first_bad"},
			{"sheets", "name hidden rows cells table"},
			{"diagnostics", "code severity line column value count message hint"},
			{"key", ""},
		} {
			items, ok := report[list.name].([]any)
			if !ok {
				t.Errorf("%s: %s is no list", f, list.name)
			}
			for _, item := range items {
				if list.keys != "" {
					hold(t, f+" "+list.name, item.(map[string]any), list.keys)
				}
			}
		}
		if d, ok := report["dialect"].(map[string]any); ok {
			hold(t, f+" dialect", d, "delimiter quote escape header header_rows skip comment encoding decimal newline")
		}
	}
}

func hold(t *testing.T, what string, object map[string]any, keys string) {
	t.Helper()
	for _, k := range strings.Fields(keys) {
		if _, ok := object[k]; !ok {
			t.Errorf("%s: %s is missing", what, k)
		}
	}
}

func TestInspectSaysWhyAFileCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "old.xls")
	if err := os.WriteFile(old, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{filepath.Join(dir, "none.csv"), "there is no such file"},
		{dir, "this is a folder"},
		{old, "save it as .xlsx"},
	} {
		out, said, status := execute(t, "inspect", c.path)
		if out != "" || status != exitFailure || !strings.Contains(said, c.want) {
			t.Errorf("%s: status %d, %q, %q", c.path, status, out, said)
		}
	}
}

// TestInspectGoesOnAfterAFileThatCannotBeRead names two files of which the first is damaged.
func TestInspectGoesOnAfterAFileThatCannotBeRead(t *testing.T) {
	out, said, status := execute(t, "inspect", "examples/trouble/half.json", "examples/trouble/utf16.csv")
	if status != exitFailure || !strings.Contains(said, "half.json") || !strings.Contains(out, "UTF-16LE") {
		t.Errorf("status %d\n%s\n%s", status, out, said)
	}
	out, _, _ = execute(t, "inspect", "--json", "examples/trouble/half.json", "examples/trouble/utf16.csv")
	var damaged, read ingest.Report
	d := json.NewDecoder(strings.NewReader(out))
	if err := d.Decode(&damaged); err != nil {
		t.Fatal(err)
	}
	if err := d.Decode(&read); err != nil {
		t.Fatal(err)
	}
	if len(damaged.Diagnostics) != 1 || damaged.Diagnostics[0].Line != 4 || read.Rows != 3 {
		t.Errorf("%+v\n%+v", damaged, read)
	}
}

// TestInspectFitsAnyTerminal prints for terminals of many widths.
func TestInspectFitsAnyTerminal(t *testing.T) {
	for _, f := range inspected(t) {
		load, err := readFile(t.Context(), f, &overrides{}, io.Discard)
		if err != nil || load.Damage != nil {
			continue
		}
		for _, width := range []int{40, 57, 100, 200} {
			var out bytes.Buffer
			s := &screen{out: &out, width: width}
			s.understood(f, load)
			for line := range strings.Lines(out.String()) {
				if n := columns(strings.TrimSuffix(line, "\n")); n > width {
					t.Errorf("%s: %d columns on a terminal of %d: %s", f, n, width, line)
				}
			}
		}
	}
}
