package hub

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// Encoded is one event whose data is already in the form that viewers get
// (JSON, for this program). An empty Event means the type "message".
type Encoded struct {
	Event string
	Data  []byte
}

// appendFrame appends an event in the text/event-stream form of the WHATWG HTML
// standard, section 9.2: event, id and data fields and an empty line. id may be
// empty. Data is cut at CR, LF and CRLF, each piece becomes a data field, and
// the reader joins them with LF. Empty data still makes one data field, because
// an event without any is not dispatched.
func appendFrame(b []byte, event, id string, data []byte) []byte {
	b = appendField(b, "event", event)
	b = appendField(b, "id", id)
	for {
		b = append(b, "data: "...)
		i := bytes.IndexByte(data, '\n')
		line := data
		if i >= 0 {
			line = data[:i]
		}
		if cr := bytes.IndexByte(line, '\r'); cr >= 0 {
			line, i = line[:cr], cr
			if cr+1 < len(data) && data[cr+1] == '\n' {
				i++
			}
		}
		b = append(b, line...)
		b = append(b, '\n')
		if i < 0 {
			return append(b, '\n')
		}
		data = data[i+1:]
	}
}

// appendField appends a field unless its value is empty. A line break in a value
// would begin a field of the value's choosing and NUL voids an id, so they
// become spaces.
func appendField(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(b, name...)
	b = append(b, ": "...)
	if strings.ContainsAny(value, "\r\n\x00") {
		value = strings.Map(func(r rune) rune {
			if r == '\r' || r == '\n' || r == 0 {
				return ' '
			}
			return r
		}, value)
	}
	b = append(b, value...)
	return append(b, '\n')
}

// appendRetry appends the time after which the viewer is to come back when the
// connection ends. It belongs to the block that follows.
func appendRetry(b []byte, d time.Duration) []byte {
	b = append(b, "retry: "...)
	b = strconv.AppendInt(b, max(1, d.Milliseconds()), 10)
	return append(b, '\n')
}
