package hub

import (
	"runtime"
	"runtime/debug"
	"time"
)

// Ten thousand viewers of the generic transport take some 270 MiB of stacks and buffers. When they leave, that is
// garbage, and Go gives it back to the system only after the next collection, which a quiet server has no reason for.
// So the hub asks for one: once many have left and none comes or goes any more.
const (
	crowdLeft  = 500             // viewers that left since memory was last given back
	crowdQuiet = 2 * time.Second // for which the number of viewers stays as it is
)

// ebb notices when a crowd has left. It is the pump's own.
type ebb struct {
	opened  uint64 // streams opened up to the last look
	streams int    // live ones then
	left    int    // that have left since memory was given back
	quiet   time.Time
}

// look notes the state of the hub and reports whether memory is to be given back.
func (e *ebb) look(opened uint64, streams int, now time.Time) bool {
	came := int(opened - e.opened)
	gone := max(0, e.streams+came-streams)
	if came > 0 || gone > 0 {
		e.quiet = now
	}
	e.opened, e.streams = opened, streams
	e.left += gone
	// Where most are still there their memory is in use, and what the others left is soon used by new ones.
	if e.left < crowdLeft || e.left < streams || now.Sub(e.quiet) < crowdQuiet {
		return false
	}
	e.left = 0
	return true
}

// giveBack returns memory to the system. It collects, which takes a while where much is held: the pump does not wait.
// Twice, because what net/http keeps in pools for the next connection outlives one collection.
func giveBack() {
	runtime.GC()
	debug.FreeOSMemory()
}
