// Package sse reads text/event-stream as the WHATWG HTML standard says in
// section 9.2.6 ("Interpreting an event stream"), for programs that follow a
// stream: dashira tail, and the tests of everything that writes one.
//
// Parser takes bytes as they come, in pieces of any size; Reader takes an
// io.Reader and returns one event at a time. Neither limits the size of an event
// unless told to (MaxEvent).
package sse

import (
	"bytes"
	"errors"
)

// Event is one dispatched event.
type Event struct {
	Type string // "message" when the stream names none
	Data []byte
	ID   string // the last event id at the time of dispatch
}

// ErrTooLarge is returned when one event or line is larger than MaxEvent.
var ErrTooLarge = errors.New("event larger than the limit")

// Parser holds the state of one stream. The zero value is ready to use.
type Parser struct {
	// Retry is the last valid reconnection time in milliseconds; -1 or, before
	// the first Feed, 0 when there was none.
	Retry int64
	// Comments counts the comment lines.
	Comments uint64
	// MaxEvent, if positive, bounds the bytes kept for one event or line.
	MaxEvent int

	line    []byte // the beginning of a line whose end has not come yet
	data    []byte
	hasData bool
	typ     []byte
	id      []byte // the id buffer: becomes last at the next dispatch
	last    string
	skipLF  bool // the last byte was CR: an LF now belongs to it
	begun   bool
	bom     int // bytes of a byte order mark seen; -1 when that is decided
}

// NewParser returns a parser whose last event id is preset, as it is after a
// reconnect.
func NewParser(lastID string) *Parser {
	return &Parser{Retry: -1, begun: true, id: []byte(lastID), last: lastID}
}

// LastID is the last event id of the stream.
func (p *Parser) LastID() string { return p.last }

const byteOrderMark = "\xEF\xBB\xBF"

// Feed takes the next bytes of the stream and calls emit for each event that
// they complete. The event's data belongs to the callee.
func (p *Parser) Feed(b []byte, emit func(Event)) error {
	if !p.begun {
		p.begun, p.Retry = true, -1
	}
	for p.bom >= 0 && len(b) > 0 {
		if b[0] != byteOrderMark[p.bom] {
			p.line = append(p.line, byteOrderMark[:p.bom]...) // it was none: give back
			p.bom = -1
			break
		}
		b = b[1:]
		if p.bom++; p.bom == len(byteOrderMark) {
			p.bom = -1
		}
	}
	for len(b) > 0 {
		if p.skipLF {
			p.skipLF = false
			if b[0] == '\n' {
				b = b[1:]
				continue
			}
		}
		end := bytes.IndexByte(b, '\n')
		next := end + 1
		until := b
		if end >= 0 {
			until = b[:end]
		}
		if cr := bytes.IndexByte(until, '\r'); cr >= 0 {
			end, next = cr, cr+1
			p.skipLF = true
		}
		if end < 0 {
			if p.line = append(p.line, b...); p.tooLarge() {
				return ErrTooLarge
			}
			return nil
		}
		line := b[:end]
		if len(p.line) > 0 {
			p.line = append(p.line, line...)
			line = p.line
		}
		p.field(line, emit)
		p.line = p.line[:0]
		if p.tooLarge() {
			return ErrTooLarge
		}
		b = b[next:]
	}
	return nil
}

func (p *Parser) tooLarge() bool {
	return p.MaxEvent > 0 && len(p.line)+len(p.data) > p.MaxEvent
}

// field interprets one line.
func (p *Parser) field(line []byte, emit func(Event)) {
	if len(line) == 0 {
		p.dispatch(emit)
		return
	}
	if line[0] == ':' {
		p.Comments++
		return
	}
	name, value, _ := bytes.Cut(line, []byte{':'})
	value = bytes.TrimPrefix(value, []byte{' '})
	switch string(name) {
	case "data":
		if p.hasData {
			p.data = append(p.data, '\n')
		}
		p.data, p.hasData = append(p.data, value...), true
	case "event":
		p.typ = append(p.typ[:0], value...)
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			p.id = append(p.id[:0], value...)
		}
	case "retry":
		p.retry(value)
	}
}

// retry takes ASCII digits only; anything else leaves the old time in force.
func (p *Parser) retry(value []byte) {
	var n int64
	for _, c := range value {
		if c < '0' || c > '9' {
			return
		}
		if n < 1<<50 {
			n = n*10 + int64(c-'0')
		}
	}
	if len(value) > 0 {
		p.Retry = n
	}
}

// dispatch ends a block. One with data fields, even empty ones, is an event; one
// without still moves the last event id.
func (p *Parser) dispatch(emit func(Event)) {
	if string(p.id) != p.last {
		p.last = string(p.id)
	}
	if p.hasData {
		typ := "message"
		if len(p.typ) > 0 {
			typ = string(p.typ)
		}
		emit(Event{Type: typ, Data: bytes.Clone(p.data), ID: p.last})
	}
	p.data, p.typ, p.hasData = p.data[:0], p.typ[:0], false
}
