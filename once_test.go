package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard"
)

// copied is a folder of one's own with the files of an example.
func copied(t *testing.T, example string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestWhatIsEjectedShowsTheSameDashboards(t *testing.T) {
	for _, example := range []string{"examples/shop", "examples/sensors", "examples/trouble"} {
		dir, names := copied(t, example), t.TempDir()
		text, err := command(t, "eject", dir, "--state-dir", names)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, dashboard.WrittenFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := command(t, "eject", dir, "--state-dir", names)
		if err != nil {
			t.Fatal(err)
		}
		// Why a panel was chosen is a comment, and what is written was chosen by whoever wrote it.
		if got, want := uncommented(again), uncommented(text); got != want {
			t.Errorf("%s: written\n%s\nbut shown\n%s", example, want, got)
		}
		if out, err := command(t, "check", dir, "--state-dir", names); strings.Contains(out, "bad-dashboard") {
			t.Errorf("%s: %v\n%s", example, err, out)
		}
	}
}

func uncommented(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	shop := copied(t, "examples/shop")
	names := t.TempDir()
	if out, err := command(t, "check", shop, "--strict", "--state-dir", names); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	wrong := "dashboards:\n  sales:\n    table: orders\n    rows:\n      - items: [{mark: bar, x: sum(amount), y: regoin}]\n"
	if err := os.WriteFile(filepath.Join(shop, dashboard.WrittenFile), []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "check", shop, "--state-dir", names)
	if !errors.Is(err, errUnreadable) || !strings.Contains(out, "dashira.yaml:5:48  bad-dashboard") || !strings.Contains(out, `Did you mean "region"?`) {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = command(t, "check", "examples/trouble", "--json", "--state-dir", names)
	if !errors.Is(err, errUnreadable) {
		t.Error(err)
	}
	files := 0
	for line := range strings.Lines(out) {
		var c checkedSource
		if err := json.Unmarshal([]byte(line), &c); err != nil || c.Path == "" || (c.State == "error") != (c.Error != nil) {
			t.Errorf("%v: %s", err, line)
		}
		files++
	}
	if files < 15 {
		t.Errorf("%d files", files)
	}
	if _, err := command(t, "check", "no-such-folder", "--state-dir", names); err == nil || errors.Is(err, errUnreadable) {
		t.Error(err)
	}
}
