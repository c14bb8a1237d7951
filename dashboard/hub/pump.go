package hub

import (
	"context"
	"math"
	"sync"
	"time"
)

// Events of a log are sent at once while they are rare. Above busyRate events a
// second they are held back, from minBatch up to the option's BatchInterval at
// fullRate, because one write of five events costs little more than one of one.
const (
	busyRate = 30.0
	fullRate = 100.0
	minBatch = 16 * time.Millisecond
	rateSpan = 500 * time.Millisecond // how long the estimated rate looks back
)

// sweepEvery is how often streams are looked at that should have ended.
const sweepEvery = 300 * time.Millisecond

// pace estimates a log's rate by exponential decay.
type pace struct {
	rate float64 // events a second
	seq  uint64
	at   time.Time // when rate and seq were true
	sent time.Time // when viewers were last woken
}

// due is the time at which viewers are to be woken for the events up to seq.
func (p *pace) due(now time.Time, seq uint64, longest time.Duration) time.Time {
	if longest <= 0 {
		return now
	}
	n := float64(seq - p.seq)
	p.rate = p.rate*math.Exp(-now.Sub(p.at).Seconds()/rateSpan.Seconds()) + n/rateSpan.Seconds()
	p.seq, p.at = seq, now
	if p.rate <= busyRate {
		return now
	}
	share := min(1, (p.rate-busyRate)/(fullRate-busyRate))
	shortest := min(minBatch, longest)
	return p.sent.Add(shortest + time.Duration(share*float64(longest-shortest)))
}

// touch hands a log with new events to the pump. With no pump running it wakes
// the viewers itself, so that a hub without Run is merely less efficient.
func (h *Hub) touch(l *Log) {
	if !l.dirty.CompareAndSwap(false, true) {
		return
	}
	h.pumpMu.Lock()
	running := h.pumping
	if running {
		h.dirty = append(h.dirty, l)
	}
	h.pumpMu.Unlock()
	if !running {
		l.dirty.Store(false)
		l.wake()
		return
	}
	select {
	case h.kick <- struct{}{}:
	default:
	}
}

// pump wakes the viewers of touched logs, each at its pace, until ctx ends.
func (h *Hub) pump(ctx context.Context) {
	h.pumpMu.Lock()
	h.pumping = true
	h.pumpMu.Unlock()
	var waiting []*Log
	batch := time.NewTimer(time.Hour)
	defer batch.Stop()
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	var tide ebb
	var cleaning sync.WaitGroup
	defer cleaning.Wait()
	for {
		select {
		case <-ctx.Done():
			h.pumpMu.Lock()
			h.pumping = false
			waiting = append(waiting, h.dirty...)
			h.dirty = nil
			h.pumpMu.Unlock()
			for _, l := range waiting {
				l.dirty.Store(false)
				l.wake()
			}
			return
		case now := <-sweep.C:
			h.sweep()
			h.mu.Lock()
			opened, streams := h.count.opened.Load(), h.streams
			h.mu.Unlock()
			if tide.look(opened, streams, now) {
				cleaning.Go(giveBack)
			}
			continue
		case <-h.kick:
		case <-batch.C:
		}
		h.pumpMu.Lock()
		waiting = append(waiting, h.dirty...)
		h.dirty = h.dirty[:0]
		h.pumpMu.Unlock()
		now := time.Now()
		next := now.Add(time.Hour)
		held := waiting[:0]
		for _, l := range waiting {
			if due := l.pace.due(now, l.Head(), h.o.BatchInterval); due.After(now) {
				held = append(held, l)
				if due.Before(next) {
					next = due
				}
				continue
			}
			l.pace.sent = now
			l.dirty.Store(false) // before wake: an event from here on touches again
			l.wake()
		}
		clear(waiting[len(held):])
		waiting = held
		batch.Reset(next.Sub(now))
	}
}

// sweep interrupts viewers that are stuck in a write although their stream is
// over. Each gets the time from one sweep to the next to end by itself. One that
// is in no write is not stuck: on a busy machine it waits for its turn, and will
// say goodbye then.
func (h *Hub) sweep() {
	h.mu.Lock()
	logs := make([]*Log, 0, len(h.logs))
	for l := range h.logs {
		logs = append(logs, l)
	}
	h.mu.Unlock()
	for _, l := range logs {
		l.viewersMu.Lock()
		for _, v := range l.viewers {
			switch {
			case !v.over():
			case !v.writing.Load():
				v.overdue = false
			case v.overdue:
				v.interrupt()
			default:
				v.overdue = true
			}
		}
		l.viewersMu.Unlock()
	}
}
