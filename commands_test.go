package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// command runs dashira in this process and returns what it printed.
func command(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := rootCommand()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func TestConvertSaysWhatItLeavesOut(t *testing.T) {
	dir := t.TempDir()
	path, out := filepath.Join(dir, "a.csv"), filepath.Join(dir, "out.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n3,4,5\n6,7\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(out, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := rootCommand()
	var said bytes.Buffer
	cmd.SetErr(&said)
	cmd.SetArgs([]string{"convert", path, "-o", out})
	if err := cmd.ExecuteContext(t.Context()); err != nil || !strings.Contains(said.String(), "1 problem") {
		t.Errorf("%v: %q", err, said.String())
	}
	if info, err := os.Stat(out); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestConvertDefusesFormulasForSpreadsheetsAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("id,text\n1,=cmd()\n2,plain\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{"": "1,=cmd()", "--spreadsheet": "1,'=cmd()"} {
		all := []string{"convert", path, "--to", "csv"}
		if args != "" {
			all = append(all, args)
		}
		if out, err := command(t, all...); err != nil || !strings.Contains(out, want) {
			t.Errorf("%q: %v %q", args, err, out)
		}
	}
}
