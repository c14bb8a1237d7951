package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/pflag"

	"github.com/dashira/dashira/dashboard/hub"
)

// streamOptions says how events reach viewers. The defaults are for a laptop as well as for ten thousand viewers; the
// flags are for who measured something else.
type streamOptions struct {
	most, perAddress  int
	heartbeat, batch  time.Duration
	age, stall, retry time.Duration
	memory            int // MiB of each log
	transport         string
	gzip              bool

	connections int     // that are no streams
	rate        float64 // requests a second of one address, with --lan
}

func (o *streamOptions) flags(f *pflag.FlagSet) {
	f.IntVar(&o.most, "max-streams", 10_000, "live streams in all; 0: no limit")
	f.IntVar(&o.perAddress, "streams-per-address", 100, "live streams of one address; 0: no limit")
	f.DurationVar(&o.heartbeat, "heartbeat", 15*time.Second, "silence after which a stream shows that it lives")
	f.DurationVar(&o.batch, "batch", 50*time.Millisecond, "longest time for which events of a storm are sent together; 0: never")
	f.DurationVar(&o.age, "stream-age", time.Hour, "a stream ends, and goes on where it was, at 80 to 100 % of this age")
	f.DurationVar(&o.stall, "stream-stall", 15*time.Second, "a viewer that takes nothing for so long is cut off")
	f.DurationVar(&o.retry, "retry", 2*time.Second, "mean time after which viewers come back")
	f.IntVar(&o.memory, "stream-memory", 4, "MiB of events that each stream keeps for viewers that come back")
	f.StringVar(&o.transport, "transport", "auto", "auto: sockets are written to directly where the system allows it; generic: never")
	f.IntVar(&o.connections, "max-connections", 1024, "connections in all that are no streams; 0: no limit")
	f.Float64Var(&o.rate, "request-rate", 20, "requests a second of one address, and five times as many at once, with --lan")
	f.BoolVar(&o.gzip, "stream-gzip", true, "offer compressed streams")
}

// check finds what cannot be meant.
func (o streamOptions) check() error {
	wrong := func(format string, args ...any) error {
		return &usageError{"dashira serve", fmt.Sprintf(format, args...)}
	}
	switch {
	case o.most < 0:
		return wrong("--max-streams %d: there is no negative number of streams", o.most)
	case o.perAddress < 0:
		return wrong("--streams-per-address %d: there is no negative number of streams", o.perAddress)
	case o.heartbeat < 100*time.Millisecond || o.heartbeat > 30*time.Second:
		// The page takes a connection for dead after 37.5 s without a word.
		return wrong("--heartbeat %s: from 100ms to 30s", o.heartbeat)
	case o.batch < 0 || o.batch > 10*time.Second:
		return wrong("--batch %s: from 0 to 10s", o.batch)
	case o.age < time.Second:
		return wrong("--stream-age %s: at least 1s", o.age)
	case o.stall < time.Second:
		return wrong("--stream-stall %s: at least 1s", o.stall)
	case o.retry < time.Millisecond:
		return wrong("--retry %s: at least 1ms", o.retry)
	case o.memory < 1 || o.memory > 1024:
		return wrong("--stream-memory %d: from 1 to 1024 MiB", o.memory)
	case o.connections < 0:
		return wrong("--max-connections %d: there is no negative number of connections", o.connections)
	case !(o.rate > 0 && o.rate <= 1e6):
		return wrong("--request-rate %g: more than 0", o.rate)
	case o.transport != "auto" && o.transport != "generic":
		return wrong("--transport %s: auto or generic", o.transport)
	}
	return nil
}

// segments is how many pieces a log is cut into: the memory is let go a piece at a time.
const segments = 16

func (o streamOptions) hub(log *slog.Logger) hub.Options {
	// In the hub 0 asks for the default and a negative number for none.
	none := func(n int) int {
		if n == 0 {
			return -1
		}
		return n
	}
	h := hub.Options{
		MaxStreams: none(o.most), MaxPerAddress: none(o.perAddress), Heartbeat: o.heartbeat, BatchInterval: o.batch, MaxAge: o.age,
		WriteTimeout: o.stall, Retry: o.retry, SegmentBytes: o.memory << 20 / segments, Segments: segments,
		Direct: o.transport == "auto", NoGzip: !o.gzip, Logger: log,
	}
	if o.batch == 0 {
		h.BatchInterval = -1
	}
	return h
}
