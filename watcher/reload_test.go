package watcher_test

import (
	"path/filepath"
	"testing"

	"github.com/dashira/dashira/watcher"
)

func TestReloadLoadsWhatDidNotChange(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, filepath.Join(root, "a.csv"), "1\n")
	r := record(t, root, watcher.Options{})
	r.expect(t, "a.csv", "whole", "1\n")
	r.w.Reload("a.csv", "none.csv")
	r.expect(t, "a.csv", "whole", "1\n")
	r.nothingElse(t)
}
