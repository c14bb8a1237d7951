package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/dashira/dashira/dashboard/hub"
)

// A server publishes events to whoever connects.
type server interface {
	serve(net.Listener) error
	publish(seq uint64, data []byte)
	close()
}

// child is the measured process. It prints its address, and then answers each
// line on its input with one line: "publish <rate> <count> <pad>" when all is
// published, and "usage" with the CPU time in ns and the resident memory in KiB.
func child(kind, addr string) error {
	if err := raiseLimit(); err != nil {
		return err
	}
	var s server
	switch kind {
	case "floor":
		s = &floor{}
	case "generic", "direct", "generic-gzip", "direct-gzip":
		s = newHubServer(strings.HasPrefix(kind, "direct"))
	default:
		return fmt.Errorf("no server is called %q", kind)
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	go func() {
		if err := s.serve(ln); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
	}()
	defer s.close()
	fmt.Println(ln.Addr())
	in := bufio.NewScanner(os.Stdin)
	var seq uint64
	for in.Scan() {
		var rate, count, pad int
		if n, _ := fmt.Sscanf(in.Text(), "publish %d %d %d", &rate, &count, &pad); n == 3 {
			filler := strings.Repeat("x", pad)
			begun := time.Now()
			for i := range count {
				due := begun.Add(time.Duration(i) * time.Second / time.Duration(rate))
				time.Sleep(time.Until(due))
				seq++
				s.publish(seq, fmt.Appendf(nil, `{"seq":%d,"at":%d,"pad":"%s"}`, seq, due.UnixNano(), filler))
			}
			fmt.Println("done")
			continue
		}
		var ru syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ru); err != nil {
			return err
		}
		rss, err := resident()
		if err != nil {
			return err
		}
		fmt.Println(ru.Utime.Nano()+ru.Stime.Nano(), rss)
	}
	return in.Err()
}

// raiseLimit allows as many descriptors as the system lets us have.
func raiseLimit() error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return err
	}
	l.Cur = l.Max
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l)
}

// resident is the memory of this process in KiB.
func resident() (kib int, err error) {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	var size, pages int
	if _, err := fmt.Sscan(string(b), &size, &pages); err != nil {
		return 0, err
	}
	return pages * os.Getpagesize() / 1024, nil
}

// hubServer is the hub as the program uses it, without what lies around it.
type hubServer struct {
	hub  *hub.Hub
	log  *hub.Log
	http *http.Server
	stop context.CancelFunc
	ran  chan struct{}

	mu   sync.Mutex
	last []byte // the newest event: the whole state
}

func newHubServer(direct bool) *hubServer {
	s := &hubServer{hub: hub.New(hub.Options{Direct: direct, MaxStreams: -1, MaxPerAddress: -1}), ran: make(chan struct{})}
	s.log = s.hub.NewLog("bench")
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() { defer close(s.ran); _ = s.hub.Run(ctx) }()
	s.http = &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost { // for other load generators
			b, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
			if err == nil {
				s.publish(0, b)
			}
			return
		}
		_ = s.log.Serve(w, r, hub.Stream{Snapshot: s.snapshot})
	})}
	return s
}

func (s *hubServer) snapshot(context.Context) ([]hub.Encoded, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data := s.last
	if data == nil {
		data = []byte(`{"seq":0,"at":0}`)
	}
	return []hub.Encoded{{Event: "snapshot", Data: data}}, s.log.Head(), nil
}

func (s *hubServer) publish(_ uint64, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.Publish("patch", data)
	s.last = data
}

func (s *hubServer) serve(ln net.Listener) error { return s.http.Serve(ln) }

func (s *hubServer) close() {
	s.stop()
	<-s.ran
	_ = s.http.Close()
}

// floor is what the machine can do: it answers every connection with a head and
// sends it each event by one system call. It takes no care of anything.
type floor struct {
	mu    sync.Mutex
	conns []*net.TCPConn // kept, so that their descriptors stay open
	fds   []int
}

func (f *floor) serve(ln net.Listener) error {
	for {
		c, err := ln.Accept()
		if err != nil {
			return err
		}
		tc := c.(*net.TCPConn)
		r := bufio.NewReaderSize(tc, 1024)
		for {
			line, err := r.ReadString('\n')
			if err != nil || line == "\r\n" {
				break
			}
		}
		if _, err := io.WriteString(tc, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: snapshot\nid: f-0\ndata: {\"seq\":0,\"at\":0}\n\n"); err != nil {
			continue
		}
		raw, err := tc.SyscallConn()
		if err != nil {
			return err
		}
		err = raw.Control(func(fd uintptr) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.conns, f.fds = append(f.conns, tc), append(f.fds, int(fd))
		})
		if err != nil {
			return err
		}
	}
}

func (f *floor) publish(seq uint64, data []byte) {
	b := fmt.Appendf(nil, "event: patch\nid: f-%d\ndata: %s\n\n", seq, data)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fd := range f.fds {
		_, _, _ = syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)),
			syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
	}
}

func (f *floor) close() {}
