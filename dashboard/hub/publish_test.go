package hub_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/hub"
)

// What an event costs its publisher, whatever the number of viewers.
func BenchmarkPublish(b *testing.B) {
	for _, size := range []int{100, 500, 5000} {
		for _, gzip := range []bool{false, true} {
			b.Run(fmt.Sprintf("bytes=%d/gzip=%v", size, gzip), func(b *testing.B) {
				h := hub.New(hub.Options{})
				defer h.Close()
				l := h.NewLog("bench")
				if gzip { // one viewer that wants it
					r, err := http.NewRequestWithContext(b.Context(), "GET", "/", nil)
					if err != nil {
						b.Fatal(err)
					}
					r.Header.Set("Accept-Encoding", "gzip")
					hello := make(chan struct{})
					go func() {
						_ = l.Serve(discard{}, r, hub.Stream{Hello: func(bool) (string, []byte) { close(hello); return "hello", nil }})
					}()
					<-hello
				}
				data := []byte(`{"panel":"p","pad":"` + strings.Repeat("abcdefgh", size/8) + `"}`)
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					l.Publish("patch", data)
				}
			})
		}
	}
}

// discard is a viewer that takes everything.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) WriteHeader(int)             {}
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) FlushError() error           { return nil }
