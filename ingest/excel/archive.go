package excel

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/dashira/dashira/ingest"
	"github.com/klauspost/compress/flate"
)

// archive is the zip file of a workbook, looked at before anything is unpacked.
type archive struct {
	reader *zip.Reader
	parts  map[string]*zip.File
	limits ingest.Limits
}

func broken(err error) *ingest.Damage {
	return ingest.Broken("workbook", err)
}

// openArchive reads the directory at the file's end and holds it to the limits.
func openArchive(r io.ReaderAt, size int64, limits ingest.Limits) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		var head [8]byte
		if n, _ := r.ReadAt(head[:], 0); n == 8 && bytes.Equal(head[:], []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}) {
			return nil, &ingest.Damage{Code: ingest.DamagedArchive, Message: "the workbook is encrypted, or in the old binary format", Hint: "open it in Excel and save it as .xlsx without a password"}
		}
		return nil, broken(err)
	}
	z.RegisterDecompressor(zip.Deflate, func(in io.Reader) io.ReadCloser { return flate.NewReader(in) })
	if len(z.File) > limits.Parts {
		return nil, ingest.TooMuch(fmt.Sprintf("the workbook has %d parts, more than %d", len(z.File), limits.Parts), "save the data as CSV")
	}
	a := &archive{reader: z, parts: map[string]*zip.File{}, limits: limits}
	var total uint64
	for _, f := range z.File {
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
			total += f.UncompressedSize64
			if f.UncompressedSize64 > 1<<20 && f.UncompressedSize64 > uint64(limits.Ratio)*max(f.CompressedSize64, 1) {
				return nil, ingest.TooMuch(fmt.Sprintf("the part %s unpacks to more than %d times its size", ingest.QuoteValue(name), limits.Ratio), "save the workbook again, or the data as CSV")
			}
		}
		a.parts[strings.ToLower(name)] = f
	}
	if total > uint64(min(limits.Unpacked, mostUnpacked)) {
		return nil, ingest.TooMuch(fmt.Sprintf("the workbook unpacks to %d MiB, more than %d MiB", total>>20, min(limits.Unpacked, mostUnpacked)>>20), "save the data as CSV")
	}
	return a, nil
}

// mostDescribed is how large the parts of a workbook may be together that are no cells and no shared texts.
const mostDescribed = 32 << 20

// plainXML says whether a part is in another encoding than UTF-8. It refuses one that declares a document type, with which
// few bytes can stand for many.
func plainXML(f *zip.File) (recoded bool, err error) {
	r, err := f.Open()
	if err != nil {
		return false, fmt.Errorf("the part %s: %w", f.Name, err)
	}
	defer r.Close()
	text, recoded := ingest.UTF8XML(r)
	head := make([]byte, 4096)
	n, err := io.ReadFull(text, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, fmt.Errorf("the part %s: %w", f.Name, err)
	}
	if bytes.Contains(head[:n], []byte("<!DOCTYPE")) {
		return false, fmt.Errorf("the part %s: %w", f.Name, errDocumentType)
	}
	return recoded, nil
}

// mostUnpacked is how large the XML of a workbook may be.
const mostUnpacked = 1 << 30

