package hub

import (
	"net"
	"syscall"
	"time"
)

const tcpUserTimeout = 18

// Accepted prepares a connection that a server has accepted: a machine that vanished without a word is given up after
// two write timeouts. Without it heartbeats fit into the kernel's buffer for a quarter of an hour, and so long the
// viewer counts as there. It suits http.Server.ConnContext. What is no TCP connection is left alone.
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
	// A kernel that does not know the option goes on as before.
	_ = raw.Control(func(fd uintptr) { setUserTimeout(int(fd), 2*h.o.WriteTimeout) })
}

func setUserTimeout(fd int, d time.Duration) {
	_ = syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, tcpUserTimeout, int(min(d, 24*time.Hour)/time.Millisecond))
}
