package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

var updateLicenses = flag.Bool("update", false, "rewrite THIRD_PARTY_LICENSES; needs assets/node_modules")

// shipped is a piece of other people's work that is in the binary.
type shipped struct{ name, dir string }

const licensesFile = "THIRD_PARTY_LICENSES"

// TestLicensesNameEverybody holds that whose work ships is named, with the licence it came under.
func TestLicensesNameEverybody(t *testing.T) {
	all := append(goModules(t), npmPackages(t)...)
	if *updateLicenses {
		if err := os.WriteFile(licensesFile, licenses(t, all), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(licensesFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if !bytes.Contains(have, []byte("\n== "+s.name+"\n")) {
			t.Errorf("%s does not name %s; run make licenses", licensesFile, s.name)
		}
	}
	if n := bytes.Count(have, []byte("\n== ")); n != len(all) {
		t.Errorf("%s names %d works, %d ship; run make licenses", licensesFile, n, len(all))
	}
}

func goModules(t *testing.T) []shipped {
	t.Helper()
	seen := map[string]shipped{}
	for _, target := range []string{"linux", "windows", "darwin"} {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
		cmd.Env = append(os.Environ(), "GOOS="+target, "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				seen[name] = shipped{name, dir}
			}
		}
	}
	return ordered(seen)
}

// npmPackages lists what the page is built from: what is needed at run time, and the font.
func npmPackages(t *testing.T) []shipped {
	t.Helper()
	body, err := os.ReadFile("assets/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Version string
			Dev     bool
		}
	}
	if err := json.Unmarshal(body, &lock); err != nil {
		t.Fatal(err)
	}
	seen := map[string]shipped{}
	for path, p := range lock.Packages {
		name, ok := strings.CutPrefix(path, "node_modules/")
		if !ok || p.Dev && name != "@fontsource-variable/inter" {
			continue
		}
		full := name + " " + p.Version
		seen[full] = shipped{full, filepath.Join("assets", path)}
	}
	return ordered(seen)
}

func ordered(seen map[string]shipped) []shipped {
	var all []shipped
	for _, s := range seen {
		all = append(all, s)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].name < all[j].name })
	return all
}

func licenses(t *testing.T, all []shipped) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("The binary of dashira holds the work of the people below, under the licences that follow each name.\n")
	for _, s := range all {
		fmt.Fprintf(&b, "\n== %s\n\n", s.name)
		files, err := filepath.Glob(filepath.Join(s.dir, "[LlCN][IiOo][CcPpTt][EeYyIi]*"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range files {
			name := strings.ToLower(filepath.Base(f))
			if !strings.HasPrefix(name, "licen") && !strings.HasPrefix(name, "copying") && !strings.HasPrefix(name, "notice") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				continue // a folder of that name
			}
			found = true
			b.WriteString(strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")) + "\n")
		}
		if !found {
			t.Errorf("%s has no licence in %s", s.name, s.dir)
		}
	}
	return b.Bytes()
}
