//go:build linux

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// logger keeps a file that grows, as logs do: rows are appended, now and then it is rotated.
type logger struct {
	saver
	generation int
	rows       int
	handle     *os.File // of a writer that stays attached; nil: it opens and closes for every row
}

// growing makes a file that a logger is going to write to.
func growing(dir, aside, path, format string, r *rand.Rand) *logger {
	return &logger{saver: saver{truth: newTruth(path, format), r: r, file: filepath.Join(dir, path), aside: aside}, generation: firstGeneration}
}

// fresh starts the next generation with n rows, into an empty file or a new one.
func (l *logger) fresh(pattern string, n int) error {
	l.generation++
	l.rows = 0
	return l.more(pattern, n, true)
}

// more appends n rows, in one write or torn in the middle of a row.
func (l *logger) more(pattern string, n int, header bool) error {
	body := lines(l.format, l.generation, l.rows, l.rows+n, 0)
	if header && l.format == "csv" {
		body = append([]byte(csvHeader), body...)
	}
	l.begin(state{generation: l.generation, rows: l.rows + n, growing: true, held: l.handle != nil && pattern == appendAttached, pattern: pattern})
	f := l.handle
	if f == nil {
		var err error
		if f, err = os.OpenFile(l.file, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644); err != nil {
			return err
		}
		defer f.Close()
	}
	cut := l.r.IntN(len(body))
	if _, err := f.Write(body[:cut]); err != nil {
		return err
	}
	if l.r.IntN(3) == 0 {
		l.pause(100 * time.Millisecond)
	}
	if _, err := f.Write(body[cut:]); err != nil {
		return err
	}
	l.rows += n
	return nil
}

// attach opens the file for as long as detach is not called.
func (l *logger) attach() (err error) {
	l.handle, err = os.OpenFile(l.file, os.O_WRONLY|os.O_APPEND, 0)
	return err
}

func (l *logger) detach() error {
	f := l.handle
	l.handle = nil
	return f.Close()
}

// The names of what a logger does.
const (
	appendClosing  = "append, opened for each (log)"
	appendAttached = "append, kept open (log)"
	copyTruncate   = "copy, truncate (logrotate copytruncate)"
	rotateCreate   = "rename, create (logrotate create)"
	rewritten      = "truncate, write, append (log)"
)

var growths = []string{appendClosing, appendAttached, copyTruncate, rotateCreate, rewritten}

// run logs until the end; between two steps others may stop the world.
func (l *logger) run(ctx context.Context, w *world, end time.Time) error {
	for time.Now().Before(end) && ctx.Err() == nil {
		if err := w.step(func() error { return l.turn() }); err != nil {
			return fmt.Errorf("%s: %w", l.path, err)
		}
		l.pause(900 * time.Millisecond)
	}
	if l.handle == nil {
		return nil
	}
	return l.detach()
}

// turn does one thing to the file and takes note of it.
func (l *logger) turn() error {
	defer l.finish()
	n := 1 + l.r.IntN(40)
	choice := l.r.IntN(20)
	switch {
	case l.handle != nil && choice < 16:
		return l.more(appendAttached, n, false)
	case l.handle != nil:
		if err := l.more(appendAttached, n, false); err != nil {
			return err
		}
		return l.detach()
	case choice < 11:
		return l.more(appendClosing, n, false)
	case choice < 14:
		if err := l.attach(); err != nil {
			return err
		}
		return l.more(appendAttached, n, false)
	case choice < 16: // the writer stays attached while the file shrinks under it
		body, err := os.ReadFile(l.file)
		if err != nil {
			return err
		}
		l.empty()
		return steps(write(l.file+".1", body), l.attach, func() error { return os.Truncate(l.file, 0) },
			func() error { l.pause(200 * time.Millisecond); return nil },
			func() error { return l.fresh(copyTruncate, n) }, l.detach)
	case choice < 18:
		l.empty()
		err := steps(rename(l.file, l.file+".1"), write(l.file, nil))
		l.pause(1800 * time.Millisecond) // it may stay empty for long enough to be shown so
		if err != nil {
			return err
		}
		return l.fresh(rotateCreate, n)
	}
	l.generation, l.rows = l.generation+1, n
	l.begin(state{generation: l.generation, rows: n, growing: true, pattern: rewritten})
	body := lines(l.format, l.generation, 0, n, 0)
	if l.format == "csv" {
		body = append([]byte(csvHeader), body...)
	}
	return write(l.file, body)()
}
