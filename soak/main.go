//go:build linux

// Command soak proves the watcher's promise from outside: it saves files at random, as many programs do, against the
// built binary, and judges everything that the binary publishes, over HTTP and over the event streams. A published
// table must be what some writer had finished, whole; it never goes back, never empties and never vanishes unless a
// writer left it so; and after the last save it becomes the last save, within the bounds that README.md promises.
// In turn the server is stopped, killed and started again, drowned in more changes than the kernel can announce, and
// robbed of its folder for a while.
//
//	go run ./soak -binary ./dashira -duration 10m -stop -kill -storm -move -programs
//
// It ends with a table of saves, latencies, resources and faults, and exits with 1 if there was a fault.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// options are the command line.
type options struct {
	binary   string
	duration time.Duration
	files    int
	seed     uint64
	stop     bool
	kill     bool
	storm    bool
	move     bool
	flood    time.Duration
	poll     bool
	user     int
	programs bool
	port     int
	keep     bool
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "./dashira", "the built binary")
	flag.DurationVar(&o.duration, "duration", 10*time.Minute, "how long to save")
	flag.IntVar(&o.files, "files", 24, "files that are saved whole, in four formats in turn")
	flag.Uint64Var(&o.seed, "seed", 1, "of the random choices")
	flag.BoolVar(&o.stop, "stop", false, "stop the server with SIGSTOP now and then")
	flag.BoolVar(&o.kill, "kill", false, "kill the server with SIGKILL now and then, and start it again")
	flag.BoolVar(&o.storm, "storm", false, "overflow the kernel's queue of events now and then")
	flag.BoolVar(&o.move, "move", false, "rename the served folder away now and then, and bring it back")
	flag.DurationVar(&o.flood, "flood", 0, "at the end, save ten thousand times a second for so long")
	flag.BoolVar(&o.programs, "programs", false, "have real programs save too: editors, rsync, git, pandas, LibreOffice, whatever is installed")
	flag.IntVar(&o.user, "user", -1, "run the server as the user of this number, to whom no file belongs; needs root")
	flag.BoolVar(&o.poll, "poll", false, "start the server with --poll")
	flag.IntVar(&o.port, "port", 7177, "the server's port")
	flag.BoolVar(&o.keep, "keep", false, "keep the files and the server's log")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	faults, err := run(ctx, o)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(2)
	case faults > 0:
		os.Exit(1)
	}
}
