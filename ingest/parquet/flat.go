package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Arrow's library believes the lengths that a file's descriptions state and asks for memory accordingly, which no
// recover helps against. So they are looked through first: the files' footer and messages are FlatBuffers, and every
// vector must lie inside the buffer that it is in (https://arrow.apache.org/docs/format/Columnar.html).

var errFlat = errors.New("its description does not hold together")

// mostDescribed bounds how many fields and entries a description may have, counted as often as they are referred to.
const (
	mostDescribed   = 200_000
	mostDescription = 64 << 20 // bytes of one
	mostNested      = 64
)

// flat is a FlatBuffer that is looked through.
type flat struct {
	b     []byte
	count *int // entries so far, of the whole file
	err   error
}

func (f *flat) fail() int {
	if f.err == nil {
		f.err = errFlat
	}
	return -1
}

func (f *flat) u16(at int) int {
	if at < 0 || at+2 > len(f.b) {
		return f.fail()
	}
	return int(binary.LittleEndian.Uint16(f.b[at:]))
}

func (f *flat) u32(at int) int {
	if at < 0 || at+4 > len(f.b) {
		return f.fail()
	}
	return int(binary.LittleEndian.Uint32(f.b[at:]))
}

func (f *flat) i64(at int) int64 {
	if at < 0 || at+8 > len(f.b) {
		f.fail()
		return -1
	}
	return int64(binary.LittleEndian.Uint64(f.b[at:]))
}

// follow returns where an offset at a place leads.
func (f *flat) follow(at int) int {
	n := f.u32(at)
	if f.err != nil || at+n > len(f.b) || n == 0 {
		return f.fail()
	}
	return at + n
}

// field returns where field i of a table stands, 0 when it is missing.
func (f *flat) field(table, i int) int {
	back := f.u32(table)
	if f.err != nil {
		return 0
	}
	vtable := table - int(int32(uint32(back)))
	size := f.u16(vtable)
	if f.err != nil || 4+2*i+2 > size {
		return 0
	}
	off := f.u16(vtable + 4 + 2*i)
	if f.err != nil || off == 0 {
		return 0
	}
	if table+off >= len(f.b) {
		f.fail()
		return 0
	}
	return table + off
}

// vector returns where the elements of a vector field begin and how many there are; they lie inside the buffer.
func (f *flat) vector(table, i, size int) (at, n int) {
	p := f.field(table, i)
	if p == 0 || f.err != nil {
		return 0, 0
	}
	v := f.follow(p)
	n = f.u32(v)
	if f.err != nil || n > (len(f.b)-v-4)/size {
		f.fail()
		return 0, 0
	}
	if *f.count += n; *f.count > mostDescribed {
		f.fail()
		return 0, 0
	}
	return v + 4, n
}

// described looks through a schema or a field, whose vectors of fields and of metadata have these numbers.
func (f *flat) described(table, fields, metadata, depth int) {
	if depth == 0 {
		f.fail()
		return
	}
	at, n := f.vector(table, fields, 4)
	for i := 0; i < n && f.err == nil; i++ {
		if child := f.follow(at + 4*i); f.err == nil {
			f.described(child, 5, 6, depth-1)
		}
	}
	f.vector(table, metadata, 4)
}

// message looks through the description of a message and returns how long its body is.
func (f *flat) message() (body int64) {
	root := f.follow(0)
	if f.err != nil {
		return 0
	}
	f.vector(root, 4, 4)
	kind := 0
	if p := f.field(root, 1); p > 0 {
		kind = int(f.b[p])
	}
	if p := f.field(root, 3); p > 0 {
		body = f.i64(p)
	}
	p := f.field(root, 2)
	if p == 0 || f.err != nil {
		return body
	}
	header := f.follow(p)
	if kind == 2 { // a dictionary, around a batch
		if p = f.field(header, 1); p == 0 || f.err != nil {
			return body
		}
		header, kind = f.follow(p), 3
	}
	switch {
	case f.err != nil:
	case kind == 1:
		f.described(header, 1, 2, mostNested)
	case kind == 3:
		f.batch(header, body)
	}
	return body
}

