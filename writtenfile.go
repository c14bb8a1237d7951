package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/manifest"
)

// writtenFile is the dashira.yaml of a folder. It is the one file that dashira ever writes there, and only when a
// person asks for it.
type writtenFile struct{ dir string }

// Read returns the text, nil where there is no such file.
func (w writtenFile) Read() ([]byte, error) {
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	defer root.Close()
	f, err := root.Open(dashboard.WrittenFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what is written: %w", err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, manifest.MostBytes+1))
}

// Write replaces the file by rename, so that nobody ever reads half of it. Its rights stay as they were.
func (w writtenFile) Write(text []byte) error {
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return fmt.Errorf("open the folder: %w", err)
	}
	defer root.Close()
	mode := fs.FileMode(0o644)
	if info, err := root.Stat(dashboard.WrittenFile); err == nil {
		mode = info.Mode().Perm()
	}
	const tmp = "." + dashboard.WrittenFile + ".tmp"
	f, err := root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("write what is written: %w", err)
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = root.Rename(tmp, dashboard.WrittenFile)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write what is written: %w", err), root.Remove(tmp))
	}
	return nil
}
