package sse

import "io"

// Reader returns the events of a response body one at a time.
type Reader struct {
	Parser
	src   io.Reader
	buf   []byte
	queue []Event
	err   error
}

// NewReader reads src. lastID is what the request sent as Last-Event-ID; it
// stays the last id until the stream names another.
func NewReader(src io.Reader, lastID string) *Reader {
	return &Reader{Parser: *NewParser(lastID), src: src, buf: make([]byte, 16<<10)}
}

// Next returns the next event. At the end of the stream it returns io.EOF; an
// unfinished event is dropped, as the standard wants.
func (r *Reader) Next() (Event, error) {
	for len(r.queue) == 0 {
		if r.err != nil {
			return Event{}, r.err
		}
		var n int
		n, r.err = r.src.Read(r.buf)
		if err := r.Feed(r.buf[:n], func(e Event) { r.queue = append(r.queue, e) }); err != nil {
			r.err = err
		}
	}
	e := r.queue[0]
	r.queue[0] = Event{}
	if r.queue = r.queue[1:]; len(r.queue) == 0 {
		r.queue = nil
	}
	return e, nil
}
