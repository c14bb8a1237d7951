package hub

import (
	"bytes"
	"compress/flate"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// A packer makes frames for compressed streams that many viewers share. Each
// frame is deflated without reference to earlier data and ends on a byte (a sync
// flush), so the same bytes fit into any viewer's stream at any place: a viewer
// gets the ten bytes of a gzip header once, and then frames. The gzip trailer
// never comes, since a stream has no end. Browsers show the first event of a
// concatenation of whole gzip members, and then nothing more, so the frames
// cannot be members.
type packer struct {
	mu  sync.Mutex
	buf bytes.Buffer
	w   *flate.Writer
}

var gzipHeader = [10]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

func newPacker() *packer { return &packer{} }

// frame returns the deflated form of b, in memory of its own.
func (p *packer) frame(b []byte) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.buf.Reset()
	if p.w == nil {
		// The only errors are of an unknown level, and of the writer beneath,
		// and a buffer has none.
		p.w, _ = flate.NewWriter(&p.buf, flate.BestSpeed)
	} else {
		p.w.Reset(&p.buf)
	}
	_, _ = p.w.Write(b)
	_ = p.w.Flush()
	return bytes.Clone(p.buf.Bytes())
}

// acceptsGzip reports whether the request allows gzip: named and not weighed 0.
func acceptsGzip(r *http.Request) bool {
	for _, header := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(header, ",") {
			name, rest, _ := strings.Cut(part, ";")
			if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
				continue
			}
			key, weight, ok := strings.Cut(rest, "=")
			if !ok || strings.TrimSpace(key) != "q" {
				return true
			}
			q, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
			return err == nil && q > 0
		}
	}
	return false
}
