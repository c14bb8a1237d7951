package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A subject is a server in a process of its own.
type subject struct {
	kind string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	addr string
}

func startSubject(kind, addr string) (*subject, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &subject{kind: kind, cmd: exec.Command(self, "-serve", kind, "-addr", addr)}
	s.cmd.Stderr = os.Stderr
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.out = bufio.NewReader(out)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := s.out.ReadString('\n')
	s.addr = strings.TrimSpace(line)
	return s, err
}

func (s *subject) stop() error {
	_ = s.in.Close()
	return s.cmd.Wait()
}

// usage is the server's CPU time so far and its memory in KiB.
func (s *subject) usage() (cpu time.Duration, kib int, err error) {
	if _, err := fmt.Fprintln(s.in, "usage"); err != nil {
		return 0, 0, err
	}
	line, err := s.out.ReadString('\n')
	if err != nil {
		return 0, 0, err
	}
	_, err = fmt.Sscan(line, &cpu, &kib)
	return cpu, kib, err
}

// publish makes the server publish; done is closed when it has.
func (s *subject) publish(rate, count, pad int) (done chan error) {
	done = make(chan error, 1)
	go func() {
		_, err := fmt.Fprintf(s.in, "publish %d %d %d\n", rate, count, pad)
		if err == nil {
			_, err = s.out.ReadString('\n')
		}
		done <- err
	}()
	return done
}

// result is one line of the table.
type result struct {
	scenario, server   string
	perDelivery        time.Duration // the server's CPU time
	perSecond          float64
	p50, p99, max      time.Duration
	perViewer          float64 // KiB of the server's memory
	lost, twice, snaps int
	note               string

	idle int // KiB of the server before the first viewer
}

func measure(c config) error {
	if err := raiseLimit(); err != nil {
		return err
	}
	fmt.Printf("%s/%s, %d CPUs, %s; %d viewers, events of %d bytes, client and server share the machine\n\n",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), c.viewers, c.pad+110)
	fmt.Println("| scenario | server | CPU µs/delivery | × floor | deliveries/s | p50 ms | p99 ms | max ms | KiB/viewer | lost | twice | snapshots | |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, name := range c.scenarios {
		scenario, ok := map[string]func(config, *subject, *crowd, *result) error{
			"steady": steady, "busy": busy, "storm": storm, "slow": slow, "flood": flood, "kill": kill,
		}[name]
		if name == "file" {
			if err := fileToViewers(c); err != nil {
				return fmt.Errorf("file: %w", err)
			}
			continue
		}
		if !ok {
			return fmt.Errorf("no scenario is called %q", name)
		}
		var base time.Duration
		for _, kind := range c.servers {
			if kind == "floor" && name != "steady" && name != "busy" {
				continue // it neither resumes nor looks after anybody
			}
			r, err := one(c, name, kind, scenario)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", name, kind, err)
			}
			if kind == "floor" {
				base = r.perDelivery
			}
			r.print(base)
		}
	}
	return nil
}

func one(c config, name, kind string, scenario func(config, *subject, *crowd, *result) error) (r result, err error) {
	s, err := startSubject(kind, "127.0.0.1:0")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	crowd, err := newCrowd(s.addr, strings.HasSuffix(kind, "-gzip"))
	if err != nil {
		return r, err
	}
	defer crowd.close()
	viewers := c.viewers
	if name == "slow" {
		viewers = min(viewers, slowViewers)
	}
	r = result{scenario: name, server: kind}
	_, before, err := s.usage()
	if err != nil {
		return r, err
	}
	if err := crowd.connect(viewers); err != nil {
		return r, err
	}
	if err := crowd.settle(0); err != nil {
		return r, err
	}
	_, after, err := s.usage()
	if err != nil {
		return r, err
	}
	r.idle, r.perViewer = before, float64(after-before)/float64(viewers)
	if err := scenario(c, s, crowd, &r); err != nil {
		return r, err
	}
	for _, v := range crowd.viewers {
		if v.deaf {
			return r, errors.New("the server ended a stream")
		}
		r.lost, r.twice, r.snaps = r.lost+v.lost, r.twice+v.twice, r.snaps+v.snapshots-1
	}
	return r, nil
}

// settle reads until every viewer that reads stands at seq.
func (c *crowd) settle(seq int64) error {
	for end := time.Now().Add(time.Minute); ; {
		if _, err := c.read(20 * time.Millisecond); err != nil {
			return err
		}
		behind := 0
		for _, v := range c.viewers {
			if v.seq < seq && !v.stalled && !v.deaf {
				behind++
			}
		}
		if behind == 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d viewers have not come to event %d", behind, seq)
		}
	}
}

