// Command bench measures how fast files become tables, beside the engines people would reach for, in one run on two
// processors: it makes the files, installs the peers with npm, and prints for each file our time, the peer's, the ratio
// and the ratio that is aimed at. Then it changes files that were read and measures what reading them again costs, and
// what a large table takes of memory. Machines differ and are shared; the ratios hold.
//
//	go run ./ingest/bench                       # everything, about five minutes
//	go run ./ingest/bench -only xlsx -reps 9    # the works with xlsx in their name
//	go run ./ingest/bench -peers=false          # without node
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// config is what the command line says.
type config struct {
	cache string // for files and packages
	only  string // a part of the works' names
	reps  int    // loads of each file; 0: as each says
	peers bool
	print string // the path whose memory is measured, in a process of its own
}

func main() {
	var c config
	flag.StringVar(&c.cache, "cache", ".cache/ingest-bench", "the folder for generated files and npm packages")
	flag.StringVar(&c.only, "only", "", "measure only works whose name holds this")
	flag.IntVar(&c.reps, "reps", 0, "load each file so often")
	flag.BoolVar(&c.peers, "peers", true, "run DuckDB and Polars beside")
	flag.StringVar(&c.print, "memory-of", "", "load this file and print what it takes of memory")
	flag.Parse()
	runtime.GOMAXPROCS(workers)
	if err := run(c); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(c config) error {
	if c.print != "" {
		return printMemory(c.print)
	}
	if err := os.MkdirAll(c.cache, 0o755); err != nil {
		return err
	}
	var p *peers
	if c.peers {
		var err error
		if p, err = installPeers(c.cache); err != nil {
			return err
		}
	}
	fmt.Printf("%s, %s/%s, %d of %d processors\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, workers, runtime.NumCPU())
	if err := measureWorks(c, p); err != nil {
		return err
	}
	if err := measureChanges(c); err != nil {
		return err
	}
	return measureMemory(c)
}

func measureWorks(c config, p *peers) error {
	fmt.Printf("%-26s %9s   %-28s %9s %7s %7s\n", "load", "ours", "beside", "theirs", "ratio", "target")
	for _, w := range works {
		if !strings.Contains(w.name, c.only) {
			continue
		}
		path, err := generate(c.cache, w.shape, w.rows, w.ext)
		if err != nil {
			return err
		}
		times := w.times
		if c.reps > 0 {
			times = c.reps
		}
		own, err := ours(path, w.rows, times)
		if err != nil {
			return err
		}
		name, figure := w.name, milliseconds(own)
		for _, g := range w.goals {
			theirs, err := beside(p, g.reader, path, w.rows, times)
			if err != nil {
				return err
			}
			if theirs == 0 {
				continue
			}
			target, verdict := "", ""
			if g.ratio > 0 {
				target = fmt.Sprintf("%.2f", g.ratio)
				if float64(theirs)/float64(own) < g.ratio {
					verdict = "  missed"
				}
			}
			fmt.Printf("%-26s %9s   %-28s %9s %7.2f %7s%s\n", name, figure, g.reader, milliseconds(theirs), float64(theirs)/float64(own), target, verdict)
			name, figure = "", ""
		}
		if name != "" {
			fmt.Printf("%-26s %9s\n", name, figure)
		}
	}
	fmt.Println()
	return nil
}

// beside returns another reader's time, 0 for a peer that is not asked for. It gets fewer turns when it is slow.
func beside(p *peers, reader, path string, rows, times int) (time.Duration, error) {
	if floor := floors[reader]; floor != nil {
		return median(min(times, 3), func() error {
			n, err := floor(path)
			if err == nil && n != 0 && n != rows {
				err = fmt.Errorf("%s read %d rows of %s, want %d", reader, n, path, rows)
			}
			return err
		})
	}
	if p == nil {
		return 0, nil
	}
	return p.load(reader, absolute(path), rows, min(times, 3))
}

func measureChanges(c config) error {
	if c.only != "" && !strings.Contains("CSV changes", c.only) {
		return nil
	}
	path, err := generate(c.cache, "narrow", 1_000_000, ".csv")
	if err != nil {
		return err
	}
	fmt.Printf("%-42s %9s %9s %9s   %s\n", "a file of 1 M rows, read again", "load", "diff", "together", "expected")
	for _, ch := range changes {
		took, err := measureChange(c.cache, path, ch)
		if err != nil {
			return err
		}
		printReload(ch.name, took, ch.aim)
	}
	if path, err = generate(c.cache, "narrow", 10_000_000, ".csv"); err != nil {
		return err
	}
	for _, trusted := range []bool{true, false} {
		took, err := measureAppend(c.cache, path, 9, trusted)
		if err != nil {
			return err
		}
		if trusted {
			printReload("one row appended to 10 M rows, on trust", took, "2.8")
		} else {
			printReload("one row appended to 10 M rows, all read", took, "23")
		}
	}
	fmt.Println()
	return nil
}

func printReload(name string, took reload, aim string) {
	fmt.Printf("%-42s %9s %9s %9s   %s\n", name, milliseconds(took.load), milliseconds(took.diff), milliseconds(took.load+took.diff), aim)
}

func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 20 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}
