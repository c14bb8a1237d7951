package watcher

import (
	"bytes"
	"errors"
	"hash/maphash"
	"io"
	"os"
)

// tail is how the beginning of a file that was published can be recognised after the file has grown.
type tail struct {
	known   bool
	size    int64 // bytes it speaks of
	sum     uint64
	newline bool // whether they end with a line's end
}

const (
	digestAll    = 256 << 20 // up to here every byte is hashed; beyond, head, end and samples
	digestHead   = 64 << 10
	digestSample = 4 << 10
	digestCount  = 64
	hashFirst    = 4 << 20   // a file up to here is hashed before it is published, which takes a millisecond
	digestBlock  = 256 << 10 // between two questions whether it is still worth it

	lineMost = 16 << 20 // no line's end within so much: nothing to show
)

var errStopped = errors.New("stopped")

// digest hashes the first size bytes of f. stop is asked now and then.
func digest(seed maphash.Seed, f io.ReaderAt, size int64, stop func() bool) (uint64, error) {
	var h maphash.Hash
	h.SetSeed(seed)
	buf := make([]byte, min(digestBlock, max(size, 1)))
	read := func(off, n int64) error {
		for n > 0 {
			if stop() {
				return errStopped
			}
			b := buf[:min(n, int64(len(buf)))]
			k, err := f.ReadAt(b, off)
			h.Write(b[:k])
			off, n = off+int64(k), n-int64(k)
			if n > 0 && err != nil {
				if err == io.EOF {
					return io.ErrUnexpectedEOF
				}
				return err
			}
		}
		return nil
	}
	if size <= digestAll {
		err := read(0, size)
		return h.Sum64(), err
	}
	if err := read(0, digestHead); err != nil {
		return 0, err
	}
	step := (size - 2*digestHead - digestSample) / digestCount
	for i := range int64(digestCount) {
		if err := read(digestHead+i*step, digestSample); err != nil {
			return 0, err
		}
	}
	err := read(size-digestHead, digestHead)
	return h.Sum64(), err
}

// tailOf describes the first size bytes of f.
func (w *Watcher) tailOf(f *os.File, size int64, stop func() bool) (tail, error) {
	sum, err := digest(w.seed, f, size, stop)
	if err != nil {
		return tail{}, err
	}
	nl, err := endsLine(f, size)
	return tail{known: true, size: size, sum: sum, newline: nl}, err
}

// holds reports whether f still begins with what t describes.
func (w *Watcher) holds(f *os.File, t tail, stop func() bool) bool {
	sum, err := digest(w.seed, f, t.size, stop)
	return err == nil && sum == t.sum
}

// endsLine reports whether byte size-1 of f ends a line.
func endsLine(f io.ReaderAt, size int64) (bool, error) {
	if size == 0 {
		return false, nil
	}
	var b [1]byte
	if _, err := f.ReadAt(b[:], size-1); err != nil && err != io.EOF {
		return false, err
	}
	return b[0] == '\n' || b[0] == '\r', nil
}

// lastLine gives the offset behind the last line's end within the first size bytes of f, 0 when there is none.
func lastLine(f io.ReaderAt, size int64) (int64, error) {
	buf := make([]byte, min(digestHead, max(size, 1)))
	for end := size; end > 0 && size-end < lineMost; {
		b := buf[:min(end, int64(len(buf)))]
		if _, err := f.ReadAt(b, end-int64(len(b))); err != nil && err != io.EOF {
			return 0, err
		}
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			return end - int64(len(b)) + int64(i) + 1, nil
		}
		end -= int64(len(b))
	}
	return 0, nil
}
