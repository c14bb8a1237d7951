//go:build !linux

package hub

import "net"

// Accepted does nothing on this system: a machine that vanished is found when the kernel stops repeating what it sent.
func (h *Hub) Accepted(net.Conn) {}