// batch looks through the description of a record batch, whose body has so many bytes: its nodes are of as many rows as
// may be, its buffers lie in the body, and no more of them belong to columns of views than there are.
func (f *flat) batch(header int, body int64) {
	at, n := f.vector(header, 1, 16)
	for i := 0; i < n && f.err == nil; i++ {
		if rows, nulls := f.i64(at+16*i), f.i64(at+16*i+8); rows < 0 || rows > mostNodeRows || nulls < -1 || nulls > rows {
			f.fail()
		}
	}
	at, buffers := f.vector(header, 2, 16)
	for i := 0; i < buffers && f.err == nil; i++ {
		if from, length := f.i64(at+16*i), f.i64(at+16*i+8); from < 0 || length < 0 || from > body || length > body-from {
			f.fail()
		}
	}
	at, n = f.vector(header, 4, 8)
	left := int64(buffers)
	for i := 0; i < n && f.err == nil; i++ {
		count := f.i64(at + 8*i)
		if count < 0 || count > left {
			f.fail()
			break
		}
		left -= count
	}
}

// mostNodeRows is how many values a node of a batch may have: what Arrow's other implementations take.
const mostNodeRows = 1<<31 - 1

// soundArrow looks through the descriptions of an Arrow file or stream.
func soundArrow(r io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 6))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read Arrow: %w", err)
	}
	count := 0
	if !bytes.Equal(head, arrowMagic) {
		for at := int64(0); at < size; {
			next, end, err := soundMessage(r, at, size, &count)
			if err != nil || end {
				return err
			}
			at = next
		}
		return nil
	}
	var tail [10]byte
	if size < 24 {
		return errFlat
	}
	if _, err := r.ReadAt(tail[:], size-10); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read Arrow: %w", err)
	}
	b, err := description(r, size-10-int64(binary.LittleEndian.Uint32(tail[:])), int64(binary.LittleEndian.Uint32(tail[:])), size)
	if err != nil {
		return err
	}
	f := &flat{b: b, count: &count}
	root := f.follow(0)
	if p := f.field(max(root, 0), 1); p > 0 && f.err == nil {
		if schema := f.follow(p); f.err == nil {
			f.described(schema, 1, 2, mostNested)
		}
	}
	f.vector(max(root, 0), 4, 4)
	for _, blocks := range []int{2, 3} {
		const blockSize = 24 // where a message stands, the length of its description, padding, the length of its body
		at, n := f.vector(max(root, 0), blocks, blockSize)
		for i := 0; i < n && f.err == nil; i++ {
			p := at + i*blockSize
			from, body := f.i64(p), f.i64(p+16)
			length := int64(int32(uint32(f.u32(p + 8))))
			if from < 0 || length < 4 || body < 0 || from > size || length > size-from || body > size-from-length {
				f.fail()
				break
			}
			if _, _, err := soundMessage(r, from, size, &count); err != nil {
				return err
			}
		}
	}
	return f.err
}

// soundMessage looks through the message at an offset and returns where the next one stands.
func soundMessage(r io.ReaderAt, at, size int64, count *int) (next int64, end bool, err error) {
	var head [8]byte
	n, err := r.ReadAt(head[:min(8, size-at)], at)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, false, fmt.Errorf("read Arrow: %w", err)
	}
	if n < 4 {
		return 0, false, errFlat
	}
	length, start := binary.LittleEndian.Uint32(head[:]), at+4
	if length == 0xFFFFFFFF {
		if n < 8 {
			return 0, false, errFlat
		}
		length, start = binary.LittleEndian.Uint32(head[4:]), at+8
	}
	if length == 0 {
		return start, true, nil
	}
	b, err := description(r, start, int64(length), size)
	if err != nil {
		return 0, false, err
	}
	f := &flat{b: b, count: count}
	body := f.message()
	if next = start + int64(length); f.err == nil && (body < 0 || body > size-next) {
		f.fail()
	}
	return next + body, false, f.err
}

func description(r io.ReaderAt, at, length, size int64) ([]byte, error) {
	if at < 0 || length < 4 || length > size-at || length > mostDescription {
		return nil, errFlat
	}
	b := make([]byte, length)
	if n, err := r.ReadAt(b, at); int64(n) < length {
		return nil, fmt.Errorf("read Arrow: %w", errors.Join(err, io.ErrUnexpectedEOF))
	}
	return b, nil
}
