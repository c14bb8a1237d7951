package watcher_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dashira/dashira/watcher"
)

// The patterns and paths below are asked of git itself, wherever it is installed.
var ignoreCases = []struct {
	text string
	yes  []string
	no   []string
}{
	{"*.csv", []string{"a.csv", "d/a.csv"}, []string{"a.csvx", "a.tsv"}},
	{"/a.csv", []string{"a.csv"}, []string{"d/a.csv"}},
	{"d/a.csv", []string{"d/a.csv"}, []string{"x/d/a.csv", "a.csv"}},
	{"d/", []string{"d/a.csv", "x/d/a.csv"}, []string{"dd/a.csv", "d.csv"}},
	{"d/*.csv", []string{"d/a.csv"}, []string{"d/x/a.csv", "x/d/a.csv"}},
	{"**/d/a.csv", []string{"d/a.csv", "x/y/d/a.csv"}, []string{"d/x/a.csv"}},
	{"d/**/a.csv", []string{"d/a.csv", "d/x/y/a.csv"}, []string{"x/d/a.csv"}},
	{"d/**", []string{"d/a.csv", "d/x/a.csv"}, []string{"x/d.csv"}},
	{"a?.csv", []string{"ab.csv", "d/ab.csv"}, []string{"a.csv", "abc.csv", "a?x.csv"}},
	{"a[0-9].csv", []string{"a1.csv"}, []string{"ab.csv", "a12.csv"}},
	{"a[!0-9].csv", []string{"ab.csv"}, []string{"a1.csv"}},
	{"report (1).csv", []string{"report (1).csv"}, []string{"report 1.csv"}},
	{"a+b$c|{d}^.csv", []string{"a+b$c|{d}^.csv"}, []string{"aab.csv"}},
	{"\\#a.csv", []string{"#a.csv"}, []string{"a.csv"}},
	{"\\!a.csv", []string{"!a.csv"}, []string{"a.csv"}},
	{"# a.csv\n\na.csv   ", []string{"a.csv"}, []string{"b.csv"}},
	{"*.csv\n!keep.csv", []string{"a.csv"}, []string{"keep.csv", "d/keep.csv"}},
	{"d/\n!d/keep.csv", []string{"d/keep.csv"}, nil},
	{"a.csv\r\nb.csv\r\n", []string{"a.csv", "b.csv"}, []string{"c.csv"}},
	{"ä*.csv", []string{"äb.csv"}, []string{"ab.csv"}},
	{"a[b", nil, []string{"ab"}},
	{"a.c*v", []string{"a.csv", "a.cv"}, []string{"axcsv"}},
	{"\\*.csv", []string{"*.csv"}, []string{"a.csv"}},
}

func TestIgnoreFileIsReadAsGitDoes(t *testing.T) {
	git, gitErr := exec.LookPath("git")
	for _, c := range ignoreCases {
		dir := t.TempDir()
		for want, paths := range map[bool][]string{true: c.yes, false: c.no} {
			for _, p := range paths {
				if strings.HasPrefix(p, "#") || strings.Contains(p, "[") {
					continue // left out by name, or no name for git
				}
				if got := watcher.Ignores(c.text, p, false); got != want {
					t.Errorf("%q leaves out %q: %v", c.text, p, got)
				}
				if gitErr == nil {
					if got := gitIgnores(t, git, dir, c.text, p); got != want {
						t.Errorf("git: %q leaves out %q: %v", c.text, p, got)
					}
				}
			}
		}
	}
}

