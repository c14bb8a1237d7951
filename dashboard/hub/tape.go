package hub

import (
	"sort"
	"sync/atomic"
)

// A tape is an append-only byte log cut into segments. Frames lie back to back,
// so all that a reader has not had yet is one or a few contiguous slices, which
// can be written without a copy. One writer appends (its caller holds a lock);
// any number of readers read without one.
//
// Memory grows with use: the first segment is small, each further one twice as
// large up to segBytes. When there are more than maxSegs segments, or more than
// segBytes*maxSegs bytes, the oldest are let go. A reader that still holds a
// slice of one keeps it alive; nothing is ever overwritten.
type tape struct {
	segBytes, maxSegs int
	start             uint64 // sequence number before the first frame
	idx               atomic.Pointer[[]*segment]
}

// A segment holds consecutive frames.
type segment struct {
	base  int64  // absolute offset of buf[0]
	first uint64 // sequence number of frame 0
	buf   []byte
	ends  []uint32     // ends[k] is where frame k begins and frame k-1 ends
	count atomic.Int64 // frames in the segment: the one word that makes a frame visible
}

// size is the number of visible bytes. It derives from count and nothing else:
// with a second atomic word a viewer could hold an id that seek does not know
// yet.
func (s *segment) size() int64 { return int64(s.ends[s.count.Load()]) }

const firstSegment = 4 << 10

func newTape(segBytes, maxSegs int, start uint64) *tape {
	t := &tape{segBytes: segBytes, maxSegs: maxSegs, start: start}
	t.idx.Store(new([]*segment))
	return t
}

// append makes one frame visible and returns its sequence number.
func (t *tape) append(frame []byte) uint64 {
	segs := *t.idx.Load()
	var s *segment
	if k := len(segs); k > 0 {
		s = segs[k-1]
	}
	if s == nil || len(s.buf)-int(s.size()) < len(frame) || int(s.count.Load()) == len(s.ends)-1 {
		s = t.grow(segs, len(frame))
	}
	k, n := s.count.Load(), s.size()
	copy(s.buf[n:], frame)
	s.ends[k+1] = uint32(n) + uint32(len(frame))
	s.count.Store(k + 1)
	return s.first + uint64(k)
}

// grow appends a segment that holds a frame of need bytes, and lets old ones go.
func (t *tape) grow(segs []*segment, need int) *segment {
	off, seq := t.end()
	size := min(firstSegment, t.segBytes)
	if k := len(segs); k > 0 {
		size = min(2*len(segs[k-1].buf), t.segBytes)
	}
	size = max(size, need)
	s := &segment{base: off, first: seq + 1, buf: make([]byte, size), ends: make([]uint32, max(16, size/128)+1)}
	held := size
	from := len(segs)
	for from > 0 && len(segs)-from+1 < t.maxSegs && held+len(segs[from-1].buf) <= t.segBytes*t.maxSegs {
		from--
		held += len(segs[from].buf)
	}
	next := append(append(make([]*segment, 0, len(segs)-from+1), segs[from:]...), s)
	t.idx.Store(&next)
	return s
}

// end is the offset after the newest frame, and its sequence number.
func (t *tape) end() (off int64, seq uint64) {
	segs := *t.idx.Load()
	if len(segs) == 0 {
		return 0, t.start
	}
	s := segs[len(segs)-1]
	k := s.count.Load()
	return s.base + int64(s.ends[k]), s.first + uint64(k) - 1
}

// read returns the visible bytes from off on, at most to the end of a segment
// and always ending with a whole frame, and the sequence number of the last
// frame in them. It returns nothing when off is the end, and ok is false when
// off is no longer held.
func (t *tape) read(off int64) (b []byte, last uint64, ok bool) {
	segs := *t.idx.Load()
	for i := len(segs) - 1; i >= 0; i-- {
		s := segs[i]
		if off < s.base {
			continue
		}
		k := s.count.Load()
		n := int64(s.ends[k])
		if off-s.base > n {
			return nil, 0, false
		}
		return s.buf[off-s.base : n : n], s.first + uint64(k) - 1, true
	}
	return nil, 0, off == 0 && len(segs) == 0
}

// seek returns the offset at which the first frame after seq begins. ok is
// false when frames after seq have been let go, or when seq lies in the future.
func (t *tape) seek(seq uint64) (off int64, ok bool) {
	segs := *t.idx.Load()
	if len(segs) == 0 {
		return 0, seq == t.start
	}
	for i := len(segs) - 1; i >= 0; i-- {
		s := segs[i]
		if seq+1 < s.first {
			continue
		}
		k := seq + 1 - s.first
		if k > uint64(s.count.Load()) {
			return 0, false
		}
		return s.base + int64(s.ends[k]), true
	}
	return 0, false
}

// frameEnd is where the frame that off points into ends, or off itself when a
// frame begins there.
func (t *tape) frameEnd(off int64) int64 {
	if s, k := t.frameAt(off); s != nil {
		return s.base + int64(s.ends[k])
	}
	return off
}

// seqAt is the sequence number of the newest frame that ends at or before the
// frame boundary off; 0 when off is not held.
func (t *tape) seqAt(off int64) uint64 {
	if s, k := t.frameAt(off); s != nil {
		return s.first + uint64(k) - 1
	}
	return 0
}

// frameAt finds the segment of off and its first frame boundary at or after off.
// The segment is nil when off is not held.
func (t *tape) frameAt(off int64) (*segment, int) {
	segs := *t.idx.Load()
	for i := len(segs) - 1; i >= 0; i-- {
		s := segs[i]
		if off < s.base {
			continue
		}
		rel := off - s.base
		n := int(s.count.Load())
		if rel > int64(s.ends[n]) {
			return nil, 0
		}
		return s, sort.Search(n, func(k int) bool { return int64(s.ends[k]) >= rel })
	}
	return nil, 0
}

// lag is the number of visible bytes after off.
func (t *tape) lag(off int64) int64 {
	end, _ := t.end()
	return end - off
}

// held is the number of bytes that the segments occupy.
func (t *tape) held() (n int64) {
	for _, s := range *t.idx.Load() {
		n += int64(len(s.buf)) + 4*int64(len(s.ends))
	}
	return n
}
