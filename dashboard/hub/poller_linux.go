package hub

import (
	"os"
	"sync"
	"syscall"
)

// A poller learns from the kernel which sockets hung up or can take data again:
// one epoll instance, edge-triggered, waited for through Go's own poller, so that
// no thread blocks in it.
type poller struct {
	ep int
	f  *os.File
	rc syscall.RawConn

	mu      sync.Mutex // guards what follows
	sockets map[int32]*socket
	last    int32 // generation given out last
}

const epollEdge = 1 << 31

func newPoller() (*poller, error) {
	ep, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	if err := syscall.SetNonblock(ep, true); err != nil {
		_ = syscall.Close(ep)
		return nil, os.NewSyscallError("fcntl", err)
	}
	p := &poller{ep: ep, f: os.NewFile(uintptr(ep), "epoll"), sockets: map[int32]*socket{}}
	if p.rc, err = p.f.SyscallConn(); err != nil {
		_ = p.f.Close()
		return nil, err
	}
	return p, nil
}

// add watches a socket. What happened to it before is reported too.
func (p *poller) add(c *socket) error {
	p.mu.Lock()
	p.last++
	c.generation = p.last
	p.sockets[int32(c.fd)] = c
	p.mu.Unlock()
	ev := syscall.EpollEvent{Events: syscall.EPOLLRDHUP | syscall.EPOLLOUT | epollEdge, Fd: int32(c.fd), Pad: c.generation}
	return os.NewSyscallError("epoll_ctl", syscall.EpollCtl(p.ep, syscall.EPOLL_CTL_ADD, c.fd, &ev))
}

// remove forgets a socket. Its descriptor may be closed and used anew afterwards.
func (p *poller) remove(c *socket) {
	p.mu.Lock()
	delete(p.sockets, int32(c.fd))
	p.mu.Unlock()
	_ = syscall.EpollCtl(p.ep, syscall.EPOLL_CTL_DEL, c.fd, nil)
}

// run tells the sockets' shards what happened, until close.
func (p *poller) run() {
	events := make([]syscall.EpollEvent, 256)
	for {
		n := 0
		err := p.rc.Read(func(fd uintptr) bool {
			n, _ = syscall.EpollWait(int(fd), events, 0)
			return n > 0
		})
		if err != nil {
			return
		}
		p.mu.Lock()
		for i := range events[:n] {
			e := &events[i]
			// An event of a descriptor that was closed and given out again since
			// carries the old generation.
			c := p.sockets[e.Fd]
			if c == nil || c.generation != e.Pad {
				continue
			}
			if e.Events&(syscall.EPOLLRDHUP|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 {
				c.gone.Store(true)
			}
			c.shard.hand(c)
		}
		p.mu.Unlock()
	}
}

func (p *poller) close() { _ = p.f.Close() }
