// Command bench measures how the hub delivers a stream to many viewers, against
// a floor: raw sockets, one send per event and viewer, no HTTP and no
// bookkeeping. Each server runs in a process of its own on the loopback, one after
// the other, under the same client in the same run. Machines differ; the ratios
// to the floor hold.
//
//	go run ./dashboard/hub/bench                     # about five minutes
//	go run ./dashboard/hub/bench -viewers 10000 -scenarios steady -servers floor,direct
//
// It runs on Linux only.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

// config is what the command line says.
type config struct {
	viewers, rate, pad int
	span               time.Duration
	servers, scenarios []string
}

func main() {
	var c config
	var servers, scenarios, serve, addr string
	flag.IntVar(&c.viewers, "viewers", 2000, "viewers")
	flag.IntVar(&c.rate, "rate", 10, "events a second (steady)")
	flag.IntVar(&c.pad, "pad", 400, "bytes of padding in an event")
	flag.DurationVar(&c.span, "span", 5*time.Second, "how long each scenario publishes")
	flag.StringVar(&servers, "servers", "floor,direct,generic,direct-gzip", "what is measured")
	flag.StringVar(&scenarios, "scenarios", "steady,busy,storm,slow,flood,kill,file", "how: steady -rate; busy 100 events a second; storm all reconnect; slow one viewer in fifteen stalls; "+
		"flood all come and go ten times; kill the server is killed and another begins; file rows are appended to a file under the whole program")
	flag.StringVar(&serve, "serve", "", "internal: be this server")
	flag.StringVar(&addr, "addr", "127.0.0.1:0", "with -serve: listen here")
	flag.Parse()
	c.servers, c.scenarios = strings.Split(servers, ","), strings.Split(scenarios, ",")
	run := func() error { return measure(c) }
	if serve != "" {
		run = func() error { return child(serve, addr) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
