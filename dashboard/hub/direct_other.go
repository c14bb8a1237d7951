//go:build !linux

package hub

import (
	"context"
	"net/http"
)

// direct exists on Linux only.
type direct struct{}

func newDirect(*Hub) *direct                                         { return nil }
func (*direct) run(context.Context, func()) error                    { return nil }
func (*direct) serve(http.ResponseWriter, *http.Request, *seat) bool { return false }
func (*direct) touch(*Log)                                           {}
func (*direct) lag() int64                                           { return 0 }
