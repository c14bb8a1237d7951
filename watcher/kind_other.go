//go:build !linux

package watcher

// kindOf knows no file system whose events are incomplete here; --poll is for those.
func kindOf(string) fsKind { return fsKind{} }
