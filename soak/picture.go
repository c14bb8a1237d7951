//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/wire"
)

// picture is what a viewer of one dashboard has on screen: frames, to which patches are applied as the contract says.
type picture struct {
	judge *judge
	slug  string

	mu      sync.Mutex // guards what follows
	frames  map[string]*wire.Frame
	patches int
}

func newPicture(j *judge, slug string) *picture { return &picture{judge: j, slug: slug} }

func (p *picture) event(event sse.Event, _ time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	switch event.Type {
	case wire.EventHello:
		var hello wire.Hello
		if err = json.Unmarshal(event.Data, &hello); err == nil && !hello.Resumed {
			p.frames = nil
		}
	case wire.EventSnapshot:
		var s wire.Snapshot
		err = json.Unmarshal(event.Data, &s)
		p.replace(s.Frames)
	case wire.EventLayout:
		var l wire.Layout
		err = json.Unmarshal(event.Data, &l)
		p.replace(l.Frames)
	case wire.EventPatch:
		var patch wire.Patch
		if err = json.Unmarshal(event.Data, &patch); err == nil {
			err = p.apply(patch)
		}
	}
	if err != nil {
		p.judge.fault(nil, "the dashboard %s: %s: %v", p.slug, event.Type, err)
	}
}

func (p *picture) replace(frames map[string]wire.Frame) {
	p.frames = map[string]*wire.Frame{}
	for name, f := range frames {
		p.frames[name] = &f
	}
}

// apply turns the frame at the patch's base into the next.
func (p *picture) apply(patch wire.Patch) error {
	p.patches++
	f := p.frames[patch.Panel]
	if f == nil {
		return fmt.Errorf("of %s, which is no panel", patch.Panel)
	}
	if f.Revision != patch.Base {
		return fmt.Errorf("%s stands at %d, the patch is based on %d", patch.Panel, f.Revision, patch.Base)
	}
	if patch.Frame != nil {
		*f = *patch.Frame
	} else if err := rows(f, patch); err != nil {
		return fmt.Errorf("%s: %w", patch.Panel, err)
	}
	f.Revision = patch.Revision
	if patch.Facts != nil {
		f.Facts = patch.Facts
	}
	if n := length(f); n != patch.Length {
		return fmt.Errorf("%s has %d rows after it, and should have %d", patch.Panel, n, patch.Length)
	}
	return nil
}

func length(f *wire.Frame) int {
	if len(f.Values) == 0 {
		return 0
	}
	return len(f.Values[0])
}

// rows removes, inserts and updates.
func rows(f *wire.Frame, patch wire.Patch) error {
	for c := range f.Values {
		column := slices.Clone(f.Values[c])
		for i := len(patch.Remove) - 1; i >= 0; i-- {
			at := patch.Remove[i]
			if at >= len(column) {
				return fmt.Errorf("row %d of %d is to go", at, len(column))
			}
			column = slices.Delete(column, at, at+1)
		}
		if patch.Insert != nil {
			for i, at := range patch.Insert.At {
				if at > len(column) {
					return fmt.Errorf("a row comes in at %d of %d", at, len(column))
				}
				column = slices.Insert(column, at, patch.Insert.Values[c][i])
			}
		}
		f.Values[c] = column
	}
	if patch.Update == nil {
		return nil
	}
	for k, name := range patch.Update.Columns {
		c := slices.IndexFunc(f.Columns, func(c wire.Column) bool { return c.Name == name })
		if c < 0 {
			return fmt.Errorf("there is no column %q", name)
		}
		for i, at := range patch.Update.At {
			if at >= len(f.Values[c]) {
				return fmt.Errorf("row %d of %d changes", at, len(f.Values[c]))
			}
			f.Values[c][at] = patch.Update.Values[k][i]
		}
	}
	return nil
}

// compare holds the picture to a fresh snapshot, once everything is at rest. The stream may still be on its way, so it
// is asked again for a while.
func (p *picture) compare(ctx context.Context) {
	var differs string
	for begun := time.Now(); time.Since(begun) < 5*time.Second && ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		var fresh wire.Snapshot
		if err := p.judge.get(ctx, "api/v1/dashboards/"+p.slug+"/snapshot", &fresh); err != nil {
			differs = err.Error()
			continue
		}
		if differs = p.differs(fresh.Frames); differs == "" {
			return
		}
	}
	if ctx.Err() == nil {
		p.judge.fault(nil, "the dashboard %s, patched, is not the fresh one: %s", p.slug, differs)
	}
}

func (p *picture) differs(fresh map[string]wire.Frame) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.frames) != len(fresh) {
		return fmt.Sprintf("%d panels instead of %d", len(p.frames), len(fresh))
	}
	for name, f := range fresh {
		mine := p.frames[name]
		if mine == nil {
			return "there is no " + name
		}
		if !reflect.DeepEqual(mine.Values, f.Values) || !reflect.DeepEqual(mine.Facts, f.Facts) {
			return name
		}
	}
	return ""
}