// deliver publishes and reads until all have everything.
func (c *crowd) deliver(s *subject, rate, count, pad int, last int64) (events int, took time.Duration, err error) {
	begun := time.Now()
	done := s.publish(rate, count, pad)
	for {
		n, err := c.read(20 * time.Millisecond)
		if err != nil {
			return 0, 0, err
		}
		events += n
		select {
		case err := <-done:
			if err != nil {
				return 0, 0, err
			}
			before := c.delays.n
			if err := c.settle(last); err != nil {
				return 0, 0, err
			}
			return events + c.delays.n - before, time.Since(begun), nil
		default:
		}
	}
}

func steady(c config, s *subject, crowd *crowd, r *result) error {
	return atRate(c, c.rate, s, crowd, r)
}
func busy(c config, s *subject, crowd *crowd, r *result) error { return atRate(c, 100, s, crowd, r) }

func atRate(c config, rate int, s *subject, crowd *crowd, r *result) error {
	count := int(c.span.Seconds() * float64(rate))
	before, _, err := s.usage()
	if err != nil {
		return err
	}
	events, took, err := crowd.deliver(s, rate, count, c.pad, int64(count))
	if err != nil {
		return err
	}
	after, _, err := s.usage()
	if err != nil {
		return err
	}
	r.perDelivery = (after - before) / time.Duration(max(events, 1))
	r.perSecond = float64(events) / took.Seconds()
	r.p50, r.p99, r.max = crowd.delays.quantile(0.5), crowd.delays.quantile(0.99), crowd.delays.max
	return nil
}

// storm: all viewers lose their connections at once while events go on, and come
// back with their last ids.
func storm(c config, s *subject, crowd *crowd, r *result) error {
	const rate = 20
	if _, _, err := crowd.deliver(s, rate, rate, c.pad, rate); err != nil {
		return err
	}
	for _, v := range crowd.viewers {
		if err := crowd.hangUp(v); err != nil {
			return err
		}
	}
	count := int(c.span.Seconds() * rate)
	done := s.publish(rate, count, c.pad)
	time.Sleep(c.span / 4) // they miss a part of it
	begun := time.Now()
	missed := int64(rate + c.span.Seconds()/4*rate)
	for i, v := range crowd.viewers {
		if err := crowd.dial(v); err != nil {
			return err
		}
		if i%16 == 0 {
			if _, err := crowd.read(0); err != nil {
				return err
			}
		}
	}
	if err := crowd.settle(missed); err != nil {
		return err
	}
	r.note = fmt.Sprintf("all caught up after %d ms", time.Since(begun).Milliseconds())
	crowd.delays = histogram{}
	for {
		if _, err := crowd.read(20 * time.Millisecond); err != nil {
			return err
		}
		select {
		case err := <-done:
			if err != nil {
				return err
			}
			if err := crowd.settle(int64(rate + count)); err != nil {
				return err
			}
			r.p50, r.p99, r.max = crowd.delays.quantile(0.5), crowd.delays.quantile(0.99), crowd.delays.max
			return nil
		default:
		}
	}
}

// flood: all viewers come and go ten times. The memory they took must be given back.
func flood(c config, s *subject, crowd *crowd, r *result) error {
	const floods = 10
	for i := range floods {
		if i > 0 {
			for _, v := range crowd.viewers {
				v.seq, v.id = -1, nil
				if err := crowd.dial(v); err != nil {
					return err
				}
			}
			if err := crowd.settle(0); err != nil {
				return err
			}
		}
		for _, v := range crowd.viewers {
			if err := crowd.hangUp(v); err != nil {
				return err
			}
		}
	}
	least := -1
	for end := time.Now().Add(12 * time.Second); time.Now().Before(end); time.Sleep(500 * time.Millisecond) {
		_, kib, err := s.usage()
		if err != nil {
			return err
		}
		if least < 0 || kib < least {
			least = kib
		}
	}
	r.note = fmt.Sprintf("%d times %d viewers; the server had %.1f MiB before and has %.1f after", floods, len(crowd.viewers), float64(r.idle)/1024, float64(least)/1024)
	crowd.viewers = nil
	return nil
}

