//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dashira/dashira/dashboard/hub/sse"
	"github.com/dashira/dashira/dashboard/wire"
)

// follower follows one stream over many connections, which it breaks off now and then, and checks that the ids go
// forward by one, across connections too.
type follower struct {
	judge  *judge
	path   string
	handle func(event sse.Event, at time.Time)
	r      *rand.Rand

	last    string // id of the newest event
	epoch   string
	resumed int
}

// run follows until the context ends.
func (f *follower) run(ctx context.Context) {
	for ctx.Err() == nil {
		connection, cancel := context.WithTimeout(ctx, time.Duration(5+f.r.IntN(20))*time.Second)
		err := f.follow(connection)
		cancel()
		if ctx.Err() == nil && err != nil && f.judge.settled() {
			f.judge.fault(nil, "%s: %v", f.path, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(f.r.IntN(300)) * time.Millisecond):
		}
	}
}

// follow reads one connection to its end.
func (f *follower) follow(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.judge.base+f.path, nil)
	if err != nil {
		return err
	}
	if f.last != "" {
		r.Header.Set("Last-Event-ID", f.last)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil // it is down, stopped, or starting; the judge asks for it elsewhere
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusNotFound {
		return nil // a dashboard that is not there at the moment
	}
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	stream := sse.NewReader(response.Body, "")
	for {
		event, err := stream.Next()
		if err != nil {
			return nil // the end of a connection
		}
		if err := f.take(event); err != nil {
			return err
		}
	}
}

// take checks one event's id and hands the event on.
func (f *follower) take(event sse.Event) error {
	at := time.Now()
	if event.Type == wire.EventHello {
		var hello wire.Hello
		if err := json.Unmarshal(event.Data, &hello); err != nil {
			return fmt.Errorf("hello: %w", err)
		}
		if f.epoch != hello.Epoch || !hello.Resumed {
			f.epoch, f.last = hello.Epoch, ""
		} else {
			f.resumed++
		}
	}
	if event.ID != "" && event.ID != f.last {
		epoch, seq, err := takeApart(event.ID)
		if err != nil {
			return err
		}
		if f.last != "" {
			before, old, err := takeApart(f.last)
			if err != nil {
				return err
			}
			if epoch != before || seq != old+1 {
				return fmt.Errorf("event %s follows %s", event.ID, f.last)
			}
		}
		f.last = event.ID
	}
	f.handle(event, at)
	return nil
}

// takeApart takes an id apart.
func takeApart(id string) (epoch string, seq uint64, err error) {
	epoch, number, found := strings.Cut(id, "-")
	if seq, err = strconv.ParseUint(number, 10, 64); err != nil || !found {
		return "", 0, fmt.Errorf("the id %q is none", id)
	}
	return epoch, seq, nil
}