// open returns the bytes of a part; no part of a workbook declares a document type.
func (a *archive) open(name string) (io.ReadCloser, int64, error) {
	f := a.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if f == nil {
		return nil, 0, fmt.Errorf("the part %s is missing", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, 0, fmt.Errorf("the part %s: %w", name, err)
	}
	text, recoded := ingest.UTF8XML(r)
	size := int64(f.UncompressedSize64)
	if recoded {
		size *= 2 // three bytes for two, at most
	}
	return part{text, r}, size, nil
}

// part is a part of the archive as UTF-8.
type part struct {
	io.Reader
	io.Closer
}

var errDocumentType = errors.New("it declares a document type")

func (a *archive) read(name string) ([]byte, error) {
	r, size, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := make([]byte, 0, size+1)
	buf := bytes.NewBuffer(b)
	if _, err := io.Copy(buf, io.LimitReader(r, size+1)); err != nil {
		return nil, fmt.Errorf("the part %s: %w", name, err)
	}
	if bytes.Contains(buf.Bytes()[:min(buf.Len(), 4096)], []byte("<!DOCTYPE")) {
		return nil, fmt.Errorf("the part %s: %w", name, errDocumentType)
	}
	return buf.Bytes(), nil
}

func (a *archive) decode(name string, into any) error {
	b, err := a.read(name)
	if err != nil {
		return err
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 whatever it declares
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("the part %s: %w", name, err)
	}
	return nil
}

// relations returns the targets of a part by id, as names of parts.
func (a *archive) relations(name string) (map[string]relation, error) {
	rels := "_rels/.rels"
	if name != "" {
		rels = path.Join(path.Dir(name), "_rels", path.Base(name)+".rels")
	}
	if a.parts[strings.ToLower(rels)] == nil {
		return nil, nil
	}
	var x struct {
		Relationship []struct {
			Id, Type, Target, TargetMode string `xml:",attr"`
		}
	}
	if err := a.decode(rels, &x); err != nil {
		return nil, err
	}
	out := map[string]relation{}
	for _, r := range x.Relationship {
		if r.TargetMode == "External" {
			continue
		}
		target := strings.ReplaceAll(r.Target, `\`, "/") // as some writers on Windows spell it
		if !strings.HasPrefix(target, "/") {
			target = path.Join(path.Dir(name), target)
		}
		out[r.Id] = relation{kind: path.Base(r.Type), target: strings.TrimPrefix(path.Clean(target), "/")}
	}
	return out, nil
}

type relation struct{ kind, target string }

// lean copies the archive without the bulk of its sheets, shared texts and pictures: what excelize needs to tell
// sheets, styles and formats.
func (a *archive) lean() (*bytes.Buffer, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	described := uint64(0)
	for _, f := range a.reader.File {
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		stub := ""
		switch {
		case strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml"):
			stub = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>`
		case path.Base(name) == "sharedstrings.xml":
			stub = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>`
		case !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels"),
			strings.HasPrefix(name, "xl/pivot"), strings.HasPrefix(name, "xl/drawings"), strings.HasPrefix(name, "xl/charts"), strings.HasSuffix(name, "calcchain.xml"):
			continue
		}
		if stub != "" {
			p, err := w.Create(f.Name)
			if err != nil {
				return nil, err
			}
			if _, err := io.WriteString(p, stub); err != nil {
				return nil, err
			}
			continue
		}
		// Excelize makes objects of these, many times their size.
		if described += f.UncompressedSize64; described > mostDescribed {
			return nil, ingest.TooMuch(fmt.Sprintf("styles and descriptions unpack to more than %d MiB, %s among them", mostDescribed>>20, ingest.QuoteValue(f.Name)), "save the data as CSV, or copy the sheet into a new workbook")
		}
		if err := a.copy(w, f, name); err != nil {
			return nil, err
		}
	}
	return &out, w.Close()
}

// copy puts a part into another archive, as UTF-8.
func (a *archive) copy(w *zip.Writer, f *zip.File, name string) error {
	recoded, err := plainXML(f)
	if err != nil {
		return err
	}
	if !recoded {
		return w.Copy(f)
	}
	text, err := a.read(name)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(text, []byte("<?xml")) {
		if end := bytes.Index(text, []byte("?>")); end >= 0 {
			text = text[end+2:] // it declares an encoding that is none any more
		}
	}
	p, err := w.Create(f.Name)
	if err != nil {
		return err
	}
	_, err = p.Write(text)
	return err
}

// whole copies the archive with all its parts as UTF-8; nil when they are.
func (a *archive) whole() (*bytes.Buffer, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	some := false
	for _, f := range a.reader.File {
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
			continue
		}
		recoded, err := plainXML(f)
		if err != nil {
			return nil, err
		}
		some = some || recoded
		if err := a.copy(w, f, name); err != nil {
			return nil, err
		}
	}
	if !some {
		return nil, nil
	}
	return &out, w.Close()
}
