//go:build unix

// Command soak proves the watcher's promise from outside: it saves files at random, as many programs do, against the
// built binary, and judges everything that the binary publishes. A published table must be what some writer had
// finished, whole; it never goes back, never empties and never vanishes; and after the last save it becomes the last
// save. In turn the server is stopped, killed, and started again.
//
//	go run ./soak -binary ./dashira -duration 10m -stop -kill
//
// It ends with a table of saves, latencies and faults, and exits with 1 if there was a fault.
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
	port     int
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "./dashira", "the built binary")
	flag.DurationVar(&o.duration, "duration", 10*time.Minute, "how long to save")
	flag.IntVar(&o.files, "files", 24, "files, in four formats in turn")
	flag.Uint64Var(&o.seed, "seed", 1, "of the random choices")
	flag.BoolVar(&o.stop, "stop", false, "stop the server with SIGSTOP now and then")
	flag.BoolVar(&o.kill, "kill", false, "kill the server with SIGKILL now and then, and start it again")
	flag.IntVar(&o.port, "port", 7177, "the server's port")
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
