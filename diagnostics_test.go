package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dashira/dashira/ingest"
)

const diagnosticsPage = "docs/diagnostics.md"

var codeHeading = regexp.MustCompile("(?m)^### `([a-z-]+)`$")

// codes reads the list of codes out of the source, where it stands once.
func codes(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("ingest/ingest.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for line := range strings.Lines(string(source)) {
		if fields := strings.Fields(line); len(fields) == 4 && fields[1] == "Code" && fields[2] == "=" {
			list = append(list, strings.Trim(fields[3], `"`))
		}
	}
	if len(list) < 30 {
		t.Fatalf("%d codes", len(list))
	}
	return list
}

func TestThePageOfDiagnosticsNamesEveryCodeOnce(t *testing.T) {
	page, err := os.ReadFile(diagnosticsPage)
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, m := range codeHeading.FindAllStringSubmatch(string(page), -1) {
		named = append(named, m[1])
	}
	known := codes(t)
	slices.Sort(named)
	slices.Sort(known)
	if !slices.Equal(named, known) {
		t.Errorf("named: %v\ncodes: %v", named, known)
	}
}

// TestThePageOfDiagnosticsSaysWhatInspectSays runs the example of each code and compares what is printed with the page;
// with -golden it writes the page.
func TestThePageOfDiagnosticsSaysWhatInspectSays(t *testing.T) {
	page, err := os.ReadFile(diagnosticsPage)
	if err != nil {
		t.Fatal(err)
	}
	parts := codeHeading.FindAllStringSubmatchIndex(string(page), -1)
	var written strings.Builder
	written.Write(page[:parts[0][0]])
	for i, p := range parts {
		end := len(page)
		if i+1 < len(parts) {
			end = parts[i+1][0]
		}
		code, section := string(page[p[2]:p[3]]), string(page[p[0]:end])
		before, rest, ok := strings.Cut(section, "```\n")
		block, after, closed := strings.Cut(rest, "```\n")
		if !ok || !closed || !strings.Contains(after, "*What to do:*") {
			t.Errorf("%s has no example, or does not say what to do", code)
			continue
		}
		command, said, _ := strings.Cut(block, "\n")
		path, ok := strings.CutPrefix(command, "$ dashira inspect ")
		var got string
		switch {
		case ok:
			got = printed(t, code, path)
		default:
			got = overTime(t, code)
		}
		if got == "" {
			t.Errorf("%s: inspect %s does not say it", code, path)
		}
		if said != got && !*rewrite {
			t.Errorf("%s: the page says\n%s\ninspect says\n%s", code, said, got)
		}
		written.WriteString(before + "```\n" + command + "\n" + got + "```\n" + after)
	}
	if *rewrite {
		if err := os.WriteFile(diagnosticsPage, []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// printed returns the lines that inspect prints for a code: the note, or the sentence on stderr.
func printed(t *testing.T, code, path string) string {
	t.Helper()
	out, said, status := execute(t, "inspect", path)
	if status == exitFailure {
		asJSON, _, _ := execute(t, "inspect", "--json", path)
		if strings.Contains(asJSON, `"code":"`+code+`"`) {
			return said
		}
		return ""
	}
	lines := strings.SplitAfter(out, "\n")
	for i, line := range lines {
		fields := strings.Fields(line)
		if !strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "   ") || len(fields) < 2 || fields[1] != code {
			continue
		}
		end := i + 1
		for end < len(lines) && strings.HasPrefix(lines[end], "    ") {
			end++
		}
		return strings.Join(lines[i:end], "")
	}
	return ""
}

// overTime returns what is said of a file that was saved again with other columns and wider values.
func overTime(t *testing.T, code string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "orders.csv")
	loader := ingest.NewLoader(ingest.LoaderOptions{}, readers()...)
	var load *ingest.Load
	for _, content := range []string{"id,amount,note\n1,12,a\n2,7,b\n", "id,amount,region\n1,12,North\n2,7.5,South\n"} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		f, size, err := openFile(path)
		if err != nil {
			t.Fatal(err)
		}
		load, err = loader.Load(t.Context(), "orders.csv", f, size, ingest.Options{})
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	s := &screen{out: &out, width: usualWidth}
	for i := range load.Diagnostics {
		if d := &load.Diagnostics[i]; string(d.Code) == code {
			s.note(&told{first: *d, n: d.Count, columns: []string{d.Column}}, false)
		}
	}
	return out.String()
}
