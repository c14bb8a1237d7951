package share

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// DefaultDir is where this user's state lives: $XDG_STATE_HOME/dashira, else
// ~/.local/state/dashira; %LocalAppData%\dashira on Windows and
// ~/Library/Application Support/dashira on macOS. It need not exist.
func DefaultDir() (string, error) {
	// The convention tells programs to ignore a relative path.
	if x := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(x) {
		return filepath.Join(x, "dashira"), nil
	}
	switch runtime.GOOS {
	case "windows":
		if x := os.Getenv("LocalAppData"); x != "" {
			return filepath.Join(x, "dashira"), nil
		}
	case "darwin":
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the state directory: %w", err)
		}
		return filepath.Join(home, "Library", "Application Support", "dashira"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the state directory: %w", err)
	}
	return filepath.Join(home, ".local", "state", "dashira"), nil
}

// FolderDir is the part of the state directory that belongs to one data folder.
// Grants name dashboards by slug, and two folders may well have the same slugs: a
// link made for one must never open the other, so each has a store and an owner
// token of its own. The name is a hash of the folder's real path.
func FolderDir(state, folder string) (string, error) {
	abs, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("find the state of %s: %w", folder, err)
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	sum := sha256.Sum256([]byte(abs))
	name := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
	return filepath.Join(state, "folders", name), nil
}
