package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// measureMemory loads the largest file in a process of its own, so that nothing else is counted.
func measureMemory(c config) error {
	if c.only != "" && !strings.Contains("CSV memory", c.only) {
		return nil
	}
	path, err := generate(c.cache, "narrow", 10_000_000, ".csv")
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "-memory-of", path)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// printMemory says what a loaded file takes: the table by its own count, the heap that stays, and, where the system
// tells it, the most that the process ever had resident.
func printMemory(path string) error {
	l := newLoader()
	load, err := read(l, path)
	if err != nil {
		return err
	}
	t := load.Sheets[0].Table
	peak := residentPeak()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	rows := float64(t.Rows())
	fmt.Printf("memory of %s\n", filepath.Base(path))
	fmt.Printf("  table          %6.1f MiB, %.1f bytes a row (target: at most 32)\n", float64(t.Bytes())/(1<<20), float64(t.Bytes())/rows)
	fmt.Printf("  heap that stays %5.1f MiB, %.1f bytes a row\n", float64(m.HeapAlloc)/(1<<20), float64(m.HeapAlloc)/rows)
	if peak > 0 {
		fmt.Printf("  peak resident  %6.1f MiB, %.1f MiB over the table (target: at most 256)\n", float64(peak)/(1<<20), float64(peak-t.Bytes())/(1<<20))
	}
	runtime.KeepAlive(load)
	runtime.KeepAlive(l)
	return nil
}

// residentPeak returns the largest resident size of this process in bytes, 0 where the system does not say.
func residentPeak() int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err == nil {
				return n << 10
			}
		}
	}
	return 0
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
