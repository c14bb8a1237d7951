package hub

import "sync/atomic"

// counters count for Stats since the hub was made.
type counters struct {
	opened, refused, resumed, snapshots, slowSnapshots, stalled atomic.Uint64
	events, published, sent, heartbeats                         atomic.Uint64
}

// Stats is what a hub has done since it was made, and what it does now.
type Stats struct {
	Logs    int // logs that are open
	Streams int // live streams
	Direct  int // of these, streams of the direct transport
	Packed  int // logs that also make compressed frames

	Opened        uint64 // streams begun
	Refused       uint64 // streams not served because of a limit
	Resumed       uint64 // streams that went on from the viewer's id
	Snapshots     uint64 // snapshots sent, of any reason
	SlowSnapshots uint64 // of these, to viewers that the log had passed by
	Stalled       uint64 // streams ended because the viewer took nothing
	Heartbeats    uint64 // heartbeats sent

	Events         uint64 // events published
	PublishedBytes uint64 // their encoded bytes
	SentBytes      uint64 // bytes written to viewers

	HeldBytes int64 // memory of all logs
	LagBytes  int64 // how far the viewer that is furthest behind is behind
}

// Stats reads the counters. Its cost grows with the number of live streams.
func (h *Hub) Stats() Stats {
	c := &h.count
	s := Stats{
		Opened: c.opened.Load(), Refused: c.refused.Load(), Resumed: c.resumed.Load(),
		Snapshots: c.snapshots.Load(), SlowSnapshots: c.slowSnapshots.Load(), Stalled: c.stalled.Load(),
		Heartbeats: c.heartbeats.Load(), Events: c.events.Load(),
		PublishedBytes: c.published.Load(), SentBytes: c.sent.Load(),
	}
	h.mu.Lock()
	s.Logs, s.Streams = len(h.logs), h.streams
	logs := make([]*Log, 0, len(h.logs))
	for l := range h.logs {
		logs = append(logs, l)
	}
	h.mu.Unlock()
	if h.direct != nil {
		s.LagBytes = h.direct.lag()
	}
	for _, l := range logs {
		s.Direct += int(l.sockets.Load())
		s.HeldBytes += l.plain.held()
		if t := l.packed.Load(); t != nil {
			s.Packed++
			s.HeldBytes += t.held()
		}
		l.viewersMu.Lock()
		for _, v := range l.viewers {
			if off, ok := l.plain.seek(v.seq.Load()); ok {
				s.LagBytes = max(s.LagBytes, l.plain.lag(off))
			} else {
				s.LagBytes = max(s.LagBytes, l.plain.held())
			}
		}
		l.viewersMu.Unlock()
	}
	return s
}
