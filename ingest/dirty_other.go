//go:build !linux

package ingest

import "os"

// dirtyPages says that it is not known.
func dirtyPages(*os.File, int64, int64) (int64, bool) { return 0, false }
