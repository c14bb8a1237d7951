package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"syscall"
)

const (
	defaultPort = 7070
	portsToTry  = 50
)

// listen opens the server's sockets. Only this machine can reach them unless the owner says otherwise. A port that was
// asked for is taken or the command fails; without one the next free port from 7070 on is taken.
func listen(o serveOptions) (net.Listener, error) {
	if o.listen != "" {
		l, err := net.Listen("tcp", o.listen)
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %s", o.listen, reason(err))
		}
		return l, nil
	}
	open := loopback
	if o.lan {
		open = func(port int) (net.Listener, error) { return net.Listen("tcp", ":"+strconv.Itoa(port)) }
	}
	if o.port != 0 {
		if o.port < 0 || o.port > 65535 {
			return nil, &usageError{"dashira serve", fmt.Sprintf("%d is not a port", o.port)}
		}
		l, err := open(o.port)
		if err != nil {
			return nil, fmt.Errorf("port %d: %s", o.port, reason(err))
		}
		return l, nil
	}
	for port := defaultPort; port < defaultPort+portsToTry; port++ {
		l, err := open(port)
		if err == nil {
			return l, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, fmt.Errorf("port %d: %s", port, reason(err))
		}
	}
	return open(0)
}

func reason(err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "another program has it already"
	case errors.Is(err, syscall.EACCES):
		return "you have no permission to use it"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return "this machine does not have that address"
	}
	return err.Error()
}

// loopback listens on 127.0.0.1 and, where the machine has it, on ::1 at the same port: browsers try either for
// "localhost".
func loopback(port int) (net.Listener, error) {
	v4, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	port = v4.Addr().(*net.TCPAddr).Port
	v6, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, errors.Join(err, v4.Close())
	}
	if err != nil {
		return v4, nil // no IPv6 here
	}
	return join(v4, v6), nil
}

// pair is two listeners as one.
type pair struct {
	first, second net.Listener
	accepted      chan accepted
	closed        chan struct{}
	once          sync.Once
	accepting     sync.Once
}

type accepted struct {
	conn net.Conn
	err  error
}

func join(first, second net.Listener) *pair {
	return &pair{first: first, second: second, accepted: make(chan accepted), closed: make(chan struct{})}
}

func (p *pair) Accept() (net.Conn, error) {
	p.accepting.Do(func() {
		for _, l := range []net.Listener{p.first, p.second} {
			go p.accept(l)
		}
	})
	select {
	case a := <-p.accepted:
		return a.conn, a.err
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// accept hands over the connections of one listener until it is closed.
func (p *pair) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		select {
		case p.accepted <- accepted{conn, err}:
		case <-p.closed:
			if conn != nil {
				conn.Close()
			}
			return
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
	}
}

func (p *pair) Close() error {
	p.once.Do(func() { close(p.closed) })
	return errors.Join(p.first.Close(), p.second.Close())
}

func (p *pair) Addr() net.Addr { return p.first.Addr() }