// kill: the server is killed without a word while it publishes, and another one begins at the same address. Everybody
// comes back with an id of the first, and must get exactly one snapshot of the second and then everything.
func kill(c config, s *subject, crowd *crowd, r *result) error {
	const rate = 20
	if _, _, err := crowd.deliver(s, rate, rate, c.pad, rate); err != nil {
		return err
	}
	done := s.publish(rate, int(c.span.Seconds()*rate), c.pad)
	for end := time.Now().Add(c.span / 2); time.Now().Before(end); {
		if _, err := crowd.read(20 * time.Millisecond); err != nil {
			return err
		}
	}
	if err := s.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = s.cmd.Wait()
	<-done // its answer never comes
	for _, v := range crowd.viewers {
		if err := crowd.hangUp(v); err != nil {
			return err
		}
	}
	next, err := startSubject(s.kind, s.addr)
	if err != nil {
		return err
	}
	*s = *next // the caller stops it
	count := int(c.span.Seconds() * rate)
	done = s.publish(rate, count, c.pad)
	time.Sleep(c.span / 4)
	begun := time.Now()
	for i, v := range crowd.viewers {
		v.seq, v.snapshots = -1, 0
		if err := crowd.dial(v); err != nil {
			return err
		}
		if i%16 == 0 {
			if _, err := crowd.read(0); err != nil {
				return err
			}
		}
	}
	if err := crowd.settle(int64(c.span.Seconds() / 4 * rate)); err != nil {
		return err
	}
	took := time.Since(begun)
	for {
		if _, err := crowd.read(20 * time.Millisecond); err != nil {
			return err
		}
		select {
		case err := <-done:
			if err != nil {
				return err
			}
			if err := crowd.settle(int64(count)); err != nil {
				return err
			}
			for _, v := range crowd.viewers {
				if v.snapshots != 1 {
					return fmt.Errorf("a viewer got %d snapshots", v.snapshots)
				}
			}
			r.note = fmt.Sprintf("killed; all caught up with the next server after %d ms, one snapshot each", took.Milliseconds())
			return nil
		default:
		}
	}
}

// slowViewers bounds the viewers of slow: its events are large, and more would
// measure how fast the client reads.
const slowViewers = 300

// slow: one viewer in fifteen stops reading. The others must not notice, and the
// stalled ones must be right in the end. Quiet rounds and rounds with stalled
// viewers take turns, and the middle ones of each are compared: whatever else the
// machine does then happens to both. Four quiet rounds' worth of events is more than a log lets a viewer lag behind.
func slow(c config, s *subject, crowd *crowd, r *result) error {
	const rate, pad, rounds = 50, 8000, 3
	count := int(c.span.Seconds() * rate / 2)
	_, before, err := s.usage()
	if err != nil {
		return err
	}
	var quiet, held []histogram
	most, ended, last := 0, 0, int64(0)
	deliver := func(into *[]histogram, count int) error {
		crowd.delays = histogram{}
		last += int64(count)
		if _, _, err := crowd.deliver(s, rate, count, pad, last); err != nil {
			return err
		}
		*into = append(*into, crowd.delays)
		return nil
	}
	for range rounds {
		if err := deliver(&quiet, count); err != nil {
			return err
		}
		for i := 0; i < len(crowd.viewers); i += 15 {
			if err := crowd.stall(crowd.viewers[i], true); err != nil {
				return err
			}
		}
		if err := deliver(&held, 4*count); err != nil {
			return err
		}
		_, kib, err := s.usage()
		if err != nil {
			return err
		}
		most = max(most, kib-before)
		for i := 0; i < len(crowd.viewers); i += 15 {
			if err := crowd.stall(crowd.viewers[i], false); err != nil {
				return err
			}
		}
		if err := crowd.settle(last); err != nil {
			return err
		}
		for _, v := range crowd.viewers {
			if v.deaf {
				ended++
				if err := errors.Join(crowd.hangUp(v), crowd.dial(v)); err != nil {
					return err
				}
			}
		}
		if err := crowd.settle(last); err != nil {
			return err
		}
	}
	r.p50, r.p99, r.max = middle(held, 0.5), middle(held, 0.99), middle(held, 1)
	r.note = fmt.Sprintf("in quiet rounds %.1f, %.1f, %.1f ms; server +%.1f MiB; %d of %d stalled ones were ended",
		ms(middle(quiet, 0.5)), ms(middle(quiet, 0.99)), ms(middle(quiet, 1)), float64(most)/1024, ended, rounds*((len(crowd.viewers)+14)/15))
	return nil
}

// middle is the median over the rounds of a quantile of the delays; 1 is the longest.
func middle(rounds []histogram, q float64) time.Duration {
	var all []time.Duration
	for i := range rounds {
		if q == 1 {
			all = append(all, rounds[i].max)
			continue
		}
		all = append(all, rounds[i].quantile(q))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (r result) print(base time.Duration) {
	per, ratio, rate := "", "", ""
	if r.perDelivery > 0 {
		per, rate = fmt.Sprintf("%.1f", float64(r.perDelivery.Nanoseconds())/1000), fmt.Sprintf("%.0f", r.perSecond)
		if base > 0 {
			ratio = fmt.Sprintf("%.2f", float64(r.perDelivery)/float64(base))
		}
	}
	fmt.Printf("| %s | %s | %s | %s | %s | %.1f | %.1f | %.1f | %.1f | %d | %d | %d | %s |\n",
		r.scenario, r.server, per, ratio, rate, ms(r.p50), ms(r.p99), ms(r.max), r.perViewer, r.lost, r.twice, r.snaps, r.note)
}
