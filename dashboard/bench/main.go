// Command bench measures tables and views: what a change costs from the bytes on disk to the encoded patches, what a
// question costs the first time, and what is held in memory for it. DuckDB answers the same questions from scratch on
// the same file in the same run, one after the other with ours, so that the ratios hold on a busy machine too.
//
//	make bench-views                                    # everything: ten million rows, some GB of memory, minutes
//	go run ./dashboard/bench -rows 1000000 -peer ""     # smaller, and without DuckDB
//
// A change is timed as serve does it, without the watcher's wait for a file to settle: reading the file, comparing the
// tables, publishing, until the event that ends the round has reached a viewer over HTTP on the loopback.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
)

// config is what the command line says.
type config struct {
	rows int    // of the large table
	reps int    // of which the median is told
	peer string // the folder where DuckDB is installed; empty: there is none
	work string // where files go
	only string // parts of names of works, by comma; empty: all
}

func (c config) wants(work string) bool {
	if c.only == "" {
		return true
	}
	for _, part := range strings.Split(c.only, ",") {
		if strings.Contains(work, part) {
			return true
		}
	}
	return false
}

func main() {
	var c config
	flag.IntVar(&c.rows, "rows", 10_000_000, "rows of the large table")
	flag.IntVar(&c.reps, "reps", 9, "measurements, of which the median is told")
	flag.StringVar(&c.peer, "peer", "", "the folder with node_modules/@duckdb/node-api; empty: without DuckDB")
	flag.StringVar(&c.only, "only", "", "parts of the names of the works wanted, by comma: append,cell,key,filter,answer,history,rows,memory")
	profile := flag.String("cpuprofile", "", "write a profile of the processor here")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, c); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		pprof.StopCPUProfile()
		os.Exit(1)
	}
}

func run(ctx context.Context, c config) (err error) {
	if c.work, err = os.MkdirTemp("", "dashira-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(c.work)
	fmt.Printf("%d cores, %s %s/%s, %d rows\n\n", runtime.GOMAXPROCS(0), runtime.Version(), runtime.GOOS, runtime.GOARCH, c.rows)
	r := &report{}
	for _, work := range []struct {
		name string
		do   func(context.Context, config, *report) error
	}{
		{"append", appendOne}, {"cell", changeCell}, {"key", changeKeyed}, {"filter", filterFresh}, {"answer", firstAnswers}, {"history", keepHistory},
		{"rows", readRows}, {"memory", memoryPerRow},
	} {
		if !c.wants(work.name) {
			continue
		}
		if err := work.do(ctx, c, r); err != nil {
			return fmt.Errorf("%s: %w", work.name, err)
		}
		debug.FreeOSMemory()
	}
	r.print(os.Stdout)
	return nil
}
