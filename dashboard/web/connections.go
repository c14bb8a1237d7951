package web

import (
	"net"
	"net/http"
	"sync/atomic"
)

// connections counts those that are no streams, and closes what comes beyond a limit: each costs a goroutine and
// buffers, and whoever holds many open without asking for anything must not keep others out of memory. Streams have
// limits of their own, in the hub.
type connections struct {
	most int64 // 0: no limit
	open atomic.Int64
}

// state suits http.Server.ConnState.
func (n *connections) state(c net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if now := n.open.Add(1); n.most > 0 && now > n.most {
			_ = c.Close() // its goroutine finds it closed, and it is counted out like any other
		}
	case http.StateClosed, http.StateHijacked:
		n.open.Add(-1)
	}
}

// stream runs a stream, which is not counted for as long.
func (n *connections) stream(run func()) {
	n.open.Add(-1)
	defer n.open.Add(1)
	run()
}
