package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The library makes the lists of a footer as long as the footer says, before it reads an element. So the footer is
// looked through first: it is Thrift's compact protocol, in which every element takes a byte at least
// (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).

var errThrift = errors.New("its footer does not hold together")

// Types of the compact protocol.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

// looked is a part of a file that is looked through.
type looked struct {
	b        []byte
	at       int
	elements int64 // of lists, in all
}

func (t *looked) varint() (uint64, bool) {
	v, n := binary.Uvarint(t.b[t.at:])
	if n <= 0 {
		return 0, false
	}
	t.at += n
	return v, true
}

func (t *looked) skip(n uint64) bool {
	if n > uint64(len(t.b)-t.at) {
		return false
	}
	t.at += int(n)
	return true
}

// value goes over a value of a type; false says that it does not hold together.
func (t *looked) value(kind byte, depth int) bool {
	switch kind {
	case thriftTrue, thriftFalse:
		return t.skip(1)
	case thriftByte:
		return t.skip(1)
	case thriftDouble:
		return t.skip(8)
	case thriftBinary:
		n, ok := t.varint()
		return ok && t.skip(n)
	case thriftList, thriftSet:
		return t.list(depth)
	case thriftMap:
		return false // a footer has none
	case thriftStruct:
		return t.record(depth)
	}
	_, ok := t.varint()
	return ok
}

func (t *looked) list(depth int) bool {
	if depth == 0 || t.at >= len(t.b) {
		return false
	}
	head := t.b[t.at]
	t.at++
	n := uint64(head >> 4)
	if n == 15 {
		var ok bool
		if n, ok = t.varint(); !ok {
			return false
		}
	}
	if n > uint64(len(t.b)-t.at) {
		return false
	}
	t.elements += int64(n)
	for range n {
		if !t.value(head&15, depth-1) {
			return false
		}
	}
	return true
}

func (t *looked) record(depth int) bool {
	for depth > 0 && t.at < len(t.b) {
		head := t.b[t.at]
		t.at++
		if head == 0 {
			return true
		}
		if head>>4 == 0 {
			if _, ok := t.varint(); !ok {
				return false
			}
		}
		if kind := head & 15; kind != thriftTrue && kind != thriftFalse && !t.value(kind, depth-1) {
			return false
		}
	}
	return false
}

// soundFooter looks through the footer and returns how many elements its lists have.
func soundFooter(r io.ReaderAt, size int64) (elements int64, err error) {
	var tail [8]byte
	if size < 12 {
		return 0, errThrift
	}
	if n, err := r.ReadAt(tail[:], size-8); n < len(tail) {
		return 0, fmt.Errorf("read the footer: %w", err)
	}
	if string(tail[4:]) != "PAR1" {
		return 0, nil // the library says what it is
	}
	length := int64(binary.LittleEndian.Uint32(tail[:]))
	if length > size-12 || length > mostDescription {
		return 0, errThrift
	}
	b := make([]byte, length)
	if n, err := r.ReadAt(b, size-8-length); n < len(b) {
		return 0, fmt.Errorf("read the footer: %w", err)
	}
	t := &looked{b: b}
	if !t.record(mostNested) {
		return 0, errThrift
	}
	return t.elements, nil
}