// What ignore files in several directories leave out together, asked of git too.
var ignoreTrees = []struct {
	texts map[string]string // by directory
	yes   []string
	no    []string
}{
	{map[string]string{"d": "*.csv"}, []string{"d/a.csv", "d/x/a.csv"}, []string{"a.csv", "dd/a.csv"}},
	{map[string]string{"d": "/a.csv"}, []string{"d/a.csv"}, []string{"d/x/a.csv", "a.csv"}},
	{map[string]string{"d": "x/a.csv"}, []string{"d/x/a.csv"}, []string{"d/y/x/a.csv", "x/a.csv"}},
	{map[string]string{"d": "x/"}, []string{"d/x/a.csv", "d/y/x/a.csv"}, []string{"x/a.csv", "d/x.csv"}},
	{map[string]string{"d": "**/a.csv"}, []string{"d/a.csv", "d/x/y/a.csv"}, []string{"a.csv"}},
	{map[string]string{".": "*.csv", "d": "!keep.csv"}, []string{"a.csv", "keep.csv", "d/a.csv"}, []string{"d/keep.csv", "d/x/keep.csv"}},
	{map[string]string{".": "*.csv", "d": "!*.csv", "d/x": "secret.csv"}, []string{"a.csv", "d/x/secret.csv"}, []string{"d/secret.csv", "d/x/a.csv"}},
	{map[string]string{".": "!a.csv", "d": "a.csv"}, []string{"d/a.csv"}, []string{"a.csv"}},
	{map[string]string{".": "d/", "d": "!a.csv"}, []string{"d/a.csv"}, nil},
	{map[string]string{"-d": "*.csv", ".": "!*.csv"}, []string{"-d/a.csv"}, []string{"a.csv"}},
	{map[string]string{"r (1)+": "a?.csv\n# a comment\n\n!ab.csv"}, []string{"r (1)+/ac.csv"}, []string{"r (1)+/ab.csv", "ac.csv"}},
	{map[string]string{"d": "x\\ y.csv   \n/"}, []string{"d/x y.csv"}, []string{"d/a.csv"}},
}

func TestIgnoreFilesOfSubfoldersAreReadAsGitDoes(t *testing.T) {
	git, gitErr := exec.LookPath("git")
	for _, c := range ignoreTrees {
		dir := t.TempDir()
		for sub, text := range c.texts {
			if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, sub, ".gitignore"), text)
		}
		for want, paths := range map[bool][]string{true: c.yes, false: c.no} {
			for _, p := range paths {
				if got := watcher.IgnoresBelow(c.texts, p); got != want {
					t.Errorf("%q leave out %q: %v", c.texts, p, got)
				}
				if gitErr == nil {
					if got := gitAnswers(t, git, dir, p); got != want {
						t.Errorf("git: %q leave out %q: %v", c.texts, p, got)
					}
				}
			}
		}
	}
}

// gitIgnores asks git.
func gitIgnores(t *testing.T, git, dir, text, path string) bool {
	t.Helper()
	write(t, filepath.Join(dir, ".gitignore"), text)
	return gitAnswers(t, git, dir, path)
}

// gitAnswers asks git about the ignore files that are there.
func gitAnswers(t *testing.T, git, dir, path string) bool {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, ".git")); err != nil {
		if out, err := exec.Command(git, "init", "-q", dir).CombinedOutput(); err != nil {
			t.Fatalf("git init: %s", out)
		}
	}
	cmd := exec.Command(git, "-C", dir, "check-ignore", "--no-index", "-z", "--stdin")
	cmd.Stdin = strings.NewReader(path + "\x00")
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null")
	err := cmd.Run()
	if err == nil {
		return true
	}
	if e, ok := err.(*exec.ExitError); ok && e.ExitCode() == 1 {
		return false
	}
	t.Fatalf("git check-ignore %q: %v", path, err)
	return false
}

// FuzzIgnoreFile asks that no text makes the rules panic, that a comment changes nothing, and that a plain name leaves
// out itself and nothing that is longer.
func FuzzIgnoreFile(f *testing.F) {
	for _, c := range ignoreCases {
		f.Add(c.text, "a.csv")
	}
	f.Add("[\\", "x")
	f.Add("[]-a]\\", "x]")
	f.Fuzz(func(t *testing.T, text, path string) {
		got := watcher.Ignores(text, path, false)
		if with := watcher.Ignores("# a comment\n"+text, path, false); with != got && !strings.HasPrefix(text, "\ufeff") {
			t.Errorf("a comment changes %q for %q", text, path)
		}
		plain := true
		for _, c := range text {
			plain = plain && ('a' <= c && c <= 'z' || c == '(' || c == ')' || c == '+' || c == '$')
		}
		if plain && text != "" {
			if !watcher.Ignores(text, text, false) {
				t.Errorf("%q does not leave out itself", text)
			}
			if watcher.Ignores(text, text+"x", false) {
				t.Errorf("%q leaves out %q", text, text+"x")
			}
		}
	})
}
