package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dashira/dashira/dashboard"
	"github.com/dashira/dashira/dashboard/hub"
	"github.com/dashira/dashira/dashboard/wire"
)

// TestThePageIsToldOfSlowLoadsOnly lets loads take their time.
func TestThePageIsToldOfSlowLoadsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		h := hub.New(hub.Options{BatchInterval: -1})
		go func() { _ = h.Run(ctx) }()
		model := dashboard.New(dashboard.Options{Hub: h, Zone: time.UTC})
		slow := newSlowLoads(nil)
		slow.model = model
		state := func() *wire.Source {
			all, _ := model.SourcesSnapshot()
			if len(all) == 0 {
				return nil
			}
			return &all[0]
		}
		end := slow.begin("quick.csv")
		slow.tell("quick.csv", 5, 10)
		time.Sleep(slowAfter / 2)
		end()
		time.Sleep(time.Second)
		synctest.Wait()
		if s := state(); s != nil {
			t.Errorf("a quick load is told of: %+v", s)
		}

		end = slow.begin("slow.csv")
		time.Sleep(slowAfter + time.Millisecond)
		synctest.Wait()
		if s := state(); s == nil || s.State != wire.StateReading {
			t.Fatalf("%+v", s)
		}
		slow.tell("slow.csv", 40, 100)
		slow.tell("slow.csv", 50, 100) // at once: not told again
		if s := state(); s.Progress == nil || s.Progress.Bytes != 40 {
			t.Errorf("%+v", s.Progress)
		}
		time.Sleep(tellEvery)
		slow.tell("slow.csv", 30, 100) // overtaken
		slow.tell("slow.csv", 60, 100)
		if s := state(); s.Progress == nil || s.Progress.Bytes != 60 {
			t.Errorf("%+v", s.Progress)
		}
		end()
		time.Sleep(tellEvery)
		slow.tell("slow.csv", 100, 100)
		if s := state(); s.Progress.Bytes != 60 {
			t.Errorf("told after the end: %+v", s.Progress)
		}
	})
}
