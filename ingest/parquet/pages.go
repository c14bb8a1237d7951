package parquet

import (
	"errors"
	"fmt"
	"io"

	"github.com/dashira/dashira/ingest"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// The library makes a page's memory as large as its header says. So the headers of all pages are looked through first.

var errPages = errors.New("its pages do not hold together")

// headerBytes is how many bytes are read to find a page's header; headers with long statistics take more.
const (
	headerBytes     = 1 << 10
	mostHeaderBytes = 32 << 20
)

// page is where a page stands: its data begins behind its header.
type page struct {
	header format.PageHeader
	data   int64
}

// pagesOf calls f for each page of a column's chunk, whose header holds together: what it says of sizes and values fits
// the chunk. The page is f's.
func pagesOf(r io.ReaderAt, size int64, m *format.ColumnMetaData, f func(p *page) error) error {
	at := m.DataPageOffset
	if d := m.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	if at < 0 || m.TotalCompressedSize < 0 || at > size || m.TotalCompressedSize > size-at {
		return errPages
	}
	end := at + m.TotalCompressedSize
	values := int64(0)
	for at < end && values < m.NumValues {
		p, err := pageAt(r, at, end)
		if err != nil {
			return err
		}
		h := &p.header
		if h.CompressedPageSize < 0 || h.UncompressedPageSize < 0 || int64(h.CompressedPageSize) > end-p.data {
			return errPages
		}
		n := int64(h.DataPageHeader.V.NumValues)
		if h.Type == format.DataPageV2 {
			v := &h.DataPageHeaderV2.V
			levels := int64(v.RepetitionLevelsByteLength) + int64(v.DefinitionLevelsByteLength)
			if n = int64(v.NumValues); v.RepetitionLevelsByteLength < 0 || v.DefinitionLevelsByteLength < 0 || levels > int64(h.CompressedPageSize) || levels > int64(h.UncompressedPageSize) {
				return errPages
			}
		}
		switch h.Type {
		case format.DataPage, format.DataPageV2:
			if n < 0 || n > m.NumValues-values {
				return errPages
			}
			values += n
		case format.DictionaryPage:
			// A value takes a byte at least, save truths, which have no dictionary.
			if n := int64(h.DictionaryPageHeader.V.NumValues); n < 0 || n > int64(h.UncompressedPageSize) {
				return errPages
			}
		}
		at = p.data + int64(h.CompressedPageSize)
		if err := f(p); err != nil {
			return err
		}
	}
	return nil
}

// pageAt reads the header at an offset.
func pageAt(r io.ReaderAt, at, end int64) (*page, error) {
	for n := int64(headerBytes); ; n *= 8 {
		n = min(n, end-at)
		b := make([]byte, n)
		if got, err := r.ReadAt(b, at); int64(got) < n {
			return nil, fmt.Errorf("read a page's header: %w", errors.Join(err, io.ErrUnexpectedEOF))
		}
		t := &looked{b: b}
		if t.record(mostNested) {
			p := &page{data: at + int64(t.at)}
			if err := thrift.Unmarshal(new(thrift.CompactProtocol), b[:t.at], &p.header); err != nil {
				return nil, errPages
			}
			return p, nil
		}
		if n == end-at || n >= mostHeaderBytes {
			return nil, errPages
		}
	}
}

// soundPages looks through the pages of all columns, and says whether one is packed with LZ4.
func soundPages(r io.ReaderAt, size int64, meta *format.FileMetaData, limits ingest.Limits) (packed bool, err error) {
	unpacked := int64(0)
	for g := range meta.RowGroups {
		for c := range meta.RowGroups[g].Columns {
			m := &meta.RowGroups[g].Columns[c].MetaData
			packed = packed || m.Codec == format.Lz4Raw
			if m.NumValues < 0 || m.NumValues > limits.Cells {
				return false, errPages
			}
			if err := pagesOf(r, size, m, func(p *page) error {
				if unpacked += int64(p.header.UncompressedPageSize); unpacked > limits.Unpacked {
					return ingest.TooMuch(fmt.Sprintf("the file unpacks to more than %d MiB", limits.Unpacked>>20), "split the file, or raise the limit")
				}
				return nil
			}); err != nil {
				return false, err
			}
		}
	}
	return packed, nil
}

// unpackLZ4 returns the file with the pages unpacked that are packed with LZ4: the library loses those that are not a
// third of their size, as it decodes them into other memory than it looks at.
func unpackLZ4(r io.ReaderAt, size int64, meta *format.FileMetaData) ([]byte, error) {
	out := []byte("PAR1")
	for g := range meta.RowGroups {
		group := &meta.RowGroups[g]
		group.FileOffset, group.TotalCompressedSize = 0, 0
		for c := range group.Columns {
			chunk := &group.Columns[c]
			m := &chunk.MetaData
			was := *m
			from := int64(len(out))
			m.DictionaryPageOffset, m.DataPageOffset, m.IndexPageOffset, m.BloomFilterOffset = 0, 0, 0, 0
			chunk.ColumnIndexOffset, chunk.OffsetIndexOffset = 0, 0
			if m.Codec == format.Lz4Raw {
				m.Codec = format.Uncompressed
			}
			err := pagesOf(r, size, &was, func(p *page) error {
				switch p.header.Type {
				case format.DictionaryPage:
					m.DictionaryPageOffset = int64(len(out))
				case format.DataPage, format.DataPageV2:
					if m.DataPageOffset == 0 {
						m.DataPageOffset = int64(len(out))
					}
				}
				data := make([]byte, p.header.CompressedPageSize)
				if n, err := r.ReadAt(data, p.data); n < len(data) {
					return fmt.Errorf("read a page: %w", errors.Join(err, io.ErrUnexpectedEOF))
				}
				if was.Codec == format.Lz4Raw {
					var err error
					if data, err = unpackPage(&p.header, data); err != nil {
						return err
					}
				}
				head, err := thrift.Marshal(new(thrift.CompactProtocol), &p.header)
				if err != nil {
					return fmt.Errorf("write a page's header: %w", err)
				}
				out = append(append(out, head...), data...)
				return nil
			})
			if err != nil {
				return nil, err
			}
			m.TotalCompressedSize = int64(len(out)) - from
			chunk.FileOffset = from
		}
	}
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), meta)
	if err != nil {
		return nil, fmt.Errorf("write the footer: %w", err)
	}
	out = append(out, footer...)
	n := len(footer)
	return append(out, byte(n), byte(n>>8), byte(n>>16), byte(n>>24), 'P', 'A', 'R', '1'), nil
}

// unpackPage unpacks a page and changes its header accordingly. The levels of a page of the second version are never
// packed.
func unpackPage(h *format.PageHeader, data []byte) ([]byte, error) {
	levels := 0
	packed := true
	if h.Type == format.DataPageV2 {
		v := &h.DataPageHeaderV2.V
		levels = int(v.RepetitionLevelsByteLength) + int(v.DefinitionLevelsByteLength)
		packed = !v.IsCompressed.Valid || v.IsCompressed.V
	}
	h.CRC = 0
	if !packed || h.UncompressedPageSize == int32(levels) {
		return data, nil
	}
	out := make([]byte, h.UncompressedPageSize)
	copy(out, data[:levels])
	n, err := lz4.UncompressBlock(data[levels:], out[levels:])
	if err != nil || n != len(out)-levels {
		return nil, errPages
	}
	h.CompressedPageSize = h.UncompressedPageSize
	return out, nil
}
