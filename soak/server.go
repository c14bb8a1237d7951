//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// server is the binary under test, over one folder.
type server struct {
	o     options
	dir   string
	state string
	log   *os.File
	cmd   *exec.Cmd
	ended chan struct{}

	planned atomic.Bool // it is to end
	fault   func(string)
}

func (s *server) start() error {
	args := []string{"serve", s.dir, "--no-open", "--port", strconv.Itoa(s.o.port), "--state-dir", s.state}
	if s.o.poll {
		args = append(args, "--poll")
	}
	s.cmd = exec.Command(s.o.binary, args...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if s.o.user >= 0 {
		id := uint32(s.o.user)
		s.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
	}
	s.planned.Store(false)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	cmd, ended := s.cmd, make(chan struct{})
	s.ended = ended
	go func() {
		err := cmd.Wait()
		if !s.planned.Load() {
			s.fault(fmt.Sprintf("the server ended by itself: %v", err))
		}
		close(ended)
	}()
	return nil
}

// end ends the server on purpose and waits until it is gone.
func (s *server) end(signal os.Signal) error {
	s.planned.Store(true)
	if err := s.cmd.Process.Signal(signal); err != nil {
		return err
	}
	<-s.ended
	return nil
}

func (s *server) signal(signal syscall.Signal) error { return s.cmd.Process.Signal(signal) }

// resources are what the server holds at one moment.
type resources struct {
	mib                  float64 // resident memory
	descriptors, watches int
	threads, goroutines  int // goroutines is 0 where the server does not tell
}

// resources reads them from /proc, and the goroutines from the server's own metrics.
func (s *server) resources(metrics string) (r resources, ok bool) {
	proc := fmt.Sprintf("/proc/%d/", s.cmd.Process.Pid)
	body, err := os.ReadFile(proc + "status")
	if err != nil {
		return r, false
	}
	for line := range strings.Lines(string(body)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		n, _ := strconv.Atoi(fields[1]) // other lines hold words
		switch fields[0] {
		case "VmRSS:":
			r.mib = float64(n) / 1024
		case "Threads:":
			r.threads = n
		}
	}
	list, err := os.ReadDir(proc + "fd")
	if err != nil {
		return r, false
	}
	r.descriptors = len(list)
	for _, fd := range list {
		info, err := os.ReadFile(proc + "fdinfo/" + fd.Name())
		if err == nil {
			r.watches += strings.Count(string(info), "inotify wd:")
		}
	}
	for line := range strings.Lines(metrics) {
		if n, found := strings.CutPrefix(line, "go_goroutines "); found {
			f, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
			if err == nil {
				r.goroutines = int(f)
			}
		}
	}
	return r, r.mib > 0
}
