package hub

import (
	"net"
	"syscall"
	"time"
)

const (
	tcpUserTimeout  = 18
	tcpNotsentLowat = 25
	unsentBytes     = 64 << 10
)

// Accepted prepares a connection that a server has accepted; it suits http.Server.ConnContext. What is no TCP
// connection is left alone, and a kernel that does not know an option goes on as before.
//
// A machine that vanished without a word is given up after two write timeouts. Without that, heartbeats fit into the
// kernel's buffer for a quarter of an hour, and so long the viewer counts as there. And the kernel takes a little unsent
// data at a time: what it does not have yet can still be replaced by a snapshot, and a slow viewer costs no more of its
// memory either.
func (h *Hub) Accepted(c net.Conn) {
	for {
		wrapped, ok := c.(interface{ NetConn() net.Conn }) // TLS
		if !ok {
			break
		}
		c = wrapped.NetConn()
	}
	tc, ok := c.(*net.TCPConn)
	if !ok {
		return
	}
	raw, err := tc.SyscallConn()
	if err != nil {
		return // it is closed already
	}
	_ = raw.Control(func(fd uintptr) { h.prepare(int(fd)) })
}

func (h *Hub) prepare(fd int) {
	_ = syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, tcpNotsentLowat, unsentBytes)
	_ = syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, tcpUserTimeout, int(min(2*h.o.WriteTimeout, 24*time.Hour)/time.Millisecond))
}
