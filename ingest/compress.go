package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// compression returns "gz" or "zst" by a file's name, "" for others.
func compression(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".gz":
		return "gz"
	case ".zst":
		return "zst"
	}
	return ""
}

const zstdWindow = 8 << 20

func (in *Input) unpacker(kind string) (io.Reader, func(), error) {
	packed := io.NewSectionReader(in.ReaderAt, 0, in.Size)
	if kind == "gz" {
		r, err := gzip.NewReader(packed)
		if err != nil {
			return nil, nil, err
		}
		return r, func() { r.Close() }, nil
	}
	r, err := zstd.NewReader(packed, zstd.WithDecoderMaxMemory(64<<20), zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, nil, err
	}
	return r, r.Close, nil
}

// unpack decompresses the input into memory.
func (in *Input) unpack(ctx context.Context, kind string) error {
	if in.Size == 0 {
		return damagedArchive(kind, io.ErrUnexpectedEOF) // zstd takes nothing for a complete nothing
	}
	r, done, err := in.unpacker(kind)
	if err != nil {
		return damagedArchive(kind, err)
	}
	defer done()
	limit := min(in.Limits.Unpacked, max(in.Size*in.Limits.Ratio, 1<<20))
	var text bytes.Buffer
	held := 0
	buf := make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buf)
		text.Write(buf[:n])
		if int64(text.Len()) > limit {
			return TooMuch(fmt.Sprintf("the file unpacks to more than %s", mebibytes(limit)), "unpack it, or raise the limit")
		}
		if more := text.Cap() - held; more > 0 {
			held += more
			if err := in.Reserve(int64(more)); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damagedArchive(kind, err)
		}
	}
	in.Hold(text.Bytes())
	return nil
}

func damagedArchive(kind string, err error) error {
	if errors.Is(err, zstd.ErrWindowSizeExceeded) {
		return TooMuch(fmt.Sprintf("the .zst file needs a window of more than %d MiB to be unpacked", zstdWindow>>20), "pack it again without --long and --ultra")
	}
	return Broken("."+kind+" file", err)
}

// wholeCompressed looks for the end of a compressed file. A gzip trailer cannot be told from data, so the file is read
// through; a zstd file is followed from frame to frame and block to block without unpacking.
func wholeCompressed(kind string, r io.ReaderAt, size int64) error {
	if kind == "zst" {
		return wholeZstd(r, size)
	}
	z, err := gzip.NewReader(io.NewSectionReader(r, 0, size))
	if err != nil {
		return damagedArchive(kind, err)
	}
	defer z.Close()
	if _, err := io.Copy(io.Discard, z); err != nil {
		return damagedArchive(kind, err)
	}
	return nil
}

func wholeZstd(r io.ReaderAt, size int64) error {
	cut := func() error { return damagedArchive("zst", io.ErrUnexpectedEOF) }
	at := int64(0)
	if size == 0 {
		return cut()
	}
	for at < size {
		head := make([]byte, min(size-at, zstd.HeaderMaxSize))
		if err := readFull(r, head, at); err != nil {
			return err
		}
		var h zstd.Header
		if err := h.Decode(head); err != nil {
			return damagedArchive("zst", err)
		}
		at += int64(h.HeaderSize)
		if h.Skippable {
			at += int64(h.SkippableSize)
			continue
		}
		for {
			var b [3]byte
			if at+3 > size {
				return cut()
			}
			if err := readFull(r, b[:], at); err != nil {
				return err
			}
			block := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
			length := int64(block >> 3)
			if block>>1&3 == 1 { // a byte to be repeated
				length = 1
			}
			at += 3 + length
			if block&1 == 1 {
				break
			}
		}
		if h.HasCheckSum {
			at += 4
		}
	}
	if at > size {
		return cut()
	}
	return nil
}
