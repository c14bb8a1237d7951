//go:build linux

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// The flood: so many saves a second, by so many writers, each with files of its own.
const (
	floodRate    = 10_000
	floodWriters = 4
	floodFiles   = 50 // of each writer
)

// floods are the files of the flood. They do not exist before it comes.
func (w *world) floods() []*saver {
	if w.o.flood == 0 {
		return nil
	}
	all := make([]*saver, floodWriters*floodFiles)
	for i := range all {
		all[i] = newSaver(w.dir, w.aside, fmt.Sprintf("flood/f%03d.csv", i), "csv", rand.New(rand.NewPCG(w.o.seed, uint64(600+i))))
	}
	return all
}

const flooded = "the flood"

// flood saves ten thousand times a second, then holds the server to the last save of every file, and to having
// answered all the while.
func (w *world) flood(ctx context.Context, files []*saver) error {
	if err := mkdir(filepath.Dir(files[0].file))(); err != nil {
		return err
	}
	w.judge.mu.Lock()
	w.judge.ui, w.judge.uiBefore = nil, w.judge.ui
	w.judge.mu.Unlock()
	begun := time.Now()
	failed := make([]error, floodWriters)
	saves := make([]int, floodWriters)
	var writing sync.WaitGroup
	for i := range floodWriters {
		mine := files[i*floodFiles : (i+1)*floodFiles]
		writing.Go(func() { saves[i], failed[i] = pour(ctx, mine, begun.Add(w.o.flood)) })
	}
	writing.Wait()
	total := 0
	for i := range failed {
		if failed[i] != nil {
			return failed[i]
		}
		total += saves[i]
	}
	took := time.Since(begun)
	w.judge.mu.Lock()
	w.judge.uiFlood, w.judge.ui = w.judge.ui, w.judge.uiBefore
	w.judge.disturbances = append(w.judge.disturbances, disturbance{name: flooded, from: begun, to: time.Now()})
	i := len(w.judge.disturbances) - 1
	w.judge.mu.Unlock()
	w.rest(ctx, i)
	fmt.Printf("\nthe flood: %d saves in %.1f s, %.0f a second\n", total, took.Seconds(), float64(total)/took.Seconds())
	return nil
}

// pour is one writer of the flood: it saves its files in turn, as often a second as is its share.
func pour(ctx context.Context, files []*saver, end time.Time) (saves int, err error) {
	const each = 10 * time.Millisecond
	batch := int(floodRate / floodWriters * each / time.Second)
	generation := firstGeneration
	for next := time.Now(); time.Now().Before(end) && ctx.Err() == nil; next = next.Add(each) {
		time.Sleep(time.Until(next))
		for range batch {
			s := files[saves%len(files)]
			if saves%len(files) == 0 {
				generation++
			}
			s.begin(state{generation: generation, rows: 3, pattern: flooded})
			if err := os.WriteFile(s.file, content(s.format, generation, 3), 0o644); err != nil {
				return saves, err
			}
			s.finish()
			saves++
		}
	}
	return saves, nil
}
