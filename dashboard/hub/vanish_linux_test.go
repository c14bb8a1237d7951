package hub_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/dashira/dashira/dashboard/hub"
)

// TestAVanishedMachineIsGivenUp looks at what the kernel was told of accepted connections, plain and encrypted: to pull
// a cable is beyond a test.
func TestAVanishedMachineIsGivenUp(t *testing.T) {
	h := hub.New(hub.Options{WriteTimeout: 7 * time.Second})
	options := make(chan [2]int, 1)
	for _, secure := range []bool{false, true} {
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		srv.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
			h.Accepted(c)
			options <- optionsOf(t, c)
			return ctx
		}
		if secure {
			srv.StartTLS()
		} else {
			srv.Start()
		}
		res, err := srv.Client().Get(srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := <-options; got != [2]int{14_000, 64 << 10} {
			t.Errorf("encrypted %v: given up after %d ms, %d bytes unsent", secure, got[0], got[1])
		}
		srv.Close()
	}
	a, b := net.Pipe() // no socket: nothing to tell
	h.Accepted(a)
	_, _ = a.Close(), b.Close()
}

func optionsOf(t *testing.T, c net.Conn) (got [2]int) {
	if secure, ok := c.(*tls.Conn); ok {
		c = secure.NetConn()
	}
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Error(err)
		return got
	}
	err = raw.Control(func(fd uintptr) {
		for i, name := range []int{18, 25} { // TCP_USER_TIMEOUT, TCP_NOTSENT_LOWAT
			if got[i], err = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, name); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Error(err)
	}
	return got
}
