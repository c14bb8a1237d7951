package watcher

import (
	"path"
	"strings"

	ignore "github.com/sabhiram/go-gitignore"
)

// Names that programs give to what is not data yet, not data any more, or never was.
var (
	ignoredPrefixes = []string{".", "~$", "#"}
	ignoredSuffixes = []string{"~", "#", ".tmp", ".swp", ".swx", ".part", ".partial", ".crdownload", ".download", ".bak",
		".lock", ".orig", ".vsctmp"}
	ignoredDirs = map[string]bool{"_temporary": true, "node_modules": true, "__macosx": true, "$recycle.bin": true}
)

// rules decides by name what is no source. A value is never changed; a changed ignore file makes a new value.
type rules struct {
	user *ignore.GitIgnore // of all ignore files; nil without any
}

// ignored reports whether the entry at rel (slash separated, relative to the root) is left out. The directories above
// it are the caller's: nothing below an ignored directory is looked at, so nothing there can be let in again.
func (r *rules) ignored(rel string, dir bool) bool {
	name := path.Base(rel)
	low := strings.ToLower(name)
	for _, p := range ignoredPrefixes {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	for _, s := range ignoredSuffixes {
		if strings.HasSuffix(low, s) {
			return true
		}
	}
	if dir && ignoredDirs[low] {
		return true
	}
	if r.user == nil {
		return false
	}
	if dir {
		rel += "/"
	}
	return r.user.MatchesPath(rel)
}

// ignoredBelow reports whether rel, a file, or any directory above it is left out.
func (r *rules) ignoredBelow(rel string) bool {
	if r.ignored(rel, false) {
		return true
	}
	for d := path.Dir(rel); d != "."; d = path.Dir(d) {
		if r.ignored(d, true) {
			return true
		}
	}
	return false
}

// temporaryOf gives X for a name tmp_X: DuckDB writes such a file beside the one that it is about to replace.
func temporaryOf(rel string) (string, bool) {
	dir, name := path.Split(rel)
	rest, ok := strings.CutPrefix(name, "tmp_")
	return dir + rest, ok && rest != ""
}
