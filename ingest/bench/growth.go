package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/dashira/dashira/ingest"
	"github.com/dashira/dashira/table"
)

// change is what happens to a file of a million rows after it was loaded.
type change struct {
	name  string
	aim   string // what the design expects, in milliseconds
	times int
	apply func(lines [][]byte) []byte // lines[0] is the header
}

// touch changes one cell of a line of the narrow file: its last word.
func touch(line []byte) []byte {
	return append(bytes.TrimSuffix(bytes.Clone(line), []byte("\n")), "er\n"...)
}

var changes = []change{
	{"rewritten unchanged", "2.9", 9, func(lines [][]byte) []byte { return bytes.Join(lines, nil) }},
	{"one cell", "4 to 6", 9, func(lines [][]byte) []byte { return bytes.Join(edited(lines, len(lines)/2), nil) }},
	{"one row inserted at the top", "6", 9, func(lines [][]byte) []byte {
		return bytes.Join(append([][]byte{lines[0], lines[len(lines)/3]}, lines[1:]...), nil)
	}},
	{"first 1000 rows deleted", "7", 9, func(lines [][]byte) []byte {
		return bytes.Join(append([][]byte{lines[0]}, lines[1001:]...), nil)
	}},
	{"100 cells all over", "60", 7, func(lines [][]byte) []byte {
		at := make([]int, 100)
		for i := range at {
			at[i] = 1 + i*(len(lines)/100)
		}
		return bytes.Join(edited(lines, at...), nil)
	}},
	{"every row changed", "395", 3, func(lines [][]byte) []byte {
		at := make([]int, len(lines)-1)
		for i := range at {
			at[i] = i + 1
		}
		return bytes.Join(edited(lines, at...), nil)
	}},
}

func edited(lines [][]byte, at ...int) [][]byte {
	out := append([][]byte(nil), lines...)
	for _, i := range at {
		out[i] = touch(out[i])
	}
	return out
}

// reload is the time of reading a changed file again and of comparing it with what was there.
type reload struct{ load, diff time.Duration }

// again loads a file a second time and compares.
func again(l *ingest.Loader, path string, old *table.Table, trusted bool) (*table.Table, reload, error) {
	runtime.GC()
	start := time.Now()
	load, err := read(l, path)
	if err != nil {
		return nil, reload{}, err
	}
	middle := time.Now()
	now := load.Sheets[0].Table
	table.Diff(old, now, load.Sheets[0].Key)
	took := reload{middle.Sub(start), time.Since(middle)}
	if trusted {
		l.Trust(load)
	}
	return now, took, nil
}

// measureChange loads a file and its changed version in turns.
func measureChange(dir, path string, c change) (reload, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return reload{}, err
	}
	lines := bytes.SplitAfter(content, []byte("\n"))
	changed := filepath.Join(dir, "changed.csv")
	if err := os.WriteFile(changed, c.apply(lines[:len(lines)-1]), 0o644); err != nil {
		return reload{}, err
	}
	defer os.Remove(changed)
	content, lines = nil, nil
	l := newLoader()
	first, err := read(l, path)
	if err != nil {
		return reload{}, err
	}
	now := first.Sheets[0].Table
	var loads, diffs []time.Duration
	for i := range c.times {
		var took reload
		if now, took, err = again(l, []string{changed, path}[i%2], now, false); err != nil {
			return reload{}, err
		}
		loads, diffs = append(loads, took.load), append(diffs, took.diff)
	}
	return reload{middle(loads), middle(diffs)}, nil
}

// writeThrough writes a file that is on the disk in the end, as one that has been there for a while is.
func writeThrough(path string, content []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// measureAppend adds a row to a copy of a file and loads it again, a number of times; trusted says that a sample of what was
// there before may be believed.
func measureAppend(dir, path string, times int, trusted bool) (reload, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return reload{}, err
	}
	grown := filepath.Join(dir, "grown.csv")
	if err := writeThrough(grown, content); err != nil {
		return reload{}, err
	}
	defer os.Remove(grown)
	row := append([]byte(nil), content[bytes.LastIndexByte(content[:len(content)-1], '\n')+1:]...)
	content = nil
	l := newLoader()
	first, err := read(l, grown)
	if err != nil {
		return reload{}, err
	}
	now := first.Sheets[0].Table
	if trusted {
		l.Trust(first)
	}
	var loads, diffs []time.Duration
	for range times {
		f, err := os.OpenFile(grown, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return reload{}, err
		}
		if _, err := f.Write(row); err != nil {
			f.Close()
			return reload{}, err
		}
		if err := f.Close(); err != nil {
			return reload{}, err
		}
		before := now.Rows()
		var took reload
		if now, took, err = again(l, grown, now, trusted); err != nil {
			return reload{}, err
		}
		if now.Rows() != before+1 {
			return reload{}, fmt.Errorf("%d rows after one more than %d", now.Rows(), before)
		}
		loads, diffs = append(loads, took.load), append(diffs, took.diff)
	}
	return reload{middle(loads), middle(diffs)}, nil
}
