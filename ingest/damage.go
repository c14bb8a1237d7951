package ingest

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Broken returns the damage of an archive or a packed file, such as "workbook", that could not be read. What the
// libraries say of it is put into words for whoever saved the file.
func Broken(what string, err error) *Damage {
	d := &Damage{Code: DamagedArchive, Hint: "the file may not be complete yet; save it again"}
	var broken *xml.SyntaxError
	switch {
	case errors.Is(err, zip.ErrFormat), errors.Is(err, gzip.ErrHeader), errors.Is(err, zstd.ErrMagicMismatch):
		d.Message = fmt.Sprintf("this is no %s, or it was cut off while it was saved or copied", what)
		d.Hint = "save or copy it again"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		d.Message = fmt.Sprintf("the %s ends too early", what)
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, gzip.ErrChecksum), errors.Is(err, zstd.ErrCRCMismatch):
		d.Message = fmt.Sprintf("what the %s holds does not match its checksum", what)
	case errors.Is(err, zip.ErrAlgorithm):
		d.Message, d.Hint = fmt.Sprintf("the %s is packed in a way that is not read", what), "open it in its program and save it again"
	case errors.As(err, new(flate.CorruptInputError)), errors.As(err, new(flate.InternalError)), errors.Is(err, zstd.ErrReservedBlockType):
		d.Message = fmt.Sprintf("the %s is damaged: what is packed in it cannot be unpacked", what)
	case errors.As(err, &broken):
		d.Message = fmt.Sprintf("the %s is damaged: its XML breaks off or is none (line %d of a part)", what, broken.Line)
	default:
		text := err.Error()
		for _, library := range []string{"zip: ", "gzip: ", "flate: ", "xml: ", "parquet: ", "arrow/ipc: "} {
			text = strings.TrimPrefix(text, library)
		}
		d.Message = fmt.Sprintf("the %s is damaged: %s", what, text)
	}
	return d
}
